package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// action is one thing that may be done with the appeal on the screen.
type action struct {
	label, hint string
	do          func()
}

// actions lists what this person may do now, the most likely thing first; rest
// goes into «Ещё…». What the table of transitions does not offer is not there.
func (r *reply) actions() (row, rest []action, outcomes bool) {
	if r.detail.card == nil {
		return nil, nil, false
	}
	t := r.w.text
	if r.tab == tabNote {
		row = append(row, action{t.T("action.save_note"), "Ctrl+Enter", r.sendNote})
		return row, r.others(nil), false
	}
	a := r.detail.card.Appeal
	var shown []app.EventType
	answer := r.w.desk.Answer(a, "x", "")
	closing := slices.Concat(answer, []app.Event{{Type: app.EventClosed, Outcome: app.OutcomeSolved}})
	approves := a.Status == app.StatusApproval
	switch {
	case r.can(closing...) && !approves:
		row = append(row, action{r.closingLabel(), "Ctrl+Enter", r.sendAnswer})
		rest = append(rest, action{t.T("action.answer_only"), "", r.sendOpenAnswer})
		outcomes = true
	case r.can(answer...):
		label := t.T("action.answer")
		if approves {
			label = t.T("action.approve")
		}
		row = append(row, action{label, "Ctrl+Enter", r.sendOpenAnswer})
	}
	if r.can(app.Submit(a, "x")...) {
		hint := ""
		if len(row) == 0 {
			hint = "Ctrl+Enter"
		}
		row = append(row, action{t.T("action.submit"), hint, r.sendForApproval})
		shown = append(shown, app.EventSubmitted)
	}
	for _, e := range []app.EventType{app.EventReturned, app.EventInterim, app.EventRouted, app.EventRedirected, app.EventClosed, app.EventReopened} {
		if r.offered(e) {
			row = append(row, r.single(e))
			shown = append(shown, e)
		}
	}
	return row, append(rest, r.others(shown)...), outcomes
}

// others are the offers not shown yet.
func (r *reply) others(shown []app.EventType) []action {
	var out []action
	for _, e := range r.detail.card.Offers {
		if e == app.EventAnswered || e == app.EventNote || slices.Contains(shown, e) {
			continue
		}
		if e == app.EventAssigned {
			me := r.w.desk.Me().Name
			if r.detail.card.Appeal.Assignee != me {
				out = append(out, action{r.w.text.T("action.assign_me"), "", func() {
					r.detail.screen.perform("assigned", false, app.Event{Type: app.EventAssigned, Target: me})
				}})
			}
		}
		out = append(out, r.single(e))
	}
	s := r.detail.screen
	return append(out, action{r.w.text.T("action.copy"), "F12", s.copyAsText}, action{r.w.text.T("action.print"), "Ctrl+P", s.printSheet})
}

// refusals are the actions that are not possible now; done, they say why.
func (r *reply) refusals() []action {
	if r.detail.card == nil {
		return nil
	}
	t := r.w.text
	var out []action
	for _, f := range app.Refusals(r.detail.card.Appeal, r.w.desk.Me().Roles) {
		words := t.T("refusal.line", capital(assets.Name(t, "event", f.Event)), refusalWords(t, f))
		out = append(out, action{words, "", func() { r.w.say(words) }})
	}
	return out
}

// refuse says why the event is not possible now.
func (r *reply) refuse(e app.EventType) {
	t := r.w.text
	for _, f := range app.Refusals(r.detail.card.Appeal, r.w.desk.Me().Roles) {
		if f.Event == e {
			r.w.notice.show(t.T("refusal.line", capital(assets.Name(t, "event", e)), refusalWords(t, f)), toneAmber)
			return
		}
	}
	r.w.fail(app.Fail(app.CodeNotAllowed, e, r.detail.card.Appeal.Status))
}

// refusalWords says why an event is not possible now.
func refusalWords(t *assets.Texts, f app.Refusal) string {
	names, key := []string(nil), "refusal.status"
	for _, s := range f.From {
		names = append(names, "«"+assets.Name(t, "status", s)+"»")
	}
	if len(f.By) > 0 {
		names, key = nil, "refusal.role"
		for _, role := range f.By {
			names = append(names, assets.Name(t, "role", role))
		}
	}
	if f.Done {
		return t.T("refusal.done")
	}
	return t.T(key, strings.Join(names, ", "))
}

