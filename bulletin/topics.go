package bulletin

import (
	"slices"

	"otklik/app"
	"otklik/report"
)

// topTopics is how many topics centres publish.
const topTopics = 5

// topics are those the month was about.
func (c *composer) topics() error {
	if c.nothing() {
		return nil
	}
	c.d.OnePage = true
	c.add(&report.Figures{Items: []report.Figure{c.appealsTile(), c.medianTile(), c.inTimeTile()}})
	shares, column := c.a.Topics, c.t.T("bulletin.col.topic")
	if len(namedShares(shares, 1)) == 0 { // data that know groups alone
		shares, column = c.a.Groups, c.t.T("bulletin.col.group")
	}
	top := namedShares(shares, topTopics)
	if len(top) == 0 {
		c.say(c.t.T("bulletin.no_topics"))
		return nil
	}
	c.add(c.counts(c.t.T("bulletin.chart.topics"), column, top))
	c.add(c.sharesTable(c.t.T("bulletin.table.topics"), column, shares, topTopics))
	return nil
}

// namedShares are the first so many that have a value.
func namedShares(shares []app.Share, most int) (out []app.Share) {
	for _, s := range shares {
		if s.Name != "" && s.Appeals > 0 && len(out) < most {
			out = append(out, s)
		}
	}
	return out
}

// sharesTable has the first values of a facet, the others together, those without a
// value, and all; its shares add up to 100,0 %.
func (c *composer) sharesTable(title, column string, shares []app.Share, most int) *report.Table {
	t := c.t
	c.explain("response", "median", "before", "rounding")
	table := &report.Table{Title: title, Columns: slices.Concat([]report.TableColumn{
		{Title: column},
		{Title: t.T("bulletin.col.appeals"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.part"), Kind: report.ValueShare},
	}, c.changeColumns(), []report.TableColumn{
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.mean"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.answers"), Kind: report.ValueCount, Spare: true},
	})}
	rows := c.withRest(shares, most)
	for i, part := range sharesOf(rows) {
		s := rows[i]
		answers := report.Count(s.Response.N)
		answers.None = s.Name == t.T("bulletin.rest") // the middle of several middles is none
		table.Rows = append(table.Rows, slices.Concat(
			[]report.Value{report.Words(s.Name), report.Count(s.Appeals), report.Ratio(part)},
			c.changes(s.Appeals, s.AppealsBefore, s.AppealsYearAgo),
			[]report.Value{length(s.Response, s.Response.Median), length(s.Response, s.Response.Mean), answers}))
	}
	now := c.a.Now
	table.Total = slices.Concat(
		[]report.Value{report.Words(t.T("bulletin.total")), report.Count(now.Appeals), report.Ratio(1)},
		c.changes(now.Appeals, c.a.Before.Appeals, c.a.YearAgo.Appeals),
		[]report.Value{length(now.Response, now.Response.Median), length(now.Response, now.Response.Mean), report.Count(now.Response.N)})
	return table
}

// withRest are the first values that have a name, the others together, and those without
// a value, each under the words for it.
func (c *composer) withRest(shares []app.Share, most int) []app.Share {
	rows := namedShares(shares, most)
	rest, none := app.Share{Name: c.t.T("bulletin.rest")}, app.Share{}
	counted := 0
	for _, s := range shares {
		switch {
		case s.Name == "":
			none = s
			none.Name = c.t.T("bulletin.none")
		case counted < len(rows):
			counted++
		default:
			rest.Appeals += s.Appeals
			rest.AppealsBefore += s.AppealsBefore
			rest.AppealsYearAgo += s.AppealsYearAgo
		}
	}
	for _, s := range []app.Share{rest, none} {
		if s.Appeals > 0 {
			rows = append(rows, s)
		}
	}
	return rows
}

// sharesOf are the parts the rows make of all.
func sharesOf(rows []app.Share) []float64 {
	counts := make([]int, len(rows))
	for i, s := range rows {
		counts[i] = s.Appeals
	}
	return Shares(counts)
}

// changeColumns are the comparisons with the period before and, where anything is known
// of it, with the year before.
func (c *composer) changeColumns() []report.TableColumn {
	columns := []report.TableColumn{{Title: c.t.T("bulletin.col.change"), Kind: report.ValueChange}}
	if c.a.YearAgo.Appeals > 0 {
		columns = append(columns, report.TableColumn{
			Title: c.t.T("bulletin.col.change_year"), Kind: report.ValueChange, Spare: true,
		})
	}
	return columns
}

// changes are the cells under changeColumns.
func (c *composer) changes(now, before, yearAgo int) []report.Value {
	cells := []report.Value{change(float64(now), float64(before))}
	if c.a.YearAgo.Appeals > 0 {
		cells = append(cells, change(float64(now), float64(yearAgo)))
	}
	return cells
}
