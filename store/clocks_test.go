package store

import (
	"path/filepath"
	"testing"
	"time"

	"otklik/app"
)

// clockStore is a store whose terms are in working time and can pause.
func clockStore(t testing.TB) *Store {
	t.Helper()
	terms := testTerms(t)
	terms.Rules = []app.Rule{
		{
			Kind: app.KindIncident, Start: []app.EventType{app.EventDetected}, Length: 9, Unit: app.UnitWorkHours,
			PauseOn: []app.Status{app.StatusClarifying},
		},
		{Kind: app.KindIncident, Severity: 3, Start: []app.EventType{app.EventDetected}, Length: 4, Unit: app.UnitWorkHours},
		{Kind: app.KindIncident, Final: true, Length: 7, Unit: app.UnitWorkDays},
	}
	s, err := Open(filepath.Join(t.TempDir(), "otklik.db"), testBox(t), terms)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		sound(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestRowsTellOfTheirClock compares each line with the whole appeal.
func TestRowsTellOfTheirClock(t *testing.T) {
	s := clockStore(t)
	histories := [][]app.Event{
		{},
		{{Type: app.EventClarifying, Text: "где?"}},
		{{Type: app.EventClarifying, Text: "где?"}, {Type: app.EventClarified}},
		{{Type: app.EventGraded, Severity: 4}},
		{{Type: app.EventEscalated, Percent: 50}, {Type: app.EventEscalated, Percent: 80}},
		{{Type: app.EventStarted}, {Type: app.EventSubmitted, Text: "…"}, {Type: app.EventInterim, Text: "…", FinalBy: day0.AddDate(0, 0, 4)}},
		{{Type: app.EventStarted}, {Type: app.EventAnswered, Text: "…", ByHand: true}},
		{{Type: app.EventEscalated, Percent: 100}, {Type: app.EventStarted}, {Type: app.EventAnswered, Text: "…"}, {Type: app.EventReopened}},
	}
	for n, events := range histories {
		a := appeal(n)
		ops := []app.Op{create(a)}
		for i, e := range events {
			e.At = day0.Add(time.Duration(i+1) * time.Hour)
			ops = append(ops, event(a, e))
		}
		if err := s.Perform(ops); err != nil {
			t.Fatal(err)
		}
		record, _ := s.Record(a.ID)
		row, whole := must[app.Row](t)(s.Row(record)), must[*app.Appeal](t)(s.AppealAt(record))
		d := s.terms.Load().Deadline(whole)
		if !row.Due.Equal(d.Due) || row.Unit != d.Rule.Unit || row.Standing != d.Standing || row.Left != d.Left || row.Marked != whole.Marked() {
			t.Errorf("%v: the line says %+v, the appeal %+v, marked %d", events, row, d, whole.Marked())
		}
		switch {
		case n == 1 && (!row.Standing || row.Left != 8*time.Hour+time.Minute || !row.Due.IsZero()):
			t.Errorf("a clock that stands: %+v", row)
		case n == 4 && row.Marked != 80, n == 7 && row.Marked != 0:
			t.Errorf("marked %d", row.Marked)
		}
	}
}

func TestSoonest(t *testing.T) {
	s := clockStore(t)
	for n := range 40 {
		a := appeal(n)
		ops := []app.Op{create(a)}
		switch n % 4 {
		case 0: // has no term any more
			ops = append(ops, event(a, app.Event{Type: app.EventStarted}), event(a, app.Event{Type: app.EventAnswered, Text: "…", ByHand: true}))
		case 1: // its clock stands
			ops = append(ops, event(a, app.Event{Type: app.EventClarifying, Text: "…"}))
		}
		if err := s.Perform(ops); err != nil {
			t.Fatal(err)
		}
	}
	all := must[[]app.Soon](t)(s.Soonest(day0, 100))
	if len(all) != 20 {
		t.Fatalf("%d appeals, want 20", len(all))
	}
	for i, soon := range all {
		row := must[app.Row](t)(s.Row(soon.Record))
		if row.Due.Unix() != soon.Due || !row.Status.Open() || i > 0 && soon.Due < all[i-1].Due {
			t.Errorf("%d: %+v, the line says %v, %s", i, soon, row.Due, row.Status)
		}
	}
	from := time.Unix(all[7].Due, 0)
	some := must[[]app.Soon](t)(s.Soonest(from, 5))
	if len(some) != 5 || some[0] != all[7] || some[4] != all[11] {
		t.Errorf("from the eighth on: %+v", some)
	}
}

// TestMarksStayOutOfTheJournal: what the program did is not among what a person did.
func TestMarksStayOutOfTheJournal(t *testing.T) {
	s := clockStore(t)
	a := appeal(1)
	mark, note := event(a, app.Event{Type: app.EventEscalated, Percent: 50}), event(a, app.Event{Type: app.EventNote, Text: "…"})
	if err := s.Perform([]app.Op{create(a), mark, note}); err != nil {
		t.Fatal(err)
	}
	page := app.FeedPage{Changes: []app.Change{accepted(1, create(a)), accepted(2, mark), accepted(3, note)}, Next: "3"}
	if err := s.ApplyChanges(page, day0); err != nil {
		t.Fatal(err)
	}
	for _, e := range must[[]app.Entry](t)(s.Entries(100)) {
		if e.Op.ID == mark.ID {
			t.Errorf("the mark is told as %+v", e)
		}
	}
	if n := len(must[[]app.Entry](t)(s.Entries(100))); n != 2 {
		t.Errorf("%d entries", n)
	}
	if got := must[*app.Appeal](t)(s.Appeal(a.ID)); got.Marked() != 50 {
		t.Errorf("marked %d", got.Marked())
	}
}

func BenchmarkRow(b *testing.B) {
	s := clockStore(b)
	a := appeal(1)
	ops := []app.Op{create(a)}
	for i, e := range []app.Event{
		{Type: app.EventAutoReply, Text: "Мы получили ваше обращение"},
		{Type: app.EventAssigned, Target: "О"},
		{Type: app.EventRouted, Target: "УЖКХ"},
		{Type: app.EventStarted},
		{Type: app.EventNote, Text: "Бригада выехала, устраним до конца дня"},
	} {
		e.At = day0.Add(time.Duration(i+1) * time.Hour)
		ops = append(ops, event(a, e))
	}
	if err := s.Perform(ops); err != nil {
		b.Fatal(err)
	}
	record, _ := s.Record(a.ID)
	for b.Loop() {
		if _, err := s.Row(record); err != nil {
			b.Fatal(err)
		}
	}
}
