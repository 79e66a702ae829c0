package ui

import (
	"cmp"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"otklik/app"
)

// shareRow is the height of a row of a table on a card, as drawn.
const shareRow = 33

// shareColumn is a column of a table of shares; its words are "analytics.col." + key.
type shareColumn struct {
	tableColumn
	key  string
	cell func(*analyticsScreen, app.Share) cell
	// order is what the rows are sorted by; unknown ones stand last either way.
	order func(*analyticsScreen, app.Share) (by float64, known bool)
}

// Columns of tables of shares.
var (
	columnName    = shareColumn{key: "name", tableColumn: tableColumn{width: 130, grow: 2}}
	columnAppeals = shareColumn{
		key: "appeals", tableColumn: tableColumn{width: 104, grow: 0.4, right: true},
		cell: func(s *analyticsScreen, x app.Share) cell { return cell{words: s.w.text.Number(int64(x.Appeals))} },
		order: func(_ *analyticsScreen, x app.Share) (float64, bool) {
			return float64(x.Appeals), true
		},
	}
	columnN = shareColumn{
		key: "answers", tableColumn: tableColumn{width: 80, grow: 0.4, right: true, spare: 3},
		cell: func(s *analyticsScreen, x app.Share) cell { return cell{words: s.w.text.Number(int64(x.Response.N))} },
		order: func(_ *analyticsScreen, x app.Share) (float64, bool) {
			return float64(x.Response.N), true
		},
	}
	columnPart = shareColumn{
		key: "part", tableColumn: tableColumn{width: 70, grow: 0.3, right: true},
		cell: func(s *analyticsScreen, x app.Share) cell { return cell{words: s.w.text.Percent(x.Part, 1)} },
		order: func(_ *analyticsScreen, x app.Share) (float64, bool) {
			return x.Part, true
		},
	}
	columnPerThousand = shareColumn{
		key: "per_thousand", tableColumn: tableColumn{width: 104, grow: 0.4, right: true},
		cell: func(s *analyticsScreen, x app.Share) cell {
			if n, ok := x.PerThousand(); ok {
				return cell{words: s.w.text.Decimal(n, 2)}
			}
			return s.dash()
		},
		order: func(_ *analyticsScreen, x app.Share) (float64, bool) { return x.PerThousand() },
	}
	columnChange = shareColumn{
		key: "change", tableColumn: tableColumn{width: 88, grow: 0.4, right: true, spare: 1},
		cell: func(s *analyticsScreen, x app.Share) cell {
			change, ok := s.change(x)
			if !ok {
				return s.dash()
			}
			n, _ := s.than(x)
			return cell{words: signedPercent(s.w.text, change), ink: s.w.pal.signed(n - x.Appeals)}
		},
		order: func(s *analyticsScreen, x app.Share) (float64, bool) { return s.change(x) },
	}
	columnMedian = timeColumn("median", 0, func(r app.Summary) float64 { return float64(r.Median) })
	columnMean   = timeColumn("mean", 3, func(r app.Summary) float64 { return float64(r.Mean) })
	columnP90    = timeColumn("p90", 1, func(r app.Summary) float64 { return float64(r.P90) })
	columnInTime = shareColumn{
		key: "in_time", tableColumn: tableColumn{width: 72, grow: 0.3, right: true},
		cell: func(s *analyticsScreen, x app.Share) cell {
			if share, ok := x.Response.Share(); ok {
				return cell{words: s.w.text.Percent(share, 1), ink: s.w.pal.inTime(share)}
			}
			return s.dash()
		},
		order: func(_ *analyticsScreen, x app.Share) (float64, bool) { return x.Response.Share() },
	}
	columnTrend = shareColumn{
		key: "trend", tableColumn: tableColumn{width: 92, kind: cellTrend, spare: 2},
		cell: func(s *analyticsScreen, x app.Share) cell {
			share, ok := x.Response.Share()
			_, then := s.than(x)
			before, had := then.Share()
			if !ok || !had {
				return s.dash()
			}
			words, trend := s.points(share, before)
			return cell{words: words, trend: trend, ink: s.w.pal.signed(trend)}
		},
		order: func(s *analyticsScreen, x app.Share) (float64, bool) {
			share, ok := x.Response.Share()
			_, then := s.than(x)
			before, had := then.Share()
			return share - before, ok && had
		},
	}
)

