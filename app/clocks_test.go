package app

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// minuteOf draws a minute of 2025 or 2026, early enough for the term to end there.
func minuteOf(t *rapid.T, zone *time.Location) time.Time {
	from := time.Date(2025, 1, 1, 0, 0, 0, 0, zone)
	return from.Add(time.Duration(rapid.IntRange(0, 660*24*60).Draw(t, "minute")) * time.Minute)
}

// TestWorkingTimeByTheMinute counts minutes one by one and compares.
func TestWorkingTimeByTheMinute(t *testing.T) {
	c, zone := shipped(t), moscow(t)
	works := func(at time.Time) bool {
		k := c.Kind(DayOf(at))
		m := at.Hour()*60 + at.Minute()
		end := 18 * 60
		if k == DayShort {
			end -= 60
		}
		return k != DayOff && m >= 9*60 && m < end && (m < 13*60 || m >= 14*60)
	}
	rapid.Check(t, func(t *rapid.T) {
		from := minuteOf(t, zone)
		to := from.Add(time.Duration(rapid.IntRange(0, 20*24*60).Draw(t, "length")) * time.Minute)
		minutes := 0
		for at := from; at.Before(to); at = at.Add(time.Minute) {
			if works(at) {
				minutes++
			}
		}
		work := time.Duration(minutes) * time.Minute
		if got := c.WorkBetween(from, to); got != work {
			t.Fatalf("%v … %v is %v, counted %v", from, to, got, work)
		}
		if minutes > 0 {
			end := c.AddWork(from, work)
			if end.After(to) || c.WorkBetween(from, end) != work || !works(end.Add(-time.Minute)) {
				t.Fatalf("%v and %v of work make %v", from, work, end)
			}
		}
	})
}

func TestWorkThatNeverComes(t *testing.T) {
	c := shipped(t).With(Hours{}) // nobody works
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, moscow(t))
	if got := c.AddWork(at, time.Hour); !got.IsZero() {
		t.Errorf("due %v", got)
	}
	terms := testTerms(t)
	terms.Calendar = c
	a := &Appeal{Kind: KindIncident, Status: StatusNew, Events: []Event{{ID: "1", Type: EventDetected, At: at}}}
	if d := terms.Deadline(a); !d.Due.IsZero() || d.Standing {
		t.Errorf("a term that cannot end: %+v", d)
	}
}

// asked is an appeal whose author was asked and has told, or not yet.
func asked(start, from, to time.Time, kind Kind) *Appeal {
	a := &Appeal{ID: IDFrom("asked"), Kind: kind, Status: StatusNew}
	a.Apply(Event{ID: "1", Type: EventDetected, At: start})
	a.Apply(Event{ID: "2", Type: EventClarifying, At: from})
	if !to.IsZero() {
		a.Apply(Event{ID: "3", Type: EventClarified, At: to})
	}
	return a
}

func TestPauses(t *testing.T) {
	_, terms := tableTerms(t)
	zone := moscow(t)
	rapid.Check(t, func(t *rapid.T) {
		start := minuteOf(t, zone)
		kind := rapid.SampledFrom([]Kind{KindIncident, KindPOS}).Draw(t, "kind")
		minutes := func(name string, least, most int) time.Duration {
			return time.Duration(rapid.IntRange(least, most).Draw(t, name)) * time.Minute
		}
		from := start.Add(minutes("from", -600, 4000))
		to := from.Add(minutes("pause", 1, 6000))
		without := terms.Deadline(&Appeal{Kind: kind, Status: StatusNew, Events: []Event{{ID: "1", Type: EventDetected, At: start}}})
		with := terms.Deadline(asked(start, from, to, kind))
		if with.Due.Before(without.Due) {
			t.Fatalf("a pause made the term earlier: %v, without %v", with.Due, without.Due)
		}
		if (to.Before(start) || from.After(without.Due)) && !with.Due.Equal(without.Due) {
			t.Fatalf("a pause outside the term moved it from %v to %v", without.Due, with.Due)
		}
		// While it lasts, the term is what it would be if it ended now, and moves.
		lasting := asked(start, from, time.Time{}, kind)
		if now := terms.DeadlineAt(lasting, to); !now.Due.Equal(with.Due) {
			t.Fatalf("looked at when it ends: %v, ended: %v", now.Due, with.Due)
		}
		if later := terms.DeadlineAt(lasting, to.Add(time.Hour)); later.Due.Before(with.Due) {
			t.Fatalf("an hour later the term is earlier: %v, %v", later.Due, with.Due)
		}
		// What has passed and what is left are the term, whenever one looks.
		a, looked := asked(start, from, to, kind), to.Add(minutes("later", 0, 5000))
		for _, k := range terms.Clocks(a, looked) {
			if k.Aim != AimAnswer || looked.Before(start) || with.Due.Before(looked) || with.Due.Equal(without.Due) {
				continue
			}
			whole, ran := time.Duration(k.Term.Rule.Length*float64(time.Hour)), k.Passed.Calendar+k.Left.Calendar
			if k.Term.Rule.Working() {
				ran = k.Passed.Work + k.Left.Work
			}
			if ran != whole {
				t.Fatalf("%v passed, %v left of %v", k.Passed, k.Left, whole)
			}
		}
	})
}

