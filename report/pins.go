package report

import (
	"image"
	"image/color"
	"math"
)

// pin is an upright line at a value of a level axis, with its words over the plot.
type pin struct {
	at     float64
	text   string
	colour color.NRGBA
	dash   float64 // points; 0 is a solid line

	x    int  // pixels, set by lanes
	lane int  // of the words, from the plot up
	left bool // the words stand to the left of the line
}

// laneHigh is the height in points of a row of words over the plot.
const laneHigh = 15

// lanes makes room over the plot for the words of the pins, so that no words stand
// on others, nor a line on words: the fewest rows that do. The plot's sides are known
// by now.
func (f *frame) lanes(pins []pin, a axis) {
	for i := range pins {
		share := (pins[i].at - a.min) / (a.max - a.min)
		x := f.left + int(math.Round(share*float64(f.w-f.left-f.right)))
		pins[i].x = x
		pins[i].text = f.fit(pins[i].text, textSize, max(x, f.w-x)-f.px(4))
	}
	best := len(pins) + 1
	var chosen []pin
	var choose func(i, high int)
	choose = func(i, high int) {
		if high >= best {
			return
		}
		if i == len(pins) {
			best, chosen = high, append([]pin{}, pins...)
			return
		}
		for lane := range pins {
			for _, left := range []bool{false, true} {
				pins[i].lane, pins[i].left = lane, left
				if f.clear(pins[:i+1]) {
					choose(i+1, max(high, lane+1))
				}
			}
		}
	}
	choose(0, 0)
	if chosen == nil || f.plotHeight()-float64(best*laneHigh) < 40 {
		for i := range pins { // lines without words
			pins[i].text = ""
		}
		return
	}
	copy(pins, chosen)
	f.top += f.px(float64(best * laneHigh))
}

// words gives the stretch in which the words of the pin stand, in pixels.
func (f *frame) words(m pin) (from, to int) {
	wide := f.px(4) + f.advance(m.text, textSize)
	if m.left {
		return m.x - wide, m.x
	}
	return m.x, m.x + wide
}

// clear says whether the last of the pins stands clear of the others and within the
// picture.
func (f *frame) clear(pins []pin) bool {
	last := pins[len(pins)-1]
	from, to := f.words(last)
	if from < 0 || to > f.w {
		return false
	}
	apart := f.px(6)
	for _, m := range pins[:len(pins)-1] {
		a, b := f.words(m)
		if m.lane == last.lane && a < to+apart && from < b+apart ||
			m.lane > last.lane && m.x > from-apart && m.x < to+apart ||
			last.lane > m.lane && last.x > a-apart && last.x < b+apart {
			return false
		}
	}
	return true
}

// pins draws the lines, down to where bottom says, and their words.
func (p *plot) pins(pins []pin, bottom func(x int) int) {
	thick, space := max(1, p.px(1.4)), max(1, p.px(3))
	for _, m := range pins {
		top := p.box.Top
		if m.text != "" {
			top -= p.px(float64(m.lane*laneHigh + 15))
			at, _ := p.words(m)
			if !m.left {
				at += p.px(4)
			}
			p.text(m.text, at, top+p.px(9), textSize, m.colour)
		}
		x, to := min(max(m.x-thick/2, 0), max(0, p.w-thick)), bottom(m.x)
		dash := to - top
		if m.dash > 0 {
			dash = max(1, p.px(m.dash))
		}
		for y := max(top, 0); y < to; y += dash + space {
			p.fill(image.Rect(x, y, x+thick, min(y+dash, to)), m.colour)
		}
	}
}

// toBottom lets pins run through the whole plot.
func (p *plot) toBottom(int) int { return p.box.Bottom }

// uprights draws the grid of a level axis.
func (p *plot) uprights(a axis) {
	thick := max(1, p.px(1))
	for _, v := range a.ticks {
		x := min(int(math.Round(p.atX(v))), p.w-thick)
		p.fill(image.Rect(x, p.box.Top, x+thick, p.box.Bottom), p.look.Palette.Grid)
	}
}

// below writes the values under their places: all, or every second, or every third…
// as there is room.
func (p *plot) below(ticks []float64, format func(float64) string) {
	if !p.dated {
		return
	}
	texts := write(ticks, format)
	for every := 1; every <= len(ticks); every++ {
		edge, at := math.MinInt, make([]int, 0, len(ticks))
		for i := 0; i < len(ticks); i += every {
			wide := p.advance(texts[i], textSize)
			x := min(max(int(math.Round(p.atX(ticks[i])))-wide/2, 0), p.w-wide)
			if x < edge || x < 0 {
				break
			}
			at, edge = append(at, x), x+wide+p.px(6)
		}
		if len(at) < (len(ticks)+every-1)/every {
			continue
		}
		for k, x := range at {
			p.text(texts[k*every], x, p.box.Bottom+p.px(18), textSize, p.look.Palette.Text)
		}
		return
	}
}

// headed makes room for the unit of the axis in the upper left corner.
func (f *frame) headed(unit string) {
	if unit != "" && f.left > 0 && f.plotHeight() >= 70 {
		f.top += f.px(laneHigh)
		f.headroom = true
	}
}

// unit writes the unit above all else, in the room that headed has made.
func (p *plot) unit(text string) {
	if p.headroom {
		p.text(p.fit(text, textSize, p.w), 0, p.px(11), textSize, p.look.Palette.Text)
	}
}
