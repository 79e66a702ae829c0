package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"otklik/app"
)

// A child is one engine in a process of its own, so that neither memory nor caches
// mix. It prints what it has measured as JSON.

// The questions.
const (
	list    = "list"
	search  = "search"
	bare    = "found" // the same without the rows
	unheard = "first" // and asked for the first time
	curve   = "series"
	highest = "top"
	figures = "dashboard"
	action  = "act"
	opening = "cold"
)

// measured is what a child tells.
type measured struct {
	Times map[string][]float64 `json:"times,omitempty"` // milliseconds
	Rates map[string]float64   `json:"rates,omitempty"` // rows a second
	Bytes map[string]int64     `json:"bytes,omitempty"`
	Wrong []string             `json:"wrong,omitempty"` // answers that are not the plain scan's
}

func newMeasured() *measured {
	return &measured{Times: map[string][]float64{}, Rates: map[string]float64{}, Bytes: map[string]int64{}}
}

// job is what a child is started for.
type job struct {
	name   string // import, spreadsheet, cold, ask, act
	peer   string
	folder string // of the peer
	source string
	round  int // of so many
	rounds int
	check  bool // compare every answer with the plain scan's
	rows   int  // of a spreadsheet
}

func (j job) run() (*measured, error) {
	w, err := tables()
	if err != nil {
		return nil, err
	}
	w.folder = j.folder
	for _, p := range peers {
		if p.name != j.peer {
			continue
		}
		m := newMeasured()
		switch j.name {
		case "import":
			return m, j.load(m, w, p.open)
		case "spreadsheet":
			return m, j.spreadsheet(m, w, p.open)
		case "cold":
			return m, j.cold(m, w, p.open)
		case "ask":
			return m, j.ask(m, w, p)
		case "act":
			return m, j.act(m, w, p.open)
		}
	}
	return nil, fmt.Errorf("no job %q of %q", j.name, j.peer)
}

type opener func(place) (peer, error)

