package report

import (
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

// stairs draws the curve: a share holds until the next point. Of the points in one
// pixel column the last is enough, the curve only falls.
func (p *plot) stairs(curve []app.Survival) {
	line := []point{p.at(0, 1)}
	drawn := -1.0 // pixel column of the last step
	for _, s := range curve {
		q := p.at(wait(s.After), clamp(s.Share))
		last := &line[len(line)-1]
		if q.x-drawn < 0.5 {
			last.y = q.y
			continue
		}
		line = append(line, point{q.x, last.y}, q)
		drawn = q.x
	}
	pen := newPen(p.on)
	bottom := float64(p.box.Bottom)
	pen.shape(append([]point{{line[len(line)-1].x, bottom}, {line[0].x, bottom}}, line...)...)
	pen.ink(p.look.Palette.Band)
	pen.line(line, lineWidth*p.scale)
	pen.ink(p.look.Palette.Accent)
}
