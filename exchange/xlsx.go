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
func isXLSX(base string, data []byte) bool {
	switch strings.ToLower(filepath.Ext(base)) {
	case ".xlsx", ".xlsm":
		return true
	}
	return bytes.HasPrefix(data, []byte("PK\x03\x04"))
}

// readXLSX reads the first sheet with known headings. Values are raw: a
// duration is a number of days, however the cell shows it.
func readXLSX(data []byte) (t *table, err error) {
	// The library takes workbooks at their word in places; a damaged file must
	// not take an operator's unsaved work with it.
	defer func() {
		if p := recover(); p != nil {
			t, err = nil, fmt.Errorf("workbook: %v", p)
		}
	}()
	raw := excelize.Options{RawCellValue: true, UnzipSizeLimit: unzipLimit}
	book, err := excelize.OpenReader(bytes.NewReader(data), raw)
	if err != nil {
		return nil, err
	}
	defer book.Close() //nolint:errcheck // nothing was written
	result := errNoRows
	for _, sheet := range book.GetSheetList() {
		cells, err := book.GetRows(sheet, raw)
		if err != nil {
			return nil, err
		}
		records := make([]record, len(cells))
		for i, fields := range cells {
			records[i] = record{line: i + 1, fields: fields}
		}
		t, err := find(records)
		if err == nil {
			t.workbook = true
			props, err := book.GetWorkbookProps()
			t.date1904 = err == nil && props.Date1904 != nil && *props.Date1904
			return t, nil
		}
		if errors.Is(err, errNoHeadings) {
			result = err
		}
	}
	return nil, result
}