// TestClocksTellAll looks at a life with a pause, an interim answer and a second
// round.
func TestClocksTellAll(t *testing.T) {
	_, terms := tableTerms(t)
	zone := moscow(t)
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, zone) }
	a := &Appeal{ID: IDFrom("life"), Kind: KindIncident, Status: StatusNew}
	for i, e := range []Event{
		{Type: EventDetected, At: at(3, 15)}, // short; the 4th is a holiday
		{Type: EventClarifying, At: at(5, 10)},
		{Type: EventClarified, At: at(5, 12)},
		{Type: EventRouted, At: at(5, 15)},
		{Type: EventStarted, At: at(5, 16)},
		{Type: EventInterim, At: at(6, 10), FinalBy: at(12, 18)},
		{Type: EventAnswered, At: at(11, 10)},
		{Type: EventClosed, At: at(11, 11)},
		{Type: EventReopened, At: at(13, 17)},
	} {
		e.ID = IDFrom("clock", string(rune('a'+i)))
		a.Apply(e)
	}
	now := at(16, 11) // Monday
	clocks := terms.Clocks(a, now)
	type told struct {
		aim   Aim
		round int
		end   EventType
	}
	var got []told
	for _, k := range clocks {
		got = append(got, told{k.Aim, k.Round, k.End.Type})
	}
	want := []told{
		{AimAnswer, 1, EventInterim},
		{AimRoute, 1, EventRouted},
		{AimAnswer, 1, EventAnswered},
		{AimAnswer, 2, ""},
		{AimRoute, 2, ""},
	}
	if !slices.Equal(got, want) {
		t.Fatalf("clocks %+v, want %+v", got, want)
	}
	first := clocks[0]
	// 15-17 on the 3rd, 9-10, 12-13 and 14-18 on the 5th, 9-10 on the 6th: 2+1+1+4+1.
	if first.Passed.Work != 9*time.Hour || first.Passed.Calendar != 65*time.Hour || first.Left != (Span{}) {
		t.Errorf("the first clock: %+v", first.Passed)
	}
	if len(first.Term.Pauses) != 1 || first.Term.Paused != 2*time.Hour || !first.Term.Due.Equal(at(6, 10)) {
		t.Errorf("its term: %+v", first.Term)
	}
	fourth, _ := ParseDay("2026-11-04")
	if len(first.Rests) != 1 || first.Rests[0] != (Rest{Day: fourth, Reason: ReasonHoliday}) {
		t.Errorf("days off: %+v", first.Rests)
	}
	if promise := clocks[2].Term; !promise.Named || !promise.Due.Equal(at(12, 18)) {
		t.Errorf("the promise: %+v", promise)
	}
	// From Fri 13 17: 1, Mon 16 9-11: 2; due Mon 16 18: 2 and 4 are left of 9.
	second := clocks[3]
	if second.Passed.Work != 3*time.Hour || second.Left.Work != 6*time.Hour || second.Left.Calendar != 7*time.Hour {
		t.Errorf("the second round: %+v", second)
	}
	if len(second.Rests) != 2 || second.Rests[0].Reason != ReasonWeekend {
		t.Errorf("its days off: %+v", second.Rests)
	}
}

