package exchange

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// What a workbook may hold. A small archive can be made to unpack to terabytes, and one
// piece of XML to fill any memory; a spreadsheet takes no more than 32,767 characters
// in a cell.
const (
	unzipLimit = 4 << 30 // bytes of all parts that are read
	tokenMost  = 1 << 20 // bytes of a tag or a text
)

var errHuge = errors.New("workbook: larger than any spreadsheet makes it")

// isXLSX goes by the name, and by the archive's own mark for workbooks that
// were renamed.
func isXLSX(name string, mark []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx", ".xlsm":
		return true
	}
	return bytes.HasPrefix(mark, []byte("PK\x03\x04"))
}

// book is a workbook. Only values are read, row by row: formulas, macros, links to
// other files and pictures are never looked at.
type book struct {
	parts    map[string]*zip.File
	left     int64 // bytes that may still be unpacked
	names    []string
	paths    []string
	strings  *stringShelf // nil until a sheet is opened
	date1904 bool
	texts    string // the part of shared texts, "" where there is none
}

// openXLSX reads the sheet that was asked for, or the first with the headings. Values are
// raw: a duration is a number of days, however the cell shows it.
func openXLSX(r *Reader, s search) (*table, error) {
	b, err := openBook(r.file, r.size)
	if err != nil {
		return nil, err
	}
	r.done = b.close
	result := errNoRows
	for i, name := range b.names {
		if s.how.Sheet != "" && s.how.Sheet != name {
			continue
		}
		rows, err := b.rows(b.paths[i])
		if err != nil {
			return nil, err
		}
		sheet := s
		sheet.titles = append([]string{name}, s.titles...)
		t, held, err := sheet.find(rows.next)
		if err == nil {
			t.workbook, t.date1904, t.found.Sheet, t.sheets = true, b.date1904, name, b.names
			r.next, r.held, r.share = rows.next, held, rows.part.share
			r.done = func() error { return errors.Join(rows.part.close(), b.close()) }
			return t, nil
		}
		_ = rows.part.close() // only read
		switch {
		case errors.Is(err, errNoHeadings):
			result = err
		case !errors.Is(err, errNoRows):
			return nil, err
		}
	}
	return nil, result
}

// relationship types end in these words, in the transitional and the strict dialect.
const (
	relDocument = "/officeDocument"
	relTexts    = "/sharedStrings"
)

