package app

import "time"

// Unit of the length of a term.
type Unit string

// Units of terms.
const (
	UnitWorkHours Unit = "work_hours"
	UnitHours     Unit = "hours"
	UnitWorkDays  Unit = "work_days"
	UnitDays      Unit = "days"
)

// Rule is one row of the region's table of terms. Empty conditions match
// everything; of the rules that match, the one with most conditions goes first.
type Rule struct {
	Kind     Kind        `json:"kind,omitempty"`
	Group    string      `json:"group,omitempty"`
	Topic    string      `json:"topic,omitempty"`
	Severity Severity    `json:"severity,omitempty"` // at least this
	Start    []EventType `json:"start"`              // the first of these found in the history starts the clock
	Length   float64     `json:"length"`
	Unit     Unit        `json:"unit"`
	PauseOn  []Status    `json:"pause_on,omitempty"` // the clock stands while the appeal is there
	Final    bool        `json:"final,omitempty"`    // term of the final answer, counted from an interim one
}

func (r Rule) matches(a *Appeal) bool {
	return (r.Kind == "" || r.Kind == a.Kind) &&
		(r.Group == "" || r.Group == a.Group) &&
		(r.Topic == "" || r.Topic == a.Topic) &&
		a.Severity >= r.Severity
}

func (r Rule) weight() int {
	w := 0
	if r.Topic != "" {
		w += 8
	}
	if r.Group != "" {
		w += 4
	}
	if r.Severity > 0 {
		w += 2
	}
	if r.Kind != "" {
		w++
	}
	return w
}

// Deadline is a due moment with everything that explains it.
type Deadline struct {
	Due     time.Time     // zero: no term
	Rule    Rule          // zero where the source named the term or a date was promised
	Start   Event         // the event that started the clock
	Paused  time.Duration // time the clock stood, in calendar time
	DaysOff int           // days off skipped by a term in working time
	// Named says that the term came from the source or was promised, not from
	// a rule.
	Named bool
}

// Terms computes deadlines: the region's rules over its calendar.
type Terms struct {
	Rules    []Rule
	Calendar *Calendar
	Zone     func(municipality string) *time.Location
	// Version tells terms from others: moments that were reckoned by another one
	// have to be reckoned anew.
	Version string
	// Book gives the region and its terms with the tables it has changed; nil where
	// they never change.
	Book func(changed []Table) (*Region, Terms)
}

// Deadline says by when the next answer is due, or has a zero Due where no
// clock runs: nothing started it, or the appeal is answered.
func (t Terms) Deadline(a *Appeal) Deadline {
	if !a.Status.Open() || a.Status == StatusAnswered {
		return Deadline{}
	}
	return t.term(a)
}

// AnswerDue says by when the first answer of the current clock was due, also
// when it has been given long ago; the share in time is measured against it.
func (t Terms) AnswerDue(a *Appeal) time.Time {
	if first, ok := a.Reply(); ok {
		// The term as it stood before the reply: an interim reply starts another.
		before := *a
		before.Events = nil
		for _, e := range a.Events {
			if e.ID == first.ID {
				break
			}
			before.Events = append(before.Events, e)
		}
		return t.term(&before).Due
	}
	return t.term(a).Due
}

func (t Terms) term(a *Appeal) Deadline {
	round := a.round()
	interim, isInterim := lastOf(round, EventInterim)
	if isInterim && !interim.FinalBy.IsZero() {
		return Deadline{Due: interim.FinalBy, Start: interim, Named: true}
	}
	if !isInterim && !a.Due.IsZero() && len(a.rounds()) == 1 {
		start, _ := firstOf(round, EventPublished, EventDetected, EventRegistered)
		return Deadline{Due: a.Due, Start: start, Named: true}
	}
	best := Deadline{}
	weight := -1
	for _, r := range t.Rules {
		if r.Final != isInterim || !r.matches(a) || r.weight() <= weight {
			continue
		}
		start, ok := ruleStart(r, round, interim)
		if !ok {
			continue
		}
		weight = r.weight()
		best = t.reckon(a, r, start, round)
	}
	return best
}

func ruleStart(r Rule, round []Event, interim Event) (Event, bool) {
	if r.Final {
		return interim, !interim.At.IsZero()
	}
	for _, want := range r.Start {
		if e, ok := firstOf(round, want); ok && !e.At.IsZero() {
			return e, true
		}
	}
	// A reopened appeal has a clock of its own, started by the reopening.
	if len(round) > 0 && round[0].Type == EventReopened && !round[0].At.IsZero() {
		return round[0], true
	}
	return Event{}, false
}

func (t Terms) reckon(a *Appeal, r Rule, start Event, round []Event) Deadline {
	at := start.At.In(t.Zone(a.Municipality))
	d := Deadline{Rule: r, Start: start, Due: t.add(at, r)}
	// Pauses push the due moment away by as long as the clock stood.
	if len(r.PauseOn) > 0 {
		for _, p := range pauses(round, r.PauseOn) {
			if p.from.Before(start.At) || p.to.IsZero() || p.from.After(d.Due) {
				continue
			}
			d.Paused += p.to.Sub(p.from)
			if r.Unit == UnitWorkHours {
				d.Due = t.Calendar.AddWork(d.Due, t.Calendar.WorkBetween(p.from.In(at.Location()), p.to))
			} else {
				d.Due = d.Due.Add(p.to.Sub(p.from))
			}
		}
	}
	if r.Unit == UnitWorkHours || r.Unit == UnitWorkDays {
		d.DaysOff = t.Calendar.DaysOff(at, d.Due)
	}
	return d
}

func (t Terms) add(at time.Time, r Rule) time.Time {
	hours := time.Duration(r.Length * float64(time.Hour))
	switch r.Unit {
	case UnitWorkHours:
		return t.Calendar.AddWork(at, hours)
	case UnitHours:
		return at.Add(hours)
	case UnitWorkDays:
		return t.Calendar.AddWorkDays(at, int(r.Length))
	case UnitDays:
		return (DayOf(at) + Day(r.Length) + 1).In(at.Location()).Add(-time.Second)
	}
	return time.Time{}
}

// pauses finds the stretches the appeal spent in one of the statuses; an open
// one has a zero end.
func pauses(round []Event, in []Status) []span {
	var out []span
	for _, e := range round {
		s := statusAfter(e.Type)
		if s == "" || e.At.IsZero() {
			continue
		}
		standing := false
		for _, p := range in {
			standing = standing || p == s
		}
		open := len(out) > 0 && out[len(out)-1].to.IsZero()
		switch {
		case standing && !open:
			out = append(out, span{from: e.At})
		case !standing && open:
			out[len(out)-1].to = e.At
		}
	}
	return out
}

func firstOf(events []Event, types ...EventType) (Event, bool) {
	for _, e := range events {
		for _, t := range types {
			if e.Type == t {
				return e, true
			}
		}
	}
	return Event{}, false
}

func lastOf(events []Event, t EventType) (Event, bool) {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Type == t {
			return events[i], true
		}
	}
	return Event{}, false
}
