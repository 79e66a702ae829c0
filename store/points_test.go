package store

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"otklik/app"
)

// instant is the folder as a kill at one point leaves it, and what the person had
// been told by then.
type instant struct {
	point    string
	dir      string
	ops      map[string]app.Op
	drafts   map[string]app.Draft
	settings map[string]string
	asked    map[string]bool // asked for and neither done nor refused yet
}

// camera takes the folder at every point.
type camera struct {
	t       *testing.T
	w       *work
	to      string
	asked   map[string]bool
	moments []instant
	meta    []byte // the pages that name the root, before the commit
	open    bool
}

const rootPages = 2 << 10 // of tiny

func (c *camera) take(point string) {
	if !c.open {
		return
	}
	c.keep(point, func(string) error { return nil })
	db := func(dir string) string { return filepath.Join(dir, "otklik.db") }
	cutEnd := func(name string) func(string) error {
		return func(dir string) error {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				return err
			}
			return os.Truncate(filepath.Join(dir, name), max(0, info.Size()-9))
		}
	}
	switch point {
	case "journal sync":
		c.keep(point+", torn", cutEnd("otklik.journal"))
	case "shortened journal sync":
		c.keep(point+", torn", cutEnd("otklik.journal.new"))
	case "backup verify":
		c.keep(point+", torn", cutEnd("otklik.backups/making"))
	case "compact verify":
		c.keep(point+", torn", cutEnd("otklik.compact"))
	case "commit":
		b := must[[]byte](c.t)(os.ReadFile(c.w.path()))
		c.meta = b[:rootPages]
	case "committed":
		// The pages are written, those that name them are not.
		c.keep(point+", torn", func(dir string) error {
			f, err := os.OpenFile(db(dir), os.O_RDWR, 0o600)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteAt(c.meta, 0)
			return err
		})
	}
}

func (c *camera) keep(point string, spoil func(dir string) error) {
	m := instant{
		point: point, dir: filepath.Join(c.to, strconv.Itoa(len(c.moments))), ops: maps.Clone(c.w.ops), drafts: maps.Clone(c.w.drafts),
		settings: maps.Clone(c.w.settings), asked: maps.Clone(c.asked),
	}
	do(c.t, os.CopyFS(m.dir, os.DirFS(c.w.dir)))
	do(c.t, spoil(m.dir))
	c.moments = append(c.moments, m)
}

// TestNothingUnsentIsLostToAKill takes the folder before and after everything that
// reaches the disk while somebody works, backups are made, the journal is shortened,
// the file is compacted, lost and recovered, and opens each copy.
func TestNothingUnsentIsLostToAKill(t *testing.T) {
	w := atWork(t, tiny)
	c := &camera{t: t, w: w, to: fast(t), asked: map[string]bool{}}
	o := tiny
	o.point = c.take
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), o))
	c.open = true
	perform := func(ops ...app.Op) {
		t.Helper()
		for _, op := range ops {
			c.asked[op.ID] = true
		}
		w.perform(t, s, ops...)
		clear(c.asked)
	}
	perform(create(appeal(300)))
	perform(event(appeal(300), app.Event{Type: app.EventStarted, By: "Оператор 2"}), event(appeal(300), app.Event{Type: app.EventNote, Text: "Первое"}))
	w.draft(t, s, appeal(9).ID, "Набирается")
	w.choose(t, s, "scale", "1.5")

	refused := event(appeal(9), app.Event{Type: app.EventNote, Text: "Чего не было"})
	refused.Files = []app.File{{SHA256: "00", Name: "Нет.jpg"}}
	if err := s.Perform([]app.Op{refused}); err == nil {
		t.Fatal("an operation with a file that is not here was taken")
	}

	judged := w.ops[app.IDFrom("op", "amend")]
	delete(w.ops, judged.ID) // on its way; from here on it may wait or not
	w.judged[judged.ID] = true
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(125, judged)}, Next: "e.all.125"}, day0))

	ctx := context.Background()
	do(t, s.Backup(ctx))
	do(t, s.journal.shorten(s.journal.last))
	perform(event(appeal(10), app.Event{Type: app.EventNote, Text: "После сокращения"}))
	_, _, err := s.Compact(ctx, func(int64, int64) {})
	do(t, err)
	perform(event(appeal(11), app.Event{Type: app.EventNote, Text: "После сжатия"}))
	do(t, s.Close())

	b := must[[]byte](t)(os.ReadFile(w.path()))
	clear(b[:rootPages])
	do(t, os.WriteFile(w.path(), b, 0o600))
	s = must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), o))
	do(t, w.kept(s))
	perform(event(appeal(12), app.Event{Type: app.EventNote, Text: "После беды"}))
	do(t, s.Close())
	other, aside, err := Restore(ctx, w.path(), testBox(t), testTerms(t), o, theBackup(t, w), func(int64, int64) {})
	do(t, err)
	if aside == "" {
		t.Error("the file there was is gone")
	}
	do(t, w.kept(other))
	do(t, other.Close())

	met := map[string]int{}
	for _, m := range c.moments {
		met[m.point]++
		if err := m.check(t, w); err != nil {
			t.Errorf("killed at %q (%s): %v", m.point, filepath.Base(m.dir), err)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(met)) {
		t.Logf("%4d  %s", met[p], p)
	}
}

func theBackup(t *testing.T, w *work) string {
	t.Helper()
	all := must[[]string](t)(filepath.Glob(filepath.Join(w.dir, "otklik.backups", "*.db")))
	return all[0]
}

func (m *instant) check(t *testing.T, w *work) error {
	seen := *w
	seen.dir, seen.ops, seen.settings, seen.drafts = m.dir, m.ops, m.settings, map[string]app.Draft{}
	seen.judged = maps.Clone(w.judged)
	for id := range m.asked {
		seen.judged[id] = true // done or not done
	}
	for appeal, d := range m.drafts { // what was being typed right then may be older or newer
		if appeal != app.IDFrom("appeal", "9") {
			seen.drafts[appeal] = d
		}
	}
	delete(seen.settings, "scale")
	for again := range 2 { // the second time nothing is left to be done
		s, err := OpenWith(seen.path(), testBox(t), testTerms(t), tiny)
		if err != nil {
			return fmt.Errorf("does not open: %w", err)
		}
		if err = seen.kept(s); err == nil {
			var r Report
			if r, err = s.Check(); err == nil && len(r.Problems) > 0 {
				err = fmt.Errorf("%v", r.Problems)
			}
		}
		if err == nil && again == 1 && s.Upkeep().Recovery != nil {
			err = fmt.Errorf("is recovered twice")
		}
		do(t, s.Close())
		if err != nil {
			return err
		}
	}
	return nil
}
