package exchange

import (
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"otklik/app"
)

// row is one row of data, read by field.
type row struct {
	*reading
	record
	zone    *time.Location // of the moments in this row
	badDate string         // first value that should have been a moment and is not
	bad     bool
}

// raw is the value as it stands, without the space around it; "" where the
// file has no such column.
func (r *row) raw(f field) string {
	c, ok := r.table.columns[f]
	if !ok || c >= len(r.fields) {
		return ""
	}
	return tidy(r.fields[c])
}

// phrase is a value on one line, "" for the signs that stand for nothing.
func (r *row) phrase(f field) string {
	v := strings.Join(strings.Fields(r.raw(f)), " ")
	if isNothing(v) {
		return ""
	}
	return v
}

// layouts of dates and times in use.
var layouts = []string{
	"2006-01-02 15:04:05",
	"2006-01-02 15:04",
	"2006-01-02T15:04:05",
	"2006-01-02",
	"02.01.2006 15:04:05",
	"02.01.2006 15:04",
	"02.01.2006",
	"01/02/2006 03:04:05 PM",
}

// moment reads a date and time of the row's zone. An empty value is the zero
// time; one that cannot be read marks the row as bad.
func (r *row) moment(f field) time.Time {
	v := r.raw(f)
	if isNothing(v) {
		return time.Time{}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, v, r.zone); err == nil && sensible(t) {
			return t
		}
	}
	if t, err := time.Parse(time.RFC3339, v); err == nil && sensible(t) {
		return t
	}
	if days, err := strconv.ParseFloat(v, 64); err == nil && r.table.workbook {
		if t, err := excelize.ExcelDateToTime(days, r.table.date1904); err == nil && sensible(t) {
			t = t.Round(time.Second)
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, r.zone)
		}
	}
	if !r.bad {
		r.bad, r.badDate = true, v
	}
	return time.Time{}
}

// sensible leaves out years that can only be a slip of the hand, and that the
// formats we keep moments in cannot hold.
func sensible(t time.Time) bool { return t.Year() >= 1970 && t.Year() < 2200 }

// isNothing says whether a value stands for an empty one.
func isNothing(v string) bool { return v == "" || v == "-" || v == "'" }

// tidy cuts off the space around, no-break spaces and byte order marks
// included.
func tidy(s string) string {
	return strings.TrimSpace(strings.Trim(s, "\ufeff\u200b \t\r\n"))
}

// event makes an event whose ID follows from what it is, so that the same file
// read twice tells the same history.
func event(appeal string, t app.EventType, at time.Time) app.Event {
	moment := ""
	if !at.IsZero() {
		moment = at.UTC().Format(time.RFC3339)
	}
	return app.Event{ID: app.IDFrom(appeal, string(t), moment), Type: t, At: at.UTC()}
}
