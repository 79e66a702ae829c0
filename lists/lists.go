package lists

import (
	"context"
	"errors"
	"slices"
	"strings"

	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
)

// PDF is a sheet to print, beside the forms of exchange.
const PDF exchange.Form = "pdf"

// Forms lists all forms in the order they are offered.
var Forms = []exchange.Form{exchange.FormXLSX, exchange.FormCSV, exchange.FormJSON, PDF}

// Names of lists, as the journal keeps them. Tables of screens are ListTable.
const (
	ListAppeals = "appeals"
	ListPages   = "pages"
	ListTable   = "table"
)

// Column of a list.
type Column struct {
	Name  string
	Paper float64 // share of the width of a sheet, 0: as its words need, below 0: not on it
}

// Table is what is written.
type Table struct {
	List    string // ListAppeals and the others
	Title   string // heading of a sheet
	Filter  string // what it was narrowed by, in words; a sheet says it
	Asked   string // the same for the journal: without what was typed into a search
	Columns []Column
	Of      int  // rows it will have at most
	Covers  bool // it has personal data, covered unless Personal
	// Personal says that its rows hold personal data as they are.
	Personal bool
	// Each gives the rows until add fails or the context ends (CodeCancelled).
	Each func(ctx context.Context, add func(cells []string) error) error
}

// Order says where and as what a table is written.
type Order struct {
	Path     string
	Form     exchange.Form
	Encoding string // of a CSV: exchange.UTF8 or Windows1251
}

// Done says what became of it.
type Done struct {
	Rows int
	exchange.Lost
}

// writer is a form.
type writer interface {
	Add(cells []string) error
	Close() error
	Drop() error
	Lost() exchange.Lost
}

// Write writes the table, whose file is there whole afterwards or not at all. progress
// is told the rows done. Errors: CodeFileExists, CodeNoFolder, CodeDiskFull,
// CodeListRows, CodeListSheet, CodeListPersonal, CodeCancelled, and those of Each.
func Write(ctx context.Context, desk *app.Desk, t *assets.Texts, o Order, table Table, progress func(done int)) (Done, error) {
	var done Done
	if table.Personal && !desk.Me().MayList() {
		return done, app.Fail(app.CodeListPersonal)
	}
	w, err := begin(desk, t, o, table)
	if err != nil {
		return done, err
	}
	err = table.Each(ctx, func(cells []string) error {
		if done.Rows++; done.Rows%100 == 0 {
			progress(done.Rows)
		}
		return w.Add(cells)
	})
	if err == nil {
		// The journal says so before the file is whole.
		err = desk.Exported(app.Export{List: table.List, Rows: done.Rows, Form: string(o.Form), Filter: table.Asked, Personal: table.Personal})
	}
	if err != nil {
		return done, errors.Join(err, w.Drop())
	}
	err = w.Close()
	done.Lost = w.Lost()
	return done, err
}

func begin(desk *app.Desk, t *assets.Texts, o Order, table Table) (writer, error) {
	if !slices.Contains(Forms, o.Form) {
		return nil, app.Fail(app.CodeBadArgument, o.Form, Forms)
	}
	if o.Form == PDF {
		return newSheet(desk, t, o.Path, table)
	}
	names := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		names[i] = c.Name
	}
	return exchange.NewList(o.Path, o.Form, o.Encoding, names)
}

// Rows is a table that is in memory already.
func Rows(list, title string, headings []string, rows [][]string) Table {
	table := Table{List: list, Title: title, Of: len(rows), Each: func(ctx context.Context, add func([]string) error) error {
		for _, r := range rows {
			if err := ctx.Err(); err != nil {
				return app.Fail(app.CodeCancelled).Because(err)
			}
			if err := add(r); err != nil {
				return err
			}
		}
		return nil
	}}
	for _, h := range headings {
		table.Columns = append(table.Columns, Column{Name: h})
	}
	return table
}

// Narrowed says in words what a filter of appeals asks.
func Narrowed(t *assets.Texts, f app.Filter) string {
	var parts []string
	for _, v := range slices.Concat(f.Sources, f.Networks) {
		parts = append(parts, assets.Name(t, "source", v))
	}
	for _, v := range f.Kinds {
		parts = append(parts, assets.Name(t, "kind", v))
	}
	for _, v := range slices.Concat(f.Groups, f.Topics, f.Municipalities, f.Assignees, f.Executors) {
		if v == "" {
			v = t.T("appeal.nobody")
		}
		parts = append(parts, v)
	}
	return strings.Join(parts, " · ")
}

// Told says in words what the form could not hold, "" where it holds everything.
func (d Done) Told(t *assets.Texts) string {
	var parts []string
	if d.Replaced > 0 {
		parts = append(parts, t.N("list.replaced", d.Replaced))
	}
	if d.Cut > 0 {
		parts = append(parts, t.N("list.cut", d.Cut))
	}
	return strings.Join(parts, " ")
}
