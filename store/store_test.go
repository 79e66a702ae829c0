package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
	"otklik/seal"
)

var day0 = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) // a Monday

func testBox(t testing.TB) *seal.Box {
	t.Helper()
	box, err := seal.NewBox(make([]byte, seal.KeyLen))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func testTerms(t testing.TB) app.Terms {
	t.Helper()
	c, err := app.NewCalendar(app.Hours{Start: 9 * 60, End: 18 * 60, LunchStart: 13 * 60, LunchEnd: 14 * 60})
	if err != nil {
		t.Fatal(err)
	}
	return app.Terms{
		Rules: []app.Rule{
			{Kind: app.KindIncident, Start: []app.EventType{app.EventDetected}, Length: 24, Unit: app.UnitHours},
		},
		Calendar: c, Zone: func(string) *time.Location { return time.UTC },
	}
}

// open gives a store that proves its soundness when the test ends.
func open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "otklik.db"), testBox(t), testTerms(t))
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

func sound(t testing.TB, s *Store) Report {
	t.Helper()
	r, err := s.Check()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Error(p)
	}
	return r
}

func appeal(n int) app.Appeal {
	return app.Appeal{
		ID: app.IDFrom("appeal", fmt.Sprint(n)), Number: fmt.Sprintf("2026-%06d", n), Kind: app.KindIncident,
		Source: app.Sources[n%len(app.Sources)], Text: "Яма на дороге у дома " + fmt.Sprint(n),
		Municipality: []string{"г. Чебоксары", "Цивильский округ", ""}[n%3], Group: []string{"Дороги", "ЖКХ"}[n%2],
		Status: app.StatusNew,
		Events: []app.Event{{
			ID: app.IDFrom("e", fmt.Sprint(n)), Type: app.EventDetected, At: day0.Add(time.Duration(n) * time.Minute),
		}},
	}
}

func create(a app.Appeal) app.Op {
	return app.Op{ID: a.ID, Ent: a.ID, Kind: app.OpCreate, At: day0, Schema: app.Schema, Payload: app.Encode(a)}
}

var serial int

func event(a app.Appeal, e app.Event) app.Op {
	serial++
	e.ID = app.IDFrom("op", fmt.Sprint(serial))
	if e.At.IsZero() {
		e.At = day0.Add(time.Hour)
	}
	return app.Op{ID: e.ID, Ent: a.ID, Kind: app.OpEvent, At: e.At, Schema: app.Schema, Payload: app.Encode(e)}
}

func accepted(seq uint64, op app.Op) app.Change {
	return app.Change{Seq: seq, Op: op.ID, Dev: "D1", Kind: op.Kind, Ent: op.Ent, Verdict: app.VerdictApplied, Body: op.Payload}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func do(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestActionShowsAtOnceAndSurvivesReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	s := must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	a := appeal(1)
	do(t, s.Perform([]app.Op{create(a)}))
	do(t, s.Perform([]app.Op{event(a, app.Event{Type: app.EventStarted, By: "Оператор 2"})}))
	do(t, s.SaveDraft(a.ID, app.Draft{Answer: "Здравствуйте"}))
	do(t, s.Close())

	s = must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	defer s.Close()
	got := must[*app.Appeal](t)(s.Appeal(a.ID))
	if got.Status != app.StatusInProgress || got.Assignee != "Оператор 2" || len(got.Events) != 2 {
		t.Errorf("status %s, assignee %q, %d events", got.Status, got.Assignee, len(got.Events))
	}
	ops := must[[]app.Op](t)(s.Pending(0, 10, 1<<20, day0))
	if len(ops) != 2 || ops[0].N != 1 || ops[1].N != 2 || ops[1].Kind != app.OpEvent {
		t.Errorf("outbox %+v", ops)
	}
	if d := must[app.Draft](t)(s.Draft(a.ID)); d.Answer != "Здравствуйте" {
		t.Errorf("draft %+v", d)
	}
	found := must[app.Found](t)(s.Find(app.Query{Queue: app.QueueMine, Me: "Оператор 2", Now: day0}))
	if found.Total != 1 || found.Counts.Queues[app.QueueNeeds] != 1 {
		t.Errorf("found %+v", found)
	}
	sound(t, s)
}

func TestSecondInstanceIsToldWhy(t *testing.T) {
	s := open(t)
	_, err := Open(s.Path(), testBox(t), testTerms(t))
	if app.CodeOf(err) != app.CodeLocked {
		t.Errorf("got %v", err)
	}
}

func TestNewerFileIsRefusedUnchanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	s := must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	do(t, s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketFormat).Put(keyVersion, number(version+1)) }))
	do(t, s.Close())
	before := must[[]byte](t)(os.ReadFile(path))
	if _, err := Open(path, testBox(t), testTerms(t)); app.CodeOf(err) != app.CodeNewerStore {
		t.Errorf("got %v", err)
	}
	if after := must[[]byte](t)(os.ReadFile(path)); !slices.Equal(before, after) {
		t.Error("the file was changed")
	}
}

