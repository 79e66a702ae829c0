package store

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"otklik/app"
)

// The benchmarks of figures work on one generated file that is kept between runs:
//
//	go test -run ^$ -bench Million -timeout 1h ./store
//
// OTKLIK_APPEALS and OTKLIK_PAGES make it smaller.

const millionDays = 1096

func sizeOf(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// formsOf gives made-up words of Russian syllables.
func formsOf(r *rand.Rand, n int) []string {
	parts := strings.Fields("до ро га му сор вы воз по стро ка за лив ре мон та рас пи са ние свет ла ям пе ре кры ша тер ри то рия ос ве ще под езд кот ло ван тру бо про вод ник шко ль сад ик")
	ends := strings.Fields("а ы у ой ами ах ого ему ый ая ое ить ит али ние ния")
	words := make([]string, n)
	for i := range words {
		var b strings.Builder
		for range 2 + r.IntN(3) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		words[i] = b.String() + ends[r.IntN(len(ends))]
	}
	return words
}

// written makes appeals of about 1.3 KB of JSON: n of them, in the order in which
// they were taken in, over three years.
type written struct {
	r     *rand.Rand
	words []string
	n     int
	pages int
}

func newWritten(n, pages int) *written {
	r := rand.New(rand.NewPCG(7, 7))
	return &written{r, formsOf(r, 4_000), n, pages}
}

var millionFirst = time.Date(2023, 11, 25, 0, 0, 0, 0, time.UTC)

func writtenPage(i int) string { return app.IDFrom("page", strconv.Itoa(i)) }

func (w *written) text(words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		// The frequent are few: the distribution of a language.
		b.WriteString(w.words[int(math.Pow(w.r.Float64(), 3)*float64(len(w.words)))])
	}
	return b.String()
}

func (w *written) appeal(i int) *app.Appeal {
	r := w.r
	at := millionFirst.Add(time.Duration(float64(i) / float64(w.n) * millionDays * 24 * float64(time.Hour)))
	at = at.Add(-time.Duration(r.IntN(3*24*3600)) * time.Second).Truncate(time.Second)
	group := r.IntN(26)
	a := &app.Appeal{
		ID: app.IDFrom("million", strconv.Itoa(i)), Number: fmt.Sprintf("И-%d", i), Kind: app.KindIncident,
		Source: app.Sources[r.IntN(len(app.Sources))], Text: w.text(40 + r.IntN(40)), Author: "Житель " + strconv.Itoa(r.IntN(1e6)),
		Place: "ул. " + w.text(1), Municipality: fmt.Sprintf("Район %d", r.IntN(26)), Group: fmt.Sprintf("Группа %d", group),
		Topic: fmt.Sprintf("Тема %d", group*10+r.IntN(10)), Executor: fmt.Sprintf("Ведомство %d", r.IntN(120)),
		Status: app.StatusNew,
	}
	if w.pages > 0 && r.IntN(5) > 0 {
		a.Page = writtenPage(r.IntN(w.pages))
	}
	add := func(e app.Event) {
		e.ID = fmt.Sprintf("%s%d", a.ID, len(a.Events))
		a.Apply(e)
	}
	add(app.Event{Type: app.EventDetected, At: at})
	add(app.Event{Type: app.EventRegistered, At: at.Add(time.Minute)})
	if i > w.n-w.n/50 && r.IntN(2) == 0 {
		return a // of the last weeks; not answered yet
	}
	reply := at.Add(time.Duration(math.Exp(r.NormFloat64()+10)) * time.Second)
	add(app.Event{Type: app.EventAnswered, At: reply, Text: w.text(12 + r.IntN(12)), By: "Оператор " + strconv.Itoa(r.IntN(30))})
	add(app.Event{Type: app.EventClosed, At: reply.Add(time.Hour)})
	return a
}

