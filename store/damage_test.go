package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"otklik/app"
)

// work is a folder in which somebody is at work, and what must not be lost of it.
type work struct {
	dir      string
	ops      map[string]app.Op // unsent, by ID
	judged   map[string]bool   // sent and judged: what was lost with all backups is sent again
	drafts   map[string]app.Draft
	settings map[string]string
	device   Device
	file     app.File
}

func (w *work) path() string { return filepath.Join(w.dir, "otklik.db") }

// fast is a folder that costs no disk.
func fast(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "otklik-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

var tiny = Options{NoSync: true, pageSize: 1 << 10, LockTime: 1}

// atWork makes a folder with facts of the server, unsent operations of every kind,
// drafts and a file, part of it before a backup was made and part after.
func atWork(t testing.TB, o Options) *work {
	t.Helper()
	w := &work{dir: fast(t), ops: map[string]app.Op{}, judged: map[string]bool{}, drafts: map[string]app.Draft{}, settings: map[string]string{}}
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), o))
	w.fill(t, s)
	do(t, s.Close())
	return w
}

func (w *work) perform(t testing.TB, s *Store, ops ...app.Op) {
	t.Helper()
	do(t, s.Perform(ops))
	for _, op := range ops {
		w.ops[op.ID] = op
	}
}

func (w *work) draft(t testing.TB, s *Store, appeal, text string) {
	t.Helper()
	d := app.Draft{Answer: text, At: day0}
	do(t, s.SaveDraft(appeal, d))
	w.drafts[appeal] = d
}

func (w *work) choose(t testing.TB, s *Store, name, value string) {
	t.Helper()
	do(t, s.SaveSetting(name, value))
	w.settings[name] = value
}

func (w *work) fill(t testing.TB, s *Store) {
	t.Helper()
	w.device = Device{Server: "http://centre", ID: "D1", Inc: 1, Identity: app.Identity{Name: "Оператор 2"}}
	do(t, s.SaveDevice(w.device))
	page := app.Page{ID: app.IDFrom("page", "1"), Name: "Страница 1", Network: app.Sources[0]}
	var feed []app.Change
	for n := range 120 {
		feed = append(feed, accepted(uint64(n+1), create(appeal(n))))
	}
	feed = append(feed, accepted(121, app.Op{ID: page.ID, Ent: page.ID, Kind: app.OpPage, Payload: app.Encode(page)}))
	do(t, s.ApplyChanges(app.FeedPage{Changes: feed, Next: "e.all.121"}, day0))

	started := event(appeal(1), app.Event{Type: app.EventStarted, By: "Оператор 2"})
	lost := event(appeal(2), app.Event{Type: app.EventAnswered, Text: "Проигравший ответ", ByHand: true})
	do(t, s.Perform([]app.Op{started, lost}))
	w.judged[started.ID], w.judged[lost.ID] = true, true
	verdict := app.Conflict{Op: lost.ID, Appeal: lost.Ent, By: "Оператор 2", At: day0, Mine: must[app.Event](t)(app.Decode[app.Event](lost.Payload))}
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{
		accepted(122, started),
		{Seq: 123, Op: lost.ID, Dev: "D1", Kind: lost.Kind, Ent: lost.Ent, Verdict: app.VerdictConflict, Body: app.Encode(verdict)},
	}, Next: "e.all.123"}, day0))

	w.perform(t, s, create(appeal(200)))
	w.perform(t, s, event(appeal(3), app.Event{Type: app.EventNote, Text: "До копии"}))
	w.draft(t, s, appeal(4).ID, "Черновик до копии")
	w.draft(t, s, appeal(5).ID, "Старый черновик")
	w.choose(t, s, "theme", "dark")
	do(t, s.Backup(context.Background()))

	w.perform(t, s, event(appeal(200), app.Event{Type: app.EventNote, Text: "О новом"}))
	w.perform(t, s, event(appeal(3), app.Event{Type: app.EventStarted, By: "Оператор 2"}),
		event(appeal(3), app.Event{Type: app.EventAnswered, Text: "После копии", ByHand: true}))
	w.perform(t, s, create(appeal(201)))
	w.file = must[app.File](t)(s.KeepFile("Двор.jpg", bytes.NewReader(picture(900))))
	op := event(appeal(6), app.Event{Type: app.EventNote, Text: "С файлом"})
	op.Files = []app.File{w.file}
	w.perform(t, s, op)
	w.perform(t, s, app.Op{
		ID: app.IDFrom("op", "amend"), Ent: appeal(7).ID, Kind: app.OpAmend, At: day0, Schema: app.Schema,
		Payload: app.Encode(app.Amendment{Fields: app.Appeal{Title: "Уточнено"}}),
	})
	page.Name = "Страница 1, новая"
	w.perform(t, s, app.Op{ID: app.IDFrom("op", "page"), Ent: page.ID, Kind: app.OpPage, At: day0, Schema: app.Schema, Payload: app.Encode(page)})
	today := app.DayOf(day0)
	w.perform(t, s, app.Op{
		ID: app.IDFrom("op", "count"), Ent: today.String(), Kind: app.OpCount, At: day0, Schema: app.Schema,
		Payload: app.Encode(app.Counters{Day: today, Counts: map[string]uint32{page.ID: 5000}}),
	})
	note := app.Event{ID: app.IDFrom("op", "resolve"), Type: app.EventNote, At: day0, Text: "Проигравший ответ"}
	w.perform(t, s, app.Op{
		ID: note.ID, Ent: lost.Ent, Kind: app.OpResolve, At: day0, Schema: app.Schema,
		Payload: app.Encode(app.Resolution{Conflict: lost.ID, Choice: app.ChoiceNote, Event: note}),
	})
	w.draft(t, s, appeal(5).ID, "Новый черновик")
	w.draft(t, s, appeal(200).ID, "Черновик о новом")
	w.choose(t, s, "theme", "light")
	w.choose(t, s, "scale", "1.25")
	// Somebody else's news come in between.
	do(t, s.ApplyChanges(app.FeedPage{
		Changes: []app.Change{accepted(124, event(appeal(8), app.Event{Type: app.EventNote, Text: "Чужое"}))}, Next: "e.all.124",
	}, day0))
}

