package simulate

import (
	"container/heap"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"strconv"
	"time"

	"otklik/app"
	"otklik/seal"
)

// firstMoment is when every run begins.
var firstMoment = time.Date(2026, 7, 15, 5, 0, 0, 0, time.UTC)

// world is the state of a run.
type world struct {
	run  Run
	rand *rand.Rand
	box  *seal.Box // of all stations: a file may be copied to another
	now  time.Time // the true one; stations may be wrong about it

	queue  queue
	events int
	trace  *trace

	faults   []Fault
	on       map[FaultName]bool // faults of this run
	trouble  float64            // share of requests a fault strikes
	narrow   bool               // devices see parts of the region
	happened map[FaultName]int

	centre   *centre
	stations []*station
	requests int
	made     int                    // identifiers
	issued   map[string][]time.Time // when operations became durable on a station; poison has the identifier of another

	taken map[string]bool // operations that were taken back before they were sent

	takenBack, keptWork int // imports of appeals that the feed takes back in the end; those with work of people on it

	forgotten          bool // a month has passed since anything was restored
	changes, conflicts int
	attached           int // files that facts name in the end
	violations         []string
}

// failure is an error of the simulation itself, thrown to end the run.
type failure struct{ err error }

// must ends the run where its own means fail.
func must(err error) {
	if err != nil {
		panic(failure{err})
	}
}

// violate notes what has to hold and does not; the run ends with it.
func (w *world) violate(invariant, format string, args ...any) {
	text := invariant + ": " + fmt.Sprintf(format, args...)
	w.note("VIOLATED %s", text)
	w.violations = append(w.violations, text)
}

// event is something that happens at a moment.
type event struct {
	at    time.Time
	order int // of making: the order of events of one moment
	what  string
	do    func()
}

// queue is a heap of events, the next one first.
type queue []event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].order < q[j].order
	}
	return q[i].at.Before(q[j].at)
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(event)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// after sets an event.
func (w *world) after(d time.Duration, what string, do func()) {
	w.events++
	heap.Push(&w.queue, event{w.now.Add(d), w.events, what, do})
}

// until plays events up to the moment, or until enough says so or something
// does not hold.
func (w *world) until(end time.Time, enough func() bool) {
	for len(w.queue) > 0 && len(w.violations) == 0 && !w.queue[0].at.After(end) && !enough() {
		e := heap.Pop(&w.queue).(event)
		// What an event does takes time, so the next one may be late.
		if e.at.After(w.now) {
			w.now = e.at
		}
		w.note("%s", e.what)
		e.do()
	}
}

// newID gives an identifier in the form of a ULID; it has no time in it, since
// nothing may rely on that.
func (w *world) newID() string {
	w.made++
	return app.IDFrom("simulate", strconv.FormatUint(w.run.Seed, 10), strconv.Itoa(w.made))
}

func (w *world) chance(p float64) bool { return w.rand.Float64() < p }

func (w *world) upTo(d time.Duration) time.Duration { return time.Duration(w.rand.Int64N(int64(d))) }

func (w *world) between(low, high time.Duration) time.Duration { return low + w.upTo(high-low) }

// pick draws one of the values, of which there has to be one.
func pick[T any](w *world, of []T) T { return of[w.rand.IntN(len(of))] }

// tailLines is how much of the trace a report shows.
const tailLines = 60

// trace is what happened, line by line: all of it as a hash, the end as text.
type trace struct {
	hash hash.Hash
	tail []string
}

func newTrace() *trace { return &trace{hash: sha256.New()} }

func (t *trace) sum() string { return hex.EncodeToString(t.hash.Sum(nil)) }

// note writes a line of the trace.
func (w *world) note(format string, args ...any) {
	line := w.now.Sub(firstMoment).Truncate(time.Millisecond).String() + " " + fmt.Sprintf(format, args...)
	w.trace.hash.Write([]byte(line + "\n"))
	if w.run.Trace != nil {
		_, err := io.WriteString(w.run.Trace, line+"\n")
		must(err)
	}
	if len(w.trace.tail) == tailLines {
		copy(w.trace.tail, w.trace.tail[1:])
		w.trace.tail = w.trace.tail[:tailLines-1]
	}
	w.trace.tail = append(w.trace.tail, line)
}

// close lets go of all files.
func (w *world) close() {
	for _, s := range w.stations {
		s.close()
	}
	if w.centre != nil {
		w.centre.close()
	}
}
