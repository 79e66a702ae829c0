package report

import (
	"cmp"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// table writes a sheet of the table: the names in the first row, which stays in sight,
// filters, the rows, the total; what the table is stands under it, so that a program
// that reads the sheet finds names and rows alone. native draws a chart beside it.
func (b *book) table(t *Table, title string, native NativeKind) {
	sheet := b.sheetName(t.Title)
	b.list = append(b.list, listed{sheet, cmp.Or(oneLine(t.Title), sheet)})
	_, err := b.NewSheet(sheet)
	b.check(err)
	if b.err != nil {
		return
	}
	columns, last := len(t.Columns), len(t.Rows)+1
	widths := make([]float64, columns)
	head := make([]excelize.Cell, columns)
	for i, c := range t.Columns {
		name := b.heading(c)
		head[i] = excelize.Cell{Value: name, StyleID: b.style(cellStyle{head: true, left: !c.Kind.number()})}
		for word := range strings.FieldsSeq(name) {
			widths[i] = max(widths[i], float64(utf8.RuneCountInString(word))+4) // with the filter's button
		}
	}
	rows := []sheetRow{{cells: head}}
	for n, row := range t.Rows {
		cells := make([]excelize.Cell, min(len(row), columns))
		for i := range cells {
			cells[i] = b.cell(row[i], false)
			widths[i] = max(widths[i], b.wide(row[i]))
			if to := row[i].Words; row[i].Kind == ValueLink && !row[i].None && web(to) && len(to) < 2000 {
				b.check(b.SetCellHyperLink(sheet, cellName(i+1, n+2), to, "External"))
			}
		}
		rows = append(rows, sheetRow{cells: cells})
	}
	if t.Total != nil {
		cells := make([]excelize.Cell, min(len(t.Total), columns))
		for i := range cells {
			cells[i] = b.cell(t.Total[i], true)
			widths[i] = max(widths[i], b.wide(t.Total[i]))
			if sums(t, i) {
				cells[i].Formula = "SUM(" + cellName(i+1, 2) + ":" + cellName(i+1, last) + ")"
			}
		}
		rows = append(rows, sheetRow{cells: cells})
	}
	rows = append(rows, sheetRow{})
	for _, words := range []string{t.Title, t.Note, b.d.Period, b.d.AsOf} {
		if words = oneLine(words); words != "" {
			rows = append(rows, sheetRow{cells: []excelize.Cell{{Value: words, StyleID: b.style(cellStyle{soft: true})}}})
		}
	}
	for i := range widths {
		widths[i] = min(max(widths[i], 8), 60)
		rows[0].lines = max(rows[0].lines, linesOf(b.heading(t.Columns[i]), widths[i]-4))
	}
	for n, row := range t.Rows {
		for i, v := range row[:min(len(row), columns)] {
			if !v.Kind.number() {
				rows[n+1].lines = max(rows[n+1].lines, linesOf(v.Words, widths[i]))
			}
		}
	}
	b.check(b.AutoFilter(sheet, "A1:"+cellName(columns, last), nil))
	b.check(b.SetPanes(sheet, &excelize.Panes{
		Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: "A2", ActiveCell: "A2", Pane: "bottomLeft"}},
	}))
	b.printed(sheet, "landscape")
	b.check(b.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: sheet, RefersTo: quoted(sheet) + "!$1:$1",
	}))
	if native != "" && len(t.Rows) > 0 {
		b.chart(sheet, t, title, native)
	}
	b.stream(sheet, widths, rows)
}

// printed fits the sheet to the width of A4.
func (b *book) printed(sheet, lie string) {
	a4, one, many, fit := 9, 1, 0, true
	b.check(b.SetPageLayout(sheet, &excelize.PageLayoutOptions{
		Size: &a4, Orientation: &lie, FitToWidth: &one, FitToHeight: &many,
	}))
	b.check(b.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
}

// quoted is the name of a sheet as formulas have it.
func quoted(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

// heading is the name of a column with the unit of its bare numbers.
func (b *book) heading(c TableColumn) string {
	name, unit := oneLine(c.Title), b.unit(c.Kind)
	if unit == "" || strings.Contains(name, unit) {
		return name
	}
	return name + ", " + unit
}

// unit is that of bare numbers; shares have their sign in the format.
func (b *book) unit(k ValueKind) string {
	if b.d.Words.Unit == nil || !k.number() || k == ValueShare || k == ValueChange {
		return ""
	}
	return oneLine(b.d.Words.Unit(k))
}

// wide is the width of a column in which the value is seen, in characters.
func (b *book) wide(v Value) float64 { return float64(utf8.RuneCountInString(b.d.say(v))) + 2 }

// sums says whether the total of the column is the sum of its rows: a median is not.
func sums(t *Table, column int) bool {
	total := t.Total[column]
	switch t.Columns[column].Kind {
	case ValueCount, ValueSigned, ValueDecimal, ValueDuration:
	default:
		return false
	}
	if total.None || !total.Kind.number() || len(t.Rows) == 0 {
		return false
	}
	sum := 0.0
	for _, row := range t.Rows {
		if column < len(row) && !row[column].None && row[column].Kind.number() {
			sum += row[column].Number
		}
	}
	return math.Abs(sum-total.Number) <= 1e-9*max(1, math.Abs(sum))
}

// cell is the value as a number, or words.
func (b *book) cell(v Value, total bool) excelize.Cell {
	style := cellStyle{kind: v.Kind, total: total, tone: v.Tone, wrap: !v.Kind.number(), link: v.Kind == ValueLink && web(v.Words)}
	out := excelize.Cell{StyleID: b.style(style)}
	switch {
	case v.None:
	case !v.Kind.number():
		if words := oneLine(v.Words); words != "" {
			out.Value = words
		}
	default:
		if n := v.cellNumber(); !math.IsNaN(n) && !math.IsInf(n, 0) {
			out.Value = n
		}
	}
	return out
}

// cellNumber is the number as spreadsheets count it: days since 1900, durations in
// days.
func (v Value) cellNumber() float64 {
	switch v.Kind {
	case ValueDay:
		return v.Number + 25569
	case ValueDuration:
		return v.Number / 86400
	}
	return v.Number
}
