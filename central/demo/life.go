package demo

import (
	"fmt"
	"slices"
	"time"

	"otklik/app"
)

// life gathers the steps of one appeal; they are applied in the order of time.
type life struct {
	g      *generator
	s      *spec
	a      *app.Appeal
	events []app.Event
}

// live makes up the whole history of an appeal and folds it.
func (g *generator) live(s *spec) *app.Appeal {
	l := &life{g: g, s: s, a: g.appeal(s)}
	l.origin()
	if s.plan == planEnded {
		l.ended()
	} else {
		l.open()
	}
	slices.SortStableFunc(l.events, func(x, y app.Event) int { return x.At.Compare(y.At) })
	for _, e := range l.events {
		l.a.Apply(e)
	}
	return l.a
}

func (l *life) add(at time.Time, e app.Event) {
	e.At = at.UTC().Truncate(time.Second)
	e.ID = l.g.id(e.At)
	l.events = append(l.events, e)
}

func (l *life) operator() string { return fmt.Sprintf("Оператор %d", 1+l.g.rnd.IntN(6)) }

func (l *life) by(t app.EventType) app.Event { return app.Event{Type: t, By: l.operator()} }

func (l *life) origin() {
	l.add(l.s.at, app.Event{Type: app.EventPublished})
	l.add(l.s.detected, app.Event{Type: app.EventDetected})
	if l.s.kind == app.KindFormal {
		l.add(l.s.detected, app.Event{Type: app.EventRegistered})
	}
	switch l.s.source {
	case app.SourceVK, app.SourceTelegram, app.SourceMAX, app.SourceViber:
		if l.g.chance(0.15) {
			l.add(l.s.detected.Add(8*time.Second), app.Event{Type: app.EventAutoReply, Text: one(l.g, autoReplies)})
		}
	}
}

// responded draws when the first answer of a person comes: by day after some
// hours, for what came at night mostly in the morning, and now and then late.
func (l *life) responded() time.Time {
	g, from := l.g, l.s.detected
	term := g.terms.AnswerDue(&app.Appeal{
		Kind: l.s.kind, Severity: l.s.severity, Municipality: l.s.municipality, Group: l.a.Group, Topic: l.a.Topic,
		Events: []app.Event{
			{ID: "p", Type: app.EventPublished, At: l.s.at},
			{ID: "d", Type: app.EventDetected, At: from},
			{ID: "r", Type: app.EventRegistered, At: from},
		},
	})
	if g.chance(0.065) && !term.IsZero() {
		return term.Add(4*time.Minute + g.around(2*time.Hour, 0.9))
	}
	at := from.Add(4*time.Minute + g.around(112*time.Minute, 1.1))
	if l.s.kind == app.KindFormal {
		at = from.Add(g.around(9*24*time.Hour, 0.5))
	} else if h := from.In(g.region.Location()).Hour(); (h >= 21 || h < 7) && g.chance(0.75) {
		morning := time.Duration((31-h)%24)*time.Hour + 30*time.Minute
		at = from.Add(morning + g.around(80*time.Minute, 0.8))
	}
	if !term.IsZero() && at.After(term.Add(-2*time.Minute)) {
		at = from.Add(time.Duration((0.3 + 0.65*g.rnd.Float64()) * float64(term.Sub(from))))
	}
	return at
}

// within gives the moment that lies at the share between two others.
func within(from, to time.Time, share float64) time.Time {
	return from.Add(time.Duration(share * float64(to.Sub(from))))
}

func (l *life) ended() {
	g, start := l.g, l.s.detected.Add(20*time.Second)
	reply := l.responded()
	if limit := within(start, g.now, 0.9); reply.After(limit) {
		reply = limit
	}
	switch x := g.rnd.Float64(); {
	case x < 0.02:
		l.add(reply, app.Event{Type: app.EventRejected, By: l.operator(), Text: one(g, refusals)})
		return
	case x < 0.04 && g.previous != "":
		l.add(reply, app.Event{Type: app.EventMerged, By: l.operator(), Target: g.previous})
		return
	}
	l.thresholds(reply)
	l.intake(start, reply)
	answered := l.answer(start, reply)
	closed := answered.Add(15*time.Minute + g.around(20*time.Hour, 0.8))
	if limit := within(answered, g.now, 0.85); closed.After(limit) {
		closed = limit
	}
	outcome := l.outcome()
	l.add(closed, app.Event{Type: app.EventClosed, By: l.operator(), Outcome: outcome, Text: one(g, closings)})
	again := closed.Add(g.around(3*24*time.Hour, 0.6))
	if g.chance(0.04) && again.Before(g.now.Add(-3*24*time.Hour)) {
		l.secondRound(again)
	}
	if g.chance(0.18) {
		l.add(within(start, closed, g.rnd.Float64()), app.Event{Type: app.EventNote, By: l.operator(), Text: one(g, notes)})
	}
}

