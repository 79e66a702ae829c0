package bulletin

import (
	"slices"

	"otklik/app"
	"otklik/report"
)

// flowStep is the step of the flow: weeks, and months where there would be too many to
// read on a page.
func flowStep(p app.Period) app.Step {
	if p.Days() > 7*4*flowWeeks/2 {
		return app.StepMonth
	}
	return app.StepWeek
}

// flow is what came against what was closed, and what is left.
func (c *composer) flow() error {
	if c.nothing() {
		return nil
	}
	c.d.OnePage = true
	c.add(&report.Figures{Items: []report.Figure{c.appealsTile(), c.closedTile(), c.backlogTile(), c.inTimeTile()}})
	c.add(c.pace(ratioTime + 0.08))
	c.occasions()
	t := c.t
	table := &report.Table{Title: t.T("bulletin.table.flow." + string(c.a.Step)), Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.since"), Kind: report.ValueDay},
		{Title: t.T("bulletin.col.until"), Kind: report.ValueDay},
		{Title: t.T("bulletin.col.new"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.closed"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.grown"), Kind: report.ValueSigned, Spare: true},
		{Title: t.T("bulletin.col.backlog"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration, Spare: true},
		{Title: t.T("bulletin.col.in_time"), Kind: report.ValueShare, Spare: true},
	}}
	c.explain("response", "median")
	row := func(first, second report.Value, s app.Tally) []report.Value {
		grown := report.Value{Kind: report.ValueSigned, Number: float64(s.Appeals - s.Closed)}
		if grown.Number > 0 {
			grown.Tone = report.ToneBad
		}
		return []report.Value{
			first, second, report.Count(s.Appeals), report.Count(s.Closed), grown, report.Count(s.Backlog),
			length(s.Response, s.Response.Median), inTime(s.Response),
		}
	}
	for _, s := range slices.Backward(c.a.Steps) { // the last is what one looks for
		table.Rows = append(table.Rows, row(date(s.Period.From), date(s.Period.To), s.Tally))
		if s.Partial {
			table.Note = t.T("bulletin.note.cut." + string(c.a.Step))
		}
	}
	table.Total = row(report.Words(t.T("bulletin.total")), report.Words(""), c.a.Now)
	c.add(table)
	return nil
}

// date is a cell of a day.
func date(d app.Day) report.Value { return report.Value{Kind: report.ValueDay, Number: float64(d)} }
