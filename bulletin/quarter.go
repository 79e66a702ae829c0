package bulletin

import (
	"fmt"
	"slices"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// quarter is what came by which channel, month by month.
func (c *composer) quarter() error {
	if c.nothing() {
		return nil
	}
	c.d.OnePage = true
	c.add(&report.Figures{Items: []report.Figure{
		c.appealsTile(), c.endedTile(), c.medianTile(), c.inTimeTile(),
	}})
	shares := make([]app.Share, len(c.a.Sources))
	for i, s := range c.a.Sources {
		shares[i] = s
		shares[i].Name = assets.Name(c.t, "source", app.Source(s.Name))
	}
	months, err := c.months()
	if err != nil {
		return err
	}
	chart := c.counts(c.t.T("bulletin.chart.channels"), c.t.T("bulletin.col.channel"), namedShares(shares, len(shares)))
	chart.Ratio = min(ratioHalf, 2*chart.Ratio) // on half of the width
	c.add(&report.Beside{Blocks: []report.Block{chart, c.monthsTable(months)}})
	c.add(c.channelsTable(shares))
	return nil
}

// months gives the figures of each month of the period; the first and the last may be
// cut by it.
func (c *composer) months() (out []*app.Analytics, err error) {
	p := c.a.Period
	for from := p.From; from <= p.To; {
		at := from.In(time.UTC)
		to := min(p.To, app.DayOf(time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC))-1)
		month, err := c.desk.Analytics(app.Inquiry{
			Period: app.Period{From: from, To: to}, Filter: c.a.Filter, Step: app.StepMonth,
		})
		if err != nil {
			return nil, err
		}
		out = append(out, month)
		from = to + 1
	}
	return out, nil
}

// monthsTable has a row a channel and a column a month; rows and columns add up.
func (c *composer) monthsTable(months []*app.Analytics) *report.Table {
	t := c.t
	c.explain("rounding")
	table := &report.Table{Title: t.T("bulletin.table.months"), Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.channel")},
	}}
	total := []report.Value{report.Words(t.T("bulletin.total"))}
	for _, m := range months {
		table.Columns = append(table.Columns, report.TableColumn{Title: c.monthName(m.Period), Kind: report.ValueCount})
		total = append(total, report.Count(m.Now.Appeals))
	}
	table.Columns = append(table.Columns,
		report.TableColumn{Title: t.T("bulletin.total"), Kind: report.ValueCount},
		report.TableColumn{Title: t.T("bulletin.col.part"), Kind: report.ValueShare})
	counts := make([]int, len(c.a.Sources))
	for i, s := range c.a.Sources {
		counts[i] = s.Appeals
	}
	for i, part := range Shares(counts) {
		s := c.a.Sources[i]
		row := []report.Value{report.Words(assets.Name(t, "source", app.Source(s.Name)))}
		for _, m := range months {
			row = append(row, report.Count(appealsOf(m.Sources, s.Name)))
		}
		table.Rows = append(table.Rows, append(row, report.Count(s.Appeals), report.Ratio(part)))
	}
	table.Total = append(total, report.Count(c.a.Now.Appeals), report.Ratio(1))
	return table
}

// monthName is «октябрь», or the days where the period cuts the month.
func (c *composer) monthName(p app.Period) string {
	from, next := p.From.In(time.UTC), (p.To + 1).In(time.UTC)
	if from.Day() == 1 && next.Day() == 1 {
		return c.t.T(fmt.Sprintf("month.%d", from.Month()))
	}
	return c.t.Days(p)
}

func appealsOf(shares []app.Share, name string) int {
	for _, s := range shares {
		if s.Name == name {
			return s.Appeals
		}
	}
	return 0
}

// channelsTable says how each channel is answered.
func (c *composer) channelsTable(shares []app.Share) *report.Table {
	t := c.t
	table := &report.Table{Title: t.T("bulletin.table.channels"), Columns: slices.Concat([]report.TableColumn{
		{Title: t.T("bulletin.col.channel")},
	}, c.changeColumns(), []report.TableColumn{
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.p90"), Kind: report.ValueDuration, Spare: true},
		{Title: t.T("bulletin.col.mean"), Kind: report.ValueDuration, Spare: true},
		{Title: t.T("bulletin.col.answers"), Kind: report.ValueCount, Spare: true},
		{Title: t.T("bulletin.col.in_time"), Kind: report.ValueShare},
	})}
	row := func(name string, now, before, yearAgo int, r app.Summary) []report.Value {
		return slices.Concat([]report.Value{report.Words(name)}, c.changes(now, before, yearAgo), []report.Value{
			length(r, r.Median), length(r, r.P90), length(r, r.Mean), report.Count(r.N), inTime(r),
		})
	}
	for _, s := range shares {
		table.Rows = append(table.Rows, row(s.Name, s.Appeals, s.AppealsBefore, s.AppealsYearAgo, s.Response))
	}
	a := c.a
	table.Total = row(t.T("bulletin.total"), a.Now.Appeals, a.Before.Appeals, a.YearAgo.Appeals, a.Now.Response)
	return table
}