// intake leads from new to in work, on the way to a reply.
func (l *life) intake(start, reply time.Time) {
	g := l.g
	at := func(share float64) time.Time { return within(start, reply, share) }
	if g.chance(0.03) && l.s.plan == planEnded {
		l.add(at(0.02), app.Event{Type: app.EventClarifying, By: l.operator(), Text: one(g, questions)})
		l.add(at(0.06), app.Event{Type: app.EventClarified, Text: g.phrase(one(g, additions), l.s, "")})
	}
	if g.chance(0.08) {
		l.add(at(0.08), app.Event{Type: app.EventClassified, By: l.operator(), Group: l.a.Group, Target: l.a.Topic})
	}
	body := g.executor(topics[l.s.topic].body, l.s.municipality)
	own := g.administration(l.s.municipality)
	routed := l.by(app.EventRouted)
	routed.Target = body
	if g.chance(0.07) && body != own {
		l.add(at(0.2), app.Event{Type: app.EventRedirected, By: l.operator(), Target: body, Text: one(g, redirects)})
		routed.Target = own
	}
	l.add(at(0.12), routed)
	if g.chance(0.7) {
		l.add(at(0.25), app.Event{Type: app.EventAssigned, By: l.operator(), Target: l.operator()})
	}
	l.add(at(0.35), l.by(app.EventStarted))
}

// answer leads from in work to the final answer and gives its moment; the first
// reply, interim or final, is given at reply.
func (l *life) answer(start, reply time.Time) time.Time {
	g := l.g
	at := func(share float64) time.Time { return within(start, reply, share) }
	final := reply.Add(26*time.Hour + g.around(40*time.Hour, 0.5))
	direct := g.chance(0.48)
	if direct {
		l.add(reply, l.final())
		return reply
	}
	l.add(at(0.6), l.proposed())
	if g.chance(0.1) {
		l.add(at(0.72), app.Event{Type: app.EventReturned, By: l.operator(), Text: l.reason()})
		l.add(at(0.85), l.proposed())
	}
	if g.chance(0.24) && final.Before(g.now.Add(-6*time.Hour)) && l.s.kind != app.KindFormal {
		l.add(reply, l.interim(reply))
		l.add(within(reply, final, 0.5), l.by(app.EventStarted))
		l.add(within(reply, final, 0.9), l.proposed())
		l.add(final, l.final())
		return final
	}
	l.add(reply, l.final())
	return reply
}

func (l *life) secondRound(again time.Time) {
	l.add(again, app.Event{Type: app.EventReopened, Text: one(l.g, comebacks)})
	reply := again.Add(30*time.Minute + l.g.around(3*time.Hour, 0.7))
	l.add(within(again, reply, 0.4), l.by(app.EventStarted))
	l.add(reply, l.final())
	l.add(reply.Add(20*time.Hour), app.Event{Type: app.EventClosed, By: l.operator(), Outcome: l.outcome()})
}

func (l *life) reason() string {
	if len(l.g.region.Reasons) == 0 {
		return "Формальный ответ"
	}
	return one(l.g, l.g.region.Reasons)
}

func (l *life) outcome() app.Outcome {
	if topics[l.s.topic].praise {
		return app.OutcomeExplained
	}
	return []app.Outcome{app.OutcomeSolved, app.OutcomeExplained, app.OutcomePostponed, app.OutcomeNotSolved}[l.g.pick([]float64{62, 24, 9, 5})]
}

func (l *life) reply() string {
	t := &topics[l.s.topic]
	switch {
	case t.praise:
		return "Здравствуйте! " + t.done[0]
	case l.g.chance(0.68):
		return l.g.phrase(one(l.g, answersSolved), l.s, l.g.done(l.s))
	}
	return l.g.phrase(one(l.g, answersExplained), l.s, "")
}

func (l *life) proposed() app.Event {
	e := l.by(app.EventSubmitted)
	e.Text = l.reply()
	return e
}

func (l *life) final() app.Event {
	e := l.by(app.EventAnswered)
	e.Text, e.Link, e.ByHand = l.reply(), l.a.Link, l.a.Link == ""
	return e
}

// interim promises the final answer by the evening of a day in the next week.
func (l *life) interim(at time.Time) app.Event {
	e := l.by(app.EventInterim)
	e.Text = l.g.phrase(one(l.g, answersInterim), l.s, "")
	local := at.In(l.g.region.Location())
	e.FinalBy = time.Date(local.Year(), local.Month(), local.Day()+5+l.g.rnd.IntN(4), 18, 0, 0, 0, local.Location()).UTC()
	return e
}

// thresholds marks 50, 80 and 100 % of the term, as far as they pass before the
// reply.
func (l *life) thresholds(reply time.Time) {
	soFar := *l.a
	soFar.Events = slices.Clone(l.events)
	due := l.g.terms.Deadline(&soFar).Due
	from := l.s.detected.Add(15 * time.Second)
	if due.IsZero() || !due.After(from) {
		return
	}
	for _, p := range []int{50, 80, 100} {
		if at := within(from, due, float64(p)/100); at.Before(reply.Add(-10 * time.Second)) {
			l.add(at, app.Event{Type: app.EventEscalated, Percent: p})
		}
	}
}
