package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"otklik/app"
)

func withdrawal(ops ...app.Op) app.Withdrawal {
	w := app.Withdrawal{Record: ops[0].Ent}
	for _, op := range ops {
		w.Ops = append(w.Ops, op.ID)
	}
	return w
}

// stateOf gives what became of an operation, "" where nothing is known of it.
func stateOf(t *testing.T, s *Store, op app.Op) (state app.EntryState) {
	t.Helper()
	for _, e := range must[[]app.Entry](t)(s.Entries(1 << 20)) {
		if e.Op.ID == op.ID {
			if state != "" {
				t.Errorf("it is %s and %s", state, e.State)
			}
			state = e.State
		}
	}
	return state
}

// answered is a gesture of two events.
func answered(n int) []app.Op {
	return []app.Op{
		event(appeal(n), app.Event{Type: app.EventStarted, By: "Оператор 2"}),
		event(appeal(n), app.Event{Type: app.EventAnswered, Text: "Сделаем", ByHand: true}),
	}
}

func TestWithdrawnIsAsIfItWasNeverDone(t *testing.T) {
	w := atWork(t, tiny)
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	before := must[*app.Appeal](t)(s.Appeal(appeal(9).ID))
	ops := answered(9)
	do(t, s.Perform(ops))
	take := withdrawal(ops...)
	take.Draft = app.Draft{Answer: "Сделаем"}
	do(t, s.SaveDraft(appeal(9).ID, app.Draft{Answer: "Набираю другое"}))
	done := must[[]bool](t)(s.Withdraw([]app.Withdrawal{take}, day0))
	if !done[0] {
		t.Fatal("it was not withdrawn")
	}
	seen := func() {
		t.Helper()
		do(t, w.unsent(s))
		after := must[*app.Appeal](t)(s.Appeal(appeal(9).ID))
		if !bytes.Equal(app.Encode(before), app.Encode(after)) {
			t.Errorf("the appeal is %s", app.Encode(after))
		}
		record, _ := s.Record(appeal(9).ID)
		if row := must[app.Row](t)(s.Row(record)); row.Pending || row.Status != app.StatusNew {
			t.Errorf("the row is %+v", row)
		}
		if d := must[app.Draft](t)(s.Draft(appeal(9).ID)); d.Answer != "Набираю другое\n\nСделаем" {
			t.Errorf("what was typed is %q", d.Answer)
		}
		if state := stateOf(t, s, ops[1]); state != app.EntryWithdrawn {
			t.Errorf("the journal says %q", state)
		}
		sound(t, s)
	}
	seen()
	do(t, s.Close())
	s = must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	seen()
	if done := must[[]bool](t)(s.Withdraw([]app.Withdrawal{take}, day0)); done[0] {
		t.Error("it was withdrawn twice")
	}
	do(t, s.Close())
}

