// Command store measures the store of the program beside SQLite, through both its
// drivers, and bleve: the same generated appeals, pages and counts go into each, and
// each is asked the same questions, whose answers have to be those of a plain scan.
// It prints what docs/benchmarks.md says: the words of preface.md around the table.
//
//	store [-appeals 1000000] [-pages 55000] [-days 1096] [-dir FOLDER] [-write FILE]
//
// It has to be built with the tag sqlite_fts5.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"otklik/assets"
)

// questionFile stands beside the source.
const questionFile = "questions.json"

// Rounds in which the engines take turns.
const (
	rounds = 3
	colds  = 5
)

// sheetRows are taken in as from a spreadsheet.
const sheetRows = 50_000

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	appeals := flag.Int("appeals", 1_000_000, "how many appeals")
	pages := flag.Int("pages", 0, "how many pages; 0: 55 for every thousand appeals")
	days := flag.Int("days", 1096, "how many days of counts and of appeals")
	seed := flag.Uint64("seed", 1, "everything follows from it")
	dir := flag.String("dir", "", "where the databases are made and removed; none: the folder of temporary files")
	keep := flag.Bool("keep", false, "leave the databases, and go on from those that are there")
	only := flag.String("peers", "", "the engines to compare, with commas between; none: all")
	write := flag.String("write", "", "the file all is written to, too")
	var j job
	flag.StringVar(&j.name, "job", "", "what this process measures, for one started by another")
	flag.StringVar(&j.peer, "peer", "", "of which engine")
	flag.StringVar(&j.folder, "folder", "", "where its database is")
	flag.StringVar(&j.source, "source", "", "where the source is")
	flag.IntVar(&j.round, "round", 0, "")
	flag.IntVar(&j.rounds, "rounds", 1, "")
	flag.IntVar(&j.rows, "rows", 0, "")
	flag.BoolVar(&j.check, "check", false, "")
	flag.Parse()
	if j.name != "" {
		m, err := j.run()
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(m)
	}
	w, err := newWorld(*seed, *appeals, cmp.Or(*pages, max(1, *appeals*55/1000)), *days)
	if err != nil {
		return err
	}
	if *only != "" {
		peers = slices.DeleteFunc(peers, func(p engine) bool { return !slices.Contains(strings.Split(*only, ","), p.name) })
	}
	b := &bench{world: w, of: map[string]*measured{}}
	if b.dir, err = filepath.Abs(*dir); err != nil {
		return err
	}
	if !*keep {
		if b.dir, err = os.MkdirTemp(*dir, "otklik-store-"); err != nil {
			return err
		}
		defer os.RemoveAll(b.dir)
	}
	if err := b.measure(); err != nil {
		return err
	}
	if err := b.report(*write); err != nil {
		return err
	}
	if b.failed() {
		return errors.New("answers differ: there is nothing to compare")
	}
	return nil
}

// tables are what every engine is opened with.
func tables() (place, error) {
	region, terms, err := assets.Region()
	return place{region: region, terms: terms, now: endOf(region)}, err
}

// bench is one run.
type bench struct {
	world *world
	dir   string
	of    map[string]*measured // by engine
	began time.Time
}

func (b *bench) source() string { return filepath.Join(b.dir, "source") }

func (b *bench) folder(peer string) string { return filepath.Join(b.dir, peer) }

func (b *bench) measure() error {
	b.began = time.Now()
	if err := b.generate(); err != nil {
		return err
	}
	for _, p := range peers {
		b.of[p.name] = newMeasured()
		if saved := filepath.Join(b.folder(p.name) + ".json"); readJSON(saved, b.of[p.name]) != nil {
			if err := os.Mkdir(b.folder(p.name), 0o700); err != nil {
				return err
			}
			if err := b.child(job{name: "import", peer: p.name}); err != nil {
				return err
			}
			if p.loose { // it has taken in the words alone
				b.of[p.name] = newMeasured()
			}
			if err := writeJSON(saved, b.of[p.name]); err != nil {
				return err
			}
		}
	}
	sheet := job{name: "spreadsheet", peer: peers[0].name, folder: b.folder("sheet"), rows: min(sheetRows, b.world.appeals)}
	err := b.child(sheet)
	if err := os.RemoveAll(sheet.folder); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	for range colds {
		for _, p := range peers {
			if p.loose {
				continue
			}
			if err := dropCaches(b.folder(p.name)); err != nil {
				return err
			}
			if err := b.child(job{name: "cold", peer: p.name}); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{"ask", "act"} {
		for round := range rounds {
			for _, p := range peers {
				if err := b.child(job{name: name, peer: p.name, round: round, rounds: rounds, check: round == 0}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (b *bench) generate() error {
	if _, err := os.Stat(filepath.Join(b.source(), questionFile)); err == nil {
		return nil
	}
	if err := os.MkdirAll(b.source(), 0o700); err != nil {
		return err
	}
	p := newPlain(b.world)
	if err := b.world.writeSource(b.source(), p.seen, p.counted); err != nil {
		return err
	}
	p.answer()
	b.say("generated")
	return writeJSON(filepath.Join(b.source(), questionFile), p.questions)
}

func (b *bench) say(what string) {
	fmt.Fprintf(os.Stderr, "%6.0f s  %s\n", time.Since(b.began).Seconds(), what)
}

// child runs a job in a process of its own and adds what it has measured.
func (b *bench) child(j job) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if j.folder == "" {
		j.folder = b.folder(j.peer)
	}
	cmd := exec.Command(self, "-job", j.name, "-peer", j.peer, "-folder", j.folder, "-source", b.source(),
		"-round", fmt.Sprint(j.round), "-rounds", fmt.Sprint(max(j.rounds, 1)), "-rows", fmt.Sprint(j.rows), fmt.Sprintf("-check=%t", j.check))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s of %s: %w", j.name, j.peer, err)
	}
	m := newMeasured()
	if err := json.Unmarshal(out, m); err != nil {
		return err
	}
	b.of[j.peer].add(m)
	b.say(fmt.Sprintf("%s of %s, %.1f s of the processors", j.name, j.peer, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()))
	for _, wrong := range m.Wrong {
		fmt.Fprintln(os.Stderr, wrong)
	}
	return nil
}

// add takes over what another process has measured.
func (m *measured) add(n *measured) {
	for k, v := range n.Times {
		m.Times[k] = append(m.Times[k], v...)
	}
	for k, v := range n.Rates {
		m.Rates[k] = v
	}
	for k, v := range n.Bytes {
		m.Bytes[k] = max(m.Bytes[k], v)
	}
	m.Wrong = append(m.Wrong, n.Wrong...)
}
