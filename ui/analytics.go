package ui

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// pause is the least time between two reloads while appeals pour in: figures of
// a whole period are not worth reading at every change.
const pause = 2 * time.Second

// counting is how long figures may take before the screen says that it counts.
const counting = 300 * time.Millisecond

// analyticsScreen shows the figures of a period beside those of another: tiles, and
// pages of cards.
type analyticsScreen struct {
	w      *Window
	object *fyne.Container
	bar    fyne.CanvasObject
	strip  *analyticsStrip
	scroll *container.Scroll
	pane   *fyne.Container // what scrolls
	tiles  fyne.CanvasObject

	periods []*button
	dates   *choice
	filter  *button

	subscribers, appeals, median, p90, inTime *tile
	cards                                     map[string]*card
	places, byTable                           *shareTable
	tables                                    []*shareTable // all of them, in the order they stand
	by, perHead                               *smallChoice

	asked   asked
	zoomed  []asked // to go back to, the latest last
	figures *app.Analytics
	slot    Slot
	stop    func() // of a reload that waits, nil where none does
	busy    func() // of the word that it counts
}

func newAnalyticsScreen(w *Window) screen {
	s := &analyticsScreen{w: w, asked: readAsked(w.choice(settingAnalytics, "", ""))}
	s.makeBar()
	s.strip = newAnalyticsStrip(s)
	s.makeTiles()
	s.makeCards()
	ground := canvas.NewRectangle(w.pal.ground)
	s.pane = container.New(arrangement{min: s.paneSize, place: s.placePane})
	s.scroll = container.NewVScroll(s.pane)
	s.scroll.OnScrolled = func(fyne.Position) { s.draw() }
	shown := w.quiet(s.scroll)
	s.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			top := placeBar(s.bar, size.Width)
			place(ground, 0, top, size.Width, size.Height-top)
			high := s.strip.height(size.Width)
			place(s.strip.object, 0, top, size.Width, high)
			place(shown, 0, top+high, size.Width, size.Height-top-high)
		},
	}, s.bar, ground, s.strip.object, shown)
	s.fillPane()
	s.mark()
	return s
}

// Title names the screen.
func (s *analyticsScreen) Title() string { return s.w.text.T("screen.analytics") }

// Object is what the window shows.
func (s *analyticsScreen) Object() fyne.CanvasObject { return s.object }

// Show reloads.
func (s *analyticsScreen) Show() { s.reload() }

// Hide ends what is still being counted.
func (s *analyticsScreen) Hide() {
	s.wait()
	s.w.live.Drop(&s.slot)
}

// Changed counts again, but not at every change of many.
func (s *analyticsScreen) Changed(c app.Changed) {
	if (c.Appeals || c.Pages || c.Tables || c.Terms) && s.stop == nil {
		s.stop = s.w.live.Later(pause, s.reload)
	}
	if c.Exchange && s.figures != nil {
		s.strip.tell(s.state(s.figures))
	}
}

// Find opens the panel of conditions.
func (s *analyticsScreen) Find() { s.askFilter() }

// Key goes from group to group, back from a stretch that was drawn, and through what is
// higher than the window.
func (s *analyticsScreen) Key(e *fyne.KeyEvent) bool {
	switch by := map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1}[e.Name]; {
	case e.Name == fyne.KeyEscape:
		s.unzoom()
		return true
	case by != 0:
		at := slices.IndexFunc(analyticsGroups, func(g cardGroup) bool { return g.name == s.asked.Group }) + by
		s.chooseGroup(analyticsGroups[(at+len(analyticsGroups))%len(analyticsGroups)].name)
		return true
	case len(e.Name) == 1 && e.Name[0] >= '1' && int(e.Name[0]-'1') < len(analyticsGroups):
		s.chooseGroup(analyticsGroups[e.Name[0]-'1'].name)
		return true
	}
	if !scrollBy(s.scroll, e.Name) {
		return false
	}
	s.draw()
	return true
}

// reveal scrolls to what has the keyboard.
func (s *analyticsScreen) reveal(o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	if driver.AbsolutePositionForObject(o).Y+o.Size().Height > driver.AbsolutePositionForObject(s.scroll).Y {
		reveal(s.scroll, o)
		s.draw()
	}
}

