package bulletin

import (
	"otklik/app"
	"otklik/report"
)

// compared writes by how much a count has changed, with the count it is compared with.
func (c *composer) compared(now, before, yearAgo int) (notes []string) {
	t := c.t
	if before > 0 {
		notes = append(notes, t.T("bulletin.against", written(t, change(float64(now), float64(before))), t.Number(int64(before))))
	} else {
		notes = append(notes, t.T("bulletin.none_before"))
	}
	if yearAgo > 0 {
		notes = append(notes, t.T("bulletin.against_year", written(t, change(float64(now), float64(yearAgo))), t.Number(int64(yearAgo))))
	}
	return notes
}

// appealsTile counts the appeals of the period.
func (c *composer) appealsTile() report.Figure {
	a := c.a
	c.explain("appeals", "before")
	return report.Figure{
		Name:  c.t.T("bulletin.tile.appeals"),
		Value: report.Count(a.Now.Appeals),
		Notes: c.compared(a.Now.Appeals, a.Before.Appeals, a.YearAgo.Appeals),
	}
}

// closedTile counts what ended in the period.
func (c *composer) closedTile() report.Figure {
	a := c.a
	c.explain("closed", "before")
	return report.Figure{
		Name:  c.t.T("bulletin.tile.closed"),
		Value: report.Count(a.Now.Closed),
		Notes: c.compared(a.Now.Closed, a.Before.Closed, a.YearAgo.Closed),
	}
}

// endedTile counts what ended, and what did not.
func (c *composer) endedTile() report.Figure {
	f, b := c.closedTile(), c.backlogTile()
	f.Notes = append(f.Notes, c.t.T("bulletin.left_open", written(c.t, b.Value), c.t.Signed(int64(c.a.Now.Backlog-c.a.Before.Backlog))))
	return f
}

// backlogTile counts what is open at the end of the period.
func (c *composer) backlogTile() report.Figure {
	a := c.a
	c.explain("backlog")
	grown := a.Now.Backlog - a.Before.Backlog
	f := report.Figure{
		Name:  c.t.T("bulletin.tile.backlog"),
		Value: report.Count(a.Now.Backlog),
		Notes: []string{c.t.T("bulletin.since_before", c.t.Signed(int64(grown)))},
	}
	switch {
	case grown > 0:
		f.Tone = report.ToneBad
	case grown < 0:
		f.Tone = report.ToneGood
	}
	return f
}

// medianTile is the response time: never the median alone.
func (c *composer) medianTile() report.Figure {
	t, r := c.t, c.a.Now.Response
	c.explain("response", "median", "goal", "before")
	f := report.Figure{Name: t.T("bulletin.tile.median"), Value: length(r, r.Median)}
	if r.N == 0 {
		f.Notes = []string{t.T("bulletin.no_answers")}
		return f
	}
	f.Tone = tone(r.Median, c.a.Goal)
	f.Notes = append(f.Notes,
		t.T("bulletin.goal", t.Duration(c.a.Goal)),
		t.T("bulletin.spread", t.Duration(r.P90), t.Duration(r.Mean), t.Number(int64(r.N))))
	if before := c.a.Before.Response; before.N > 0 {
		f.Notes = append(f.Notes, t.T("bulletin.against", written(t, slower(r, before, median)), t.Duration(before.Median)))
	}
	return f
}

// inTimeTile is the share in time.
func (c *composer) inTimeTile() report.Figure {
	t, r := c.t, c.a.Now.Response
	c.explain("in_time")
	f := report.Figure{Name: t.T("bulletin.tile.in_time"), Value: inTime(r)}
	if r.Timed == 0 {
		f.Notes = []string{t.T("bulletin.no_terms")}
		return f
	}
	f.Notes = []string{t.T("bulletin.overdue", t.Number(int64(r.Overdue())), t.Number(int64(r.Timed)))}
	if words := c.points(r, c.a.Before.Response); words != "" {
		f.Notes = append(f.Notes, words)
	}
	return f
}

// points is by how many points of a percent the share in time has changed.
func (c *composer) points(now, before app.Summary) string {
	share, ok := now.Share()
	was, had := before.Share()
	if !ok || !had {
		return ""
	}
	sign := ""
	if share > was {
		sign = "+"
	}
	return c.t.T("bulletin.against_points", sign+c.t.Decimal(100*(share-was), 1), c.t.Percent(was, 1))
}
