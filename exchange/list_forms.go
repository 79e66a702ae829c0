package exchange

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"otklik/app"
)

// Signs in the place of characters: the one Unicode has for that, and one that
// windows-1251 has and nobody writes.
const (
	replaced     = '\uFFFD'
	replaced1251 = '¤'
)

// tabular writes a cell without what tables cannot hold: control characters and broken
// UTF-8 are replaced, and lines end in one way.
func tabular(cell string, lost *Lost) string {
	cell = strings.ReplaceAll(strings.ReplaceAll(cell, "\r\n", "\n"), "\r", "\n")
	whole := utf8.ValidString(cell)
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == replaced && !whole || r == '\uFFFE' || r == '\uFFFF' {
			lost.Replaced++
			return replaced
		}
		return r
	}, cell)
}

// in1251 replaces what the encoding lacks. Letters in two characters, as macOS writes
// й, become one first.
func in1251(cell string, lost *Lost) string {
	return strings.Map(func(r rune) rune {
		if _, has := charmap.Windows1251.EncodeRune(r); has {
			return r
		}
		if r != replaced { // that is counted already
			lost.Replaced++
		}
		return replaced1251
	}, norm.NFC.String(cell))
}

// harmless keeps a cell from being taken for a formula: what people write about their
// city must not be run on the machine of whoever opens the table. A spreadsheet may
// look past spaces and take wide signs for narrow ones. A whole number runs nothing.
// bare takes the apostrophe away again.
func harmless(cell string) string {
	if n, err := strconv.Atoi(cell); err == nil && strconv.Itoa(n) == cell {
		return cell
	}
	if cell == "" {
		return cell
	}
	seen := strings.TrimLeftFunc(cell, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
	first, n := utf8.DecodeRuneInString(seen)
	if n > 0 && strings.ContainsAny(norm.NFKC.String(string(first))[:1], "=+-@") || strings.ContainsRune("'\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// bare is what harmless was given.
func bare(cell string) string { return strings.TrimPrefix(cell, "'") }

// textRows are rows of a CSV.
type textRows struct {
	rows   *csv.Writer
	narrow io.Closer // of windows-1251
	lost   *Lost
}

func newTextRows(to *bufio.Writer, encoding string, lost *Lost) (*textRows, error) {
	r := &textRows{lost: lost}
	var err error
	if encoding == Windows1251 {
		narrow := transform.NewWriter(to, charmap.Windows1251.NewEncoder())
		r.narrow, r.rows = narrow, csv.NewWriter(narrow)
	} else {
		r.rows = csv.NewWriter(to)
		_, err = to.WriteString("\uFEFF")
	}
	r.rows.Comma, r.rows.UseCRLF = ';', true
	return r, err
}

func (r *textRows) add(cells []string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		c = tabular(c, r.lost)
		if r.narrow != nil {
			c = in1251(c, r.lost)
		}
		safe[i] = harmless(c)
	}
	return r.rows.Write(safe)
}

func (r *textRows) end() error {
	r.rows.Flush()
	err := r.rows.Error()
	if r.narrow != nil {
		err = errors.Join(err, r.narrow.Close())
	}
	return err
}

// bookRows are rows of a workbook. Words stay words there, so that none of them can be
// taken for a formula.
type bookRows struct {
	book *excelize.File
	out  *excelize.StreamWriter
	wrap int
	n    int
	lost *Lost
}

// newBookRows begins a workbook. The library keeps a large sheet in the folder beside
// the file, and zips it straight into it: of its own it would zip it in memory.
func newBookRows(to io.Writer, beside string, columns int, lost *Lost) (*bookRows, error) {
	r := &bookRows{book: excelize.NewFile(excelize.Options{TmpDir: beside}), lost: lost}
	r.book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(to) })
	var err, err2 error
	r.out, err = r.book.NewStreamWriter("Sheet1")
	r.wrap, err2 = r.book.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err = errors.Join(err, err2); err != nil {
		return r, err
	}
	err = r.out.SetColWidth(1, max(1, columns), 24)
	return r, errors.Join(err, r.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

func (r *bookRows) add(cells []string) error {
	if r.n++; r.n > excelize.TotalRows {
		return app.Fail(app.CodeListRows, excelize.TotalRows-1)
	}
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = excelize.Cell{StyleID: r.wrap, Value: r.cell(c)}
		if n, is := figure(c); is {
			row[i] = excelize.Cell{StyleID: r.wrap, Value: n}
		}
	}
	place, err := excelize.CoordinatesToCellName(1, r.n)
	return errors.Join(err, r.out.SetRow(place, row))
}

// cutRoom is what the note at the end of a cut text takes at most.
const cutRoom = 24

// cell cuts a text to what a cell holds, and says so: the library would do it silently.
func (r *bookRows) cell(c string) string {
	c = tabular(c, r.lost)
	if len(c) <= excelize.TotalCellChars {
		return c
	}
	long, at := 0, 0 // in UTF-16, as workbooks count
	for i, letter := range c {
		if long <= excelize.TotalCellChars-cutRoom {
			at = i
		}
		if long++; letter > 0xFFFF {
			long++
		}
	}
	if long <= excelize.TotalCellChars {
		return c
	}
	r.lost.Cut++
	return c[:at] + fmt.Sprintf("%s%d]", cutMark, utf8.RuneCountInString(c[at:]))
}

// cutMark stands at the end of a text that was cut, before the number of letters that
// are missing.
const cutMark = " […+"

var cutEnd = regexp.MustCompile(` \[…\+\d+\]$`)

func (r *bookRows) end() error {
	err := r.out.Flush()
	if err == nil {
		_, err = r.book.WriteTo(io.Discard) // see newBookRows
	}
	return errors.Join(err, r.book.Close())
}

// jsonList are an array of objects, whose keys are the headings in their order.
type jsonList struct {
	to   *bufio.Writer
	keys [][]byte
	n    int
	lost *Lost
}

func newJSONList(to *bufio.Writer, headings []string, lost *Lost) (*jsonList, error) {
	r := &jsonList{to: to, lost: lost}
	seen := map[string]int{}
	for _, h := range headings {
		if seen[h]++; seen[h] > 1 {
			h += " (" + strconv.Itoa(seen[h]) + ")"
		}
		r.keys = append(r.keys, append(app.Encode(h), ':'))
	}
	return r, to.WriteByte('[')
}

func (r *jsonList) add(cells []string) error {
	if r.n++; r.n > 1 {
		_ = r.to.WriteByte(',') // the writer keeps its first error
	}
	_, _ = r.to.WriteString("\n{")
	for i, c := range cells {
		if i > 0 {
			_ = r.to.WriteByte(',')
		}
		if !utf8.ValidString(c) {
			c = strings.Map(func(l rune) rune {
				if l == utf8.RuneError {
					r.lost.Replaced++
				}
				return l
			}, c)
		}
		value, err := json.Marshal(c)
		if n, is := figure(c); is {
			value, err = json.Marshal(n)
		}
		if err != nil {
			return err
		}
		_, _ = r.to.Write(r.keys[i])
		_, _ = r.to.Write(value)
	}
	return r.to.WriteByte('}')
}

func (r *jsonList) end() error {
	_, err := r.to.WriteString("\n]\n")
	return err
}