// timeColumn is a column of lengths of time.
func timeColumn(key string, spare int, of func(app.Summary) float64) shareColumn {
	return shareColumn{
		key: key, tableColumn: tableColumn{width: 96, grow: 0.4, right: true, spare: spare},
		cell: func(s *analyticsScreen, x app.Share) cell {
			if x.Response.N == 0 {
				return s.dash()
			}
			return cell{words: s.w.text.Duration(time.Duration(of(x.Response)))}
		},
		order: func(_ *analyticsScreen, x app.Share) (float64, bool) { return of(x.Response), x.Response.N > 0 },
	}
}

func (s *analyticsScreen) dash() cell {
	return cell{words: s.w.text.T("screens.dash"), ink: s.w.pal.faint}
}

// change is by how much of what it was the number of appeals has changed.
func (s *analyticsScreen) change(x app.Share) (change float64, known bool) {
	n, _ := s.than(x)
	if n == 0 {
		return 0, false
	}
	return float64(x.Appeals-n) / float64(n), true
}

// shareTable is a card with a table of shares, which a click on a title sorts.
type shareTable struct {
	*card
	s       *analyticsScreen
	by      func() breakdown
	columns []shareColumn
	table   *table
	rows    []app.Share
	sort    string
	up      bool
}

// newShareCard makes such a card; by says of what the shares are.
func (s *analyticsScreen) newShareCard(name string, by func() breakdown, columns ...shareColumn) *shareTable {
	x := &shareTable{s: s, by: by, columns: columns, sort: columnAppeals.key}
	heads := make([]tableColumn, len(columns))
	for i, c := range columns {
		heads[i] = c.tableColumn
		heads[i].title = s.w.text.T("analytics.col." + c.key)
		if c.order != nil {
			heads[i].sort = c.key
		}
	}
	heads[0].title = capital(s.w.text.T("analytics.by." + by().facet.name))
	x.table = s.w.newTable(heads, shareRow, sizeCaption, x.fill)
	x.table.sorted = x.sortBy
	x.table.setSort(x.sort, x.up)
	x.table.list.clickAgain = true
	x.table.list.activate = x.open
	x.table.list.context = func(i int, at fyne.Position) { s.w.showActions(x.actions(i), at) }
	s.tables = append(s.tables, x)
	x.card = s.newTableCard(name, nil, x.table, func(a *app.Analytics) (int, said) {
		x.rows = slices.Clone(x.by().of(a))
		x.order()
		if len(x.rows) == 0 {
			return 0, s.noAppeals(a)
		}
		return len(x.rows), said{note: s.counted(a)}
	})
	return x
}

// retitle names the first column anew, after another facet was chosen.
func (x *shareTable) retitle() {
	x.table.heads[0].column.title = capital(x.s.w.text.T("analytics.by." + x.by().facet.name))
	x.table.heads[0].repaint()
}

func (x *shareTable) fill(i int, c []cell) {
	c[0].words = x.by().facet.value(x.s.w.text, x.rows[i].Name)
	for n, column := range x.columns[1:] {
		c[n+1] = column.cell(x.s, x.rows[i])
	}
}

// sortBy orders by the column, the other way round where it is ordered by it already.
func (x *shareTable) sortBy(key string) {
	if x.sort == key {
		x.up = !x.up
	} else {
		x.sort, x.up = key, false
	}
	x.table.setSort(x.sort, x.up)
	x.order()
	x.table.list.refill()
}

func (x *shareTable) order() {
	at := slices.IndexFunc(x.columns, func(c shareColumn) bool { return c.key == x.sort })
	of := x.columns[at].order
	slices.SortStableFunc(x.rows, func(a, b app.Share) int {
		v, known := of(x.s, a)
		w, other := of(x.s, b)
		switch {
		case known != other:
			if known {
				return -1
			}
			return 1
		case x.up:
			return cmp.Compare(v, w)
		}
		return cmp.Compare(w, v)
	})
}

// open shows the appeals of a row.
func (x *shareTable) open(i int) { x.s.openShare(x.s.figures, x.by().facet, x.rows[i].Name, "", nil) }

// actions are what may be done with a row.
func (x *shareTable) actions(i int) []action {
	t, f, name := x.s.w.text, x.by().facet, x.rows[i].Name
	return []action{
		{t.T("analytics.show_appeals"), "Enter", func() { x.open(i) }},
		{t.T("analytics.show_late"), "", func() { x.s.openShare(x.s.figures, f, name, "late", late) }},
		{t.T("analytics.narrow", f.value(t, name)), "", func() { x.s.narrow(f.with(x.s.asked.Filter, name)) }},
		{t.T("list.table"), "Shift+F11", func() { x.exportList() }},
	}
}
