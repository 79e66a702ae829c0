package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/bulletin"
	"otklik/report"
)

// Sizes of the screen.
const (
	reportsRow    = 86  // of the list of documents
	reportsList   = 344 // its width
	reportsNarrow = 250 // where the window is narrow
	reportsRoom   = 900 // from which on the list has its full width
)

// What the choice of the period offers.
const (
	periodUsual  = "usual"
	periodBefore = "before"
	periodDates  = "dates"
)

// reportsScreen shows the documents a centre publishes before they go out, and the
// schedules that make them by the clock.
type reportsScreen struct {
	w      *Window
	object *fyne.Container
	bar    fyne.CanvasObject

	tabs           []*button // documents, schedules
	period, format *choice
	save, copy     *button
	print          *button
	kinds          *list
	preview        *reportPreview
	plan           *reportPlan
	planned        bool // the schedules are shown

	kind   bulletin.Kind
	asked  app.Period // zero: the usual one
	choice string     // of the period
	made   *report.Document
	slot   Slot
}

func newReportsScreen(w *Window) screen {
	s := &reportsScreen{w: w, kind: bulletin.Kinds[0], choice: periodUsual}
	t := w.text
	for i, name := range []string{"reports.documents", "reports.schedules"} {
		s.tabs = append(s.tabs, w.periodButton(t.T(name), func() { s.turn(i == 1) }))
	}
	s.period = w.newChoice(t.T("reports.period")+" ", []option{
		{periodUsual, t.T("reports.period.usual")}, {periodBefore, t.T("reports.period.before")}, {periodDates, t.T("reports.period.dates")},
	}, periodUsual, s.choosePeriod)
	s.period.says = func() string { return t.Days(s.inquiry().Period) }
	var formats []option
	for _, f := range bulletin.Formats {
		formats = append(formats, option{string(f), t.T("reports.format." + string(f))})
	}
	s.format = w.newChoice("", formats, string(bulletin.PDF), func(string) { s.bar.Refresh() })
	s.copy = w.button(t.T("reports.copy"), "", func() { s.withMade(w.copyReport) })
	s.save = w.button(t.T("reports.save"), "", func() {
		s.withMade(func(d *report.Document) { w.askReport(d, bulletin.Format(s.format.value), false) })
	})
	s.print = w.primaryButton(t.T("reports.print"), "", func() {
		s.withMade(func(d *report.Document) { w.askReport(d, bulletin.PDF, true) })
	})
	title := newText(t.T("screen.reports"), sizeTitle, w.pal.text, true)
	s.bar = w.topBar([]fyne.CanvasObject{title, s.tabs[0], s.tabs[1]}, []fyne.CanvasObject{s.copy, s.format, s.save, s.print})
	s.kinds = w.newList(reportsRow, func() listRow { return w.newReportRow() }, func(i int, r listRow) { r.(*reportRow).set(bulletin.Kinds[i]) })
	s.kinds.changed = func(i int) { s.chooseKind(bulletin.Kinds[i]) }
	s.kinds.lined = true
	s.preview, s.plan = newReportPreview(s), newReportPlan(w)
	ground := canvas.NewRectangle(w.pal.ground)
	edge := canvas.NewRectangle(w.pal.border)
	s.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			top := placeBar(s.bar, size.Width)
			list := float32(reportsList)
			if size.Width < reportsRoom {
				list = reportsNarrow
			}
			place(ground, list, top, size.Width-list, size.Height-top)
			place(s.kinds, 0, top, list, size.Height-top)
			place(edge, list, top, 1, size.Height-top)
			place(s.preview.object, list+1, top, size.Width-list-1, size.Height-top)
			place(s.plan.object, 0, top, size.Width, size.Height-top)
		},
	}, s.bar, ground, s.kinds, edge, s.preview.object, s.plan.object)
	s.kinds.setCount(len(bulletin.Kinds))
	s.kinds.mark(0)
	s.mark()
	return s
}

// Title names the screen.
func (s *reportsScreen) Title() string { return s.w.text.T("screen.reports") }

// Object is what the window shows.
func (s *reportsScreen) Object() fyne.CanvasObject { return s.object }

// Show makes the chosen document.
func (s *reportsScreen) Show() {
	s.reload()
	s.Find()
}

// Hide ends what is still being made.
func (s *reportsScreen) Hide() { s.w.live.Drop(&s.slot) }

// Changed shows what has come of the schedules. A document that is being read stays as
// it is, for it says of when its figures are, unless it had none.
func (s *reportsScreen) Changed(c app.Changed) {
	if s.planned {
		s.plan.reload()
	}
	if c.Appeals && s.made != nil && saysNothing(s.made) {
		s.reload()
	}
}

// Find gives the keyboard to the list.
func (s *reportsScreen) Find() {
	if s.planned {
		s.w.focus(s.plan.table.list)
	} else {
		s.w.focus(s.kinds)
	}
}

