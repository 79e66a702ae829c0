package report

import (
	"image/color"
	"math"

	"otklik/app"
)

// Series of Pace.
const (
	SeriesNew = iota
	SeriesClosed
	SeriesOpen
)

// Pace draws what came and what was closed in each step as columns, and under them,
// on an axis of its own, what was open at its end: a backlog is many times a day's
// appeals, and a second axis over the same field would make crossings that mean
// nothing. The steps stand in order; one that is not over is hollow. Hover.Point is
// the place in steps.
func Pace(look Look, steps []app.StepFigures, labels Labels) Picture {
	f := newFrame(look, labels)
	if len(steps) == 0 {
		return f.noData()
	}
	g := pace{steps: steps, values: [...]func(i int) float64{
		SeriesNew:    func(i int) float64 { return float64(steps[i].Appeals) },
		SeriesClosed: func(i int) float64 { return float64(steps[i].Closed) },
		SeriesOpen:   func(i int) float64 { return float64(steps[i].Backlog) },
	}}
	for k := range g.values {
		if !look.Hidden.Has(k) {
			g.series = append(g.series, k)
		}
	}
	listed := func(int) bool { return true }
	g.stretches = unbroken(steps, thin(len(steps), f.w, extremes(listed, g.values[:]...)))
	flow := snug(0, g.most(SeriesNew, SeriesClosed), max(1, f.lines()*3/5), whole)
	open := snug(0, g.most(SeriesOpen), max(1, f.lines()*2/5), whole)
	above := write(flow.ticks, func(v float64) string { return f.labels.Number(v, flow.ticks) })
	under := write(open.ticks, func(v float64) string { return f.labels.Number(v, open.ticks) })
	entries := []entry{
		{series: SeriesNew, text: f.labels.New, colour: look.Palette.series(SeriesNew)},
		{series: SeriesClosed, text: f.labels.Closed, colour: look.Palette.series(SeriesClosed)},
		{series: SeriesOpen, text: f.labels.Open, colour: look.Palette.Ink, mark: markLine},
	}
	x := overSteps(steps)
	x.min, x.max = math.Ceil(x.min)-0.5, math.Floor(x.max)+0.5 // a column is as wide as its days
	f.span(x)
	f.margins(append(above, under...), 1)
	f.margins(append(above, under...), f.rows(entries))
	f.headed(f.labels.Appeals)
	return f.draw(x, axis{max: 1}, func(p *plot) {
		fields := p.share(flow, open)
		p.unit(p.labels.Appeals)
		if upper := fields[SeriesNew]; upper != nil {
			upper.grid(flow, above)
			upper.pace(g)
		}
		if lower := fields[SeriesOpen]; lower != nil {
			lower.grid(open, under)
			lower.curve(g.stretches, g.x, g.values[SeriesOpen], g.open, look.Palette.Ink)
		}
		p.calendar()
		p.legend(entries)
		p.places = &track{
			points: len(steps), series: g.series,
			x: func(i int) float32 { return p.pointX(g.x(i)) },
			y: func(i, k int) (float32, bool) { return fields[k].pointY(g.values[k](i)), true },
		}
	})
}

// paceApart is the space between the fields in points.
const paceApart = 14

// pace is the data of Pace.
type pace struct {
	steps     []app.StepFigures
	values    [3]func(i int) float64
	series    []int   // that are shown
	stretches [][]int // thinned
}

func (g pace) x(i int) float64 { return middle(g.steps[i]) }
func (g pace) open(i int) bool { return g.steps[i].Partial }

// most is the greatest value of those of the series that are shown.
func (g pace) most(of ...int) (most float64) {
	for _, k := range g.series {
		for _, o := range of {
			if k == o {
				_, high := bounds(g.stretches, g.values[k])
				most = max(most, high)
			}
		}
	}
	return most
}

// share gives each series its field; nil for one whose field is not shown.
func (p *plot) share(flow, open axis) (fields [3]*plot) {
	columns := !p.look.Hidden.Has(SeriesNew) || !p.look.Hidden.Has(SeriesClosed)
	line := !p.look.Hidden.Has(SeriesOpen)
	top, bottom := p.box.Top, p.box.Bottom
	end, begin := bottom, top
	if columns && line {
		apart := min(p.px(paceApart), (bottom-top)/5)
		end = top + (bottom-top-apart)*3/5
		begin = end + apart
	}
	if columns {
		fields[SeriesNew] = p.part(top, end, flow)
		fields[SeriesClosed] = fields[SeriesNew]
	}
	if line {
		fields[SeriesOpen] = p.part(begin, bottom, open)
	}
	return fields
}

// widest is the width in points over which a column looks like a field.
const widest = 40

// pace draws the columns of each step side by side, and lines where there is no room
// for columns.
func (p *plot) pace(g pace) {
	var shown []int
	for _, k := range g.series {
		if k != SeriesOpen {
			shown = append(shown, k)
		}
	}
	if p.plotWidth() < float64(len(g.steps)*(2*len(shown)+1)) {
		for _, k := range shown {
			p.curve(g.stretches, g.x, g.values[k], g.open, p.look.Palette.series(k))
		}
		return
	}
	for i, s := range g.steps {
		half := max(0.5, float64(s.Period.To-s.Period.From+1)/2)
		from, to := p.atX(middle(s)-half), p.atX(middle(s)+half)
		side := max(0.5*p.scale, 0.12*(to-from), (to-from)/2-widest*float64(len(shown))*p.scale/2)
		wide := (to - from - 2*side) / float64(len(shown))
		for n, k := range shown {
			left := int(from + side + float64(n)*wide + 0.5)
			right := int(from + side + float64(n+1)*wide + 0.5)
			if v := g.values[k](i); v > 0 {
				p.block(left, right, v, s.Partial, p.look.Palette.series(k))
			}
		}
	}
}

// block draws a column, hollow if it is not over.
func (p *plot) block(left, right int, v float64, partial bool, c color.NRGBA) {
	r, thick := p.column(left, right, v), max(1, p.px(1))
	if !partial || r.Inset(thick).Empty() {
		p.fill(r, c)
		return
	}
	p.outline(r, thick, c)
	c.A = 40
	p.fill(r.Inset(thick), c)
}
