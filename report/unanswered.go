package report

import (
	"time"

	"otklik/app"
)

// Unanswered draws what share is still without an answer after each length of time, as
// steps down from 100 %, over customary lengths. The goal is an upright dashed line; 0
// draws none.
func Unanswered(look Look, curve []app.Survival, goal time.Duration, labels Labels) Picture {
	f := newFrame(look, labels)
	if len(curve) == 0 {
		return f.noData()
	}
	x := waits(max(curve[len(curve)-1].After, goal))
	y := shares(f.lines())
	values := write(y.ticks, f.labels.Percent)
	f.margins(values, 0)
	f.headed(f.labels.Unanswered)
	marks := f.goalMark(goal)
	f.lanes(marks, x)
	var spots []spot
	p := f.draw(x, y, func(p *plot) {
		p.grid(y, values)
		p.unit(p.labels.Unanswered)
		p.marks(marks)
		p.stairs(curve)
		p.stops(x)
		for i, s := range curve {
			spots = append(spots, p.spot(wait(s.After), clamp(s.Share), i))
		}
	})
	p.find = func(px, _ float32) (Hover, bool) {
		s, ok := nearest(spots, px)
		return Hover{X: s.x, Y: s.y, Point: s.of}, ok
	}
	return p
}

// goalMark is the mark of the goal on an axis of waits.
func (f *frame) goalMark(goal time.Duration) []mark {
	if goal <= 0 {
		return nil
	}
	return []mark{{at: wait(goal), text: f.labels.Goal, colour: f.look.Palette.Goal, dash: 4}}
}

func clamp(share float64) float64 {
	if !(share > 0) { // NaN too
		return 0
	}
	return min(share, 1)
}

// stairs draws the curve: a share holds until the next point. Of the points in one
// pixel column the last is enough, the curve only falls.
func (p *plot) stairs(curve []app.Survival) {
	line := []point{p.at(0, 1)}
	for i, s := range curve {
		q := p.at(wait(s.After), clamp(s.Share))
		last := line[len(line)-1]
		if q.x-last.x < 0.5 && i < len(curve)-1 {
			line[len(line)-1].y = q.y
			continue
		}
		line = append(line, point{q.x, last.y}, q)
	}
	pen := newPen(p.on)
	bottom := float64(p.box.Bottom)
	pen.shape(append([]point{{line[len(line)-1].x, bottom}, {line[0].x, bottom}}, line...)...)
	pen.ink(p.look.Palette.Band)
	pen.line(line, lineWidth*p.scale)
	pen.ink(p.look.Palette.Accent)
}
