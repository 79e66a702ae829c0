package sync_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
)

// many takes appeals in and gives their IDs, in one transaction.
func (s *station) many(n int) []string {
	s.t.Helper()
	ids, ops := make([]string, n), make([]app.Op, n)
	for i := range ids {
		ids[i] = ulid.Make().String()
		a := app.Appeal{
			ID: ids[i], Kind: app.KindIncident, Source: app.SourceVK, Text: fmt.Sprintf("Яма у дома %d", i),
			Status: app.StatusNew, Group: "Дороги", Municipality: "г. Чебоксары",
			Events: []app.Event{{ID: ulid.Make().String(), Type: app.EventDetected, At: s.now().UTC()}},
		}
		ops[i] = app.Op{ID: a.ID, Ent: a.ID, Kind: app.OpCreate, At: s.now().UTC(), Schema: app.Schema, Payload: app.Encode(a)}
	}
	if err := s.store.Perform(ops); err != nil {
		s.t.Fatal(err)
	}
	return ids
}

// notes writes notes on appeals, in one transaction.
func (s *station) notes(ids []string, text string) {
	s.t.Helper()
	ops := make([]app.Op, len(ids))
	for i, id := range ids {
		e := app.Event{ID: ulid.Make().String(), Type: app.EventNote, At: s.now().UTC(), Text: text}
		ops[i] = app.Op{ID: e.ID, Ent: id, Kind: app.OpEvent, At: e.At, Schema: app.Schema, Payload: app.Encode(e)}
	}
	if err := s.store.Perform(ops); err != nil {
		s.t.Fatal(err)
	}
}

// TestPoisonedOperationDelaysNothing sends one operation nobody can take among
// ten thousand good ones.
func TestPoisonedOperationDelaysNothing(t *testing.T) {
	r := newRegion(t)
	s := r.station("Оператор 2")
	const appeals, rounds = 1000, 9
	ids := s.many(appeals)
	poisoned := app.Op{
		ID: ulid.Make().String(), Ent: ids[0], Kind: app.OpEvent, Schema: app.Schema, At: s.now(),
		Payload: app.Encode(app.Event{ID: "not an identifier", Type: app.EventNote, Text: "отравлено"}),
	}
	if err := s.store.Perform([]app.Op{poisoned}); err != nil {
		t.Fatal(err)
	}
	for n := range rounds {
		s.notes(ids, fmt.Sprintf("заметка %d", n))
	}
	state := s.once()
	if state.Pending != 0 || state.Refused != 1 {
		t.Errorf("state %+v", state)
	}
	if state.Cursor != appeals*(rounds+1)+1 {
		t.Errorf("%d verdicts in the feed", state.Cursor)
	}
	for _, id := range ids {
		if n := len(notes(s.appeal(id))); n != rounds {
			t.Fatalf("%d notes of %d on %s", n, rounds, id)
		}
	}
	entries, err := s.Entries(1)
	if err != nil || entries[0].State != app.EntryRefused || entries[0].Op.ID != poisoned.ID || entries[0].Reason == "" {
		t.Errorf("%+v %v", entries, err)
	}
}

// TestThirtyDaysOffline brings a station back with five thousand operations,
// some of them against what others did meanwhile.
func TestThirtyDaysOffline(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Оператор 1"), r.station("Оператор 2")
	const appeals, disputed = 1000, 60
	ids := one.many(appeals)
	one.once()
	two.once()
	for i := range disputed {
		id := ids[i*appeals/disputed]
		two.act(id, app.Answer(two.appeal(id), fmt.Sprintf("Ответ без связи %d", i), "")...)
		one.act(id, app.Answer(one.appeal(id), fmt.Sprintf("Ответ на связи %d", i), "")...)
	}
	one.once()
	for n := range 5 {
		two.notes(ids, fmt.Sprintf("день %d", 6*n))
		two.pass(6 * 24 * time.Hour)
	}
	if state := two.engine.State(); state.Conflicts != 0 {
		t.Fatalf("state %+v", state)
	}
	state := two.once()
	if state.Pending != 0 || state.Refused != 0 || state.Conflicts != disputed {
		t.Errorf("state %+v", state)
	}
	conflicts, err := two.Conflicts()
	if err != nil || len(conflicts) != disputed {
		t.Fatalf("%d conflicts, %v", len(conflicts), err)
	}
	var mine, theirs, i int
	for _, c := range conflicts {
		if n, err := fmt.Sscanf(c.Mine.Text, "Ответ без связи %d", &i); n == 1 && err == nil {
			mine++
		}
		if n, err := fmt.Sscanf(c.Winner.Text, "Ответ на связи %d", &i); n == 1 && err == nil {
			theirs++
		}
	}
	if mine != disputed || theirs != disputed {
		t.Errorf("%d of mine and %d of theirs in %d conflicts", mine, theirs, disputed)
	}
	if n := len(notes(two.appeal(ids[appeals-1]))); n != 5 {
		t.Errorf("%d notes", n)
	}
}
