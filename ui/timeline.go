package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
)

// timeline is the history of an appeal: what the citizen said, what happened,
// what was answered. Its cards and lines are kept and filled anew.
type timeline struct {
	window  *Window
	scroll  *container.Scroll
	object  fyne.CanvasObject // the scroll, as it is shown
	body    *fyne.Container
	all     *fyne.Container // body, and over it the head of a low card
	cards   []*historyCard
	lines   []*widget.Label
	offline *widget.Label
	actions func() []action // what may be done with the appeal
}

func newTimeline(w *Window) *timeline {
	l := &timeline{window: w, body: container.New(column{gap: 8})}
	l.offline = historyLine()
	l.offline.SetText(w.text.T("timeline.offline"))
	l.offline.Importance = widget.WarningImportance
	l.all = container.New(column{}, container.New(gaps{12, 16, 12, 16}, l.body))
	l.scroll = container.NewVScroll(l.all)
	l.object = w.quiet(l.scroll)
	return l
}

// setHead puts the head of the card over the history, to scroll with it; nil
// takes it away.
func (l *timeline) setHead(head fyne.CanvasObject) {
	history := l.all.Objects[len(l.all.Objects)-1]
	l.all.Objects = []fyne.CanvasObject{history}
	if head != nil {
		l.all.Objects = []fyne.CanvasObject{head, history}
	}
	l.scroll.Refresh()
}

// historyLine is small quiet text that wraps.
func historyLine() *widget.Label {
	l := widget.NewLabel("")
	l.Wrapping = fyne.TextWrapWord
	l.SizeName = sizeNameCaption
	l.Importance = widget.LowImportance
	return l
}

// tight takes the padding of a label back.
func tight(l *widget.Label) *fyne.Container {
	return container.New(gaps{2 - labelPad, 0, 2 - labelPad, 4 - labelPad}, l)
}

// show fills the history; a fresh appeal is shown from the beginning.
func (l *timeline) show(card *app.Card, fresh, offline bool) {
	l.body.Objects = l.body.Objects[:0]
	cards, lines := 0, 0
	card1 := func() *historyCard {
		if cards == len(l.cards) {
			h := l.window.newHistoryCard()
			h.actions = l.actions
			l.cards = append(l.cards, h)
		}
		cards++
		return l.cards[cards-1]
	}
	a := card.Appeal
	l.body.Add(l.author(card1(), a))
	var quiet []string
	flush := func() {
		if len(quiet) == 0 {
			return
		}
		if lines == len(l.lines) {
			l.lines = append(l.lines, historyLine())
		}
		l.lines[lines].SetText(strings.Join(quiet, " · "))
		l.body.Add(tight(l.lines[lines]))
		lines++
		quiet = nil
	}
	for _, e := range a.Events {
		if told(a, e) {
			continue
		}
		if c := l.spoken(a, e); c != nil {
			flush()
			h := card1()
			h.set(*c)
			l.body.Add(h)
			continue
		}
		quiet = append(quiet, l.happened(e))
	}
	flush()
	if card.Conflict != nil {
		h := card1()
		h.set(historyEntry{who: l.window.text.T("timeline.conflict"), text: card.Conflict.Winner.Text, kind: toneRed})
		l.body.Add(h)
	}
	l.offline.Hidden = !offline
	l.body.Add(tight(l.offline))
	if fresh {
		l.scroll.Offset = fyne.Position{}
	}
	l.scroll.Refresh()
}

// setOffline shows or hides the line about the draft kept on this computer.
func (l *timeline) setOffline(v bool) {
	if l.offline.Hidden == v {
		l.offline.Hidden = !v
		l.scroll.Refresh()
	}
}

