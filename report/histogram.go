package report

import (
	"image"
	"time"

	"otklik/app"
)

// Histogram draws how many first responses took how long: a column a bin, all equally
// wide, between the lengths that bound it. The median and p90 of all, and the goal,
// stand as upright lines. Hover.Point is the place in bins.
func Histogram(look Look, bins []app.Bin, all app.Summary, goal time.Duration, labels Labels) Picture {
	f := newFrame(look, labels)
	most := 0
	for _, b := range bins {
		most = max(most, b.N)
	}
	if most == 0 {
		return f.noData()
	}
	y := snug(0, float64(most), f.lines(), whole)
	x := axis{max: float64(len(bins))}
	values := write(y.ticks, func(v float64) string { return f.labels.Number(v, y.ticks) })
	f.margins(values, 0)
	f.headed(f.labels.Answers)
	pins := f.binPins(bins, all, goal)
	f.lanes(pins, x)
	if f.left > 0 {
		y.max *= 1 + countHigh/max(f.plotHeight()-countHigh, countHigh) // room over the highest column
	}
	return f.draw(x, y, func(p *plot) {
		p.grid(y, values)
		p.unit(p.labels.Answers)
		columns := p.bins(bins)
		p.pins(pins, func(x int) int {
			i := int(float64(x-p.box.Left) / float64(p.box.Right-p.box.Left) * float64(len(bins)))
			return columns[min(max(i, 0), len(bins)-1)].over(x)
		})
		bounds := make([]float64, len(bins)+1)
		for i := range bounds {
			bounds[i] = float64(i)
		}
		p.below(bounds, func(v float64) string { return p.bound(bins, int(v)) })
		fields := make(cells, len(bins))
		for i, c := range columns {
			r := c.Rectangle
			r.Min.Y = p.box.Top
			fields[i] = cell{Rect: p.rect(r), at: Hover{X: p.pointX(float64(i) + 0.5), Y: p.pointY(float64(bins[i].N)), Point: i}}
		}
		p.places = fields
	})
}

// countHigh is the room in points of a count over its column.
const countHigh = 15

// bound writes the i-th of the lengths between the bins; an open end has none.
func (p *plot) bound(bins []app.Bin, i int) string {
	switch {
	case i < len(bins):
		return p.length(bins[i].AtLeast)
	case bins[i-1].Below > 0:
		return p.length(bins[i-1].Below)
	default:
		return ""
	}
}

// binPins are the lines of the median, p90 and the goal.
func (f *frame) binPins(bins []app.Bin, all app.Summary, goal time.Duration) []pin {
	var out []pin
	if all.N > 0 {
		c := f.look.Palette.Ink
		out = append(out,
			pin{at: among(bins, all.Median), text: f.labels.Median + " " + f.labels.Time(all.Median), colour: c},
			pin{at: among(bins, all.P90), text: f.labels.P90 + " " + f.labels.Time(all.P90), colour: c, dash: 1.5})
	}
	if goal > 0 {
		out = append(out, pin{at: among(bins, goal), text: f.labels.Goal, colour: f.look.Palette.Goal, dash: 4})
	}
	return out
}

// among gives the place of the length among the bins, straight from bound to bound;
// the open last bin ends at twice its bound.
func among(bins []app.Bin, d time.Duration) float64 {
	for i, b := range bins {
		below := b.Below
		if below <= 0 {
			below = 2 * b.AtLeast
		}
		if d < below && below > b.AtLeast {
			return float64(i) + clamp(float64(d-b.AtLeast)/float64(below-b.AtLeast))
		}
	}
	return float64(len(bins))
}

// counted is a column with its count over it.
type counted struct {
	image.Rectangle
	wide, high int // of the count, pixels; 0: none
}

// over is how far down a line comes at x without running through the column or its
// count.
func (c counted) over(x int) int {
	if middle := (c.Min.X + c.Max.X) / 2; 2*max(x-middle, middle-x) < c.wide {
		return c.Min.Y - c.high
	}
	return c.Min.Y
}

// bins draws the columns and, where there is room, their counts.
func (p *plot) bins(bins []app.Bin) []counted {
	out := make([]counted, len(bins))
	texts, room := make([]string, len(bins)), p.left > 0
	for i, b := range bins {
		from, to := p.atX(float64(i)), p.atX(float64(i+1))
		gap := min(p.scale, (to-from)/6)
		out[i].Rectangle = p.column(int(from+gap+0.5), int(to-gap+0.5), float64(b.N))
		texts[i] = p.labels.Count(b.N)
		room = room && float64(p.advance(texts[i], textSize)) < to-from-2*gap
	}
	for i := range out {
		c := &out[i]
		if bins[i].N > 0 {
			p.fill(c.Rectangle, p.look.Palette.Accent)
		}
		if room {
			wide := p.advance(texts[i], textSize)
			p.text(texts[i], (c.Min.X+c.Max.X-wide)/2, c.Min.Y-p.px(4), textSize, p.look.Palette.Ink)
			c.wide, c.high = wide+p.px(6), p.px(countHigh)
		}
	}
	return out
}
