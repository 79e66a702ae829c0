package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	bolterrors "go.etcd.io/bbolt/errors"

	"otklik/app"
	"otklik/pack"
	"otklik/seal"
)

// Names of buckets. Their keys hold numbers, ULIDs, days and hashes only.
var (
	bucketFormat    = []byte("format")     // version of the layout, mark of the key
	bucketMeta      = []byte("meta")       // cursor, device, dictionaries
	bucketAppeals   = []byte("appeals")    // record number → header, body
	bucketIDs       = []byte("ids")        // appeal's ULID → record number
	bucketBase      = []byte("base")       // record number → record as confirmed; empty: not confirmed at all
	bucketColumns   = []byte("columns")    // record number / 4096 → headers, column by column
	bucketWords     = []byte("words")      // record number >> 18, first term → block of postings
	bucketNewWords  = []byte("new_words")  // number of changes so far → changes no block has yet
	bucketForms     = []byte("forms")      // number → forms of words that were new to the file
	bucketPages     = []byte("pages")      // page number → page
	bucketPageIDs   = []byte("page_ids")   // page's ULID → page number
	bucketPageFacts = []byte("page_facts") // page number / 4096 → facts of pages, column by column
	bucketPageBase  = []byte("page_base")  // page's ULID → page as confirmed; empty: not confirmed at all
	bucketDays      = []byte("days")       // day → how many pages are counted
	bucketCounts    = []byte("counts")     // page number / 256, first of 16 days → their counts
	bucketDayBase   = []byte("day_base")   // day → its counts as confirmed
	bucketOutbox    = []byte("outbox")     // number of the operation → operation, attempts
	bucketOutboxIDs = []byte("outbox_ids") // operation's ULID → its number
	bucketOutboxEnt = []byte("outbox_ent") // ULID of the record, number → nothing
	bucketJournal   = []byte("journal")    // order of verdicts → entry
	bucketRefused   = []byte("refused")    // order of verdicts → entry
	bucketConflicts = []byte("conflicts")  // ULID of the losing operation → conflict
	bucketSent      = []byte("sent")       // number of the operation → judged operation the server may yet lose
	bucketFiles     = []byte("files")      // number of the operation, hash → file the server does not have yet
	bucketDrafts    = []byte("drafts")     // record number → draft
	bucketSettings  = []byte("settings")   // name → value

	buckets = [][]byte{
		bucketFormat, bucketMeta, bucketAppeals, bucketIDs, bucketBase, bucketColumns, bucketWords, bucketNewWords, bucketForms,
		bucketPages, bucketPageIDs, bucketPageFacts, bucketPageBase, bucketDays, bucketCounts, bucketDayBase,
		bucketOutbox, bucketOutboxIDs, bucketOutboxEnt, bucketJournal,
		bucketRefused, bucketConflicts, bucketSent, bucketFiles, bucketDrafts, bucketSettings,
	}
)

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	db      *database
	journal *journal
	lock    *lock
	path    string
	box     *seal.Box
	base    app.Terms                 // as shipped
	terms   atomic.Pointer[app.Terms] // by the tables in force
	stems   *stemmer
	time    *app.Timekeeper
	o       Options
	tending tending
	point   func(string) // fail points of tests

	departed departed                     // of the outbox, what may be known to others
	writing  sync.Mutex                   // held by a writer until memory has followed the file
	learned  atomic.Pointer[pack.Learned] // what appeals are packed by, nil at first
	warmed   atomic.Int32                 // from this day on counts were read from the file

	mu       sync.RWMutex // guards what follows, all of it derived from the file
	index    *index
	orders   orders
	late     late
	soon     late            // within the hour, those that are late already among them
	unsent   *roaring.Bitmap // records that have a confirmed copy
	recent   *recent         // nil until somebody searches
	met      *metWords
	indexed  uint64 // the words of all records before this one are
	reckoned uint64 // the terms of all records before this one are

	tally    tally
	upkeep   app.Upkeep
	onCommit func(app.Changed)
}

