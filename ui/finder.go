package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

const (
	topicRowHeight = 62
	topicRows      = 5
	topicWidth     = 640
	pillHeight     = 22 // of the facts it stands among
)

// suggestions is how many are offered at most, each of which is as likely as that.
const (
	suggestions = 3
	offeredFrom = 0.05
)

// likely gives the suggestions that are worth a line.
func likely(all []app.Suggestion) []app.Suggestion {
	n := 0
	for n < min(suggestions, len(all)) && all[n].Share >= offeredFrom {
		n++
	}
	return all[:n]
}

// looksLike is from which share on the card says what an appeal looks like.
const looksLike = 0.5

// finder asks in people's words what an appeal is about. With nothing typed the
// topics it looks like stand first, then all of the region.
type finder struct {
	w      *Window
	screen *appealsScreen
	card   *app.Card // nil: the list is narrowed by the topic instead
	dialog *dialog
	search *entry
	list   *list
	none   *canvas.Text
	found  []foundTopic
	texts  map[app.TopicName]app.TopicHit
}

// foundTopic is one line of the finder.
type foundTopic struct {
	app.TopicHit
	share float64 // of a suggestion
}

// findTopic opens the finder: for the appeal on the screen, or for the list.
func (s *appealsScreen) findTopic() {
	desk := s.w.desk
	s.w.live.LoadNow(&s.topicSlot, func(context.Context) (func(), error) {
		all := desk.FindTopics("") // reads the tables, the first time
		return func() {
			if s.w.dialog == nil {
				s.askTopic(all)
			}
		}, nil
	})
}

// askTopic opens the finder with all topics there are.
func (s *appealsScreen) askTopic(all []app.TopicHit) {
	w := s.w
	f := &finder{w: w, screen: s, card: s.detail.card, search: w.newEntry(w.text.T("finder.hint")), texts: map[app.TopicName]app.TopicHit{}}
	for _, h := range all {
		f.texts[h.TopicName] = h
	}
	f.list = w.newList(topicRowHeight, func() listRow { return w.newTopicRow() }, func(i int, r listRow) {
		r.(*topicRow).set(f.found[i])
	})
	f.list.lined, f.list.clickAgain = true, true
	f.list.activate = func(int) { f.dialog.accept() }
	f.search.OnChanged = f.narrow
	f.search.key = f.typed
	f.none = newText(w.text.T("finder.none"), sizeText, w.pal.muted, false)
	frame := w.framed(container.NewStack(f.list, container.NewCenter(f.none)), gaps{2, 2, 2, 2})
	content := container.New(column{gap: 8}, sized(f.search, 0, buttonHeight), sized(frame, 0, topicRows*topicRowHeight+4))
	q := question{title: w.text.T("finder.title_list"), content: content, width: topicWidth, yes: w.text.T("finder.narrow"), first: f.search, do: f.narrowList}
	if f.card != nil {
		q.title, q.yes, q.do = w.text.T("finder.title", number(w, f.card.Appeal)), w.text.T("finder.set"), f.set
		content.Add(container.New(line{}, w.button(w.text.T("finder.narrow"), "", func() {
			if f.narrowList() {
				f.dialog.close()
			}
		})))
	}
	f.dialog = w.ask(q)
	f.narrow("")
}

// narrow shows the topics that the words mean.
func (f *finder) narrow(words string) {
	f.found = f.found[:0]
	if blank(words) && f.card != nil {
		for _, s := range likely(f.card.Suggested) {
			hit := f.texts[s.TopicName]
			hit.TopicName = s.TopicName
			f.found = append(f.found, foundTopic{hit, s.Share})
		}
	}
	for _, h := range f.w.desk.FindTopics(words) {
		f.found = append(f.found, foundTopic{TopicHit: h})
	}
	if f.none.Hide(); len(f.found) == 0 {
		f.none.Show()
	}
	f.dialog.problem.Hide()
	f.list.selected, f.list.top = -1, 0
	f.list.setCount(len(f.found))
	if len(f.found) > 0 {
		f.list.selectRow(0)
	}
}

// typed are the keys of the list while the search line has the focus.
func (f *finder) typed(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		f.dialog.accept()
		return true
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		return f.list.move(e.Name)
	}
	return false
}

// chosen gives the topic selected.
func (f *finder) chosen() (app.TopicName, bool) {
	if i := f.list.selected; i >= 0 && i < len(f.found) {
		return f.found[i].TopicName, true
	}
	f.dialog.tell(f.w.text.T("finder.choose"))
	return app.TopicName{}, false
}