// watch follows the anonymous memory of this process until it is stopped.
func watch() (stop func() (peak int64)) {
	var peak atomic.Int64
	done := make(chan struct{})
	go func() {
		for {
			peak.Store(max(peak.Load(), anonymous()))
			select {
			case <-done:
				close(done)
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() int64 {
		done <- struct{}{}
		return peak.Load()
	}
}

// anonymous is the memory of this process that no file stands behind, in bytes.
func anonymous() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if f := bytes.Fields(line); len(f) == 3 && string(f[0]) == "RssAnon:" {
			kb, _ := strconv.ParseInt(string(f[1]), 10, 64)
			return kb << 10
		}
	}
	return 0
}

// load takes the snapshot in: while a frame is being written the next is read. The
// clock runs from rows in memory to all of a kind being on disk.
func (j job) load(m *measured, w place, open opener) error {
	source, err := openSource(j.source)
	if err != nil {
		return err
	}
	peak := watch()
	p, err := open(w)
	if err != nil {
		return err
	}
	if err := p.Begin(source.shot); err != nil {
		return err
	}
	var kind app.RowKind // of what is being taken
	var clock time.Duration
	nothing := func() error { return nil }
	rows, take := 0, nothing
	settle := func() error {
		began := time.Now()
		if err := errors.Join(take(), p.Settle()); err != nil {
			return err
		}
		clock += time.Since(began)
		if rows > 0 {
			m.Times["load "+string(kind)] = []float64{clock.Seconds()}
			m.Rates[string(kind)] = float64(rows) / clock.Seconds()
			m.Bytes["file "+string(kind)] = size(j.folder)
		}
		clock, rows, take = 0, 0, nothing
		return nil
	}
	for {
		next, err := source.rows()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if next[0].Kind != kind {
			if err := settle(); err != nil {
				return err
			}
			kind = next[0].Kind
		}
		began := time.Now()
		taken := make(chan error, 1)
		go func() { taken <- take() }()
		ready, err := p.Read(next)
		if err := errors.Join(err, <-taken); err != nil {
			return err
		}
		clock += time.Since(began)
		if take = ready; take == nil {
			take = nothing
			continue
		}
		rows += len(next)
	}
	if err := settle(); err != nil {
		return err
	}
	m.Bytes["peak"] = peak()
	if t, ok := p.(tidier); ok {
		began := time.Now()
		if err := t.Tidy(); err != nil {
			return err
		}
		m.Times["tidy"] = []float64{time.Since(began).Seconds()}
	}
	if err := p.Close(); err != nil {
		return err
	}
	m.Bytes["file"] = size(j.folder)
	return nil
}

// spreadsheet takes appeals in as the import of a spreadsheet does.
func (j job) spreadsheet(m *measured, w place, open opener) error {
	source, err := openSource(j.source)
	if err != nil {
		return err
	}
	p, err := open(w)
	if err != nil {
		return err
	}
	var rows []app.BatchRow
	for len(rows) < j.rows {
		next, err := source.rows()
		if err != nil {
			return err
		}
		for _, r := range next {
			if r.Kind == app.RowAppeal && len(rows) < j.rows {
				a, err := app.Decode[app.Appeal](r.Value)
				if err != nil {
					return err
				}
				rows = append(rows, app.BatchRow{Line: len(rows) + 2, Appeal: &a})
			}
		}
	}
	began := time.Now()
	if err := p.(interface{ Import([]app.BatchRow) error }).Import(rows); err != nil {
		return err
	}
	m.Rates["spreadsheet"] = float64(len(rows)) / time.Since(began).Seconds()
	return p.Close()
}

// cold opens what no page of is in memory, and shows the first list.
func (j job) cold(m *measured, w place, open opener) error {
	var q questions
	if err := readJSON(filepath.Join(j.source, questionFile), &q); err != nil {
		return err
	}
	began := time.Now()
	p, err := open(w)
	if err != nil {
		return err
	}
	if _, err := find(p, q.Lists[0].question, func() {}); err != nil {
		return err
	}
	m.time(opening, time.Since(began))
	return p.Close()
}

// budget is how long one question is measured in a round, where it is slow.
const budget = 8 * time.Second

// ask asks everything, first to warm up and to compare, then by the clock.
func (j job) ask(m *measured, w place, e engine) error {
	var q questions
	if err := readJSON(filepath.Join(j.source, questionFile), &q); err != nil {
		return err
	}
	p, err := e.open(w)
	if err != nil {
		return err
	}
	j.check = j.check && !e.loose
	var found time.Time // by the last search, before its rows were read
	for _, of := range []struct {
		name string
		n    int
		ask  func(i int) (got, want any, err error)
	}{
		{list, len(q.Lists), func(i int) (any, any, error) {
			a, err := find(p, q.Lists[i].question, func() {})
			return a, q.Lists[i].Want, err
		}},
		{search, len(q.Searches), func(i int) (any, any, error) {
			a, err := find(p, q.Searches[i].question, func() { found = time.Now() })
			return a, q.Searches[i].Want, err
		}},
		{curve, len(q.Series), func(i int) (any, any, error) { a, err := p.Series(q.Series[i].Page); return a, q.Series[i].Want, err }},
		{highest, 20, func(int) (any, any, error) { a, err := p.Top(topOf, q.Top.From, q.Top.To); return a, q.Top.Want, err }},
		{figures, len(q.Dashboards), func(i int) (any, any, error) {
			a, err := p.Dashboard(q.Dashboards[i].Period, q.Dashboards[i].Municipality)
			return a, q.Dashboards[i].Want, err
		}},
	} {
		began := time.Now()
		for i := range of.n {
			if !j.check && i >= 5 && time.Since(began) > budget {
				break
			}
			one := time.Now()
			got, want, err := of.ask(i)
			if errors.Is(err, errors.ErrUnsupported) {
				of.n = 0
				break
			}
			if err != nil {
				return fmt.Errorf("%s: %w", of.name, err)
			}
			if j.check && !reflect.DeepEqual(got, want) {
				m.Wrong = append(m.Wrong, fmt.Sprintf("%s %d: %s", of.name, i, firstDifference(got, want)))
			}
			if of.name == search {
				m.time(unheard, found.Sub(one))
			}
		}
		began = time.Now()
		for i := range of.n {
			if i >= 5 && time.Since(began) > budget {
				break
			}
			one := time.Now()
			if _, _, err := of.ask(i); err != nil {
				return err
			}
			m.time(of.name, time.Since(one))
			if of.name == search {
				m.time(bare, found.Sub(one))
				m.time(fmt.Sprint(bare, " ", i%3+1), found.Sub(one))
			}
		}
	}
	// At rest: everything was asked, and the minutes have passed after which Go has
	// given back what it does not use.
	debug.FreeOSMemory()
	time.Sleep(time.Second)
	m.Bytes["rest"] = anonymous()
	return p.Close()
}

// firstDifference shows where two answers part.
func firstDifference(got, want any) string {
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	from := max(0, i-60)
	return fmt.Sprintf("…%s… is not …%s…", a[from:min(len(a), i+60)], b[from:min(len(b), i+60)])
}

// act does what operators do in this round.
func (j job) act(m *measured, w place, open opener) error {
	var q questions
	if err := readJSON(filepath.Join(j.source, questionFile), &q); err != nil {
		return err
	}
	p, err := open(w)
	if err != nil {
		return err
	}
	mine := q.Acts[len(q.Acts)*j.round/j.rounds : len(q.Acts)*(j.round+1)/j.rounds]
	for _, a := range mine {
		began := time.Now()
		err := p.Act(a.Appeal, a.Event)
		if errors.Is(err, errors.ErrUnsupported) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", a.Event.Type, err)
		}
		m.time(action, time.Since(began))
	}
	return p.Close()
}

func (m *measured) time(name string, took time.Duration) {
	m.Times[name] = append(m.Times[name], float64(took)/float64(time.Millisecond))
}

// size of all files in a folder.
func size(folder string) (bytes int64) {
	_ = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				bytes += info.Size()
			}
		}
		return nil
	})
	return bytes
}
