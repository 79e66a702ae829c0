package lists

import (
	"errors"

	"otklik/app"
	"otklik/assets"
	"otklik/bulletin"
	"otklik/disk"
	"otklik/exchange"
	"otklik/report"
)

// sheetMost is how many rows a sheet has at most: nobody reads more on paper, and a
// page is laid out whole in memory.
const sheetMost = 2000

// sheet is a table on A4, held in memory until it is laid out.
type sheet struct {
	path  string
	f     *disk.New
	d     *report.Document
	table *report.Table
	on    []int // columns that are on it
	t     *assets.Texts
	of    Table
}

func newSheet(desk *app.Desk, t *assets.Texts, path string, of Table) (*sheet, error) {
	if of.Of > sheetMost {
		return nil, app.Fail(app.CodeListSheet, sheetMost)
	}
	f, err := disk.CreateNew(path)
	if err != nil {
		return nil, exchange.ListFailed(path, err)
	}
	now := desk.Now()
	s := &sheet{path: path, f: f, t: t, of: of, table: &report.Table{}}
	for i, c := range of.Columns {
		if c.Paper >= 0 {
			s.on = append(s.on, i)
			s.table.Columns = append(s.table.Columns, report.TableColumn{Title: c.Name, Wide: c.Paper})
		}
	}
	s.d = &report.Document{
		Name: of.List, Lang: t.Lang, Centre: desk.Region().Centre, Title: of.Title, Period: of.Filter, Made: now,
		AsOf: t.T("list.as_of", now.In(desk.Region().Location()).Format("02.01.2006 15:04")), Words: bulletin.Words(t),
	}
	return s, nil
}

// Add keeps a row.
func (s *sheet) Add(cells []string) error {
	if len(s.table.Rows) == sheetMost {
		return app.Fail(app.CodeListSheet, sheetMost)
	}
	row := make([]report.Value, len(s.on))
	for i, c := range s.on {
		row[i] = report.Words(cells[c])
	}
	s.table.Rows = append(s.table.Rows, row)
	return nil
}

// Close lays the sheet out.
func (s *sheet) Close() error {
	said := s.t.N("list.rows", len(s.table.Rows)) + "."
	switch {
	case s.of.Personal:
		said += " " + s.t.T("list.sheet_personal")
	case s.of.Covers:
		said += " " + s.t.T("list.sheet_masked")
	}
	s.d.Blocks = []report.Block{&report.Prose{Text: said}, s.table}
	if err := report.WritePDF(s.f, s.d); err != nil {
		return errors.Join(exchange.ListFailed(s.path, err), s.f.Drop())
	}
	return exchange.ListFailed(s.path, s.f.Keep())
}

// Drop takes the file away.
func (s *sheet) Drop() error { return s.f.Drop() }

// Lost is nothing: a sheet cuts a long text where it is seen.
func (s *sheet) Lost() exchange.Lost { return exchange.Lost{} }