// Options of opening; the zero value is what a workstation needs.
type Options struct {
	// LockTime is how long to wait for another copy of the program to let go of
	// the file; 0: a second.
	LockTime time.Duration
	// NoSync leaves to the system when writes reach the disk, so that a power cut
	// may damage the file. It is for tests, whose files nobody needs afterwards.
	NoSync bool
	// Time stamps operations, and learns here what earlier runs knew of the clocks;
	// nil: the wall clock is all there is.
	Time *app.Timekeeper
	// Damaged is called once when somebody meets damage in the open file: nothing is
	// read or written any more until Recover was called, from another goroutine.
	Damaged func()

	pageSize int          // of a new file, in bytes; 0: 32 KiB
	point    func(string) // of tests: called before and after everything that reaches the disk
}

// Open opens or creates the database at path, whose values the box seals. Errors
// are for people: locked by another copy, made by a newer version, damaged, folder
// not writable.
func Open(path string, box *seal.Box, terms app.Terms) (*Store, error) {
	return OpenWith(path, box, terms, Options{})
}

// OpenWith is Open with options.
func OpenWith(path string, box *seal.Box, terms app.Terms, o Options) (*Store, error) {
	s, err := hold(path, box, terms, o)
	if err != nil {
		return nil, err
	}
	if err := s.ready(context.Background()); err != nil {
		return nil, errors.Join(err, s.letGo())
	}
	if all, err := s.backups(); err == nil && len(all) > 0 {
		s.upkeep.Backup = all[len(all)-1].made
	}
	return s, nil
}

// hold takes the folder and opens the journal in it; the database is still shut.
func hold(path string, box *seal.Box, terms app.Terms, o Options) (*Store, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, app.Fail(app.CodeNoFolder, folder).Because(err)
	}
	if onNetwork(folder) {
		return nil, app.Fail(app.CodeNetworkDrive, folder)
	}
	s := &Store{
		path: path, box: box, base: terms, stems: newStemmer(box), met: newMetWords(), time: o.Time, o: o, onCommit: func(app.Changed) {}, point: o.point,
	}
	s.terms.Store(&s.base)
	s.warmed.Store(math.MaxInt32)
	if s.time == nil {
		s.time = app.WallClock(time.Now)
	}
	if s.point == nil {
		s.point = func(string) {}
	}
	var err error
	if s.lock, err = takeLock(s.beside(".lock"), o.LockTime); err != nil {
		return nil, openFailed(path, err)
	}
	if s.journal, err = openJournal(s.beside(".journal"), box, o.NoSync, s.point); err != nil {
		return nil, errors.Join(openFailed(path, err), s.lock.release())
	}
	return s, nil
}

func (s *Store) letGo() error { return errors.Join(s.journal.close(), s.lock.release()) }

func openFailed(path string, err error) error {
	switch {
	case app.CodeOf(err) != "":
		return err
	case errors.Is(err, bolterrors.ErrTimeout):
		return app.Fail(app.CodeLocked, path).Because(err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return app.Fail(app.CodeNoFolder, filepath.Dir(path)).Because(err)
	case errors.Is(err, syscall.ENOSPC):
		return app.Fail(app.CodeDiskFull, path).Because(err)
	}
	return app.Fail(app.CodeDamagedStore, path).Because(err)
}

// writeFailed turns a failure of the disk into a sentence.
func writeFailed(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case app.CodeOf(err) != "":
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return app.Fail(app.CodeDiskFull, path).Because(err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return app.Fail(app.CodeNoFolder, filepath.Dir(path)).Because(err)
	}
	return fmt.Errorf("store: %w", err)
}

// Close ends all work with the file.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.letGo()) }

// Path of the database.
func (s *Store) Path() string { return s.path }

// Size of the database on disk, in bytes.
func (s *Store) Size() int64 {
	info, err := os.Stat(s.path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// OnCommit names the listener for committed changes; it is called on the
// goroutine that wrote.
func (s *Store) OnCommit(f func(app.Changed)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onCommit = f
}

// Setting gives a remembered choice, "" where none was made.
func (s *Store) Setting(name string) (value string, err error) {
	err = s.view(func(tx reader) error {
		value = string(tx.Bucket(bucketSettings).Get([]byte(name)))
		return nil
	})
	return value, err
}

// SaveSetting remembers a choice.
func (s *Store) SaveSetting(name, value string) error {
	return s.update(func(t *tx) error {
		t.changed.Settings = true
		t.logged.Settings = map[string]string{name: value}
		return t.Bucket(bucketSettings).Put([]byte(name), []byte(value))
	})
}

func packJSON(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return pack.Bytes(raw), nil
}

func unpackJSON(b []byte, v any) error {
	raw, err := pack.Open(b)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}
