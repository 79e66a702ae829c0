package e2e

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// stations is how many workstations have worked past a backup.
const stations = 3

// restore puts the server back to a backup.
func (c *central) restore(from string) {
	c.t.Helper()
	out, err := exec.Command(filepath.Join(bin, "otklik-central"), "restore", "--data", c.data, "--from", from).CombinedOutput()
	if err != nil {
		c.t.Fatalf("restore: %v: %s", err, out)
	}
}

// TestServerIsRestoredFromAnOlderBackup, twice from the same one: all that any
// workstation had written and had acknowledged since comes back, once, and all
// sides agree. A newer backup, which is not the one restored, changes nothing.
func TestServerIsRestoredFromAnOlderBackup(t *testing.T) {
	c := newCentral(t)
	c.start()
	const rows = 200
	var data [stations]string
	written := 0
	// work has every workstation write and have it acknowledged. The last of them is
	// away in the last round of work and has only written.
	work := func(away bool) {
		t.Helper()
		for i := range data {
			otklik(t, "import", "--data", data[i], table(t, written+1, rows))
			written += rows
			if !away || i < stations-1 {
				otklik(t, "sync", "--once", "--data", data[i])
			}
		}
	}
	for i := range data {
		data[i] = t.TempDir()
		otklik(t, "sync", "--once", "--data", data[i], "--server", c.url(), "--code", c.code(fmt.Sprint("Оператор ", i+1)))
	}
	work(false)
	backup := filepath.Join(t.TempDir(), "central.db")
	c.backup(backup)
	work(false)
	c.backup(filepath.Join(t.TempDir(), "central.db"))
	for i := range data {
		otklik(t, "sync", "--once", "--data", data[i])
	}
	for round := range 2 {
		work(true)
		c.kill()
		c.restore(backup)
		c.start()
		lost := written - len(observe(t, c.url(), c.code("Оператор 9")).ids())
		if lost <= 0 {
			t.Fatal("nothing was lost: nothing is tried")
		}
		// The first learns of the restore before the others have sent theirs again.
		for range 2 {
			for i := range data {
				otklik(t, "sync", "--once", "--data", data[i])
			}
		}
		there := observe(t, c.url(), c.code("Оператор 9")).ids()
		for id, n := range there {
			if n != 1 {
				t.Errorf("%s is there %d times", id, n)
			}
		}
		if len(there) != written {
			t.Errorf("restored %d times: the server has %d appeals, %d were written", round+1, len(there), written)
		}
		for i := range data {
			if r := check(t, data[i]); r.Appeals != written || r.Pending != 0 || r.Refused != 0 {
				t.Errorf("restored %d times: workstation %d has %+v, want %d appeals", round+1, i+1, r, written)
			}
		}
		t.Logf("%d of %d appeals were gone from the server and came back", lost, written)
	}
	c.sound()
}

// TestCaptivePortal: something on the way answers every request with a page of its
// own and 200. The program takes it for no server, keeps what it has, and goes on
// when the way is free.
func TestCaptivePortal(t *testing.T) {
	c := newCentral(t)
	c.start()
	data := t.TempDir()
	otklik(t, "sync", "--once", "--data", data, "--server", c.url(), "--code", c.code("Оператор 2"))
	code := c.code("Оператор 1")
	otklik(t, "import", "--data", data, table(t, 1, 300))
	c.kill()

	portal := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!DOCTYPE html><title>Wi-Fi</title><form>Введите номер телефона</form>"))
	}))
	if err := portal.Listener.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", c.address)
	if err != nil {
		t.Fatal(err)
	}
	portal.Listener = l
	portal.Start()
	for range 2 {
		_, err := tryOtklik("sync", "--once", "--data", data)
		if err == nil || !strings.Contains(err.Error(), "ответил непонятно") || strings.Count(err.Error(), "\n") != 1 {
			t.Errorf("behind the portal it said %v", err)
		}
		if r := check(t, data); r.Pending != 300 || r.Appeals != 300 || r.Refused != 0 {
			t.Errorf("behind the portal it has %+v", r)
		}
	}
	_, err = tryOtklik("sync", "--once", "--data", t.TempDir(), "--server", c.url(), "--code", code)
	if err == nil || !strings.Contains(err.Error(), "ответил непонятно") {
		t.Errorf("enrolling behind the portal it said %v", err)
	}
	portal.Close()

	c.start()
	otklik(t, "sync", "--once", "--data", data)
	if r := check(t, data); r.Pending != 0 || r.Refused != 0 {
		t.Errorf("without the portal it has %+v", r)
	}
	if there := observe(t, c.url(), code).ids(); len(there) != 300 {
		t.Errorf("the server has %d appeals", len(there))
	}
}

// TestRevokedAndCarriedByHand is a revocation among processes: what the workstation
// had written goes to the running server in a file, and under a new code is there
// once.
func TestRevokedAndCarriedByHand(t *testing.T) {
	c := newCentral(t)
	c.start()
	data, out := t.TempDir(), filepath.Join(t.TempDir(), "outbox.jsonl")
	otklik(t, "sync", "--once", "--data", data, "--server", c.url(), "--code", c.code("Оператор 2"))
	otklik(t, "import", "--data", data, table(t, 1, 700))
	central := func(args ...string) string {
		t.Helper()
		said, err := exec.Command(filepath.Join(bin, "otklik-central"), append(args, "--data", c.data)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v: %s", args, err, said)
		}
		return string(said)
	}
	exported := printed[struct{ Ops int }](t, otklik(t, "outbox", "export", "--out", out, "--data", data, "--json"))
	if exported.Ops != 700 {
		t.Errorf("%d operations were exported", exported.Ops)
	}
	said := central("take", out)
	device := strings.Fields(said[strings.Index(said, "of device ")+len("of device "):])[0]
	central("revoke", "--device", strings.TrimSuffix(device, ","))
	if _, err := tryOtklik("sync", "--once", "--data", data); err == nil || !strings.Contains(err.Error(), "отозван") {
		t.Errorf("revoked it said %v", err)
	}
	if again := central("take", out); !strings.HasSuffix(again, ": 700 duplicate\n") {
		t.Errorf("taken again: %s", again[max(0, len(again)-200):])
	}
	otklik(t, "sync", "--once", "--data", data, "--code", c.code("Оператор 2"))
	if r := check(t, data); r.Appeals != 700 || r.Pending != 0 || r.Refused != 0 {
		t.Errorf("under the new code %+v", r)
	}
	there := observe(t, c.url(), c.code("Оператор 1")).ids()
	if len(there) != 700 || slices.Max(slices.Collect(maps.Values(there))) != 1 {
		t.Errorf("the server has %d appeals", len(there))
	}
}
