package ui

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// refusedShown bounds the numbers of refused appeals in a report; all of them can be
// kept selected.
const refusedShown = 300

func (s *appealsScreen) assignMany(records []uint64) {
	w, t := s.w, s.w.text
	name := w.newEntry(t.T("ask.person_hint"))
	name.SetText(w.desk.Me().Name)
	var d *dialog
	d = w.ask(question{
		title: t.N("bulk.ask.assigned", len(records)), width: 420, yes: t.T("ask.yes.assigned"), first: name,
		content: w.field(t.T("ask.person"), sized(name, 0, buttonHeight)),
		do: func() bool {
			who := strings.TrimSpace(name.Text)
			d.close()
			s.many(records, func(a *app.Appeal) []app.Event {
				if a.Assignee == who {
					return nil
				}
				return []app.Event{{Type: app.EventAssigned, Target: who}}
			})
			return false
		},
	})
}

func (s *appealsScreen) routeMany(records []uint64) {
	w, t := s.w, s.w.text
	executor := w.newChoice("", plain(w.desk.Region().Executors), "", nil)
	comment := w.newEditor("")
	var d *dialog
	d = w.ask(question{
		title: t.N("bulk.ask.routed", len(records)), width: questionWidth, yes: t.T("ask.yes.routed"), first: executor,
		content: container.New(column{gap: 12}, w.field(t.T("ask.executor"), executor), w.field(t.T("ask.comment"), editorBox(comment))),
		do: func() bool {
			to, text := executor.value, strings.TrimSpace(comment.Text)
			if to == "" {
				d.tell(t.Sentence(app.Fail(app.CodeNeedsField, "executor")))
				return false
			}
			d.close()
			s.many(records, func(a *app.Appeal) []app.Event {
				if a.Status == app.StatusRouted && a.Executor == to {
					return nil
				}
				return []app.Event{{Type: app.EventRouted, Target: to, Text: text}}
			})
			return false
		},
	})
}

func (s *appealsScreen) classifyMany(records []uint64) {
	w, t := s.w, s.w.text
	topic := w.newTopicChoice("", "")
	var d *dialog
	d = w.ask(question{
		title: t.N("bulk.ask.classified", len(records)), width: questionWidth, yes: t.T("ask.yes.classified"), first: topic.group,
		content: topic.object,
		do: func() bool {
			group, name := topic.value()
			if group == "" {
				d.tell(t.Sentence(app.Fail(app.CodeNeedsField, "topic")))
				return false
			}
			d.close()
			s.many(records, func(a *app.Appeal) []app.Event {
				if a.Group == group && a.Topic == name {
					return nil
				}
				return []app.Event{{Type: app.EventClassified, Group: group, Target: name}}
			})
			return false
		},
	})
}

// answerMany answers with one text; who may not answer directly proposes it.
func (s *appealsScreen) answerMany(records []uint64) {
	w, t := s.w, s.w.text
	text := w.newEditor(t.T("reply.answer_hint"))
	var names []option
	texts := map[string]string{}
	for _, one := range w.desk.Region().Templates {
		names = append(names, option{one.Name, one.Name})
		texts[one.Name] = one.Text
	}
	template := w.newChoice("", names, "", func(name string) { text.SetText(texts[name]) })
	var first fyne.Focusable = template
	if len(names) == 0 {
		first = text
	}
	var d *dialog
	d = w.ask(question{
		title: t.N("bulk.ask.answered", len(records)), width: 600, yes: t.T("bulk.yes.answered"), first: first,
		content: container.New(column{gap: 12}, w.field(t.T("reply.template"), template),
			w.field(t.T("ask.answer"), sized(text, 0, 150)), w.warning(aligned(paragraph(t.T("bulk.same_text"))))),
		do: func() bool {
			answer := strings.TrimSpace(text.Text)
			if answer == "" {
				d.tell(t.Sentence(app.Fail(app.CodeEmptyText)))
				return false
			}
			roles := w.desk.Me().Roles
			d.close()
			s.many(records, func(a *app.Appeal) []app.Event {
				return answerOrSubmit(a, w.desk.Answer(a, w.desk.Fill(answer, a), ""), roles)
			})
			return false
		},
	})
}

