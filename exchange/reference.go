package exchange

import (
	"slices"
	"strings"
	"unicode"

	"otklik/app"
)

// Reference lists of the region: topics with their groups, groups, executors. They come
// as tables of one or two columns, as a flat JSON object, topic → group, and as bare
// lists of one column without a heading, for which the name of the file or of the sheet
// speaks. Their headings are words of many tables, so a list is known by them only where
// it has no others.

const (
	referenceTopics    = "region-topics"
	referenceExecutors = "region-executors"
)

// beside are the headings that the rows left out have before their own.
var beside = []string{"Строка файла", "Почему пропущена", "Row of the file", "Why it was skipped"}

// covers says whether every heading is one of the list's own.
func (p *profile) covers(heading []string, columns map[field]int, said map[string]string) bool {
	for i, h := range heading {
		key := headingKey(h)
		is := func(known string) bool { return headingKey(known) == key }
		own := key == "" || slices.ContainsFunc(beside, is)
		for _, c := range columns {
			own = own || c == i
		}
		for h := range said {
			own = own || is(h)
		}
		if !own {
			return false
		}
	}
	return true
}

// bare finds a list of one column without a heading among the first rows. A line that
// stands alone above a blank one is its title.
func (s search) bare(rows []record) (*table, []record) {
	for len(rows) > 0 && rows[0].empty() {
		rows = rows[1:]
	}
	if len(rows) > 1 && !rows[0].broken {
		last := rows[0].line + strings.Count(strings.Join(rows[0].fields, ""), "\n")
		if rows[1].empty() || rows[1].line > last+1 {
			rows = rows[1:]
		}
	}
	col, parted := -1, make([]int, len(s.separators)) // lines that each of them parts
	rows = slices.Clone(rows)
	for i, rec := range rows {
		if s.separator != 0 {
			rec = rec.whole(s.separator)
			rows[i] = rec
		}
		for n, sep := range s.separators {
			if len(rec.fields) > 0 && strings.ContainsRune(rec.fields[0], sep) {
				parted[n]++
			}
		}
		if rec.broken {
			return nil, nil
		}
		for i, v := range rec.fields {
			if tidy(v) == "" {
				continue
			}
			if col >= 0 && i != col {
				return nil, nil
			}
			col = i
		}
	}
	if col < 0 || slices.ContainsFunc(parted, func(n int) bool { return n*2 > len(rows) }) { // a table of several columns
		return nil, nil
	}
	for _, title := range s.titles {
		heading := make([]string, col+1)
		heading[col] = title
		p, columns := s.fits(heading)
		if p == nil {
			p, columns = s.titled(title, col)
		}
		if p != nil && p.titles != nil {
			t := s.table(p, columns, record{}, heading)
			t.bare = true
			return t, rows
		}
	}
	return nil, nil
}

// whole makes the cells of a line one again: what separates cells elsewhere is part of a
// name in a list of one column. Separators at its end are not.
func (r record) whole(separator rune) record {
	n := len(r.fields)
	for n > 1 && tidy(r.fields[n-1]) == "" {
		n--
	}
	if n > 0 {
		r.fields = []string{strings.Join(r.fields[:n], string(separator))}
	}
	return r
}

// titled gives the list whose words stand in a title, unless there are two, or the one
// that was asked for.
func (s search) titled(title string, col int) (found *profile, columns map[field]int) {
	for h := range s.how.Columns {
		if headingKey(h) == headingKey(title) {
			return nil, nil // it was said to be something else
		}
	}
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) })
	for i := range profiles {
		p := &profiles[i]
		if p.titles == nil || s.how.Format != "" && s.how.Format != p.format {
			continue
		}
		for f, names := range p.titles {
			if !slices.ContainsFunc(names, func(name string) bool { return slices.Contains(words, name) }) {
				continue
			}
			if found != nil {
				return nil, nil
			}
			found, columns = p, map[field]int{f: col}
		}
	}
	if p := profileOf(s.how.Format); p != nil && p.titles != nil && found == nil {
		return p, map[field]int{p.needs[0][0]: col}
	}
	return found, columns
}

func readTopic(in *reading, r *row) {
	said, name := r.phrase(fieldGroup), r.phrase(fieldTopic)
	group := in.region.GroupOf(said)
	_, named := r.table.columns[fieldTopic]
	switch {
	case said == "":
		r.refuse(fieldGroup, "no_group", "")
	case group == "":
		r.refuse(fieldGroup, "unknown_group", said)
	case named && name == "":
		r.refuse(fieldTopic, "no_name", "")
	default:
		in.entry(r, fieldTopic, said, app.RegionEntry{Table: app.TableTopics, Group: group, Name: name})
	}
}

func readExecutor(in *reading, r *row) {
	name := r.phrase(fieldExecutor)
	if name == "" {
		r.refuse(fieldExecutor, "no_name", "")
		return
	}
	in.entry(r, fieldExecutor, "", app.RegionEntry{Table: app.TableExecutors, Name: name})
}

// entry takes in a line of a list. Two groups of another system may be one here.
func (in *reading) entry(r *row, named field, said string, e app.RegionEntry) {
	if in.repeated(r.line, strings.Join([]string{said, app.Fold(e.Name)}, "\n"), "duplicate_row") {
		return
	}
	if in.entries == nil {
		in.entries = in.region.Entries()
	}
	if group := in.entries.Elsewhere(e); group != "" {
		r.refuse(named, "topic_elsewhere", group)
		return
	}
	if in.entries.Has(e) {
		in.known++
	} else {
		in.fresh++
		in.entries.Add(e)
	}
	in.batch.Rows = append(in.batch.Rows, app.BatchRow{Line: r.line, Entry: &e})
}
