package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"
)

// unzipLimit bounds what a workbook may unpack to, in bytes: a small archive
// can be made to hold terabytes.
const unzipLimit = 1 << 30

// isXLSX goes by the name, and by the archive's own mark for workbooks that
// were renamed.
func isXLSX(name string, mark []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx", ".xlsm":
		return true
	}
	return bytes.HasPrefix(mark, []byte("PK\x03\x04"))
}

// openXLSX reads the first sheet with known headings. Values are raw: a
// duration is a number of days, however the cell shows it. Large sheets are
// unpacked into temporary files by the library and read row by row; the packed
// workbook itself is in memory.
func openXLSX(r *Reader, find search) (t *table, err error) {
	defer caught(&err)
	raw := excelize.Options{RawCellValue: true, UnzipSizeLimit: unzipLimit}
	book, err := excelize.OpenReader(r.file, raw)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = book.Close() // nothing was written
		}
	}()
	result := errNoRows
	for _, name := range book.GetSheetList() {
		if find.how.Sheet != "" && find.how.Sheet != name {
			continue
		}
		s := &sheet{options: raw}
		if s.rows, err = book.Rows(name); err != nil {
			return nil, err
		}
		t, held, err := find.find(s.next)
		if err == nil {
			t.workbook, t.found.Sheet, t.sheets = true, name, book.GetSheetList()
			props, err := book.GetWorkbookProps()
			t.date1904 = err == nil && props.Date1904 != nil && *props.Date1904
			dimension, _ := book.GetSheetDimension(name) // none: the share is not known
			last := lastRow(dimension)
			r.next, r.held = s.next, held
			r.share = func() float64 { return min(1, float64(s.line)/float64(max(last, s.line, 1))) }
			r.done = book.Close
			return t, nil
		}
		if !errors.Is(err, errNoHeadings) && !errors.Is(err, errNoRows) {
			return nil, err
		}
		if errors.Is(err, errNoHeadings) {
			result = err
		}
	}
	return nil, result
}

// caught makes an error of a panic. The library takes workbooks at their word in
// places; a damaged file must not take an operator's unsaved work with it.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("workbook: %v", p)
	}
}

// sheet reads the rows of a sheet.
type sheet struct {
	rows    *excelize.Rows
	options excelize.Options
	line    int
}

func (s *sheet) next() (rec record, ok bool, err error) {
	defer caught(&err)
	if !s.rows.Next() {
		return record{}, false, s.rows.Error()
	}
	s.line++
	fields, err := s.rows.Columns(s.options)
	return record{line: s.line, fields: fields}, err == nil, err
}

// lastRow is the row a dimension such as A1:F20 ends at, 0 where it says none.
func lastRow(dimension string) int {
	_, end, _ := strings.Cut(dimension, ":")
	_, row, err := excelize.CellNameToCoordinates(end)
	if err != nil {
		return 0
	}
	return row
}
