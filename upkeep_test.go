package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/store"
)

// done takes an appeal in at the workstation, without an exchange.
func done(t *testing.T, data, text string) (id string) {
	t.Helper()
	withStation(t, data, func(st *station) {
		var err error
		if id, err = st.desk.Create(app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: text}); err != nil {
			t.Fatal(err)
		}
	})
	return id
}

// ruin makes the database unreadable from its first page on.
func ruin(t *testing.T, data string) {
	t.Helper()
	path := filepath.Join(data, "otklik.db")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clear(b[:len(b)/2])
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestBackupIsMadeAndPutBack(t *testing.T) {
	data, outside := t.TempDir(), filepath.Join(t.TempDir(), "copy.db")
	_, errOut := command(t, 1, "backup", "--data", data)
	if !strings.Contains(errOut, "otklik.db") {
		t.Errorf("a folder without a database: %q", errOut)
	}
	done(t, data, "До копии")
	command(t, 0, "backup", "--data", data)
	command(t, 0, "backup", "--data", data, "--out", outside)
	_, errOut = command(t, 1, "backup", "--data", data, "--out", outside)
	if !strings.Contains(errOut, "уже есть") {
		t.Errorf("a file that is there: %q", errOut)
	}
	done(t, data, "После копии")

	// A damaged file is recovered by whatever opens it.
	ruin(t, data)
	out, errOut := command(t, 0, "check", "--json", "--data", data)
	if r := printed[store.Report](t, out); r.Appeals != 2 || r.Pending != 2 || len(r.Problems) > 0 {
		t.Errorf("after the damage: %+v", r)
	}
	if strings.Count(errOut, "\n") != 1 || !strings.Contains(errOut, "2 неотправленных действия и черновики сохранены, база восстановлена из копии") {
		t.Errorf("told %q", errOut)
	}

	// So it is without a backup.
	if err := os.RemoveAll(filepath.Join(data, "otklik.backups")); err != nil {
		t.Fatal(err)
	}
	ruin(t, data)
	out, errOut = command(t, 0, "check", "--lang", "en", "--json", "--data", data)
	if r := printed[store.Report](t, out); r.Appeals != 2 || r.Pending != 2 || len(r.Problems) > 0 {
		t.Errorf("without a backup: %+v", r)
	}
	if !strings.Contains(errOut, "2 unsent actions and the drafts are kept, all else comes from the server anew") {
		t.Errorf("told %q", errOut)
	}

	out, _ = command(t, 0, "restore", "--data", data, outside)
	if !strings.Contains(out, "2 неотправленных") || !strings.Contains(out, "otklik.db.replaced-") {
		t.Errorf("restored: %q", out)
	}
	out, _ = command(t, 0, "compact", "--data", data)
	if !strings.Contains(out, "МБ") {
		t.Errorf("compacted: %q", out)
	}
	out, _ = command(t, 0, "check", "--json", "--data", data)
	if r := printed[store.Report](t, out); r.Appeals != 2 || r.Pending != 2 || len(r.Problems) > 0 {
		t.Errorf("in the end: %+v", r)
	}
}

func TestWhatIsNoBackupChangesNothing(t *testing.T) {
	data := t.TempDir()
	done(t, data, "Есть")
	before, err := os.ReadFile(filepath.Join(data, "otklik.db"))
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "copy.db")
	half := slices.Concat(make([]byte, len(before)/2), before[len(before)/2:])
	if err := os.WriteFile(broken, half, 0o600); err != nil {
		t.Fatal(err)
	}
	_, errOut := command(t, 1, "restore", "--data", data, broken)
	if !strings.Contains(errOut, "не целая копия") {
		t.Errorf("told %q", errOut)
	}
	command(t, 1, "restore", "--data", data, filepath.Join(data, "none.db"))
	after, err := os.ReadFile(filepath.Join(data, "otklik.db"))
	if err != nil || !slices.Equal(before, after) {
		t.Errorf("the database was changed, error %v", err)
	}
	left, err := filepath.Glob(filepath.Join(data, "*.restored"))
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, error %v", left, err)
	}
}

// TestDamageMetAtWork ruins the file under a workstation that exchanges: what was
// not sent is sent after it was recovered, without a new start.
func TestDamageMetAtWork(t *testing.T) {
	server := newSecureServer(t)
	data := t.TempDir()
	command(t, 0, "sync", "--once", "--data", data, "--server", server.address, "--code", server.code(t), "--ca", server.ca)
	id := done(t, data, "Не отправлено")
	st, err := openStation(&invocation{data: data, text: assets.Load("ru"), out: io.Discard, errOut: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.close(); err != nil {
			t.Error(err)
		}
	}()
	ruin(t, data)
	st.start(context.Background())
	wait := func(what string, until func() bool) {
		t.Helper()
		for range 600 {
			if until() {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatal("it never came to: " + what)
	}
	wait("recovered", func() bool { return st.store.Upkeep().Recovery != nil })
	wait("sent", func() bool {
		n, err := st.store.PendingFor(id)
		return err == nil && n == 0
	})
	a, err := st.store.Appeal(id)
	if err != nil || a.Text != "Не отправлено" || a.Number == "" {
		t.Errorf("%+v, error %v", a, err)
	}
}
