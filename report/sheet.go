package report

import (
	"bytes"
	"html/template"
)

// Sheet is one appeal on paper. Words come in whole; what they hold is escaped.
type Sheet struct {
	Lang    string // of the page, "ru"
	Centre  string // whose sheet it is
	Number  string
	Heading string
	Facts   []SheetFact
	Said    SheetCard
	// History is left out of the page where there is none.
	HistoryTitle string
	History      []SheetCard
	Foot         string // when it was printed, and whether it holds personal data
}

// SheetFact is a line of the head.
type SheetFact struct{ Name, Value string }

// SheetCard is something somebody said, or that happened.
type SheetCard struct{ Who, When, Text string }

// sheetPage loads nothing and runs nothing: the browser may be on line.
var sheetPage = template.Must(template.New("sheet").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{{.Number}}</title>
<style>
@page { size: A4; margin: 18mm 16mm 16mm 20mm; }
* { box-sizing: border-box; }
body { max-width: 174mm; margin: 12mm auto; color: #000; background: #fff; font: 11pt/1.45 "PT Serif", "Liberation Serif", "Times New Roman", serif; }
header { display: flex; justify-content: space-between; gap: 8mm; border-bottom: 1pt solid #000; padding-bottom: 2mm; }
h1 { font-size: 15pt; line-height: 1.25; margin: 5mm 0 4mm; }
h2 { font-size: 12pt; margin: 6mm 0 2mm; }
dl { display: grid; grid-template-columns: 42mm 1fr; gap: 1mm 4mm; margin: 0 0 5mm; }
dt { color: #444; }
dd { margin: 0; overflow-wrap: anywhere; }
p { margin: 1mm 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
article { border-left: 1.5pt solid #888; padding: 0 0 0 4mm; margin: 0 0 4mm; break-inside: avoid; }
article.said { border-color: #000; break-inside: auto; }
article b, article span { font-size: 10pt; }
article span { color: #444; }
footer { border-top: .5pt solid #888; margin-top: 8mm; padding-top: 2mm; font-size: 9pt; color: #444; }
@media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
<header><span>{{.Centre}}</span><b>{{.Number}}</b></header>
<h1>{{.Heading}}</h1>
<dl>{{range .Facts}}<dt>{{.Name}}</dt><dd>{{.Value}}</dd>
{{end}}</dl>
<article class="said"><b>{{.Said.Who}}</b> <span>{{.Said.When}}</span><p>{{.Said.Text}}</p></article>
{{if .History}}<h2>{{.HistoryTitle}}</h2>
{{range .History}}<article><b>{{.Who}}</b> <span>{{.When}}</span>{{if .Text}}<p>{{.Text}}</p>{{end}}</article>
{{end}}{{end}}<footer>{{.Foot}}</footer>
</body>
</html>
`))

// HTML gives the sheet as a page of its own, for A4.
func (s Sheet) HTML() ([]byte, error) {
	var b bytes.Buffer
	err := sheetPage.Execute(&b, s)
	return b.Bytes(), err
}
