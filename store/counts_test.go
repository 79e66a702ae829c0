package store

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"otklik/app"
)

func TestRunsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]uint32{0, 1, 255, 70_000, math.MaxUint32}).Draw(t, "most")
		v := rapid.SliceOfN(rapid.OneOf(rapid.Uint32Range(0, most), rapid.Just(uint32(0))), 0, 600).Draw(t, "numbers")
		b := append(packRun([]byte{9}, v), make([]byte, padding)...)
		back := make([]uint32, len(v))
		rest, err := unpackRun(b[1:], back)
		if err != nil || len(rest) != padding || !slices.Equal(back, v) {
			t.Fatalf("%v came back as %v, %d bytes left, %v", v, back, len(rest), err)
		}
		cut := rapid.IntRange(1, len(b)-1).Draw(t, "cut")
		if _, err := unpackRun(b[1:cut], back); err == nil {
			t.Fatalf("a run cut to %d of %d bytes was read", cut, len(b))
		}
	})
}

// TestCountsAgreeWithAPlainScan writes days old and new, whole and in part, takes
// days away, and compares every way of reading with a scan over all counts.
func TestCountsAgreeWithAPlainScan(t *testing.T) {
	const pages = 3*tilePages - 100
	box := testBox(t)
	id := func(i int) string { return fmt.Sprintf("p%d", i) }
	rapid.Check(t, func(t *rapid.T) {
		path := filepath.Join(tempDir(t), "otklik.db")
		reopen := func() *Store {
			s, err := OpenWith(path, box, app.Terms{}, Options{NoSync: true})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		s := reopen()
		defer func() { _ = s.Close() }()
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.update(func(t *tx) error {
			for i := range pages {
				if err := t.putPage(app.Page{ID: id(i), Network: app.SourceVK}); err != nil {
					return err
				}
			}
			return nil
		}))
		days := map[app.Day]map[string]uint32{}
		first := app.Day(rapid.IntRange(-40, 40).Draw(t, "first"))
		day := rapid.Custom(func(t *rapid.T) app.Day { return first + app.Day(rapid.IntRange(0, 3*tileDays).Draw(t, "day")) })
		count := rapid.OneOf(rapid.Uint32Range(0, 2000), rapid.Uint32Range(0, app.Missing-1))
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			d := day.Draw(t, "d")
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0: // a day goes
				delete(days, d)
				must(s.update(func(t *tx) error { return t.showDay(d, nil) }))
			case 1: // a whole day comes instead
				base := count.Draw(t, "base")
				step := rapid.IntRange(1, 5).Draw(t, "step")
				fresh := map[string]uint32{}
				for i := 0; i < pages; i += step {
					fresh[id(i)] = min(base, math.MaxUint32-pages-1) + uint32(i%7)
				}
				days[d] = fresh
				must(s.update(func(t *tx) error {
					column, err := t.merge(nil, app.Counters{Day: d, Counts: fresh})
					if err != nil {
						return err
					}
					return t.showDay(d, column)
				}))
			default: // some pages are counted
				fresh := map[string]uint32{}
				for range rapid.IntRange(1, 5).Draw(t, "n") {
					fresh[id(rapid.IntRange(0, pages-1).Draw(t, "page"))] = count.Draw(t, "count")
				}
				if days[d] == nil {
					days[d] = map[string]uint32{}
				}
				maps.Copy(days[d], fresh)
				must(s.update(func(t *tx) error {
					column, err := t.day(d)
					if err == nil {
						column, err = t.merge(column, app.Counters{Day: d, Counts: fresh})
					}
					if err != nil {
						return err
					}
					return t.putDay(d, column)
				}))
			}
		}
		if rapid.Bool().Draw(t, "reopened") {
			must(s.Close())
			s = reopen()
		}
		report, err := s.Check()
		must(err)
		if len(report.Problems) > 0 || report.Days != len(days) {
			t.Fatal(report)
		}
		compareCounts(t, s, days, id, pages, day)
	})
}

