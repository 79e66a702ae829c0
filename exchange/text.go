package exchange

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// separators in use; the one under which the headings fit is the file's.
var separators = []rune{';', ',', '\t', '|'}

// openText reads CSV in any of the encodings Russian systems write.
func openText(r *Reader, s search) (*table, error) {
	encoding := s.how.Encoding
	if encoding == "" {
		var err error
		if encoding, err = encodingOf(r.file); err != nil {
			return nil, err
		}
	}
	s.how.Encoding = encoding
	begin := func(sep rune) (*textReader, error) {
		if _, err := r.file.Seek(0, io.SeekStart); err != nil {
			return nil, readError{err}
		}
		raw := &counted{in: r.file}
		t := &textReader{in: decoded(raw, encoding), raw: raw, sep: sep, line: 1, most: int(min(window, 3*r.size+1))}
		err := t.fill()
		t.text = strings.TrimPrefix(t.text, "\ufeff")
		return t, err
	}
	asked := separators
	if sep, _ := utf8.DecodeRuneInString(s.how.Separator); s.how.Separator != "" {
		asked = []rune{sep}
	}
	s.separators = asked
	// The table is the one with the most that is known of it, then with the most columns.
	var best *table
	var by rune
	for _, sep := range asked {
		t, err := begin(sep)
		if err != nil {
			return nil, err
		}
		if t.end && strings.TrimSpace(t.text) == "" {
			return nil, errNoRows
		}
		s.separator = sep
		found, _, err := s.find(t.next)
		if err != nil {
			if errors.As(err, new(readError)) {
				return nil, err
			}
			continue
		}
		if best == nil || len(found.columns) > len(best.columns) || len(found.columns) == len(best.columns) && found.width > best.width {
			best, by = found, sep
		}
	}
	if best == nil {
		return nil, errNoHeadings
	}
	// From the beginning, now that the width of a row is known.
	t, err := begin(by)
	if err != nil {
		return nil, err
	}
	s.how.Separator, s.separator = string(by), by
	r.next = t.next
	if t.width = best.width; best.bare {
		t.width = 0 // a line is a name whatever stands in it
		r.next = func() (record, bool, error) {
			rec, ok, err := t.next()
			return rec.whole(by), ok, err
		}
	}
	r.share = func() float64 { return min(1, float64(t.raw.n-int64(len(t.text)-t.at))/float64(r.size)) }
	if best, r.held, err = s.find(t.next); err != nil {
		return nil, err
	}
	best.text = true
	if best.bare && len(asked) > 1 { // none was said, and it has none
		best.found.Separator = ""
	}
	return best, nil
}

// counted counts what was read.
type counted struct {
	in io.Reader
	n  int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	c.n += int64(n)
	return n, err
}

// A text is read through a window. A row is looked for where at least rowMost
// bytes of the window are left, and one that is longer is broken: a quote was left
// open in it.
const (
	window  = 4 << 20
	rowMost = 1 << 20
)

// textReader reads records and, unlike csv.Reader, goes on after a record with
// broken quotes at the very next line: a quote left open must not swallow the
// rows that follow.
type textReader struct {
	in    io.Reader
	raw   *counted
	sep   rune
	width int // number of columns, 0 where it is not known yet
	most  int // bytes read at once: a byte of windows-1251 becomes three at most

	text string // the window
	end  bool   // the text ends where the window does
	at   int    // offset of the next record
	line int    // physical line of that offset

	rows  *csv.Reader // from begun on; nil: from at on
	begun int
	since int // physical line of begun
}

// fill moves the window on where little of it is left.
func (t *textReader) fill() error {
	if t.end || len(t.text)-t.at >= rowMost {
		return nil
	}
	more := make([]byte, t.most)
	n, err := io.ReadFull(t.in, more)
	if t.end = err == io.EOF || err == io.ErrUnexpectedEOF; err != nil && !t.end {
		return readError{err}
	}
	t.text = t.text[t.at:] + string(more[:n])
	t.at, t.rows = 0, nil
	return nil
}

// next reads a record; ok is false after the last.
func (t *textReader) next() (rec record, ok bool, err error) {
	if err := t.fill(); err != nil {
		return record{}, false, err
	}
	if t.at >= len(t.text) {
		return record{}, false, nil
	}
	if t.rows == nil {
		t.rows, t.begun, t.since = t.csv(t.text[t.at:], false), t.at, t.line
	}
	fields, err := t.rows.Read()
	if errors.Is(err, io.EOF) {
		t.at = len(t.text)
		return record{}, false, nil
	}
	end := t.begun + int(t.rows.InputOffset())
	if err == nil && (t.end || end < len(t.text)) {
		first, _ := t.rows.FieldPos(0)
		if t.width == 0 || len(fields) == t.width || !t.swallowed(t.text[t.at:end]) {
			rec := record{line: t.since + first - 1, fields: fields}
			t.line += strings.Count(t.text[t.at:end], "\n")
			t.at = end
			return rec, true, nil
		}
	}
	t.skipBlank()
	t.rows = nil
	return t.single(), true, nil
}

func (t *textReader) csv(text string, lazy bool) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = t.sep, lazy, -1
	return r
}

// swallowed says whether a record with the wrong number of fields spans lines
// one of which is a whole row by itself: a quote left open has eaten it.
func (t *textReader) swallowed(raw string) bool {
	lines := strings.Split(strings.Trim(raw, "\r\n"), "\n")
	for _, line := range lines[1:] {
		if fields, err := t.csv(line, true).Read(); err == nil && len(fields) == t.width {
			return true
		}
	}
	return false
}

// skipBlank puts the reader past blank lines.
func (t *textReader) skipBlank() {
	for {
		rest := t.text[t.at:]
		switch {
		case strings.HasPrefix(rest, "\r\n"):
			t.at += 2
		case strings.HasPrefix(rest, "\n"):
			t.at++
		default:
			return
		}
		t.line++
	}
}

// single reads one physical line forgivingly, as in `7;ООО "Ромашка";да`.
// Where even so the number of fields is wrong, the row is broken.
func (t *textReader) single() record {
	text := t.text[t.at:]
	next := len(text)
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		next = i + 1
	}
	rec := record{line: t.line}
	fields, err := t.csv(text[:next], true).Read()
	rec.fields = fields
	rec.broken = err != nil || t.width > 0 && len(fields) != t.width
	t.at += next
	t.line++
	return rec
}
