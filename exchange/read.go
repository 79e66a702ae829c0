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
	file    source
	size    int64
	held    []record   // read when the headings were looked for
	first   *app.Batch // read at opening
}

// source is a file, or its bytes.
type source interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Open opens a table: a workbook, a text or JSON, chosen by the file's first bytes and by
// the end of its name; the base of the name stands in errors. Whatever the layout leaves
// open is found: the encoding, the separator, the sheet, the row of headings, and by those
// the format, in whatever order the columns come. Moments are read in the zone of the
// region, except where the file itself names another.
//
// Errors: app.CodeFileFormat for what is no table, app.CodeFileHeadings for a
// table of no known format, app.CodeFileEmpty where there is no row of data,
// app.CodeNoFile where the file is not there or cannot be read.
func Open(path string, region *app.Region, how app.Layout) (*Reader, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	return f.open(region, how)
}

// open readies the reader for Next.
func (r *Reader) open(region *app.Region, how app.Layout) (*Reader, error) {
	if err := r.begin(region, how, false); err != nil {
		return nil, err
	}
	var err error
	if r.first, err = r.Next(); err == nil && r.first == nil {
		err = app.Fail(app.CodeFileEmpty, filepath.Base(r.name))
	}
	if err != nil {
		_ = r.Close() // nothing was written
		return nil, err
	}
	return r, nil
}

// begin finds the table. The reader is closed where there is none.
func (r *Reader) begin(region *app.Region, how app.Layout, loose bool) error {
	base := filepath.Base(r.name)
	titles := []string{strings.TrimSuffix(base, filepath.Ext(base))}
	isGroup := func(v string) bool { return how.Format == referenceTopics || region.GroupOf(tidy(v)) != "" }
	t, err := r.find(search{how: how, fits: fitBy(how), loose: loose, titles: titles, isGroup: isGroup})
	if err != nil {
		_ = r.Close() // nothing was written
		return r.fail(err)
	}
	if err := r.ahead(); err != nil {
		_ = r.Close() // nothing was written
		return r.fail(err)
	}
	t.monthFirst = orderOf(r.held, t.width)
	r.reading = &reading{table: t, region: region, seen: map[identity]int32{}}
	return nil
}

// openFile opens a file of some length.
func openFile(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, noFile(path, err)
	}
	info, err := f.Stat()
	switch {
	case err == nil && info.IsDir():
		err = noFile(path, fs.ErrInvalid)
	case err != nil:
		err = noFile(path, err)
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	return &Reader{name: path, file: f, size: info.Size()}, nil
}

// find finds the table in a workbook or a text.
func (r *Reader) find(s search) (*table, error) {
	if r.size == 0 {
		return nil, errNoRows
	}
	mark := make([]byte, 64)
	n, err := io.ReadFull(r.file, mark)
	if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		_, err = r.file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, readError{err}
	}
	if isXLSX(r.name, mark) {
		return openXLSX(r, s)
	}
	if isJSON(r.name, mark[:n]) {
		return openJSON(r, s)
	}
	return openText(r, s)
}

// ahead reads the rows by which it is decided how the columns write dates.
func (r *Reader) ahead() error {
	size := 0
	for len(r.held) < pieceRows && size < window {
		rec, ok, err := r.next()
		if err != nil || !ok {
			return err
		}
		for _, v := range rec.fields {
			size += len(v)
		}
		r.held = append(r.held, rec)
	}
	return nil
}

// record gives the next row.
func (r *Reader) record() (rec record, ok bool, err error) {
	if len(r.held) > 0 {
		rec, r.held = r.held[0], r.held[1:]
		return rec, true, nil
	}
	return r.next()
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
		rec, ok, err := r.record()
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
	return errors.Join(err, r.file.Close())
}

// noFile leaves the folder out of the error: it may hold a person's name.
func noFile(path string, err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		err = p.Err
	}
	return app.Fail(app.CodeNoFile, filepath.Base(path)).Because(err)
}

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

// reading is the state of one Reader.
type reading struct {
	table  *table
	region *app.Region
	batch  *app.Batch         // the piece that is being read
	seen   map[identity]int32 // line an identity was first met at

	entries      *app.Entries // of the region and of the rows before, where a reference list is read
	fresh, known int          // of its rows

	problems map[int]string // of the row, reasons by column; nil where nobody asks
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
