package app

import (
	"slices"
	"time"
)

// Clock is one term of an appeal with all that explains it.
type Clock struct {
	Aim   Aim
	Round int // 1 is the first; a reopening begins another
	Term  Deadline
	End   Event // that stopped it; without a type while it runs
	// Passed and Left are what has passed of the term and what is left of it,
	// without the pauses; what is left is negative when it is over, and zero of a
	// clock that was stopped.
	Passed, Left Span
	Rests        []Rest // days off within the term
}

// Stopped says whether something has ended the clock.
func (c *Clock) Stopped() bool { return c.End.Type != "" }

// Span is a length of time by both clocks.
type Span struct{ Work, Calendar time.Duration }

// endings are the events that stop a clock, if the end of the appeal does not.
var endings = map[Aim][]EventType{
	AimAnswer:   {EventInterim, EventAnswered},
	AimRoute:    {EventRouted, EventStarted, EventInterim, EventAnswered},
	AimRegister: {EventRegistered},
	AimRedirect: {EventRedirected, EventStarted, EventInterim, EventAnswered},
}

// Clocks gives all terms of the appeal, round by round; those whose start is not
// known are left out.
func (t Terms) Clocks(a *Appeal, now time.Time) []Clock {
	var out []Clock
	rounds := a.rounds()
	for i, round := range rounds {
		closed := Event{}
		if i < len(rounds)-1 || !a.Status.Open() {
			closed, _ = lastAmong(round, EventClosed, EventRejected, EventMerged)
		}
		one := func(aim Aim, from int) {
			end, ok := firstOf(round[from:], endings[aim]...)
			if !ok {
				end = closed
			}
			events, at := round, now
			if end.Type != "" {
				events, at = until(round, end.ID), end.At
			}
			var d Deadline
			if aim == AimAnswer {
				d = t.term(a, events, at)
			} else {
				d = t.ruled(a, events, at, aim, false)
			}
			if !d.Due.IsZero() || d.Standing {
				out = append(out, t.clock(a, Clock{Aim: aim, Round: i + 1, Term: d, End: end}, events, now))
			}
		}
		for _, aim := range []Aim{AimAnswer, AimRoute, AimRegister, AimRedirect} {
			one(aim, 0)
		}
		for at, e := range round {
			if e.Type == EventInterim {
				one(AimAnswer, at+1)
			}
		}
	}
	return out
}

// clock reckons by both clocks what has passed of the term and what is left.
func (t Terms) clock(a *Appeal, k Clock, events []Event, now time.Time) Clock {
	zone, c := t.Zone(a.Municipality), t.calendar(a.Municipality)
	between := func(from, to time.Time) Span {
		return Span{c.WorkBetween(from.In(zone), to), to.Sub(from)}
	}
	stop := now
	if k.Stopped() {
		stop = k.End.At
	} else if !k.Term.Due.IsZero() {
		k.Left = between(now, k.Term.Due)
	}
	from := k.Term.Start.At
	if from.IsZero() || stop.Before(from) { // the source does not tell when
		return k
	}
	k.Passed = between(from, stop)
	for _, p := range pauses(events, k.Term.Rule.PauseOn) {
		if p.To.IsZero() || p.To.After(stop) {
			p.To = stop
		}
		if p.From.Before(from) {
			p.From = from
		}
		if p.To.After(p.From) {
			stood := between(p.From, p.To)
			k.Passed.Work -= stood.Work
			k.Passed.Calendar -= stood.Calendar
		}
	}
	if !k.Term.Due.IsZero() {
		k.Rests = c.Rests(from.In(zone), k.Term.Due)
	}
	return k
}

func lastAmong(events []Event, types ...EventType) (Event, bool) {
	for _, e := range slices.Backward(events) {
		if slices.Contains(types, e.Type) {
			return e, true
		}
	}
	return Event{}, false
}

// Left is what is left of a term at the moment, in the time its unit is counted
// in; negative when it is over.
func (t Terms) Left(unit Unit, municipality string, due, now time.Time) time.Duration {
	if (Rule{Unit: unit}).Working() {
		return t.calendar(municipality).WorkBetween(now.In(t.Zone(municipality)), due)
	}
	return due.Sub(now)
}

// WorkDay is the working time of a usual day.
func (t Terms) WorkDay(municipality string) time.Duration {
	return t.calendar(municipality).Hours.length(false)
}

// FinalBy is the last moment an interim answer given now may promise; ok is false
// where no rule says so.
func (t Terms) FinalBy(a *Appeal, now time.Time) (by time.Time, ok bool) {
	interim := Event{Type: EventInterim, At: now}
	d := t.ruled(a, append(slices.Clone(a.round()), interim), now, AimAnswer, true)
	return d.Due, !d.Due.IsZero()
}

// ExtendTo is the last moment the term of the answer may be put off to; ok is
// false where no rule says so, or there is no term.
func (t Terms) ExtendTo(a *Appeal, now time.Time) (to time.Time, ok bool) {
	d := t.DeadlineAt(a, now)
	if d.Due.IsZero() {
		return time.Time{}, false
	}
	return t.extendable(a, d.Due)
}

// Allow refuses dates beyond what the region's rules allow. The day decides: a
// person names no hour.
func (t Terms) Allow(a *Appeal, e Event) error {
	var most time.Time
	var bound bool
	switch e.Type {
	case EventInterim:
		most, bound = t.FinalBy(a, e.At)
	case EventExtended:
		most, bound = t.ExtendTo(a, e.At)
	}
	zone := t.Zone(a.Municipality)
	if bound && DayOf(e.FinalBy.In(zone)) > DayOf(most.In(zone)) {
		return Fail(CodeBeyondRule, most.In(zone).Format("02.01.2006"))
	}
	return nil
}

// Passings are the moments at which the thresholds of the term in force are
// reached, in the order of Thresholds; zero where no clock runs.
func (t Terms) Passings(a *Appeal) []time.Time {
	out := make([]time.Time, len(Thresholds))
	d := t.Deadline(a)
	if d.Due.IsZero() {
		return out
	}
	zone, c := t.Zone(a.Municipality), t.calendar(a.Municipality)
	from := d.Start.At.In(zone)
	for i, percent := range Thresholds {
		share := float64(percent) / 100
		switch {
		case percent == 100:
			out[i] = d.Due
		case from.IsZero() || !from.Before(d.Due):
		case d.Extended.Type == "" && (d.Rule.Unit == UnitHours || d.Rule.Unit == UnitWorkHours):
			r := d.Rule
			r.Length *= share
			out[i] = t.reckon(a, r, d.Start, a.round(), time.Time{}).Due
		case d.Rule.Working():
			out[i] = c.AddWork(from, time.Duration(share*float64(c.WorkBetween(from, d.Due))))
		default:
			out[i] = from.Add(time.Duration(share * float64(d.Due.Sub(from))))
		}
	}
	return out
}
