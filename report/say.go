package report

import (
	"strconv"
	"strings"
	"time"
)

// say is the value as people read it.
func (d *Document) say(v Value) string {
	switch {
	case !v.None && (v.Kind == ValueWords || v.Kind == ValueLink):
		return v.Words
	case d.Words.Value != nil:
		return d.Words.Value(v)
	case v.None:
		return "—"
	case v.Kind == ValueDay:
		return v.day().Format(time.DateOnly)
	case v.Kind == ValueDuration:
		return (time.Duration(v.Number) * time.Second).String()
	}
	return strconv.FormatFloat(v.Number, 'f', -1, 64)
}

// mark is the value with a sign where only its colour would say that it is bad;
// numbers stay in one piece. What is good has no sign and is set bold.
func (d *Document) mark(v Value) string {
	s := d.say(v)
	if !v.number() {
		return s
	}
	s = strings.ReplaceAll(s, " ", "\u00a0")
	if v.Tone == ToneBad && !v.None && v.Kind != ValueChange && v.Kind != ValueSigned {
		return "!\u00a0" + s
	}
	return s
}

// pageOf says which page it is.
func (d *Document) pageOf(n, of int) string {
	if d.Words.Page != nil {
		return d.Words.Page(n, of)
	}
	return strconv.Itoa(n) + " / " + strconv.Itoa(of)
}

// number says whether the value is written to the right.
func (v Value) number() bool { return v.Kind.number() }

func (k ValueKind) number() bool { return k != ValueWords && k != ValueLink }

// day is the date of a ValueDay.
func (v Value) day() time.Time { return time.Unix(int64(v.Number)*86400, 0).UTC() }

// web says whether the address may be followed: a page of the web and nothing that
// runs on the reader's machine.
func web(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}
