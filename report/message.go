package report

import (
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// messageMost is what messengers take as one message, in units of UTF-16.
const messageMost = 4096

// WriteText writes the document for a messenger: figures a line each, tables as
// numbered lists of their first rows. A table has ten rows, fewer where the message
// would be too long for one; what is too long even so is cut, with an ellipsis before
// the date of the data.
func WriteText(w io.Writer, d *Document) error {
	var text string
	for _, rows := range []int{10, 7, 5, 3, 1} {
		m := message{d: d, rows: rows}
		m.document()
		if text = strings.TrimSpace(m.String()) + "\n"; units(text) <= messageMost {
			return send(w, text)
		}
	}
	end := "\n…\n\n" + clipped(oneLine(d.AsOf), 200) + "\n"
	return send(w, clipped(text, messageMost-units(end))+end)
}

// clipped cuts the text to so many units at the end of a line, or anywhere in the
// first.
func clipped(text string, most int) string {
	n := 0
	for i, r := range text {
		if n += max(1, utf16.RuneLen(r)); n > most {
			text = text[:i]
			if line := strings.LastIndexByte(text, '\n'); line > 0 {
				text = text[:line]
			}
			return strings.TrimRight(text, "\n")
		}
	}
	return text
}

func send(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}

// units counts as messengers do.
func units(s string) (n int) {
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// message is the text in the making.
type message struct {
	strings.Builder
	d    *Document
	rows int // of a table, at most
}

// say writes a line of the pieces; a line of nothing is left out.
func (m *message) say(pieces ...string) {
	line := oneLine(strings.Join(pieces, ""))
	if line != "" {
		m.WriteString(line + "\n")
	}
}

func (m *message) gap() { m.WriteByte('\n') }

func (m *message) document() {
	d := m.d
	m.say(d.Title)
	m.say(d.Period)
	m.say(d.Centre)
	m.blocks(d.Blocks)
	m.gap()
	for _, l := range d.Brief {
		m.say(l)
	}
	m.say(d.AsOf)
}

// blocks writes what is words and numbers; charts have no place in a message.
func (m *message) blocks(blocks []Block) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *Figures:
			m.gap()
			for _, f := range b.Items {
				notes := strings.Join(f.Notes, "; ")
				if notes != "" {
					notes = " (" + notes + ")"
				}
				m.say("• ", f.Name, ": ", m.d.say(f.Value), notes)
			}
		case *Prose:
			m.gap()
			m.say(b.Text)
		case *Table:
			m.table(b)
		case *Beside:
			m.blocks(b.Blocks)
		}
	}
}

func (m *message) table(t *Table) {
	if len(t.Rows) == 0 || t.Spare {
		return
	}
	m.gap()
	m.say(t.Title)
	name := 0 // the column that names a row
	for i, c := range t.Columns {
		if !c.Kind.number() {
			name = i
			break
		}
	}
	for i, row := range t.Rows[:min(len(t.Rows), m.rows)] {
		number := strconv.Itoa(i + 1)
		if name == 1 && t.Columns[0].Kind == ValueCount && len(row) > 0 {
			number = m.d.say(row[0]) // a place of their own, shared ones too
		}
		m.say(number, ". ", m.row(t, row, name))
	}
	if n := len(t.Rows) - m.rows; n > 0 {
		if m.d.Words.More != nil {
			m.say(m.d.Words.More(n))
		} else {
			m.say("… +", strconv.Itoa(n))
		}
	}
	if t.Total != nil {
		m.say(m.row(t, t.Total, name))
	}
	m.say(t.Note)
}

// row is the name of the row and what the columns after it say.
func (m *message) row(t *Table, row []Value, name int) string {
	var b strings.Builder
	between := " — "
	for i, v := range row {
		if i >= len(t.Columns) || i < name && name == 1 {
			continue
		}
		words := m.d.say(v)
		switch {
		case words == "", t.Columns[i].Spare:
		case i == name:
			b.WriteString(words)
		default:
			b.WriteString(between + lowered(t.Columns[i].Title) + " " + words)
			between = ", "
		}
	}
	return b.String()
}

// lowered begins the words with a small letter, abbreviations apart.
func lowered(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// oneLine is the words without ends of lines, other control characters and what
// steers the direction of writing.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f':
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r) && r != '\u200d', r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}
