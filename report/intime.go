package report

import "otklik/app"

// InTime draws the share of answers in time of each step, on an axis from 0 to 100 %.
// The steps stand in order; one in which nothing had a term is a gap, one that is not
// over is hollow. Hover.Point is the place in steps.
func InTime(look Look, steps []app.StepFigures, labels Labels) Picture {
	f := newFrame(look, labels)
	share := func(i int) float64 { v, _ := steps[i].Response.Share(); return clamp(v) }
	known := func(i int) bool { _, ok := steps[i].Response.Share(); return ok }
	stretches := unbroken(steps, thin(len(steps), f.w, extremes(known, share)))
	if len(stretches) == 0 {
		return f.noData()
	}
	y := shareAxis(f.lines())
	values := write(y.ticks, f.labels.Percent)
	x := func(i int) float64 { return middle(steps[i]) }
	f.span(overSteps(steps))
	f.margins(values, 0)
	f.headed(f.labels.InTime)
	return f.draw(f.time, y, func(p *plot) {
		p.grid(y, values)
		p.unit(p.labels.InTime)
		p.band(stretches, x, func(int) float64 { return 0 }, share)
		p.curve(stretches, x, share, func(i int) bool { return steps[i].Partial }, look.Palette.Accent)
		p.calendar()
		p.places = &track{
			points: len(steps), series: []int{0},
			x: func(i int) float32 { return p.pointX(x(i)) },
			y: func(i, _ int) (float32, bool) { return p.pointY(share(i)), known(i) },
		}
	})
}

// clamp keeps a share within 0…1.
func clamp(share float64) float64 {
	if !(share > 0) { // NaN too
		return 0
	}
	return min(share, 1)
}
