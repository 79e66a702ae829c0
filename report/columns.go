package report

import (
	"image"
	"image/color"
	"math"
)

// snug is an axis from least to most, which holds zero and ends with the values; about
// n round values of it have a line, two at least.
func snug(least, most float64, n int, round func(float64) float64) axis {
	if least == most {
		return axis{max: 1, step: 1, ticks: []float64{0}}
	}
	a := axis{min: least, max: most}
	for n = max(n, 1); ; n *= 2 {
		a.step = round((most - least) / float64(n))
		a.ticks = nil
		for i := int(math.Ceil(least/a.step - 1e-9)); float64(i)*a.step <= most*(1+1e-9); i++ {
			a.ticks = append(a.ticks, float64(i)*a.step)
		}
		if len(a.ticks) >= 2 || n > 64 {
			return a
		}
	}
}

// whole is the rounding of an axis of counts.
func whole(v float64) float64 { return max(1, roundStep(v)) }

// shareAxis is the axis from 0 to 100 %.
func shareAxis(lines int) axis {
	if lines >= 4 {
		return axis{max: 1, step: 0.25, ticks: []float64{0, 0.25, 0.5, 0.75, 1}}
	}
	return axis{max: 1, step: 0.5, ticks: []float64{0, 0.5, 1}}
}

// column gives the rectangle of a column from the bottom of the plot to the value;
// one above zero always shows.
func (p *plot) column(left, right int, v float64) image.Rectangle {
	top := int(math.Round(p.atY(v)))
	if v > 0 {
		top = min(top, p.box.Bottom-1)
	}
	return image.Rect(left, top, max(left+1, right), p.box.Bottom)
}

// fill fills what of the rectangle lies within the picture.
func (p *plot) fill(r image.Rectangle, c color.NRGBA) {
	if r = r.Intersect(image.Rect(0, 0, p.w, p.h)); !r.Empty() {
		p.on.block(r, c)
	}
}

// part is a field of the plot with an upright axis of its own.
func (p *plot) part(top, bottom int, y axis) *plot {
	q := *p
	q.box.Top, q.box.Bottom, q.y = top, bottom, y
	return &q
}