func openBook(in io.ReaderAt, size int64) (*book, error) {
	archive, err := zip.NewReader(in, size)
	if err != nil {
		return nil, err
	}
	b := &book{parts: make(map[string]*zip.File, len(archive.File)), left: unzipLimit}
	for _, f := range archive.File {
		b.parts[strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")] = f
	}
	main := "xl/workbook.xml"
	err = b.relations("", func(kind, _, target string) {
		if strings.HasSuffix(kind, relDocument) {
			main = target
		}
	})
	sheets := map[string]string{}
	if err == nil {
		err = b.relations(main, func(kind, id, target string) {
			if sheets[id] = target; strings.HasSuffix(kind, relTexts) {
				b.texts = target
			}
		})
	}
	if err == nil {
		err = b.each(main, func(e xml.StartElement) {
			switch e.Name.Local {
			case "workbookPr":
				v := attr(e, "date1904")
				b.date1904 = v == "1" || v == "true"
			case "sheet":
				if target := sheets[attr(e, "id")]; b.parts[target] != nil {
					b.names, b.paths = append(b.names, attr(e, "name")), append(b.paths, target)
				}
			}
		})
	}
	return b, err
}

// relations tells of what a part refers to inside the archive.
func (b *book) relations(of string, f func(kind, id, target string)) error {
	dir, base := path.Split(of)
	rels := path.Join(dir, "_rels", base+".rels")
	if b.parts[rels] == nil {
		return nil
	}
	return b.each(rels, func(e xml.StartElement) {
		if e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return
		}
		target := attr(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		f(attr(e, "Type"), attr(e, "Id"), strings.TrimPrefix(target, "/"))
	})
}

func (b *book) each(name string, f func(xml.StartElement)) error {
	p, err := b.part(name)
	if err != nil {
		return err
	}
	defer p.close() // only read
	for {
		token, err := p.token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, is := token.(xml.StartElement); is {
			f(e)
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (b *book) close() error {
	if b.strings == nil {
		return nil
	}
	return b.strings.close()
}

// part is one file of the archive, read as XML. Entities of its own making are not
// expanded by encoding/xml: a bomb of them is an error.
type part struct {
	in    *bufio.Reader
	zip   io.ReadCloser
	xml   *xml.Decoder
	left  *int64
	n     int64 // bytes read
	since int64 // n at the last token
	size  int64
}

func (b *book) part(name string) (*part, error) {
	f := b.parts[name]
	if f == nil {
		return nil, errors.New("workbook: a part is missing")
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	p := &part{in: bufio.NewReaderSize(in, 1<<16), zip: in, left: &b.left, size: int64(min(f.UncompressedSize64, math.MaxInt64))}
	p.xml = xml.NewDecoder(p)
	return p, nil
}

// ReadByte is what the decoder reads by.
func (p *part) ReadByte() (byte, error) {
	p.n++
	if *p.left--; *p.left < 0 || p.n-p.since > tokenMost {
		return 0, errHuge
	}
	return p.in.ReadByte()
}

// Read is there for xml.NewDecoder to take the part; the decoder uses ReadByte.
func (p *part) Read([]byte) (int, error) { return 0, errors.ErrUnsupported }

func (p *part) token() (xml.Token, error) {
	t, err := p.xml.RawToken()
	p.since = p.n
	return t, err
}

func (p *part) share() float64 { return min(1, float64(p.n)/float64(max(p.size, 1))) }

func (p *part) close() error { return p.zip.Close() }

// shelve reads the shared texts onto a shelf.
func (b *book) shelve() error {
	b.strings = newStringShelf()
	if b.parts[b.texts] == nil {
		return nil
	}
	p, err := b.part(b.texts)
	if err != nil {
		return err
	}
	defer p.close() // only read
	var text []byte
	inText, inReading := false, false
	for {
		token, err := p.token()
		if err == io.EOF {
			return b.strings.flush()
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "si":
				text = text[:0]
			case "t":
				inText = !inReading
			case "rPh": // how Japanese is read aloud
				inReading = true
			}
		case xml.CharData:
			if inText {
				text = append(text, e...)
			}
			if len(text) > tokenMost {
				return errHuge
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "t":
				inText = false
			case "rPh":
				inReading = false
			case "si":
				if err := b.strings.add(text); err != nil {
					return err
				}
			}
		}
	}
}

// sheetRows reads the rows of a sheet.
type sheetRows struct {
	book *book
	part *part
	line int
}

func (b *book) rows(name string) (*sheetRows, error) {
	if b.strings == nil {
		if err := b.shelve(); err != nil {
			return nil, err
		}
	}
	p, err := b.part(name)
	if err != nil {
		return nil, err
	}
	return &sheetRows{book: b, part: p}, nil
}

// next reads a row.
func (s *sheetRows) next() (rec record, ok bool, err error) {
	for {
		token, err := s.part.token()
		if err == io.EOF {
			return record{}, false, nil
		}
		if err != nil {
			return record{}, false, err
		}
		if e, is := token.(xml.StartElement); is && e.Name.Local == "row" {
			s.line++
			if n, err := strconv.Atoi(attr(e, "r")); err == nil && n > s.line && n <= math.MaxInt32 {
				s.line = n
			}
			rec, err := s.row()
			return rec, err == nil, err
		}
	}
}

// row reads to the end of a row. One that holds more than rowMost bytes is broken.
func (s *sheetRows) row() (record, error) {
	rec := record{line: s.line}
	var (
		kind  string
		value []byte
		at    = -1
		takes bool
		total int
	)
	for {
		token, err := s.part.token()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return rec, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "c":
				kind, value = attr(e, "t"), value[:0]
				at++
				if c, ok := columnOf(attr(e, "r")); ok {
					at = c
				}
				if at >= mostColumns {
					return rec, errHuge
				}
			case "v", "t":
				takes = true
			case "rPh", "f":
				takes = false
			}
		case xml.CharData:
			if takes && len(value)+len(e) <= tokenMost {
				value = append(value, e...)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "v", "t":
				takes = false
			case "c":
				v, err := s.value(kind, string(value), &total)
				if err != nil {
					return rec, err
				}
				if at < 0 || v == "" {
					continue
				}
				if total > rowMost {
					rec.broken = true
					continue
				}
				for len(rec.fields) <= at {
					rec.fields = append(rec.fields, "")
				}
				rec.fields[at] = v
			case "row":
				return rec, nil
			}
		}
	}
}

// value gives what a cell holds. total counts the bytes of the row.
func (s *sheetRows) value(kind, v string, total *int) (string, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil {
			return "", err
		}
		v, err = s.book.strings.text(i, rowMost-*total)
		*total += len(v)
		return unescaped(v), err
	case "e": // an error, as #REF!
		return "", nil
	case "", "n":
		if strings.ContainsAny(v, "eE") {
			if n, err := strconv.ParseFloat(v, 64); err == nil {
				v = strconv.FormatFloat(n, 'f', -1, 64)
			}
		}
	default:
		v = unescaped(v)
	}
	*total += len(v)
	return v, nil
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescaped puts back the characters XML cannot hold.
func unescaped(v string) string {
	if !strings.Contains(v, "_x") {
		return v
	}
	return escaped.ReplaceAllStringFunc(v, func(m string) string {
		n, err := strconv.ParseUint(m[2:6], 16, 16)
		if err != nil {
			return m
		}
		return string(rune(n))
	})
}

// columnOf gives the column of a reference as B12, the first being 0.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := range len(ref) {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			return n - 1, i > 0
		}
		if n = n*26 + int(c-'a') + 1; n > mostColumns+1 {
			return mostColumns, true
		}
	}
	return 0, false
}
