package app

import (
	"slices"
	"strings"
	"time"
)

// TableName names one of the region's tables.
type TableName string

// The region's tables.
const (
	TableRules          TableName = "rules"
	TableHours          TableName = "hours"
	TableDays           TableName = "days" // in which the region's calendar differs from the country's
	TableMunicipalities TableName = "municipalities"
	TableTopics         TableName = "topics"
	TableExecutors      TableName = "executors"
	TableRoutes         TableName = "routes"
	TableTemplates      TableName = "templates"
	TableChecklist      TableName = "checklist"
	TableReasons        TableName = "reasons"
	TableViews          TableName = "views"
	TableOccasions      TableName = "occasions"  // marked on charts
	TablePageScore      TableName = "page_score" // what is asked of a page, and what it is worth
)

// Column names a column of a table.
type Column string

// Table is one of the region's tables as it is edited, travels and is kept: the
// words of its cells. Columns are named, so that another version of the program
// finds those it knows.
type Table struct {
	Name    TableName  `json:"name"`
	Columns []Column   `json:"columns"`
	Rows    [][]string `json:"rows"`
	By      string     `json:"by,omitempty"` // who put it in force, as the server says
	At      time.Time  `json:"at,omitzero"`  // and when
	Lines   []int      `json:"-"`            // where its rows stood in a file; nil: one after another from 1
}

// Cell gives a cell of the row, "" where the table has no such column.
func (t *Table) Cell(row int, column Column) string {
	i := slices.Index(t.Columns, column)
	if i < 0 || i >= len(t.Rows[row]) {
		return ""
	}
	return strings.TrimSpace(t.Rows[row][i])
}

// Line is the number by which people know the row.
func (t *Table) Line(row int) int {
	if row < len(t.Lines) {
		return t.Lines[row]
	}
	return row + 1
}

// SameRows says whether both tables say the same, whoever said it and when.
func (t *Table) SameRows(other Table) bool {
	return slices.Equal(t.Columns, other.Columns) && slices.EqualFunc(t.Rows, other.Rows, slices.Equal[[]string])
}

// Problem is what is wrong with one row of a table.
type Problem struct {
	Line int
	Err  *Error
}

// CellKind is how the words of a cell are read.
type CellKind int

// Kinds of cells.
const (
	CellWords  CellKind = iota // one line
	CellText                   // of several lines
	CellNumber                 //
	CellDay                    // 2026-06-24
	CellClock                  // 08:00
	CellChoice                 // one of Of
	CellMany                   // several of Of, separated by commas
)

// ColumnSpec describes a column.
type ColumnSpec struct {
	Name   Column
	Kind   CellKind
	Need   bool     // may not be empty
	Of     []string // codes to choose from
	Family string   // under which their words stand in the translations
	From   func(r *Region) []string
}

// tableSpec says what the rows of a table mean.
type tableSpec struct {
	name    TableName
	columns []ColumnSpec
	need    bool // without a row nothing would work
	// read puts the rows into the region; write gives the region's rows.
	read  func(r *Region, rows []*tableRow)
	write func(r *Region) [][]string
}

// TableNames gives the tables in the order in which they are shown, and in which
// one may refer to those before it.
func TableNames() []TableName {
	names := make([]TableName, len(tableSpecs))
	for i, s := range tableSpecs {
		names[i] = s.name
	}
	return names
}

func specOf(name TableName) *tableSpec {
	i := slices.IndexFunc(tableSpecs, func(s *tableSpec) bool { return s.name == name })
	if i < 0 {
		return nil
	}
	return tableSpecs[i]
}

// Known says whether this version of the program has the table.
func (n TableName) Known() bool { return specOf(n) != nil }

// ColumnsOf describes the columns of a table.
func ColumnsOf(name TableName) []ColumnSpec {
	s := specOf(name)
	if s == nil {
		return nil
	}
	return s.columns
}

// Table gives the table in force.
func (r *Region) Table(name TableName) Table {
	t := Table{Name: name}
	for _, c := range ColumnsOf(name) {
		t.Columns = append(t.Columns, c.Name)
	}
	if s := specOf(name); s != nil {
		t.Rows = s.write(r)
	}
	return t
}

// Bounds of a table.
const (
	TableRowsMost  = 20_000
	tableBytesMost = 1 << 20
)

// Valid says whether the table can be in force anywhere: every row of it reads.
// Whether what it refers to is there is for Check to say.
func (t *Table) Valid() bool {
	_, problems := (&Region{}).put(*t, false)
	return len(problems) == 0
}

