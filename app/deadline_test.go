package app

import (
	"fmt"
	"os"
	"testing"
	"time"

	_ "time/tzdata"
)

// calendars of two years as they are shipped.
func shipped(t testing.TB) *Calendar {
	t.Helper()
	var files [][]byte
	for _, y := range []int{2025, 2026} {
		b, err := os.ReadFile(fmt.Sprintf("../assets/calendars/ru-%d.json", y))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
	}
	c, err := NewCalendar(Hours{Start: 9 * 60, End: 18 * 60, LunchStart: 13 * 60, LunchEnd: 14 * 60}, files...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func moscow(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestProductionCalendar(t *testing.T) {
	c := shipped(t)
	for date, want := range map[string]DayKind{
		"2025-11-01": DayShort, // a working, shortened Saturday
		"2025-11-03": DayOff, "2025-05-02": DayOff, "2025-06-13": DayOff, "2025-12-31": DayOff, "2025-03-07": DayShort,
		"2026-01-09": DayOff, "2026-01-12": DayWork, "2026-12-31": DayOff, "2026-03-09": DayOff, "2026-05-11": DayOff,
		"2026-04-30": DayShort, "2026-05-08": DayShort, "2026-06-11": DayShort, "2026-11-03": DayShort,
		"2026-11-24": DayWork, "2026-11-28": DayOff,
	} {
		d, err := ParseDay(date)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Kind(d); got != want {
			t.Errorf("%s is %s, want %s", date, got, want)
		}
	}
	// Work days and, at 40 hours a week, hours of both years as published.
	for year, want := range map[int][2]int{2025: {247, 1972}, 2026: {247, 1972}} {
		days, hours := 0, 0
		for d := DayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)); d.In(time.UTC).Year() == year; d++ {
			switch c.Kind(d) {
			case DayWork, DayMoved:
				days, hours = days+1, hours+8
			case DayShort:
				days, hours = days+1, hours+7
			}
		}
		if days != want[0] || hours != want[1] {
			t.Errorf("%d: %d days, %d hours; want %v", year, days, hours, want)
		}
	}
	if c.Knows(2027) || !c.Knows(2026) {
		t.Error("the years known are not told apart")
	}
}

func TestWorkingTime(t *testing.T) {
	c, zone := shipped(t), moscow(t)
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, k := range []struct {
		from  string
		hours float64
		want  string
	}{
		{"2026-11-24 09:00", 3, "2026-11-24 12:00"},
		{"2026-11-24 12:00", 2, "2026-11-24 15:00"},   // across lunch
		{"2026-11-24 13:30", 1, "2026-11-24 15:00"},   // from within lunch
		{"2026-11-24 17:00", 2, "2026-11-25 10:00"},   // into the next day
		{"2026-11-24 20:00", 1, "2026-11-25 10:00"},   // from the evening
		{"2026-11-27 17:00", 2, "2026-11-30 10:00"},   // across a weekend
		{"2026-11-03 16:00", 2, "2026-11-05 10:00"},   // short day, then a holiday
		{"2025-10-31 17:00", 2, "2025-11-01 10:00"},   // into the working Saturday
		{"2025-11-01 16:00", 2, "2025-11-05 10:00"},   // short Saturday, three days off
		{"2025-12-30 17:00", 2, "2026-01-12 10:00"},   // the New Year's holidays
		{"2026-04-30 16:30", 1, "2026-05-04 09:30"},   // short day before 1 May
		{"2026-11-24 09:00", 8, "2026-11-24 18:00"},   // the whole day
		{"2026-11-24 09:00", 9, "2026-11-25 10:00"},   // nine working hours
		{"2026-11-28 11:00", 0.5, "2026-11-30 09:30"}, // from a Saturday
	} {
		work := time.Duration(k.hours * float64(time.Hour))
		got := c.AddWork(at(k.from), work)
		if !got.Equal(at(k.want)) {
			t.Errorf("%s + %v = %s, want %s", k.from, work, got.Format("2006-01-02 15:04"), k.want)
		}
		if back := c.WorkBetween(at(k.from), got); back != work {
			t.Errorf("%s … %s is %v of work, want %v", k.from, k.want, back, work)
		}
	}
	if got := c.AddWorkDays(at("2026-11-24 20:00"), 7); !got.Equal(at("2026-12-03 18:00")) {
		t.Errorf("seven work days: %s", got)
	}
}

func testTerms(t testing.TB) Terms {
	zone := moscow(t)
	return Terms{
		Calendar: shipped(t),
		Zone:     func(string) *time.Location { return zone },
		Rules: []Rule{
			{Kind: KindIncident, Start: []EventType{EventDetected}, Length: 9, Unit: UnitWorkHours, PauseOn: []Status{StatusClarifying}},
			{Kind: KindIncident, Severity: 3, Start: []EventType{EventDetected}, Length: 4, Unit: UnitWorkHours},
			{Kind: KindIncident, Final: true, Length: 7, Unit: UnitWorkDays},
			{Kind: KindPOS, Start: []EventType{EventPublished, EventDetected}, Length: 24, Unit: UnitHours},
			{Kind: KindFormal, Start: []EventType{EventRegistered}, Length: 30, Unit: UnitDays},
		},
	}
}

func TestDeadlines(t *testing.T) {
	terms, zone := testTerms(t), moscow(t)
	start := time.Date(2026, 11, 24, 10, 0, 0, 0, zone)
	due := func(a *Appeal) string {
		d := terms.Deadline(a).Due
		if d.IsZero() {
			return ""
		}
		return d.In(zone).Format("2006-01-02 15:04")
	}
	a := &Appeal{Kind: KindIncident, Status: StatusNew, Events: []Event{{ID: "1", Type: EventDetected, At: start}}}
	if got := due(a); got != "2026-11-25 11:00" {
		t.Errorf("nine working hours: %s", got)
	}
	a.Severity = 3
	if got := due(a); got != "2026-11-24 15:00" {
		t.Errorf("raised importance: %s", got)
	}
	a.Severity = 0
	a.Apply(Event{ID: "2", Type: EventClarifying, Text: "где?", At: start.Add(time.Hour)})
	a.Apply(Event{ID: "3", Type: EventClarified, At: start.Add(26 * time.Hour)})
	if got := due(a); got != "2026-11-26 12:00" {
		t.Errorf("after a pause of nine working hours: %s", got) // 11:00 + 9 h of work from the 25th
	}
	if d := terms.Deadline(a); d.Paused != 25*time.Hour || d.Start.ID != "1" || d.Rule.Length != 9 {
		t.Errorf("the explanation: %+v", d)
	}
	promised := time.Date(2026, 12, 1, 12, 0, 0, 0, zone)
	a.Apply(Event{ID: "4", Type: EventInterim, Text: "смотрим", FinalBy: promised, At: start.Add(30 * time.Hour)})
	if d := terms.Deadline(a); !d.Due.Equal(promised) || !d.Named {
		t.Errorf("after an interim answer: %+v", d)
	}
	a.Apply(Event{ID: "5", Type: EventAnswered, Text: "готово", At: start.Add(40 * time.Hour)})
	if got := due(a); got != "" {
		t.Errorf("answered, and still due %s", got)
	}
	if got := terms.AnswerDue(a).In(zone).Format("2006-01-02 15:04"); got != "2026-11-26 12:00" {
		t.Errorf("the first answer was due %s", got)
	}
	a.Apply(Event{ID: "6", Type: EventClosed, Outcome: OutcomeSolved, At: start.Add(41 * time.Hour)})
	a.Apply(Event{ID: "7", Type: EventReopened, At: start.AddDate(0, 0, 6)})
	if got := due(a); got != "2026-12-01 11:00" {
		t.Errorf("a new clock: %s", got)
	}
	formal := &Appeal{Kind: KindFormal, Status: StatusNew, Events: []Event{{Type: EventRegistered, At: start}}}
	if got := due(formal); got != "2026-12-24 23:59" {
		t.Errorf("thirty days: %s", got)
	}
	named := &Appeal{Kind: KindPOS, Status: StatusNew, Due: promised, Events: []Event{{Type: EventPublished, At: start}}}
	if d := terms.Deadline(named); !d.Due.Equal(promised) || !d.Named {
		t.Errorf("named by the source: %+v", d)
	}
	unknown := &Appeal{Kind: KindPOS, Status: StatusNew, Events: []Event{{Type: EventDetected}}}
	if got := due(unknown); got != "" {
		t.Errorf("without a start: %s", got)
	}
}

func TestMeasures(t *testing.T) {
	a := fresh()
	a.Apply(Event{ID: "b", Type: EventAutoReply, At: when.Add(time.Second)})
	if _, ok := a.FirstResponse(); ok {
		t.Error("a bot's reply stopped the clock")
	}
	a.Apply(Event{ID: "c", Type: EventAnswered, Text: "ответ", At: when.Add(3 * time.Hour)})
	a.Apply(Event{ID: "d", Type: EventClosed, Outcome: OutcomeSolved, At: when.Add(5 * time.Hour)})
	a.Apply(Event{ID: "e", Type: EventReopened, At: when.Add(50 * time.Hour)})
	a.Apply(Event{ID: "f", Type: EventAnswered, Text: "ответ", At: when.Add(60 * time.Hour)})
	first, ok := a.FirstResponse()
	if !ok || first != 3*time.Hour {
		t.Errorf("first response %v", first)
	}
	if done, ok := a.Resolution(); !ok || done != 5*time.Hour {
		t.Errorf("resolution %v", done)
	}
	// The citizen's own moment goes before the moment we learnt of it.
	a.Events = append([]Event{{ID: "p", Type: EventPublished, At: when.Add(-time.Hour)}}, a.Events...)
	if first, _ := a.FirstResponse(); first != 4*time.Hour {
		t.Errorf("first response from publication %v", first)
	}
}

func TestQuantile(t *testing.T) {
	for q, want := range map[float64]time.Duration{0: 10, 0.5: 25, 0.9: 37, 1: 40} {
		if got := quantiles([]uint32{30, 10, 40, 20}, q)[0]; got != want*time.Second {
			t.Errorf("q%v = %v, want %vs", q, got, int(want))
		}
	}
}

func TestGrowthKnowsGaps(t *testing.T) {
	s := Series{First: 100, Values: make([]uint32, 40)}
	for i := range s.Values {
		s.Values[i] = uint32(1000 + i)
	}
	if n, ok := s.Growth(7); !ok || n != 7 {
		t.Errorf("growth %d %v", n, ok)
	}
	for i := 25; i < 34; i++ {
		s.Values[i] = Missing
	}
	if _, ok := s.Growth(7); ok {
		t.Error("a gap of nine days was bridged")
	}
}
