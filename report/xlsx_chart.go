package report

import (
	"math"

	"github.com/xuri/excelize/v2"
)

var nativeTypes = map[NativeKind]excelize.ChartType{
	NativeLine:    excelize.Line,
	NativeColumn:  excelize.Col,
	NativeBar:     excelize.Bar,
	NativeStacked: excelize.AreaStacked,
}

// chart draws the table beside it as the spreadsheet's own chart, over the columns
// that are of one kind with the first: numbers of different kinds have no common axis.
func (b *book) chart(sheet string, t *Table, title string, native NativeKind) {
	kind, known := nativeTypes[native]
	first := -1
	for i, c := range t.Columns {
		if i > 0 && c.Kind.number() && c.Kind != ValueDay {
			first = i
			break
		}
	}
	if !known || first < 0 {
		return
	}
	what := t.Columns[first].Kind
	last := len(t.Rows) + 1
	span := func(column int) string {
		from, _ := excelize.CoordinatesToCellName(column+1, 2, true)
		to, _ := excelize.CoordinatesToCellName(column+1, last, true)
		return quoted(sheet) + "!" + from + ":" + to
	}
	c := &excelize.Chart{
		Type:         kind,
		Title:        excelize.ChartTitle{Paragraph: richly(title)},
		Legend:       excelize.ChartLegend{Position: "bottom"},
		ShowBlanksAs: "gap",
		Dimension:    excelize.ChartDimension{Width: 720, Height: 380},
		Format:       excelize.GraphicOptions{AltText: oneLine(title)},
		XAxis:        excelize.ChartAxis{Title: excelize.ChartTitle{Paragraph: richly(t.Columns[0].Title)}},
		YAxis:        excelize.ChartAxis{MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: formats[what]}},
	}
	if what == ValueDuration {
		c.YAxis.NumFmt.CustomNumFmt = "[h]:mm"
	}
	if t.Columns[0].Kind == ValueDay {
		c.XAxis.NumFmt = excelize.ChartNumFmt{CustomNumFmt: "dd.mm"}
	}
	least, most, series, gaps := 0.0, 0.0, 0, false
	for i := first; i < len(t.Columns); i++ {
		if t.Columns[i].Kind != what {
			continue
		}
		name, _ := excelize.CoordinatesToCellName(i+1, 1, true)
		s := excelize.ChartSeries{Name: quoted(sheet) + "!" + name, Categories: span(0), Values: span(i)}
		if native == NativeLine {
			s.Marker.Symbol = "circle"
			s.Marker.Size = 4
			s.Line.Width = 1.75
		}
		c.Series = append(c.Series, s)
		series++
		for _, row := range t.Rows {
			if i >= len(row) || row[i].None {
				gaps = true
			} else {
				least, most = min(least, row[i].cellNumber()), max(most, row[i].cellNumber())
			}
		}
	}
	if gaps && native == NativeStacked {
		c.Type = excelize.ColStacked // areas would fall to zero where nothing is known
	}
	if n := len(t.Rows); n > 12 && native != NativeBar {
		c.XAxis.TickLabelSkip = (n + 30) / 31
		c.XAxis.Alignment.TextRotation = -90 // LibreOffice would write one over another
	}
	c.XAxis.Font, c.YAxis.Font = chartFont, chartFont
	axis := b.unit(what)
	if series == 1 {
		c.Legend.Position = "none"
		axis = b.heading(t.Columns[first])
	}
	if axis != "" {
		c.YAxis.Title = excelize.ChartTitle{Paragraph: richly(axis)}
	}
	if native != NativeLine && least >= 0 {
		zero := 0.0
		c.YAxis.Minimum = &zero
	}
	if what == ValueDuration && native != NativeStacked {
		c.YAxis.MajorUnit = roundHours(most*24) / 24
	}
	c.XAxis.ReverseOrder = native == NativeBar // the first row on top
	b.check(b.AddChart(sheet, cellName(len(t.Columns)+2, 2), c))
}

// chartFont is that of the axes; the usual one is too pale to read.
var chartFont = excelize.Font{Size: 9, Color: "56616F"}

// roundHours is the step of an axis up to so many hours: a spreadsheet would choose
// tenths of a day.
func roundHours(most float64) float64 {
	for _, step := range []float64{1.0 / 12, 0.25, 0.5, 1, 2, 4, 6, 12, 24, 48} {
		if most/step <= 8 {
			return step
		}
	}
	return math.Ceil(most/8/24) * 24
}

// richly is the words of a title.
func richly(words string) []excelize.RichTextRun {
	if words = oneLine(words); words == "" {
		return nil
	}
	return []excelize.RichTextRun{{Text: words, Font: &excelize.Font{Size: 11}}}
}
