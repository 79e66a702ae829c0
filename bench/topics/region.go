package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
	"golang.org/x/sys/unix"

	"otklik/app"
	"otklik/assets"
	"otklik/seal"
	"otklik/store"
	"otklik/topics"
)

const (
	perFrame = 1000
	length   = 100  // words of an appeal, more than twice those of a real one
	lexemes  = 9000 // in eight forms each
	own      = 120  // of them of each topic
	asked    = 2000 // suggestions
)

// speed learns from a region in the store as the program does, and asks.
func speed(appeals int) error {
	folder, err := os.MkdirTemp("", "topics")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	region, terms, err := assets.Region()
	if err != nil {
		return err
	}
	box, err := seal.NewBox(make([]byte, seal.KeyLen)) // a key of zeros seals as slowly as any
	if err != nil {
		return err
	}
	debug.SetMemoryLimit(220 << 20) // as the program does
	s, err := store.Open(filepath.Join(folder, "otklik.db"), box, terms)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := fill(s, newWorld(region), appeals); err != nil {
		return err
	}
	adviser := &topics.Adviser{}
	desk := app.NewDesk(app.Outside{
		Store: s, Region: region, Terms: terms, Me: app.Identity{Name: "Оператор 1"}, Now: time.Now,
		NewID: func() string { return ulid.Make().String() }, Adviser: adviser,
	})
	return measure(desk, adviser)
}

func measure(desk *app.Desk, adviser *topics.Adviser) error {
	runtime.GC()
	before := memory()
	began := time.Now()
	known, err := desk.Classified(50_000)
	if err != nil {
		return err
	}
	looked := time.Since(began)
	peak := watch()
	worked := processor()
	began = time.Now()
	if err := adviser.Learn(context.Background(), desk, known); err != nil {
		return err
	}
	learnt, most := time.Since(began), peak()
	worked = processor() - worked
	runtime.GC()
	with := memory()
	var took []time.Duration
	for i := range asked {
		a, err := desk.AppealAt(known[i*len(known)/asked].Record)
		if err != nil {
			return err
		}
		began := time.Now()
		adviser.Suggest(a)
		took = append(took, time.Since(began))
	}
	found := func(words string) time.Duration {
		began := time.Now()
		desk.FindTopics(words)
		return time.Since(began)
	}
	first := found("свет")
	var typed []time.Duration
	for range asked {
		typed = append(typed, found("лампочка не горит во дв"))
	}
	if err := adviser.Learn(context.Background(), desk, nil); err != nil { // forgets
		return err
	}
	runtime.GC()
	without := memory()
	fmt.Printf("## How fast\n\nA region of %d made-up classified appeals of %d words, on %d topics, in the store.\n\n", len(known), length, len(desk.Region().Groups))
	fmt.Println("| | | asked |\n|---|---|---|")
	fmt.Printf("| learning, reading the appeals included | %.1f s | ≤ 20 s |\n", learnt.Seconds())
	fmt.Printf("| of which processor time | %.1f s | |\n", worked.Seconds())
	fmt.Printf("| looking whether it is worth it | %.1f ms | |\n", ms(looked))
	fmt.Printf("| memory while learning, beyond what was in use | %d MB | |\n", max(0, most-before)>>20)
	fmt.Printf("| memory of the model | %d MB | |\n", max(0, with-without)>>20)
	fmt.Printf("| one suggestion, median / 99th percentile | %.2f / %.2f ms | ≤ 5 ms |\n", ms(quantile(took, 0.5)), ms(quantile(took, 0.99)))
	fmt.Printf("| first search in the finder | %.2f ms | |\n", ms(first))
	fmt.Printf("| one more letter, median / 99th percentile | %.2f / %.2f ms | ≤ 16 ms |\n", ms(quantile(typed, 0.5)), ms(quantile(typed, 0.99)))
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func quantile(all []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

// processor is the time this process has had of processors.
func processor() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func memory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// watch looks at the memory in use until it is asked for the most of it.
func watch() (most func() int64) {
	stop, top := make(chan struct{}), make(chan int64)
	go func() {
		var peak int64
		for {
			select {
			case <-stop:
				top <- peak
				return
			case <-time.After(50 * time.Millisecond):
				peak = max(peak, memory())
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-top
	}
}

// world makes up appeals: a third of the words of each are those of its topic, the
// others are as frequent as words are.
type world struct {
	rnd   *rand.Rand
	names []app.TopicName
	words []string // lexemes, the most frequent first
	own   [][]int  // of each topic
}

var endings = strings.Fields("а ы е у ой ам ами ах")

func newWorld(r *app.Region) *world {
	w := &world{rnd: rand.New(rand.NewPCG(1, 2))}
	for _, g := range r.Groups {
		for _, t := range g.Topics {
			w.names = append(w.names, app.TopicName{Group: g.Name, Topic: t})
		}
	}
	syllables := strings.Fields("ба ве го ду жи за ка лу ме но пи ру со ти фу хо це ча ше ма")
	for range lexemes {
		word := ""
		for range 2 + w.rnd.IntN(3) {
			word += syllables[w.rnd.IntN(len(syllables))]
		}
		w.words = append(w.words, word+"т")
	}
	for range w.names {
		var some []int
		for range own {
			some = append(some, w.rnd.IntN(lexemes))
		}
		w.own = append(w.own, some)
	}
	return w
}

func (w *world) appeal(n int) *app.Appeal {
	topic := min(w.rnd.IntN(len(w.names)), w.rnd.IntN(len(w.names))) // some are frequent
	var b strings.Builder
	for range length {
		word := int(float64(lexemes) * w.rnd.Float64() * w.rnd.Float64() * w.rnd.Float64())
		if w.rnd.IntN(3) == 0 {
			word = w.own[topic][w.rnd.IntN(own)]
		}
		b.WriteString(w.words[word] + endings[w.rnd.IntN(len(endings))] + " ")
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 10 * time.Minute)
	a := &app.Appeal{
		ID: app.IDFrom("appeal", fmt.Sprint(n)), Number: fmt.Sprintf("2026-%06d", n), Kind: app.KindIncident, Source: app.SourceVK,
		Text: b.String(), Group: w.names[topic].Group, Topic: w.names[topic].Topic, Status: app.StatusNew,
	}
	for i, t := range []app.EventType{app.EventPublished, app.EventDetected, app.EventStarted, app.EventAnswered, app.EventClosed} {
		e := app.Event{ID: fmt.Sprint(a.ID, i), Type: t, At: at.Add(time.Duration(i) * time.Hour), By: "Оператор 1"}
		if t == app.EventAnswered {
			e.Text = a.Text[:300]
		}
		a.Apply(e)
	}
	return a
}

// fill loads the world as a snapshot of the server.
func fill(s *store.Store, w *world, appeals int) error {
	frames := (appeals + perFrame - 1) / perFrame
	if err := s.BeginLoad(app.Snapshot{Next: "1", Rows: appeals, Frames: make([]app.Frame, frames)}); err != nil {
		return err
	}
	for f := range frames {
		var rows []app.SnapshotRow
		for n := f * perFrame; n < min(appeals, (f+1)*perFrame); n++ {
			rows = append(rows, app.SnapshotRow{Kind: app.RowAppeal, Value: app.Encode(w.appeal(n))})
		}
		take, err := s.ReadFrame(rows)
		if err != nil {
			return err
		}
		if err := take(); err != nil {
			return err
		}
	}
	return nil
}
