package bulletin

import (
	"strconv"
	"strings"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// pageWide is about how many points wide a chart stands on a page; it decides how high
// one of so many rows is to be.
const pageWide = 655

// Ratios of charts, height / width.
const (
	ratioTime = 0.32 // something over time
	ratioHalf = 0.7  // the same where two stand side by side
	ratioLow  = 0.48 // the same where four stand on one page
)

// beside puts two charts side by side, as high as one another.
func beside(ratio float64, a, b *report.Chart) *report.Beside {
	a.Ratio, b.Ratio = ratio, ratio
	return &report.Beside{Blocks: []report.Block{a, b}}
}

// ladder is the ratio of a chart with so many rows.
func ladder(rows int) float64 { return float64(report.LadderHeight(rows)) / pageWide }

// mostBars is how many rows a chart of bodies has; the rest stand in the table.
const mostBars = 25

// hours is a length of time on the axis of bars.
func hours(d time.Duration) float64 { return d.Hours() }

func (c *composer) writeHours(v float64) string {
	return c.t.Duration(time.Duration(v * float64(time.Hour)).Round(time.Second))
}

func (c *composer) writeCount(v float64) string { return c.t.Number(int64(v)) }

// sample is «n = 214».
func (c *composer) sample(n int) string { return c.labels.Sample(n) }

// medians are bodies by their median, with p90 as a whisker.
func (c *composer) medians(title string, placed []app.Share) *report.Chart {
	t := c.t
	bars := make([]report.Bar, 0, len(placed))
	data := report.Table{Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.body")},
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.p90"), Kind: report.ValueDuration},
	}}
	n := 0
	for _, s := range placed[:min(len(placed), mostBars)] {
		r, high := s.Response, hours(s.Response.P90)
		bar := report.Bar{Name: s.Name, Value: hours(r.Median), High: &high, Note: c.sample(r.N), Tone: tone(r.Median, c.a.Goal)}
		if s.Before.N > 0 {
			before := hours(s.Before.Median)
			bar.Before = &before
		}
		bars = append(bars, bar)
		data.Rows = append(data.Rows, []report.Value{report.Words(s.Name), length(r, r.Median), length(r, r.P90)})
	}
	for _, s := range placed {
		n += s.Response.N
	}
	goal := hours(c.a.Goal)
	return &report.Chart{
		Title: title, Note: t.T("bulletin.note.medians", c.sample(n)),
		Ratio: ladder(len(bars)), Data: data, Native: report.NativeBar,
		Draw: func(l report.Look) report.Picture { return report.Bars(l, bars, goal, c.writeHours, c.labels) },
	}
}

