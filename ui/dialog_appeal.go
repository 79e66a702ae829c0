package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// questionWidth is the width of questions about an appeal.
const questionWidth = 520

// editorBox gives an editor of a question its height.
func editorBox(e *entry) fyne.CanvasObject { return sized(e, 0, 100) }

// askExecutor routes or redirects: to whom, on what topic, why.
func (s *appealsScreen) askExecutor(e app.EventType) {
	w := s.w
	card := s.detail.card
	if card == nil {
		return
	}
	a := card.Appeal
	region := w.desk.Region()
	picked := false // by the person
	executor := w.newChoice("", plain(region.Executors), a.Executor, func(string) { picked = true })
	topic := w.newTopicChoice(a.Group, a.Topic, card.Suggested...)
	place := w.newChoice("", w.municipalities(), a.Municipality, nil)
	suggest := func() {
		// Who has it now is nobody to redirect it to.
		if to := region.RouteFor(topic.group.value, topic.topic.value, place.value); !picked && to != "" && to != a.Executor {
			executor.set(to)
		}
	}
	if e == app.EventRedirected {
		executor.set("")
	}
	if executor.value == "" {
		suggest()
	}
	topic.changed = suggest
	place.chosen = func(string) { suggest() }
	reason := w.newEditor(w.text.T("ask.reason_hint"))
	s.detail.reply.begin(e, reason, nil)
	fields := container.New(column{gap: 12}, w.field(w.text.T("ask.executor"), executor))
	if e == app.EventRouted {
		fields.Add(w.field(w.text.T("ask.topic"), topic.object))
		if a.Municipality == "" {
			fields.Add(w.field(w.text.T("ask.municipality"), place))
		}
		fields.Add(w.field(w.text.T("ask.comment"), editorBox(reason)))
	} else {
		fields.Add(w.field(w.text.T("ask.reason"), editorBox(reason)))
	}
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask." + string(e)), content: fields, width: questionWidth,
		yes: w.text.T("ask.yes." + string(e)), first: executor,
		do: func() bool {
			var events []app.Event
			if place.value != a.Municipality {
				events = append(events, app.Event{Type: app.EventPlaced, Target: place.value})
			}
			if group, name := topic.value(); e == app.EventRouted && (group != a.Group || name != a.Topic) {
				events = append(events, app.Event{Type: app.EventClassified, Group: group, Target: name})
			}
			events = append(events, app.Event{Type: e, Target: executor.value, Text: strings.TrimSpace(reason.Text)})
			return s.tryIn(d, string(e), !s.mayGoOn(), events...)
		},
	})
}

// mayGoOn says whether who routes an appeal may also work on it: then it stays
// on the screen.
func (s *appealsScreen) mayGoOn() bool {
	routed := app.Appeal{Status: app.StatusRouted}
	return app.Judge(&routed, app.Event{Type: app.EventStarted}, s.w.desk.Me().Roles) == nil
}

// tryIn judges the events before the question closes: what is missing is said
// in it, and nothing typed is lost.
func (s *appealsScreen) tryIn(d *dialog, said string, moveOn bool, events ...app.Event) bool {
	if !s.judgedIn(d, events...) {
		return false
	}
	s.perform(said, moveOn, events...)
	return true
}

// judgedIn says in the question what stands in the way of the events.
func (s *appealsScreen) judgedIn(d *dialog, events ...app.Event) bool {
	a, roles := s.detail.card.Appeal.Clone(), s.w.desk.Me().Roles
	for _, e := range events {
		e.ID, e.At = string(e.Type)+" asked", s.w.desk.Now()
		err := app.Judge(a, e, roles)
		if err == nil {
			err = s.w.desk.Terms().Allow(a, e)
		}
		if err != nil {
			d.tell(s.w.text.Sentence(err))
			return false
		}
		a.Apply(e)
	}
	return true
}

// askText asks for the words of an event.
func (s *appealsScreen) askText(e app.EventType, moveOn bool) {
	w := s.w
	text := w.newEditor(w.text.T("ask.hint." + string(e)))
	s.detail.reply.begin(e, text, nil)
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask." + string(e)), content: s.warnedOfShut(e, container.New(column{gap: 12}, editorBox(text))), width: questionWidth,
		yes: w.text.T("ask.yes." + string(e)), first: text,
		do: func() bool {
			return s.tryIn(d, string(e), moveOn, app.Event{Type: e, Text: strings.TrimSpace(text.Text)})
		},
	})
}

