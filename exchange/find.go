package exchange

import (
	"errors"
	"strings"

	"otklik/app"
)

var (
	errNoHeadings = errors.New("no known headings")
	errNoRows     = errors.New("no rows")
)

// table is a file in which the headings were found.
type table struct {
	profile  *profile // nil: a table of no known format
	columns  map[field]int
	heading  []string
	found    app.Layout
	sheets   []string
	width    int  // columns the heading has
	bare     bool // a list without a heading
	text     bool // CSV: what is no formula there has an apostrophe before it
	workbook bool // XLSX: remarks may stand beside the table
	date1904 bool // days are counted from 1904
	// monthFirst has the columns whose dates with slashes begin with the month.
	monthFirst map[int]bool
}

const (
	// headingDepth bounds how far down headings are looked for: exports put titles,
	// dates and blank rows above them.
	headingDepth = 20
	// mostColumns is what a sheet of a spreadsheet holds. A text with more is none.
	mostColumns = 16384
)

// fitting says what a row is the heading of, nil where of nothing.
type fitting func(heading []string) (*profile, map[field]int)

// search is what is looked for in a file.
type search struct {
	how  app.Layout
	fits fitting
	// loose takes a table nobody knows, for a person to say what it is.
	loose bool
	// titles are what a list without a heading may be known by: its sheet and its file.
	titles []string
	// separator is that under which a text is tried, of those it may have; 0 of others.
	separator  rune
	separators []rune
	// isGroup says whether a flat object, topic → group, may be one; nil: none is.
	isGroup func(value string) bool
}

// find reads on to the headings: the first row that fits, or two rows that fit
// together, where the upper spans columns of the lower. What was read beyond them is
// given back.
func (s search) find(next func() (record, bool, error)) (*table, []record, error) {
	var rows []record
	for len(rows) < headingDepth {
		rec, ok, err := next()
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			break
		}
		if rec.line >= s.how.Heading && len(rec.fields) <= mostColumns {
			rows = append(rows, rec)
		}
	}
	most := len(rows)
	if s.how.Heading > 0 {
		most = min(most, 1)
	}
	blank := true
	for i, rec := range rows[:most] {
		blank = blank && rec.empty()
		p, columns := s.fits(rec.fields)
		t, after := s.table(p, columns, rec, rec.fields), i+1
		if i+1 < len(rows) {
			lower, _ := s.fits(rows[i+1].fields)
			for _, heading := range twofold(rec.fields, rows[i+1].fields) {
				q, wider := s.fits(heading)
				if q == nil || p == nil && lower != nil || len(wider) <= len(columns) {
					continue
				}
				columns, after = wider, i+2
				t = s.table(q, wider, rec, heading)
			}
		}
		if t.profile != nil {
			return t, rows[after:], nil
		}
	}
	if s.how.Heading == 0 {
		if t, rest := s.bare(rows); t != nil {
			return t, rest, nil
		}
	}
	switch {
	case blank:
		return nil, nil, errNoRows
	case s.loose:
		t, rest := s.guess(rows[:most], rows)
		return t, rest, nil
	}
	return nil, nil, errNoHeadings
}

// guess takes the row with the most headings of the format a person named, or the
// first of those with the most cells.
func (s search) guess(candidates, rows []record) (*table, []record) {
	best, most := 0, -1
	for i, rec := range candidates {
		cells := 0
		for _, v := range rec.fields {
			if tidy(v) != "" {
				cells++
			}
		}
		if p := profileOf(s.how.Format); p != nil {
			cells += len(p.match(rec.fields, s.how.Columns)) << 16
		}
		if cells > most {
			best, most = i, cells
		}
	}
	p, columns := profileOf(s.how.Format), map[field]int{}
	if p != nil {
		columns = p.match(candidates[best].fields, s.how.Columns)
	}
	return s.table(p, columns, candidates[best], candidates[best].fields), rows[best+1:]
}

func (s search) table(p *profile, columns map[field]int, at record, heading []string) *table {
	t := &table{profile: p, columns: columns, heading: heading, width: len(heading), found: s.how}
	t.found.Heading, t.found.Format = at.line, ""
	if p != nil {
		t.found.Format = p.format
	}
	return t
}

// twofold gives what headings over two rows may be called: by the lower, with the upper
// where the lower has none, and by both.
func twofold(upper, lower []string) [2][]string {
	width := max(len(upper), len(lower))
	var out [2][]string
	above := ""
	cell := func(row []string, i int) string {
		if i < len(row) {
			return tidy(row[i])
		}
		return ""
	}
	for i := range width {
		u, l := cell(upper, i), cell(lower, i)
		if u != "" {
			above = u
		}
		switch {
		case l == "":
			out[0], out[1] = append(out[0], u), append(out[1], u)
		default:
			out[0], out[1] = append(out[0], l), append(out[1], strings.TrimSpace(above+" "+l))
		}
	}
	return out
}

// surplus says whether the row holds values beyond the last heading.
func (t *table) surplus(rec record) bool {
	if len(rec.fields) <= t.width || t.workbook {
		return false
	}
	return !record{fields: rec.fields[t.width:]}.empty()
}
