package e2e

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// killAfter starts a command and kills it after the delay; it says whether the
// command was still running then.
func killAfter(t *testing.T, delay time.Duration, args ...string) (killed bool) {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, "otklik"), args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(delay)
	_ = cmd.Process.Kill() // fails where it has ended by itself
	err := cmd.Wait()
	return err != nil && cmd.ProcessState.ExitCode() == -1
}

// took measures a command once, so that kills fall within its life.
func took(t *testing.T, args ...string) time.Duration {
	t.Helper()
	began := time.Now()
	otklik(t, args...)
	return time.Since(began)
}

// TestKilledImport kills an import at random moments. Each time the store is
// sound; what an earlier import wrote stays; the last import adds what is
// missing, once.
func TestKilledImport(t *testing.T) {
	const rows = 6000
	file := table(t, 1, rows)
	life := took(t, "import", "--data", t.TempDir(), file)
	data, kept, cut, inside := t.TempDir(), 0, 0, 0
	// Only imports that were killed while running count.
	for tries := 0; cut < rounds(t) && tries < 10*rounds(t); tries++ {
		if kept == rows {
			data, kept = t.TempDir(), 0
		}
		if killAfter(t, rand.N(life), "import", "--data", data, file) {
			cut++
		}
		if _, err := os.Stat(filepath.Join(data, "otklik.db")); err != nil {
			continue // killed before it began
		}
		r := check(t, data)
		if r.Appeals < kept || r.Pending != r.Appeals {
			t.Fatalf("%d appeals were kept, %d are there, %d in the outbox", kept, r.Appeals, r.Pending)
		}
		if r.Appeals > kept && r.Appeals < rows {
			inside++
		}
		kept = r.Appeals
	}
	t.Logf("%d imports killed while running, %d of them between two transactions", cut, inside)
	if cut < rounds(t) {
		t.Errorf("only %d imports were killed while they ran", cut)
	}
	otklik(t, "import", "--data", data, file)
	if r := check(t, data); r.Appeals != rows || r.Pending != rows {
		t.Errorf("after all: %d appeals, %d in the outbox, want %d", r.Appeals, r.Pending, rows)
	}
}

// TestKilledExchange kills the client and the server, in turn, in the middle of
// exchanges, while other devices write and one follows the feed. Each time the
// client's store is sound; in the end the server has everything that was written
// or acknowledged exactly once, its file is sound, and nothing waits.
func TestKilledExchange(t *testing.T) {
	const most = 20 // of each with one server, so that checks stay quick
	cut, downed := 0, 0
	for left := rounds(t); left > 0; left -= most {
		c, d := killExchanges(t, min(left, most))
		cut, downed = cut+c, downed+d
	}
	t.Logf("%d rounds: %d exchanges cut off, the server killed %d times", 2*rounds(t), cut, downed)
	if cut == 0 {
		t.Error("no exchange was cut off")
	}
}

// killExchanges kills the client of one server and the server so many times each.
func killExchanges(t *testing.T, times int) (cut, downed int) {
	t.Helper()
	const rows = 200
	c := newCentral(t)
	defer c.kill()
	c.args = []string{"--rate-device", "0", "--rate-address", "0"}
	c.start()
	var devices []*device
	for range 3 {
		devices = append(devices, newDevice(t, c.url(), c.code("Оператор 1")))
	}
	data, written := t.TempDir(), rows
	otklik(t, "sync", "--once", "--data", data, "--server", c.url(), "--code", c.code("Оператор 2"))
	otklik(t, "import", "--data", data, table(t, 1, rows))
	life := took(t, "sync", "--once", "--data", data)
	l := startLoad(t, devices, 2, 100*time.Millisecond)
	for round := range 2 * times {
		otklik(t, "import", "--data", data, table(t, written+1, rows))
		written += rows
		delay := rand.N(life)
		if round%2 == 1 {
			client := exec.Command(filepath.Join(bin, "otklik"), "sync", "--once", "--data", data)
			if err := client.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(delay)
			c.kill()
			downed++
			if client.Wait() != nil {
				cut++ // its server was gone, and it said so
			}
			c.start()
		} else if killAfter(t, delay, "sync", "--once", "--data", data) {
			cut++
		}
		if r := check(t, data); r.Appeals < written || r.Refused != 0 {
			t.Fatalf("round %d: %d appeals of %d, %d refused", round, r.Appeals, written, r.Refused)
		}
	}
	otklik(t, "sync", "--once", "--data", data)
	if r := check(t, data); r.Pending != 0 || r.Refused != 0 || r.Appeals < written {
		t.Fatalf("in the end %+v, want %d appeals", r, written)
	}
	l.end(nil)
	there := observe(t, c.url(), c.code("Оператор 3")).ids()
	if least, most := written+len(l.acked), written+len(l.issued); len(there) < least || len(there) > most {
		t.Errorf("the server has %d appeals, want %d to %d", len(there), least, most)
	}
	for id, n := range there {
		if n != 1 {
			t.Errorf("%s was created %d times", id, n)
		}
	}
	c.sound()
	return cut, downed
}
