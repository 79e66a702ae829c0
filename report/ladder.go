package report

import (
	"image"
	"math"
)

// Heights in points of a row of names: as it likes to be, at most, at least.
const (
	rungHigh  = 22
	rungMost  = 34
	rungLeast = 14
)

// LadderHeight is the height in points in which Bars and Boxes of so many rows stand
// with room between them.
func LadderHeight(rows int) int { return 64 + max(rows, 2)*rungHigh }

// rung is what is written beside a row: its name to the left, and words to the right
// in columns as in a table.
type rung struct {
	name  string
	right []string
}

// ladder lays out rows one under another.
type ladder struct {
	*frame
	all    int    // rows of the data
	rungs  []rung // of those there is room for
	at     []int  // where each column to the right ends, pixels
	pitch  float64
	widest int // room of the names, pixels
}

// ladder gives as many rows as there is room for their names, words and a legend; of
// the columns to the right the last goes first where the plot would be narrow. pins
// says that lines over the plot have words.
func (f *frame) ladder(rows int, write func(row int) rung, entries []entry, pins bool) *ladder {
	l := &ladder{frame: f, all: rows}
	f.top, f.bottom, f.dated = f.px(4), f.px(24), true
	if pins {
		f.top += f.px(laneHigh)
	}
	legend := f.rows(entries)*f.px(20) + f.px(2)
	if n := int((f.plotHeight() - float64(legend)/f.scale) / rungLeast); len(entries) > 0 && n >= min(rows, 4) {
		f.keyed, f.bottom = true, f.bottom+legend
	}
	n := rows
	if fit := int(f.plotHeight() / rungLeast); n > fit {
		n = max(1, fit-1) // and a row that says how many are left out
	}
	l.rungs = make([]rung, n)
	for i := range l.rungs {
		l.rungs[i] = write(i)
		l.widest = max(l.widest, f.advance(l.rungs[i].name, textSize))
	}
	if n < rows {
		l.widest = max(l.widest, f.advance(f.labels.More(rows-n), textSize))
	}
	if pins {
		f.top -= f.px(laneHigh) // lanes will make the room if there are words
	}
	l.sides()
	return l
}

// sides gives names and words their room.
func (l *ladder) sides() {
	f := l.frame
	l.widest = min(l.widest, f.w*2/5)
	for columns := len(l.rungs[0].right); ; columns-- {
		f.left, f.right = l.widest+f.px(9), f.px(1)
		l.at = make([]int, columns)
		for k := columns - 1; k >= 0; k-- {
			wide := 0
			for _, r := range l.rungs {
				wide = max(wide, f.advance(r.right[k], textSize))
			}
			l.at[k] = f.w - f.right
			if wide > 0 {
				f.right += wide + f.px(12)
			}
		}
		if f.plotWidth() >= 70 || columns == 0 {
			break
		}
	}
	rows := len(l.rungs)
	if l.all > rows {
		rows++
	}
	if f.plotWidth() < 40 || f.plotHeight() < float64(rows*rungLeast) {
		f.bare()
		l.at = nil
	}
}

// settle gives the rows their height, when the room over and below the plot is known.
func (l *ladder) settle() {
	high, n := float64(l.h-l.top-l.bottom), len(l.rungs)
	if l.all > n {
		n++
	}
	l.pitch = high / float64(n)
	if most := rungMost * l.scale; l.pitch > most && l.left > 0 {
		l.pitch = most
		l.bottom = l.h - l.top - int(most*float64(n))
	}
}

// y is the middle of a row, in pixels.
func (l *ladder) y(row int) float64 { return float64(l.top) + (float64(row)+0.5)*l.pitch }

// base is the line on which the words of a row stand.
func (l *ladder) base(row int) int { return int(math.Round(l.y(row) + textSize*0.36*l.scale)) }

// bar is the rectangle of a bar of the row between two places, in pixels.
func (l *ladder) bar(row int, a, b float64) image.Rectangle {
	half := max(1, min(l.pitch*0.62, 18*l.scale)) / 2
	top := int(math.Round(l.y(row) - half))
	return image.Rect(int(math.Round(min(a, b))), top, int(math.Round(max(a, b))), max(top+1, int(math.Round(l.y(row)+half))))
}

// words writes what stands beside the rows.
func (l *ladder) words(p *plot) {
	if l.left == 0 {
		return
	}
	for i, r := range l.rungs {
		p.text(l.fit(r.name, textSize, l.widest), 0, l.base(i), textSize, p.look.Palette.Ink)
		for k, end := range l.at {
			c := p.look.Palette.Ink
			if k > 0 {
				c = p.look.Palette.Text
			}
			p.text(r.right[k], end-l.advance(r.right[k], textSize), l.base(i), textSize, c)
		}
	}
	if left := l.all - len(l.rungs); left > 0 {
		p.text(l.fit(l.labels.More(left), textSize, l.widest), 0, l.base(len(l.rungs)), textSize, p.look.Palette.Text)
	}
}

// dash stands in place of a bar that is not known, where it does not stand among the
// values.
func (l *ladder) dash(p *plot, row int) {
	if l.left > 0 && len(l.at) == 0 {
		x := min(int(p.atX(0))+p.px(3), p.box.Right-p.advance(none, textSize))
		p.text(none, x, l.base(row), textSize, p.look.Palette.Text)
	}
}

// fields are the rows under the pointer, from side to side; value is where the marker
// stands.
func (l *ladder) fields(p *plot, value func(row int) float64) cells {
	out := make(cells, len(l.rungs))
	for i := range out {
		top := float64(l.top) + float64(i)*l.pitch
		out[i] = cell{
			Rect: p.rect(image.Rect(0, int(top), l.w, int(top+l.pitch))),
			at:   Hover{X: p.pointX(value(i)), Y: float32(l.y(i) / l.scale), Point: i},
		}
	}
	return out
}

// legend draws the legend from the left edge on: the plot is too narrow for it.
func (l *ladder) legend(p *plot, entries []entry) {
	for i := range entries {
		entries[i].x -= l.left
	}
	p.legend(entries)
}
