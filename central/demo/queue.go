package demo

import (
	"sort"
	"time"

	"otklik/app"
)

// queueShares is what today's queue consists of, in 160ths.
var queueShares = []struct {
	plan plan
	n    int
}{
	{planNew, 13},
	{planRouted, 11},
	{planStarted, 9},
	{planReturned, 5},
	{planApproval, 26},
	{planInterim, 34},
	{planAgain, 8},
	{planAnswered, 50},
	{planReopened, 4},
}

// queue makes up n open appeals. Those that wait for a first answer have terms
// from two hours ago to eight hours ahead.
func (g *generator) queue(n int) []*spec {
	var out []*spec
	var outbreak *spec
	for _, share := range queueShares {
		for i := range (share.n*n + 80) / 160 {
			var s *spec
			switch share.plan {
			case planNew, planRouted, planStarted, planReturned, planApproval:
				// Few are late, most are due in the hours ahead, evenly.
				ahead := time.Duration((float64(i) + g.rnd.Float64()) / float64(share.n) * float64(8*time.Hour))
				if share.plan != planApproval && i == 0 {
					ahead = -time.Duration(10+g.rnd.IntN(105)) * time.Minute
				}
				s = g.dueAt(g.now.Add(ahead))
			case planAnswered:
				s = g.draw(g.now.Add(-time.Duration(6+g.rnd.IntN(50)) * time.Hour))
				if i%10 == 0 { // of one house: what a hot spot looks like
					outbreak = s.like(outbreak)
				}
			case planReopened:
				s = g.draw(g.now.Add(-time.Duration(5*24+g.rnd.IntN(100)) * time.Hour))
			default:
				s = g.draw(g.now.Add(-time.Duration(40+g.rnd.IntN(80)) * time.Hour))
			}
			if s.kind == app.KindFormal {
				s.kind = app.KindPOS
			}
			s.plan = share.plan
			out = append(out, s)
		}
	}
	return out
}

// like makes the appeal one of the same trouble at the same place as another, where
// there is one.
func (s *spec) like(o *spec) *spec {
	if o != nil {
		s.municipality, s.street, s.house, s.place, s.route = o.municipality, o.street, o.house, o.place, o.route
		s.topic, s.problem, s.severity = o.topic, o.problem, o.severity
	} else if topics[s.topic].praise {
		s.topic, s.problem = 0, 0
	}
	return s
}

// dueAt draws an appeal whose term ends about then. Terms in working time
// cannot end at night: a message of «Госуслуги» can, and where the region's
// rules allow neither, the source itself names the term.
func (g *generator) dueAt(due time.Time) *spec {
	s := g.draw(g.now)
	if topics[s.topic].praise {
		s.topic, s.problem = 0, 0
	}
	if g.chance(0.2) {
		s.severity = 3
	}
	lag := s.detected.Sub(s.at)
	for _, kind := range []app.Kind{s.kind, app.KindPOS} {
		s.kind = kind
		if kind == app.KindPOS {
			s.source, lag = app.SourcePOS, time.Minute
		}
		if at, ok := g.startFor(s, lag, due); ok {
			s.at, s.detected = at, at.Add(lag)
			return s
		}
	}
	s.at, s.due = due.Add(-20*time.Hour).UTC().Truncate(time.Second), due
	s.detected = s.at.Add(lag)
	return s
}

// startFor searches for the moment an appeal has to come in to be due then.
func (g *generator) startFor(s *spec, lag time.Duration, due time.Time) (time.Time, bool) {
	const back = 6 * 24 * 60 // minutes
	latest := g.now.Add(-lag - 4*time.Minute)
	when := func(i int) (at, end time.Time) {
		at = latest.Add(time.Duration(i-back) * time.Minute).UTC().Truncate(time.Second)
		return at, g.terms.Deadline(&app.Appeal{
			Kind: s.kind, Severity: s.severity, Municipality: s.municipality, Status: app.StatusNew,
			Group: topics[s.topic].group, Topic: topics[s.topic].name,
			Events: []app.Event{{ID: "p", Type: app.EventPublished, At: at}, {ID: "d", Type: app.EventDetected, At: at.Add(lag)}},
		}).Due
	}
	i := sort.Search(back, func(i int) bool {
		_, end := when(i)
		return !end.Before(due)
	})
	at, end := when(i)
	return at, !end.IsZero() && end.Sub(due).Abs() <= 15*time.Minute
}

// open leads an appeal to where its plan has it stand now.
func (l *life) open() {
	g, start := l.g, l.s.detected.Add(20*time.Second)
	switch l.s.plan {
	case planNew, planRouted, planStarted, planReturned, planApproval:
		l.thresholds(g.now)
		l.towards(start, g.now)
		return
	}
	reply := start.Add(10*time.Minute + g.around(100*time.Minute, 0.6))
	if limit := within(start, g.now, 0.5); reply.After(limit) {
		reply = limit
	}
	l.thresholds(reply)
	l.intake(start, reply)
	at := func(share float64) time.Time { return within(reply, g.now, share) }
	switch l.s.plan {
	case planInterim, planAgain:
		l.add(within(start, reply, 0.7), l.proposed())
		l.add(reply, l.interim(reply))
		if l.s.plan == planAgain {
			l.add(at(0.4), l.by(app.EventStarted))
			l.add(at(0.6), l.proposed())
			l.add(at(0.8), app.Event{Type: app.EventReturned, By: l.operator(), Text: l.reason()})
		}
	case planReopened:
		l.add(reply, l.final())
		l.add(at(0.4), app.Event{Type: app.EventClosed, By: l.operator(), Outcome: app.OutcomeSolved})
		l.add(g.now.Add(-time.Duration(5+g.rnd.IntN(50))*time.Minute), app.Event{Type: app.EventReopened, Text: one(g, comebacks)})
	default:
		l.conversation(reply)
	}
}

// towards takes the first steps of an appeal nobody has answered yet.
func (l *life) towards(start, now time.Time) {
	at := func(share float64) time.Time { return within(start, now, share) }
	if l.s.plan == planNew {
		return
	}
	if l.s.plan == planRouted {
		e := l.by(app.EventRouted)
		e.Target = l.g.executor(topics[l.s.topic].body, l.s.municipality)
		l.add(at(0.3), e)
		if l.g.chance(0.6) {
			l.add(at(0.5), app.Event{Type: app.EventAssigned, By: l.operator(), Target: l.operator()})
		}
		return
	}
	l.intake(start, at(0.8))
	if l.s.plan == planReturned || l.s.plan == planApproval {
		l.add(at(0.6), l.proposed())
	}
	if l.s.plan == planReturned {
		l.add(at(0.85), app.Event{Type: app.EventReturned, By: l.operator(), Text: l.reason()})
	}
}
