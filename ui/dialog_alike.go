package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
)

// Sizes of the list of look-alikes.
const (
	alikeWidth  = 980
	alikeHeight = 400
	alikeRow    = 66
	alikeMark   = 34 // the column of marks
)

// alikeDialog lists the look-alikes of the appeal on the card, with the text of the
// selected one beside it; those that are marked are merged with it.
type alikeDialog struct {
	screen *appealsScreen
	card   *app.Card
	dialog *dialog
	list   *list
	rows   []app.Alike
	marked map[string]bool // by the ID of the appeal

	words   *canvas.Text // in place of no rows
	said    string       // what will be done, or why it cannot
	hint    [2]*canvas.Text
	hints   *fyne.Container
	heading [2]*canvas.Text
	about   [3]*canvas.Text
	text    *widget.Label
	side    *fyne.Container
	edge    *canvas.Rectangle
	merges  bool // the person may merge
}

// showAlike opens the list.
func (s *appealsScreen) showAlike() {
	w, t := s.w, s.w.text
	if s.detail.card == nil {
		return
	}
	a := &alikeDialog{screen: s, card: s.detail.card, marked: map[string]bool{}}
	a.merges = app.Judge(&app.Appeal{ID: "a", Status: app.StatusNew}, app.Event{Type: app.EventMerged, Target: "b"}, w.desk.Me().Roles) == nil
	a.list = w.newList(alikeRow, func() listRow { return a.newRow() }, func(i int, r listRow) { r.(*alikeRowView).set(a.rows[i]) })
	a.list.lined, a.list.clickAgain = true, true
	a.list.changed = a.choose
	a.list.activate = a.open
	if a.merges {
		a.list.toggle = func(i int) { a.toggle(a.rows[i]) }
	}
	a.words = newText("", sizeText, w.pal.muted, false)
	a.buildSide()
	a.buildHint()
	q := question{title: t.T("alike.title"), width: min(alikeWidth, w.win.Canvas().Size().Width-40), no: t.T("dialog.close"), first: a.list}
	q.content = a.content(min(alikeHeight, w.win.Canvas().Size().Height-190))
	q.closed = func() { s.detail.alike.dialog = nil }
	if a.merges {
		q.yes, q.do = t.T("alike.merge"), a.merge
	}
	s.detail.alike.dialog = a
	a.dialog = w.ask(q)
	a.show()
}

func (a *alikeDialog) content(height float32) fyne.CanvasObject {
	w := a.screen.w
	a.edge = canvas.NewRectangle(w.pal.border)
	both := container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(600, height) },
		place: func(size fyne.Size) {
			left := size.Width * 0.54
			place(a.list, 0, 0, left-1, size.Height)
			place(a.edge, left-1, 0, 1, size.Height)
			place(a.side, left, 0, size.Width-left, size.Height)
			placeText(a.words, (size.Width-a.words.MinSize().Width)/2, size.Height/3)
		},
	}, a.list, a.edge, a.side, a.words)
	return container.New(column{gap: 8}, w.framed(both, gaps{1, 1, 1, 1}), a.hints)
}

// buildHint makes the lines under the list.
func (a *alikeDialog) buildHint() {
	w := a.screen.w
	for i := range a.hint {
		a.hint[i] = newText("", sizeCaption, w.pal.muted, false)
	}
	a.hints = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(200, 34) },
		place: func(size fyne.Size) {
			setLines(a.hint[:], w.cuts.wrap(a.said, sizeCaption, false, size.Width, len(a.hint)), 0, 8, 18)
		},
	}, a.hint[0], a.hint[1])
}

// say writes them.
func (a *alikeDialog) say(words string, alarm bool) {
	a.said = words
	for _, line := range a.hint {
		if line.Color = a.screen.w.pal.muted; alarm {
			line.Color = a.screen.w.pal.red
		}
	}
	a.hints.Layout.Layout(a.hints.Objects, a.hints.Size())
	canvas.Refresh(a.hints)
}

