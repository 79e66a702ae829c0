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

// Series of Boxes, as the legend numbers them.
const (
	boxBand = iota
	boxMedian
	boxMean
)

// Boxes draws how response times are spread, a row each: the box reaches from p10 to
// p90, the upright stroke in it is the median, the ring is the mean; the median and the
// number of answers are written at the right. A row without answers has a dash. The
// axis is of customary lengths. A goal of 0 draws none. Hover.Point is the place in
// boxes.
func Boxes(look Look, boxes []Box, goal time.Duration, labels Labels) Picture {
	f := newFrame(look, labels)
	any := false
	for _, b := range boxes {
		any = any || b.Summary.N > 0
	}
	if !any {
		return f.noData()
	}
	entries := []entry{
		{series: boxBand, text: f.labels.Band, colour: look.Palette.Band},
		{series: boxMedian, text: f.labels.Median, colour: look.Palette.Accent, mark: markUpright},
		{series: boxMean, text: f.labels.Mean, colour: look.Palette.Ink, mark: markRing},
	}
	l := f.ladder(len(boxes), func(i int) rung {
		median := none
		if s := boxes[i].Summary; s.N > 0 {
			median = f.labels.Time(s.Median)
		}
		return rung{boxes[i].Name, []string{median, f.labels.Sample(boxes[i].Summary.N)}}
	}, entries, goal > 0)
	most := goal
	for _, b := range boxes[:len(l.rungs)] {
		if b.Summary.N > 0 {
			most = max(most, b.Summary.P90, b.Summary.Mean, b.Summary.Median)
		}
	}
	x := waits(most)
	pins := f.goalPin(goal)
	f.lanes(pins, x)
	l.settle()
	return f.draw(x, axis{max: 1}, func(p *plot) {
		p.uprights(x)
		p.pins(pins, p.toBottom)
		means := newPen(p.on)
		for i, b := range boxes[:len(l.rungs)] {
			l.drawBox(p, i, b.Summary)
			if b.Summary.N > 0 && !look.Hidden.Has(boxMean) {
				p.ring(means, point{p.atX(wait(b.Summary.Mean)), l.y(i)})
			}
		}
		means.ink(look.Palette.Ink)
		l.words(p)
		p.stops(x)
		l.legend(p, entries)
		p.places = l.fields(p, func(i int) float64 {
			if s := boxes[i].Summary; s.N > 0 {
				return wait(s.Median)
			}
			return 0
		})
	})
}

// drawBox draws the spread of a row without its mean.
func (l *ladder) drawBox(p *plot, row int, s app.Summary) {
	if s.N == 0 {
		l.dash(p, row)
		return
	}
	at := func(d time.Duration) float64 { return p.atX(wait(d)) }
	r, thin := l.bar(row, at(s.P10), at(s.P90)), max(1, p.px(1))
	r.Max.X = max(r.Max.X, r.Min.X+1)
	if !p.look.Hidden.Has(boxBand) {
		p.fill(r, p.look.Palette.Band)
		p.fill(image.Rect(r.Min.X, r.Min.Y, r.Min.X+thin, r.Max.Y), p.look.Palette.Accent)
		p.fill(image.Rect(r.Max.X-thin, r.Min.Y, r.Max.X, r.Max.Y), p.look.Palette.Accent)
	}
	if !p.look.Hidden.Has(boxMedian) {
		thick := max(1, p.px(3))
		x := int(math.Round(at(s.Median))) - thick/2
		p.fill(image.Rect(x, r.Min.Y, x+thick, r.Max.Y), p.look.Palette.Accent)
	}
}
