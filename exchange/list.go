package exchange

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"syscall"

	"otklik/app"
	"otklik/disk"
)

// Form is what a list is written as; it is the ending of the file, too.
type Form string

// Forms of lists.
const (
	FormXLSX Form = "xlsx"
	FormCSV  Form = "csv" // semicolons, lines ended as Windows does: Excel opens it as it stands
	FormJSON Form = "json"
)

// Encodings of a CSV.
const (
	UTF8        = "utf-8" // with a mark, without which Excel does not know it
	Windows1251 = "windows-1251"
)

// Lost is what a form could not hold. Nothing is lost unseen: a sign stands in the
// place of every character, and a note at the end of every text.
type Lost struct {
	Replaced int // characters
	Cut      int // cells longer than a workbook's can be
}

// List is a table on its way into a new file, which is there whole after Close or not
// at all. Rows are written as they come and are not kept.
type List struct {
	path string
	f    *disk.New
	out  *bufio.Writer
	rows rowWriter
	lost Lost
}

// rowWriter writes rows in a form.
type rowWriter interface {
	add(cells []string) error
	end() error // everything is in the file then
}

// NewList begins the file, which must not be there yet, with its headings. The encoding
// is that of a CSV; "" is UTF8. Errors: CodeFileExists, CodeNoFolder, CodeDiskFull.
func NewList(path string, form Form, encoding string, headings []string) (*List, error) {
	f, err := disk.CreateNew(path)
	if err != nil {
		return nil, ListFailed(path, err)
	}
	l := &List{path: path, f: f, out: bufio.NewWriterSize(f, 64<<10)}
	switch form {
	case FormXLSX:
		l.rows, err = newBookRows(l.out, filepath.Dir(path), len(headings), &l.lost)
	case FormJSON:
		l.rows, err = newJSONList(l.out, headings, &l.lost)
	default:
		l.rows, err = newTextRows(l.out, encoding, &l.lost)
	}
	if err == nil && form != FormJSON {
		err = l.rows.add(headings)
	}
	if err != nil {
		return nil, errors.Join(ListFailed(path, err), l.Drop())
	}
	return l, nil
}

// Add writes a row, a cell for each of the headings. Errors: CodeDiskFull, CodeListRows
// where a workbook has no more rows.
func (l *List) Add(cells []string) error { return ListFailed(l.path, l.rows.add(cells)) }

// Close ends the file: it is whole and on the disk then, or not there.
func (l *List) Close() error {
	if err := errors.Join(l.rows.end(), l.out.Flush()); err != nil {
		return errors.Join(ListFailed(l.path, err), l.f.Drop())
	}
	return ListFailed(l.path, l.f.Keep())
}

// Drop takes the file away again.
func (l *List) Drop() error {
	var err error
	if book, ok := l.rows.(*bookRows); ok {
		err = book.book.Close() // what lies beside it
	}
	return errors.Join(err, l.f.Drop())
}

// Lost says what the form could not hold of the rows so far.
func (l *List) Lost() Lost { return l.lost }

// longestFigure is how many digits a cell may have to be a number: longer ones are
// numbers of registers, which nobody adds up.
const longestFigure = 9

// figure reads a cell that is a number and reads the same again: 007 is none.
func figure(cell string) (n int, is bool) {
	n, err := strconv.Atoi(cell)
	return n, err == nil && len(cell) <= longestFigure && strconv.Itoa(n) == cell
}

// ListFailed makes a sentence of what went wrong with a file that is written to path.
func ListFailed(path string, err error) error {
	switch {
	case err == nil || app.CodeOf(err) != "":
		return err
	case errors.Is(err, fs.ErrExist):
		return app.Fail(app.CodeFileExists, path).Because(err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, io.ErrShortWrite):
		return app.Fail(app.CodeDiskFull, path).Because(err)
	}
	return app.Fail(app.CodeNoFolder, filepath.Dir(path)).Because(err)
}
