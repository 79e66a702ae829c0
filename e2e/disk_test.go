package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"otklik/app"
	"otklik/sync/wire"
)

// smallDisk mounts a file system of so many MiB. Who may not mount becomes root of
// a user namespace of their own, in which the whole test runs once more; where that
// is not allowed either, the test is skipped. (A limit of the size of files will not
// do: its signal ends a Go program before it sees an error.)
func smallDisk(t *testing.T, mib int) (dir string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("small file systems are mounted on Linux only")
	}
	dir = t.TempDir()
	out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+strconv.Itoa(mib)+"m", "tmpfs", dir).CombinedOutput()
	if err == nil {
		t.Cleanup(func() {
			if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
				t.Errorf("umount: %v: %s", err, out)
			}
		})
		return dir
	}
	const inside = "OTKLIK_NAMESPACE"
	if os.Getenv(inside) != "" {
		t.Skipf("a small disk cannot be mounted, not even in a namespace: %s", out)
	}
	again := exec.Command("unshare", "--user", "--map-root-user", "--mount", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), inside+"=yes")
	said, err := again.CombinedOutput()
	if err != nil && !bytes.Contains(said, []byte("--- FAIL")) {
		t.Skipf("neither mounting nor a namespace is allowed here: %s", said)
	}
	if err != nil {
		t.Fatalf("in a namespace: %s", said)
	}
	t.Skipf("ran in a namespace: %s", said)
	return ""
}

// fill leaves no space on the disk but so many KiB.
func fill(t *testing.T, dir string, left int64) (free func()) {
	t.Helper()
	name := filepath.Join(dir, "ballast")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(f, io.LimitReader(rand.Reader, 1<<30))
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("%d bytes filled the disk: %v", n, err)
	}
	if err := errors.Join(f.Truncate(max(0, n-left<<10)), f.Close()); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDiskOfTheWorkstationIsFull: the program says so, keeps what it has, and goes
// on when there is space again.
func TestDiskOfTheWorkstationIsFull(t *testing.T) {
	disk := smallDisk(t, 16)
	c := newCentral(t)
	c.start()
	data := filepath.Join(disk, "data")
	const rows = 1000
	other := t.TempDir()
	otklik(t, "sync", "--once", "--data", other, "--server", c.url(), "--code", c.code("Оператор 1"))
	otklik(t, "import", "--data", other, table(t, 1, rows))
	otklik(t, "sync", "--once", "--data", other)

	otklik(t, "sync", "--once", "--data", data, "--server", c.url(), "--code", c.code("Оператор 2"))
	otklik(t, "import", "--data", data, table(t, rows+1, 100))
	before := check(t, data)
	full := func(args ...string) {
		t.Helper()
		_, err := tryOtklik(append(args, "--data", data)...)
		if err == nil || !strings.Contains(err.Error(), "нет места") || strings.Count(err.Error(), "\n") != 1 {
			t.Errorf("%v on a full disk: %v", args, err)
		}
	}
	// First the exchange: a failed import leaves free pages in the file.
	otklik(t, "import", "--data", other, table(t, rows+101, 4*rows))
	otklik(t, "sync", "--once", "--data", other)
	for _, left := range []int64{0, 64, 512} {
		free := fill(t, disk, left)
		full("sync", "--once")
		full("outbox", "export", "--out", filepath.Join(disk, "outbox.jsonl"))
		if _, err := os.Stat(filepath.Join(disk, "outbox.jsonl")); err == nil {
			t.Error("half an export was left behind")
		}
		full("import", table(t, 100_000, 8_000))
		free()
		// Rows that were written before the end of the space stay, each with its
		// operation: an import goes on from there. What the server has taken is not
		// forgotten, and not taken for unsent.
		r := check(t, data)
		if r.Pending > before.Pending+8_000 || r.Appeals < before.Appeals || r.Refused != 0 {
			t.Errorf("with %d KiB left: %+v after %+v", left, r, before)
		}
		before = r
	}
	otklik(t, "sync", "--once", "--data", data)
	if r := check(t, data); r.Pending != 0 || r.Refused != 0 || r.Appeals < 5*rows+100 {
		t.Errorf("after there was space again %+v", r)
	}
	there := observe(t, c.url(), c.code("Оператор 3")).ids()
	if r := check(t, data); len(there) != r.Appeals {
		t.Errorf("the server has %d appeals, the workstation %d", len(there), r.Appeals)
	}
}

// TestDiskOfTheServerIsFull: it answers that there is no space, stores nothing half,
// and goes on when there is.
func TestDiskOfTheServerIsFull(t *testing.T) {
	disk := smallDisk(t, 24)
	c := newCentral(t)
	c.data = filepath.Join(disk, "central")
	c.args = []string{"--rate-device", "0", "--rate-address", "0"}
	c.start()
	d := newDevice(t, c.url(), c.code("Оператор 1"))
	data := t.TempDir()
	otklik(t, "sync", "--once", "--data", data, "--server", c.url(), "--code", c.code("Оператор 2"))
	if err := d.authorise(t.Context()); err != nil {
		t.Fatal(err)
	}
	issued, acknowledged := map[string]bool{}, 0
	free := fill(t, disk, 256)
	var refused error
	for refused == nil { // fills what is left within the file, then finds no more
		ops := make([]app.Op, 100)
		for i := range ops {
			ops[i] = d.create()
			issued[ops[i].ID] = true
		}
		var reply wire.PushReply
		if refused = d.send(t.Context(), http.MethodPost, wire.PathOps, wire.Push{Ops: ops, Limit: 1}, &reply); refused == nil {
			acknowledged += len(reply.Verdicts)
		} else {
			for _, op := range ops {
				delete(issued, op.ID)
			}
		}
		if len(issued) > 100_000 {
			t.Fatal("the disk does not fill up")
		}
	}
	if want := "/v1/ops: 507 storage_full"; refused.Error() != want {
		t.Errorf("answered %v, want %s", refused, want)
	}
	otklik(t, "import", "--data", data, table(t, 1, 500))
	_, err := tryOtklik("sync", "--once", "--data", data)
	if err == nil || !strings.Contains(err.Error(), "На сервере нет места") || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("the workstation said %v", err)
	}
	// A small batch may have found room where a great one did not.
	r := check(t, data)
	if r.Pending == 0 || r.Pending > 500 || r.Refused != 0 {
		t.Errorf("the workstation has %+v", r)
	}
	// Reading needs no space.
	there := observed(t, d)
	if want := acknowledged + 500 - r.Pending; len(there) != want {
		t.Errorf("%d operations were acknowledged, %d are there", want, len(there))
	}
	free()
	otklik(t, "sync", "--once", "--data", data)
	if r := check(t, data); r.Pending != 0 || r.Refused != 0 || r.Appeals != acknowledged+500 {
		t.Errorf("after there was space again the workstation has %+v", r)
	}
	for _, op := range observed(t, d) {
		delete(issued, op)
	}
	if len(issued) > 0 {
		t.Errorf("%d acknowledged operations are lost", len(issued))
	}
	t.Logf("%d operations fitted before the disk was full", acknowledged)
	c.kill()
	c.start()
	c.sound()
}

// observed gives the operations of the feed, which has to be dense.
func observed(t *testing.T, d *device) []string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	stop() // as soon as nothing is left to read
	ops, err := d.follow(ctx)
	if err != nil {
		t.Error(err)
	}
	return ops
}