// author is the card of what the citizen wrote.
func (l *timeline) author(h *historyCard, a *app.Appeal) fyne.CanvasObject {
	t := l.window.text
	who := t.T("timeline.author_unknown")
	if a.Author != "" {
		who = t.T("timeline.author", a.Author)
	}
	var at time.Time
	for _, e := range a.Events {
		if e.Type == app.EventPublished || e.Type == app.EventDetected || e.Type == app.EventRegistered {
			at = e.At
			break
		}
	}
	text := a.Text
	if a.Forgotten {
		text = t.T("appeal.forgotten_about")
	}
	entry := historyEntry{who: who, at: l.moment(at)}
	var about []string
	if e, ok := a.Last(app.EventPublished); ok {
		var was string
		if text, entry.what, was = l.edited(a, e, text); was != "" {
			about = append(about, was)
		}
	}
	if a.Place != "" {
		about = append(about, t.T("timeline.place", a.Place))
	}
	if a.Contact != "" {
		about = append(about, t.T("timeline.contact", a.Contact))
	}
	if a.Link != "" {
		about = append(about, t.T("timeline.link", a.Link))
	}
	entry.text, entry.about = text, strings.Join(about, "\n")
	h.set(entry)
	return h
}

func (l *timeline) moment(at time.Time) string {
	if at.IsZero() {
		return l.window.text.T("timeline.time_unknown")
	}
	return l.window.text.Moment(l.window.here(at), l.window.here(l.window.desk.Now()))
}

// spoken gives the card of an event that carries words, nil for others.
func (l *timeline) spoken(a *app.Appeal, e app.Event) *historyEntry {
	if strings.TrimSpace(e.Text) == "" {
		return nil
	}
	t := l.window.text
	who := e.By
	if who == "" {
		who = t.T("timeline.centre")
	}
	c := &historyEntry{who: who, what: t.T("timeline.what." + string(e.Type)), at: l.moment(e.At), text: e.Text}
	switch e.Type {
	case app.EventNote, app.EventSubmitted, app.EventReturned:
		c.kind = toneBlue
	case app.EventAnswered, app.EventInterim:
		c.kind = toneGreen
		if e.Link != "" {
			c.about = t.T("timeline.link", e.Link)
		} else if e.ByHand {
			c.about = t.T("timeline.by_hand")
		}
		if !e.FinalBy.IsZero() {
			c.about = t.T("timeline.final_by", t.Date(l.window.here(e.FinalBy)))
		}
	case app.EventExtended:
		c.about = t.T("timeline.extended_to", t.Date(l.window.here(e.FinalBy)))
	case app.EventClarified, app.EventReopened:
		if e.By == "" {
			c.who = t.T("timeline.citizen")
		}
	}
	l.byChannel(c, a, e)
	return c
}

// happened is a line about an event without words of its own.
func (l *timeline) happened(e app.Event) string {
	if e.At.IsZero() {
		return l.what(e)
	}
	return l.window.clock(e.At) + " · " + l.what(e)
}

// what says what happened in an event without words of its own.
func (l *timeline) what(e app.Event) string {
	t := l.window.text
	key := "timeline.line." + string(e.Type)
	var words string
	switch e.Type {
	case app.EventRouted, app.EventRedirected, app.EventPlaced:
		words = t.T(key, e.Target)
	case app.EventGraded:
		words = t.T(key, strings.ToLower(severityWord(t, e.Severity)))
	case app.EventRegistered:
		if words = t.T(key); e.Target != "" {
			words = t.T("timeline.line.registered_as", e.Target)
		}
	case app.EventAssigned:
		if words = t.T(key, e.Target); e.Target == "" {
			words = t.T("timeline.line.unassigned")
		}
	case app.EventStarted:
		if words = t.T(key, e.By); e.By == "" {
			words = t.T("timeline.line.started_by_nobody")
		}
	case app.EventClosed:
		words = t.T(key, strings.ToLower(assets.Name(t, "outcome", e.Outcome)))
	case app.EventClassified:
		topic := e.Group
		if e.Target != "" {
			topic += " · " + e.Target
		}
		words = t.T(key, topic)
	case app.EventEscalated:
		words = t.T(key, e.Percent)
	default:
		words = t.T(key)
	}
	return words
}

