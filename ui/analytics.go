package ui

import (
	"cmp"
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/report"
)

// Sizes of the screen, as drawn.
const (
	analyticsTile  = 102
	analyticsGap   = 10
	analyticsLeast = 200   // height of a card
	leftShare      = 0.575 // of the width goes to the left cards
)

// pause is the least time between two reloads while appeals pour in: figures of
// a whole period are not worth reading at every change.
const pause = 2 * time.Second

// analyticsPeriods are the periods on offer, in days.
var analyticsPeriods = []struct {
	key  string
	days int
}{
	{"analytics.week", 7}, {"analytics.month", 30}, {"analytics.quarter", 91}, {"analytics.year", 365},
}

// analyticsScreen shows the figures of a period against the one before it.
type analyticsScreen struct {
	w       *Window
	object  *fyne.Container
	bar     fyne.CanvasObject
	scroll  *container.Scroll
	stacked bool // one card under the other

	periods      []*button
	dates        *canvas.Text
	municipality *choice

	subscribers, appeals, median, p90, inTime *tile
	networks, responses, heat                 *chartView
	places                                    *table

	days    int
	place   string // municipality, "" for all
	figures *app.Analytics
	slot    Slot
	stop    func() // of a reload that waits, nil where none does
}

func newAnalyticsScreen(w *Window) screen {
	s := &analyticsScreen{w: w, days: 30}
	t := w.text
	left := []fyne.CanvasObject{newText(t.T("screen.analytics"), sizeTitle, w.pal.text, true)}
	for _, p := range analyticsPeriods {
		b := w.periodButton(t.T(p.key), func() { s.choose(p.days) })
		s.periods = append(s.periods, b)
		left = append(left, b)
	}
	s.dates = newText("", sizeText, w.pal.second, false)
	s.municipality = w.newChoice(t.T("pages.filter.municipality"), s.municipalities(nil), "", func(v string) { s.narrow(v) })
	s.bar = w.topBar(append(left, s.dates, s.municipality), nil)
	s.subscribers = w.newTile(t.T("analytics.subscribers"), analyticsTile)
	s.appeals = w.newTile(t.T("analytics.count"), analyticsTile)
	s.median = w.newTile(t.T("analytics.median"), analyticsTile)
	s.p90 = w.newTile(t.T("analytics.p90"), analyticsTile)
	s.inTime = w.newTile(t.T("analytics.in_time"), analyticsTile)
	s.networks, s.responses, s.heat = w.newChartView(), w.newChartView(), w.newChartView()
	s.places = w.newTable(s.columns(), 33, sizeCaption, s.fill)
	s.places.setEmpty(t.T("screens.no_data"), nil)
	s.places.list.activate = func(i int) { s.narrow(s.figures.Municipalities[i].Name) }
	ground := canvas.NewRectangle(w.pal.ground)
	tiles := tileRow(s.subscribers, s.appeals, s.median, s.p90, s.inTime)
	cards := []fyne.CanvasObject{
		s.titled("analytics.networks", s.networks), s.titled("analytics.responses", s.responses),
		s.titled("analytics.places", s.places), s.titled("analytics.heat", s.heat),
	}
	const side, gap = 14, analyticsGap
	figures := container.New(arrangement{
		// A low window scrolls: a chart lower than this says nothing.
		min: func() fyne.Size {
			return fyne.NewSize(300, 12+tiles.MinSize().Height+s.rows()*(analyticsLeast+gap)+gap)
		},
		place: func(size fyne.Size) {
			wide := size.Width - 2*side
			tiles.Resize(fyne.NewSize(wide, tiles.MinSize().Height)) // which learns its width
			y := 12 + tiles.MinSize().Height + gap
			place(tiles, side, 12, wide, tiles.MinSize().Height)
			high := (size.Height-y-gap)/s.rows() - gap
			for i, c := range cards {
				x, width, row := float32(side), wide, float32(i)
				if !s.stacked {
					row = float32(i / 2)
					width = (wide - gap) * leftShare
					if i%2 == 1 {
						x, width = side+width+gap, wide-width-gap
					}
				}
				place(c, x, y+row*(high+gap), width, high)
			}
		},
	}, append([]fyne.CanvasObject{tiles}, cards...)...)
	s.scroll = container.NewVScroll(figures)
	shown := w.quiet(s.scroll)
	s.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			s.stacked = size.Width < cardRoom
			top := placeBar(s.bar, size.Width)
			place(ground, 0, top, size.Width, size.Height-top)
			place(shown, 0, top, size.Width, size.Height-top)
		},
	}, s.bar, ground, shown)
	s.markPeriod()
	return s
}

// rows is how many rows of cards there are.
func (s *analyticsScreen) rows() float32 {
	if s.stacked {
		return 4
	}
	return 2
}

