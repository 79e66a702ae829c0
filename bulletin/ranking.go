package bulletin

import (
	"cmp"
	"slices"

	"otklik/app"
	"otklik/report"
)

// fewAnswers is how many answers a body needs for a place: of fewer, p90 is about the
// longest one alone, and one case moves the median.
const fewAnswers = 10

// ranking orders executors and municipalities by response time.
func (c *composer) ranking() error {
	if c.nothing() {
		return nil
	}
	c.add(&report.Figures{Items: []report.Figure{c.appealsTile(), c.medianTile(), c.inTimeTile()}})
	c.explain("ranking", "few")
	c.ranked("executors", c.a.Executors, false)
	c.ranked("municipalities", c.a.Municipalities, true)
	return nil
}

// ranked adds the chart and the table of the bodies of one sort, and those with few
// answers apart.
func (c *composer) ranked(sort string, shares []app.Share, resident bool) {
	t := c.t
	placed, few := placesOf(shares)
	if len(placed) > 0 {
		c.add(c.medians(t.T("bulletin.ranking.chart."+sort), placed))
		c.add(c.rankingTable(t.T("bulletin.ranking."+sort), placed, resident))
	}
	if len(few) > 0 {
		c.add(c.fewTable(t.N("bulletin.ranking.few."+sort, fewAnswers), few))
	}
}

// placesOf gives the bodies in the order of their medians, and those with too few
// answers by the number of their appeals. Appeals without a body have no place.
func placesOf(shares []app.Share) (placed, few []app.Share) {
	for _, s := range shares {
		switch {
		case s.Name == "":
		case s.Response.N < fewAnswers:
			few = append(few, s)
		default:
			placed = append(placed, s)
		}
	}
	slices.SortStableFunc(placed, func(a, b app.Share) int {
		return cmp.Or(cmp.Compare(a.Response.Median, b.Response.Median),
			cmp.Compare(a.Response.P90, b.Response.P90), cmp.Compare(a.Name, b.Name))
	})
	return placed, few
}

func (c *composer) rankingTable(title string, placed []app.Share, resident bool) *report.Table {
	t := c.t
	table := &report.Table{Title: title, Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.place"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.body")},
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.change"), Kind: report.ValueChange},
		{Title: t.T("bulletin.col.p90"), Kind: report.ValueDuration, Spare: true},
		{Title: t.T("bulletin.col.mean"), Kind: report.ValueDuration, Spare: true},
		{Title: t.T("bulletin.col.answers"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.in_time"), Kind: report.ValueShare},
	}}
	if resident {
		c.explain("thousand")
		table.Columns = append(table.Columns, report.TableColumn{
			Title: t.T("bulletin.col.thousand"), Kind: report.ValueDecimal, Spare: true,
		})
	}
	row := func(place report.Value, name string, now, before app.Summary) []report.Value {
		v := length(now, now.Median)
		v.Tone = tone(now.Median, c.a.Goal)
		return []report.Value{
			place, report.Words(name), v, slower(now, before, median),
			length(now, now.P90), length(now, now.Mean), report.Count(now.N), inTime(now),
		}
	}
	for i, s := range placed {
		cells := row(report.Count(i+1), s.Name, s.Response, s.Before)
		if resident {
			cells = append(cells, thousand(s))
		}
		table.Rows = append(table.Rows, cells)
	}
	table.Total = row(report.Words(""), t.T("bulletin.together"), c.a.Now.Response, c.a.Before.Response)
	if resident {
		table.Total = append(table.Total, report.Words(""))
	}
	return table
}

// thousand is how many appeals come to 1,000 residents.
func thousand(s app.Share) report.Value {
	n, ok := s.PerThousand()
	if !ok {
		return report.None(report.ValueDecimal)
	}
	return report.Value{Kind: report.ValueDecimal, Number: n}
}

func (c *composer) fewTable(title string, few []app.Share) *report.Table {
	t := c.t
	table := &report.Table{Title: title, Spare: true, Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.body")},
		{Title: t.T("bulletin.col.appeals"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.answers"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.in_time"), Kind: report.ValueShare},
	}}
	silent := 0
	for _, s := range few {
		if s.Appeals == 0 {
			silent++
			continue
		}
		table.Rows = append(table.Rows, []report.Value{
			report.Words(s.Name), report.Count(s.Appeals), report.Count(s.Response.N),
			length(s.Response, s.Response.Median), inTime(s.Response),
		})
	}
	if silent > 0 {
		table.Note = t.N("bulletin.ranking.silent", silent)
	}
	return table
}