// buildSide makes the place for the text of the selected one.
func (a *alikeDialog) buildSide() {
	w := a.screen.w
	var objects []fyne.CanvasObject
	for i := range a.heading {
		a.heading[i] = newText("", sizeText, w.pal.text, true)
		objects = append(objects, a.heading[i])
	}
	for i := range a.about {
		a.about[i] = newText("", sizeCaption, w.pal.muted, false)
		objects = append(objects, a.about[i])
	}
	a.text = paragraph("")
	scroll := w.quiet(container.NewVScroll(a.text))
	a.side = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(240, 100) },
		place: func(size fyne.Size) {
			one := a.selected()
			if one == nil {
				return
			}
			inner := size.Width - 28
			lines := w.cuts.wrap(w.headingOf(one.Appeal), sizeText, true, inner, len(a.heading))
			y := setLines(a.heading[:], lines, 14, 20, 19) + 12
			for i, words := range a.facts(one) {
				a.about[i].Text = w.cuts.fit(words, sizeCaption, false, inner)
				if words != "" {
					placeText(a.about[i], 14, y)
					y += 18
				}
			}
			place(scroll, 14-labelPad, y-6, inner+2*labelPad, size.Height-y)
		},
	}, append(objects, scroll)...)
}

// facts are the lines under the heading.
func (a *alikeDialog) facts(one *app.Alike) [3]string {
	w, t, o := a.screen.w, a.screen.w.text, one.Appeal
	return [3]string{
		joined(number(w, o), assets.Name(t, "source", o.Source), o.Municipality),
		o.Place, joined(o.Group, o.Topic),
	}
}

func (a *alikeDialog) selected() *app.Alike {
	if i := a.list.selected; i >= 0 && i < len(a.rows) {
		return &a.rows[i]
	}
	return nil
}

// show brings the list to what was found.
func (a *alikeDialog) show() {
	found, t := &a.screen.detail.alike, a.screen.w.text
	if a.screen.detail.card == nil || a.screen.detail.card.Record != a.card.Record {
		return
	}
	chosen := ""
	if one := a.selected(); one != nil {
		chosen = one.Appeal.ID
	}
	a.rows = found.all
	switch {
	case !found.known:
		a.words.Text = t.T("alike.seeking")
	case len(a.rows) == 0:
		a.words.Text = t.T("alike.none")
	default:
		a.words.Text = ""
	}
	a.edge.Hidden = len(a.rows) == 0
	at := 0
	for i := range a.rows {
		if a.rows[i].Appeal.ID == chosen {
			at = i
		}
	}
	a.list.selected = -1
	a.list.setCount(len(a.rows))
	a.list.selectRow(at)
	a.tell()
}

func (a *alikeDialog) choose(int) {
	if one := a.selected(); one != nil {
		a.text.SetText(one.Appeal.Text)
	}
	a.side.Layout.Layout(a.side.Objects, a.side.Size())
	canvas.Refresh(a.side)
	a.tell()
}

// open goes to the appeal.
func (a *alikeDialog) open(i int) {
	record := a.rows[i].Record
	a.dialog.close()
	a.screen.openAnywhere(record)
}

func (a *alikeDialog) toggle(one app.Alike) {
	if id := one.Appeal.ID; a.marked[id] {
		delete(a.marked, id)
	} else {
		a.marked[id] = true
	}
	a.list.refill()
	a.tell()
}

// together are the appeal on the card and those that would be merged with it: the
// marked ones, or the selected one where none is.
func (a *alikeDialog) together() []*app.Appeal {
	all := []*app.Appeal{a.card.Appeal}
	for i := range a.rows {
		if a.marked[a.rows[i].Appeal.ID] {
			all = append(all, a.rows[i].Appeal)
		}
	}
	if one := a.selected(); len(all) == 1 && one != nil {
		all = append(all, one.Appeal)
	}
	return all
}

// tell says what the button would do, or why it cannot.
func (a *alikeDialog) tell() {
	w, t := a.screen.w, a.screen.w.text
	if a.dialog == nil {
		return // it is being opened
	}
	switch {
	case len(a.rows) == 0:
		a.say(t.T("alike.how"), false)
	case !a.merges:
		a.say(t.T("alike.no_merge"), false)
	default:
		all := a.together()
		parent, err := app.Parent(all)
		a.dialog.yes.setDisabled(err != nil)
		if a.dialog.yes.setLabel(t.T("alike.merge"), "Ctrl+Enter"); len(a.marked) > 0 {
			a.dialog.yes.setLabel(t.T("alike.merge_marked", len(all)), "Ctrl+Enter")
		}
		if err != nil {
			a.say(t.Sentence(err), len(a.marked) > 0)
		} else {
			a.say(joined(t.T("alike.parent", number(w, parent)), t.T("alike.keys")), false)
		}
	}
	if a.merges && len(a.rows) == 0 {
		a.dialog.yes.setDisabled(true)
	}
	canvas.Refresh(a.words)
	a.dialog.pop.Refresh()
}