func tempDir(t *rapid.T) string {
	dir, err := os.MkdirTemp("", "otklik")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func compareCounts(t *rapid.T, s *Store, days map[app.Day]map[string]uint32, id func(int) string, pages int, day *rapid.Generator[app.Day]) {
	at := func(i int, d app.Day) uint32 {
		if n, ok := days[d][id(i)]; ok {
			return n
		}
		return app.Missing
	}
	sorted := slices.Sorted(maps.Keys(days))
	first, last, ok, err := s.Days()
	if err != nil || ok != (len(days) > 0) || ok && (first != sorted[0] || last != sorted[len(sorted)-1]) {
		t.Fatalf("days %d to %d, %v, %v; want %v", first, last, ok, err, sorted)
	}
	for range 5 {
		i := rapid.IntRange(0, pages-1).Draw(t, "page")
		series, err := s.Series(id(i))
		if err != nil || len(days) > 0 && (series.First != first || len(series.Values) != int(last-first)+1) {
			t.Fatalf("series %v, %v", series, err)
		}
		for j, got := range series.Values {
			if want := at(i, first+app.Day(j)); got != want {
				t.Fatalf("page %d, day %d: %d, want %d", i, first+app.Day(j), got, want)
			}
		}
	}
	from, to := day.Draw(t, "from"), day.Draw(t, "to")
	all, err := s.Columns(from, to)
	if err != nil {
		t.Fatal(err)
	}
	for i := range pages {
		var want []uint32
		counted := false
		for d := from; d <= to; d++ {
			want = append(want, at(i, d))
			counted = counted || at(i, d) != app.Missing
		}
		if got := all[id(i)].Values; counted && !slices.Equal(got, want) || !counted && got != nil {
			t.Fatalf("page %d from %d to %d: %v, want %v", i, from, to, got, want)
		}
	}
	numbers, rows := make([]uint32, pages), map[uint32]int{}
	for i := range pages {
		n, known, err := s.PageNumber(id(i))
		if err != nil || !known {
			t.Fatal(err)
		}
		numbers[i], rows[n] = n, i
	}
	compareTotals(t, s, from, to, numbers, func(n uint32, d app.Day) uint32 { return at(rows[n], d) })
	within := rapid.IntRange(0, 40).Draw(t, "within")
	latest, err := s.Latest(to, within)
	if err != nil {
		t.Fatal(err)
	}
	for i := range pages {
		want := app.Missing
		for d := to; d >= to-app.Day(within) && want == app.Missing; d-- {
			want = at(i, d)
		}
		got := app.Missing
		if n := numbers[i]; int(n) < len(latest) {
			got = latest[n]
		}
		if got != want {
			t.Fatalf("page %d, last at %d within %d days: %d, want %d", i, to, within, got, want)
		}
	}
}

// compareTotals adds up count by count.
func compareTotals(t *rapid.T, s *Store, from, to app.Day, pages []uint32, at func(page uint32, d app.Day) uint32) {
	before := rapid.IntRange(0, 2*tileDays+1).Draw(t, "before")
	const groups = 3
	group := func(page uint32) int { return int(page%(groups+1)) - 1 }
	got, err := s.Totals(from, to, before, groups, group)
	if err != nil {
		t.Fatal(err)
	}
	n := max(0, int(to-from)+1)
	want := app.Totals{Sums: make([][]int64, groups), Counted: make([]bool, n)}
	for _, page := range pages {
		g := group(page)
		if g < 0 || n == 0 {
			continue
		}
		last, met := int64(0), false
		days := make([]int64, n)
		for d := from - app.Day(before); d <= to; d++ {
			if v := at(page, d); v != app.Missing {
				last, met = int64(v), true
				if d >= from {
					want.Counted[d-from] = true
				}
			}
			if d >= from {
				days[d-from] = last
			}
		}
		if !met {
			continue
		}
		if want.Sums[g] == nil {
			want.Sums[g] = make([]int64, n)
		}
		for i, v := range days {
			want.Sums[g][i] += v
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("from %d to %d, %d before:\n%v, want\n%v", from, to, before, got, want)
	}
}

// TestChangedBitsOfFiguresAreNoticed changes a bit of a value in each bucket that
// figures come from: it is an error of its own, and never another figure.
func TestChangedBitsOfFiguresAreNoticed(t *testing.T) {
	s := open(t)
	d := app.DayOf(day0)
	page := app.Page{ID: app.IDFrom("p"), Network: app.SourceVK, Name: "Школа"}
	do(t, s.Perform([]app.Op{create(appeal(1)), create(appeal(2))}))
	do(t, s.update(func(t *tx) error {
		if err := t.putPage(page); err != nil {
			return err
		}
		column, err := t.merge(nil, app.Counters{Day: d, Counts: map[string]uint32{page.ID: 5}})
		if err != nil {
			return err
		}
		return t.putDay(d, column)
	}))
	read := map[string]func() error{
		"columns": func() error { return s.load() },
		"page_facts": func() error {
			return s.view(func(tx reader) error { _, err := s.loadPageColumns(tx); return err })
		},
		"counts": func() error {
			_, err := s.Series(page.ID)
			return err
		},
	}
	for name, read := range read {
		var key, good []byte
		do(t, s.db.View(func(tx *bolt.Tx) error {
			k, v := tx.Bucket([]byte(name)).Cursor().First()
			key, good = bytes.Clone(k), bytes.Clone(v)
			return nil
		}))
		put := func(v []byte) {
			do(t, s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte(name)).Put(key, v) }))
		}
		for bit := 0; bit < len(good)*8; bit += 1 + len(good)*8/60 {
			bad := bytes.Clone(good)
			bad[bit/8] ^= 1 << (bit % 8)
			put(bad)
			if err := read(); app.CodeOf(err) != app.CodeDamagedStore {
				t.Errorf("%s, bit %d: %v", name, bit, err)
			}
			s.db.file.Load().hurt.Store(nil) // as after a recovery
		}
		put(good)
		do(t, read())
	}
}