func TestFileOfAnotherKeyIsRefusedUnchanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	do(t, must[*Store](t)(Open(path, testBox(t), testTerms(t))).Close())
	before := must[[]byte](t)(os.ReadFile(path))
	other := must[*seal.Box](t)(seal.NewBox(bytes.Repeat([]byte{7}, seal.KeyLen)))
	if _, err := Open(path, other, testTerms(t)); app.CodeOf(err) != app.CodeOtherKey {
		t.Errorf("got %v", err)
	}
	if after := must[[]byte](t)(os.ReadFile(path)); !slices.Equal(before, after) {
		t.Error("the file was changed")
	}
}

func TestFileThatIsNoDatabaseIsSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	do(t, os.WriteFile(path, []byte(strings.Repeat("not a database ", 5000)), 0o600))
	s := must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	defer s.Close()
	r := s.Upkeep().Recovery
	if r == nil || r.Aside == "" || !r.Backup.IsZero() {
		t.Fatalf("recovery %+v", r)
	}
	aside := must[[]byte](t)(os.ReadFile(filepath.Join(filepath.Dir(path), r.Aside)))
	if !strings.HasPrefix(string(aside), "not a database") {
		t.Error("the file was changed")
	}
	sound(t, s)
}

func TestOutboxLeavesOnlyWithItsOwnChange(t *testing.T) {
	s := open(t)
	a := appeal(1)
	made := create(a)
	started := event(a, app.Event{Type: app.EventStarted, By: "Оператор 2"})
	do(t, s.Perform([]app.Op{made, started}))

	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(1, made)}, Next: "e.all.1"}, day0))
	if n := must[int](t)(s.PendingFor(a.ID)); n != 1 {
		t.Fatalf("%d operations pending", n)
	}
	got := must[*app.Appeal](t)(s.Appeal(a.ID))
	if got.Status != app.StatusInProgress {
		t.Errorf("own action vanished from the screen: %s", got.Status)
	}
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(2, started)}, Next: "e.all.2"}, day0))
	if n := must[int](t)(s.PendingFor(a.ID)); n != 0 {
		t.Errorf("%d operations pending", n)
	}
	got = must[*app.Appeal](t)(s.Appeal(a.ID))
	if got.Registers.Status.Seq != 2 || got.Registers.Status.Dev != "D1" {
		t.Errorf("register %+v", got.Registers.Status)
	}
	if c := must[string](t)(s.Cursor()); c != "e.all.2" {
		t.Errorf("cursor %q", c)
	}
}