// single is the action of one event; those that need more ask for it.
func (r *reply) single(e app.EventType) action {
	s, t := r.detail.screen, r.w.text
	do := map[app.EventType]func(){
		app.EventRouted:     func() { s.askExecutor(app.EventRouted) },
		app.EventRedirected: func() { s.askExecutor(app.EventRedirected) },
		app.EventRejected:   s.askReject,
		app.EventMerged:     s.askParent,
		app.EventClarifying: func() { s.askText(app.EventClarifying, true) },
		app.EventClarified:  func() { s.askText(app.EventClarified, false) },
		app.EventReturned:   s.askReturn,
		app.EventInterim:    s.askInterim,
		app.EventClosed:     s.askOutcome,
		app.EventReopened:   func() { s.askText(app.EventReopened, false) },
		app.EventAssigned:   s.askAssignee,
		app.EventClassified: s.findTopic,
		app.EventPlaced:     s.askPlace,
		app.EventGraded:     s.askSeverity,
		app.EventRegistered: s.askRegistered,
		app.EventExtended:   s.askExtended,
		app.EventSubmitted:  r.sendForApproval,
	}[e]
	if do == nil {
		do = func() { s.perform(string(e), false, app.Event{Type: e}) }
	}
	return action{label: t.T("action." + string(e)), hint: lifeKeys[e], do: do}
}

// lifeKeys are the keys of the main menu that begin one event.
var lifeKeys = map[app.EventType]string{app.EventRouted: "Ctrl+W", app.EventRedirected: "Ctrl+W", app.EventStarted: "Ctrl+J"}

// begin does what leads to the event, or says why it may not happen now.
func (s *appealsScreen) begin(e app.EventType) {
	switch r := s.detail.reply; {
	case s.detail.card == nil:
		s.w.notice.show(s.w.text.T("appeals.choose"), toneAmber)
	case e == app.EventSubmitted && r.can(app.Submit(s.detail.card.Appeal, "x")...), r.offered(e):
		r.single(e).do()
	default:
		r.refuse(e)
	}
}

// route sends the appeal to an executor, or on to another one.
func (s *appealsScreen) route() {
	e := app.EventRouted
	if s.detail.card != nil && s.detail.reply.offered(app.EventRedirected) {
		e = app.EventRedirected
	}
	s.begin(e)
}

// take takes the appeal into work and begins the answer.
func (s *appealsScreen) take() {
	r := s.detail.reply
	if s.detail.card == nil || !r.answerable() && !r.offered(app.EventStarted) {
		s.begin(app.EventStarted)
		return
	}
	if r.offered(app.EventStarted) {
		s.begin(app.EventStarted)
	}
	s.read()
	r.choose(tabAnswer)
}

// closingLabel names the outcome where it is not the usual one.
func (r *reply) closingLabel() string {
	if r.outcome == app.OutcomeSolved {
		return r.w.text.T("action.answer_close")
	}
	return r.w.text.T("action.answer_outcome", strings.ToLower(assets.Name(r.w.text, "outcome", r.outcome)))
}

func (r *reply) chooseOutcome(at fyne.Position) {
	r.w.pick(outcomeOptions(r.w), string(r.outcome), at, 180, func(v string) {
		r.outcome = app.Outcome(v)
		r.refresh()
	}, nil)
}

func outcomeOptions(w *Window) []option {
	var out []option
	for _, o := range app.Outcomes {
		out = append(out, option{string(o), assets.Name(w.text, "outcome", o)})
	}
	return out
}

func (r *reply) sendAnswer() {
	a, outcome := r.detail.card.Appeal, r.outcome
	r.submit("answered_closed", true, func(text, link string) []app.Event {
		return append(r.w.desk.Answer(a, text, link), app.Event{Type: app.EventClosed, Outcome: outcome})
	})
}

func (r *reply) sendOpenAnswer() {
	a := r.detail.card.Appeal
	r.submit("answered", true, func(text, link string) []app.Event { return r.w.desk.Answer(a, text, link) })
}

func (r *reply) sendForApproval() {
	if r.tab != tabAnswer {
		r.choose(tabAnswer)
		return
	}
	a := r.detail.card.Appeal
	r.submit("submitted", true, func(text, _ string) []app.Event { return app.Submit(a, text) })
}

func (r *reply) sendNote() {
	r.submit("note", false, func(text, _ string) []app.Event { return []app.Event{{Type: app.EventNote, Text: text}} })
}

// actionRow is a row of buttons that never runs over its edge: what does not
// fit goes into «Ещё…».
type actionRow struct {
	w       *Window
	object  *fyne.Container
	first   *button
	arrow   *button
	buttons []*button
	more    *button
	shown   []action
	rest    []action
	hidden  []action // of shown, those without room
	pickers func(at fyne.Position)
	refused func() []action // that are not possible now, shown grey below the others
}

func newActionRow(w *Window) *actionRow {
	a := &actionRow{w: w}
	a.first = w.primaryButton("", "", nil)
	a.arrow = w.primaryButton("", "", func() { a.pickers(below(a.arrow)) })
	a.arrow.arrow = true
	a.more = w.button(w.text.T("action.more"), "", a.showMore)
	a.object = container.New(arrangement{
		min:   func() fyne.Size { return fyne.NewSize(200, buttonHeight) },
		place: a.place,
	}, a.first, a.arrow, a.more)
	return a
}

