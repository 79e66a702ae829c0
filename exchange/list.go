package exchange

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"otklik/app"
)

// List is a table on its way into a new CSV file of the kind Excel opens as it
// stands: UTF-8 with a mark, semicolons, lines ended as Windows does.
type List struct {
	path string
	f    *os.File
	out  *bufio.Writer
	rows *csv.Writer
}

// NewList begins the file, which must not be there yet, with its headings. Errors:
// CodeFileExists, CodeNoFolder, CodeDiskFull.
func NewList(path string, headings []string) (*List, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, listFailed(path, err)
	}
	l := &List{path: path, f: f, out: bufio.NewWriterSize(f, 64<<10)}
	l.rows = csv.NewWriter(l.out)
	l.rows.Comma, l.rows.UseCRLF = ';', true
	_, err = l.out.WriteString("\uFEFF")
	if err == nil {
		err = l.Add(headings)
	}
	if err != nil {
		return nil, errors.Join(err, l.Drop())
	}
	return l, nil
}

// Add writes a row.
func (l *List) Add(cells []string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = harmless(c)
	}
	return listFailed(l.path, l.rows.Write(safe))
}

// Close ends the file: it is whole and on the disk then, or not there.
func (l *List) Close() error {
	l.rows.Flush()
	if err := errors.Join(l.rows.Error(), l.out.Flush(), l.f.Sync()); err != nil {
		return errors.Join(listFailed(l.path, err), l.Drop())
	}
	return listFailed(l.path, l.f.Close())
}

// Drop takes the file away again.
func (l *List) Drop() error { return errors.Join(l.f.Close(), os.Remove(l.path)) }

// harmless keeps a cell from being taken for a formula: what people write about
// their city must not be run on the machine of whoever opens the table.
func harmless(cell string) string {
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
