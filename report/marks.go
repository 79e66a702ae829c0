package report

import (
	"image"
	"image/color"
	"math"
	"strings"

	"github.com/wcharczuk/go-chart/v2"
)

// mark is an upright line at a value, with its words over the plot.
type mark struct {
	at     float64 // on the axis
	text   string
	colour color.NRGBA
	dash   float64 // points; 0 is a solid line

	x    int  // pixels, set by lanes
	lane int  // from the plot up
	left bool // the words stand to the left of the line
}

// laneHigh is the height in points of a row of words over the plot.
const laneHigh = 15

// lanes makes room over the plot for the words of the marks, so that no words stand
// on others, nor a line on words. The plot's sides are known by now.
func (f *frame) lanes(marks []mark, a axis) {
	for i := range marks {
		share := (marks[i].at - a.min) / (a.max - a.min)
		marks[i].x = f.left + int(math.Round(share*float64(f.w-f.left-f.right)))
	}
	best := -1
	chosen := make([]mark, len(marks))
	var choose func(i, high int)
	choose = func(i, high int) {
		if best >= 0 && high >= best {
			return
		}
		if i == len(marks) {
			best = high
			copy(chosen, marks)
			return
		}
		for lane := range marks {
			for _, left := range []bool{false, true} {
				marks[i].lane, marks[i].left = lane, left
				if f.clear(marks[:i+1]) {
					choose(i+1, max(high, lane+1))
				}
			}
		}
	}
	choose(0, 0)
	room := float64(f.h-f.top-f.bottom)/f.scale - float64(best*laneHigh)
	if best < 0 || room < 40 { // lines without words
		for i := range marks {
			marks[i].text = ""
		}
		return
	}
	copy(marks, chosen)
	f.top += f.px(float64(best * laneHigh))
}

// words gives the stretch in which the words of the mark stand.
func (f *frame) words(m mark) (from, to int) {
	wide := f.px(4) + f.advance(m.text, textSize)
	if m.left {
		return m.x - wide, m.x
	}
	return m.x, m.x + wide
}

// clear says whether the last of the marks stands clear of the others and within the
// picture.
func (f *frame) clear(marks []mark) bool {
	last := marks[len(marks)-1]
	from, to := f.words(last)
	if from < 0 || to > f.w {
		return false
	}
	apart := f.px(6)
	for _, m := range marks[:len(marks)-1] {
		a, b := f.words(m)
		if m.lane == last.lane && a < to+apart && from < b+apart ||
			m.lane > last.lane && m.x > from-apart && m.x < to+apart ||
			last.lane > m.lane && last.x > a-apart && last.x < b+apart {
			return false
		}
	}
	return true
}

// marks draws the lines and their words.
func (p *plot) marks(marks []mark) {
	for _, m := range marks {
		thick, top := max(1, p.px(1.4)), p.box.Top
		x := min(max(m.x-thick/2, 0), p.w-thick)
		if m.text != "" {
			top -= p.px(float64(m.lane*laneHigh + 12))
			at, _ := p.words(m)
			if !m.left {
				at += p.px(4)
			}
			p.text(m.text, at, top+p.px(9), textSize, m.colour)
		}
		if m.dash == 0 {
			p.on.block(image.Rect(x, top, x+thick, p.box.Bottom), m.colour)
			continue
		}
		for y := top; y < p.box.Bottom; y += p.px(m.dash) + p.px(3) {
			p.on.block(image.Rect(x, y, x+thick, min(y+max(1, p.px(m.dash)), p.box.Bottom)), m.colour)
		}
	}
}

// uprights draws the grid of a level axis.
func (p *plot) uprights(a axis) {
	thick := max(1, p.px(1))
	for _, v := range a.ticks {
		x := min(int(math.Round(p.atX(v))), p.w-thick)
		p.on.block(image.Rect(x, p.box.Top, x+thick, p.box.Bottom), p.look.Palette.Grid)
	}
}

// below writes the values under their places; those that would touch another are left
// out.
func (p *plot) below(ticks []float64, format func(float64) string) {
	if !p.dated {
		return
	}
	edge := math.MinInt
	for _, v := range ticks {
		text := format(v)
		wide := p.advance(text, textSize)
		x := min(max(int(math.Round(p.atX(v)))-wide/2, 0), p.w-wide)
		if x < edge || x < 0 {
			continue
		}
		p.text(text, x, p.box.Bottom+p.px(18), textSize, p.look.Palette.Text)
		edge = x + wide + p.px(6)
	}
}

// part is a field of the plot with an upright axis of its own.
func (p *plot) part(top, bottom int, y axis) *plot {
	q := *p
	q.box.Top, q.box.Bottom = top, bottom
	q.y = &chart.ContinuousRange{Min: y.min, Max: y.max}
	return &q
}

// headed makes room for the unit of the axis over the plot.
func (f *frame) headed(text string) {
	if text != "" && f.left > 0 && f.plotHeight() >= 70 {
		f.top += f.px(laneHigh)
	}
}

// unit writes the unit over the values of the axis.
func (p *plot) unit(text string) {
	if p.box.Top >= p.px(laneHigh+7) && p.left > 0 {
		p.text(text, 0, p.box.Top-p.px(11), textSize, p.look.Palette.Text)
	}
}

// cut shortens the text to the room in pixels.
func (f *frame) cut(text string, size float64, room int) string {
	if f.advance(text, size) <= room {
		return text
	}
	for runes := []rune(text); len(runes) > 0; {
		runes = runes[:len(runes)-1]
		if short := strings.TrimSpace(string(runes)) + "…"; f.advance(short, size) <= room {
			return short
		}
	}
	return ""
}
