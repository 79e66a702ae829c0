package bulletin

import (
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
	table := &report.Table{Title: title, Columns: []report.TableColumn{
		{Title: column, Wide: 0.3},
		{Title: t.T("bulletin.col.appeals"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.part"), Kind: report.ValueShare},
		{Title: t.T("bulletin.col.change"), Kind: report.ValueChange},
		{Title: t.T("bulletin.col.change_year"), Kind: report.ValueChange},
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.mean"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.answers"), Kind: report.ValueCount},
	}}
	rows := namedShares(shares, most)
	rest, none := app.Share{Name: t.T("bulletin.rest")}, app.Share{}
	counted := 0
	for _, s := range shares {
		switch {
		case s.Name == "":
			none = s
			none.Name = t.T("bulletin.none")
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
	counts := make([]int, len(rows))
	for i, s := range rows {
		counts[i] = s.Appeals
	}
	for i, part := range Shares(counts) {
		s := rows[i]
		cells := []report.Value{
			report.Words(s.Name), report.Count(s.Appeals), report.Ratio(part),
			change(float64(s.Appeals), float64(s.AppealsBefore)), change(float64(s.Appeals), float64(s.AppealsYearAgo)),
			length(s.Response, s.Response.Median), length(s.Response, s.Response.Mean), report.Count(s.Response.N),
		}
		if s.Name == rest.Name { // the middle of several middles is none
			cells[7] = report.None(report.ValueCount)
		}
		table.Rows = append(table.Rows, cells)
	}
	now := c.a.Now
	table.Total = []report.Value{
		report.Words(t.T("bulletin.total")), report.Count(now.Appeals), report.Ratio(1),
		change(float64(now.Appeals), float64(c.a.Before.Appeals)), change(float64(now.Appeals), float64(c.a.YearAgo.Appeals)),
		length(now.Response, now.Response.Median), length(now.Response, now.Response.Mean), report.Count(now.Response.N),
	}
	return table
}
