package store

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

// plainFile writes what the store holds as version 1 did: nothing sealed.
func plainFile(t *testing.T, s *Store) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "otklik.db")
	old := must[*bolt.DB](t)(bolt.Open(path, 0o600, nil))
	do(t, s.view(func(tx reader) error {
		return old.Update(func(to *bolt.Tx) error {
			for _, name := range buckets {
				if bytes.Equal(name, bucketFormat) || bytes.Equal(name, bucketCounts) || bytes.Equal(name, bucketPageFacts) {
					continue
				}
				b := must[*bolt.Bucket](t)(to.CreateBucket(name))
				do(t, b.SetSequence(tx.Bucket(name).Sequence()))
				do(t, tx.Bucket(name).ForEach(func(k, v []byte) error {
					if bytes.Equal(name, bucketDayBase) {
						v = nil // nothing was confirmed
					}
					if bytes.Equal(name, bucketDays) { // a count for every page number
						v = nil
						for _, n := range must[[]uint32](t)(dayOf(tx, keyDay(k))) {
							v = binary.LittleEndian.AppendUint32(v, n)
						}
					}
					return b.Put(k, append([]byte{}, v...))
				}))
			}
			return to.Bucket(bucketMeta).Put(keyVersion, number(1))
		})
	}))
	do(t, old.Close())
	return path
}

func dayOf(r reader, d app.Day) ([]uint32, error) { return (&tx{reader: r}).day(d) }

// TestPlainFileIsSealed: all it held is there afterwards, and no longer readable.
func TestPlainFileIsSealed(t *testing.T) {
	from := open(t)
	f := keep(t, from, picture(40_000))
	a, b := appeal(1), appeal(2)
	made := create(a)
	do(t, from.Perform([]app.Op{made, create(b)}))
	do(t, from.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(1, made)}, Next: "e.all.1"}, day0))
	note := event(a, app.Event{Type: app.EventNote, Text: "Приметная заметка"})
	note.Files = []app.File{f}
	do(t, from.Perform([]app.Op{note}))
	do(t, from.SaveDraft(b.ID, app.Draft{Answer: "Приметный черновик", At: day0}))
	do(t, from.SaveDevice(Device{ID: "D1", Inc: 3}))
	do(t, from.SaveSetting("theme", "dark"))
	d, page := app.DayOf(day0), app.Page{ID: app.IDFrom("p"), Network: app.SourceVK, Name: "Школа"}
	do(t, from.Perform([]app.Op{
		{ID: app.IDFrom("page"), Ent: page.ID, Kind: app.OpPage, Payload: app.Encode(page)},
		{ID: app.IDFrom("count"), Ent: d.String(), Kind: app.OpCount, Payload: app.Encode(app.Counters{Day: d, Counts: map[string]uint32{page.ID: 7}})},
	}))
	path := plainFile(t, from)
	plain := filepath.Join(filepath.Dir(path), "otklik.files", f.SHA256[:2], f.SHA256)
	do(t, os.MkdirAll(filepath.Dir(plain), 0o700))
	do(t, os.WriteFile(plain, picture(40_000), 0o600))

	s := must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	t.Cleanup(func() { do(t, s.Close()) })
	for _, path := range []string{path, plain} {
		raw := must[[]byte](t)(os.ReadFile(path))
		if bytes.Contains(raw, []byte("Приметн")) || bytes.Contains(raw, picture(40_000)[:1000]) {
			t.Errorf("%s can be read", filepath.Base(path))
		}
	}
	do(t, s.CheckFile(f))
	if got := must[app.Series](t)(s.Series(page.ID)); got.First != d || len(got.Values) != 1 || got.Values[0] != 7 {
		t.Errorf("counts %+v", got)
	}
	if facts := must[app.PageFacts](t)(s.PageFacts()); len(facts.Known) != 2 || facts.Networks[facts.Network[1]] != app.SourceVK {
		t.Errorf("facts of pages %+v", facts)
	}
	want, got := must[[]app.Entry](t)(from.Entries(100)), must[[]app.Entry](t)(s.Entries(100))
	if string(app.Encode(want)) != string(app.Encode(got)) {
		t.Errorf("entries\n%s, were\n%s", app.Encode(got), app.Encode(want))
	}
	if d := must[app.Draft](t)(s.Draft(b.ID)); d.Answer != "Приметный черновик" {
		t.Errorf("draft %+v", d)
	}
	if v := must[string](t)(s.Setting("theme")); v != "dark" {
		t.Errorf("setting %q", v)
	}
	if c := must[string](t)(s.Cursor()); c != "e.all.1" {
		t.Errorf("cursor %q", c)
	}
	if found := must[app.Found](t)(s.Find(app.Query{Queue: app.QueueOpen, Words: "яма", Now: day0})); found.Total != 2 {
		t.Errorf("%d found", found.Total)
	}
	do(t, s.Perform([]app.Op{create(appeal(3))}))
	if n := sound(t, s); n.Pending != 5 {
		t.Errorf("%d operations wait", n.Pending)
	}
}