// answerOrSubmit answers, or proposes the answer where the person may not. What
// waits for approval has a text already, which is nobody's to replace unread.
func answerOrSubmit(a *app.Appeal, answer []app.Event, roles []app.Role) []app.Event {
	submit := app.Submit(a, answerOf(answer).Text)
	if a.Status == app.StatusApproval || !allowed(a, answer, roles) && allowed(a, submit, roles) {
		return submit
	}
	return answer
}

// allowed asks the table of transitions whether all events may happen one after the
// other.
func allowed(a *app.Appeal, events []app.Event, roles []app.Role) bool {
	a = a.Clone()
	for _, e := range events {
		if app.Judge(a, e, roles) != nil {
			return false
		}
		e.ID = string(e.Type) + " asked"
		a.Apply(e)
	}
	return true
}

func (s *appealsScreen) closeMany(records []uint64) {
	w, t := s.w, s.w.text
	outcome := w.newChoice("", outcomeOptions(w), string(app.OutcomeSolved), nil)
	var d *dialog
	d = w.ask(question{
		title: t.N("bulk.ask.closed", len(records)), width: 420, yes: t.T("ask.yes.closed"), first: outcome,
		content: w.field(t.T("ask.outcome"), outcome),
		do: func() bool {
			e := app.Event{Type: app.EventClosed, Outcome: app.Outcome(outcome.value)}
			d.close()
			s.many(records, func(*app.Appeal) []app.Event { return []app.Event{e} })
			return false
		},
	})
}

// many does something with many appeals, showing how far it is.
func (s *appealsScreen) many(records []uint64, events func(*app.Appeal) []app.Event) {
	w := s.w
	p := w.working(w.text.N("bulk.working", len(records)))
	p.open()
	var r app.ManyReport
	w.live.Try(func() (err error) {
		r, err = w.desk.ActMany(p.ctx, records, events, p.told)
		return err
	}, func(err error) {
		p.end()
		s.reload()
		s.reloadCard()
		s.reported(r, err, w.text.N("bulk.done", r.Done), w.did)
	})
}

// reported says what became of an action on many: in a line where all is well, and
// otherwise every refused one by its number, with the reason.
func (s *appealsScreen) reported(r app.ManyReport, err error, done string, say func(string)) {
	w, t := s.w, s.w.text
	if r.Same > 0 {
		done += " · " + t.N("bulk.same", r.Same)
	}
	switch {
	case err == nil && len(r.Refused) == 0 && !r.Stopped:
		say(done)
		return
	case w.shut != "": // the window says it all
		return
	}
	lines := []fyne.CanvasObject{aligned(paragraph(done))}
	if r.Left() > 0 {
		lines = append(lines, aligned(paragraph(t.N("bulk.left", r.Left()))))
	}
	if err != nil {
		lines = append(lines, w.warning(aligned(paragraph(t.Sentence(err)))))
	}
	q := question{title: t.T("bulk.report"), width: 600, no: t.T("dialog.close"), closed: func() {
		if r.Done > 0 {
			say(done)
		}
	}}
	if len(r.Refused) > 0 {
		scroll := w.quiet(container.NewVScroll(paragraph(w.refusals(r.Refused))))
		lines = append(lines, newText(t.N("bulk.refused", len(r.Refused)), sizeText, w.pal.text, true),
			sized(w.framed(scroll, gaps{2, 2, 2, 2}), 0, 200))
		q.yes, q.do = t.T("bulk.keep_refused"), func() bool {
			var records []uint64
			for _, one := range r.Refused {
				records = append(records, one.Record)
			}
			s.picked.only(records)
			return true
		}
	}
	q.content = container.New(column{gap: 8}, lines...)
	w.ask(q)
}

// refusals lists refused appeals under their reasons.
func (w *Window) refusals(all []app.LeftOut) string {
	t := w.text
	var order []string
	numbers := map[string][]string{}
	counts := map[string]int{}
	for i, one := range all {
		why := t.Sentence(one.Err)
		if counts[why]++; counts[why] == 1 {
			order = append(order, why)
		}
		if i < refusedShown {
			numbers[why] = append(numbers[why], cmp.Or(one.Number, t.T("appeal.no_number")))
		}
	}
	var b strings.Builder
	for _, why := range order {
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(why + "\n" + strings.Join(numbers[why], ", "))
		if more := counts[why] - len(numbers[why]); more > 0 {
			b.WriteString(" " + t.T("bulk.and_more", t.Number(int64(more))))
		}
	}
	return b.String()
}
