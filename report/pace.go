package report

import (
	"otklik/app"
)

// Series of Pace.
const (
	paceNew = iota
	paceClosed
	paceOpen
)

// Pace draws what came and what was closed in each step as columns, and under them,
// on an axis of its own, what was open at its end: a backlog is many times a day's
// appeals, and a second axis over the same field would make crossings that mean
// nothing. Series 0, 1, 2. The last step, if it is not over, is hollow.
func Pace(look Look, steps []app.StepFigures, labels Labels) Picture {
	f := newFrame(look, labels)
	if len(steps) == 0 {
		return f.noData()
	}
	flow, open := f.paceAxes(steps)
	above := write(flow.ticks, func(v float64) string { return f.labels.Number(v, flow.ticks) })
	under := write(open.ticks, func(v float64) string { return f.labels.Number(v, open.ticks) })
	entries := []entry{
		{text: f.labels.New, colour: look.Palette.series(0)},
		{text: f.labels.Closed, colour: look.Palette.series(1)},
		{text: f.labels.Open, colour: look.Palette.Ink, line: true},
	}
	f.margins(append(above, under...), 1)
	f.margins(append(above, under...), f.rows(entries))
	f.headed(f.labels.Appeals)
	x := spans(steps)
	split := float32(0)
	var columns, line []spot
	p := f.draw(x, axis{max: 1}, func(p *plot) {
		upper, lower := p.paceParts(flow, open)
		p.unit(p.labels.Appeals)
		if upper != nil {
			upper.grid(flow, above)
			upper.paceColumns(steps)
			for i, s := range steps {
				columns = append(columns, upper.spot(middle(s), float64(max(s.Appeals, s.Closed)), i))
			}
		}
		if lower != nil {
			lower.grid(open, under)
			backlog := func(i int) float64 { return float64(steps[i].Backlog) }
			lower.trail(steps, stretches(steps, func(int) bool { return true }), backlog, look.Palette.Ink)
			for i, s := range steps {
				line = append(line, lower.spot(middle(s), float64(s.Backlog), i))
			}
			split = float32(float64(lower.box.Top-p.px(8)) / p.scale)
		}
		p.calendar(app.Day(x.min), app.Day(x.max-1))
		p.legend(entries)
	})
	p.find = func(px, py float32) (Hover, bool) {
		of, series := columns, paceNew
		if len(columns) == 0 || len(line) > 0 && py >= split {
			of, series = line, paceOpen
		}
		at, ok := nearest(of, px)
		if !ok {
			return Hover{}, false
		}
		if series == paceNew && (look.Hidden.Has(paceNew) || !look.Hidden.Has(paceClosed) && px > at.x) {
			series = paceClosed
		}
		return Hover{X: at.x, Y: at.y, Point: at.of, Series: series, Day: steps[at.of].Period.From}, true
	}
	return p
}

// paceAxes gives the axes of the two fields.
func (f *frame) paceAxes(steps []app.StepFigures) (flow, open axis) {
	most, backlog := 0, 0
	for _, s := range steps {
		if !f.look.Hidden.Has(paceNew) {
			most = max(most, s.Appeals)
		}
		if !f.look.Hidden.Has(paceClosed) {
			most = max(most, s.Closed)
		}
		backlog = max(backlog, s.Backlog)
	}
	whole := func(v float64) float64 { return max(1, roundStep(v)) }
	n := f.lines()
	return fromZero(float64(most), max(1, n*3/5), whole), fromZero(float64(backlog), max(1, n*2/5), whole)
}

// paceParts shares the plot out among the fields that are shown; nil for one that is
// not.
func (p *plot) paceParts(flow, open axis) (upper, lower *plot) {
	columns := !p.look.Hidden.Has(paceNew) || !p.look.Hidden.Has(paceClosed)
	line := !p.look.Hidden.Has(paceOpen)
	top, bottom := p.box.Top, p.box.Bottom
	if columns && line {
		high, apart := bottom-top, min(p.px(14), (bottom-top)/5)
		middle := top + (high-apart)*3/5
		return p.part(top, middle, flow), p.part(middle+apart, bottom, open)
	}
	if columns {
		return p.part(top, bottom, flow), nil
	}
	if line {
		return nil, p.part(top, bottom, open)
	}
	return nil, nil
}

// paceColumns draws the columns of each step side by side, and lines where there is
// no room for columns.
func (p *plot) paceColumns(steps []app.StepFigures) {
	type column struct {
		series int
		value  func(i int) float64
	}
	var shown []column
	for _, c := range []column{
		{paceNew, func(i int) float64 { return float64(steps[i].Appeals) }},
		{paceClosed, func(i int) float64 { return float64(steps[i].Closed) }},
	} {
		if !p.look.Hidden.Has(c.series) {
			shown = append(shown, c)
		}
	}
	if p.slot(steps) < 2*float64(len(shown))+1 {
		all := stretches(steps, func(int) bool { return true })
		for _, c := range shown {
			p.trail(steps, all, c.value, p.look.Palette.series(c.series))
		}
		return
	}
	for i, s := range steps {
		from, to := p.atX(float64(s.Period.From)), p.atX(float64(ends(s)))
		side := max(0.5*p.scale, 0.12*(to-from))
		wide := (to - from - 2*side) / float64(len(shown))
		for k, c := range shown {
			left := int(from + side + float64(k)*wide + 0.5)
			right := int(from + side + float64(k+1)*wide + 0.5)
			p.column(left, right, c.value(i), s.Partial, p.look.Palette.series(c.series))
		}
	}
}