// Key scrolls the document, or moves through the list.
func (s *reportsScreen) Key(e *fyne.KeyEvent) bool {
	if s.planned {
		return s.plan.table.list.key(e)
	}
	// The list has the keys of pages, the document those beside.
	if by, ok := map[fyne.KeyName]fyne.KeyName{fyne.KeyLeft: fyne.KeyPageUp, fyne.KeyRight: fyne.KeyPageDown}[e.Name]; ok {
		return scrollBy(s.preview.scroll, by)
	}
	return scrollBy(s.preview.scroll, e.Name) || s.kinds.key(e)
}

// turn shows the documents or the schedules.
func (s *reportsScreen) turn(planned bool) {
	s.planned = planned
	s.mark()
	if planned {
		s.plan.reload()
	}
	s.Find()
}

func (s *reportsScreen) chooseKind(k bulletin.Kind) {
	if k != s.kind {
		s.kind = k
		s.usual()
	}
}

func (s *reportsScreen) choosePeriod(v string) {
	usual := bulletin.Usual(s.kind, s.w.today())
	switch v {
	case periodBefore:
		// The one before has its own ends: months are not equally long.
		s.choice, s.asked = v, bulletin.Usual(s.kind, usual.From)
		s.mark()
		s.reload()
	case periodDates:
		s.period.set(s.choice) // until it is answered nothing has changed
		s.w.askPeriod(s.inquiry().Period, func(p app.Period) {
			s.choice, s.asked = periodDates, p
			s.mark()
			s.reload()
		})
	default:
		s.usual()
	}
}

// usual asks for the usual period.
func (s *reportsScreen) usual() {
	s.choice, s.asked = periodUsual, app.Period{}
	s.mark()
	s.reload()
}

// inquiry is what the document is asked for.
func (s *reportsScreen) inquiry() app.Inquiry {
	if s.choice == periodUsual {
		return app.Inquiry{Period: bulletin.Usual(s.kind, s.w.today())}
	}
	return app.Inquiry{Period: s.asked}
}

// mark shows what is asked.
func (s *reportsScreen) mark() {
	s.tabs[0].setChosen(!s.planned)
	s.tabs[1].setChosen(s.planned)
	s.period.set(s.choice)
	for _, o := range []fyne.CanvasObject{s.format, s.copy, s.save, s.print, s.kinds, s.preview.object} {
		setShown(o, !s.planned)
	}
	setShown(s.plan.object, s.planned)
	s.enable()
	s.bar.Refresh()
	s.preview.object.Refresh() // the choice of the period is as wide as its words
	s.object.Refresh()
}

// enable lets be given out what has been made.
func (s *reportsScreen) enable() {
	for _, b := range []*button{s.copy, s.save, s.print} {
		b.setDisabled(s.made == nil)
	}
}

func (s *reportsScreen) withMade(do func(*report.Document)) {
	if s.made != nil {
		do(s.made)
	}
}

// reportRow is a document in the list: its name, what it says, when it is sent.
type reportRow struct {
	widget.BaseWidget
	window      *Window
	kind        bulletin.Kind
	name, usual *canvas.Text
	about       [2]*canvas.Text
}

func (w *Window) newReportRow() *reportRow {
	r := &reportRow{window: w, name: newText("", sizeText, w.pal.text, true), usual: newText("", sizeSmall, w.pal.muted, false)}
	for i := range r.about {
		r.about[i] = newText("", sizeCaption, w.pal.second, false)
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *reportRow) set(k bulletin.Kind) {
	r.kind = k
	r.Refresh()
}

func (r *reportRow) mark(bool, bool) {}

// CreateRenderer draws the lines.
func (r *reportRow) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{r.name, r.about[0], r.about[1], r.usual}}
	d.arrangement = arrangement{min: func() fyne.Size { return fyne.NewSize(100, reportsRow) }, place: func(size fyne.Size) {
		const side = 14
		w, t, room := r.window, r.window.text, size.Width-2*side
		r.name.Text = w.cuts.fit(t.T("bulletin."+string(r.kind)), sizeText, true, room)
		r.name.Move(fyne.NewPos(side, 7))
		lines := w.cuts.wrap(t.T("reports.about."+string(r.kind)), sizeCaption, false, room, len(r.about))
		for i, l := range r.about {
			l.Text = ""
			if i < len(lines) {
				l.Text = lines[i]
			}
			l.Move(fyne.NewPos(side, 27+17*float32(i)))
		}
		r.usual.Text = w.cuts.fit(t.T("reports.usual."+string(r.kind)), sizeSmall, false, room)
		r.usual.Move(fyne.NewPos(side, 29+17*float32(len(lines))))
	}}
	d.refresh = func() {
		d.place(r.Size())
		canvas.Refresh(r)
	}
	return d
}
