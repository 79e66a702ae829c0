package report

import (
	"image"
	"math"
	"strings"
)

// Bar is a row of Bars.
type Bar struct {
	Name   string
	Value  float64
	None   bool     // not known, which is not zero
	Before *float64 // the same of the period before; nil: not known
	High   *float64 // the end of a whisker: p90; nil: none
	Note   string   // at the right end: «n = 214»
	Tone   Tone
}

// Series of Bars that a legend may switch off.
const (
	SeriesBefore = 1 + iota
	SeriesHigh
)

// none is what is written for a value that is not known.
const none = "—"

// Bars draws level bars from zero, one under another in the order given, each value
// written at its right. Lengths of time are given in hours, so that the values of the
// axis may be customary ones. Rows there is no room for are counted in words; in
// LadderHeight all have room. A goal of 0 draws none. Hover.Point is the place in bars.
func Bars(look Look, bars []Bar, goal float64, format func(float64) string, labels Labels) Picture {
	f := newFrame(look, labels)
	any, before, high := false, false, false
	for _, b := range bars {
		any = any || b.known()
		before, high = before || b.Before != nil, high || b.High != nil
	}
	if !any {
		return f.noData()
	}
	var entries []entry
	if before {
		entries = append(entries, entry{series: SeriesBefore, text: f.labels.Before, colour: look.Palette.Ink, mark: markUpright})
	}
	if high {
		entries = append(entries, entry{series: SeriesHigh, text: f.labels.P90, colour: look.Palette.Accent, mark: markWhisker})
	}
	var pins []pin
	if finite(goal) && goal > 0 {
		pins = []pin{{at: goal, text: f.labels.Goal, colour: look.Palette.Goal, dash: 4}}
	}
	l := f.ladder(len(bars), func(i int) rung {
		value := none
		if bars[i].known() {
			value = format(bars[i].Value)
		}
		return rung{bars[i].Name, []string{value, bars[i].Note}}
	}, entries, len(pins) > 0)
	least, most, counts := 0.0, 0.0, true
	for _, b := range bars[:len(l.rungs)] {
		low, high := b.extent(look.Hidden)
		least, most = min(least, low), max(most, high)
		counts = counts && low == math.Trunc(low) && high == math.Trunc(high)
	}
	if len(pins) > 0 {
		most = max(most, goal)
	}
	x := f.level(least, most, counts, format)
	f.lanes(pins, x)
	l.settle()
	return f.draw(x, axis{max: 1}, func(p *plot) {
		p.uprights(x)
		if least < 0 {
			p.zero()
		}
		for i, b := range bars[:len(l.rungs)] {
			l.drawBar(p, i, b)
		}
		p.pins(pins, p.toBottom)
		l.words(p)
		p.below(x.ticks, format)
		l.legend(p, entries)
		p.places = l.fields(p, func(i int) float64 {
			if bars[i].known() {
				return bars[i].Value
			}
			return 0
		})
	})
}

// finite leaves out what no axis has room for.
func finite(v float64) bool { return math.Abs(v) < 1e100 }

func (b Bar) known() bool { return !b.None && finite(b.Value) }

// extent is what the axis must hold of the bar.
func (b Bar) extent(hidden Hidden) (least, most float64) {
	if !b.known() {
		return 0, 0
	}
	least, most = b.Value, b.Value
	for series, v := range map[int]*float64{SeriesBefore: b.Before, SeriesHigh: b.High} {
		if v != nil && finite(*v) && !hidden.Has(series) {
			least, most = min(least, *v), max(most, *v)
		}
	}
	return least, most
}

// level is a level axis from least to most. Of round numbers and customary lengths
// those are taken that have fewer figures in words: 2 days rather than 2 days 2 hours.
// Between counts there is nothing.
func (f *frame) level(least, most float64, counts bool, format func(float64) string) axis {
	finest := 0.0
	if counts {
		finest = 1
	}
	best, fewest := axis{}, math.Inf(1)
	for _, round := range []func(float64) float64{roundStep, roundTime} {
		a := snug(least, most, max(2, int(f.plotWidth()/80)), func(v float64) float64 { return max(finest, round(v)) })
		figures := 0
		for _, text := range write(a.ticks, format) {
			for _, r := range text {
				if strings.ContainsRune("123456789", r) {
					figures++
				}
			}
		}
		if n := float64(figures) / float64(len(a.ticks)); n < fewest {
			best, fewest = a, n
		}
	}
	return best
}

// zero draws the line from which bars go either way.
func (p *plot) zero() {
	x, thick := int(math.Round(p.atX(0))), max(1, p.px(1))
	p.fill(image.Rect(x, p.box.Top, x+thick, p.box.Bottom), p.look.Palette.Text)
}

// drawBar draws the bar with its whisker and the mark of the period before.
func (l *ladder) drawBar(p *plot, row int, b Bar) {
	if !b.known() {
		l.dash(p, row)
		return
	}
	c := p.look.Palette.Accent
	switch b.Tone {
	case ToneGood:
		c = p.look.Palette.Good
	case ToneBad:
		c = p.look.Palette.Goal
	}
	r := l.bar(row, p.atX(0), p.atX(b.Value))
	if b.Value != 0 {
		r.Max.X = max(r.Max.X, r.Min.X+1)
		p.fill(r, c)
	}
	thick := max(1, p.px(1.4))
	if b.High != nil && finite(*b.High) && !p.look.Hidden.Has(SeriesHigh) {
		x, middle, half := int(p.atX(*b.High)), (r.Min.Y+r.Max.Y)/2, max(1, r.Dy()/4)
		p.fill(image.Rect(min(x, r.Max.X), middle-thick/2, max(x, r.Max.X), middle-thick/2+thick), c)
		p.fill(image.Rect(x-thick, middle-half, x, middle+half+1), c)
	}
	if b.Before != nil && finite(*b.Before) && !p.look.Hidden.Has(SeriesBefore) {
		x, over := int(p.atX(*b.Before)), max(1, p.px(2))
		p.fill(image.Rect(x-thick/2, r.Min.Y-over, x-thick/2+thick, r.Max.Y+over), p.look.Palette.Ink)
	}
}