func TestWhatOthersMayKnowIsNotWithdrawn(t *testing.T) {
	w := atWork(t, tiny)
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	refused := func(why string, ops ...app.Op) {
		t.Helper()
		before := s.journal.size
		if done := must[[]bool](t)(s.Withdraw([]app.Withdrawal{withdrawal(ops...)}, day0)); done[0] {
			t.Errorf("withdrawn: %s", why)
		}
		if s.journal.size != before {
			t.Errorf("%s: the journal was told something", why)
		}
	}
	perform := func(ops ...app.Op) []app.Op {
		do(t, s.Perform(ops))
		return ops
	}
	for _, op := range w.ops {
		if op.Ent == appeal(6).ID {
			refused("it may have been sent before the program was started anew", op)
		}
	}

	last := perform(event(appeal(9), app.Event{Type: app.EventNote, Text: "Первое"}))
	looked := must[[]app.Op](t)(s.Pending(0, 1000, 1<<20, day0))
	if done := must[[]bool](t)(s.Withdraw([]app.Withdrawal{withdrawal(last...)}, day0)); !done[0] || len(looked) == 0 {
		t.Error("a look at the outbox counts as sending")
	}

	first := perform(event(appeal(9), app.Event{Type: app.EventAssigned, Target: "Оператор 1"}))
	perform(event(appeal(9), app.Event{Type: app.EventStarted, By: "Оператор 2"}))
	refused("others build on it", first...)

	marked := perform(event(appeal(12), app.Event{Type: app.EventAssigned, Target: "Оператор 1"}))
	perform(event(appeal(12), app.Event{Type: app.EventEscalated, Percent: 50}))
	if done := must[[]bool](t)(s.Withdraw([]app.Withdrawal{withdrawal(marked...)}, day0)); !done[0] {
		t.Error("a mark of the program forbids it")
	}

	half := perform(answered(10)...)
	left := must[[]app.Op](t)(s.Leaving(half[0].N, 1, 1<<20, day0)) // the first of all
	for len(left) > 0 && left[len(left)-1].ID != half[0].ID {
		left = must[[]app.Op](t)(s.Leaving(left[len(left)-1].N, 1, 1<<20, day0))
	}
	if len(left) == 0 {
		t.Fatal("it is not among what leaves")
	}
	refused("half of it is on its way", half...)

	created := perform(create(appeal(500)))
	perform(event(appeal(500), app.Event{Type: app.EventNote, Text: "Звонок"}))
	refused("a new appeal somebody has noted something on", created...)

	bare := perform(create(appeal(501)))
	if done := must[[]bool](t)(s.Withdraw([]app.Withdrawal{withdrawal(bare...)}, day0)); !done[0] {
		t.Error("a new appeal nobody has touched stays")
	}
	if _, here := s.Record(appeal(501).ID); here {
		t.Error("it is here still")
	}

	file := perform(event(appeal(11), app.Event{Type: app.EventNote, Text: "Вынесено"}))
	must[[]app.Entry](t)(s.Unsettled())
	refused("it may be carried by hand", file...)
	sound(t, s)
	do(t, s.Close())
}

// TestWithdrawalSurvivesAKill opens the folder as a kill leaves it at every moment of
// a withdrawal, and as a power cut does.
func TestWithdrawalSurvivesAKill(t *testing.T) {
	w := atWork(t, tiny)
	type moment struct {
		point, dir string
	}
	var moments []moment
	watching := false
	var meta []byte
	o := tiny
	o.point = func(point string) {
		if !watching {
			return
		}
		keep := func(name string) string {
			m := moment{name, filepath.Join(fast(t), "copy")}
			do(t, os.CopyFS(m.dir, os.DirFS(w.dir)))
			moments = append(moments, m)
			return m.dir
		}
		keep(point)
		switch point {
		case "journal sync":
			dir := keep(point + ", torn")
			info := must[os.FileInfo](t)(os.Stat(filepath.Join(dir, "otklik.journal")))
			do(t, os.Truncate(filepath.Join(dir, "otklik.journal"), info.Size()-9))
		case "commit":
			meta = must[[]byte](t)(os.ReadFile(w.path()))[:rootPages]
		case "committed":
			f := must[*os.File](t)(os.OpenFile(filepath.Join(keep(point+", torn"), "otklik.db"), os.O_WRONLY, 0))
			_, err := f.WriteAt(meta, 0)
			do(t, errors.Join(err, f.Close()))
		}
	}
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), o))
	ops := answered(9)
	do(t, s.Perform(ops))
	watching = true
	must[[]bool](t)(s.Withdraw([]app.Withdrawal{withdrawal(ops...)}, day0))
	watching = false
	do(t, s.Close())
	// Before the frame is whole nothing has happened; once it is, it has.
	gone := map[string]bool{
		"journal write": false, "journal sync, torn": false, "journal sync": true, "commit": true, "committed": true, "committed, torn": true,
	}
	if len(moments) < len(gone) {
		t.Errorf("%d moments", len(moments))
	}
	for _, m := range moments {
		want, known := gone[m.point]
		if !known {
			t.Errorf("what is to be at %q?", m.point)
		}
		for again := range 2 {
			s := must[*Store](t)(OpenWith(filepath.Join(m.dir, "otklik.db"), testBox(t), testTerms(t), tiny))
			a := must[*app.Appeal](t)(s.Appeal(appeal(9).ID))
			waits := stateOf(t, s, ops[0]) == app.EntryWaiting
			if waits == want || a.HasEvent(ops[0].ID) == want {
				t.Errorf("killed at %q, start %d: it waits: %v, shows: %v", m.point, again+1, waits, a.HasEvent(ops[0].ID))
			}
			for _, op := range must[[]app.Op](t)(s.Leaving(0, 1000, 1<<20, day0)) {
				if want && op.ID == ops[0].ID {
					t.Errorf("killed at %q: it is sent", m.point)
				}
			}
			sound(t, s)
			do(t, s.Close())
		}
	}
}

