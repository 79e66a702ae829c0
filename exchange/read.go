package exchange

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"otklik/app"
)

// Reader reads a spreadsheet piece by piece, so that a large one is never in
// memory as a whole.
type Reader struct {
	name    string // as in errors
	reading *reading
	next    func() (record, bool, error)
	share   func() float64
	done    func() error // puts away what the format needed
	file    io.Closer    // nil where it is not this reader's
	first   *app.Batch   // read at opening
}

// Open opens a spreadsheet file. The base of the name, and its first bytes,
// choose between XLSX and text; the name stands in errors. The format is found by
// the headings, in whatever order they come; moments are read in the zone of the
// region, except where the file itself names another.
//
// Errors: app.CodeFileFormat for what is no table, app.CodeFileHeadings for a
// table of no known format, app.CodeFileEmpty where there is no row of data,
// app.CodeNoFile where the file is not there or cannot be read.
func Open(path string, region *app.Region) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, noFile(path, err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fs.ErrInvalid
	}
	var r *Reader
	if err == nil {
		r, err = newReader(f, info.Size(), path, region)
	} else {
		err = noFile(path, err)
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	r.file = f
	return r, nil
}

func newReader(in io.ReadSeeker, size int64, name string, region *app.Region) (*Reader, error) {
	base := filepath.Base(name)
	if size == 0 {
		return nil, app.Fail(app.CodeFileEmpty, base)
	}
	r := &Reader{name: name}
	mark := make([]byte, 4)
	_, err := io.ReadFull(in, mark)
	if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		_, err = in.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, noFile(name, err)
	}
	t, err := r.open(in, size, isXLSX(base, mark), fit)
	if err != nil {
		return nil, r.fail(err)
	}
	r.reading = &reading{table: t, region: region, seen: map[identity]int32{}}
	if r.first, err = r.Next(); err != nil {
		return nil, err
	}
	if r.first == nil {
		return nil, app.Fail(app.CodeFileEmpty, base)
	}
	return r, nil
}

// open finds the table in a workbook or a text.
func (r *Reader) open(in io.ReadSeeker, size int64, workbook bool, fits fitting) (*table, error) {
	if workbook {
		return openXLSX(in, r, fits)
	}
	return openText(in, size, r, fits)
}

// fail turns an error into a sentence.
func (r *Reader) fail(err error) error {
	base := filepath.Base(r.name)
	var broken readError
	switch {
	case errors.Is(err, errNoHeadings):
		return app.Fail(app.CodeFileHeadings, base)
	case errors.Is(err, errNoRows):
		return app.Fail(app.CodeFileEmpty, base)
	case errors.As(err, &broken):
		return noFile(r.name, broken.error)
	}
	return app.Fail(app.CodeFileFormat, base).Because(err)
}

// readError is an error of the file, not of what stands in it.
type readError struct{ error }

// pieceRows is how many rows a piece holds.
const pieceRows = 1000

// Next gives the next rows, nil after the last. A piece has at least one row that
// was read.
func (r *Reader) Next() (*app.Batch, error) {
	if b := r.first; b != nil {
		r.first = nil
		return b, nil
	}
	in := r.reading
	in.batch = &app.Batch{Format: in.table.profile.format}
	for in.batch.Read < pieceRows {
		rec, ok, err := r.next()
		if err != nil {
			return nil, r.fail(err)
		}
		if !ok {
			break
		}
		in.read(rec)
	}
	if in.batch.Read == 0 {
		return nil, nil
	}
	return in.batch, nil
}

// Share says how much of the file is read, 0…1.
func (r *Reader) Share() float64 { return r.share() }

// Close ends the reading.
func (r *Reader) Close() error {
	var err error
	if r.done != nil {
		err = r.done()
	}
	if r.file != nil {
		err = errors.Join(err, r.file.Close())
	}
	return err
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
	width    int  // columns the heading has
	workbook bool // XLSX: dates may be numbers of days, remarks may stand beside the table
	date1904 bool // the days are counted from 1904
}

// typed says whether cells are words because the form says so, and not because of an
// apostrophe: see harmless.
func (t *table) typed() bool { return t.workbook }

// headingDepth bounds how far down headings are looked for: some exports put
// a title above them.
const headingDepth = 10

// fitting says what a row is the heading of, nil where of nothing.
type fitting func(heading []string) (*profile, map[field]int)

// find reads on to the first row that fits.
func find(next func() (record, bool, error), fits fitting) (*table, error) {
	blank := true
	for range headingDepth {
		rec, ok, err := next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		blank = blank && rec.empty()
		if p, columns := fits(rec.fields); p != nil {
			return &table{profile: p, columns: columns, width: len(rec.fields)}, nil
		}
	}
	if blank {
		return nil, errNoRows
	}
	return nil, errNoHeadings
}

// reading is the state of one Reader.
type reading struct {
	table  *table
	region *app.Region
	batch  *app.Batch         // the piece that is being read
	seen   map[identity]int32 // line an identity was first met at
}

// identity is the hash of what a row is known by: of the rows of a large file
// nothing else is kept.
type identity [16]byte

// read takes a row into the piece.
func (in *reading) read(rec record) {
	if rec.empty() {
		return
	}
	in.batch.Read++
	switch {
	case rec.broken:
		in.skip(rec.line, "short_row", "")
	case in.table.surplus(rec):
		// One separator too many shifts every value after it into a
		// neighbour's place.
		in.skip(rec.line, "bad_columns", "")
	default:
		in.table.profile.read(in, &row{reading: in, record: rec, zone: in.region.Location()})
	}
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
	sum := sha256.Sum256([]byte(id))
	key := identity(sum[:16])
	first, was := in.seen[key]
	if was {
		in.skip(line, reason, strconv.Itoa(int(first)))
		return true
	}
	in.seen[key] = int32(line)
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
