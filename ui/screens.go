package ui

import "fyne.io/fyne/v2"

// place names of screens, also used by widgets that lead there.
const (
	screenShift     = "shift"
	screenAppeals   = "appeals"
	screenPages     = "pages"
	screenAnalytics = "analytics"
	screenReports   = "reports"
	screenHotspots  = "hotspots"
	screenExchange  = "exchange"
	screenSettings  = "settings"
)

// screenKind is one row of the table of screens: the order of the rail and of
// the menu. The words are "screen." + name; a nil build leaves the screen out.
type screenKind struct {
	name  string
	key   fyne.KeyName
	build func(*Window) screen
}

func screenKinds() []screenKind {
	return []screenKind{
		{screenShift, fyne.KeyF8, newShiftScreen},
		{screenAppeals, fyne.KeyF2, newAppealsScreen},
		{screenPages, fyne.KeyF3, newPagesScreen},
		{screenAnalytics, fyne.KeyF4, newAnalyticsScreen},
		{screenReports, fyne.KeyF10, newReportsScreen},
		{screenHotspots, fyne.KeyF9, newHotspotsScreen},
		{screenExchange, fyne.KeyF6, newExchangeScreen},
		{screenSettings, fyne.KeyF7, newSettingsScreen},
	}
}