// Check gives what is wrong with the table beside the region's other tables, row by
// row.
func (r *Region) Check(t Table) []Problem {
	_, problems := r.put(t, true)
	return problems
}

// With gives the region with the tables in force. One that this version cannot
// read leaves the one before it in force.
func (r *Region) With(tables []Table) *Region {
	for _, s := range tableSpecs {
		for _, t := range tables {
			if t.Name != s.name {
				continue
			}
			if now, problems := r.put(t, false); len(problems) == 0 {
				r = now
			}
		}
	}
	return r
}

// put gives the region with the table in force, or what is wrong with the table.
// References to other tables are followed where strict.
func (r *Region) put(t Table, strict bool) (*Region, []Problem) {
	spec := specOf(t.Name)
	if spec == nil {
		return r, []Problem{{Err: Fail(CodeRowTable, t.Name)}}
	}
	now := *r
	in := &tableReading{region: &now, strict: strict, seen: map[string]int{}}
	rows, size := make([]*tableRow, 0, len(t.Rows)), 0
	for i := range t.Rows {
		row := &tableRow{in: in, line: t.Line(i), cells: map[Column]string{}}
		filled := false
		for _, c := range spec.columns {
			v := t.Cell(i, c.Name)
			row.cells[c.Name], filled = v, filled || v != ""
			size += len(v)
		}
		if filled {
			rows = append(rows, row)
		}
	}
	switch {
	case len(rows) > TableRowsMost || size > tableBytesMost:
		return r, []Problem{{Err: Fail(CodeRowMany, TableRowsMost, tableBytesMost>>20)}}
	case len(rows) == 0 && spec.need:
		return r, []Problem{{Err: Fail(CodeRowNone)}}
	}
	for _, row := range rows {
		for _, c := range spec.columns {
			if c.Need && row.cells[c.Name] == "" {
				row.wrong(CodeRowEmpty, c.Name)
			}
		}
	}
	spec.read(&now, rows)
	if len(in.problems) > 0 {
		slices.SortStableFunc(in.problems, func(a, b Problem) int { return a.Line - b.Line })
		return r, in.problems
	}
	return &now, nil
}

// Tables gives the tables the region has changed, and who changed them when.
func (d *Desk) Tables() ([]Table, error) { return d.store.Tables() }

// TablesBefore gives what the table was before, the latest first.
func (d *Desk) TablesBefore(name TableName) ([]Table, error) { return d.store.TablesBefore(name) }

// Reckoning says of how many appeals the terms are reckoned by the tables in force,
// and of how many they are to be.
func (d *Desk) Reckoning() (done, total int) { return d.store.Reckoning() }

// MayChangeTables says whether the person here may change the region's tables.
func (d *Desk) MayChangeTables() bool { return d.Me().MayAsk(OpTable) }

// SaveTable puts the table in force, here at once and with everybody as the
// exchange brings it. With a problem in any row nothing changes.
func (d *Desk) SaveTable(t Table) ([]Problem, error) {
	op, problems, err := d.tableOp(t)
	if op == nil {
		return problems, err
	}
	return nil, d.store.Perform([]Op{*op})
}

// tableOp makes the operation that puts a table in force, nil where it says what is in
// force already, or where there are problems.
func (d *Desk) tableOp(t Table) (*Op, []Problem, error) {
	if err := d.mayAsk(OpTable); err != nil {
		return nil, nil, err
	}
	region := d.Region()
	now, problems := region.put(t, true)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	t = now.Table(t.Name) // as this version writes it: in order, and nothing but what was read
	if before := region.Table(t.Name); before.SameRows(t) {
		return nil, nil, nil
	}
	t.By, t.At = d.Me().Name, d.now().UTC().Truncate(time.Millisecond)
	return &Op{ID: d.newID(), Ent: string(t.Name), Kind: OpTable, At: t.At, Schema: Schema, Payload: Encode(t)}, nil, nil
}

// inForce is what the region's tables come to.
type inForce struct {
	region *Region
	terms  Terms
}

// followTables puts in force what the store holds; what cannot be read now leaves
// everything as it is.
func (d *Desk) followTables() {
	if d.book == nil {
		return
	}
	d.follows.Lock() // so that who reads last is who swaps last
	defer d.follows.Unlock()
	tables, err := d.store.Tables()
	if err != nil {
		return // the store tells of it in its own way
	}
	region, terms := d.book(tables)
	d.force.Store(&inForce{region, terms})
}
