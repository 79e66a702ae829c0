package store

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

// TestValueOpensInItsPlaceAlone: a value that stands under another key, or whose
// legible part was changed, is damage.
func TestValueOpensInItsPlaceAlone(t *testing.T) {
	s := open(t)
	for i := range 2 {
		do(t, s.Perform([]app.Op{create(appeal(i + 1))}))
	}
	change := func(f func(b *bolt.Bucket) error) {
		t.Helper()
		s.db.file.Load().hurt.Store(nil) // as if nobody had met it
		do(t, s.db.Update(func(tx *bolt.Tx) error { return f(tx.Bucket(bucketAppeals)) }))
	}
	var first []byte
	change(func(b *bolt.Bucket) error {
		first = bytes.Clone(b.Get(number(1)))
		return b.Put(number(1), b.Get(number(2)))
	})
	if _, err := s.AppealAt(1); app.CodeOf(err) != app.CodeDamagedStore {
		t.Errorf("in another place: %v", err)
	}
	change(func(b *bolt.Bucket) error {
		first[9]++ // of the header
		return b.Put(number(1), first)
	})
	if _, err := s.AppealAt(1); app.CodeOf(err) != app.CodeDamagedStore {
		t.Errorf("with another header: %v", err)
	}
	s.db.file.Load().hurt.Store(nil)
	if r := must[Report](t)(s.Check()); len(r.Problems) == 0 {
		t.Error("the check finds nothing")
	}
	first[9]--
	change(func(b *bolt.Bucket) error { return b.Put(number(1), first) })
	sound(t, s)
}

// TestNothingIsReadable looks for the words of people in the file, the journal and
// the backups.
func TestNothingIsReadable(t *testing.T) {
	s := open(t)
	a := appeal(1)
	a.Text, a.Title, a.Place, a.Municipality = "Приметный текст", "Приметный заголовок", "Приметный адрес", "Приметный город"
	a.Author, a.Contact, a.Assignee = "Приметное имя", "Приметный телефон", "Приметный оператор"
	do(t, s.Perform([]app.Op{create(a), event(a, app.Event{Type: app.EventNote, By: "Оператор 2", Text: "Приметная заметка"})}))
	do(t, s.SaveDraft(a.ID, app.Draft{Answer: "Приметный ответ", At: day0}))
	do(t, s.SaveSetting("last", "Приметная настройка"))
	do(t, s.SaveDevice(Device{ID: "D1", Identity: app.Identity{Name: "Приметный оператор"}}))
	do(t, s.Backup(context.Background()))
	var raw []byte
	files := 0
	do(t, filepath.WalkDir(filepath.Dir(s.Path()), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		raw, files = append(raw, b...), files+1
		return err
	}))
	if files < 4 {
		t.Errorf("%d files: the database, its journal, a backup and the lock are missing", files)
	}
	for _, word := range []string{"риметн", "ПРИМЕТН"} {
		if i := bytes.Index(raw, []byte(word)); i >= 0 {
			t.Errorf("readable: %q", strings.ToValidUTF8(string(raw[max(0, i-40):i+60]), "·"))
		}
	}
}