// askReturn sends an answer back with a reason of the region's list.
func (s *appealsScreen) askReturn() {
	reasons := s.w.desk.Region().Reasons
	first := ""
	if len(reasons) > 0 {
		first = reasons[0]
	}
	s.askReason(app.EventReturned, reasons, first)
}

// askReject turns an appeal down, for a reason of the region's list or one in the
// person's own words; none is taken for granted.
func (s *appealsScreen) askReject() {
	s.askReason(app.EventRejected, s.w.desk.Region().Rejections, "")
}

// askReason asks for a reason of a list and a comment, either of which is enough.
func (s *appealsScreen) askReason(e app.EventType, reasons []string, chosen string) {
	w := s.w
	reason := w.newChoice("", plain(reasons), chosen, nil)
	more := w.newEditor(w.text.T("ask.comment_hint"))
	first := fyne.Focusable(reason)
	if chosen == "" {
		first = more
	}
	s.detail.reply.begin(e, more, nil)
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask." + string(e)), width: questionWidth, yes: w.text.T("ask.yes." + string(e)), first: first,
		content: container.New(column{gap: 12}, w.field(w.text.T("ask.reason"), reason), w.field(w.text.T("ask.comment"), editorBox(more))),
		do: func() bool {
			text := strings.TrimSpace(reason.value + "\n" + strings.TrimSpace(more.Text))
			return s.tryIn(d, string(e), true, app.Event{Type: e, Text: text})
		},
	})
}

// askInterim sends the text as an interim answer that promises a date.
func (s *appealsScreen) askInterim() {
	w := s.w
	r := s.detail.reply
	date := w.newEntry(w.text.T("ask.date_hint"))
	if most, ok := w.desk.Terms().FinalBy(s.detail.card.Appeal, w.desk.Now()); ok {
		date.SetText(w.text.Date(w.here(most))) // a person may promise an earlier day
	}
	text := w.newEditor(w.text.T("reply.answer_hint"))
	text.SetText(r.texts[tabAnswer])
	r.begin(app.EventInterim, text, date)
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask.interim"), width: questionWidth, yes: w.text.T("ask.yes.interim"), first: date,
		content: s.warnedOfShut(app.EventInterim, container.New(column{gap: 12},
			w.field(w.text.T("ask.final_by"), sized(date, 0, buttonHeight)), w.field(w.text.T("ask.answer"), editorBox(text)))),
		do: func() bool {
			by, ok := w.readDate(date.Text)
			if !ok || !by.After(w.desk.Now()) {
				d.tell(w.text.T("ask.date_wrong"))
				return false
			}
			e := app.Event{Type: app.EventInterim, Text: strings.TrimSpace(text.Text), FinalBy: by}
			if !s.judgedIn(d, e) {
				return false
			}
			d.close()
			r.review(e, func(string) { s.perform("interim", true, e) })
			return true
		},
	})
}

// readDate reads ДД.ММ.ГГГГ as the end of that working day in the region.
func (w *Window) readDate(s string) (time.Time, bool) {
	at, err := time.ParseInLocation("02.01.2006", strings.TrimSpace(s), w.desk.Region().Location())
	if err != nil {
		return time.Time{}, false
	}
	end := w.desk.Region().Hours.End
	return time.Date(at.Year(), at.Month(), at.Day(), int(end)/60, int(end)%60, 0, 0, at.Location()), true
}

// askOutcome closes an answered appeal.
func (s *appealsScreen) askOutcome() {
	w := s.w
	outcome := w.newChoice("", outcomeOptions(w), string(app.OutcomeSolved), nil)
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask.closed"), content: w.field(w.text.T("ask.outcome"), outcome), width: 420,
		yes: w.text.T("ask.yes.closed"), first: outcome,
		do: func() bool {
			return s.tryIn(d, "closed", true, app.Event{Type: app.EventClosed, Outcome: app.Outcome(outcome.value)})
		},
	})
}

// askAssignee gives the appeal to a person.
func (s *appealsScreen) askAssignee() {
	w := s.w
	name := w.newEntry(w.text.T("ask.person_hint"))
	name.SetText(s.detail.card.Appeal.Assignee)
	s.askLine(app.EventAssigned, "ask.person", name)
}