func TestMovedDaysSayFromWhere(t *testing.T) {
	c, zone := shipped(t), moscow(t)
	rests := c.Rests(time.Date(2026, 1, 8, 0, 0, 0, 0, zone), time.Date(2026, 1, 12, 0, 0, 0, 0, zone))
	var got []DayReason
	for _, r := range rests {
		got = append(got, r.Reason)
	}
	if !slices.Equal(got, []DayReason{ReasonHoliday, ReasonMoved, ReasonWeekend, ReasonWeekend}) {
		t.Errorf("8 to 12 January 2026: %v", got)
	}
	if third, _ := ParseDay("2026-01-03"); rests[1].From != third {
		t.Errorf("moved from %v", rests[1].From)
	}
}

func TestThresholds(t *testing.T) {
	_, terms := tableTerms(t)
	start := time.Date(2026, 11, 24, 9, 0, 0, 0, moscow(t))
	a := &Appeal{ID: IDFrom("marked"), Kind: KindIncident, Status: StatusNew}
	a.Apply(Event{ID: "1", Type: EventDetected, At: start})
	// 9 h: 4.5 h is 14:30, 7.2 h is 17:12, 9 h is Wed 10:00.
	want := []time.Duration{5*time.Hour + 30*time.Minute, 8*time.Hour + 12*time.Minute, 25 * time.Hour}
	for i, at := range terms.Passings(a) {
		if at.Sub(start) != want[i] {
			t.Errorf("%d %% is reached at %v", Thresholds[i], at)
		}
	}
	now, marks := start, []int(nil)
	for range 40 {
		mark, next := terms.mark(a, now)
		if mark.Type != "" {
			if err := Judge(a, mark, nil); err != nil {
				t.Fatal(err)
			}
			if again, _ := terms.mark(a.Clone(), now.Add(time.Minute)); again.ID != mark.ID {
				t.Error("another station makes another mark")
			}
			a.Apply(mark)
			marks = append(marks, mark.Percent)
		}
		if !next.IsZero() && !next.After(now) {
			t.Fatalf("at %v the next is %v", now, next)
		}
		now = now.Add(time.Hour)
	}
	if !slices.Equal(marks, Thresholds) {
		t.Errorf("marks %v", marks)
	}
	if mark, _ := terms.mark(a, now); mark.Type != "" {
		t.Errorf("marked again: %+v", mark)
	}
	old := &Appeal{ID: IDFrom("old"), Kind: KindIncident, Status: StatusNew}
	old.Apply(Event{ID: "1", Type: EventDetected, At: start})
	if mark, _ := terms.mark(old, start.AddDate(0, 0, 3)); mark.Type != "" {
		t.Errorf("what passed days ago is marked: %+v", mark)
	}
	if mark, _ := terms.mark(asked(start, start.Add(time.Hour), time.Time{}, KindIncident), start.AddDate(0, 0, 1)); mark.Type != "" {
		t.Errorf("a clock that stands is marked: %+v", mark)
	}
}

func TestUnmergedGoesBack(t *testing.T) {
	for _, routed := range []bool{false, true} {
		a, want := fresh(), StatusNew
		if routed {
			a.Apply(Event{ID: "r", Type: EventRouted, Target: "УЖКХ", At: when.Add(time.Minute)})
			want = StatusRouted
		}
		a.Apply(Event{ID: "m", Type: EventMerged, Target: IDFrom("b"), At: when.Add(2 * time.Minute)})
		a.Apply(Event{ID: "n", Type: EventNote, Text: "…", At: when.Add(3 * time.Minute)})
		a.Apply(Event{ID: "u", Type: EventUnmerged, At: when.Add(4 * time.Minute)})
		if a.Status != want || a.Parent != "" {
			t.Errorf("routed %v: %s, parent %q", routed, a.Status, a.Parent)
		}
	}
}