// kept says what of the work is not there. Of lost the journal lacks it, and so may
// the store.
func (w *work) kept(s *Store) error {
	if err := w.unsent(s); err != nil {
		return err
	}
	for appeal, want := range w.drafts {
		if got, err := s.Draft(appeal); err != nil || got.Answer != want.Answer {
			return fmt.Errorf("a draft is %q instead of %q, error %w", got.Answer, want.Answer, err)
		}
	}
	for name, want := range w.settings {
		if got, err := s.Setting(name); err != nil || got != want {
			return fmt.Errorf("choice %s is %q, error %w", name, got, err)
		}
	}
	if d, known, err := s.Device(); err != nil || !known || d.ID != w.device.ID || d.Inc != w.device.Inc {
		return fmt.Errorf("the device is %+v, error %w", d, err)
	}
	return nil
}

// unsent asks that exactly the operations that were unsent wait, with their file.
func (w *work) unsent(s *Store) error {
	entries, err := s.Entries(1 << 20)
	if err != nil {
		return err
	}
	here := map[string]app.Op{}
	for _, e := range entries {
		if e.State == app.EntryWaiting {
			if _, twice := here[e.Op.ID]; twice {
				return fmt.Errorf("%s waits twice", e.Op.ID)
			}
			here[e.Op.ID] = e.Op
		}
	}
	for id, op := range w.ops {
		got, ok := here[id]
		if !ok {
			return fmt.Errorf("a %s is lost", op.Kind)
		}
		if !bytes.Equal(got.Payload, op.Payload) || got.Ent != op.Ent || len(got.Files) != len(op.Files) {
			return fmt.Errorf("a %s is another", op.Kind)
		}
	}
	for id := range here {
		if _, waits := w.ops[id]; !waits && !w.judged[id] {
			return errors.New("something waits that nobody did")
		}
	}
	if !s.HasFile(w.file) {
		return errors.New("a file is lost")
	}
	unsent, err := s.FilesUnsent()
	if err == nil && !unsent[w.file.SHA256] {
		err = errors.New("a file does not wait any more")
	}
	return err
}