// set gives the appeal the topic, if this person may.
func (f *finder) set() bool {
	topic, ok := f.chosen()
	if !ok {
		return false
	}
	if a := f.card.Appeal; a.Group == topic.Group && a.Topic == topic.Topic {
		return true // it has it
	}
	return f.screen.tryIn(f.dialog, "classified", false, app.Event{Type: app.EventClassified, Group: topic.Group, Target: topic.Topic})
}

// narrowList shows the appeals on the topic.
func (f *finder) narrowList() bool {
	topic, ok := f.chosen()
	if !ok {
		return false
	}
	q := &f.screen.query
	q.Groups, q.Topics = []string{topic.Group}, nil
	if topic.Topic != "" {
		q.Topics = []string{topic.Topic}
	}
	f.screen.narrowed()
	return true
}

// topicRow is one topic: its name and group, what led to it, what an appeal on it
// should contain and what it is not to be taken for.
type topicRow struct {
	widget.BaseWidget
	window *Window
	topic  foundTopic
	name   *canvas.Text
	group  *canvas.Text
	why    *canvas.Text
	texts  [2]*canvas.Text
}

func (w *Window) newTopicRow() *topicRow {
	r := &topicRow{
		window: w, name: newText("", sizeText, w.pal.text, true), group: newText("", sizeText, w.pal.muted, false),
		why: newText("", sizeCaption, w.pal.link, false),
	}
	for i := range r.texts {
		r.texts[i] = newText("", sizeCaption, w.pal.second, false)
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *topicRow) set(t foundTopic) {
	r.topic = t
	r.Refresh()
}

func (r *topicRow) mark(bool, bool) {}

// CreateRenderer draws the lines.
func (r *topicRow) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{r.name, r.group, r.why, r.texts[0], r.texts[1]}}
	d.arrangement = arrangement{min: func() fyne.Size { return fyne.NewSize(200, topicRowHeight) }, place: r.place}
	d.refresh = func() {
		r.place(r.Size())
		canvas.Refresh(r)
	}
	return d
}

func (r *topicRow) place(size fyne.Size) {
	const side = 12
	t, c := r.window.text, r.window.cuts
	name, group := r.topic.Topic, r.topic.Group
	if name == "" {
		name, group = group, t.T("finder.group")
	}
	var texts []string
	if r.topic.Must != "" {
		texts = append(texts, t.T("finder.must", r.topic.Must))
	}
	if r.topic.Not != "" {
		texts = append(texts, t.T("finder.not", r.topic.Not))
	}
	y := (size.Height-18*float32(1+len(texts)))/2 + 9
	r.why.Text = c.fit(r.window.whyTopic(r.topic), sizeCaption, false, size.Width/2-side)
	why := r.why.MinSize().Width
	placeText(r.why, size.Width-side-why, y)
	room := size.Width - 3*side - why
	r.name.Text = c.fit(name, sizeText, true, room)
	placeText(r.name, side, y)
	x := side + r.name.MinSize().Width + 8
	r.group.Text = c.fit(group, sizeText, false, size.Width-2*side-why-x)
	placeText(r.group, x, y)
	for i := range r.texts {
		r.texts[i].Text = ""
		if i < len(texts) {
			y += 18
			r.texts[i].Text = c.fit(texts[i], sizeCaption, false, size.Width-2*side)
			placeText(r.texts[i], side, y)
		}
	}
}

// whyTopic says what led to the topic: the share of a suggestion, or the words that
// stand for those that were typed.
func (w *Window) whyTopic(t foundTopic) string {
	if t.share > 0 {
		return w.text.T("finder.looks_like", w.percent(t.share))
	}
	var words []string
	for _, m := range t.Why {
		if m.Word == m.Found {
			words = append(words, m.Word)
		} else {
			words = append(words, m.Word+" ("+m.Found+")")
		}
	}
	return strings.Join(words, ", ")
}

// percent writes how likely a suggestion is. It is never certain.
func (w *Window) percent(share float64) string { return w.text.Percent(min(share, 0.99), 0) }

// suggestion is a pill that says what the appeal looks like, where that is likelier
// than not and news; it leads to the finder, where Enter accepts it.
func (d *detail) suggestion() fyne.CanvasObject {
	if len(d.card.Suggested) == 0 {
		return nil
	}
	w, a, s := d.screen.w, d.card.Appeal, d.card.Suggested[0]
	news := s.Group != a.Group || a.Topic == "" && s.Topic != ""
	if s.Share < looksLike || !news {
		return nil
	}
	words := w.text.T("appeal.looks_like", nameOf(s.TopicName), w.percent(s.Share))
	return w.newClickable(sized(w.newStateChip(words, toneBlue), 0, pillHeight), d.screen.findTopic)
}

// nameOf is how a topic is called where its group need not be told.
func nameOf(t app.TopicName) string {
	if t.Topic != "" {
		return t.Topic
	}
	return t.Group
}
