package exchange

import (
	"bufio"
	"encoding/json/jsontext"
	"errors"
	"io"
	"path/filepath"
	"strings"
)

// JSON is read as a table: each object of the list is a row, and each name in it a
// column; names of objects inside are joined by points, items of lists by commas.
const (
	jsonDeep    = 8    // levels of a row that are read
	jsonColumns = 1000 // names
)

// isJSON goes by the name and by the first sign of the text.
func isJSON(name string, mark []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json", ".jsonl", ".geojson":
		return true
	}
	text := strings.TrimLeft(strings.TrimPrefix(string(mark), "\ufeff"), " \t\r\n")
	return strings.HasPrefix(text, "[{") || strings.HasPrefix(text, "{")
}

// openJSON reads the file twice, to know the names first. The line of a row is its number
// in the list, the first being 1.
func openJSON(r *Reader, s search) (*table, error) {
	encoding := s.how.Encoding
	if encoding == "" {
		var err error
		if encoding, err = encodingOf(r.file); err != nil {
			return nil, err
		}
	}
	names := &jsonRows{columns: map[string]int{}, encoding: encoding}
	if err := names.begin(r); err != nil {
		return nil, err
	}
	groups := false
	for {
		rec, ok, err := names.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		groups = groups || names.pairs && s.isGroup != nil && len(rec.fields) > 1 && s.isGroup(rec.fields[1])
	}
	if len(names.columns) == 0 {
		return nil, errNoRows
	}
	heading := make([]string, len(names.columns))
	for name, i := range names.columns {
		heading[i] = name
	}
	if groups && !names.mixed {
		heading = []string{"topic", "group"} // as lists of topics have them
	}
	rows := &jsonRows{columns: names.columns, encoding: encoding}
	if err := rows.begin(r); err != nil {
		return nil, err
	}
	s.how.Heading, s.how.Encoding = 0, encoding
	headed := false
	t, held, err := s.find(func() (record, bool, error) {
		if headed {
			return record{}, false, nil
		}
		headed = true
		return record{fields: heading}, true, nil
	})
	if err != nil {
		return nil, err
	}
	r.next, r.held = rows.next, held
	r.share = func() float64 { return min(1, float64(rows.raw.n)/float64(r.size)) }
	return t, nil
}

// jsonRows reads objects one by one.
type jsonRows struct {
	dec      *jsontext.Decoder
	encoding string
	raw      *counted
	in       *guarded
	columns  map[string]int
	line     int
	many     bool // objects follow each other without a list
	pairs    bool // one object is all there is: its names and values
	mixed    bool // not all of these values are texts
	done     bool
	size     int
}

// guarded bounds how much is read for one token.
type guarded struct {
	in   io.Reader
	left int
}

func (g *guarded) Read(b []byte) (int, error) {
	if g.left <= 0 {
		return 0, errHuge
	}
	n, err := g.in.Read(b[:min(len(b), g.left, 1<<16)])
	g.left -= n
	return n, err
}

// begin finds the list: the text itself, the first list in an object, or the object.
func (j *jsonRows) begin(r *Reader) error {
	if err := j.restart(r); err != nil {
		return err
	}
	if strings.EqualFold(filepath.Ext(r.name), ".jsonl") {
		j.many = true
		return nil
	}
	t, err := j.token()
	if err != nil {
		return err
	}
	if t.Kind() == '[' {
		return nil
	}
	if t.Kind() != '{' {
		return errNoRows
	}
	for {
		name, err := j.token()
		if err != nil {
			return err
		}
		if name.Kind() == '}' {
			break
		}
		value, err := j.token()
		if err != nil {
			return err
		}
		if value.Kind() == '[' && j.dec.PeekKind() == '{' {
			return nil
		}
		if err := j.pass(value.Kind()); err != nil {
			return err
		}
	}
	// No list of objects: from the beginning, as pairs.
	if err := j.restart(r); err != nil {
		return err
	}
	j.pairs = true
	j.columns["name"], j.columns["value"] = 0, 1
	_, err = j.token()
	return err
}

func (j *jsonRows) restart(r *Reader) error {
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return readError{err}
	}
	j.raw = &counted{in: r.file}
	text := bufio.NewReader(decoded(j.raw, j.encoding))
	if mark, err := text.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = text.Discard(len(mark)) // was just seen
	} else if err != nil && err != io.EOF {
		return readError{err}
	}
	j.in = &guarded{in: text, left: window}
	j.dec = jsontext.NewDecoder(j.in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return nil
}

func (j *jsonRows) token() (jsontext.Token, error) {
	j.in.left = window
	t, err := j.dec.ReadToken()
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && j.dec.StackDepth() > 0 {
		err = io.ErrUnexpectedEOF
	}
	return t, err
}

// pass goes past the rest of a value that was begun.
func (j *jsonRows) pass(begun jsontext.Kind) error {
	if begun != '[' && begun != '{' {
		return nil
	}
	for depth := 1; depth > 0; {
		t, err := j.token()
		if err != nil {
			return err
		}
		switch t.Kind() {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
	}
	return nil
}

// next reads an object. A value that is none is a row without anything.
func (j *jsonRows) next() (rec record, ok bool, err error) {
	if j.done {
		return record{}, false, nil
	}
	t, err := j.token()
	if j.many && err == io.EOF {
		j.done = true
		return record{}, false, nil
	}
	if err != nil {
		return record{}, false, err
	}
	if k := t.Kind(); k == ']' || k == '}' {
		j.done = true
		return record{}, false, nil
	}
	j.line++
	rec, j.size = record{line: j.line}, 0
	if j.pairs {
		j.set(&rec, "name", t.String())
		if t, err = j.token(); err == nil {
			j.mixed = j.mixed || t.Kind() != '"'
			err = j.value(&rec, "value", t, 1)
		}
	} else {
		err = j.value(&rec, "", t, 0)
	}
	return rec, err == nil, err
}

func (j *jsonRows) value(rec *record, name string, t jsontext.Token, deep int) error {
	switch k := t.Kind(); {
	case k == 'n':
		return nil
	case k != '{' && k != '[':
		j.set(rec, name, t.String())
		return nil
	case deep == jsonDeep:
		return j.pass(k)
	case k == '[':
		for {
			item, err := j.token()
			if err != nil || item.Kind() == ']' {
				return err
			}
			if err := j.value(rec, name, item, deep+1); err != nil {
				return err
			}
		}
	}
	for {
		key, err := j.token()
		if err != nil || key.Kind() == '}' {
			return err
		}
		inner := key.String()
		if name != "" {
			inner = name + "." + inner
		}
		t, err := j.token()
		if err != nil {
			return err
		}
		if err := j.value(rec, inner, t, deep+1); err != nil {
			return err
		}
	}
}

// set puts a value under a name; a second one of the same name is an item of a list.
func (j *jsonRows) set(rec *record, name, v string) {
	i, known := j.columns[name]
	if !known {
		if len(j.columns) == jsonColumns || name == "" || len(name) > 200 {
			return
		}
		i = len(j.columns)
		j.columns[name] = i
	}
	if j.size += len(v); j.size > rowMost {
		rec.broken = true
		return
	}
	for len(rec.fields) <= i {
		rec.fields = append(rec.fields, "")
	}
	if rec.fields[i] != "" {
		v = rec.fields[i] + ", " + v
	}
	rec.fields[i] = v
}