// copyTo copies the folder.
func (w *work) copyTo(dir string) (*work, error) {
	c := *w
	c.dir = dir
	return &c, os.CopyFS(dir, os.DirFS(w.dir))
}

// damages are the ways in which a disk lets go of what it was given.
var damages = []struct {
	name string
	do   func(r *rand.Rand, b []byte) []byte
}{
	{"bytes flipped", func(r *rand.Rand, b []byte) []byte {
		for range 1 + r.IntN(8) {
			b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
		}
		return b
	}},
	{"bits flipped in one page", func(r *rand.Rand, b []byte) []byte {
		page := aPage(r, b)
		for range 1 + r.IntN(16) {
			page[r.IntN(len(page))] ^= 1 << r.IntN(8)
		}
		return b
	}},
	{"head of a page flipped", func(r *rand.Rand, b []byte) []byte {
		aPage(r, b)[r.IntN(64)] ^= 1 << r.IntN(8)
		return b
	}},
	{"pages zeroed", func(r *rand.Rand, b []byte) []byte {
		for range 1 + r.IntN(3) {
			clear(aPage(r, b))
		}
		return b
	}},
	{"page of noise", func(r *rand.Rand, b []byte) []byte {
		page := aPage(r, b)
		for i := range page {
			page[i] = byte(r.Uint32())
		}
		return b
	}},
	{"tail cut off", func(r *rand.Rand, b []byte) []byte { return b[:r.IntN(len(b))] }},
	{"pages swapped", func(r *rand.Rand, b []byte) []byte {
		one, other := aPage(r, b), aPage(r, b)
		kept := bytes.Clone(one)
		copy(one, other)
		copy(other, kept)
		return b
	}},
	{"page written to another place", func(r *rand.Rand, b []byte) []byte {
		copy(aPage(r, b), aPage(r, b))
		return b
	}},
	{"a meta page lost", func(r *rand.Rand, b []byte) []byte {
		clear(b[r.IntN(2)<<10:][:1<<10])
		return b
	}},
	{"both meta pages lost", func(_ *rand.Rand, b []byte) []byte {
		clear(b[:2<<10])
		return b
	}},
}

func aPage(r *rand.Rand, b []byte) []byte {
	n := r.IntN(len(b) >> 10)
	return b[n<<10 : (n+1)<<10]
}

// strike damages one file of the folder: mostly the database, else the journal,
// or the newest backup with it.
func (w *work) strike(r *rand.Rand) (what string, err error) {
	hit := func(path string) error {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		d := damages[r.IntN(len(damages))]
		what += d.name + " in " + filepath.Base(path) + "; "
		return os.WriteFile(path, d.do(r, b), 0o600)
	}
	journal := filepath.Join(w.dir, "otklik.journal")
	switch n := r.IntN(20); {
	case n == 0: // one fault of a disk does not reach both
		return what, hit(journal)
	case n == 1:
		b, err := os.ReadFile(journal)
		if err == nil {
			err = os.WriteFile(journal, append(b, b[:r.IntN(60)]...), 0o600)
		}
		return "torn end of the journal", err
	case n == 2:
		return "database lost", os.Remove(w.path())
	case n == 3:
		return "backups lost", errors.Join(os.RemoveAll(filepath.Join(w.dir, "otklik.backups")), hit(w.path()))
	case n == 4:
		all, err := filepath.Glob(filepath.Join(w.dir, "otklik.backups", "*"))
		if err != nil || len(all) == 0 {
			return what, errors.Join(err, fs.ErrNotExist)
		}
		err = hit(all[len(all)-1])
		return what, errors.Join(err, hit(w.path()))
	}
	return what, hit(w.path())
}

