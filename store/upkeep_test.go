package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

func TestWhatIsNotCommittedIsNotInTheJournal(t *testing.T) {
	w := atWork(t, tiny)
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	size := s.journal.size
	broken := errors.New("the pages do not fit")
	err := s.update(func(t *tx) error {
		t.Tx.OnCommit(func() { panic("is not reached") })
		if err := t.perform(event(appeal(9), app.Event{Type: app.EventNote, Text: "Не записано"})); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || s.journal.size != size {
		t.Errorf("error %v, the journal grew by %d", err, s.journal.size-size)
	}
	// The journal is written and the commit fails.
	s.point = func(point string) {
		if point == "commit" {
			panic("the disk is gone")
		}
	}
	if err := s.Perform([]app.Op{event(appeal(9), app.Event{Type: app.EventNote, Text: "Не записано"})}); app.CodeOf(err) != app.CodeDamagedStore {
		t.Errorf("got %v", err)
	}
	if s.journal.size != size {
		t.Errorf("the journal grew by %d", s.journal.size-size)
	}
	s.point = func(string) {}
	do(t, s.Close())
	s = must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	do(t, w.kept(s))
	do(t, s.Close())
}

func TestFullDiskChangesNothing(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip("there is no disk that is always full")
	}
	w := atWork(t, tiny)
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	defer s.Close()
	good := s.journal.f
	s.journal.f = full
	err = s.Perform([]app.Op{event(appeal(9), app.Event{Type: app.EventNote, Text: "Не поместилось"})})
	if app.CodeOf(err) != app.CodeDiskFull {
		t.Errorf("got %v", err)
	}
	s.journal.f = good
	do(t, full.Close())
	do(t, w.kept(s))
	w.perform(t, s, event(appeal(9), app.Event{Type: app.EventNote, Text: "Поместилось"}))
	do(t, w.kept(s))
	sound(t, s)
}

func TestHoleInTheJournalIsNoDamageOfTheDatabase(t *testing.T) {
	w := atWork(t, tiny)
	path := filepath.Join(w.dir, "otklik.journal")
	b := must[[]byte](t)(os.ReadFile(path))
	frames := 0
	for at := 0; at >= 0; frames++ {
		c := must[*work](t)(w.copyTo(filepath.Join(fast(t), "copy")))
		spoilt := bytes.Clone(b)
		spoilt[at+frameHead+2] ^= 0xFF
		do(t, os.WriteFile(filepath.Join(c.dir, "otklik.journal"), spoilt, 0o600))
		s := must[*Store](t)(OpenWith(c.path(), testBox(t), testTerms(t), tiny))
		if r := s.Upkeep().Recovery; r != nil {
			t.Errorf("frame %d: the database was set aside: %+v", frames, r)
		}
		do(t, c.kept(s))
		do(t, s.Close())
		// What the hole held is in the journal again.
		do(t, os.Remove(c.path()))
		s = must[*Store](t)(OpenWith(c.path(), testBox(t), testTerms(t), tiny))
		if err := c.kept(s); err != nil {
			t.Errorf("frame %d: %v", frames, err)
		}
		do(t, s.Close())
		next := bytes.Index(b[at+1:], []byte(frameMark))
		if at += 1 + next; next < 0 {
			at = -1
		}
	}
	if frames < 10 {
		t.Errorf("%d frames", frames)
	}
}

func TestJournalIsShortenedToWhatCounts(t *testing.T) {
	w := atWork(t, tiny)
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	for i := range 200 {
		w.draft(t, s, appeal(20).ID, strings.Repeat("слово ", i))
	}
	before := s.journal.size
	do(t, s.journal.shorten(s.journal.last))
	if after := s.journal.size; after > before/4 {
		t.Errorf("from %d to %d bytes", before, after)
	}
	w.draft(t, s, appeal(20).ID, "Последнее")
	do(t, s.Close())
	// With nothing but the journal.
	do(t, errors.Join(os.Remove(w.path()), os.RemoveAll(filepath.Join(w.dir, "otklik.backups"))))
	s = must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	do(t, w.kept(s))
	top := must[uint64](t)(topOf(s))
	w.perform(t, s, create(appeal(400)))
	if n := must[uint64](t)(topOf(s)); n != top+1 || top < 13 {
		t.Errorf("numbers go on from %d to %d: the server knows those before", top, n)
	}
	sound(t, s)
	do(t, s.Close())
}

func topOf(s *Store) (n uint64, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		n = tx.Bucket(bucketOutbox).Sequence()
		return nil
	})
	return n, err
}

