package store

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
)

func openRegion(t testing.TB, path string) *Store {
	t.Helper()
	_, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	return must[*Store](t)(Open(path, testBox(t), terms))
}

// rules are terms of so many hours after detection.
func rules(hours int) app.Table {
	return app.Table{
		Name: app.TableRules, Columns: []app.Column{"kind", "start", "length", "unit"},
		Rows: [][]string{{"incident", "detected", strconv.Itoa(hours), "hours"}},
	}
}

func putOp(t app.Table) app.Op {
	serial++
	id := app.IDFrom("op", fmt.Sprint(serial))
	return app.Op{ID: id, Ent: string(t.Name), Kind: app.OpTable, At: day0, Schema: app.Schema, Payload: app.Encode(t)}
}

func applied(t testing.TB, s *Store, changes ...app.Change) {
	t.Helper()
	if err := s.ApplyChanges(app.FeedPage{Changes: changes, Next: fmt.Sprintf("c%d", changes[len(changes)-1].Seq)}, day0); err != nil {
		t.Fatal(err)
	}
}

// dueIn says in how many hours after its start the appeal is due, by what is kept.
func dueIn(t testing.TB, s *Store, a app.Appeal) int {
	t.Helper()
	record, ok := s.Record(a.ID)
	if !ok {
		t.Fatalf("%s is not here", a.Number)
	}
	h := s.index.header(record)
	return int((h.due - h.start) / 3600)
}

func TestATableIsInForceAtOnceAndRecordsFollow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	s := openRegion(t, path)
	if s.NeedsReckoning() {
		t.Error("a new file has nothing to reckon")
	}
	var ops []app.Op
	const many = 2*reckonStep + 7
	for n := range many {
		ops = append(ops, create(appeal(n)))
	}
	if err := s.Perform(append([]app.Op{putOp(rules(5))}, ops...)); err != nil {
		t.Fatal(err)
	}
	if got := dueIn(t, s, appeal(3)); got != 5 {
		t.Errorf("after the table in one transaction: %d h", got)
	}
	if err := s.Reckon(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Perform([]app.Op{putOp(rules(7))}); err != nil {
		t.Fatal(err)
	}
	if done, total := s.Reckoning(); done != 0 || total < many {
		t.Errorf("%d of %d", done, total)
	}
	sound(t, s) // what is yet to be reckoned is no damage
	fresh := appeal(many)
	if err := s.Perform([]app.Op{create(fresh)}); err != nil {
		t.Fatal(err)
	}
	if old, new := dueIn(t, s, appeal(3)), dueIn(t, s, fresh); old != 5 || new != 7 {
		t.Errorf("before it is reckoned %d h, a fresh one %d h", old, new)
	}
	// Stopped after a step it goes on after a start, by the terms of the file.
	ctx, stop := context.WithCancel(t.Context())
	s.OnCommit(func(c app.Changed) {
		if c.Terms {
			stop()
		}
	})
	if err := s.Reckon(ctx); err == nil {
		t.Error("it was not stopped")
	}
	done, _ := s.Reckoning()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openRegion(t, path)
	defer s.Close()
	if again, _ := s.Reckoning(); again != done || done == 0 || !s.NeedsReckoning() {
		t.Errorf("done %d, after a start %d", done, again)
	}
	if err := s.Reckon(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 3, reckonStep, many - 1} {
		if got := dueIn(t, s, appeal(n)); got != 7 {
			t.Errorf("appeal %d: %d h", n, got)
		}
	}
	sound(t, s)
}

func TestOtherTermsOfTheProgramAreReckonedToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	s := must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	if err := s.Perform([]app.Op{create(appeal(1))}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openRegion(t, path)
	defer s.Close()
	if !s.NeedsReckoning() {
		t.Fatal("the terms are others, and nothing is to be reckoned")
	}
	if err := s.Reckon(t.Context()); err != nil || s.NeedsReckoning() {
		t.Fatal(err)
	}
	sound(t, s)
}

