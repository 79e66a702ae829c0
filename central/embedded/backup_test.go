package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/embedded"
	"otklik/sync/wire"
)

var moment = time.Date(2026, 7, 15, 9, 30, 0, 0, time.UTC)

// grown opens a storage and puts n more changes into it.
func grown(t *testing.T, path string, n int) central.Storage {
	t.Helper()
	s, err := embedded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	grow(t, s, n)
	return s
}

func grow(t *testing.T, s central.Storage, n int) {
	t.Helper()
	err := s.Update(context.Background(), func(tx central.Tx) error {
		l, err := tx.Lineage()
		if err == nil && len(l) == 0 {
			err = tx.PutLineage([]wire.Descent{{Epoch: "first"}})
		}
		for i := range n {
			id := app.IDFrom("backup", fmt.Sprint(i))
			err = errors.Join(err, tx.Append(&app.Change{Op: id, Ent: id, At: moment, Kind: app.OpPage, Verdict: app.VerdictApplied},
				central.Reach{Before: central.TagEveryone, After: central.TagEveryone}))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func state(t *testing.T, s central.Storage) (head uint64, lineage []wire.Descent) {
	t.Helper()
	err := s.View(t.Context(), func(tx central.Reader) (err error) {
		if head, err = tx.Head(); err == nil {
			lineage, err = tx.Lineage()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return head, lineage
}

func shut(t *testing.T, s central.Storage) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	path, to := filepath.Join(dir, "central.db"), filepath.Join(dir, "backup.db")
	s := grown(t, path, 30)
	b, err := embedded.WriteBackup(t.Context(), s, to)
	if err != nil || b.Head != 30 || b.Path != to {
		t.Fatalf("%+v %v", b, err)
	}
	if again, err := embedded.Verify(to); err != nil || again != b {
		t.Errorf("%+v %v, want %+v", again, err, b)
	}
	for _, p := range []string{to, to + ".sha256"} {
		if info, err := os.Stat(p); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", p, err)
		}
	}
	if _, err := embedded.WriteBackup(t.Context(), s, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a backup was written over: %v", err)
	}
	if _, _, err := embedded.Restore(t.Context(), to, path, moment); app.CodeOf(err) != app.CodeLocked {
		t.Errorf("restored under a running server: %v", err)
	}
	grow(t, s, 12) // lost by the restoration
	shut(t, s)
	_, aside, err := embedded.Restore(t.Context(), to, path, moment)
	if err != nil {
		t.Fatal(err)
	}
	s = grown(t, path, 0)
	head, lineage := state(t, s)
	if head != 30 || len(lineage) != 2 || lineage[0] != (wire.Descent{Epoch: "first", Upto: 30}) || lineage[1].Epoch == "" || lineage[1].Upto != 0 {
		t.Errorf("head %d, lineage %+v", head, lineage)
	}
	grow(t, s, 1)
	if head, _ = state(t, s); head != 31 {
		t.Errorf("the feed goes on at %d", head)
	}
	shut(t, s)
	old := grown(t, aside, 0)
	if head, _ = state(t, old); head != 42 {
		t.Errorf("what was set aside ends at %d", head)
	}
	shut(t, old)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 4 {
		t.Errorf("left: %v", left)
	}
}

func TestRestoreOverNothingAndOverDamage(t *testing.T) {
	dir := t.TempDir()
	s, to := grown(t, filepath.Join(dir, "central.db"), 3), filepath.Join(dir, "backup.db")
	if _, err := embedded.WriteBackup(t.Context(), s, to); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	other := filepath.Join(dir, "other.db")
	if _, aside, err := embedded.Restore(t.Context(), to, other, moment); err != nil || aside != "" {
		t.Errorf("%q %v", aside, err)
	}
	if err := os.WriteFile(other, make([]byte, 64<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, aside, err := embedded.Restore(t.Context(), to, other, moment); err != nil || aside == "" {
		t.Errorf("%q %v", aside, err)
	}
	s = grown(t, other, 0)
	if head, _ := state(t, s); head != 3 {
		t.Errorf("head %d", head)
	}
	shut(t, s)
}

func TestDamagedBackupIsRefused(t *testing.T) {
	dir := t.TempDir()
	path, to := filepath.Join(dir, "central.db"), filepath.Join(dir, "backup.db")
	s := grown(t, path, 200)
	if _, err := embedded.WriteBackup(t.Context(), s, to); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	whole, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	present, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refuse := func(what string, code app.Code) {
		t.Helper()
		if _, _, err := embedded.Restore(t.Context(), to, path, moment); app.CodeOf(err) != code {
			t.Errorf("%s: %v", what, err)
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != string(present) {
			t.Errorf("%s: the present data changed (%v)", what, err)
		}
	}
	write := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(to, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	flipped := []byte(string(whole))
	flipped[len(flipped)/2] ^= 1
	write(flipped)
	refuse("a flipped bit", app.CodeDamagedStore)
	write(whole[:len(whole)/2])
	refuse("half of it", app.CodeDamagedStore)
	write([]byte(strings.Repeat("text", 10000)))
	refuse("a text", app.CodeDamagedStore)
	write(whole)
	if err := os.Remove(to + ".sha256"); err != nil {
		t.Fatal(err)
	}
	refuse("no sum", app.CodeNoFile)
}

// TestBackupUnderWriters: the copy is the state of one moment.
func TestBackupUnderWriters(t *testing.T) {
	dir := t.TempDir()
	s := grown(t, filepath.Join(dir, "central.db"), 1)
	defer shut(t, s)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			default:
				grow(t, s, 5)
			}
		}
	}()
	for i := range 5 {
		b, err := embedded.WriteBackup(t.Context(), s, filepath.Join(dir, fmt.Sprintf("%d.db", i)))
		if err != nil || b.Head%5 != 1 {
			t.Errorf("%+v %v", b, err)
		}
	}
	close(stop)
	<-ended
}