func TestForeignChangeUnderOwnOne(t *testing.T) {
	s := open(t)
	a := appeal(1)
	made := create(a)
	do(t, s.Perform([]app.Op{made}))
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(1, made)}, Next: "e.all.1"}, day0))
	note := event(a, app.Event{Type: app.EventNote, Text: "мой текст"})
	do(t, s.Perform([]app.Op{note}))
	foreign := event(a, app.Event{Type: app.EventAssigned, Target: "Оператор 1"})
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(2, foreign)}, Next: "e.all.2"}, day0))
	got := must[*app.Appeal](t)(s.Appeal(a.ID))
	if got.Assignee != "Оператор 1" || len(got.Events) != 3 {
		t.Errorf("assignee %q, %d events", got.Assignee, len(got.Events))
	}
}

func TestRefusedActionIsTakenBackAndKept(t *testing.T) {
	s := open(t)
	a := appeal(1)
	made := create(a)
	do(t, s.Perform([]app.Op{made}))
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(1, made)}, Next: "e.all.1"}, day0))
	closed := event(a, app.Event{Type: app.EventRejected, Text: "не по адресу"})
	do(t, s.Perform([]app.Op{closed}))
	if got := must[*app.Appeal](t)(s.Appeal(a.ID)); got.Status != app.StatusRejected {
		t.Fatal(got.Status)
	}
	no := app.Change{Seq: 2, Op: closed.ID, Kind: closed.Kind, Ent: a.ID, Verdict: app.VerdictRejected, Reason: app.CodeWrongRole}
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{no}, Next: "e.all.2"}, day0))
	if got := must[*app.Appeal](t)(s.Appeal(a.ID)); got.Status != app.StatusNew {
		t.Errorf("status %s after the refusal", got.Status)
	}
	entries := must[[]app.Entry](t)(s.Entries(10))
	if len(entries) != 2 || entries[0].State != app.EntryRefused || entries[0].Reason != app.CodeWrongRole {
		t.Fatalf("entries %+v", entries)
	}
	if e := must[app.Event](t)(app.Decode[app.Event](entries[0].Op.Payload)); e.Text != "не по адресу" {
		t.Error("the text of the refused action is lost")
	}
	if w := must[app.Waiting](t)(s.Waiting()); w.Refused != 1 || w.Pending != 0 {
		t.Errorf("waiting %+v", w)
	}
}

func TestRefusedCreationLeavesNoTrace(t *testing.T) {
	s := open(t)
	made := create(appeal(1))
	do(t, s.Perform([]app.Op{made}))
	do(t, s.Refuse(made.ID, "malformed", day0))
	if _, err := s.Appeal(made.Ent); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("got %v", err)
	}
	if f := must[app.Found](t)(s.Find(app.Query{Queue: app.QueueOpen, Now: day0, Words: "яма"})); f.Total != 0 {
		t.Error("still in the lists")
	}
	if w := must[app.Waiting](t)(s.Waiting()); w.Refused != 1 {
		t.Errorf("waiting %+v", w)
	}
}

func TestConflictIsKeptUntilChosen(t *testing.T) {
	s := open(t)
	a := appeal(1)
	made := create(a)
	do(t, s.Perform([]app.Op{made}))
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(1, made)}, Next: "e.all.1"}, day0))
	mine := event(a, app.Event{Type: app.EventRejected, Text: "мой"})
	do(t, s.Perform([]app.Op{mine}))
	theirs := event(a, app.Event{Type: app.EventStarted, By: "Оператор 1"})
	conflict := app.Conflict{
		Op: mine.ID, Appeal: a.ID, Mine: app.Event{Type: app.EventRejected, Text: "мой"}, Winner: app.Event{Type: app.EventStarted},
	}
	do(t, s.ApplyChanges(app.FeedPage{Next: "e.all.3", Changes: []app.Change{
		accepted(2, theirs),
		{Seq: 3, Op: mine.ID, Kind: mine.Kind, Ent: a.ID, Verdict: app.VerdictConflict, Body: app.Encode(conflict)},
	}}, day0))
	if w := must[app.Waiting](t)(s.Waiting()); w.Conflicts != 1 || w.Pending != 0 {
		t.Fatalf("waiting %+v", w)
	}
	if got := must[*app.Appeal](t)(s.Appeal(a.ID)); got.Status != app.StatusInProgress {
		t.Errorf("status %s", got.Status)
	}
	r := app.Resolution{Conflict: mine.ID, Choice: app.ChoiceNote, Event: app.Event{ID: app.IDFrom("r"), Type: app.EventNote, Text: "мой", At: day0.Add(2 * time.Hour)}}
	settle := app.Op{ID: app.IDFrom("r"), Ent: a.ID, Kind: app.OpResolve, At: day0, Payload: app.Encode(r)}
	do(t, s.Perform([]app.Op{settle}))
	if w := must[app.Waiting](t)(s.Waiting()); w.Conflicts != 0 || w.Pending != 1 {
		t.Errorf("waiting %+v", w)
	}
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(4, settle)}, Next: "e.all.4"}, day0))
	got := must[*app.Appeal](t)(s.Appeal(a.ID))
	if _, noted := got.Last(app.EventNote); !noted {
		t.Error("the text of the loser is not in the history")
	}
}

