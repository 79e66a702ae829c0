package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
	"otklik/disk"
	"otklik/seal"
)

// asideKept is how many damaged files are kept for whoever wants to look at them.
const asideKept = 2

// beside gives the path of something that lies beside the database.
func (s *Store) beside(ending string) string {
	return strings.TrimSuffix(s.path, filepath.Ext(s.path)) + ending
}

// ready opens the file, and where it is damaged or lost what can be recovered: the
// newest good backup, or nothing, and over it the journal. A file of which a
// reader found damage is read whole first.
func (s *Store) ready(ctx context.Context) error {
	wrong, err := s.wrong(ctx)
	if err != nil {
		return err
	}
	if wrong == nil {
		if _, err = s.begin(nil); app.CodeOf(err) != app.CodeDamagedStore {
			return err
		}
	}
	for _, fromBackups := range []bool{true, false} {
		var r app.Recovery
		if r, err = s.replace(ctx, fromBackups); err != nil {
			return err
		}
		if r.Unsent, err = s.begin(&r); app.CodeOf(err) != app.CodeDamagedStore {
			return err
		}
	}
	return err
}

// wrong says what is known to be wrong with the file before it is opened.
func (s *Store) wrong(ctx context.Context) (wrong, err error) {
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		all, err := s.backups()
		journal, jerr := os.Stat(s.journal.path)
		if err = errors.Join(err, jerr); err == nil && (len(all) > 0 || journal.Size() > 0) {
			wrong = fs.ErrNotExist
		}
		return wrong, err
	}
	if err != nil {
		return nil, openFailed(s.path, err)
	}
	_, err = os.Stat(s.beside(".suspect"))
	if err != nil && info.Size() > 0 {
		return nil, nil
	}
	err = s.verify(ctx, s.path)
	if errors.Is(err, context.Canceled) {
		return nil, app.Fail(app.CodeCancelled).Because(err)
	}
	if err == nil {
		return nil, os.Remove(s.beside(".suspect"))
	}
	return err, nil
}

// begin opens the file and makes all that is derived from it. unsent is how much
// waits in it.
func (s *Store) begin(r *app.Recovery) (unsent int, err error) {
	db, err := s.openDatabase()
	if err != nil {
		return 0, err
	}
	s.db = db
	for _, step := range []func() error{s.prepare, s.tie, s.bounds, s.load, s.loadTables, s.loadAnchor, s.loadWords, s.reconcile, s.outset} {
		if err = step(); err != nil {
			break
		}
	}
	if h := db.injury(); h != nil {
		err = h.err
	}
	if err != nil {
		return 0, errors.Join(damagedBy(s.path, err), db.Close())
	}
	if r != nil {
		r.Unsent = s.tally.pending
		s.upkeep.Recovery = r
		_ = os.Remove(s.beside(".suspect")) // of the file before; the worst is another look
	}
	return s.tally.pending, nil
}

// openDatabase opens the database file, or makes it, after it was found safe to map.
func (s *Store) openDatabase() (*database, error) {
	if _, err := os.Stat(s.path); err == nil {
		if err := soundPages(s.path, readAtOpening); err != nil {
			return nil, openFailed(s.path, err)
		}
	}
	var db *bolt.DB
	var err error
	options := &bolt.Options{
		Timeout: max(s.o.LockTime, time.Second), NoSync: s.o.NoSync,
		PageSize: cmp.Or(s.o.pageSize, 32<<10), FreelistType: bolt.FreelistMapType,
	}
	// The page size only matters for a new file. The freelist stays synced: without
	// it a cold open reads the whole file.
	if h := sheltered(func() {
		db, err = bolt.Open(s.path, 0o600, options)
		if err == nil && versionOf(db) == 1 {
			if err = errors.Join(db.Close(), upgrade(s.path, s.box, s.base)); err == nil {
				db, err = bolt.Open(s.path, 0o600, options)
			}
		}
	}); h != nil {
		err = h.err
	}
	if err != nil {
		return nil, openFailed(s.path, err)
	}
	return newDatabase(db, s.suspect), nil
}

// numbersFree is how many numbers in a row may be given out and stand for nothing.
const numbersFree = 1 << 20

// longAgo is before any day of counts, and as far ahead after any, in days.
const longAgo = 400 * 366