// TestNothingUnsentIsLostToADamagedDisk damages the folder in many ways and opens
// it: each time all that was unsent is there, and after the file was looked through
// in the background nothing in it is unreadable. OTKLIK_DAMAGES says how many times,
// OTKLIK_DAMAGE which one alone.
func TestNothingUnsentIsLostToADamagedDisk(t *testing.T) {
	w, n, first := atWork(t, tiny), 2000, 0
	if v := os.Getenv("OTKLIK_DAMAGES"); v != "" {
		n = must[int](t)(strconv.Atoi(v))
	}
	if v := os.Getenv("OTKLIK_DAMAGE"); v != "" {
		first = must[int](t)(strconv.Atoi(v))
		n = first + 1
	}
	var next, opened, found, recovered atomic.Int64
	next.Store(int64(first))
	parent := fast(t)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				dir := filepath.Join(parent, strconv.FormatInt(i, 10))
				what, outcome, err := w.damaged(t, dir, uint64(i))
				if err != nil {
					t.Errorf("damage %d (%s): %v", i, what, err)
				}
				switch outcome {
				case atOpening:
					opened.Add(1)
				case inBackground:
					found.Add(1)
				default:
					recovered.Add(1)
				}
				if err := os.RemoveAll(dir); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d damages: %d found at opening, %d in use or in the background, %d harmless", n-first, opened.Load(), found.Load(), recovered.Load())
	if n >= 500 && (opened.Load() == 0 || found.Load() == 0) {
		t.Error("not every way of finding damage was taken")
	}
}

type outcome int

const (
	harmless outcome = iota
	atOpening
	inBackground
)

func (w *work) damaged(t *testing.T, dir string, seed uint64) (what string, o outcome, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	c, err := w.copyTo(dir)
	if err != nil {
		return "", o, err
	}
	r := rand.New(rand.NewPCG(seed, 17))
	if what, err = c.strike(r); err != nil {
		return what, o, err
	}
	_ = Sealed(c.path()) // asked before it is opened, of any file
	s, err := OpenWith(c.path(), testBox(t), testTerms(t), tiny)
	if err != nil {
		return what, o, fmt.Errorf("does not open: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if s.Upkeep().Recovery != nil {
		o = atOpening
	}
	// Whoever reads may meet what opening did not, and is told.
	for range 3 {
		if err = errors.Join(c.read(s), c.kept(s)); app.CodeOf(err) != app.CodeDamagedStore {
			break
		}
		o = inBackground
		if err := s.Recover(context.Background()); err != nil {
			return what, o, fmt.Errorf("does not recover: %w", err)
		}
	}
	// Where a name that leads to a draft was damaged, nobody but the look through the
	// file notices; operations are compared with the journal at opening.
	if unsent := c.unsent(s); unsent != nil {
		return what, o, unsent
	}
	if err = s.Backup(context.Background()); app.CodeOf(err) == app.CodeDamagedStore {
		o = inBackground
		if err = s.Recover(context.Background()); err == nil {
			err = s.Backup(context.Background())
		}
	}
	if err == nil {
		err = c.kept(s)
	}
	if err != nil {
		return what, o, fmt.Errorf("after a look through the file: %w", err)
	}
	report, err := s.check(context.Background(), false, func(int, int) {})
	if err == nil && len(report.Problems) > 0 {
		err = fmt.Errorf("still wrong: %v", report.Problems)
	}
	return what, o, err
}

// read reads as screens do; what cannot be read fails and stops nothing.
func (w *work) read(s *Store) error {
	var met error
	note := func(err error) {
		if app.CodeOf(err) == app.CodeDamagedStore {
			met = err
		}
	}
	_, err := s.Find(app.Query{Now: day0})
	note(err)
	_, err = s.Find(app.Query{Words: "яма дорога", Now: day0})
	note(err)
	for n := range uint64(130) {
		_, err := s.AppealAt(n)
		note(err)
	}
	_, err = s.Pages()
	note(err)
	_, err = s.Conflicts()
	note(err)
	_, err = s.Columns(0, 1<<15)
	note(err)
	return met
}
