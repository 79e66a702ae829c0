package store

import (
	"testing"
	"time"

	"otklik/app"
)

func gone(seq uint64, ent string) app.Change {
	return app.Change{Seq: seq, Kind: app.ChangeGone, Ent: ent}
}

func (s *Store) pulled(t *testing.T, next string, changes ...app.Change) {
	t.Helper()
	do(t, s.ApplyChanges(app.FeedPage{Changes: changes, Next: next}, day0))
}

func TestWhatLeavesTheScopeGoesAndUnsentWordsStay(t *testing.T) {
	s := open(t)
	a, b := appeal(1), appeal(2)
	s.pulled(t, "e.x.2", accepted(1, create(a)), accepted(2, create(b)))
	note := event(a, app.Event{Type: app.EventNote, Text: "мои слова"})
	do(t, s.Perform([]app.Op{note}))
	do(t, s.SaveDraft(a.ID, app.Draft{Answer: "черновик"}))
	do(t, s.Hold([]string{note.ID}, day0.Add(time.Minute)))
	s.pulled(t, "e.x.7", gone(7, a.ID), gone(6, app.IDFrom("never here")))

	if _, err := s.Appeal(a.ID); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("it can still be read: %v", err)
	}
	if found := must[app.Found](t)(s.Find(app.Query{Now: day0})); len(found.Records) != 1 {
		t.Errorf("listed: %d", len(found.Records))
	}
	if found := must[app.Found](t)(s.Find(app.Query{Now: day0, Words: "яма"})); len(found.Records) != 1 {
		t.Errorf("found by its words: %d", len(found.Records))
	}
	if cursor := must[string](t)(s.Cursor()); cursor != "e.x.7" {
		t.Errorf("cursor %s", cursor)
	}
	// The operation goes out at once, and says that nothing is to be waited for.
	ops := must[[]app.Op](t)(s.Pending(0, 10, 1<<20, day0))
	if len(ops) != 1 || ops[0].ID != note.ID || !ops[0].Gone {
		t.Fatalf("outbox %+v", ops)
	}
	s.pulled(t, "e.x.8", app.Change{
		Seq: 8, Op: note.ID, Kind: note.Kind, Ent: a.ID, Verdict: app.VerdictRejected, Reason: app.CodeOutOfScope,
	})
	entries := must[[]app.Entry](t)(s.Entries(10))
	if len(entries) != 1 || entries[0].State != app.EntryRefused || entries[0].Reason != app.CodeOutOfScope {
		t.Fatalf("entries %+v", entries)
	}
	if e := must[app.Event](t)(app.Decode[app.Event](entries[0].Op.Payload)); e.Text != "мои слова" {
		t.Errorf("the words are %q", e.Text)
	}
	if d := must[app.Draft](t)(s.Draft(a.ID)); d.Answer != "черновик" {
		t.Errorf("the draft is %q", d.Answer)
	}
}

func TestWhatEntersTheScopeIsWhole(t *testing.T) {
	s := open(t)
	a := appeal(1)
	s.pulled(t, "e.x.1", accepted(1, create(a)))
	note := event(a, app.Event{Type: app.EventNote, Text: "мои слова"})
	do(t, s.Perform([]app.Op{note}))
	s.pulled(t, "e.x.2", gone(2, a.ID))
	a.Apply(app.Event{ID: app.IDFrom("elsewhere"), Type: app.EventStarted, At: day0.Add(2 * time.Hour), By: "Оператор 7"})
	a.Registers.Status = app.Revision{Seq: 4, Dev: "D7"}
	k := app.Conflict{Op: app.IDFrom("k"), Appeal: a.ID, By: "Оператор 7", Mine: app.Event{Text: "их слова"}}
	fresh := appeal(3)
	s.pulled(t, "e.x.6",
		app.Change{
			Seq: 5, Op: app.IDFrom("m"), Kind: app.ChangeEntered, Ent: a.ID, Verdict: app.VerdictApplied,
			Body: app.Encode(app.Entered{Appeal: a, Conflicts: []app.Conflict{k}}),
		},
		app.Change{
			Seq: 6, Op: app.IDFrom("n"), Kind: app.ChangeEntered, Ent: fresh.ID, Verdict: app.VerdictApplied,
			Body: app.Encode(app.Entered{Appeal: fresh}),
		})
	got := must[*app.Appeal](t)(s.Appeal(a.ID))
	if !got.HasEvent(note.ID) || !got.HasEvent(app.IDFrom("elsewhere")) || got.Registers != a.Registers {
		t.Errorf("%+v", got)
	}
	if c := theOne(t, s); c.Op != k.Op {
		t.Errorf("%+v", c)
	}
	if ops := must[[]app.Op](t)(s.Pending(0, 10, 1<<20, day0)); len(ops) != 1 || ops[0].Gone {
		t.Errorf("outbox %+v", ops)
	}
	must[*app.Appeal](t)(s.Appeal(fresh.ID))
}

