package report

import "otklik/app"

// InTime draws the share of answers in time of each step, on an axis from 0 to 100 %.
// A step in which nothing had a term is a gap; the last, if it is not over, is hollow.
func InTime(look Look, steps []app.StepFigures, labels Labels) Picture {
	f := newFrame(look, labels)
	share := func(i int) float64 { v, _ := steps[i].Response.Share(); return v }
	known := func(i int) bool { _, ok := steps[i].Response.Share(); return ok }
	all := stretches(steps, known)
	if len(all) == 0 {
		return f.noData()
	}
	y := shares(f.lines())
	values := write(y.ticks, f.labels.Percent)
	f.margins(values, 0)
	x := spans(steps)
	var spots []spot
	p := f.draw(x, y, func(p *plot) {
		p.grid(y, values)
		p.under(steps, all, share)
		p.trail(steps, all, share, look.Palette.Accent)
		p.calendar(app.Day(x.min), app.Day(x.max-1))
		for _, r := range all {
			for i := r.from; i <= r.to; i++ {
				spots = append(spots, p.spot(middle(steps[i]), share(i), i))
			}
		}
	})
	p.find = func(px, _ float32) (Hover, bool) {
		s, ok := nearest(spots, px)
		if !ok {
			return Hover{}, false
		}
		return Hover{X: s.x, Y: s.y, Point: s.of, Day: steps[s.of].Period.From, Response: steps[s.of].Response}, true
	}
	return p
}

// shares is the axis from 0 to 100 %.
func shares(lines int) axis {
	step := 0.5
	if lines >= 4 {
		step = 0.25
	}
	a := axis{max: 1, step: step}
	for v := 0.0; v <= 1; v += step {
		a.ticks = append(a.ticks, v)
	}
	return a
}

// under lays a breath of colour between the line and zero.
func (p *plot) under(steps []app.StepFigures, all []run, value func(i int) float64) {
	pen := newPen(p.on)
	x := func(i int) float64 { return middle(steps[i]) }
	for _, r := range all {
		chosen := thin(r, p.columns(r, x), value)
		outline := []point{p.at(x(chosen[len(chosen)-1]), 0), p.at(x(chosen[0]), 0)}
		for _, i := range chosen {
			outline = append(outline, p.at(x(i), value(i)))
		}
		pen.shape(outline...)
	}
	c := p.look.Palette.Accent
	c.A = 24
	pen.ink(c)
}