// fill takes everything in the way a snapshot is, so many rows a frame.
func fill(t testing.TB, s *Store, appeals, pages, rows int) {
	t.Helper()
	w := newWritten(appeals, pages)
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}

	shot := app.Snapshot{Next: "1", Frames: make([]app.Frame, (appeals+rows-1)/rows+(pages+rows-1)/rows+(millionDays+15)/16)}
	if pages == 0 {
		shot.Frames = shot.Frames[:(appeals+rows-1)/rows]
	}
	check(s.BeginLoad(shot))
	frame := make([]app.SnapshotRow, 0, rows)
	send := func() {
		take, err := s.ReadFrame(frame)
		check(err)
		check(take())
		frame = frame[:0]
	}
	row := func(kind app.RowKind, v any) {
		raw, err := json.Marshal(v)
		check(err)
		frame = append(frame, app.SnapshotRow{Kind: kind, Value: raw})
	}
	for i := range pages {
		row(app.RowPage, app.Page{
			ID: writtenPage(i), Name: "Страница " + strconv.Itoa(i), Network: app.Sources[i%4], Link: "https://vk.com/p" + strconv.Itoa(i),
			Municipality: fmt.Sprintf("Район %d", i%26), Founder: "Учреждение " + strconv.Itoa(i/4),
		})
		if len(frame) == rows || i == pages-1 {
			send()
		}
	}
	for i := range appeals {
		row(app.RowAppeal, w.appeal(i))
		if len(frame) == rows || i == appeals-1 {
			send()
		}
	}
	if pages == 0 {
		return
	}
	now := make([]uint32, pages)
	for i := range now {
		now[i] = uint32(math.Exp(5 + 2*w.r.NormFloat64()))
	}
	first := app.DayOf(millionFirst)
	for from := 0; from < millionDays; from += 16 {
		days := make([]app.Counters, min(16, millionDays-from))
		for d := range days {
			counts := make(map[string]uint32, pages)
			for i := range now {
				now[i] = uint32(max(0, int(now[i])+w.r.IntN(int(now[i])/200+7)-2))
				if w.r.IntN(100) > 0 {
					counts[writtenPage(i)] = now[i]
				}
			}
			days[d] = app.Counters{Day: first + app.Day(from+d), Counts: counts}
		}
		row(app.RowCounts, app.NewCountsBlock(days))
		send()
	}
}

