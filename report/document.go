package report

import "time"

// Document is what a centre publishes: figures, tables and charts in order, with what
// a reader needs to trust them. It is made once and written as PDF, XLSX, PNG, SVG or
// plain text; every form says the same numbers.
type Document struct {
	Name   string // of files, in Latin letters: "weekly-ranking"
	Lang   string // "ru"
	Centre string // whose document it is
	Title  string
	Period string // «16–22 ноября 2026»
	AsOf   string // «Данные на 23.11.2026, 08:00»
	// Made is the moment of AsOf; files bear it as their date, so that equal figures
	// make equal files. Zero: not known.
	Made time.Time
	// OnePage makes everything smaller, to two thirds at most, for the sake of fitting
	// one page.
	OnePage bool
	Blocks  []Block
	// Method says what the figures are and how they were reckoned; Brief what of it a
	// message must not go without.
	Method []string
	Brief  []string
	Words  DocumentWords
}

// DocumentWords are the words of the forms, and the formats of their values.
type DocumentWords struct {
	Page   func(n, of int) string // «Страница 2 из 3»
	More   func(n int) string     // rows that a message leaves out: «и ещё 12»
	Method string                 // heading of Method: «Как посчитано»
	Value  func(Value) string     // as people read it: «2 ч 48 мин», «94,2 %», «—»
	Unit   func(ValueKind) string // in a heading of XLSX, where a cell is a bare number: «ч»
	Sheet  string                 // name of a sheet without a title
}

// Block is a part of a document: *Figures, *Table, *Chart, *Prose or *Beside.
type Block interface{ block() }

// Figures are a row of large numbers.
type Figures struct{ Items []Figure }

// Figure is one of them.
type Figure struct {
	Name  string
	Value Value
	Notes []string // what it is compared with, of how many
	Tone  Tone
}

// Table has a value a cell; every row has as many cells as there are columns.
type Table struct {
	Title   string
	Columns []TableColumn
	Rows    [][]Value
	Total   []Value // nil: none
	Note    string
	Spare   bool // left out of a message
}

// TableColumn of a table.
type TableColumn struct {
	Title string
	Kind  ValueKind
	Wide  float64 // share of the width; 0: as its words need
	Spare bool    // left out of a message
}

// Chart is a picture with the numbers it was drawn from.
type Chart struct {
	Title string
	Note  string // unit, n, what the bands are, that the last day is not over
	Draw  func(Look) Picture
	// Size on a page, as height / width.
	Ratio float64
	// Data are the numbers of the chart: the first column names the points.
	Data Table
	// Native says how a spreadsheet draws Data; "" leaves the numbers alone.
	Native NativeKind
}

// Prose is a paragraph.
type Prose struct{ Text string }

// Beside are blocks side by side on a page; where they are taller than a page, and in
// forms without pages, they follow one another.
type Beside struct{ Blocks []Block }

func (*Figures) block() {}
func (*Table) block()   {}
func (*Chart) block()   {}
func (*Prose) block()   {}
func (*Beside) block()  {}

// NativeKind is a chart of a spreadsheet.
type NativeKind string

// Charts of a spreadsheet.
const (
	NativeLine    NativeKind = "line"
	NativeColumn  NativeKind = "column"
	NativeBar     NativeKind = "bar"
	NativeStacked NativeKind = "stacked" // areas
)

// ValueKind says what a number is.
type ValueKind int

// Kinds of values.
const (
	ValueWords    ValueKind = iota
	ValueCount              // whole
	ValueDecimal            // one place
	ValueShare              // 0…1
	ValueChange             // of shares, as a share 0…1 with its sign
	ValueSigned             // whole, with its sign
	ValueDuration           //
	ValueDay                // a date
	ValueLink
)

// Value is a cell: a number of its kind, words, or nothing.
type Value struct {
	Kind   ValueKind
	Number float64 // durations in seconds, days since 1970
	Words  string  // of ValueWords and ValueLink
	None   bool    // not known, which is not zero
	Tone   Tone
}

// Tone says whether a value is good; colour never speaks alone, so that the forms add
// a sign where the words do not say it.
type Tone int

// Tones.
const (
	ToneNone Tone = iota
	ToneGood
	ToneBad
)

// None is a value that is not known.
func None(k ValueKind) Value { return Value{Kind: k, None: true} }

// Words is a cell of words.
func Words(s string) Value { return Value{Words: s} }

// Count is a whole number.
func Count(n int) Value { return Value{Kind: ValueCount, Number: float64(n)} }

// Ratio is a share 0…1.
func Ratio(v float64) Value { return Value{Kind: ValueShare, Number: v} }

// Duration is a length of time, to the second.
func Duration(d time.Duration) Value {
	return Value{Kind: ValueDuration, Number: d.Round(time.Second).Seconds()}
}
