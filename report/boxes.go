package report

import (
	"image"
	"math"
	"time"

	"otklik/app"
)

// Box is a row of Boxes.
type Box struct {
	Name    string
	Summary app.Summary
}

// Boxes draws how response times are spread, a row each: the box reaches from p10 to
// p90, the upright stroke in it is the median, the ring is the mean. Rows without
// answers have a dash. The axis is of customary lengths.
func Boxes(look Look, boxes []Box, goal time.Duration, labels Labels) Picture {
	f := newFrame(look, labels)
	var most time.Duration
	names, medians, counts := make([]string, len(boxes)), make([]string, len(boxes)), make([]string, len(boxes))
	any := false
	for i, b := range boxes {
		names[i], medians[i], counts[i] = b.Name, none, f.labels.Sample(b.Summary.N)
		if s := b.Summary; s.N > 0 {
			any = true
			most = max(most, s.P90, s.Mean, s.Median)
			medians[i] = f.labels.Time(s.Median)
		}
	}
	if !any {
		return f.noData()
	}
	l := f.ladder(names, medians, counts)
	x := waits(max(most, goal))
	entries := []entry{
		{text: f.labels.Band, colour: look.Palette.Band},
		{text: f.labels.Median, colour: look.Palette.Accent, line: true},
		{text: f.labels.Mean, colour: look.Palette.Ink, line: true},
	}
	marks := f.goalMark(goal)
	f.lanes(marks, x)
	if f.left > 0 && f.plotHeight() > 70 {
		f.keyed, f.bottom = true, f.bottom+f.rows(entries)*f.px(20)+f.px(2)
	}
	l.fit()
	p := f.draw(x, axis{max: 1}, func(p *plot) {
		p.uprights(x)
		for i, b := range boxes[:l.shown] {
			l.drawBox(p, i, b.Summary)
		}
		p.marks(marks)
		l.words(p)
		p.stops(x)
		p.legend(entries)
	})
	plot := p.Plot
	p.find = func(_, y float32) (Hover, bool) {
		i := l.row(plot, y)
		share := float32(wait(boxes[i].Summary.Median) / x.max)
		return Hover{
			X: plot.Left + share*(plot.Right-plot.Left), Point: i, Response: boxes[i].Summary,
			Y: plot.Top + float32((float64(i)+0.5)*l.pitch/l.scale),
		}, true
	}
	return p
}

// drawBox draws the spread of a row.
func (l *ladder) drawBox(p *plot, row int, s app.Summary) {
	y := l.y(p, row)
	if s.N == 0 {
		if l.left > 0 {
			p.text(none, p.box.Left+p.px(3), int(math.Round(y+textSize*0.36*p.scale)), textSize, p.look.Palette.Text)
		}
		return
	}
	r := l.bar(p, row, p.atX(wait(s.P10)), p.atX(wait(s.P90)))
	r.Max.X = max(r.Max.X, r.Min.X+1)
	p.on.block(r, p.look.Palette.Band)
	thick := max(1, p.px(2.4))
	x := int(math.Round(p.atX(wait(s.Median)))) - thick/2
	p.on.block(image.Rect(x, r.Min.Y, x+thick, r.Max.Y), p.look.Palette.Accent)
	p.hollow(point{p.atX(wait(s.Mean)), y}, p.look.Palette.Ink)
}