// askLine asks for one line, the target of the event.
func (s *appealsScreen) askLine(e app.EventType, caption string, line *entry) {
	w := s.w
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask." + string(e)), content: w.field(w.text.T(caption), sized(line, 0, buttonHeight)), width: 420,
		yes: w.text.T("ask.yes." + string(e)), first: line,
		do: func() bool {
			return s.tryIn(d, string(e), false, app.Event{Type: e, Target: strings.TrimSpace(line.Text)})
		},
	})
}

// askParent merges the appeal into another, named by its number.
func (s *appealsScreen) askParent() {
	w, id := s.w, s.detail.card.Appeal.ID
	name := w.newEntry(w.text.T("ask.parent_hint"))
	var slot Slot
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask.merged"), content: w.field(w.text.T("ask.parent"), sized(name, 0, buttonHeight)), width: 420,
		yes: w.text.T("ask.yes.merged"), first: name,
		do: func() bool {
			wanted := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name.Text), "№"))
			w.live.Load(&slot, func(context.Context) (func(), error) {
				parent, err := w.byNumber(wanted)
				if err != nil {
					return nil, err
				}
				return func() {
					if parent == "" || parent == id {
						d.tell(w.text.T("ask.parent_wrong"))
					} else if w.dialog == d && s.tryIn(d, "merged", true, app.Event{Type: app.EventMerged, Target: parent}) {
						d.close()
					}
				}, nil
			})
			return false // closes when the number has been found
		},
	})
}

// byNumber finds the ID of the appeal people call by the number, "" where
// there is none. It reads the store.
func (w *Window) byNumber(number string) (string, error) {
	if number == "" {
		return "", nil
	}
	for _, q := range []app.Queue{app.QueueOpen, app.QueueArchive} {
		found, err := w.desk.Find(app.Query{Queue: q, Words: number + " "}) // the whole number
		if err != nil {
			return "", err
		}
		for _, record := range found.Records[:min(50, len(found.Records))] {
			row, err := w.desk.Row(record)
			if err != nil {
				return "", err
			}
			if row.Number == number {
				return row.ID, nil
			}
		}
	}
	return "", nil
}

// plain makes options whose words are their values.
func plain(values []string) []option {
	out := make([]option, len(values))
	for i, v := range values {
		out[i] = option{v, v}
	}
	return out
}

// topicChoice is a group of topics and a topic of it.
type topicChoice struct {
	group, topic *choice
	changed      func() // another one was chosen
	object       fyne.CanvasObject
}

// newTopicChoice offers all topics; a click on one that is suggested chooses it.
func (w *Window) newTopicChoice(group, topic string, suggested ...app.Suggestion) *topicChoice {
	c := &topicChoice{}
	var groups []option
	topics := map[string][]option{}
	for _, g := range w.desk.Region().Groups {
		groups = append(groups, option{g.Name, g.Name})
		topics[g.Name] = append([]option{{"", w.text.T("ask.topic_none")}}, plain(g.Topics)...)
	}
	tell := func() {
		if c.changed != nil {
			c.changed()
		}
	}
	c.topic = w.newChoice("", topics[group], topic, func(string) { tell() })
	c.group = w.newChoice("", groups, group, func(v string) {
		c.topic.setOptions(topics[v])
		c.topic.set("")
		c.topic.setDisabled(v == "")
		tell()
	})
	c.topic.setDisabled(group == "")
	both := container.New(column{gap: 6}, c.group, c.topic)
	c.object = both
	pills := container.New(newFlow(6), newText(w.text.T("finder.suggested"), sizeCaption, w.pal.muted, false))
	for _, one := range likely(suggested) {
		words := nameOf(one.TopicName) + " " + w.percent(one.Share)
		pills.Add(w.newClickable(w.newStateChip(words, toneBlue), func() {
			c.group.set(one.Group)
			c.topic.setOptions(topics[one.Group])
			c.topic.set(one.Topic)
			c.topic.setDisabled(false)
			tell()
		}))
	}
	if len(pills.Objects) > 1 {
		both.Add(pills)
	}
	return c
}

func (c *topicChoice) value() (group, topic string) { return c.group.value, c.topic.value }