// today is the day of the region.
func (s *analyticsScreen) today() app.Day { return s.w.today() }

// inquiry is what the screen asks.
func (s *analyticsScreen) inquiry() app.Inquiry { return s.asked.inquiry(s.today()) }

// wait forgets a reload that has not begun.
func (s *analyticsScreen) wait() {
	for _, stop := range []*func(){&s.stop, &s.busy} {
		if *stop != nil {
			(*stop)()
			*stop = nil
		}
	}
}

// choosePeriod asks for another period; dates say which where the preset does not.
func (s *analyticsScreen) choosePeriod(p preset, dates app.Period) {
	s.zoomed = nil
	s.asked.Preset, s.asked.Period = p, dates
	s.again()
}

// zoom asks for the stretch that was drawn on a chart.
func (s *analyticsScreen) zoom(from, to app.Day) {
	s.zoomed = append(s.zoomed, s.asked)
	s.asked.Preset, s.asked.Period = presetDates, app.Period{From: from, To: min(to, s.today())}
	s.again()
}

// unzoom goes back to what was asked before a stretch was drawn.
func (s *analyticsScreen) unzoom() {
	if n := len(s.zoomed); n > 0 {
		s.asked.Preset, s.asked.Period = s.zoomed[n-1].Preset, s.zoomed[n-1].Period
		s.zoomed = s.zoomed[:n-1]
		s.again()
	}
}

// narrow asks for the appeals of a filter.
func (s *analyticsScreen) narrow(f app.Filter) {
	s.asked.Filter = f
	s.again()
}

// dropAll drops the whole filter.
func (s *analyticsScreen) dropAll() { s.narrow(app.Filter{}) }

// chooseStep asks for other steps of the charts in time.
func (s *analyticsScreen) chooseStep(step app.Step) {
	s.asked.Step = step
	s.again()
}

// compare sets the figures beside those of another period; both are known already.
func (s *analyticsScreen) compare(yearAgo bool) {
	s.asked.YearAgo = yearAgo
	s.remember()
	if s.figures != nil {
		shown := *s.figures // another address: every card has to say it anew
		s.show(&shown)
	}
}

// chooseGroup turns to another page of cards.
func (s *analyticsScreen) chooseGroup(name string) {
	s.asked.Group = name
	s.remember()
	s.mark()
	s.scroll.Offset.Y = 0
	s.fillPane()
}

// again marks what is asked, remembers it and counts.
func (s *analyticsScreen) again() {
	s.remember()
	s.mark()
	s.reload()
}

func (s *analyticsScreen) remember() {
	words, err := json.Marshal(s.asked)
	if err != nil {
		return // such a thing always encodes
	}
	s.w.live.Do(func() error { return s.w.desk.SaveSetting(settingAnalytics, string(words)) }, nil)
}

// reload counts the figures.
func (s *analyticsScreen) reload() {
	s.wait()
	w, q := s.w, s.inquiry()
	s.busy = w.live.Later(counting, func() { s.strip.tell(w.text.T("analytics.counting")) })
	w.live.Load(&s.slot, func(context.Context) (func(), error) {
		a, err := w.desk.Analytics(q)
		return func() {
			s.wait()
			if err != nil {
				s.strip.tell(w.text.T("analytics.failed"))
				return
			}
			s.show(a)
		}, err
	})
}

// show brings the screen to the figures.
func (s *analyticsScreen) show(a *app.Analytics) {
	s.figures = a
	s.showTiles(a)
	s.strip.tell(s.state(a))
	s.draw()
}

// state says of when the figures are, and what of them is not whole.
func (s *analyticsScreen) state(a *app.Analytics) string {
	t := s.w.text
	words := t.T("analytics.as_of", s.w.clock(a.At))
	if a.Partial {
		words = joined(words, t.T("analytics.today_open"))
	}
	if state, has := s.w.exchangeState(); has && state.Link != app.LinkOnline && state.Link != app.LinkConnecting {
		offline := t.T("analytics.offline")
		if !state.Last.IsZero() {
			offline += ", " + t.T("exchange.last", s.w.clock(state.Last))
		}
		words = joined(words, offline)
	}
	return words
}
