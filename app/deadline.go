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

// Aim is what has to be done within a term.
type Aim string

// Aims of terms. The deadline of an appeal is that of its answer; the others are
// clocks beside it.
const (
	AimAnswer   Aim = ""         // the answer to the citizen
	AimRoute    Aim = "route"    // to whoever answers
	AimRegister Aim = "register" // of a written appeal
	AimRedirect Aim = "redirect" // to whoever is competent
	AimExtend   Aim = "extend"   // by how long the term of the answer may be put off
)

// Aims lists all aims.
var Aims = []Aim{AimAnswer, AimRoute, AimRegister, AimRedirect, AimExtend}

// OffDay says where a term in days goes that would end on a day off.
type OffDay string

// What a region chooses from.
const (
	OffDayStays  OffDay = ""       // ends there
	OffDayBefore OffDay = "before" // ends with the work day before
	OffDayAfter  OffDay = "after"  // ends with the work day after
)

// Rule is one row of the region's table of terms. Empty conditions match
// everything; of the rules that match, the one with most conditions goes first.
type Rule struct {
	Aim      Aim         `json:"aim,omitempty"`
	Kind     Kind        `json:"kind,omitempty"`
	Group    string      `json:"group,omitempty"`
	Topic    string      `json:"topic,omitempty"`
	Severity Severity    `json:"severity,omitempty"` // at least this
	Start    []EventType `json:"start"`              // the first of these found in the history starts the clock
	Length   float64     `json:"length"`
	Unit     Unit        `json:"unit"`
	PauseOn  []Status    `json:"pause_on,omitempty"` // the clock stands while the appeal is there
	Final    bool        `json:"final,omitempty"`    // term of the final answer, counted from an interim one
	OffDay   OffDay      `json:"off_day,omitempty"`  // of a term in days
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
	Due     time.Time     // zero: no term, or a clock that stands
	Rule    Rule          // zero where the source named the term or a date was promised
	Start   Event         // the event that started the clock
	Pauses  []Pause       // when the clock stood
	Paused  time.Duration // for how long, in calendar time
	DaysOff int           // days off skipped by a term in working time
	// Standing says that the clock stands now. What is left of the term does not
	// change then: Left, in the time of the rule's unit (a day is 24 hours of it).
	Standing bool
	Left     time.Duration
	// Named says that the term came from the source or was promised, not from
	// a rule.
	Named bool
	// Extended is the event that put the term off; without a type where none did.
	Extended Event
}

// Pause is a stretch in which a clock stood.
type Pause struct {
	From, To time.Time // To is zero while it lasts
	Status   Status    // that made it stand
}

// Working says whether the term is counted in working time.
func (r Rule) Working() bool { return r.Unit == UnitWorkHours || r.Unit == UnitWorkDays }

// Terms computes deadlines: the region's rules over its calendar.
type Terms struct {
	Rules    []Rule
	Calendar *Calendar
	Zone     func(municipality string) *time.Location
	// Local is the calendar with the municipality's own hours; nil: everywhere the
	// same.
	Local func(municipality string) *Calendar
	// Version tells terms from others: moments that were reckoned by another one
	// have to be reckoned anew.
	Version string
	// Book gives the region and its terms with the tables it has changed; nil where
	// they never change.
	Book func(changed []Table) (*Region, Terms)
}

// calendar is that of the municipality.
func (t Terms) calendar(municipality string) *Calendar {
	if t.Local != nil {
		return t.Local(municipality)
	}
	return t.Calendar
}

// Deadline says by when the next answer is due, or has a zero Due where no
// clock runs: nothing started it, it stands, or the appeal is answered.
func (t Terms) Deadline(a *Appeal) Deadline { return t.DeadlineAt(a, time.Time{}) }

