package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// replyHeight is the height of the reply area.
const replyHeight = 188

// detail is the card of one appeal: head, history, reply.
type detail struct {
	screen *appealsScreen
	object *fyne.Container
	card   *app.Card

	badge    *badge
	badgeTap *contextArea // of what opens the message
	opens    *clickable
	source   [2]*canvas.Text
	due      *stateChip
	dueTap   *clickable
	heading  [2]*canvas.Text
	pills    *fyne.Container
	pillArea *contextArea
	fileSlot Slot
	alike    lookalikes
	timeline *timeline
	reply    *reply
	presence presence
	nothing  *canvas.Text
	head     *fyne.Container     // badge, source, heading, pills
	edge     *canvas.Rectangle   // under the head
	tall     float32             // the height of the head, as last laid out
	low      bool                // the head scrolls with the history
	parts    []fyne.CanvasObject // hidden while there is no card
}

func newDetail(s *appealsScreen) *detail {
	w := s.w
	d := &detail{screen: s, badge: w.newBadge(app.SourceVK), due: w.newStateChip("", toneGrey)}
	for i := range d.source {
		d.source[i] = newText("", sizeCaption, w.pal.muted, false)
		d.heading[i] = newText("", sizeHeading, w.pal.text, true)
	}
	d.presence.detail = d
	d.opens = w.newClickable(d.badge, d.openOrigin)
	d.badgeTap = w.newContextArea(d.opens, d.originActions)
	d.dueTap = w.newClickable(d.due, s.explain)
	d.pills = container.New(newFlow(6))
	d.pillArea = w.newContextArea(d.pills, s.actions)
	d.timeline = newTimeline(w)
	d.timeline.actions = s.actions
	d.reply = newReply(d)
	d.reply.row.pickers = d.reply.chooseOutcome
	d.nothing = newText(w.text.T("appeals.choose"), sizeText, w.pal.muted, false)
	d.edge = canvas.NewRectangle(w.pal.border)
	d.head = container.New(arrangement{
		min:   func() fyne.Size { return fyne.NewSize(200, d.tall) },
		place: func(size fyne.Size) { d.placeHead(size.Width) },
	}, d.badgeTap, d.source[0], d.source[1], d.dueTap, d.heading[0], d.heading[1], d.pillArea, d.edge)
	d.parts = []fyne.CanvasObject{d.head, d.timeline.object, d.reply.object}
	d.object = container.New(arrangement{
		min:   func() fyne.Size { return fyne.NewSize(300, 200) },
		place: d.place,
	}, append([]fyne.CanvasObject{d.nothing}, d.parts...)...)
	d.clear()
	return d
}

func (d *detail) place(size fyne.Size) {
	placeText(d.nothing, (size.Width-d.nothing.MinSize().Width)/2, size.Height/3)
	if d.card == nil {
		return
	}
	reply := float32(replyHeight)
	low := size.Height < cardLow
	if low {
		reply = replyLow
	}
	d.placeHead(size.Width)
	if low != d.low {
		d.low = low
		objects := []fyne.CanvasObject{d.nothing}
		if low {
			d.timeline.setHead(d.head)
			objects = append(objects, d.timeline.object, d.reply.object)
		} else {
			d.timeline.setHead(nil)
			objects = append(objects, d.parts...)
		}
		d.object.Objects = objects
	}
	top := d.tall
	if low {
		top = 0
		d.timeline.scroll.Refresh() // the head may have another height
	} else {
		place(d.head, 0, 0, size.Width, d.tall)
	}
	place(d.timeline.object, 0, top, size.Width, max(0, size.Height-reply-top))
	place(d.reply.object, 0, size.Height-reply, size.Width, reply)
}

// placeHead places what stands over the history, and finds how high it is.
func (d *detail) placeHead(width float32) {
	if d.card == nil {
		return
	}
	c := d.screen.w.cuts
	right := width - 16
	due := d.due.MinSize()
	place(d.dueTap, right-due.Width, 20, due.Width, due.Height)
	place(d.badgeTap, 16, 21, d.badge.MinSize().Width, 18)
	x := 16 + d.badge.MinSize().Width + 9
	lines := c.wrap(d.origin(), sizeCaption, false, right-due.Width-12-x, 2)
	y := setLines(d.source[:], lines, x, 30, 18)
	lines = c.wrap(d.screen.w.headingOf(d.card.Appeal), sizeHeading, true, right-16, 2)
	y = setLines(d.heading[:], lines, 16, y+14, 22) + 5
	place(d.pillArea, 16, y, right-16, d.pills.Size().Height) // rows follow from the width
	h := d.pills.MinSize().Height
	place(d.pillArea, 16, y, right-16, h)
	y += h + 8
	place(d.edge, 0, y, width, 1)
	d.tall = y + 1
}

// setLines puts lines under each other, the middle of the first at y, and gives
// the middle of the line that would follow, less half a step.
func setLines(texts []*canvas.Text, lines []string, x, y, step float32) float32 {
	for i, t := range texts {
		t.Text = ""
		if i < len(lines) {
			t.Text = lines[i]
			placeText(t, x, y)
			y += step
		}
	}
	return y - step/2 + 2
}