// bounds asks that no number in the file leads far beyond what there is: whoever
// makes room up to it would use up the memory of the machine.
func (s *Store) bounds() error {
	return s.view(func(tx reader) error {
		for _, numbered := range []struct {
			of, in []byte
			each   uint64 // numbers a key stands for
		}{{bucketAppeals, bucketAppeals, 1}, {bucketAppeals, bucketColumns, partRows}, {bucketPages, bucketPages, 1}, {bucketPages, bucketPageFacts, partRows}} {
			given := tx.Bucket(numbered.of).Sequence()
			last := uint64(0)
			if k, _ := tx.Bucket(numbered.in).Cursor().Last(); k != nil {
				last = keyNumber(k)
			}
			if last > given/numbered.each || given/numbered.each-last > numbersFree {
				return fmt.Errorf("%s go up to %d, of %d", numbered.in, last, given)
			}
		}
		c := tx.Bucket(bucketDays).Cursor()
		first, _ := c.First()
		last, _ := c.Last()
		if first != nil && (keyDay(first) < -longAgo || keyDay(last) > longAgo) {
			return fmt.Errorf("counts are of %s to %s", keyDay(first), keyDay(last))
		}
		pages := tx.Bucket(bucketPages).Sequence()
		return tx.Bucket(bucketPageIDs).ForEach(func(_, v []byte) error {
			if len(v) != 8 || keyNumber(v) > pages {
				return errors.New("a page has a number that was never given out")
			}
			return nil
		})
	})
}

// readAtOpening says which buckets are read to the last page before the file is
// opened: those that hold what nobody else knows, and those that everything else
// needs at once. Of long values only the keys are read.
func readAtOpening(bucket string) bool {
	switch bucket {
	case string(bucketFormat), string(bucketMeta), string(bucketColumns), string(bucketPageIDs), string(bucketPageFacts), string(bucketSettings), string(bucketPageBase), string(bucketDayBase),
		string(bucketOutbox), string(bucketOutboxIDs), string(bucketOutboxEnt), string(bucketConflicts), string(bucketFiles), string(bucketDrafts):
		return true
	}
	return false
}

// tie gives the file a name that ties it to its journal, once.
func (s *Store) tie() error {
	name, err := s.meta(keyFile)
	if err != nil || len(name) > 0 {
		return err
	}
	l := newLatest()
	if err := s.journal.scan(l.add); err != nil {
		return writeFailed(s.journal.path, err)
	}
	if l.file == "" {
		l.file = randomName()
	}
	return writeFailed(s.path, s.db.Update(func(tx *bolt.Tx) error {
		return reader{tx, s}.Bucket(bucketMeta).Put(keyFile, []byte(l.file))
	}))
}

// suspect is told that something in the open file could not be read.
func (s *Store) suspect() {
	f, err := os.OpenFile(s.beside(".suspect"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		err = f.Close()
	}
	_ = err // on a full disk the damage is met again
	if s.o.Damaged != nil {
		s.o.Damaged()
	}
}

// Recover makes the store whole again after a reader met damage: until then every
// call fails. It must not be called while the exchange is at work, which would go
// on from a place in the feed that this file may not have reached.
func (s *Store) Recover(ctx context.Context) error {
	h := s.db.injury()
	if h == nil {
		return nil
	}
	s.db.quiet()
	_ = s.db.Close() // it is not read any more
	fresh := &Store{
		path: s.path, box: s.box, base: s.base, stems: s.stems, met: newMetWords(), time: s.time, o: s.o, journal: s.journal,
		point: s.point, onCommit: func(app.Changed) {},
	}
	fresh.terms.Store(&fresh.base)
	fresh.o.Damaged = nil
	err := fresh.ready(ctx)
	if err != nil {
		return err
	}
	if fresh.upkeep.Recovery == nil {
		s.db.cleared.Store(time.Now().Unix())
	}
	s.departed.begin(fresh.departed.early)
	s.mu.Lock()
	s.db.file.Store(fresh.db.file.Load())
	s.index, s.tally, s.indexed, s.upkeep.Recovery = fresh.index, fresh.tally, fresh.indexed, fresh.upkeep.Recovery
	s.reckoned = fresh.reckoned
	s.terms.Store(fresh.terms.Load())
	s.learned.Store(fresh.learned.Load())
	s.recent, s.met = nil, newMetWords() // as after a start
	s.orders.forget()
	s.late.forget()
	s.soon.forget()
	s.unsent = fresh.unsent
	s.warmed.Store(math.MaxInt32)
	tell := s.onCommit
	s.mu.Unlock()
	var fault runtime.Error
	if own := errors.As(h.err, &fault); own && fresh.upkeep.Recovery == nil {
		if _, mapped := fault.(interface{ Addr() uintptr }); !mapped {
			panic(fmt.Sprintf("%v\n\n%s", h.cause, h.stack)) // the file is sound: the program is not
		}
	}
	tell(app.Changed{Appeals: true, Pages: true, Outbox: true, Exchange: true, Settings: true, Tables: true})
	return nil
}

// replace sets the file aside and puts the newest good backup in its place, or
// nothing. Cut off anywhere it leaves a folder that the next start recovers from.
func (s *Store) replace(ctx context.Context, fromBackups bool) (r app.Recovery, err error) {
	all, err := s.backups()
	if err != nil {
		return r, err
	}
	part := s.beside(".restored")
	found := false
	for _, b := range slices.Backward(all) {
		if !fromBackups || found {
			break
		}
		// Where there is no room for a copy the backup itself takes the place.
		if err = copyFile(ctx, b.path, part, s.o.NoSync, nil); errors.Is(err, syscall.ENOSPC) {
			if err = s.verify(ctx, b.path); err == nil {
				err = os.Rename(b.path, part)
			}
		} else if err == nil {
			err = s.verify(ctx, part)
		}
		if errors.Is(err, context.Canceled) {
			return r, errors.Join(app.Fail(app.CodeCancelled).Because(err), os.Remove(part))
		}
		if found = err == nil; found {
			r.Backup = b.made
		}
	}
	if !found {
		if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, writeFailed(part, err)
		}
	}
	if r.Aside, err = s.setAside("damaged"); err != nil {
		return r, writeFailed(s.path, err)
	}
	s.point("recovery rename")
	if found {
		if err := os.Rename(part, s.path); err != nil {
			return r, writeFailed(s.path, err)
		}
	}
	s.point("recovered")
	s.syncFolder()
	return r, nil
}

