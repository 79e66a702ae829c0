package embedded_test

import (
	"os"
	"path/filepath"
	"testing"

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