// TestOwnMoveIsAccepted: the verdict comes with the appeal's leaving.
func TestOwnMoveIsAccepted(t *testing.T) {
	s := open(t)
	a := appeal(1)
	s.pulled(t, "e.x.1", accepted(1, create(a)))
	move := app.Op{ID: app.IDFrom("move"), Ent: a.ID, Kind: app.OpAmend, Payload: app.Encode(app.Amendment{Fields: app.Appeal{Municipality: "г. Канаш"}})}
	do(t, s.Perform([]app.Op{move}))
	c := gone(2, a.ID)
	c.Op, c.Verdict = move.ID, app.VerdictApplied
	s.pulled(t, "e.x.2", c)
	if w := must[app.Waiting](t)(s.Waiting()); w.Pending != 0 || w.Refused != 0 {
		t.Errorf("waiting %+v", w)
	}
	if entries := must[[]app.Entry](t)(s.Entries(10)); len(entries) != 1 || entries[0].State != app.EntrySent {
		t.Errorf("entries %+v", entries)
	}
}

// TestWordsOfAConflictStay where the conflict itself goes out of scope: with its
// appeal, with a snapshot of another scope, or before it was ever here.
func TestWordsOfAConflictStay(t *testing.T) {
	for name, goes := range map[string]func(*testing.T, *Store, app.Appeal, app.Op){
		"with its appeal": func(t *testing.T, s *Store, a app.Appeal, _ app.Op) {
			s.pulled(t, "e.x.3", gone(3, a.ID))
		},
		"with a snapshot": func(t *testing.T, s *Store, _ app.Appeal, _ app.Op) {
			do(t, s.Anew(2))
			do(t, s.BeginLoad(app.Snapshot{Next: "e.y.3"}))
			do(t, s.EndLoad())
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			do(t, s.SaveDevice(Device{ID: "D1", Identity: app.Identity{Name: "Оператор 1"}}))
			a := appeal(1)
			s.pulled(t, "e.x.1", accepted(1, create(a)))
			mine := event(a, app.Event{Type: app.EventRejected, Text: "мой"})
			theirs := app.Conflict{Op: app.IDFrom("theirs"), Appeal: a.ID, By: "Оператор 2", Mine: app.Event{Text: "их"}}
			do(t, s.Perform([]app.Op{mine}))
			k := app.Conflict{Op: mine.ID, Appeal: a.ID, By: "Оператор 1", Mine: app.Event{Type: app.EventRejected, Text: "мой"}}
			s.pulled(t, "e.x.2", app.Change{Seq: 2, Op: mine.ID, Kind: mine.Kind, Ent: a.ID, Verdict: app.VerdictConflict, Body: app.Encode(k)},
				app.Change{Seq: 2, Op: theirs.Op, Kind: app.OpEvent, Ent: a.ID, Verdict: app.VerdictConflict, Body: app.Encode(theirs)})
			goes(t, s, a, mine)
			wordsAreRefused(t, s)
		})
	}
	t.Run("before it was here", func(t *testing.T) {
		s := open(t)
		a := appeal(1)
		s.pulled(t, "e.x.1", accepted(1, create(a)))
		mine := event(a, app.Event{Type: app.EventRejected, Text: "мой"})
		do(t, s.Perform([]app.Op{mine}))
		c := gone(2, a.ID)
		c.Op, c.Verdict = mine.ID, app.VerdictConflict
		s.pulled(t, "e.x.2", c)
		wordsAreRefused(t, s)
	})
}

func wordsAreRefused(t *testing.T, s *Store) {
	t.Helper()
	if w := must[app.Waiting](t)(s.Waiting()); w.Conflicts != 0 || w.Refused != 1 || w.Pending != 0 {
		t.Errorf("waiting %+v", w)
	}
	entries := must[[]app.Entry](t)(s.Entries(10))
	if len(entries) != 1 || entries[0].State != app.EntryRefused || entries[0].Reason != app.CodeOutOfScope {
		t.Fatalf("entries %+v", entries)
	}
	if e := must[app.Event](t)(app.Decode[app.Event](entries[0].Op.Payload)); e.Text != "мой" {
		t.Errorf("the words are %q", e.Text)
	}
}

// TestSnapshotOfAnotherScope: what it does not hold is known to be gone, unless
// the server has lost a part of its history.
func TestSnapshotOfAnotherScope(t *testing.T) {
	for _, lost := range []bool{false, true} {
		s := open(t)
		a := appeal(1)
		s.pulled(t, "e.x.1", accepted(1, create(a)))
		note := event(a, app.Event{Type: app.EventNote, Text: "мои слова"})
		do(t, s.Perform([]app.Op{note}))
		if lost {
			do(t, s.Rewind(0, ""))
		} else {
			do(t, s.Anew(1))
		}
		do(t, s.BeginLoad(app.Snapshot{Next: "e.y.3"}))
		do(t, s.EndLoad())
		if ops := must[[]app.Op](t)(s.Pending(0, 10, 1<<20, day0)); len(ops) != 1 || ops[0].Gone == lost {
			t.Errorf("lost %v: outbox %+v", lost, ops)
		}
	}
}