// historyEntry is what a card of the history says.
type historyEntry struct {
	who, what, at string
	text, about   string
	kind          tone
}

// historyCard is one card: who, what kind of words, when, and the words.
type historyCard struct {
	widget.BaseWidget
	window        *Window
	entry         historyEntry
	back          *canvas.Rectangle
	who, what, at *canvas.Text
	text, about   *widget.Label
	actions       func() []action // of the whole appeal
}

// TappedSecondary opens the menu of the entry: its words, and what may be done
// with the appeal.
func (h *historyCard) TappedSecondary(e *fyne.PointEvent) {
	w := h.window
	w.touch()
	words := strings.TrimSpace(h.entry.text + "\n" + h.entry.about)
	menu := []action{{w.text.T("action.copy_entry"), "", func() { w.copyWords(words) }}}
	w.showActions(append(menu, h.actions()...), e.AbsolutePosition)
}

// copyWords puts words on the clipboard.
func (w *Window) copyWords(words string) {
	w.fyne.Clipboard().SetContent(words)
	w.say(w.text.T("done.copied_words"))
}

func (w *Window) newHistoryCard() *historyCard {
	h := &historyCard{
		window: w, back: canvas.NewRectangle(w.pal.surface), who: newText("", sizeCaption, w.pal.text, true),
		what: newText("", sizeCaption, w.pal.muted, false), at: newText("", sizeCaption, w.pal.faint, false),
		text: paragraph(""), about: historyLine(),
	}
	h.back.CornerRadius, h.back.StrokeWidth = 8, 1
	h.ExtendBaseWidget(h)
	return h
}

func (h *historyCard) set(e historyEntry) {
	if h.entry == e {
		return
	}
	h.entry = e
	p := h.window.pal
	h.back.FillColor, h.back.StrokeColor = p.surface, p.border
	if e.kind == toneBlue {
		h.back.FillColor, h.back.StrokeColor = p.note, p.noteEdge
	} else if e.kind != toneGrey {
		h.back.StrokeColor, _ = e.kind.of(p)
	}
	h.who.Text, h.what.Text, h.at.Text = e.who, e.what, e.at
	h.text.SetText(e.text)
	h.text.Hidden = e.text == ""
	h.about.SetText(e.about)
	h.about.Hidden = e.about == ""
	h.Refresh()
}

// labelPad is the padding Fyne puts around a label; the words have to stand in
// line with bare texts.
const labelPad = 6

// MinSize follows from the wrapped words.
func (h *historyCard) MinSize() fyne.Size {
	height := float32(34)
	if !h.text.Hidden {
		height += h.text.MinSize().Height - labelPad
	}
	if !h.about.Hidden {
		height += h.about.MinSize().Height - labelPad
	}
	return fyne.NewSize(120, height)
}

// CreateRenderer draws the card.
func (h *historyCard) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{h.back, h.who, h.what, h.at, h.text, h.about}}
	d.arrangement = arrangement{min: h.MinSize, place: h.place}
	d.refresh = func() {
		h.place(h.Size())
		canvas.Refresh(h)
	}
	return d
}

func (h *historyCard) place(size fyne.Size) {
	place(h.back, 0, 0, size.Width, size.Height)
	right := size.Width - 13
	at := h.at.MinSize().Width
	placeText(h.at, right-at, 18)
	what := h.what.MinSize().Width
	h.who.Text = h.window.cuts.fit(h.entry.who, sizeCaption, true, right-at-20-what-12)
	placeText(h.who, 12, 18)
	placeText(h.what, 12+h.who.MinSize().Width+6, 18)
	y := float32(24)
	for _, l := range []*widget.Label{h.text, h.about} {
		if l.Hidden {
			continue
		}
		width := size.Width - 2*12 + 2*labelPad
		if l.Size().Width != width {
			l.Resize(fyne.NewSize(width, 20))
		}
		m := l.MinSize().Height
		place(l, 12-labelPad, y, width, m)
		y += m - labelPad
	}
}
