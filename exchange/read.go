package exchange

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"otklik/app"
)

// ReadFile reads a spreadsheet file; see Read. A file that is not there or may
// not be read is app.CodeNoFile.
func ReadFile(path string, region *app.Region) (*app.Batch, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, noFile(path, err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return nil, noFile(path, err)
	}
	return Read(f, path, region)
}

// Read reads a spreadsheet and gives its rows in the domain's terms. The base
// of name chooses between XLSX and text and stands in errors. The format is
// found by the headings, in whatever order they come; moments are read in the
// zone of the region, except where the file itself names another.
//
// Errors: app.CodeFileFormat for what is no table, app.CodeFileHeadings for a
// table of no known format, app.CodeFileEmpty where there is no row of data,
// app.CodeNoFile where reading fails.
func Read(in io.Reader, name string, region *app.Region) (*app.Batch, error) {
	base := filepath.Base(name)
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, noFile(name, err)
	}
	if len(data) == 0 {
		return nil, app.Fail(app.CodeFileEmpty, base)
	}
	var t *table
	if isXLSX(base, data) {
		t, err = readXLSX(data)
	} else {
		t, err = readText(data)
	}
	switch {
	case errors.Is(err, errNoHeadings):
		return nil, app.Fail(app.CodeFileHeadings, base)
	case errors.Is(err, errNoRows):
		return nil, app.Fail(app.CodeFileEmpty, base)
	case err != nil:
		return nil, app.Fail(app.CodeFileFormat, base).Because(err)
	}
	batch := t.batch(region)
	if batch.Read == 0 {
		return nil, app.Fail(app.CodeFileEmpty, base)
	}
	return batch, nil
}

// noFile leaves the folder out of the error: it may hold a person's name.
func noFile(path string, err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		err = p.Err
	}
	return app.Fail(app.CodeNoFile, filepath.Base(path)).Because(err)
}

var (
	errNoHeadings = errors.New("no known headings")
	errNoRows     = errors.New("no rows")
)

// record is one row as the file holds it.
type record struct {
	line   int // physical line it begins at, or row of the sheet
	fields []string
	broken bool // its end cannot be told from the next row's
}

func (r record) empty() bool {
	if r.broken {
		return false
	}
	for _, f := range r.fields {
		if tidy(f) != "" {
			return false
		}
	}
	return true
}

// table is a file in which the headings of a profile were found.
type table struct {
	profile  *profile
	columns  map[field]int
	width    int // columns the heading has
	rows     []record
	workbook bool // XLSX: dates may be numbers of days, remarks may stand beside the table
	date1904 bool // the days are counted from 1904
}

// headingDepth bounds how far down headings are looked for: some exports put
// a title above them.
const headingDepth = 10

// find looks for the first row that fits a profile.
func find(records []record) (*table, error) {
	blank := true
	for i, rec := range records {
		if i == headingDepth {
			break
		}
		blank = blank && rec.empty()
		if p, columns := fit(rec.fields); p != nil {
			return &table{profile: p, columns: columns, width: len(rec.fields), rows: records[i+1:]}, nil
		}
	}
	if blank {
		return nil, errNoRows
	}
	return nil, errNoHeadings
}

// reading is the state of one Read.
type reading struct {
	table  *table
	region *app.Region
	batch  *app.Batch
	seen   map[string]int // line an identity was first met at
}

func (t *table) batch(region *app.Region) *app.Batch {
	in := &reading{
		table: t, region: region, seen: map[string]int{},
		batch: &app.Batch{Format: t.profile.format},
	}
	for _, rec := range t.rows {
		if rec.empty() {
			continue
		}
		in.batch.Read++
		switch {
		case rec.broken:
			in.skip(rec.line, "short_row", "")
		case t.surplus(rec):
			// One separator too many shifts every value after it into a
			// neighbour's place.
			in.skip(rec.line, "bad_columns", "")
		default:
			t.profile.read(in, &row{reading: in, record: rec, zone: region.Location()})
		}
	}
	return in.batch
}

// surplus says whether the row holds values beyond the last heading.
func (t *table) surplus(rec record) bool {
	if len(rec.fields) <= t.width || t.workbook {
		return false
	}
	return !record{fields: rec.fields[t.width:]}.empty()
}

func (in *reading) skip(line int, reason, detail string) {
	in.batch.Skipped = append(in.batch.Skipped, app.Skip{Line: line, Reason: reason, Detail: clip(detail)})
}

// repeated says whether the identity stood in an earlier row, and if so leaves
// this one out.
func (in *reading) repeated(line int, id, reason string) bool {
	first, was := in.seen[id]
	if was {
		in.skip(line, reason, strconv.Itoa(first))
		return true
	}
	in.seen[id] = line
	return false
}

func (in *reading) appeal(line int, a *app.Appeal) {
	in.batch.Rows = append(in.batch.Rows, app.BatchRow{Line: line, Appeal: a})
}

// group is the federal group the name stands for, or the name itself where the
// region's table does not know it.
func (in *reading) group(name string) string {
	if g := in.region.GroupOf(name); g != "" {
		return g
	}
	return name
}

// clip keeps a bad value short enough to be shown in a list of skipped rows.
func clip(s string) string {
	const most = 24
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