// million gives the generated file, made where it is not there yet.
func million(t testing.TB) string {
	t.Helper()
	appeals, pages := sizeOf("OTKLIK_APPEALS", 1_000_000), sizeOf("OTKLIK_PAGES", 55_000)
	path := filepath.Join(os.TempDir(), fmt.Sprintf("otklik-sealed-%d-%d.db", appeals, pages))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	part := path + ".part"
	_ = os.Remove(part) // of a run that was cut off
	s, err := OpenWith(part, testBox(t), testTerms(t), Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	fill(t, s, appeals, pages, 20_000)
	t.Logf("%d appeals and %d pages taken in in %v", appeals, pages, time.Since(begun))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(part, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// anonymous gives the memory of this process that is no mapped file, in MB; 0
// where the system does not tell.
func anonymous() float64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "RssAnon: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}

// watched gives the most anonymous memory until stop is called.
func watched() (stop func() float64) {
	done, most := make(chan struct{}), make(chan float64)
	go func() {
		high := 0.0
		for {
			high = max(high, anonymous())
			select {
			case <-done:
				most <- high
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		close(done)
		return <-most
	}
}

// timed reports the median of what an iteration has taken, by the clock and of the
// processors; the first one finds the file cold and is told apart.
func timed(b *testing.B, f func()) {
	var cost, wall []float64
	for b.Loop() {
		before, begun := spent(), time.Now()
		f()
		wall = append(wall, float64(time.Since(begun).Microseconds())/1000)
		cost = append(cost, float64((spent()-before).Microseconds())/1000)
	}
	b.ReportMetric(wall[0], "ms-first")
	slices.Sort(cost)
	slices.Sort(wall)
	b.ReportMetric(wall[len(wall)/2], "ms-median")
	b.ReportMetric(cost[len(cost)/2], "cpu-ms-median")
}

func openMillion(b *testing.B) *Store {
	b.Helper()
	s, err := Open(million(b), testBox(b), testTerms(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// BenchmarkMillionImport takes everything in once.
func BenchmarkMillionImport(b *testing.B) {
	for b.Loop() {
		s, err := Open(filepath.Join(b.TempDir(), "otklik.db"), testBox(b), testTerms(b))
		if err != nil {
			b.Fatal(err)
		}
		stop := watched()
		fill(b, s, sizeOf("OTKLIK_APPEALS", 1_000_000), 0, 1000)
		b.ReportMetric(stop(), "MB-most")
		debug.FreeOSMemory()
		b.ReportMetric(anonymous(), "MB-after")
		b.ReportMetric(float64(s.Size())/(1<<20), "MB-file")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMillionColdOpen opens the file after the system has forgotten it, and
// reads the first 50 of the queue.
func BenchmarkMillionColdOpen(b *testing.B) {
	path := million(b)
	for b.Loop() {
		b.StopTimer()
		if err := forgotten(path); err != nil {
			b.Skip(err)
		}
		b.StartTimer()
		begun := time.Now()
		s, err := Open(path, testBox(b), testTerms(b))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(begun).Microseconds())/1000, "ms-open")
		found, err := s.Find(app.Query{Queue: app.QueueNeeds, Now: millionFirst.AddDate(3, 0, 0)})
		if err != nil {
			b.Fatal(err)
		}
		for _, record := range found.Records[:min(50, len(found.Records))] {
			if _, err := s.Row(record); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		b.ReportMetric(anonymous(), "MB-opened")
		debug.FreeOSMemory()
		b.ReportMetric(anonymous(), "MB-rest")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkMillionDashboard computes all that the screen of figures shows, for a
// year, and the figures of all time.
func BenchmarkMillionDashboard(b *testing.B) {
	s := openMillion(b)
	region, err := app.LoadRegion([]byte(`{"zone": "Europe/Moscow", "goal_hours": 9}`), []byte("[]"))
	if err != nil {
		b.Fatal(err)
	}
	last := app.DayOf(millionFirst) + millionDays - 1
	d := app.NewDesk(app.Outside{
		Store: s, Region: region, Terms: testTerms(b), Now: func() time.Time { return last.In(region.Location()) },
	})
	year := app.Period{From: last - 364, To: last}
	for _, f := range []struct {
		name   string
		filter app.Filter
	}{
		{"all", app.Filter{}},
		{"place", app.Filter{Municipalities: []string{"Район 3"}}},
		{"group", app.Filter{Groups: []string{"Группа 1"}}},
		{"network and kind", app.Filter{Networks: app.Sources[2:3], Kinds: app.Kinds[:1]}},
		{"source and groups", app.Filter{Sources: app.Sources[:1], Groups: []string{"Группа 1", "Группа 2", "Группа 3"}}},
		{"page", app.Filter{Page: writtenPage(77)}},
	} {
		b.Run(f.name, func(b *testing.B) {
			i := 0
			timed(b, func() {
				i++ // another year each time: what is said of pages is kept
				year := app.Period{From: year.From - app.Day(i%2), To: year.To - app.Day(i%2)}
				a, err := d.Analytics(app.Inquiry{Period: year, Filter: f.filter})
				if err != nil || a.Now.Appeals == 0 || len(a.Unanswered) < 10 || a.Audience.Known && a.Audience.Before == nil {
					b.Fatal(err)
				}
			})
		})
	}
	b.Run("one group after another", func(b *testing.B) {
		i := 0
		timed(b, func() {
			i++
			f := app.Filter{Groups: []string{fmt.Sprintf("Группа %d", i%26)}}
			if _, err := d.Analytics(app.Inquiry{Period: year, Filter: f}); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("all after a group", func(b *testing.B) {
		timed(b, func() {
			if _, err := d.Analytics(app.Inquiry{Period: year}); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("three years", func(b *testing.B) {
		timed(b, func() {
			if _, err := d.Analytics(app.Inquiry{Period: app.Period{From: last - millionDays + 1, To: last}}); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("stats", func(b *testing.B) {
		timed(b, func() {
			if _, err := d.Stats(app.Period{}, app.Filter{}); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("top growth", func(b *testing.B) {
		timed(b, func() {
			top, err := d.TopGrowth(year, app.Filter{}, 100)
			if err != nil || len(top) != 100 {
				b.Fatal(len(top), err)
			}
		})
	})
}

// BenchmarkMillionGrowth reads the three years of one page.
func BenchmarkMillionGrowth(b *testing.B) {
	s := openMillion(b)
	pages := sizeOf("OTKLIK_PAGES", 55_000)
	i := 0
	timed(b, func() {
		i = (i + 7919) % pages
		series, err := s.Series(writtenPage(i))
		if err != nil || len(series.Values) != millionDays {
			b.Fatal(len(series.Values), err)
		}
	})
}

// BenchmarkMillionDay writes the counts of all pages on a day.
func BenchmarkMillionDay(b *testing.B) {
	s := openMillion(b)
	_, last, _, err := s.Days()
	if err != nil {
		b.Fatal(err)
	}
	column, err := s.Latest(last, 30)
	if err != nil {
		b.Fatal(err)
	}
	timed(b, func() {
		for i := range column {
			column[i]++
		}
		if err := s.update(func(t *tx) error { return t.putDay(last, column) }); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkMillionWrite commits one event of an operator.
func BenchmarkMillionWrite(b *testing.B) {
	s := openMillion(b)
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	n := sizeOf("OTKLIK_APPEALS", 1_000_000)
	for b.Loop() {
		b.StopTimer()
		a, err := s.AppealAt(1 + r.Uint64N(uint64(n)))
		if err != nil {
			b.Fatal(err)
		}
		at := time.Now().UTC()
		id := app.IDFrom("write", strconv.FormatInt(at.UnixNano(), 10))
		op := app.Op{
			ID: id, Ent: a.ID, Kind: app.OpEvent, At: at, Schema: app.Schema,
			Payload: app.Encode(app.Event{ID: id, Type: app.EventReopened, At: at}),
		}
		b.StartTimer()
		if err := s.Perform([]app.Op{op}); err != nil {
			b.Fatal(err)
		}
	}
}
