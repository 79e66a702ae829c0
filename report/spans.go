package report

import (
	"image"
	"image/color"
	"math"

	"otklik/app"
)

// ends is the day after the last of the step.
func ends(s app.StepFigures) app.Day { return max(s.Period.From, s.Period.To) + 1 }

// middle is where a value of the step stands on an axis of days.
func middle(s app.StepFigures) float64 { return (float64(s.Period.From) + float64(ends(s))) / 2 }

// spans is the axis of the steps, each as wide as its days.
func spans(steps []app.StepFigures) axis {
	a := axis{min: math.Inf(1), max: math.Inf(-1)}
	for _, s := range steps {
		a.min, a.max = min(a.min, float64(s.Period.From)), max(a.max, float64(ends(s)))
	}
	return a
}

// stretches gives the runs of successive steps of which something is known.
func stretches(steps []app.StepFigures, known func(i int) bool) []run {
	var out []run
	for i := range steps {
		switch {
		case !known(i):
		case len(out) > 0 && out[len(out)-1].to == i-1 && ends(steps[i-1]) == steps[i].Period.From:
			out[len(out)-1].to = i
		default:
			out = append(out, run{i, i})
		}
	}
	return out
}

// trail draws a line through the middles of the steps, dashed to the one that is not
// over; where there is room each step has a dot.
func (p *plot) trail(steps []app.StepFigures, all []run, value func(i int) float64, c color.NRGBA) {
	pen := newPen(p.on)
	x := func(i int) float64 { return middle(steps[i]) }
	var hollow []point
	for _, r := range all {
		chosen := thin(r, p.columns(r, x), value)
		line := make([]point, len(chosen))
		for i, of := range chosen {
			line[i] = p.at(x(of), value(of))
		}
		dots := p.slot(steps) >= 9
		if last := len(line) - 1; steps[r.to].Partial {
			hollow = append(hollow, line[last])
			if last > 0 {
				pen.dashed(line[last-1], line[last], lineWidth*p.scale, 4*p.scale, 3*p.scale)
			}
			line = line[:last]
		} else if last == 0 {
			dots = true
		}
		if len(line) > 1 {
			pen.line(line, lineWidth*p.scale)
		}
		if dots {
			for _, q := range line {
				pen.disc(q, 2.4*p.scale)
			}
		}
	}
	pen.ink(c)
	for _, q := range hollow {
		p.hollow(q, c)
	}
}

// hollow is the dot of what is not over.
func (p *plot) hollow(at point, c color.NRGBA) {
	pen := newPen(p.on)
	pen.disc(at, 3.2*p.scale)
	pen.ink(c)
	pen.disc(at, 1.8*p.scale)
	pen.ink(p.ground())
}

// ground is the colour under the drawing; a card that is drawn by the screen is known
// by the palette alone.
func (p *plot) ground() color.NRGBA {
	if b := p.look.Background; b.A == 255 {
		return b
	}
	if bright(p.look.Palette.Ink) > 0.5 {
		return rgb(0x1b2230)
	}
	return rgb(0xffffff)
}

// dashed adds a dashed stroke from a to b.
func (p *pen) dashed(a, b point, width, dash, space float64) {
	length := math.Hypot(b.x-a.x, b.y-a.y)
	for at := 0.0; at < length; at += dash + space {
		to := min(at+dash, length)
		p.line([]point{
			{a.x + (b.x-a.x)*at/length, a.y + (b.y-a.y)*at/length},
			{a.x + (b.x-a.x)*to/length, a.y + (b.y-a.y)*to/length},
		}, width)
	}
}

// slot is the width of the narrowest step in points, of the first few.
func (p *plot) slot(steps []app.StepFigures) float64 {
	least := math.Inf(1)
	for _, s := range steps[:min(len(steps), 40)] {
		least = min(least, p.atX(float64(ends(s)))-p.atX(float64(s.Period.From)))
	}
	return least / p.scale
}

// column fills from the bottom of the plot to the value; one that is not over is an
// outline. A value above zero always shows.
func (p *plot) column(left, right int, v float64, partial bool, c color.NRGBA) {
	top := int(math.Round(p.atY(v)))
	if v > 0 {
		top = min(top, p.box.Bottom-1)
	}
	r := image.Rect(left, top, max(left+1, right), p.box.Bottom)
	if v <= 0 {
		return
	}
	if !partial {
		p.on.block(r, c)
		return
	}
	p.outline(r, c)
}

// outline draws the edges of the rectangle, and inside it a breath of its colour.
func (p *plot) outline(r image.Rectangle, c color.NRGBA) {
	thick := max(1, p.px(1))
	inner := r.Inset(thick)
	if inner.Empty() {
		p.on.block(r, c)
		return
	}
	p.on.block(image.Rect(r.Min.X, r.Min.Y, r.Max.X, inner.Min.Y), c)
	p.on.block(image.Rect(r.Min.X, inner.Max.Y, r.Max.X, r.Max.Y), c)
	p.on.block(image.Rect(r.Min.X, inner.Min.Y, inner.Min.X, inner.Max.Y), c)
	p.on.block(image.Rect(inner.Max.X, inner.Min.Y, r.Max.X, inner.Max.Y), c)
	c.A = 40
	p.on.block(inner, c)
}

// bright is the relative luminance of the colour, 0…1, as WCAG 2 defines it.
func bright(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}