// set shows these actions.
func (a *actionRow) set(row, rest []action, outcomes bool) {
	a.shown, a.rest = row, rest
	a.first.Hidden = len(row) == 0
	a.arrow.Hidden = !outcomes
	if len(row) > 0 {
		a.first.setLabel(row[0].label, row[0].hint)
		a.first.do = row[0].do
	}
	for len(a.buttons) < len(row)-1 {
		b := a.w.button("", "", nil)
		a.buttons = append(a.buttons, b)
		a.object.Add(b)
	}
	for i, b := range a.buttons {
		b.Hidden = i+1 >= len(row)
		if !b.Hidden {
			b.setLabel(row[i+1].label, "") // its key stands in the menu
			b.do = row[i+1].do
		}
	}
	a.place(a.object.Size())
	a.object.Refresh()
}

func (a *actionRow) place(size fyne.Size) {
	x := float32(0)
	more := a.more.MinSize().Width
	if len(a.shown) > 0 {
		a.first.setLabel(a.shown[0].label, a.shown[0].hint)
		width := a.first.MinSize().Width
		if width+37+more > size.Width {
			a.first.setLabel(a.shown[0].label, "") // the key stands in the menu too
			width = a.first.MinSize().Width
		}
		place(a.first, 0, 0, width, buttonHeight)
		x += width
		if !a.arrow.Hidden {
			place(a.arrow, x+1, 0, 28, buttonHeight)
			x += 29
		}
		x += 8
	}
	a.hidden = nil
	for i, b := range a.buttons {
		if i+1 >= len(a.shown) {
			break
		}
		width := b.MinSize().Width
		b.Hidden = len(a.hidden) > 0 || x+width+8+more > size.Width
		if b.Hidden {
			a.hidden = append(a.hidden, a.shown[i+1])
			continue
		}
		place(b, x, 0, width, buttonHeight)
		x += width + 8
	}
	a.more.Hidden = len(a.hidden)+len(a.rest) == 0
	place(a.more, x, 0, more, buttonHeight)
}

// showMore opens all that may be done, also what has a button: the digits of
// the list must not depend on the room for buttons.
func (a *actionRow) showMore() {
	var under fyne.CanvasObject = a.more
	if a.more.Hidden {
		under = a.object
	}
	a.w.showActions(a.all(), below(under), a.refused()...)
}

func (a *actionRow) all() []action { return slices.Concat(a.shown, a.rest) }

// below is the place of a list that opens under an object.
func below(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).AddXY(0, o.Size().Height+2)
}

// send does the primary action, as Ctrl+Enter.
func (s *appealsScreen) send() {
	if row := s.detail.reply.row; s.detail.card != nil && !row.first.Hidden && row.first.do != nil {
		row.first.do()
	}
}

// reply puts the cursor into the reply.
func (s *appealsScreen) reply() {
	if s.detail.card != nil {
		s.read()
		s.detail.reply.focus()
	}
}

// otherTab switches between answer and note.
func (s *appealsScreen) otherTab() {
	if s.detail.card != nil {
		s.read()
		s.detail.reply.choose(1 - s.detail.reply.tab)
	}
}

// showMore opens the list of actions.
func (s *appealsScreen) showMore() {
	if s.detail.card != nil {
		s.detail.reply.row.showMore()
	}
}

// actions are what may be done with the appeal on the screen: the same under
// every right click on it.
func (s *appealsScreen) actions() []action {
	if s.detail.card == nil {
		return nil
	}
	t := s.w.text
	out := slices.Clone(s.detail.reply.row.all())
	return append(
		out, action{t.T("menu.reply"), "Ctrl+R", s.reply}, action{t.T("menu.tab"), "Ctrl+E", s.otherTab},
		action{t.T("menu.why"), "Ctrl+D", s.explain},
	)
}

// rowMenu opens the menu of a row, once its appeal is on the card.
func (s *appealsScreen) rowMenu(i int, at fyne.Position) {
	record := s.found.Records[i]
	s.whenShown(record, func() { s.w.showActions(s.actions(), at) })
}

// whenShown does something once the card of the record is there; another card
// that comes first means that the person has gone on.
func (s *appealsScreen) whenShown(record uint64, do func()) {
	if s.detail.card != nil && s.detail.card.Record == record {
		do()
		return
	}
	s.arrived = func(shown uint64) {
		if shown == record {
			do()
		}
	}
}

// contextMenu opens the menu of the appeal on the card.
func (s *appealsScreen) contextMenu() bool {
	s.w.showActions(s.actions(), below(s.detail.pillArea))
	return s.detail.card != nil
}
