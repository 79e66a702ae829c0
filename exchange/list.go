package exchange

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/xuri/excelize/v2"

	"otklik/app"
)

// List is a table on its way into a new file. The ending of its name chooses which:
// a workbook (.xlsx), or a CSV of the kind Excel opens as it stands: UTF-8 with a mark,
// semicolons, lines ended as Windows does.
type List struct {
	path string
	f    *os.File
	rows rowWriter
}

// rowWriter writes rows in the form of a file.
type rowWriter interface {
	add(cells []string) error
	end() error // everything is in the file then
}

// NewList begins the file, which must not be there yet, with its headings. Errors:
// CodeFileExists, CodeNoFolder, CodeDiskFull.
func NewList(path string, headings []string) (*List, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, listFailed(path, err)
	}
	l := &List{path: path, f: f}
	if isXLSX(filepath.Base(path), nil) {
		l.rows, err = newBookRows(f, headings)
	} else {
		l.rows, err = newTextRows(f)
	}
	if err == nil {
		err = l.rows.add(headings)
	}
	if err != nil {
		return nil, errors.Join(listFailed(path, err), l.Drop())
	}
	return l, nil
}

// Add writes a row.
func (l *List) Add(cells []string) error { return listFailed(l.path, l.rows.add(cells)) }

// Close ends the file: it is whole and on the disk then, or not there.
func (l *List) Close() error {
	if err := errors.Join(l.rows.end(), l.f.Sync()); err != nil {
		return errors.Join(listFailed(l.path, err), l.Drop())
	}
	return listFailed(l.path, l.f.Close())
}

// Drop takes the file away again.
func (l *List) Drop() error { return errors.Join(l.f.Close(), os.Remove(l.path)) }

// textRows are rows of a CSV.
type textRows struct {
	out  *bufio.Writer
	rows *csv.Writer
}

func newTextRows(to io.Writer) (*textRows, error) {
	r := &textRows{out: bufio.NewWriterSize(to, 64<<10)}
	r.rows = csv.NewWriter(r.out)
	r.rows.Comma, r.rows.UseCRLF = ';', true
	_, err := r.out.WriteString("\uFEFF")
	return r, err
}

func (r *textRows) add(cells []string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = harmless(c)
	}
	return r.rows.Write(safe)
}

func (r *textRows) end() error {
	r.rows.Flush()
	return errors.Join(r.rows.Error(), r.out.Flush())
}

// bookRows are rows of a workbook. Words stay words there, so that none of them can be
// taken for a formula.
type bookRows struct {
	to   io.Writer
	book *excelize.File
	out  *excelize.StreamWriter
	wrap int
	n    int
}

// longestFigure is how many digits a cell may have to be a number: longer ones are
// numbers of registers, which nobody adds up.
const longestFigure = 9

func newBookRows(to io.Writer, headings []string) (*bookRows, error) {
	r := &bookRows{to: to, book: excelize.NewFile()}
	var err, err2 error
	r.out, err = r.book.NewStreamWriter("Sheet1")
	r.wrap, err2 = r.book.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err = errors.Join(err, err2); err != nil {
		return nil, err
	}
	err = r.out.SetColWidth(1, max(1, len(headings)), 24)
	return r, errors.Join(err, r.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

func (r *bookRows) add(cells []string) error {
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = excelize.Cell{StyleID: r.wrap, Value: c}
		if n, err := strconv.Atoi(c); err == nil && len(c) <= longestFigure {
			row[i] = excelize.Cell{StyleID: r.wrap, Value: n}
		}
	}
	r.n++
	place, err := excelize.CoordinatesToCellName(1, r.n)
	return errors.Join(err, r.out.SetRow(place, row))
}

func (r *bookRows) end() error {
	err := r.out.Flush()
	if err == nil {
		_, err = r.book.WriteTo(r.to)
	}
	return errors.Join(err, r.book.Close())
}

// harmless keeps a cell from being taken for a formula: what people write about
// their city must not be run on the machine of whoever opens the table. A whole number
// runs nothing.
func harmless(cell string) string {
	if _, err := strconv.Atoi(cell); err == nil && cell[0] == '-' {
		return cell
	}
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func listFailed(path string, err error) error {
	switch {
	case err == nil || app.CodeOf(err) != "":
		return err
	case errors.Is(err, fs.ErrExist):
		return app.Fail(app.CodeFileExists, path).Because(err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return app.Fail(app.CodeDiskFull, path).Because(err)
	}
	return app.Fail(app.CodeNoFolder, filepath.Dir(path)).Because(err)
}
