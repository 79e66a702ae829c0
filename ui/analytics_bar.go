package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/bulletin"
)

// makeBar builds the strip above the screen: periods, conditions, what is to be saved.
func (s *analyticsScreen) makeBar() {
	w, t := s.w, s.w.text
	left := []fyne.CanvasObject{newText(t.T("screen.analytics"), sizeTitle, w.pal.text, true)}
	for _, p := range presetButtons {
		b := w.periodButton(t.T("analytics."+string(p)), func() { s.choosePeriod(p, app.Period{}) })
		s.periods = append(s.periods, b)
		left = append(left, b)
	}
	var options []option
	for _, p := range presets[len(presetButtons):] {
		options = append(options, option{string(p), t.T("analytics." + string(p))})
	}
	s.dates = w.newChoice("", options, "", func(v string) {
		if preset(v) == presetDates {
			s.mark() // until it is answered nothing has changed
			w.askPeriod(s.inquiry().Period, func(p app.Period) { s.choosePeriod(presetDates, p) })
			return
		}
		s.choosePeriod(preset(v), app.Period{})
	})
	s.dates.says = func() string { return s.datesWords() }
	// Without its key: a narrow bar folds what has one, and this is needed by mouse, too.
	s.filter = w.button(t.T("analytics.filter"), "", s.askFilter)
	save := func(f bulletin.Format) func() {
		return func() { w.saveReport(bulletin.KindOverview, s.inquiry(), f) }
	}
	s.bar = w.topBar(append(left, s.dates, s.filter), []fyne.CanvasObject{
		w.button(t.T("analytics.export.png"), "", save(bulletin.PNG)),
		w.button(t.T("analytics.export.xlsx"), "", save(bulletin.XLSX)),
		w.primaryButton(t.T("analytics.export.pdf"), "", save(bulletin.PDF)),
	})
}

// datesWords writes the period in figures: 24.10 – 23.11.2026.
func (s *analyticsScreen) datesWords() string {
	p := s.inquiry().Period
	from, to := p.From.In(time.UTC), p.To.In(time.UTC)
	layout := "02.01"
	switch {
	case p.From == p.To:
		return s.w.text.Date(to)
	case from.Year() != to.Year():
		layout = "02.01.2006"
	}
	return from.Format(layout) + " – " + s.w.text.Date(to)
}

// mark shows what is asked.
func (s *analyticsScreen) mark() {
	for i, b := range s.periods {
		b.setChosen(presetButtons[i] == s.asked.Preset)
	}
	s.dates.set(string(s.asked.Preset))
	n := 0
	for _, f := range conditions {
		n += len(f.get(s.asked.Filter))
	}
	label := s.w.text.T("analytics.filter")
	if n > 0 {
		label = s.w.text.T("analytics.filter_n", n)
	}
	s.filter.setLabel(label, "")
	s.strip.mark()
	s.bar.Refresh()
	s.object.Refresh() // a condition may add a row of chips
}

// Sizes of the strip under the bar.
const (
	stripRow  = 46 // of tabs
	stripChip = 28
)

// analyticsStrip is the row of pages with what all charts obey, and under it the
// conditions that were chosen.
type analyticsStrip struct {
	s         *analyticsScreen
	object    *fyne.Container
	tabs      []*button
	left      *fyne.Container
	right     *fyne.Container
	step      *smallChoice
	than      *smallChoice
	state     *canvas.Text
	stateFull string
	chips     *fyne.Container
	chipFlow  flow
}

func newAnalyticsStrip(s *analyticsScreen) *analyticsStrip {
	w, t := s.w, s.w.text
	x := &analyticsStrip{s: s, state: newText("", sizeCaption, w.pal.muted, false), chipFlow: newFlow(6)}
	x.left = container.New(newFlow(4))
	for _, g := range analyticsGroups {
		b := w.tab(t.T("analytics.group."+g.name), func() { s.chooseGroup(g.name) })
		x.tabs = append(x.tabs, b)
		x.left.Add(b)
	}
	steps := []option{{"", t.T("analytics.step.auto")}}
	for _, step := range app.Steps {
		steps = append(steps, option{string(step), t.T("analytics.step." + string(step))})
	}
	x.step = w.newSmallChoice(steps, string(s.asked.Step), func(v string) { s.chooseStep(app.Step(v)) })
	than := ""
	if s.asked.YearAgo {
		than = "year"
	}
	x.than = w.newSmallChoice([]option{
		{"", t.T("analytics.than.before")}, {"year", t.T("analytics.than.year")},
	}, than, func(v string) { s.compare(v != "") })
	x.right = container.New(line{4}, x.step.button, x.than.button)
	x.chips = container.New(x.chipFlow)
	x.object = container.New(arrangement{
		min:   func() fyne.Size { return fyne.NewSize(300, stripRow) },
		place: x.place,
	}, x.left, x.state, x.right, x.chips)
	return x
}

// oneRow says whether tabs and choices stand beside each other.
func (x *analyticsStrip) oneRow(width float32) bool {
	return x.tabsWidth()+x.right.MinSize().Width+2*analyticsSide+12 <= width
}

func (x *analyticsStrip) tabsWidth() (width float32) {
	for _, b := range x.tabs {
		width += b.MinSize().Width + 4
	}
	return width
}

// height is that of all rows in so wide a screen.
func (x *analyticsStrip) height(width float32) float32 {
	room := width - 2*analyticsSide
	x.left.Resize(fyne.NewSize(min(room, x.tabsWidth()), 31))
	x.chips.Resize(fyne.NewSize(room, stripChip))
	high := x.left.MinSize().Height + 15
	if !x.oneRow(width) {
		high += stripChip
	}
	if len(x.chips.Objects) > 0 {
		high += x.chips.MinSize().Height + 8
	}
	return high
}

func (x *analyticsStrip) place(size fyne.Size) {
	room := size.Width - 2*analyticsSide
	tabs := x.left.MinSize().Height
	place(x.left, analyticsSide, 8, min(room, x.tabsWidth()), tabs)
	m := x.right.MinSize()
	y, from := float32(8), analyticsSide+x.tabsWidth()+8
	if !x.oneRow(size.Width) {
		y, from = tabs+10, analyticsSide
	}
	right := size.Width - analyticsSide - m.Width
	place(x.right, right, y+(31-m.Height)/2, m.Width, m.Height)
	x.state.Text = x.s.w.cuts.fit(x.stateFull, sizeCaption, false, max(0, right-from-8))
	placeText(x.state, right-8-x.state.MinSize().Width, y+31/2)
	place(x.chips, analyticsSide, size.Height-x.chips.MinSize().Height-8, room, x.chips.MinSize().Height)
}

// tell says of when the figures are.
func (x *analyticsStrip) tell(words string) {
	x.stateFull = words
	x.object.Refresh()
}

// mark shows the page, the choices and a chip for each condition; a click drops it.
func (x *analyticsStrip) mark() {
	s, t := x.s, x.s.w.text
	for i, b := range x.tabs {
		b.setChosen(analyticsGroups[i].name == s.asked.Group)
	}
	x.step.set(string(s.asked.Step))
	x.chips.Objects = nil
	for _, f := range conditions {
		for _, v := range f.get(s.asked.Filter) {
			x.chips.Add(s.w.toggle(f.value(t, v)+" ×", true, func(bool) { s.narrow(f.with(s.asked.Filter, v)) }))
		}
	}
	if len(x.chips.Objects) > 1 {
		x.chips.Add(s.w.toggle(t.T("analytics.drop_all"), false, func(bool) { s.dropAll() }))
	}
	x.object.Refresh()
}
