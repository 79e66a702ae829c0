package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

var errNotText = errors.New("not a text file")

// separators in use; the one under which the headings fit is the file's.
var separators = []rune{';', ',', '\t'}

// readText reads CSV in UTF-8, with or without a byte order mark, or in
// windows-1251.
func readText(data []byte) (*table, error) {
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, errNotText
	}
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, errNoRows
	}
	for _, sep := range separators {
		head := newTextReader(text, sep).records(headingDepth, 0)
		found, err := find(head)
		if err != nil {
			continue
		}
		all := newTextReader(text, sep).records(-1, found.width)
		return find(all)
	}
	return nil, errNoHeadings
}

// decode takes what is not UTF-8 for windows-1251: Russian text in that
// encoding is never valid UTF-8 for long.
func decode(data []byte) (string, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	out, err := charmap.Windows1251.NewDecoder().Bytes(data)
	return string(out), err
}

// textReader reads records and, unlike csv.Reader, goes on after a record with
// broken quotes at the very next line: a quote left open must not swallow the
// rows that follow.
type textReader struct {
	text string
	sep  rune
	at   int // offset of the next record
	line int // physical line of that offset
}

func newTextReader(text string, sep rune) *textReader {
	return &textReader{text: text, sep: sep, line: 1}
}

// records reads up to limit records, all where it is negative. width is the
// number of columns, 0 where it is not known yet.
func (t *textReader) records(limit, width int) []record {
	var out []record
	for t.at < len(t.text) && (limit < 0 || len(out) < limit) {
		start, line := t.at, t.line
		r := t.csv(t.text[start:], false)
		for limit < 0 || len(out) < limit {
			before := int(r.InputOffset())
			fields, err := r.Read()
			if errors.Is(err, io.EOF) {
				return out
			}
			if err == nil {
				first, _ := r.FieldPos(0)
				end := int(r.InputOffset())
				if width == 0 || len(fields) == width || !t.swallowed(t.text[start+before:start+end], width) {
					out = append(out, record{line: line + first - 1, fields: fields})
					continue
				}
			}
			t.move(start, line, before)
			out = append(out, t.single(width))
			break
		}
	}
	return out
}

func (t *textReader) csv(text string, lazy bool) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = t.sep, lazy, -1
	return r
}

// swallowed says whether a record with the wrong number of fields spans lines
// one of which is a whole row by itself: a quote left open has eaten it.
func (t *textReader) swallowed(raw string, width int) bool {
	lines := strings.Split(strings.Trim(raw, "\r\n"), "\n")
	for _, line := range lines[1:] {
		if fields, err := t.csv(line, true).Read(); err == nil && len(fields) == width {
			return true
		}
	}
	return false
}

// move puts the reader at the offset from start, past blank lines.
func (t *textReader) move(start, line, offset int) {
	t.at = start + offset
	t.line = line + strings.Count(t.text[start:t.at], "\n")
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
func (t *textReader) single(width int) record {
	text := t.text[t.at:]
	next := len(text)
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		next = i + 1
	}
	rec := record{line: t.line}
	fields, err := t.csv(text[:next], true).Read()
	rec.fields = fields
	rec.broken = err != nil || width > 0 && len(fields) != width
	t.at += next
	t.line++
	return rec
}
