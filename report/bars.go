package report

import (
	"image"
	"math"
	"unicode/utf8"
)

// Bar is a row of Bars.
type Bar struct {
	Name   string
	Value  float64
	None   bool     // not known, which is not zero
	Before *float64 // the same of the period before
	High   *float64 // the end of a whisker: p90
	Note   string   // at the right end: «n = 214»
	Tone   Tone
}

// none is what is written for a value that is not known.
const none = "—"

// Bars draws level bars from zero, one under another in the order given; each value is
// written at the right. Lengths of time are given in hours, so that the values of the
// axis are customary ones. Rows there is no room for are counted in words; LadderHeight
// gives the height that has room. A goal of 0 draws none.
func Bars(look Look, bars []Bar, goal float64, format func(float64) string, labels Labels) Picture {
	f := newFrame(look, labels)
	least, most, any := 0.0, 0.0, false
	names, values, notes := make([]string, len(bars)), make([]string, len(bars)), make([]string, len(bars))
	for i, b := range bars {
		names[i], values[i], notes[i] = b.Name, none, b.Note
		for _, v := range b.known() {
			least, most, any = min(least, v), max(most, v), true
		}
		if b.drawn() {
			values[i] = format(b.Value)
		}
	}
	if !any {
		return f.noData()
	}
	if finite(goal) && goal > 0 {
		most = max(most, goal)
	} else {
		goal = 0
	}
	l := f.ladder(names, values, notes)
	x := level(least, most, max(1, int(f.plotWidth()/80)), format)
	var marks []mark
	if goal > 0 {
		marks = []mark{{at: goal, text: f.labels.Goal, colour: look.Palette.Goal, dash: 4}}
	}
	f.lanes(marks, x)
	l.fit()
	p := f.draw(x, axis{max: 1}, func(p *plot) {
		p.uprights(x)
		for i, b := range bars[:l.shown] {
			l.drawBar(p, i, b)
		}
		p.marks(marks)
		l.words(p)
		p.below(x.ticks, format)
	})
	plot := p.Plot
	p.find = func(_, y float32) (Hover, bool) {
		i := l.row(plot, y)
		v := 0.0
		if bars[i].drawn() {
			v = bars[i].Value
		}
		share := float32((v - x.min) / (x.max - x.min))
		return Hover{
			X: plot.Left + share*(plot.Right-plot.Left), Point: i,
			Y: plot.Top + float32((float64(i)+0.5)*l.pitch/l.scale),
		}, true
	}
	return p
}

// finite leaves out what no axis has room for.
func finite(v float64) bool { return math.Abs(v) < 1e100 }

// drawn says whether the bar has a value.
func (b Bar) drawn() bool { return !b.None && finite(b.Value) }

// known gives the values of the bar that the axis must hold.
func (b Bar) known() []float64 {
	if !b.drawn() {
		return nil
	}
	out := []float64{b.Value}
	for _, v := range []*float64{b.Before, b.High} {
		if v != nil && finite(*v) {
			out = append(out, *v)
		}
	}
	return out
}

// level is a level axis that holds zero, from least to most. Of round numbers and
// customary lengths those are taken that are shorter in words.
func level(least, most float64, n int, format func(float64) string) axis {
	if least == most {
		most = 1
	}
	best, letters := axis{}, -1
	for _, round := range []func(float64) float64{roundStep, roundTime} {
		a := axis{step: round((most - least) / float64(n))}
		a.min = a.step * math.Floor(least/a.step+1e-9)
		a.max = a.step * math.Ceil(most/a.step-1e-9)
		sum := 0
		for i := 0.0; a.min+i*a.step <= a.max+a.step/2; i++ {
			v := a.min + i*a.step
			a.ticks = append(a.ticks, v)
			sum += utf8.RuneCountInString(format(v))
		}
		if letters < 0 || sum*len(best.ticks) < letters*len(a.ticks) {
			best, letters = a, sum
		}
	}
	return best
}

// drawBar draws the bar with its whisker and the mark of the period before.
func (l *ladder) drawBar(p *plot, row int, b Bar) {
	if !b.drawn() {
		if l.left == 0 {
			return
		}
		p.text(none, int(p.atX(0))+p.px(3), int(math.Round(l.y(p, row)+textSize*0.36*p.scale)), textSize, p.look.Palette.Text)
		return
	}
	c := p.look.Palette.Accent
	switch b.Tone {
	case ToneGood:
		c = p.look.Palette.Good
	case ToneBad:
		c = p.look.Palette.Goal
	}
	r := l.bar(p, row, p.atX(0), p.atX(b.Value))
	if b.Value != 0 {
		if r.Dx() == 0 {
			r.Max.X++
		}
		p.on.block(r, c)
	}
	thick := max(1, p.px(1.4))
	if b.High != nil && finite(*b.High) {
		y, x := (r.Min.Y+r.Max.Y)/2, int(p.atX(*b.High))
		from, to := min(x, r.Max.X), max(x, r.Max.X)
		p.on.block(image.Rect(from, y-thick/2, to, y-thick/2+thick), c)
		cap := max(1, r.Dy()/4)
		p.on.block(image.Rect(x-thick, y-cap, x, y+cap+1), c)
	}
	if b.Before != nil && finite(*b.Before) {
		x, over := int(p.atX(*b.Before)), max(1, p.px(2))
		p.on.block(image.Rect(x-thick/2, r.Min.Y-over, x-thick/2+thick, r.Max.Y+over), p.look.Palette.Ink)
	}
}