// titled is a card with a heading over its content.
func (s *analyticsScreen) titled(key string, content fyne.CanvasObject) fyne.CanvasObject {
	title := newText(s.w.text.T(key), sizeText, s.w.pal.text, true)
	return s.w.framed(container.New(arrangement{
		min: func() fyne.Size { return content.MinSize().AddWidthHeight(0, 24) },
		place: func(size fyne.Size) {
			title.Text = s.w.cuts.fit(s.w.text.T(key), sizeText, true, size.Width)
			title.Move(fyne.NewPos(0, 0))
			place(content, 0, 24, size.Width, size.Height-24)
		},
	}, title, content), gaps{10, 14, 10, 14})
}

func (s *analyticsScreen) columns() []tableColumn {
	t := s.w.text
	return []tableColumn{
		{title: t.T("analytics.col.place"), width: 120, grow: 2},
		{title: t.T("analytics.col.appeals"), width: 88, grow: 0.5, right: true},
		{title: t.T("analytics.col.median"), width: 96, grow: 0.5, right: true},
		{title: t.T("analytics.col.p90"), width: 96, grow: 0.5, right: true, spare: 1},
		{title: t.T("analytics.col.in_time"), width: 72, grow: 0.3, right: true},
		{title: t.T("analytics.col.trend"), width: 92, kind: cellTrend, spare: 2},
	}
}

// municipalities offers those of the region and those that occur.
func (s *analyticsScreen) municipalities(seen []app.Share) []option {
	names := map[string]bool{}
	for _, m := range s.w.desk.Region().Municipalities {
		names[m.Name] = true
	}
	for _, m := range seen {
		names[m.Name] = true
	}
	var out []option
	for n := range names {
		out = append(out, option{n, n})
	}
	slices.SortFunc(out, func(a, b option) int { return cmp.Compare(app.Fold(a.words), app.Fold(b.words)) })
	return append([]option{{"", s.w.text.T("screens.all")}}, out...)
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
	if (c.Appeals || c.Pages) && s.stop == nil {
		s.stop = s.w.live.Later(pause, s.reload)
	}
}

// Find opens the list of municipalities, the only thing here to look for.
func (s *analyticsScreen) Find() { s.municipality.open() }

// Key moves through the table of municipalities, or through the screen where it
// is higher than the window.
func (s *analyticsScreen) Key(e *fyne.KeyEvent) bool {
	return scrollBy(s.scroll, e.Name) || s.places.list.key(e)
}

// wait forgets a reload that has not begun.
func (s *analyticsScreen) wait() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

func (s *analyticsScreen) choose(days int) {
	s.days = days
	s.markPeriod()
	s.reload()
}

func (s *analyticsScreen) narrow(municipality string) {
	s.place = municipality
	s.municipality.set(municipality)
	s.bar.Refresh() // a choice is as wide as what is chosen
	s.reload()
}

// period is so many whole days up to yesterday: a day that is not over would
// look like a fall.
func (s *analyticsScreen) period() app.Period {
	to := app.DayOf(s.w.here(s.w.desk.Now())) - 1
	return app.Period{From: to - app.Day(s.days) + 1, To: to}
}

// markPeriod shows which period is chosen, and its dates.
func (s *analyticsScreen) markPeriod() {
	for i, b := range s.periods {
		b.setChosen(analyticsPeriods[i].days == s.days)
	}
	p := s.period()
	from, to := p.From.In(time.UTC), p.To.In(time.UTC)
	layout := "02.01"
	if from.Year() != to.Year() {
		layout = "02.01.2006"
	}
	s.dates.Text = from.Format(layout) + " – " + s.w.text.Date(to)
	s.bar.Refresh()
}

// reload counts the figures of the period.
func (s *analyticsScreen) reload() {
	s.wait()
	w, p := s.w, s.period()
	var filter app.Filter
	if s.place != "" {
		filter.Municipalities = []string{s.place}
	}
	w.live.Load(&s.slot, func(context.Context) (func(), error) {
		a, err := w.desk.Analytics(app.Inquiry{Period: p, Filter: filter})
		if err != nil {
			return nil, err
		}
		return func() { s.show(a) }, nil
	})
}

func (s *analyticsScreen) show(a *app.Analytics) {
	s.figures = a
	if s.place == "" {
		s.municipality.setOptions(s.municipalities(a.Municipalities))
	}
	s.showTiles(a)
	labels, t := s.w.chartLabels(), s.w.text
	s.networks.set(func(l report.Look) report.Picture {
		return report.Networks(l, a.Audience.Networks, a.Period.From, labels)
	}, tellNetworks(t, a.Audience.Networks, a.Period.From))
	s.responses.set(func(l report.Look) report.Picture {
		return report.Responses(l, a.Steps, a.Goal, labels)
	}, tellResponses(t, a.Steps))
	s.heat.set(func(l report.Look) report.Picture { return report.Heat(l, a.Heat, labels) }, tellHeat(t, a.Heat))
	s.places.setCount(len(a.Municipalities))
}
