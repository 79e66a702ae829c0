package exchange

import (
	"strings"
	"time"

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
	v := tidy(r.fields[c])
	if own := bare(v); r.table.text && own != v && harmless(own) == v {
		return own // it was written so lest it be run
	}
	return v
}

// phrase is a value on one line, "" for the signs that stand for nothing.
func (r *row) phrase(f field) string {
	v := strings.Join(strings.Fields(r.raw(f)), " ")
	if isNothing(v) {
		return ""
	}
	return v
}

// moment reads a date and time of the row's zone. An empty value is the zero
// time; one that cannot be read marks the row as bad.
func (r *row) moment(f field) time.Time {
	v := r.raw(f)
	if isNothing(v) {
		return time.Time{}
	}
	t := r.table
	at, ok := dateOf(v, dating{monthFirst: t.monthFirst[t.columns[f]], serial: t.workbook, date1904: t.date1904, zone: r.zone})
	if !ok {
		if !r.bad {
			r.bad, r.badDate = true, v
		}
		r.wrong(f, "bad_date")
		return time.Time{}
	}
	return at
}

// wrong marks the cell of a field, where somebody looks.
func (r *row) wrong(f field, reason string) {
	if c, has := r.table.columns[f]; has && r.problems != nil {
		r.problems[c] = reason
	}
}

// refuse leaves the row out because of one field.
func (r *row) refuse(f field, reason, detail string) {
	r.wrong(f, reason)
	r.skip(r.line, reason, detail)
}

// skipDates leaves the row out because of its moments.
func (r *row) skipDates() { r.skip(r.line, "bad_date", r.badDate) }

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