func TestTheLastTableStandsAndTheOlderOneIsKept(t *testing.T) {
	s := openRegion(t, filepath.Join(t.TempDir(), "otklik.db"))
	defer s.Close()
	inForce := func() (hours []string) {
		for _, table := range must[[]app.Table](t)(s.Tables()) {
			hours = append(hours, table.Cell(0, "length"))
		}
		return hours
	}
	before := func() (hours []string) {
		for _, table := range must[[]app.Table](t)(s.TablesBefore(app.TableRules)) {
			hours = append(hours, table.Cell(0, "length"))
		}
		return hours
	}
	applied(t, s, accepted(1, putOp(rules(5))))
	own := putOp(rules(6))
	if err := s.Perform([]app.Op{own}); err != nil {
		t.Fatal(err)
	}
	// Somebody else's comes while ours waits: ours shows, theirs can be read.
	applied(t, s, accepted(2, putOp(rules(8))))
	if got := inForce(); !slices.Equal(got, []string{"6"}) {
		t.Errorf("in force %v", got)
	}
	if got := before(); !slices.Equal(got, []string{"8", "5"}) {
		t.Errorf("before %v", got)
	}
	accept := accepted(3, own)
	at := day0.Add(time.Hour)
	confirmed := rules(6)
	confirmed.By, confirmed.At = "Куратор 1", at
	accept.Body = app.Encode(confirmed)
	applied(t, s, accept)
	if got := must[[]app.Table](t)(s.Tables()); len(got) != 1 || got[0].By != "Куратор 1" || !got[0].At.Equal(at) {
		t.Errorf("%+v", got)
	}
	// A refusal brings back what was confirmed.
	refused := putOp(rules(9))
	if err := s.Perform([]app.Op{refused}); err != nil {
		t.Fatal(err)
	}
	if got := inForce(); !slices.Equal(got, []string{"9"}) {
		t.Errorf("in force %v", got)
	}
	applied(t, s, app.Change{Seq: 4, Op: refused.ID, Kind: refused.Kind, Ent: refused.Ent, Verdict: app.VerdictRejected, Reason: app.CodeWrongRole})
	if got := inForce(); !slices.Equal(got, []string{"6"}) {
		t.Errorf("after a refusal %v", got)
	}
	for n := range tablesKept + 5 {
		applied(t, s, accepted(uint64(5+n), putOp(rules(20+n))))
	}
	if got := before(); len(got) != tablesKept || got[0] != strconv.Itoa(20+tablesKept+3) {
		t.Errorf("%d kept, the last %s", len(got), got[0])
	}
}

func TestASnapshotBringsTablesBeforeAppeals(t *testing.T) {
	s := openRegion(t, filepath.Join(t.TempDir(), "otklik.db"))
	defer s.Close()
	applied(t, s, accepted(1, putOp(rules(5))))
	shot := app.Snapshot{Next: "e.all.9", Rows: 2, Frames: []app.Frame{{SHA256: "1", Rows: 2}}}
	take := func(rows ...app.SnapshotRow) {
		t.Helper()
		if err := s.BeginLoad(shot); err != nil {
			t.Fatal(err)
		}
		if err := must[func() error](t)(s.ReadFrame(rows))(); err != nil {
			t.Fatal(err)
		}
	}
	a := appeal(1)
	take(app.SnapshotRow{Kind: app.RowTable, Value: app.Encode(rules(11))}, app.SnapshotRow{Kind: app.RowAppeal, Value: app.Encode(a)})
	if got := dueIn(t, s, a); got != 11 {
		t.Errorf("%d h: the head was made by the table before", got)
	}
	if err := s.Perform([]app.Op{putOp(rules(3))}); err != nil {
		t.Fatal(err)
	}
	take(app.SnapshotRow{Kind: app.RowAppeal, Value: app.Encode(a)})
	if got := must[[]app.Table](t)(s.Tables()); len(got) != 1 || got[0].Cell(0, "length") != "3" {
		t.Errorf("ours, which was not sent, is %+v", got)
	}
	if err := s.Refuse(must[[]app.Op](t)(s.Pending(0, 9, 1<<20, day0))[0].ID, app.CodeWrongRole, day0); err != nil {
		t.Fatal(err)
	}
	if got := must[[]app.Table](t)(s.Tables()); len(got) != 0 {
		t.Errorf("the server knows of none, and %+v is in force", got)
	}
	if err := s.Reckon(t.Context()); err != nil {
		t.Fatal(err)
	}
	sound(t, s)
}