func TestPlaceAndSeverity(t *testing.T) {
	a := fresh()
	a.Municipality = ""
	route := Event{Type: EventRouted, Target: "УЖКХ"}
	if CodeOf(Judge(a, route, everyone)) != CodeNeedsField {
		t.Fatal("routed without a municipality")
	}
	for i, e := range []Event{{Type: EventPlaced, Target: "г. Канаш"}, {Type: EventGraded, Severity: 3}} {
		e.ID, e.At = IDFrom("set", string(rune('a'+i))), when.Add(time.Minute)
		if err := Judge(a, e, everyone); err != nil {
			t.Fatal(err)
		}
		a.Apply(e)
	}
	if err := Judge(a, route, everyone); err != nil || a.Municipality != "г. Канаш" || a.Severity != 3 {
		t.Errorf("%v, %q, %d", err, a.Municipality, a.Severity)
	}
	for _, e := range []Event{{Type: EventPlaced}, {Type: EventGraded, Severity: MaxSeverity + 1}} {
		if CodeOf(Judge(a, e, everyone)) != CodeNeedsField {
			t.Errorf("%s without what it sets", e.Type)
		}
	}
}

func TestWrittenAppeals(t *testing.T) {
	a := fresh()
	if CodeOf(Judge(a, Event{Type: EventRegistered}, everyone)) != CodeNotAllowed {
		t.Error("what is no written appeal was registered")
	}
	a.Kind = KindFormal
	for i, e := range []Event{
		{Type: EventRegistered, Target: "О-118"},
		{Type: EventExtended, Text: "Запрошены сведения", FinalBy: when.AddDate(0, 1, 0)},
	} {
		e.ID, e.At = IDFrom("formal", string(rune('a'+i))), when.Add(time.Minute)
		if err := Judge(a, e, everyone); err != nil {
			t.Fatal(e.Type, err)
		}
		a.Apply(e)
		if CodeOf(Judge(a, e, everyone)) != CodeNotAllowed || slices.Contains(Offers(a, everyone), e.Type) {
			t.Errorf("%s a second time", e.Type)
		}
	}
}

// TestEveryEventIsOfferedOrRefusedWithAReason asks at every status and for every
// role.
func TestEveryEventIsOfferedOrRefusedWithAReason(t *testing.T) {
	for _, kind := range Kinds {
		for _, status := range Statuses {
			for _, role := range append(slices.Clone(everyone), RoleManager) {
				a := fresh()
				a.Kind, a.Status = kind, status
				offered, refused := Offers(a, []Role{role}), Refusals(a, []Role{role})
				seen := map[EventType]int{}
				for _, e := range offered {
					seen[e]++
				}
				for _, r := range refused {
					seen[r.Event]++
					if len(r.By) == 0 && len(r.From) == 0 && !r.Done {
						t.Errorf("%s, %s, %s: no reason for %s", kind, status, role, r.Event)
					}
					if slices.Contains(r.By, role) || slices.Contains(r.From, status) {
						t.Errorf("%s, %s, %s: a wrong reason for %s: %+v", kind, status, role, r.Event, r)
					}
				}
				for _, tr := range Transitions {
					want := 1
					if tr.Event.ByItself() || tr.Kind != "" && tr.Kind != kind {
						want = 0
					}
					if seen[tr.Event] != want {
						t.Errorf("%s, %s, %s: %s is told %d times", kind, status, role, tr.Event, seen[tr.Event])
					}
				}
			}
		}
	}
}

