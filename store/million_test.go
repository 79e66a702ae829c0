package store

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"otklik/app"
)

// invented gives words that are spread as those of a language are: few of them
// often, a quarter of a million forms in all.
type invented struct {
	rnd   *rand.Rand
	zipf  *rand.Zipf
	roots []string
}

func newInvented(seed uint64) *invented {
	g := &invented{rnd: rand.New(rand.NewPCG(1, 1))}
	syllables := strings.Fields("до ро га ма ши на ре мо сто ли ца ве тер по ле ста ра ко ло дец за бо та пе ре хо жи тель у ли")
	for range 20_000 {
		word := ""
		for range 2 + g.rnd.IntN(3) {
			word += syllables[g.rnd.IntN(len(syllables))]
		}
		g.roots = append(g.roots, word+string([]rune("бвгджзклмнпрст")[g.rnd.IntN(14)]))
	}
	g.rnd = rand.New(rand.NewPCG(seed, 2)) // the words are the same for all
	g.zipf = rand.NewZipf(g.rnd, 1.15, 12, uint64(len(g.roots)-1))
	return g
}

var endings = strings.Fields("а у е ой ы ам ами ах ный ного ному ть л")

func (g *invented) word() string {
	return g.roots[g.zipf.Uint64()] + endings[g.rnd.IntN(len(endings))]
}

func (g *invented) text(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(g.word())
		b.WriteByte(' ')
	}
	return b.String()
}

func (g *invented) appeal(n int) app.Appeal {
	pick := func(name string, of int) string { return name + " " + strconv.Itoa(g.rnd.IntN(of)) }
	at := day0.Add(time.Duration(n-1_000_000) * time.Minute)
	status := app.StatusClosed
	switch g.rnd.IntN(20) {
	case 0:
		status = app.StatusNew
	case 1:
		status = app.StatusInProgress
	case 2:
		status = app.StatusApproval
	}
	id := fmt.Sprintf("01A%023d", n)
	return app.Appeal{
		ID: id, Number: fmt.Sprintf("2026-%06d", n), Kind: app.KindIncident, External: strconv.Itoa(10_000_000 + g.rnd.IntN(89_999_999)),
		Source: app.Sources[g.rnd.IntN(len(app.Sources))], Title: g.text(5), Text: g.text(75), Place: g.text(3),
		Municipality: pick("Округ", 26), Group: pick("Группа", 26), Topic: pick("Тема", 300), Executor: pick("Орган", 200),
		Assignee: pick("Оператор", 60), Status: status,
		Events: []app.Event{
			{ID: "D" + id[1:], Type: app.EventDetected, At: at},
			{ID: "R" + id[1:], Type: app.EventRouted, At: at.Add(time.Hour), Target: "Орган"},
			{ID: "S" + id[1:], Type: app.EventStarted, At: at.Add(time.Duration(2+g.rnd.IntN(100)) * time.Hour), By: "Оператор"},
		},
	}
}

