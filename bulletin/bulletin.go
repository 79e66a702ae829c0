package bulletin

import (
	"io"
	"strings"
	"time"

	"otklik/app"
	"otklik/report"
)

// Kind is one of the documents.
type Kind string

// Kinds of documents.
const (
	KindRanking  Kind = "ranking"  // authorities by response time, weekly
	KindTopics   Kind = "topics"   // the month's top topics
	KindWeek     Kind = "week"     // the week's total
	KindFlow     Kind = "flow"     // new against closed, with the backlog
	KindQuarter  Kind = "quarter"  // by channel and month
	KindPages    Kind = "pages"    // what is wrong with the public pages
	KindOverview Kind = "overview" // the screen «Аналитика» on one page
)

// Kinds lists all kinds in the order they are offered.
var Kinds = []Kind{KindRanking, KindTopics, KindWeek, KindFlow, KindQuarter, KindPages, KindOverview}

// Format is a form a document is written in; it is the extension of the file, too.
type Format string

// Formats of documents.
const (
	PDF  Format = "pdf"
	XLSX Format = "xlsx"
	PNG  Format = "png"
	SVG  Format = "svg"
	Text Format = "txt" // for a messenger
)

// Formats lists all formats in the order they are offered.
var Formats = []Format{PDF, XLSX, PNG, SVG, Text}

// ParseKind and ParseFormat read what was typed. Errors: CodeBadArgument with the list
// of what may be typed.
func ParseKind(s string) (Kind, error) { return parse(s, Kinds) }

// ParseFormat is described at ParseKind.
func ParseFormat(s string) (Format, error) { return parse(s, Formats) }

func parse[T ~string](s string, all []T) (T, error) {
	names := make([]string, len(all))
	for i, one := range all {
		if strings.EqualFold(s, string(one)) {
			return one, nil
		}
		names[i] = string(one)
	}
	return "", app.Fail(app.CodeBadArgument, s, strings.Join(names, ", "))
}

// flowWeeks is how many weeks the flow shows: a quarter, in which a backlog that grows is
// told from a bad week.
const flowWeeks = 13

// Usual is the period a document is made for on the day, where nobody asks for another:
// the last one that is over, so that figures printed on a wall do not change.
func Usual(k Kind, today app.Day) app.Period {
	at := today.In(time.UTC)
	monday := today - app.Day((int(at.Weekday())+6)%7)
	first := func(back int) app.Day { // of the month so many months ago
		return app.DayOf(time.Date(at.Year(), at.Month()-time.Month(back), 1, 0, 0, 0, 0, time.UTC))
	}
	switch k {
	case KindTopics:
		return app.Period{From: first(1), To: first(0) - 1}
	case KindFlow:
		return app.Period{From: monday - 7*flowWeeks, To: monday - 1}
	case KindQuarter:
		into := (int(at.Month()) - 1) % 3 // months of this quarter that are over
		return app.Period{From: first(into + 3), To: first(into) - 1}
	case KindOverview:
		return app.Period{From: today - 30, To: today - 1}
	case KindPages: // of which the state alone is known
		return app.Period{From: today, To: today}
	}
	return app.Period{From: monday - 7, To: monday - 1}
}

// writers are the ways to write a document, by format.
var writers = map[Format]func(io.Writer, *report.Document) error{
	PDF: report.WritePDF, XLSX: report.WriteXLSX, PNG: report.WritePNG, SVG: report.WriteSVG, Text: report.WriteText,
}

// Write writes the document in the format.
func Write(w io.Writer, d *report.Document, f Format) error {
	write := writers[f]
	if write == nil {
		_, err := ParseFormat(string(f))
		return err
	}
	return write(w, d)
}

// FileName is the usual name of the file: of the kind, the period and what it was
// narrowed to, so that no document takes the place of another.
func FileName(d *report.Document, f Format) string { return d.Name + "." + string(f) }
