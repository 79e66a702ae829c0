package embedded_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
	"otklik/central"
	"otklik/central/embedded"
	"otklik/central/storagetest"
)

func TestStorage(t *testing.T) {
	folders := map[string]string{}
	storagetest.Run(t, func(t *testing.T) central.Storage {
		if folders[t.Name()] == "" {
			folders[t.Name()] = t.TempDir()
		}
		s, err := embedded.Open(filepath.Join(folders[t.Name()], "central.db"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "central.db")
	s, err := embedded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Open(path); app.CodeOf(err) != app.CodeLocked {
		t.Errorf("a locked file: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Open(filepath.Join(folder, "absent", "central.db")); app.CodeOf(err) != app.CodeNoFolder {
		t.Errorf("no folder: %v", err)
	}
	broken := filepath.Join(folder, "broken.db")
	if err := os.WriteFile(broken, make([]byte, 100<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Open(broken); app.CodeOf(err) != app.CodeDamagedStore {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestMillion(t *testing.T) {
	s, err := embedded.Open(filepath.Join(t.TempDir(), "central.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	storagetest.Million(t, s)
}

// TestOlderFile: in a file of version 1 changes have no heads.
func TestOlderFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "central.db")
	s := grown(t, path, 2)
	shut(t, s)
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		feed := tx.Bucket([]byte("feed"))
		const head = 1 + 3*8
		for n := range uint64(2) {
			key := binary.BigEndian.AppendUint64(nil, n+1)
			if err := feed.Put(key, bytes.Clone(feed.Get(key)[head:])); err != nil {
				return err
			}
		}
		return errors.Join(tx.DeleteBucket([]byte("entered")),
			tx.Bucket([]byte("meta")).Put([]byte("format"), binary.BigEndian.AppendUint64(nil, 1)))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s = grown(t, path, 1)
	defer shut(t, s)
	var reaches []central.Reach
	err = s.View(t.Context(), func(r central.Reader) error {
		all, err := r.Feed(0, 10, 1<<20, func(_ uint64, r central.Reach) bool {
			reaches = append(reaches, r)
			return true
		})
		if len(all) != 3 || all[0].Seq != 1 || !json.Valid(all[0].Line) || !json.Valid(all[2].Line) {
			t.Errorf("%+v", all)
		}
		return err
	})
	if err != nil || len(reaches) != 3 || reaches[0] != (central.Reach{}) || reaches[2] == (central.Reach{}) {
		t.Errorf("%+v, %v", reaches, err)
	}
}