// TestPulledAppealTakesWhatWaitsForIt recovers without a backup: what was done to
// appeals that are not here shows as soon as a snapshot brings them.
func TestPulledAppealTakesWhatWaitsForIt(t *testing.T) {
	w := atWork(t, tiny)
	do(t, errors.Join(os.Remove(w.path()), os.RemoveAll(filepath.Join(w.dir, "otklik.backups"))))
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	defer s.Close()
	if _, err := s.Appeal(appeal(3).ID); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("an appeal that was not pulled: %v", err)
	}
	if a := must[*app.Appeal](t)(s.Appeal(appeal(200).ID)); len(a.Events) != 2 {
		t.Errorf("what was created here has %d events", len(a.Events))
	}
	var rows []app.SnapshotRow
	for n := range 120 {
		rows = append(rows, app.SnapshotRow{Kind: app.RowAppeal, Value: app.Encode(appeal(n))})
	}
	do(t, s.BeginLoad(app.Snapshot{Next: "e.all.130", Rows: len(rows), Frames: []app.Frame{{Rows: len(rows)}}}))
	take := must[func() error](t)(s.ReadFrame(rows))
	do(t, take())
	a := must[*app.Appeal](t)(s.Appeal(appeal(3).ID))
	if a.Status != app.StatusAnswered || len(a.Events) != 4 {
		t.Errorf("status %s, %d events", a.Status, len(a.Events))
	}
	do(t, w.kept(s))
	sound(t, s)
}

func TestBackupsThatAreKept(t *testing.T) {
	now := day0
	file := func(n int, age time.Duration, size int64) backup {
		return backup{number: n, made: now.Add(-age), size: size}
	}
	h, d := time.Hour, 24*time.Hour
	for _, c := range []struct {
		what string
		all  []backup
		kept []int
	}{
		{"three recent, one of a day and one of a week", []backup{
			file(1, 20*d, 1), file(2, 9*d, 1), file(3, 3*d, 1), file(4, 30*h, 1), file(5, 5*h, 1), file(6, 3*h, 1), file(7, 2*h, 1), file(8, h, 1),
		}, []int{2, 4, 6, 7, 8}},
		{"the oldest is on its way to a week", []backup{
			file(1, 2*d, 1), file(2, 9*h, 1), file(3, 3*h, 1), file(4, 2*h, 1), file(5, h, 1),
		}, []int{1, 3, 4, 5}},
		{"large ones as the budget allows", []backup{
			file(1, 9*d, 900<<20), file(2, 3*h, 900<<20), file(3, 2*h, 900<<20), file(4, h, 900<<20),
		}, []int{3, 4}},
		{"one beyond the budget", []backup{file(1, 2*h, 9<<30), file(2, h, 9<<30)}, []int{2}},
		{"the clock was set back", []backup{
			file(1, -300*d, 1), file(2, -299*d, 1), file(3, 2*h, 1), file(4, h, 1), file(5, 0, 1),
		}, []int{1, 3, 4, 5}},
	} {
		var kept []int
		for i, k := range keptBackups(c.all, now) {
			if k {
				kept = append(kept, c.all[i].number)
			}
		}
		if !slices.Equal(kept, c.kept) {
			t.Errorf("%s: %v instead of %v", c.what, kept, c.kept)
		}
	}
}