func TestDatesBeyondTheRulesAreRefused(t *testing.T) {
	_, terms := tableTerms(t)
	zone := moscow(t)
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, zone)
	a := &Appeal{Kind: KindIncident, Status: StatusApproval, Events: []Event{{ID: "1", Type: EventDetected, At: at}}}
	for day, want := range map[int]Code{3: "", 4: CodeBeyondRule} { // seven working days end on 3 December
		e := Event{Type: EventInterim, At: at, FinalBy: time.Date(2026, 12, day, 20, 0, 0, 0, zone)}
		if got := CodeOf(terms.Allow(a, e)); got != want {
			t.Errorf("a promise for %d December: %q", day, got)
		}
	}
	a = &Appeal{Kind: KindFormal, Status: StatusNew, Events: []Event{{ID: "1", Type: EventRegistered, At: time.Date(2026, 4, 1, 10, 0, 0, 0, zone)}}}
	for day, want := range map[int]Code{29: "", 30: CodeBeyondRule} { // 30 days from 30 April end before Sat 30 May
		e := Event{Type: EventExtended, At: a.Events[0].At, FinalBy: time.Date(2026, 5, day, 12, 0, 0, 0, zone)}
		if got := CodeOf(terms.Allow(a, e)); got != want {
			t.Errorf("put off to %d May: %q", day, got)
		}
	}
}

// TestEscalateReadsWhatChanged counts the appeals that a turn reads.
func TestEscalateReadsWhatChanged(t *testing.T) {
	_, terms := tableTerms(t)
	start := time.Date(2026, 11, 24, 9, 0, 0, 0, moscow(t))
	s := &soonStore{terms: terms}
	for i := range 30 {
		a := &Appeal{ID: IDFrom("watched", string(rune('a'+i))), Kind: KindIncident, Status: StatusNew}
		a.Apply(Event{ID: "1", Type: EventDetected, At: start.Add(time.Duration(i) * time.Minute)})
		s.appeals = append(s.appeals, a)
	}
	now := start.Add(time.Hour)
	d := NewDesk(Outside{Store: s, Terms: terms, Now: func() time.Time { return now }, NewID: func() string { return "x" }})
	if n, err := d.Escalate(context.Background()); n != 0 || err != nil || s.read != 0 {
		t.Fatalf("marked without a connection: %d, %v", n, err)
	}
	d.Connect(online{})
	turn := func(want int) {
		t.Helper()
		if n, err := d.Escalate(context.Background()); n != want || err != nil {
			t.Errorf("at %v: %d marks, %v; want %d", now, n, err, want)
		}
	}
	turn(0)
	if s.read != 30 {
		t.Errorf("the first turn read %d", s.read)
	}
	turn(0)
	if s.read != 30 {
		t.Errorf("a turn without changes read %d", s.read-30)
	}
	now = start.Add(5*time.Hour + 39*time.Minute + 30*time.Second) // 14:30 to 14:39 have passed
	turn(10)
	if s.read != 40 {
		t.Errorf("for ten marks %d were read", s.read-30)
	}
	turn(0)
	now = now.AddDate(0, 0, 1) // Wed 14:39: all terms have ended, from Wed 10:00 on
	turn(30)
	for _, a := range s.appeals {
		if a.Marked() != 100 {
			t.Errorf("marked %d", a.Marked())
		}
	}
	turn(0)
}

// soonStore knows what Escalate asks for.
type soonStore struct {
	Store
	terms   Terms
	appeals []*Appeal
	read    int
}

// Tables has none: those of the test are in force.
func (s *soonStore) Tables() ([]Table, error) { return nil, nil }

func (s *soonStore) OnCommit(func(Changed)) {}

func (s *soonStore) Soonest(from time.Time, _ int) (out []Soon, _ error) {
	for i, a := range s.appeals {
		if due := s.terms.Deadline(a).Due; !due.Before(from) {
			out = append(out, Soon{uint64(i), due.Unix()})
		}
	}
	return out, nil
}

func (s *soonStore) AppealAt(record uint64) (*Appeal, error) {
	s.read++
	return s.appeals[record].Clone(), nil
}

func (s *soonStore) Perform(ops []Op) error {
	for _, op := range ops {
		e, err := Decode[Event](op.Payload)
		if err != nil {
			return err
		}
		for _, a := range s.appeals {
			if a.ID == op.Ent {
				a.Apply(e)
			}
		}
	}
	return nil
}

// online is an exchange that is connected.
type online struct{ Exchange }

func (online) State() ExchangeState { return ExchangeState{Link: LinkOnline} }