// conflicted gives a store with an appeal over which one conflict is open, and
// the operation that settles it.
func conflicted(t *testing.T) (s *Store, feed []app.Change, settle app.Op) {
	t.Helper()
	s = open(t)
	a := appeal(1)
	made := create(a)
	mine := event(a, app.Event{Type: app.EventRejected, Text: "мой"})
	feed = []app.Change{accepted(1, made), {
		Seq: 2, Op: mine.ID, Kind: mine.Kind, Ent: a.ID, Verdict: app.VerdictConflict,
		Body: app.Encode(app.Conflict{Op: mine.ID, Appeal: a.ID, Mine: app.Event{Type: app.EventRejected, Text: "мой"}}),
	}}
	do(t, s.ApplyChanges(app.FeedPage{Changes: feed, Next: "e.all.2"}, day0))
	e := app.Event{ID: app.IDFrom("r"), Type: app.EventNote, Text: "мой", At: day0}
	r := app.Resolution{Conflict: mine.ID, Choice: app.ChoiceNote, Event: e}
	settle = app.Op{ID: e.ID, Ent: a.ID, Kind: app.OpResolve, At: day0, Payload: app.Encode(r)}
	do(t, s.Perform([]app.Op{settle}))
	return s, feed, settle
}

// theOne gives the only conflict.
func theOne(t *testing.T, s *Store) app.Conflict {
	t.Helper()
	all := must[[]app.Conflict](t)(s.Conflicts())
	if len(all) != 1 {
		t.Fatalf("%d conflicts", len(all))
	}
	return all[0]
}

// TestConflictSettledTwice is settled by somebody else first: the server calls
// the second choice superseded, in a change that has no body.
func TestConflictSettledTwice(t *testing.T) {
	s, _, settle := conflicted(t)
	r := must[app.Resolution](t)(app.Decode[app.Resolution](settle.Payload))
	r.Choice, r.Event.ID = app.ChoiceDrop, app.IDFrom("theirs")
	theirs := app.Op{ID: r.Event.ID, Ent: settle.Ent, Kind: app.OpResolve, Payload: app.Encode(r)}
	first := accepted(3, theirs)
	first.At = day0.Add(time.Hour)
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{
		first, {Seq: 4, Op: settle.ID, Kind: settle.Kind, Ent: settle.Ent, Verdict: app.VerdictSuperseded},
	}, Next: "e.all.4"}, day0))
	if c := theOne(t, s); c.Choice != app.ChoiceDrop || !c.Settled.Equal(first.At) {
		t.Errorf("settled as %q at %v", c.Choice, c.Settled)
	}
	if w := must[app.Waiting](t)(s.Waiting()); w.Pending != 0 || w.Conflicts != 0 {
		t.Errorf("waiting %+v", w)
	}
}

func TestRefusedChoiceOpensTheConflictAgain(t *testing.T) {
	s, _, settle := conflicted(t)
	do(t, s.Refuse(settle.ID, "malformed", day0))
	if c := theOne(t, s); c.Choice != "" {
		t.Errorf("settled as %q", c.Choice)
	}
}