// counts are values of a facet by their appeals, with those of the period before.
func (c *composer) counts(title, column string, shares []app.Share) *report.Chart {
	t := c.t
	bars := make([]report.Bar, 0, len(shares))
	data := report.Table{Columns: []report.TableColumn{
		{Title: column},
		{Title: t.T("bulletin.col.appeals"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.before"), Kind: report.ValueCount},
	}}
	for _, s := range shares {
		before := float64(s.AppealsBefore)
		bar := report.Bar{Name: s.Name, Value: float64(s.Appeals), Before: &before}
		bars = append(bars, bar)
		data.Rows = append(data.Rows, []report.Value{report.Words(s.Name), report.Count(s.Appeals), report.Count(s.AppealsBefore)})
	}
	return &report.Chart{
		Title: title, Note: t.T("bulletin.note.counts", c.sample(c.a.Now.Appeals)),
		Ratio: ladder(len(bars)), Data: data, Native: report.NativeBar,
		Draw: func(l report.Look) report.Picture { return report.Bars(l, bars, 0, c.writeCount, c.labels) },
	}
}

// pace is what came and what was closed, step by step.
func (c *composer) pace(ratio float64) *report.Chart {
	t, steps := c.t, c.a.Steps
	c.explain("appeals", "closed", "backlog")
	data := report.Table{Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.since"), Kind: report.ValueDay},
		{Title: t.T("bulletin.col.new"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.closed"), Kind: report.ValueCount},
		{Title: t.T("bulletin.col.backlog"), Kind: report.ValueCount},
	}}
	for _, s := range steps {
		data.Rows = append(data.Rows, []report.Value{
			date(s.Period.From), report.Count(s.Appeals), report.Count(s.Closed), report.Count(s.Backlog),
		})
	}
	return &report.Chart{
		Title: t.T("bulletin.chart.pace"), Note: c.noted("bulletin.note.pace", c.a.Now.Appeals),
		Ratio: ratio, Data: data, Native: report.NativeColumn,
		Draw: func(l report.Look) report.Picture { return report.Pace(c.marked(l), steps, c.labels) },
	}
}

// responses is the response time, step by step.
func (c *composer) responses(ratio float64) *report.Chart {
	t, steps, goal := c.t, c.a.Steps, c.a.Goal
	c.explain("response", "median")
	data := report.Table{Columns: []report.TableColumn{
		{Title: t.T("bulletin.col.since"), Kind: report.ValueDay},
		{Title: t.T("bulletin.col.median"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.p10"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.p90"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.mean"), Kind: report.ValueDuration},
		{Title: t.T("bulletin.col.answers"), Kind: report.ValueCount},
	}}
	for _, s := range steps {
		r := s.Response
		data.Rows = append(data.Rows, []report.Value{
			date(s.Period.From), length(r, r.Median), length(r, r.P10), length(r, r.P90), length(r, r.Mean), report.Count(r.N),
		})
	}
	return &report.Chart{
		Title: t.T("bulletin.chart.responses"), Note: c.noted("bulletin.note.responses", c.a.Now.Response.N),
		Ratio: ratio, Data: data, Native: report.NativeLine,
		Draw: func(l report.Look) report.Picture { return report.Responses(c.marked(l), steps, goal, c.labels) },
	}
}

// networks are the subscribers of the pages by network, day by day.
func (c *composer) networks(ratio float64) *report.Chart {
	t, networks, from := c.t, c.a.Audience.Networks, c.a.Period.From
	c.explain("subscribers")
	data := report.Table{Columns: []report.TableColumn{{Title: t.T("bulletin.col.day"), Kind: report.ValueDay}}}
	for _, n := range networks {
		data.Columns = append(data.Columns, report.TableColumn{
			Title: assets.Name(t, "source", n.Network), Kind: report.ValueCount,
		})
	}
	for i := range c.a.Period.Days() {
		row := []report.Value{date(from + app.Day(i))}
		for _, n := range networks {
			v := report.None(report.ValueCount)
			if i < len(n.Days) && n.Days[i] >= 0 {
				v = report.Count(int(n.Days[i]))
			}
			row = append(row, v)
		}
		data.Rows = append(data.Rows, row)
	}
	return &report.Chart{
		Title: t.T("bulletin.chart.networks"), Note: t.T("bulletin.note.networks", t.N("bulletin.pages_counted", c.a.Audience.Pages)),
		Ratio: ratio, Data: data, Native: report.NativeStacked,
		Draw: func(l report.Look) report.Picture { return report.Networks(c.marked(l), networks, from, c.labels) },
	}
}

// heat is when appeals come.
func (c *composer) heat() *report.Chart {
	t, heat := c.t, c.a.Heat
	data := report.Table{Columns: []report.TableColumn{{Title: t.T("bulletin.col.weekday")}}}
	for hour := range heat[0] {
		data.Columns = append(data.Columns, report.TableColumn{Title: strconv.Itoa(hour), Kind: report.ValueCount})
	}
	for day := range heat {
		row := []report.Value{report.Words(t.Weekday(day))}
		for _, n := range heat[day] {
			row = append(row, report.Count(n))
		}
		data.Rows = append(data.Rows, row)
	}
	return &report.Chart{
		Title: t.T("bulletin.chart.heat"), Note: t.T("bulletin.note.heat", c.sample(c.a.Now.Appeals)),
		Ratio: ratioHalf, Data: data,
		Draw: func(l report.Look) report.Picture { return report.Heat(l, heat, c.labels) },
	}
}

// occasions says what the numbers over the charts of time stand for.
func (c *composer) occasions() {
	t := c.t
	var out []string
	for _, m := range report.Marks(c.a.Occasions, c.a.Period) {
		o := m.Occasion
		words := t.T("bulletin.occasion", m.Sign, t.DayMonth(o.Date.In(time.UTC)), o.Name)
		if o.Municipality != "" {
			words += " (" + o.Municipality + ")"
		}
		out = append(out, words)
	}
	if len(out) > 0 {
		c.say(t.T("bulletin.occasions", strings.Join(out, "; ")))
	}
}

// marked has the occasions of the period on a chart over time, and the day that is not
// over.
func (c *composer) marked(l report.Look) report.Look {
	l.Occasions = c.a.Occasions
	if c.a.Partial {
		l.Unfinished = app.DayOf(c.a.At.In(c.desk.Region().Location()))
	}
	return l
}

// noted is the note of a chart over time: its step, n, and that the last is not over.
func (c *composer) noted(key string, n int) string {
	step := c.a.Step
	if step == "" {
		step = app.StepFor(c.a.Period)
	}
	note := c.t.T(key, c.t.T("bulletin.step."+string(step)), c.sample(n))
	if k := len(c.a.Steps); k > 0 && c.a.Steps[k-1].Partial {
		note += ". " + c.t.T("bulletin.note.partial."+string(step))
	}
	return note
}