// TestWithdrawnComesWithNoOlderFile loses the database in every way and asks that
// nothing taken back is sent for that.
func TestWithdrawnComesWithNoOlderFile(t *testing.T) {
	for name, lose := range map[string]func(t *testing.T, w *work, s *Store){
		"nothing but the journal": func(t *testing.T, w *work, _ *Store) {
			do(t, errors.Join(os.Remove(w.path()), os.RemoveAll(filepath.Join(w.dir, "otklik.backups"))))
		},
		"a backup that holds it": func(t *testing.T, w *work, _ *Store) { do(t, os.Remove(w.path())) },
		"a copy that holds it": func(t *testing.T, w *work, _ *Store) {
			do(t, os.Rename(filepath.Join(w.dir, "copy"), w.path()))
		},
		"a copy older than the journal was shortened for": func(t *testing.T, w *work, _ *Store) {
			s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
			do(t, s.journal.shorten(s.journal.last))
			do(t, s.Close())
			do(t, os.Rename(filepath.Join(w.dir, "copy"), w.path()))
		},
		"the frame that says so": func(t *testing.T, w *work, _ *Store) {
			path := filepath.Join(w.dir, "otklik.journal")
			b := must[[]byte](t)(os.ReadFile(path))
			b[bytes.LastIndex(b, []byte(frameMark))+frameHead+2] ^= 0xFF
			do(t, os.WriteFile(path, b, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := atWork(t, tiny)
			s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
			ops := answered(9)
			do(t, s.Perform(ops))
			do(t, s.Backup(context.Background()))
			b := must[[]byte](t)(os.ReadFile(w.path()))
			do(t, os.WriteFile(filepath.Join(w.dir, "copy"), b, 0o600))
			if done := must[[]bool](t)(s.Withdraw([]app.Withdrawal{withdrawal(ops...)}, day0)); !done[0] {
				t.Fatal("it was not withdrawn")
			}
			do(t, s.Close())
			lose(t, w, s)
			for again := range 3 {
				s = must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
				if state := stateOf(t, s, ops[1]); state == app.EntryWaiting {
					t.Errorf("start %d: it waits again", again+1)
				}
				do(t, w.unsent(s))
				sound(t, s)
				do(t, s.Close())
			}
		})
	}
}

func BenchmarkWithdraw(b *testing.B) {
	const many = 200
	s := must[*Store](b)(OpenWith(filepath.Join(b.TempDir(), "otklik.db"), testBox(b), testTerms(b), Options{}))
	var feed []app.Change
	for n := range many {
		feed = append(feed, accepted(uint64(n+1), create(appeal(n))))
	}
	do(b, s.ApplyChanges(app.FeedPage{Changes: feed, Next: "e.all.200"}, day0))
	for i := 0; b.Loop(); i++ {
		var ops []app.Op
		var all []app.Withdrawal
		for n := range many {
			op := event(appeal(n), app.Event{Type: app.EventAssigned, Target: fmt.Sprint("Оператор ", i)})
			ops, all = append(ops, op), append(all, withdrawal(op))
		}
		do(b, s.Perform(ops))
		if done := must[[]bool](b)(s.Withdraw(all, day0)); !done[many-1] {
			b.Fatal("it was not withdrawn")
		}
	}
	do(b, s.Close())
}
