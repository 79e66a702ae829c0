package simulate_test

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"otklik/simulate"
)

// seeds of an ordinary test run; OTKLIK_SEEDS asks for more.
const seeds = 500

// enough is how many bad seeds are shown.
const enough = 3

// named gives the number an environment variable holds.
func named(t *testing.T, name string) (uint64, bool) {
	t.Helper()
	said, has := os.LookupEnv(name)
	if !has || said == "" {
		return 0, false
	}
	n, err := strconv.ParseUint(said, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n, true
}

// play runs one seed in a folder of its own: in memory where there is such a
// place, since the disk is not what is tested here.
func play(t testing.TB, seed uint64, bug simulate.Bug, trace io.Writer) simulate.Result {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "otklik-simulate-")
	if err != nil {
		dir = t.TempDir()
	}
	defer os.RemoveAll(dir)
	r, err := simulate.Simulate(simulate.Run{Seed: seed, Dir: dir, Bug: bug, Trace: trace})
	if err != nil {
		t.Error(err)
	}
	return r
}

// each plays the seeds 1 to n on all processors until found says stop. found is
// called by one goroutine at a time.
func each(t *testing.T, n uint64, bug simulate.Bug, found func(seed uint64, r simulate.Result) (more bool)) {
	t.Helper()
	var mu sync.Mutex
	next, stop := uint64(1), false
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				mu.Lock()
				seed := next
				next++
				over := stop || seed > n
				mu.Unlock()
				if over {
					return
				}
				r := play(t, seed, bug, nil)
				mu.Lock()
				stop = !found(seed, r) || stop
				mu.Unlock()
			}
		})
	}
	workers.Wait()
}

func report(seed uint64, r simulate.Result) string {
	return fmt.Sprintf("seed %d: %s\nthe end of what happened:\n  %s\nto repeat: OTKLIK_SEED=%d go test -count=1 -run TestSeeds ./simulate",
		seed, strings.Join(r.Violations, "\n"), strings.Join(r.Tail, "\n  "), seed)
}

// TestSeeds asks of many runs that nothing is lost in any, and that every
// fault that is switched on did strike.
func TestSeeds(t *testing.T) {
	if seed, one := named(t, "OTKLIK_SEED"); one {
		r := play(t, seed, "", os.Stdout)
		if len(r.Violations) > 0 {
			t.Error(strings.Join(r.Violations, "\n"))
		}
		return
	}
	n, has := named(t, "OTKLIK_SEEDS")
	if !has {
		n = seeds
	}
	var all simulate.Result
	happened, bad, began := map[simulate.FaultName]int{}, 0, time.Now()
	each(t, n, "", func(seed uint64, r simulate.Result) bool {
		if len(r.Violations) > 0 {
			bad++
			t.Error(report(seed, r))
		}
		all.Events += r.Events
		all.Requests += r.Requests
		all.Operations += r.Operations
		all.Changes += r.Changes
		all.Conflicts += r.Conflicts
		all.Files += r.Files
		all.TakenBack += r.TakenBack
		all.KeptWork += r.KeptWork
		all.Virtual += r.Virtual
		for f, times := range r.Happened {
			happened[f] += times
		}
		return bad < enough
	})
	t.Logf("%d seeds in %s: %d events, %d requests, %d operations, %d changes, %d conflicts, %d files, %s of virtual time",
		n, time.Since(began).Round(time.Second), all.Events, all.Requests, all.Operations, all.Changes, all.Conflicts, all.Files, all.Virtual.Round(time.Hour))
	t.Logf("%d imports of an appeal taken back on the server, %d of them with work of people on it", all.TakenBack, all.KeptWork)
	if all.TakenBack == 0 && bad == 0 && n >= seeds {
		t.Error("no import was taken back")
	}
	for _, f := range simulate.Faults() {
		for _, name := range f.CountedAs() {
			t.Logf("%6d  %s", happened[name], name)
			if happened[name] == 0 && bad == 0 && n >= seeds {
				t.Errorf("«%s» never happened", name)
			}
		}
	}
}

// TestSameSeedIsSameRun compares two runs event by event.
func TestSameSeedIsSameRun(t *testing.T) {
	for seed := uint64(1); seed <= 10; seed++ {
		one, two := play(t, seed, "", nil), play(t, seed, "", nil)
		if one.Hash != two.Hash {
			t.Errorf("seed %d: the traces differ", seed)
		}
	}
	if play(t, 1, "", nil).Hash == play(t, 2, "", nil).Hash {
		t.Error("two seeds are one run")
	}
}

// TestPlantedBugsAreCaught asks of the simulation itself that it sees what it
// is there to see.
func TestPlantedBugsAreCaught(t *testing.T) {
	for _, bug := range simulate.Bugs {
		t.Run(string(bug), func(t *testing.T) {
			caught := uint64(0)
			const most = 100
			each(t, most, bug, func(seed uint64, r simulate.Result) bool {
				if len(r.Violations) == 0 {
					return true
				}
				first, _, _ := strings.Cut(r.Violations[0], "\n")
				t.Logf("seed %d: %s", seed, first)
				caught = seed
				return false
			})
			if caught == 0 {
				t.Errorf("not caught in %d seeds", most)
			}
		})
	}
}