func TestWhenABackupIsDue(t *testing.T) {
	const small, large = 10 << 20, 600 << 20
	for _, c := range []struct {
		size         int64
		changed      bool
		since, quiet time.Duration
		due          bool
	}{
		{small, true, 10 * time.Minute, time.Hour, false},
		{small, true, 16 * time.Minute, time.Hour, true},
		{small, true, 16 * time.Minute, 5 * time.Second, false}, // somebody is writing
		{small, true, 31 * time.Minute, 5 * time.Second, true},  // all the time
		{small, false, 16 * time.Minute, time.Hour, false},
		{small, false, 25 * time.Hour, time.Hour, true}, // to be looked through
		{large, true, time.Hour, time.Hour, false},
		{large, true, 4 * time.Hour, time.Hour, true},
		{large, true, -100 * time.Hour, time.Hour, true}, // the clock was set back
		{large, false, -100 * time.Hour, time.Hour, false},
	} {
		if got := due(c.size, c.changed, c.since, c.quiet); got != c.due {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestBackupsAreMadeOfWhatChanges(t *testing.T) {
	w := atWork(t, tiny)
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	defer s.Close()
	told := 0
	s.OnCommit(func(app.Changed) { told++ })
	for range 6 {
		do(t, s.Backup(context.Background()))
	}
	all := must[[]backup](t)(s.backups())
	if len(all) != 4 || all[3].number != 7 { // the oldest is on its way to a day
		t.Errorf("%+v", all)
	}
	if u := s.Upkeep(); u.Backup.IsZero() || u.Failed != "" {
		t.Errorf("%+v", u)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if err := s.Backup(stopped); app.CodeOf(err) != app.CodeCancelled {
		t.Errorf("stopped: %v", err)
	}
	// Where none can be made it is told once.
	do(t, os.RemoveAll(s.beside(".backups")))
	do(t, os.WriteFile(s.beside(".backups"), nil, 0o600))
	told = 0
	for range 3 {
		if err := s.Backup(context.Background()); err == nil {
			t.Error("a backup was made in a folder that is none")
		}
	}
	if told != 1 || s.Upkeep().Failed == "" {
		t.Errorf("told %d times, %+v", told, s.Upkeep())
	}
	w.perform(t, s, create(appeal(500))) // work goes on
}

func TestCompactedFileIsSmallerAndTheSame(t *testing.T) {
	w := atWork(t, tiny)
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	noise := make([]byte, 20000)
	rand.NewChaCha8([32]byte{}).Read(noise)
	for n := range 40 {
		do(t, s.SaveDraft(appeal(n+20).ID, app.Draft{Answer: hex.EncodeToString(noise), At: day0}))
	}
	for n := range 40 {
		do(t, s.SaveDraft(appeal(n+20).ID, app.Draft{}))
	}
	steps := 0
	before, after, err := s.Compact(context.Background(), func(done, of int64) { steps++ })
	do(t, err)
	if after >= before || steps == 0 {
		t.Errorf("from %d to %d bytes in %d steps", before, after, steps)
	}
	do(t, w.kept(s))
	sound(t, s)
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, _, err := s.Compact(stopped, func(int64, int64) {}); app.CodeOf(err) != app.CodeCancelled {
		t.Errorf("stopped: %v", err)
	}
	w.perform(t, s, create(appeal(500))) // the store goes on
	do(t, s.Close())
	s = must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	do(t, w.kept(s))
	do(t, s.Close())
}

// TestSoundFileIsNotReplaced lets a reader fail over a file that is sound: it is
// looked through and stays.
func TestSoundFileIsNotReplaced(t *testing.T) {
	w := atWork(t, tiny)
	damaged := 0
	o := tiny
	o.Damaged = func() { damaged++ }
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), o))
	defer s.Close()
	odd := errors.New("a value is not what it should be")
	for range 3 {
		err := s.db.View(func(*bolt.Tx) error { return odd })
		if app.CodeOf(err) != app.CodeDamagedStore && damaged == 0 {
			t.Errorf("got %v", err)
		}
		do(t, s.Recover(context.Background()))
	}
	if damaged != 1 || s.Upkeep().Recovery != nil {
		t.Errorf("told %d times, recovery %+v", damaged, s.Upkeep().Recovery)
	}
	do(t, w.kept(s))
	// A mistake of the program itself is not hidden.
	if err := s.db.View(func(*bolt.Tx) error {
		var none []int
		_ = none[len(w.ops)]
		return nil
	}); app.CodeOf(err) != app.CodeDamagedStore {
		t.Errorf("got %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("the mistake is hidden")
		}
	}()
	_ = s.Recover(context.Background())
}
