package report

import (
	"strconv"
	"time"

	"otklik/app"
)

// Histogram draws how many first responses took how long: a column a bin, all equally
// wide, between the lengths that bound it. The median and p90 of all, and the goal,
// stand as upright lines.
func Histogram(look Look, bins []app.Bin, all app.Summary, goal time.Duration, labels Labels) Picture {
	f := newFrame(look, labels)
	most := 0
	for _, b := range bins {
		most = max(most, b.N)
	}
	if most == 0 {
		return f.noData()
	}
	y := fromZero(float64(most), f.lines(), func(v float64) float64 { return max(1, roundStep(v)) })
	x := axis{max: float64(len(bins))}
	values := write(y.ticks, func(v float64) string { return f.labels.Number(v, y.ticks) })
	f.margins(values, 0)
	f.headed(f.labels.Answers)
	marks := f.binMarks(bins, all, goal)
	f.lanes(marks, x)
	var spots []spot
	p := f.draw(x, y, func(p *plot) {
		p.grid(y, values)
		p.unit(p.labels.Answers)
		p.binColumns(bins)
		p.marks(marks)
		for i := range len(bins) + 1 {
			x.ticks = append(x.ticks, float64(i))
		}
		p.below(x.ticks, func(v float64) string { return p.bound(bins, int(v)) })
		for i, b := range bins {
			spots = append(spots, p.spot(float64(i)+0.5, float64(b.N), i))
		}
	})
	p.find = func(px, _ float32) (Hover, bool) {
		s, ok := nearest(spots, px)
		return Hover{X: s.x, Y: s.y, Point: s.of}, ok
	}
	return p
}

// bound writes the i-th of the lengths between the bins; an open end has none.
func (p *plot) bound(bins []app.Bin, i int) string {
	switch {
	case i < len(bins):
		return p.labels.Time(bins[i].AtLeast)
	case bins[i-1].Below > 0:
		return p.labels.Time(bins[i-1].Below)
	default:
		return ""
	}
}

// binMarks are the lines of the median, p90 and the goal.
func (f *frame) binMarks(bins []app.Bin, all app.Summary, goal time.Duration) []mark {
	var out []mark
	if all.N > 0 {
		c := f.look.Palette.Ink
		out = append(out,
			mark{at: within(bins, all.Median), text: f.labels.Median + " " + f.labels.Time(all.Median), colour: c},
			mark{at: within(bins, all.P90), text: f.labels.P90 + " " + f.labels.Time(all.P90), colour: c, dash: 1.5})
	}
	if goal > 0 {
		out = append(out, mark{at: within(bins, goal), text: f.labels.Goal, colour: f.look.Palette.Goal, dash: 5})
	}
	return out
}

// within gives the place of the length among the bins, straight from bound to bound;
// in the open last bin as far as twice its bound.
func within(bins []app.Bin, d time.Duration) float64 {
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

// binColumns draws the columns and, where there is room, their counts.
func (p *plot) binColumns(bins []app.Bin) {
	for i, b := range bins {
		from, to := p.atX(float64(i)), p.atX(float64(i+1))
		gap := min(p.scale, (to-from)/6)
		p.column(int(from+gap+0.5), int(to-gap+0.5), float64(b.N), false, p.look.Palette.Accent)
		text := strconv.Itoa(b.N)
		wide := p.advance(text, textSize)
		if b.N > 0 && p.left > 0 && float64(wide) < to-from {
			y := int(p.atY(float64(b.N))) - p.px(4)
			p.text(text, int((from+to)/2)-wide/2, y, textSize, p.look.Palette.Ink)
		}
	}
}