// merge merges them all, or none; the list stays until it is done.
func (a *alikeDialog) merge() bool {
	s, w := a.screen, a.screen.w
	var ids []string
	for _, one := range a.together() {
		ids = append(ids, one.ID)
	}
	if len(ids) < 2 {
		return false
	}
	a.dialog.yes.setDisabled(true)
	var parent *app.Appeal
	var record uint64
	var n int
	w.live.Try(func() (err error) {
		if parent, n, err = w.desk.Merge(ids...); err == nil {
			record, _ = w.desk.Record(parent.ID)
		}
		return err
	}, func(err error) {
		if err != nil {
			a.dialog.yes.setDisabled(false)
			if w.dialog == a.dialog {
				a.dialog.tell(w.text.Sentence(err))
			} else {
				w.fail(err)
			}
			return
		}
		a.dialog.close()
		w.did(w.text.N("alike.merged", n, number(w, parent)))
		s.reload()
		s.openAnywhere(record)
	})
	return false
}

// alikeRowView is one look-alike: a mark, what it is called, what is the same.
type alikeRowView struct {
	widget.BaseWidget
	dialog                     *alikeDialog
	row                        app.Alike
	check                      *clickable
	icon                       *widget.Icon
	heading, same, when, again *canvas.Text
	state                      *stateChip
}

func (a *alikeDialog) newRow() *alikeRowView {
	w := a.screen.w
	r := &alikeRowView{
		dialog: a, icon: widget.NewIcon(theme.CheckButtonIcon()), heading: newText("", sizeText, w.pal.text, true),
		same: newText("", sizeCaption, w.pal.second, false), when: newText("", sizeCaption, w.pal.muted, false),
		again: newText("", sizeCaption, w.pal.amber, true), state: w.newStateChip("", toneGrey),
	}
	r.check = w.newClickable(r.icon, func() { a.toggle(r.row) })
	r.check.Hidden = !a.merges
	r.ExtendBaseWidget(r)
	return r
}

func (r *alikeRowView) set(row app.Alike) {
	r.row = row
	r.Refresh()
}

func (r *alikeRowView) mark(bool, bool) {}

// CreateRenderer draws the row.
func (r *alikeRowView) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{r.check, r.heading, r.same, r.when, r.again, r.state}}
	d.arrangement = arrangement{min: func() fyne.Size { return fyne.NewSize(200, alikeRow) }, place: r.place}
	d.refresh = func() {
		r.place(r.Size())
		canvas.Refresh(r)
	}
	return d
}

func (r *alikeRowView) place(size fyne.Size) {
	if r.row.Appeal == nil {
		return
	}
	w, t, a := r.dialog.screen.w, r.dialog.screen.w.text, r.row.Appeal
	x, right := float32(12), size.Width-12
	if r.dialog.merges {
		icon := theme.CheckButtonIcon()
		if r.dialog.marked[a.ID] {
			icon = theme.NewPrimaryThemedResource(theme.CheckButtonCheckedIcon())
		}
		r.icon.SetResource(icon)
		place(r.check, 8, 7, 20, 20)
		x = alikeMark
	}
	words := assets.Name(t, "status", a.Status)
	kind := toneGrey
	if a.Status == app.StatusClosed && a.Outcome != "" {
		words = assets.Name(t, "outcome", a.Outcome)
	} else if a.Status.Open() {
		kind = toneBlue
	}
	r.state.set(words, kind)
	m := r.state.MinSize()
	place(r.state, right-m.Width, 8, m.Width, m.Height)
	r.heading.Text = w.cuts.fit(w.headingOf(a), sizeText, true, right-m.Width-8-x)
	placeText(r.heading, x, 17)
	r.same.Text = w.cuts.fit(w.sameWords(r.row.Likeness), sizeCaption, false, right-x)
	placeText(r.same, x, 36)
	when := ""
	if !r.row.Start.IsZero() {
		when = t.Moment(w.here(r.row.Start), w.here(w.desk.Now()))
	}
	r.when.Text = joined(number(w, a), when)
	placeText(r.when, x, 54)
	r.again.Text = ""
	if r.row.Again {
		left := x + r.when.MinSize().Width + 12
		r.again.Text = w.cuts.fit(t.T("alike.again"), sizeCaption, true, right-left)
		placeText(r.again, left, 54)
	}
}