func TestUnsentChoiceSurvivesAFeedToldAnew(t *testing.T) {
	s, feed, _ := conflicted(t)
	do(t, s.ApplyChanges(app.FeedPage{}, day0))
	do(t, s.ApplyChanges(app.FeedPage{Changes: feed, Next: "e.all.2"}, day0))
	if c := theOne(t, s); c.Choice != app.ChoiceNote {
		t.Errorf("settled as %q", c.Choice)
	}
}

func TestFailedTransactionChangesNothing(t *testing.T) {
	s := open(t)
	do(t, s.Perform([]app.Op{create(appeal(1))}))
	unknown := app.Op{ID: app.IDFrom("y"), Ent: app.IDFrom("nobody"), Kind: app.OpEvent, Payload: json.RawMessage(`{}`)}
	before := must[[]app.Op](t)(s.Pending(0, 100, 1<<20, day0))
	if err := s.Perform([]app.Op{create(appeal(3)), unknown}); app.CodeOf(err) != app.CodeNotFound {
		t.Fatalf("got %v", err)
	}
	if after := must[[]app.Op](t)(s.Pending(0, 100, 1<<20, day0)); len(after) != len(before) {
		t.Errorf("outbox grew from %d to %d", len(before), len(after))
	}
	if _, ok := s.Record(appeal(3).ID); ok {
		t.Error("half of the transaction is there")
	}
}

func TestCounters(t *testing.T) {
	s := open(t)
	p := app.Page{ID: app.IDFrom("p"), Network: app.SourceVK, Name: "Администрация"}
	q := app.Page{ID: app.IDFrom("q"), Network: app.SourceOK, Name: "Музей"}
	put := func(n int, kind app.OpKind, ent string, v any) app.Op {
		return app.Op{ID: app.IDFrom("c", fmt.Sprint(n)), Ent: ent, Kind: kind, Payload: app.Encode(v)}
	}
	d := app.DayOf(day0)
	do(t, s.Perform([]app.Op{
		put(1, app.OpPage, p.ID, p), put(2, app.OpPage, q.ID, q),
		put(3, app.OpCount, d.String(), app.Counters{Day: d, Counts: map[string]uint32{p.ID: 100, "nobody": 7}}),
		put(4, app.OpCount, (d + 2).String(), app.Counters{Day: d + 2, Counts: map[string]uint32{p.ID: 0, q.ID: 5}}),
	}))
	got := must[app.Series](t)(s.Series(p.ID))
	if want := []uint32{100, app.Missing, 0}; got.First != d || !slices.Equal(got.Values, want) {
		t.Errorf("series %v from %v", got.Values, got.First)
	}
	columns := must[map[string]app.Series](t)(s.Columns(d+1, d+2))
	if len(columns) != 2 || !slices.Equal(columns[q.ID].Values, []uint32{app.Missing, 5}) {
		t.Errorf("columns %v", columns)
	}
}