// origin is where the appeal comes from: number and page, or source.
func (d *detail) origin() string {
	t, a := d.screen.w.text, d.card.Appeal
	where := assets.Name(t, "source", a.Source)
	if d.card.PageName != "" {
		where = t.T("appeal.comment_in", d.card.PageName)
	}
	return number(d.screen.w, a) + " · " + where
}

// clear shows that nothing is selected.
func (d *detail) clear() {
	d.card = nil
	d.presence.follow("")
	d.forgetAlike()
	d.reply.forget()
	for _, o := range d.parts {
		o.Hide()
	}
	d.nothing.Show()
	d.object.Refresh()
}

// show brings the objects to this card.
func (d *detail) show(card *app.Card) {
	fresh := d.card == nil || d.card.Record != card.Record
	if d.card == nil {
		for _, o := range d.parts {
			o.Show()
		}
		d.nothing.Hide()
	}
	d.card = card
	d.presence.follow(card.Appeal.ID)
	d.seekAlike(fresh)
	d.badge.set(card.Appeal.Source)
	d.opens.disabled = card.Appeal.Link == ""
	d.countdown()
	d.pills.Objects = append(d.facts(), d.fileChips()...)
	d.reply.show(card, fresh)
	d.timeline.show(card, fresh, d.offline() && d.reply.hasDraft())
	d.object.Layout.Layout(d.object.Objects, d.object.Size())
	canvas.Refresh(d.object)
}

// showFacts brings the line of facts and files to the card.
func (d *detail) showFacts() {
	d.pills.Objects = append(d.facts(), d.fileChips()...)
	d.object.Layout.Layout(d.object.Objects, d.object.Size())
	canvas.Refresh(d.object)
}

// countdown brings the chip to the present minute.
func (d *detail) countdown() {
	if d.card == nil {
		return
	}
	t := d.screen.w.text
	a, term := d.card.Appeal, d.card.Deadline
	words, kind := d.screen.w.countdown(app.Row{
		Status: a.Status, Municipality: a.Municipality, Due: term.Due, Unit: term.Rule.Unit, Standing: term.Standing, Left: term.Left,
	}, d.screen.w.desk.Now())
	if kind == toneRed {
		words = t.T("due.overdue", strings.TrimPrefix(words, "−"))
	} else if !term.Due.IsZero() && !term.Standing {
		words = t.T("due.left", words)
	}
	d.due.set(words, kind)
}

func (d *detail) facts() []fyne.CanvasObject {
	w, a := d.screen.w, d.card.Appeal
	t := w.text
	var words []string
	words = append(words, assets.Name(t, "status", a.Status))
	if a.Status == app.StatusClosed && a.Outcome != "" {
		words = append(words, assets.Name(t, "outcome", a.Outcome))
	}
	switch {
	case a.Group != "" && a.Topic != "":
		words = append(words, a.Group+" · "+a.Topic)
	case a.Group != "":
		words = append(words, a.Group)
	case a.Topic != "": // of another system, which has no such groups
		words = append(words, a.Topic)
	default:
		words = append(words, t.T("appeal.no_topic"))
	}
	if a.Municipality != "" {
		words = append(words, a.Municipality)
	}
	if a.Executor != "" {
		words = append(words, t.T("appeal.executor", a.Executor))
	}
	if a.Assignee != "" {
		words = append(words, t.T("appeal.assignee", a.Assignee))
	}
	if a.Severity > 0 {
		words = append(words, t.T("appeal.severity", strings.ToLower(severityWord(t, a.Severity))))
	}
	if a.Hops > 0 {
		words = append(words, t.N("appeal.hops", a.Hops))
	}
	switch due := d.card.Deadline.Due; {
	case d.card.Deadline.Standing:
		words = append(words, t.T("appeal.due_standing", w.clock(due)))
	case !due.IsZero():
		words = append(words, t.T("appeal.due", w.clock(due)))
	}
	if response, ok := a.FirstResponse(); ok {
		words = append(words, t.T("appeal.response", giveOrTake(t, response, a.FirstResponseOff())))
	}
	var out []fyne.CanvasObject
	limit := max(200, d.object.Size().Width-60)
	for _, s := range words {
		out = append(out, w.newPill(w.cuts.fit(s, sizeCaption, false, limit)))
	}
	if pill := d.suggestion(); pill != nil {
		out = append(out, pill)
	}
	out = append(out, d.presence.chips()...)
	out = append(out, d.alikePills()...)
	if d.card.Pending > 0 {
		out = append(out, w.newStateChip(t.T("appeal.unsent", d.card.Pending), toneAmber))
	}
	if d.card.Conflict != nil {
		out = append(out, w.newClickable(w.newStateChip(t.T("appeal.conflict"), toneRed), func() { w.open(screenExchange) }))
	}
	return out
}

// offline says whether the link is down while something unsent is kept here.
func (d *detail) offline() bool {
	state, has := d.screen.w.exchangeState()
	return has && (state.Link == app.LinkOffline || state.Link == app.LinkOff)
}

// statusWord names the status of the appeal.
func (d *detail) statusWord() string {
	if d.card == nil {
		return ""
	}
	return assets.Name(d.screen.w.text, "status", d.card.Appeal.Status)
}

// linkChanged updates the line about the draft kept here.
func (d *detail) linkChanged() {
	d.refreshFiles()
	if d.card != nil {
		d.timeline.setOffline(d.offline() && d.reply.hasDraft())
	}
}
