package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"otklik/app"
	"otklik/disk"
)

// A backup is a copy of the file as it stood at one moment, made while people
// work and read back whole before it counts: so making one is also the look
// through the file that finds what has gone bad in a corner nobody has read. What
// was done since the backup is in the journal.

// Backups that are kept: the newest ones, one of about a day ago and one of about
// a week ago; of large ones as many as the budget holds, at least one.
const (
	backupsRecent = 3
	backupBudget  = 2 << 30 // bytes
)

// A backup of a large file is made less often, so that what it writes and reads
// stays at a small share of what a disk does: this many bytes a second.
const (
	backupRate  = 50 << 10
	backupOften = 15 * time.Minute
	backupRare  = 24 * time.Hour // the file is looked through so often even if nothing has changed
	backupQuiet = time.Minute    // without a write, before one is made
	backupSpare = 64 << 20       // bytes that stay free on the disk
)

// backup is one file of the folder of backups. Its number tells which is newer:
// the clock may have been set back.
type backup struct {
	path   string
	number int
	logged uint64 // last frame of the journal in it
	size   int64
	made   time.Time
}

// backups gives what there is, oldest first.
func (s *Store) backups() ([]backup, error) {
	files, err := os.ReadDir(s.beside(".backups"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var all []backup
	for _, f := range files {
		name, whole := strings.CutSuffix(f.Name(), ".db")
		number, logged, _ := strings.Cut(name, "-")
		n, err := strconv.Atoi(number)
		last, err2 := strconv.ParseUint(logged, 10, 64)
		info, err3 := f.Info()
		if whole && err == nil && err2 == nil && err3 == nil {
			all = append(all, backup{filepath.Join(s.beside(".backups"), f.Name()), n, last, info.Size(), info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b backup) int { return a.number - b.number })
	return all, writeFailed(s.beside(".backups"), err)
}

// Backup makes a backup beside the database, lets go of those that are not kept
// any more and shortens the journal. Errors: CodeDiskFull, CodeNoFolder,
// CodeCancelled; CodeDamagedStore where the database itself cannot be read, which
// Recover is for then.
func (s *Store) Backup(ctx context.Context) error {
	s.tending.one.Lock()
	defer s.tending.one.Unlock()
	err := s.backup(ctx)
	if app.CodeOf(err) == app.CodeCancelled {
		return err
	}
	s.mu.Lock()
	was := s.upkeep.Failed
	if s.upkeep.Failed = app.CodeOf(err); err == nil {
		s.upkeep.Backup = time.Now()
	} else if s.upkeep.Failed == "" {
		s.upkeep.Failed = app.CodeNoFolder
	}
	tell, told := s.onCommit, s.upkeep.Failed == was && err != nil
	s.mu.Unlock()
	if !told {
		tell(app.Changed{Settings: true})
	}
	return err
}

func (s *Store) backup(ctx context.Context) error {
	folder := s.beside(".backups")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return writeFailed(folder, err)
	}
	s.tending.begins()
	all, err := s.backups()
	if err != nil {
		return err
	}
	if free, known := room(folder); known && free < s.Size()+backupSpare {
		return app.Fail(app.CodeDiskFull, folder)
	}
	n := 1
	if len(all) > 0 {
		n = all[len(all)-1].number + 1
	}
	part := filepath.Join(folder, "making")
	logged, err := s.copyOut(ctx, part, nil)
	if err != nil {
		return err
	}
	to := filepath.Join(folder, fmt.Sprintf("%06d-%d.db", n, logged))
	s.point("backup rename")
	err = os.Rename(part, to)
	if err != nil {
		return writeFailed(folder, err)
	}
	if !s.o.NoSync {
		disk.SyncFolder(folder)
	}
	s.point("backup made")
	if all, err = s.backups(); err != nil {
		return err
	}
	kept := keptBackups(all, time.Now())
	for i, b := range all {
		if !kept[i] {
			s.point("backup remove")
			_ = os.Remove(b.path) // tried again after the next one
		}
	}
	// The journal keeps what the oldest of the newest backups lacks: if one is found
	// damaged, the one before it does.
	if s.journal.grown() {
		return writeFailed(s.journal.path, s.journal.shorten(all[max(0, len(all)-backupsRecent)].logged))
	}
	return nil
}

// keptBackups says which of them stay.
func keptBackups(all []backup, now time.Time) []bool {
	kept := make([]bool, len(all))
	left := int64(backupBudget)
	keep := func(i int) {
		if i >= 0 && !kept[i] && (left >= all[i].size || i == len(all)-1) {
			kept[i] = true
			left -= all[i].size
		}
	}
	for i := len(all) - 1; i >= max(0, len(all)-backupsRecent); i-- {
		keep(i)
	}
	for _, age := range []time.Duration{24 * time.Hour, 7 * 24 * time.Hour} {
		// The youngest that is old enough, and until there is one the oldest, which
		// will be.
		i := len(all) - 1
		for i > 0 && now.Sub(all[i].made) < age {
			i--
		}
		keep(i)
	}
	return kept
}

// BackupTo writes a verified copy of the database to a file that was not there.
// It tells how many bytes of how many are written.
func (s *Store) BackupTo(ctx context.Context, path string, told func(done, of int64)) error {
	if _, err := os.Stat(path); err == nil {
		return app.Fail(app.CodeFileExists, path)
	}
	if free, known := room(filepath.Dir(path)); known && free < s.Size() {
		return app.Fail(app.CodeDiskFull, path)
	}
	of := s.Size()
	if _, err := s.copyOut(ctx, path+".part", func(n int64) { told(n, of) }); err != nil {
		return err
	}
	if err := os.Rename(path+".part", path); err != nil {
		return writeFailed(path, err)
	}
	disk.SyncFolder(filepath.Dir(path))
	return nil
}

// copyOut writes the file as it stands to another one and reads that back. A copy
// that is not sound is made once more: the second one proves that it is the
// database which is not.
func (s *Store) copyOut(ctx context.Context, part string, told func(n int64)) (logged uint64, err error) {
	for range 2 {
		s.point("backup write")
		err = writeWhole(part, s.o.NoSync, func(w io.Writer) error {
			// As long as this lasts, pages that are let go of are not used again: the
			// file grows a little.
			return s.view(func(tx reader) error {
				if v := tx.Bucket(bucketMeta).Get(keyLogged); len(v) == 8 {
					logged = keyNumber(v)
				}
				out := &stoppable{ctx: ctx, w: w, told: told}
				_, err := tx.WriteTo(out)
				return cmp.Or(out.err, err) // bbolt tells what it was in words alone
			})
		})
		if ctx.Err() != nil {
			return 0, app.Fail(app.CodeCancelled).Because(ctx.Err())
		}
		if err != nil {
			return 0, writeFailed(part, err)
		}
		s.point("backup verify")
		if err = s.verify(ctx, part); err == nil {
			return logged, nil
		}
		if ctx.Err() != nil {
			return 0, app.Fail(app.CodeCancelled).Because(errors.Join(ctx.Err(), os.Remove(part)))
		}
	}
	_ = os.Remove(part) // written over the next time
	return 0, s.db.injure(s.db.file.Load(), &hurt{err: err})
}

// tending is what the making of backups goes by.
type tending struct {
	one sync.Mutex // one is made at a time

	mu      sync.Mutex
	changed bool      // since the last one was begun
	last    time.Time // of a write
	tried   time.Time // to make one
}

func (t *tending) wrote() {
	t.mu.Lock()
	t.changed, t.last = true, time.Now()
	t.mu.Unlock()
}

func (t *tending) begins() {
	t.mu.Lock()
	t.changed, t.tried = false, time.Now()
	t.mu.Unlock()
}

// due says whether a backup is to be made now, so long after the last one and the
// last write.
func due(size int64, changed bool, since, quiet time.Duration) bool {
	every := min(max(time.Duration(size/backupRate)*time.Second, backupOften), backupRare)
	switch {
	case since < 0: // the clock was set back
		return changed && quiet.Abs() >= backupQuiet
	case !changed:
		return since >= backupRare
	}
	return since >= every && quiet.Abs() >= backupQuiet || since >= 2*every
}

// Tend makes backups until the context ends, when the file has changed and nobody
// is writing; at the latest when one is due twice over. look is how often it asks itself.
func (s *Store) Tend(ctx context.Context, look time.Duration) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		all, err := s.backups()
		if err != nil {
			continue // making one tells
		}
		var made time.Time
		if len(all) > 0 {
			made = all[len(all)-1].made
		}
		s.tending.mu.Lock()
		changed, last := s.tending.changed || made.IsZero(), s.tending.last
		if s.tending.tried.After(made) {
			made = s.tending.tried // one that failed is not tried again at once
		}
		s.tending.mu.Unlock()
		now := time.Now()
		if due(s.Size(), changed, now.Sub(made), now.Sub(last)) {
			_ = s.Backup(ctx) // what went wrong stands in Upkeep
		}
	}
}

// Upkeep tells how the data fares.
func (s *Store) Upkeep() app.Upkeep {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.upkeep
}

func randomName() string { return rand.Text() }
