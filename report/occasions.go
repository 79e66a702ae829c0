package report

import (
	"cmp"
	"image"
	"math"
	"slices"
	"strconv"

	"otklik/app"
)

// Mark is an occasion on an axis of time.
type Mark struct {
	Rect     // of its sign over the plot, in points; zero in Marks
	Sign     string
	Occasion app.Occasion
}

// Marks gives the occasions of the days in order, each with the number it stands
// under in a chart of just these days: what a caption lists.
func Marks(occasions []app.Occasion, days app.Period) []Mark {
	var out []Mark
	for _, o := range occasions {
		if o.Date >= days.From && o.Date <= days.To {
			out = append(out, Mark{Occasion: o})
		}
	}
	slices.SortStableFunc(out, func(a, b Mark) int { return cmp.Compare(a.Occasion.Date, b.Occasion.Date) })
	for i := range out {
		out[i].Sign = strconv.Itoa(i + 1)
	}
	return out
}

// signHeight is the room over the plot for the signs of occasions, in points.
const signHeight = 12

// span says that x is time and finds the occasions on it, before the margins are
// set.
func (f *frame) span(x axis) {
	f.time = x
	f.marks = Marks(f.look.Occasions, app.Period{From: app.Day(math.Ceil(x.min)), To: app.Day(math.Floor(x.max))})
}

// occasions draws a thin line for each occasion, and its number over the plot.
// Numbers that would touch are written as one: 3–5.
func (p *plot) occasions() {
	if len(p.marks) == 0 {
		return
	}
	line := p.look.Palette.Text
	line.A = 140
	thick := max(1, p.px(1))
	last, edge := math.MinInt, math.MinInt
	for i := range p.marks {
		m := &p.marks[i]
		x := int(math.Round(p.atX(float64(m.Occasion.Date)))) - thick/2
		x = min(max(x, 0), p.w-thick)
		if x > last {
			p.on.block(image.Rect(x, p.box.Top-p.px(2), x+thick, p.box.Bottom), line)
			last = x
		}
		half := max(p.advance(m.Sign, textSize)/2, p.px(4))
		m.Rect = p.rect(image.Rect(x-half, p.box.Top-p.px(signHeight+2), x+half, p.box.Top))
	}
	for i := 0; i < len(p.marks); {
		from := i
		text := p.marks[i].Sign
		begin := p.signLeft(p.marks[i], text)
		for i++; i < len(p.marks); i++ {
			if p.signLeft(p.marks[i], p.marks[i].Sign) > max(begin, edge)+p.advance(text, textSize)+p.px(3) {
				break
			}
			text = p.marks[from].Sign + "–" + p.marks[i].Sign
		}
		wide := p.advance(text, textSize)
		x := min(max(begin, edge), p.w-wide)
		if x < edge || x < 0 {
			continue
		}
		p.text(text, x, p.box.Top-p.px(4), textSize, p.look.Palette.Ink)
		edge = x + wide + p.px(3)
	}
}

// signLeft is where the words begin that stand over the occasion, in pixels.
func (p *plot) signLeft(m Mark, text string) int {
	middle := float64(m.Left+m.Right) / 2 * p.scale
	return max(0, int(middle)-p.advance(text, textSize)/2)
}
