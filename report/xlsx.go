package report

import (
	"cmp"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/language"
)

// WriteXLSX writes the document as a workbook: a first sheet with the figures, what
// they mean and a list of the others; then a sheet a table and a sheet a chart, with
// its numbers. Cells are numbers and dates with formats, durations parts of a day, as
// spreadsheets count them; what is not known is an empty cell.
func WriteXLSX(w io.Writer, d *Document) error {
	b := &book{File: excelize.NewFile(), d: d, styles: map[cellStyle]int{}, taken: map[string]bool{}}
	defer b.Close()
	made := d.Made.UTC()
	if d.Made.IsZero() {
		made = time.Unix(0, 0).UTC() // none would be the clock's
	}
	lang := ""
	if tag, err := language.Parse(d.Lang); err == nil {
		lang = tag.String()
	}
	b.check(b.SetDocProps(&excelize.DocProperties{
		Title: oneLine(d.Title), Subject: oneLine(d.Period), Creator: oneLine(d.Centre), LastModifiedBy: oneLine(d.Centre),
		Description: oneLine(d.AsOf), Created: made.Format(time.RFC3339), Modified: made.Format(time.RFC3339), Language: lang,
	}))
	first := b.sheetName(d.Title)
	b.check(b.SetSheetName(b.GetSheetName(0), first))
	b.blocks(d.Blocks)
	b.front(first)
	if b.err != nil {
		return b.err
	}
	return b.Write(w)
}

// book is the workbook in the making; the first error stays.
type book struct {
	*excelize.File
	d      *Document
	styles map[cellStyle]int
	taken  map[string]bool // names of sheets, in small letters
	list   []listed
	err    error
}

// listed is a sheet in the list of the first one.
type listed struct{ sheet, title string }

func (b *book) check(err error) {
	if b.err == nil {
		b.err = err
	}
}

// blocks gives tables and charts their sheets; figures and prose stand on the first.
func (b *book) blocks(blocks []Block) {
	for _, block := range blocks {
		switch block := block.(type) {
		case *Table:
			if len(block.Columns) > 0 {
				b.table(block, "", "")
			}
		case *Chart:
			if len(block.Data.Columns) > 0 {
				data := block.Data
				data.Title, data.Note = block.Title, block.Note
				b.table(&data, block.Title, block.Native)
			}
		case *Beside:
			b.blocks(block.Blocks)
		}
	}
}

// sheetName makes a name of a sheet: no more than 31 characters, none that are
// forbidden, not one that is taken.
func (b *book) sheetName(title string) string {
	clean := func(s string) string {
		return strings.Trim(strings.Map(func(r rune) rune {
			if strings.ContainsRune(`:\/?*[]`, r) {
				return ' '
			}
			return r
		}, oneLine(s)), "' ")
	}
	base := clean(title)
	if base == "" || strings.EqualFold(base, "history") { // which Excel keeps for itself
		base = cmp.Or(clean(b.d.Words.Sheet), "1")
	}
	for n := 1; ; n++ {
		end := ""
		if n > 1 {
			end = " " + strconv.Itoa(n)
		}
		name := strings.TrimRight(shorten(base, 31-len(end)), "' ") + end
		if key := strings.ToLower(name); !b.taken[key] {
			b.taken[key] = true
			return name
		}
	}
}

// shorten cuts to so many units of UTF-16, at the end of a word where one is near.
func shorten(s string, most int) string {
	if units(s) <= most {
		return s
	}
	n, end := 0, 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > most {
			break
		}
		end = i + len(string(r))
	}
	s = s[:end]
	if space := strings.LastIndexByte(s, ' '); space > end*2/3 {
		return s[:space]
	}
	return s
}