// TestMillion measures the index over a million appeals, or OTKLIK_MILLION of them,
// in a file that is kept at OTKLIK_MILLION_FILE and made where it is not there.
func TestMillion(t *testing.T) {
	count, _ := strconv.Atoi(os.Getenv("OTKLIK_MILLION"))
	if count == 0 {
		t.Skip("OTKLIK_MILLION is not set")
	}
	path := os.Getenv("OTKLIK_MILLION_FILE")
	if path == "" {
		path = filepath.Join(t.TempDir(), "otklik.db")
	}
	_, err := os.Stat(path)
	began := time.Now()
	s := must[*Store](t)(OpenWith(path, testBox(t), testTerms(t), Options{NoSync: true}))
	defer s.Close()
	t.Logf("open %v", time.Since(began).Round(time.Millisecond))
	if err != nil {
		importMillion(t, s, count, newInvented(1).appeal)
	}
	began = time.Now()
	if os.Getenv("OTKLIK_REINDEX") != "" {
		used := spent()
		do(t, s.Reindex(t.Context(), nil))
		t.Logf("reindex %v, processor %v", time.Since(began).Round(time.Millisecond), (spent() - used).Round(time.Millisecond))
	}
	g := newInvented(7)
	rare := func() string { return g.roots[g.rnd.IntN(len(g.roots))] + "ами" }
	memory(t)
	for _, one := range []struct {
		name string
		ask  func() app.Query
	}{
		{"archive", func() app.Query { return app.Query{Queue: app.QueueArchive} }},
		{"needs", func() app.Query { return app.Query{Queue: app.QueueNeeds} }},
		{"archive by due", func() app.Query { return app.Query{Queue: app.QueueArchive, Order: app.OrderDue} }},
		{"filtered", func() app.Query {
			return app.Query{Queue: app.Queues[g.rnd.IntN(len(app.Queues))], Me: "Оператор 1", Filter: app.Filter{
				Sources: []app.Source{app.Sources[g.rnd.IntN(8)]}, Groups: []string{fmt.Sprint("Группа ", g.rnd.IntN(26))},
			}}
		}},
		{"one word", func() app.Query { return app.Query{Queue: app.QueueArchive, Words: g.word() + " "} }},
		{"two words", func() app.Query { return app.Query{Queue: app.QueueArchive, Words: g.word() + " " + g.word() + " "} }},
		{"three words", func() app.Query {
			return app.Query{Queue: app.QueueArchive, Words: g.word() + " " + g.word() + " " + g.word() + " "}
		}},
		{"most frequent", func() app.Query {
			return app.Query{Queue: app.QueueArchive, Words: g.roots[0] + "а " + g.roots[1] + "а "}
		}},
		{"rare word", func() app.Query { return app.Query{Queue: app.QueueArchive, Words: rare() + " "} }},
		{"typing 2", func() app.Query { return app.Query{Queue: app.QueueArchive, Words: string([]rune(g.word())[:2])} }},
		{"typing 3", func() app.Query { return app.Query{Queue: app.QueueArchive, Words: string([]rune(g.word())[:3])} }},
		{"typing 5", func() app.Query { return app.Query{Queue: app.QueueArchive, Words: string([]rune(g.word())[:5])} }},
		{"number", func() app.Query {
			return app.Query{Queue: app.QueueArchive, Words: fmt.Sprintf("№ 2026-%06d", g.rnd.IntN(count))}
		}},
		{"start of a number", func() app.Query {
			return app.Query{Queue: app.QueueArchive, Words: fmt.Sprintf("2026-%06d", g.rnd.IntN(count))[:9]}
		}},
		{"without a word", func() app.Query { return app.Query{Queue: app.QueueArchive, Words: "-" + g.word()} }},
		{"phrase", func() app.Query {
			return app.Query{Queue: app.QueueArchive, Words: `"` + g.word() + " " + g.word() + `"`}
		}},
	} {
		if only := os.Getenv("OTKLIK_ONLY"); !strings.HasPrefix(one.name, only) {
			continue
		}
		var times []time.Duration
		total, first, used := 0, time.Duration(0), spent()
		for i := range 60 {
			q := one.ask()
			q.Now = day0
			began := time.Now()
			f := must[app.Found](t)(s.Find(q))
			if took := time.Since(began); i == 0 {
				first = took
			} else {
				times = append(times, took)
			}
			total += f.Total
		}
		slices.Sort(times)
		used = (spent() - used) / 60
		t.Logf("%-18s first %8v  least %8v  median %8v  p99 %8v  processor %8v  found %d", one.name, first.Round(10*time.Microsecond),
			times[0].Round(10*time.Microsecond), times[len(times)/2].Round(10*time.Microsecond),
			times[len(times)-1].Round(10*time.Microsecond), used.Round(10*time.Microsecond), total/60)
	}
	memory(t)
	var times, lists []time.Duration
	used := time.Duration(0)
	for i := range 50 {
		a := app.Appeal{ID: fmt.Sprintf("01A%023d", 1+g.rnd.IntN(count-1))}
		op := app.Op{ID: app.IDFrom("amend", fmt.Sprint(i, time.Now())), Ent: a.ID, Kind: app.OpAmend, At: day0, Payload: app.Encode(
			app.Amendment{Fields: app.Appeal{Text: g.text(80)}})}
		began := time.Now()
		do(t, s.Perform([]app.Op{op}))
		times = append(times, time.Since(began))
		began, used = time.Now(), used-spent()
		must[app.Found](t)(s.Find(app.Query{Queue: app.QueueArchive, Now: day0}))
		used += spent()
		lists = append(lists, time.Since(began))
	}
	slices.Sort(times)
	slices.Sort(lists)
	t.Logf("list after a write: median %v, most %v, processor %v", lists[25], lists[49], used/50)
	t.Logf("a text rewritten (no sync): median %v, most %v", times[25], times[49])
}

func importMillion(t *testing.T, s *Store, count int, invent func(n int) app.Appeal) {
	var frames []app.Frame
	for range (count + 999) / 1000 {
		frames = append(frames, app.Frame{})
	}
	do(t, s.BeginLoad(app.Snapshot{Frames: frames, Next: "e.all.1"}))
	var making, reading, taking, worst, used time.Duration
	for at := 0; at < count; at += 1000 {
		began := time.Now()
		rows := make([]app.SnapshotRow, 0, 1000)
		for n := at; n < min(at+1000, count); n++ {
			raw, _ := json.Marshal(invent(n))
			rows = append(rows, app.SnapshotRow{Kind: app.RowAppeal, Value: raw})
		}
		made, before := time.Now(), spent()
		take := must[func() error](t)(s.ReadFrame(rows))
		read := time.Now()
		do(t, take())
		making, reading, taking = making+made.Sub(began), reading+read.Sub(made), taking+time.Since(read)
		worst, used = max(worst, time.Since(read)), used+spent()-before
	}
	t.Logf("import: making %v, reading %v, taking %v (worst %v), processor %v", making.Round(time.Millisecond), reading.Round(time.Millisecond), taking.Round(time.Millisecond), worst, used.Round(time.Millisecond))
	memory(t)
	do(t, s.view(func(tx reader) error {
		for _, name := range buckets {
			st := tx.Bucket(name).Bucket.Stats()
			if st.LeafInuse > 1<<20 {
				t.Logf("%-10s %9d keys, leaves %5d MB, overflow %5d MB", name, st.KeyN, st.LeafAlloc>>20, st.LeafOverflowN*16>>10)
			}
		}
		t.Logf("file %d MB, %d forms", tx.Size()>>20, len(s.stems.known))
		return nil
	}))
}

func memory(t *testing.T) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("heap in use %d MB, of the system %d MB", m.HeapInuse>>20, m.Sys>>20)
}
