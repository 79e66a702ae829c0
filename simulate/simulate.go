package simulate

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"otklik/seal"
)

// Run is one simulation. Two runs of equal values are equal event by event.
type Run struct {
	Seed uint64
	Dir  string // an empty folder for the files of the run
	Bug  Bug    // planted; "": none
	// Trace gets what happens line by line, if it is not nil.
	Trace io.Writer
}

// Result is what a run found.
type Result struct {
	Violations []string          // what did not hold; none in a good run
	Hash       string            // over the whole trace
	Tail       []string          // the end of the trace
	Events     int               // of the heap
	Requests   int               // that stations sent
	Operations int               // that became durable on a station
	Changes    int               // of the feed in the end
	Conflicts  int               // of the feed in the end
	Files      int               // that facts name in the end
	TakenBack  int               // imports of an appeal that the feed of the end takes back
	KeptWork   int               // of them of one that people had worked on before
	Happened   map[FaultName]int // how often each fault struck
	Virtual    time.Duration     // from the first event to the last
}

// Lengths of a run, in virtual time.
const (
	storm    = 2 * time.Hour // people work, things go wrong
	healing  = time.Hour     // the most that may pass until all is quiet
	patience = 1000          // requests that may be sent until all is quiet
	month    = 31 * 24 * time.Hour
)

// Simulate plays the run. An error is one of the simulation itself, such as a
// folder that cannot be written.
func Simulate(r Run) (result Result, err error) {
	box, err := seal.NewBox(make([]byte, seal.KeyLen))
	if err != nil {
		return Result{}, err
	}
	w := &world{
		box: box,
		run: r, rand: rand.New(rand.NewPCG(r.Seed, 0x07c11c)), now: firstMoment, trace: newTrace(), faults: Faults(),
		happened: map[FaultName]int{}, on: map[FaultName]bool{}, issued: map[string][]time.Time{}, taken: map[string]bool{},
	}
	defer func() {
		// The simulation stops at the first error of its own, wherever it is.
		switch v := recover().(type) {
		case nil:
		case failure:
			err = fmt.Errorf("seed %d: %w", r.Seed, v.err)
		default:
			panic(v)
		}
	}()
	defer w.close()
	w.prepare()
	w.until(firstMoment.Add(storm), func() bool { return false })
	if len(w.violations) == 0 {
		w.heal()
	}
	return w.result(), nil
}

// prepare draws what kind of run it is and sets the first events.
func (w *world) prepare() {
	// Each run has its own weather: with every fault in every run the rarer ones
	// would only ever be seen in the company of all others.
	for _, f := range w.faults {
		if w.chance(0.5) {
			w.on[f.Name] = true
		}
	}
	w.trouble = pick(w, []float64{0, 0.05, 0.15, 0.4})
	w.narrow = w.chance(0.5) || w.on[Rescoped]
	w.centre = newCentre(w)
	for i := range 2 + w.rand.IntN(3) {
		w.stations = append(w.stations, newStation(w, i))
	}
	w.centre.keepBackup()
	for _, s := range w.stations {
		s.turn(w.upTo(time.Minute))
		s.fileTurn(w.upTo(time.Minute))
	}
	// Little enough that a run is short and its trace can be read; there are many
	// runs.
	for range 12 + w.rand.IntN(20) {
		s := pick(w, w.stations)
		w.after(w.upTo(storm), s.name+" works", s.work)
	}
	for range 3 + w.rand.IntN(8) {
		w.after(w.upTo(storm), "accident", w.accident)
	}
}

// heal ends all faults and lets the exchange come to rest.
func (w *world) heal() {
	w.note("healing")
	w.on, w.trouble = map[FaultName]bool{}, 0
	w.centre.heal()
	for _, s := range w.stations {
		s.heal()
	}
	w.rest()
	if len(w.violations) > 0 || !slices.ContainsFunc(w.stations, func(s *station) bool { return s.orphans() > 0 }) {
		return
	}
	// Some wait for what nobody can bring back. They are not to wait for ever.
	w.note("a month passes")
	w.now, w.forgotten = w.now.Add(month), true
	for _, s := range w.stations {
		s.turn(w.upTo(time.Minute))
	}
	w.rest()
}

// rest lets the exchange come to rest and asks for everything that has to hold
// then.
func (w *world) rest() {
	began, sent := w.now, w.requests
	w.until(began.Add(healing), func() bool { return w.requests-sent > patience || w.quiet() })
	if len(w.violations) > 0 {
		return
	}
	if !w.quiet() {
		w.violate("convergence", "no rest after %s and %d requests: %s", w.now.Sub(began), w.requests-sent, w.restless())
		return
	}
	w.checkQuiet()
}

func (w *world) result() Result {
	return Result{
		Violations: w.violations, Hash: w.trace.sum(), Tail: w.trace.tail, Events: w.events, Requests: w.requests,
		Operations: len(w.issued), Changes: w.changes, Conflicts: w.conflicts, Files: w.attached, TakenBack: w.takenBack, KeptWork: w.keptWork, Happened: w.happened,
		Virtual: w.now.Sub(firstMoment),
	}
}
