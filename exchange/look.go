package exchange

import (
	"maps"
	"slices"

	"otklik/app"
)

const (
	// lookRows is how many rows a preview shows.
	lookRows = 100
	// lookCell is how much of a cell it shows, in characters.
	lookCell = 400
)

// Look reads the first rows of a file as Open would read them. A table that no format
// fits is shown without one. Errors are those of Open.
func Look(path string, region *app.Region, how app.Layout) (*app.Preview, error) {
	r, err := openFile(path)
	if err == nil {
		err = r.begin(region, how, true)
	}
	if err != nil {
		return nil, err
	}
	preview, err := r.look()
	if closed := r.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return preview, nil
}

func (r *Reader) look() (*app.Preview, error) {
	in := r.reading
	t := in.table
	p := &app.Preview{Layout: t.found, Sheets: t.sheets}
	for _, known := range profiles {
		p.Formats = append(p.Formats, known.format)
	}
	for _, h := range t.heading {
		p.Columns = append(p.Columns, app.PreviewColumn{Heading: app.Cut(tidy(h), lookCell)})
	}
	for f, c := range t.columns {
		p.Columns[c].Field = string(f)
	}
	listed := t.profile != nil && t.profile.titles != nil
	if listed {
		p.List = &app.PreviewList{Table: app.TableTopics, Bare: t.bare}
		if t.profile.format == referenceExecutors {
			p.List.Table = app.TableExecutors
		}
	}
	if t.profile != nil {
		p.Fields, p.Missing = t.profile.fields(), t.profile.missing(t.columns)
	}
	for len(p.Rows) < lookRows || listed && len(p.Missing) == 0 && in.fresh <= app.TableRowsMost {
		rec, ok, err := r.record()
		if err != nil {
			return nil, r.fail(err)
		}
		if !ok {
			break
		}
		if rec.empty() {
			continue
		}
		row := app.PreviewRow{Line: rec.line, Cells: make([]string, len(p.Columns))}
		for i := range min(len(rec.fields), len(row.Cells)) {
			row.Cells[i] = app.Cut(tidy(rec.fields[i]), lookCell)
		}
		if t.profile != nil && len(p.Missing) == 0 {
			row.Problems, row.Detail = in.problemsOf(rec)
		}
		if listed && len(row.Problems) > 0 {
			p.List.Skipped++
		}
		if len(p.Rows) < lookRows {
			p.Rows = append(p.Rows, row)
		}
	}
	if listed {
		p.List.New, p.List.Known = in.fresh, in.known
	}
	return p, nil
}

// problemsOf says what is wrong with a row by column; what is wrong with the whole of it
// stands at -1.
func (in *reading) problemsOf(rec record) (problems map[int]string, detail string) {
	in.batch, in.problems = &app.Batch{}, map[int]string{}
	in.read(rec)
	if len(in.batch.Skipped) == 0 {
		return nil, ""
	}
	if len(in.problems) == 0 {
		in.problems[-1] = in.batch.Skipped[0].Reason
	}
	return in.problems, in.batch.Skipped[0].Detail
}

// fields gives the meanings a column may have, those that are needed first.
func (p *profile) fields() []string {
	var out []string
	for _, group := range p.needs {
		for _, f := range group {
			out = append(out, string(f))
		}
	}
	for _, f := range slices.Sorted(maps.Keys(p.headings)) {
		if !slices.Contains(out, string(f)) {
			out = append(out, string(f))
		}
	}
	return out
}

// missing gives the best of each group of meanings that no column has.
func (p *profile) missing(columns map[field]int) []string {
	var out []string
	for _, group := range p.needs {
		if !slices.ContainsFunc(group, func(f field) bool { _, has := columns[f]; return has }) {
			out = append(out, string(group[0]))
		}
	}
	return out
}
