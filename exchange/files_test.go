package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"otklik/app"
)

// dataFile finds a file of real data beside the repository.
func dataFile(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the package")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("real data is absent: shared/data/%s", name)
	}
	return path
}

func testRegion(t testing.TB) *app.Region {
	t.Helper()
	r, err := app.LoadRegion(
		[]byte(`{"name": "Чувашская Республика", "zone": "Europe/Moscow", "goal_hours": 4.5}`),
		[]byte(`[{"name": "Дороги", "topics": []}, {"name": "ЖКХ", "topics": [], "aliases": ["Многоквартирные дома"]}]`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// ReadFile reads a whole file.
func ReadFile(path string, region *app.Region) (*app.Batch, error) {
	r, err := Open(path, region, app.Layout{})
	if err != nil {
		return nil, err
	}
	return whole(r)
}

// held is a file in memory.
type held struct{ *bytes.Reader }

func (held) Close() error { return nil }

func readerOf(data []byte, name string) *Reader {
	return &Reader{name: name, file: held{bytes.NewReader(data)}, size: int64(len(data))}
}

// Read reads a whole file that is in memory.
func Read(in io.Reader, name string, region *app.Region) (*app.Batch, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, noFile(name, err)
	}
	r, err := readerOf(data, name).open(region, app.Layout{})
	if err != nil {
		return nil, err
	}
	return whole(r)
}

func whole(r *Reader) (*app.Batch, error) {
	all := &app.Batch{}
	for {
		b, err := r.Next()
		if b == nil || err != nil {
			return all, errors.Join(err, r.Close())
		}
		all.Format = b.Format
		all.Read += b.Read
		all.Rows, all.Skipped = append(all.Rows, b.Rows...), append(all.Skipped, b.Skipped...)
	}
}

func readFile(t testing.TB, path string) *app.Batch {
	t.Helper()
	b, err := ReadFile(path, testRegion(t))
	if err != nil {
		t.Fatal(err)
	}
	check(t, b)
	return b
}

func readString(t testing.TB, text string) *app.Batch {
	t.Helper()
	b, err := Read(strings.NewReader(text), "таблица.csv", testRegion(t))
	if err != nil {
		t.Fatal(err)
	}
	check(t, b)
	return b
}

// check asserts what holds for every batch.
func check(t testing.TB, b *app.Batch) {
	t.Helper()
	if b.Read != len(b.Rows)+len(b.Skipped) {
		t.Errorf("read %d, but %d rows + %d skipped", b.Read, len(b.Rows), len(b.Skipped))
	}
	ids := map[string]bool{}
	for _, r := range b.Rows {
		id, set := "", 0
		if r.Appeal != nil {
			id, set = r.Appeal.ID, set+1
			checkHistory(t, r)
		}
		if r.Page != nil {
			id, set = r.Page.ID, set+1
		}
		if r.Count != nil {
			id, set = r.Count.Page.ID+r.Count.Day.String(), set+1
		}
		if r.Entry != nil {
			id, set = strconv.Itoa(r.Line), set+1 // two groups of another system may be one here
			if r.Entry.Group == "" && r.Entry.Name == "" {
				t.Errorf("line %d: an empty entry", r.Line)
			}
		}
		if set != 1 {
			t.Errorf("line %d holds %d things", r.Line, set)
		}
		if ids[id] {
			t.Errorf("line %d repeats an identity", r.Line)
		}
		ids[id] = true
	}
}

func checkHistory(t testing.TB, r app.BatchRow) {
	t.Helper()
	ids := map[string]bool{}
	for _, e := range r.Appeal.Events {
		if e.ID == "" || ids[e.ID] {
			t.Errorf("line %d: event %s has no identity of its own", r.Line, e.Type)
		}
		ids[e.ID] = true
	}
	if len(ids) == 0 || r.Appeal.Status == "" {
		t.Errorf("line %d: no history", r.Line)
	}
}

// rowsOf reads a CSV file with the standard library alone.
func rowsOf(t testing.TB, path string, sep rune) [][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.Comma = sep
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// cellsOf reads the first sheet of a workbook as raw values.
func cellsOf(t testing.TB, path string) [][]string {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close() //nolint:errcheck // nothing was written
	rows, err := book.GetRows(book.GetSheetList()[0], excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// workbook writes the rows into an XLSX.
func workbook(t testing.TB, rows [][]string) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// twisted reverses the order of columns.
func twisted(rows [][]string) [][]string {
	width := len(rows[0])
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = make([]string, width)
		for c, v := range row {
			out[i][width-1-c] = v
		}
	}
	return out
}

func reasons(b *app.Batch) map[string]int {
	out := map[string]int{}
	for _, s := range b.Skipped {
		out[s.Reason]++
	}
	return out
}

// oneLine is a value with its runs of spaces made one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