// TestListsAgreeWithAPlainScan compares lists, counts and search with what a
// scan over all appeals gives, after any sequence of changes.
// TestRefusedPageAndCountsAreTakenBack has the server refuse what this station
// showed already, over what it has confirmed meanwhile.
func TestRefusedPageAndCountsAreTakenBack(t *testing.T) {
	s := open(t)
	d := app.DayOf(day0)
	known, fresh := app.Page{ID: app.IDFrom("p"), Name: "Школа"}, app.Page{ID: app.IDFrom("q"), Name: "Музей"}
	op := func(n int, kind app.OpKind, ent string, v any) app.Op {
		return app.Op{ID: app.IDFrom("c", fmt.Sprint(n)), Ent: ent, Kind: kind, Payload: app.Encode(v)}
	}
	count := func(n int, page app.Page, value uint32) app.Op {
		return op(n, app.OpCount, d.String(), app.Counters{Day: d, Counts: map[string]uint32{page.ID: value}})
	}
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{
		accepted(1, op(1, app.OpPage, known.ID, known)), accepted(2, count(2, known, 100)),
	}, Next: "e.all.2"}, day0))
	renamed := known
	renamed.Name = "Лицей"
	mine := []app.Op{
		op(3, app.OpPage, known.ID, renamed), op(4, app.OpPage, fresh.ID, fresh), count(5, known, 7), count(6, fresh, 8),
	}
	do(t, s.Perform(mine))
	sound(t, s)
	// Somebody else's counts come in under those not sent yet.
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(3, count(7, known, 101))}, Next: "e.all.3"}, day0))
	if got := must[app.Series](t)(s.Series(known.ID)); !slices.Equal(got.Values, []uint32{7}) {
		t.Errorf("its own count shows as %v", got.Values)
	}
	for i, o := range mine[:3] {
		c := app.Change{Seq: uint64(4 + i), Op: o.ID, Kind: o.Kind, Ent: o.Ent, Verdict: app.VerdictRejected, Reason: "malformed"}
		do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{c}, Next: fmt.Sprintf("e.all.%d", c.Seq)}, day0))
	}
	do(t, s.Refuse(mine[3].ID, "malformed", day0))
	if pages := must[[]app.Page](t)(s.Pages()); len(pages) != 1 || pages[0].Name != known.Name {
		t.Errorf("pages %+v", pages)
	}
	if _, ok, err := s.Page(fresh.ID); ok || err != nil {
		t.Errorf("a refused page is there: %v, %v", ok, err)
	}
	columns := must[map[string]app.Series](t)(s.Columns(d, d))
	if len(columns) != 1 || !slices.Equal(columns[known.ID].Values, []uint32{101}) {
		t.Errorf("counts %v", columns)
	}
	// Counts of a page that comes later have waited for it.
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{
		accepted(7, count(8, fresh, 9)), accepted(8, op(9, app.OpPage, fresh.ID, fresh)),
	}, Next: "e.all.8"}, day0))
	if got := must[app.Series](t)(s.Series(fresh.ID)); !slices.Equal(got.Values, []uint32{9}) {
		t.Errorf("counts before their page are %v", got.Values)
	}
}

func BenchmarkPerform(b *testing.B) {
	s := must[*Store](b)(Open(filepath.Join(b.TempDir(), "otklik.db"), testBox(b), testTerms(b)))
	defer s.Close()
	var ops []app.Op
	for i := range 1000 {
		ops = append(ops, create(appeal(i)))
	}
	do(b, s.Perform(ops))
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		do(b, s.Perform([]app.Op{event(appeal(i%1000), app.Event{Type: app.EventNote, Text: "заметка"})}))
	}
}

func BenchmarkFind(b *testing.B) {
	s := must[*Store](b)(Open(filepath.Join(b.TempDir(), "otklik.db"), testBox(b), testTerms(b)))
	defer s.Close()
	for block := range 20 {
		var ops []app.Op
		for i := range 1000 {
			ops = append(ops, create(appeal(block*1000+i)))
		}
		do(b, s.Perform(ops))
	}
	b.ResetTimer()
	for b.Loop() {
		must[app.Found](b)(s.Find(app.Query{Queue: app.QueueNeeds, Now: day0, Words: "яма дома"}))
	}
}

// TestACreationThatWaitsHidesNothing: a snapshot held the appeal, an event of it is
// confirmed, and the verdict on its creation has not come.
func TestACreationThatWaitsHidesNothing(t *testing.T) {
	create := app.Op{ID: "a", Ent: "a", Kind: app.OpCreate, Payload: app.Encode(app.Appeal{ID: "a", Text: "Яма"})}
	a := must[*app.Appeal](t)(fold(nil, create))
	a.Apply(app.Event{ID: "e", Type: app.EventNote, Text: "позвонить"})
	if got := must[*app.Appeal](t)(fold(a, create)); !got.HasEvent("e") || got.Text != "Яма" {
		t.Errorf("%+v", got)
	}
}