// DeadlineAt is the deadline as it is now: while the clock stands, Due is what it
// would be if the clock went on at this moment, so it moves with time.
func (t Terms) DeadlineAt(a *Appeal, now time.Time) Deadline {
	if !a.Status.Open() || a.Status == StatusAnswered {
		return Deadline{}
	}
	return t.term(a, a.round(), now)
}

// AnswerDue says by when the first answer of the current clock was due, also
// when it has been given long ago; the share in time is measured against it.
func (t Terms) AnswerDue(a *Appeal) time.Time {
	if first, ok := a.Reply(); ok {
		// The term as it stood before the reply: an interim reply starts another.
		before := *a
		before.Events = until(a.Events, first.ID)
		return t.term(&before, before.round(), time.Time{}).Due
	}
	return t.term(a, a.round(), time.Time{}).Due
}

// until gives the events before the one with the ID.
func until(events []Event, id string) []Event {
	for i, e := range events {
		if e.ID == id {
			return events[:i:i]
		}
	}
	return events
}

// term is that of the answer, by the events of one round.
func (t Terms) term(a *Appeal, round []Event, now time.Time) Deadline {
	interim, isInterim := lastOf(round, EventInterim)
	if !isInterim && !a.Due.IsZero() && (len(round) == 0 || round[0].Type != EventReopened) {
		start, _ := firstOf(round, EventPublished, EventDetected, EventRegistered)
		return t.extended(a, round, Deadline{Due: a.Due, Start: start, Named: true})
	}
	d := t.ruled(a, round, now, AimAnswer, isInterim)
	if isInterim {
		return promised(interim, d)
	}
	return t.extended(a, round, d)
}

// promised is the term after an interim answer: the date it names, which cannot be
// later than what the region's rule allows.
func promised(interim Event, d Deadline) Deadline {
	if by := interim.FinalBy; !by.IsZero() && (d.Due.IsZero() || !by.After(d.Due)) {
		return Deadline{Due: by, Start: interim, Named: true}
	}
	return d
}

// extended puts the term off to the day of which the citizen was told, as far as
// the region's rule allows.
func (t Terms) extended(a *Appeal, round []Event, d Deadline) Deadline {
	e, ok := lastOf(round, EventExtended)
	if !ok || d.Due.IsZero() {
		return d
	}
	to := e.FinalBy
	if most, bound := t.extendable(a, d.Due); bound && to.After(most) {
		to = most
	}
	if to.After(d.Due) {
		d.Due, d.Extended = to, e
		if d.Rule.Working() {
			d.DaysOff = t.calendar(a.Municipality).DaysOff(d.Start.At.In(t.Zone(a.Municipality)), d.Due)
		}
	}
	return d
}

// extendable is up to when the region allows the term to be put off; ok is false
// where no rule says so.
func (t Terms) extendable(a *Appeal, due time.Time) (most time.Time, ok bool) {
	r, ok := t.rule(a, func(r Rule) bool { return r.Aim == AimExtend })
	if !ok {
		return time.Time{}, false
	}
	most = t.add(a, due.In(t.Zone(a.Municipality)), r, 0)
	return most, !most.IsZero()
}

// rule finds the one with most conditions of those that match and are wanted.
func (t Terms) rule(a *Appeal, wanted func(Rule) bool) (best Rule, ok bool) {
	weight := -1
	for _, r := range t.Rules {
		if r.weight() > weight && r.matches(a) && wanted(r) {
			best, ok, weight = r, true, r.weight()
		}
	}
	return best, ok
}

// ruled is the term of one aim by the table.
func (t Terms) ruled(a *Appeal, round []Event, now time.Time, aim Aim, final bool) Deadline {
	var start Event
	interim, _ := lastOf(round, EventInterim)
	r, ok := t.rule(a, func(r Rule) bool {
		if r.Aim != aim || r.Final != final {
			return false
		}
		e, started := ruleStart(r, round, interim)
		if started {
			start = e
		}
		return started
	})
	if !ok {
		return Deadline{}
	}
	return t.reckon(a, r, start, round, now)
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
