package report

import (
	"sort"
	"time"

	"otklik/app"
)

// Unanswered draws what share is still without an answer after each length of time, as
// steps down from 100 %, over customary lengths. The goal is an upright dashed line; 0
// draws none. Hover.Point is the place in the curve.
func Unanswered(look Look, curve []app.Survival, goal time.Duration, labels Labels) Picture {
	f := newFrame(look, labels)
	if len(curve) == 0 {
		return f.noData()
	}
	x := waits(max(curve[len(curve)-1].After, goal))
	y := shareAxis(f.lines())
	values := write(y.ticks, f.labels.Percent)
	f.margins(values, 0)
	f.headed(f.labels.Unanswered)
	pins := f.goalPin(goal)
	f.lanes(pins, x)
	return f.draw(x, y, func(p *plot) {
		p.grid(y, values)
		p.unit(p.labels.Unanswered)
		p.stairs(curve)
		p.pins(pins, p.toBottom)
		p.stops(x)
		p.places = &track{
			points: len(curve), series: []int{0},
			x: func(i int) float32 { return p.pointX(wait(curve[i].After)) },
			y: func(i, _ int) (float32, bool) { return p.pointY(clamp(curve[i].Share)), true },
		}
	})
}

// goalPin is the line of the goal on an axis of waits.
func (f *frame) goalPin(goal time.Duration) []pin {
	if goal <= 0 {
		return nil
	}
	return []pin{{at: wait(goal), text: f.labels.Goal, colour: f.look.Palette.Goal, dash: 4}}
}

// stairs draws the curve: a share holds until the next point.
func (p *plot) stairs(curve []app.Survival) {
	line := []point{p.at(0, 1)}
	for _, i := range p.falls(curve) {
		q := p.at(wait(curve[i].After), clamp(curve[i].Share))
		line = append(line, point{q.x, line[len(line)-1].y}, q)
	}
	pen := newPen(p.on)
	bottom := float64(p.box.Bottom)
	pen.shape(append([]point{{line[len(line)-1].x, bottom}, {line[0].x, bottom}}, line...)...)
	pen.ink(p.look.Palette.Band)
	pen.line(line, lineWidth*p.scale)
	pen.ink(p.look.Palette.Accent)
}

// falls chooses the points to draw: of those in half a pixel column the last, since the
// curve only falls.
func (p *plot) falls(curve []app.Survival) []int {
	columns := 2 * (p.box.Right - p.box.Left)
	if len(curve) <= columns {
		columns = 0
	}
	var out []int
	for next, c := 0, 0; next < len(curve); c++ {
		last := next
		if columns > 0 && c < columns {
			end := waited(p.x.max * float64(c+1) / float64(columns))
			last = next + sort.Search(len(curve)-next, func(i int) bool { return curve[next+i].After > end }) - 1
		} else if columns > 0 {
			last = len(curve) - 1
		}
		if last >= next {
			out = append(out, last)
			next = last + 1
		}
	}
	return out
}