// Restore opens the database at path with a backup in its place, and what the
// journal knows beyond that over it. The database there was is set aside; aside is
// its name, "" where there was none. Errors beside those of Open: CodeNoFile;
// CodeBadBackup where the file is no sound backup: nothing was changed then.
func Restore(ctx context.Context, path string, box *seal.Box, terms app.Terms, o Options, from string, told func(done, of int64)) (s *Store, aside string, err error) {
	info, err := os.Stat(from)
	if err != nil {
		return nil, "", app.Fail(app.CodeNoFile, from).Because(err)
	}
	if s, err = hold(path, box, terms, o); err != nil {
		return nil, "", err
	}
	defer func() {
		if err != nil {
			s, err = nil, errors.Join(err, s.letGo())
		}
	}()
	part := s.beside(".restored")
	err = copyFile(ctx, from, part, o.NoSync, func(n int64) { told(n, info.Size()) })
	if ctx.Err() == nil && err != nil {
		return s, "", writeFailed(part, err)
	}
	if err == nil {
		err = s.verify(ctx, part)
	}
	if err != nil {
		code := app.Fail(app.CodeBadBackup, from)
		if ctx.Err() != nil {
			code = app.Fail(app.CodeCancelled)
		}
		_ = os.Remove(part) // written over the next time
		return s, "", code.Because(err)
	}
	if aside, err = s.setAside("replaced"); err == nil {
		s.point("restore rename")
		err = os.Rename(part, s.path)
		s.syncFolder()
	}
	if err != nil {
		return s, "", writeFailed(s.path, err)
	}
	return s, aside, s.ready(ctx)
}

// setAside gives the database file another name, "" where there is none.
func (s *Store) setAside(why string) (name string, err error) {
	if _, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	old, err := filepath.Glob(s.path + "." + why + "-*")
	if err != nil {
		return "", err
	}
	slices.Sort(old)
	aside := s.path + "." + why + "-" + time.Now().UTC().Format("20060102-150405")
	for n := 2; slices.Contains(old, aside); n++ {
		aside = fmt.Sprintf("%s-%d", strings.TrimSuffix(aside, fmt.Sprintf("-%d", n-1)), n)
	}
	s.point("set aside")
	if err := os.Rename(s.path, aside); err != nil {
		return "", err
	}
	for len(old) >= asideKept {
		_ = os.Remove(old[0]) // one too many does no harm
		old = old[1:]
	}
	return filepath.Base(aside), nil
}

func (s *Store) syncFolder() {
	if !s.o.NoSync {
		disk.SyncFolder(filepath.Dir(s.path))
	}
}

// copyFile writes a copy that is on the disk when it returns nil.
func copyFile(ctx context.Context, from, to string, noSync bool, told func(n int64)) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() // only read
	return writeWhole(to, noSync, func(w io.Writer) error {
		_, err := io.Copy(&stoppable{ctx: ctx, w: w, told: told}, in)
		return err
	})
}

// writeWhole writes a file that is on the disk when it returns nil and is not there
// otherwise.
func writeWhole(to string, noSync bool, write func(io.Writer) error) error {
	out, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = write(out)
	if err == nil && !noSync {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		err = errors.Join(err, os.Remove(to))
	}
	return err
}

// stoppable ends a copy with its context, and tells how far it is.
type stoppable struct {
	ctx  context.Context
	w    io.Writer
	n    int64
	told func(n int64) // may be nil
	err  error         // of writing
}

func (s *stoppable) Write(b []byte) (int, error) {
	if s.err = s.ctx.Err(); s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(b)
	s.err = err
	if s.n += int64(n); s.told != nil {
		s.told(s.n)
	}
	return n, err
}

// There says whether there is a database at the path, or what one can be recovered
// from.
func There(path string) bool {
	s := &Store{path: path}
	all, err := s.backups()
	_, missing := os.Stat(path)
	return missing == nil || err == nil && len(all) > 0
}