// TestFactsAgreeWithAPlainScan compares the appeals that match a filter.
func TestFactsAgreeWithAPlainScan(t *testing.T) {
	s := open(t)
	all := map[uint64]*app.Appeal{}
	sources, groups, places := app.Sources[:3], []string{"", "Дороги", "ЖКХ"}, []string{"", "Канаш", "Шумерля"}
	page := app.Page{ID: app.IDFrom("p"), Network: app.SourceVK}
	do(t, s.update(func(t *tx) error { return t.putPage(page) }))
	var ops []app.Op
	for i := range 300 {
		a := appeal(i)
		a.Source, a.Group, a.Municipality = sources[i%3], groups[i/3%3], places[i/9%3]
		if i%7 == 0 {
			a.Page = page.ID
		}
		ops = append(ops, create(a))
	}
	do(t, s.Perform(ops))
	for _, op := range ops {
		record, _ := s.Record(op.Ent)
		all[record] = must[*app.Appeal](t)(s.AppealAt(record))
	}
	rapid.Check(t, func(t *rapid.T) {
		some := func(values []string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(values[1:]), 0, 2, rapid.ID).Draw(t, "some")
		}
		f := app.Filter{Groups: some(groups), Municipalities: some(places)}
		f.Sources = rapid.SliceOfNDistinct(rapid.SampledFrom(sources), 0, 2, rapid.ID).Draw(t, "sources")
		if rapid.Bool().Draw(t, "of a page") {
			f.Page = page.ID
		}
		var want []uint64
		for record, a := range all {
			if (len(f.Sources) == 0 || slices.Contains(f.Sources, a.Source)) &&
				(len(f.Groups) == 0 || slices.Contains(f.Groups, a.Group)) &&
				(len(f.Municipalities) == 0 || slices.Contains(f.Municipalities, a.Municipality)) &&
				(f.Page == "" || a.Page == f.Page) {
				want = append(want, record)
			}
		}
		slices.Sort(want)
		var got []uint64
		err := s.Facts(f, time.Time{}, func(facts *app.Facts) {
			got = slices.Collect(facts.Records())
			for i := range facts.Parts {
				p := &facts.Parts[i]
				for row := range p.Rows() {
					a := all[p.First+uint64(row)]
					start, _ := a.Start()
					if facts.Groups[p.Codes[row][app.FacetGroup]] != a.Group || facts.Municipalities[p.Codes[row][app.FacetMunicipality]] != a.Municipality ||
						app.Sources[p.Codes[row][app.FacetSource]-1] != a.Source || app.Statuses[p.Status[row]-1] != a.Status ||
						p.Start[row] != uint32(start.At.Unix()) {
						t.Fatalf("the facts of %s differ", a.ID)
					}
				}
			}
		})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%+v: %v, want %v; %v", f, got, want, err)
		}
	})
}

// TestCountsReachEveryWorkerOnce asks for as many pages as there are.
func TestCountsReachEveryWorkerOnce(t *testing.T) {
	s := open(t)
	d := app.DayOf(day0)
	const pages = 5 * tilePages
	do(t, s.update(func(t *tx) error {
		column := gaps(1) // number 0 is nobody's
		for i := range pages {
			if err := t.putPage(app.Page{ID: app.IDFrom("p", fmt.Sprint(i)), Network: app.SourceVK}); err != nil {
				return err
			}
			column = append(column, uint32(i))
		}
		return t.putDay(d, column)
	}))
	var mu sync.Mutex
	seen := map[uint32]uint32{}
	do(t, s.Counts(d, d, func(uint32) bool { return true }, func() func(uint32, []uint32) {
		return func(page uint32, counts []uint32) {
			mu.Lock()
			defer mu.Unlock()
			if _, again := seen[page]; again {
				t.Errorf("page %d came twice", page)
			}
			seen[page] = counts[0]
		}
	}))
	for page, n := range seen {
		if n != page-1 {
			t.Errorf("page %d has %d", page, n)
		}
	}
	if len(seen) != pages {
		t.Errorf("%d of %d pages", len(seen), pages)
	}
}

// TestADamagedKeyOfCountsTakesNoMemory: a key that tells of a thousand million pages.
func TestADamagedKeyOfCountsTakesNoMemory(t *testing.T) {
	for name, read := range map[string]func(*Store) error{
		"latest":  func(s *Store) error { _, err := s.Latest(20_000, 7); return err },
		"columns": func(s *Store) error { _, err := s.Columns(20_000, 20_010); return err },
		"totals": func(s *Store) error {
			_, err := s.Totals(20_000, 20_010, 0, 1, func(uint32) int { return 0 })
			return err
		},
	} {
		s := open(t)
		do(t, s.db.Update(func(tx *bolt.Tx) error {
			return tx.Bucket(bucketCounts).Put(tileKey(1<<30, 20_000), []byte("anything"))
		}))
		if err := read(s); app.CodeOf(err) != app.CodeDamagedStore {
			t.Errorf("%s: %v", name, err)
		}
		s.db.file.Load().hurt.Store(nil) // as after a recovery
		do(t, s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketCounts).Delete(tileKey(1<<30, 20_000)) }))
	}
}
