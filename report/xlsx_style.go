package report

import "github.com/xuri/excelize/v2"

// cellStyle is what a cell looks like.
type cellStyle struct {
	kind                                 ValueKind
	tone                                 Tone
	title, head, total, soft, wrap, left bool
	link                                 bool
}

// Formats of numbers, in the language of the file, which is English; the program that
// opens it writes them as its user does.
var formats = map[ValueKind]string{
	ValueCount:    "#,##0",
	ValueDecimal:  "#,##0.0",
	ValueShare:    "0.0%",
	ValueChange:   "+0.0%;\u22120.0%;0.0%",
	ValueSigned:   "+#,##0;\u2212#,##0;0",
	ValueDuration: "[h]:mm:ss",
	ValueDay:      "dd.mm.yyyy",
}

// style gives the number of the style in the workbook, which is made once.
func (b *book) style(s cellStyle) int {
	if id, ok := b.styles[s]; ok {
		return id
	}
	font := &excelize.Font{Family: "Calibri", Size: 11, Bold: s.title || s.head || s.total || s.tone != ToneNone}
	out := &excelize.Style{Font: font, Alignment: &excelize.Alignment{Vertical: "top", WrapText: s.wrap || s.head}}
	switch {
	case s.title:
		font.Size = 16
	case s.soft:
		font.Color = "56616F"
	case s.link:
		font.Color, font.Underline = "1D4E9E", "single"
	case s.tone == ToneGood:
		font.Color = "17693A"
	case s.tone == ToneBad:
		font.Color = "A61B1B"
	}
	if s.head {
		out.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEF1F5"}}
		out.Border = []excelize.Border{{Type: "bottom", Color: "56616F", Style: 1}}
		out.Alignment.Vertical = "bottom"
		if !s.left {
			out.Alignment.Horizontal = "right"
		}
	}
	if s.total {
		out.Border = []excelize.Border{{Type: "top", Color: "56616F", Style: 1}}
	}
	if f, ok := formats[s.kind]; ok {
		out.CustomNumFmt = &f
	}
	id, err := b.NewStyle(out)
	b.check(err)
	b.styles[s] = id
	return id
}