// front writes the first sheet.
func (b *book) front(sheet string) {
	widths := []float64{34, 14, 10, 60}
	var rows []sheetRow
	add := func(cells ...excelize.Cell) { rows = append(rows, sheetRow{cells: cells}) }
	// paragraph goes across all columns.
	paragraph := func(words string) {
		words = oneLine(words)
		rows = append(rows, sheetRow{
			cells:  []excelize.Cell{{Value: words, StyleID: b.style(cellStyle{wrap: true})}},
			lines:  linesOf(words, widths[0]+widths[1]+widths[2]+widths[3]),
			across: len(widths),
		})
	}
	words := func(s string, style cellStyle) excelize.Cell {
		return excelize.Cell{Value: oneLine(s), StyleID: b.style(style)}
	}
	add(words(b.d.Title, cellStyle{title: true}))
	rows[0].lines = 2
	add(words(b.d.Period, cellStyle{}))
	add(words(b.d.Centre, cellStyle{}))
	add(words(b.d.AsOf, cellStyle{soft: true}))
	var each func(blocks []Block)
	each = func(blocks []Block) {
		for _, block := range blocks {
			switch block := block.(type) {
			case *Figures:
				add()
				for _, f := range block.Items {
					f.Value.Tone = f.Value.tone(f.Tone)
					notes := strings.Join(f.Notes, "; ")
					add(words(f.Name, cellStyle{wrap: true}), b.cell(f.Value, false),
						words(b.unit(f.Value.Kind), cellStyle{soft: true}),
						words(notes, cellStyle{soft: true, wrap: true}))
					rows[len(rows)-1].lines = max(linesOf(f.Name, widths[0]), linesOf(notes, widths[3]))
				}
			case *Prose:
				add()
				paragraph(block.Text)
			case *Beside:
				each(block.Blocks)
			}
		}
	}
	each(b.d.Blocks)
	if len(b.list) > 0 {
		add()
	}
	for _, l := range b.list {
		add(words(l.title, cellStyle{link: true}))
		b.check(b.SetCellHyperLink(sheet, cellName(1, len(rows)), quoted(l.sheet)+"!A1", "Location"))
	}
	if len(b.d.Method) > 0 {
		add()
		add(words(b.d.Words.Method, cellStyle{head: true, left: true}))
		for _, m := range b.d.Method {
			paragraph(m)
		}
	}
	b.printed(sheet, "portrait")
	b.stream(sheet, widths, rows)
	b.SetActiveSheet(0)
}

// sheetRow is a row of so many lines, 0 is one; its first cell may go across columns.
type sheetRow struct {
	cells  []excelize.Cell
	lines  int
	across int
}

// lineHeight is that of a line of cells, in points.
const lineHeight = 15

// linesOf is how many lines the words take in a column so many characters wide.
func linesOf(words string, wide float64) int {
	lines, now := 1, 0.0
	for word := range pieces(words) {
		n := float64(utf8.RuneCountInString(word)) * 1.08 // letters of Cyrillic are broader than the digits widths are counted in
		if now > 0 && now+1+n > wide {
			lines, now = lines+1, 0
		}
		for ; n > wide; n -= wide {
			lines++
		}
		now += n + 1
	}
	return min(lines, 20)
}

// stream writes the rows. Charts, filters and links are set before it: afterwards the
// sheet is written and closed.
func (b *book) stream(sheet string, widths []float64, rows []sheetRow) {
	if b.err != nil {
		return
	}
	out, err := b.NewStreamWriter(sheet)
	if err != nil {
		b.check(err)
		return
	}
	for i, w := range widths {
		b.check(out.SetColWidth(i+1, i+1, w))
	}
	for n, row := range rows {
		cells := make([]any, len(row.cells))
		for i, c := range row.cells {
			cells[i] = c
		}
		var options []excelize.RowOpts
		if row.lines > 1 {
			options = append(options, excelize.RowOpts{Height: lineHeight * float64(row.lines)})
		}
		b.check(out.SetRow(cellName(1, n+1), cells, options...))
		if row.across > 1 {
			b.check(out.MergeCell(cellName(1, n+1), cellName(row.across, n+1)))
		}
	}
	b.check(out.Flush())
}

// cellName is the name of a cell: 1, 1 is A1.
func cellName(column, row int) string {
	name, _ := excelize.CoordinatesToCellName(column, row)
	return name
}
