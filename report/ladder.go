package report

import (
	"image"
	"math"
)

// Heights in points of a row of names: as it likes to be, at most, at least.
const (
	rungHigh  = 22.0
	rungMost  = 34.0
	rungLeast = 14.0
)

// LadderHeight is the height in points in which Bars and Boxes of so many rows stand
// with room between them.
func LadderHeight(rows int) int { return 60 + rows*int(rungHigh) }

// ladder lays out rows one under another: names to the left of the plot, words to its
// right, in columns as in a table.
type ladder struct {
	*frame
	names  []string
	right  [][]string // columns of words to the right, each as long as names
	at     []int      // where each of them ends, pixels
	shown  int        // rows there is room for
	pitch  float64    // height of a row, pixels
	widest int        // room of the names, pixels
}

// ladder gives the rows their room. Of the columns to the right the last goes first
// where the plot would be narrow.
func (f *frame) ladder(names []string, right ...[]string) *ladder {
	l := &ladder{frame: f, names: names, right: right}
	f.top, f.bottom, f.dated = f.px(4), f.px(24), true
	for _, n := range names {
		l.widest = max(l.widest, f.advance(n, textSize))
	}
	l.widest = min(l.widest, f.w*2/5)
	for ; ; l.right = l.right[:len(l.right)-1] {
		f.left, f.right = l.widest+f.px(9), f.px(7)
		l.at = make([]int, len(l.right))
		for k := len(l.right) - 1; k >= 0; k-- {
			l.at[k] = f.w - f.right + f.px(7)
			f.right += l.wide(k) + f.px(10)
		}
		if f.plotWidth() >= 70 || len(l.right) == 0 {
			break
		}
	}
	if f.plotWidth() < 40 || f.plotHeight() < rungLeast {
		f.bare()
		l.right, l.at = nil, nil
	}
	return l
}

// wide is the width of the k-th column to the right.
func (l *ladder) wide(k int) int {
	wide := 0
	for _, s := range l.right[k] {
		wide = max(wide, l.advance(s, textSize))
	}
	return wide
}

// fit gives the rows their height; the room over and below the plot is known by now.
func (l *ladder) fit() {
	n, high := len(l.names), float64(l.h-l.top-l.bottom)
	l.shown, l.pitch = n, high/float64(max(1, n))
	if least := rungLeast * l.scale; l.pitch < least && l.left > 0 {
		l.shown = max(1, int(high/least)-1) // and a row that says how many are left out
		l.pitch = high / float64(l.shown+1)
	}
	if most := rungMost * l.scale; l.pitch > most {
		l.pitch = most
		l.bottom = l.h - l.top - int(most*float64(n))
	}
}

// y is the middle of a row, in pixels.
func (l *ladder) y(p *plot, row int) float64 { return float64(p.box.Top) + (float64(row)+0.5)*l.pitch }

// thick is the height of a bar in pixels.
func (l *ladder) thick() float64 { return max(1, min(l.pitch*0.62, 18*l.scale)) }

// words writes what stands beside the rows.
func (l *ladder) words(p *plot) {
	if l.left == 0 {
		return
	}
	for i := range l.shown {
		base := int(math.Round(l.y(p, i) + textSize*0.36*p.scale))
		p.text(l.cut(l.names[i], textSize, l.widest), 0, base, textSize, p.look.Palette.Ink)
		for k, column := range l.right {
			c := p.look.Palette.Ink
			if k > 0 {
				c = p.look.Palette.Text
			}
			p.text(column[i], l.at[k]-l.advance(column[i], textSize), base, textSize, c)
		}
	}
	if left := len(l.names) - l.shown; left > 0 {
		base := int(math.Round(l.y(p, l.shown) + textSize*0.36*p.scale))
		p.text(l.labels.More(left), 0, base, textSize, p.look.Palette.Text)
	}
}

// row is the row under the pointer, in points.
func (l *ladder) row(plot Rect, y float32) int {
	return min(l.shown-1, max(0, int(float64(y-plot.Top)*l.scale/l.pitch)))
}

// bar is the rectangle of a bar from x to x in the row.
func (l *ladder) bar(p *plot, row int, a, b float64) image.Rectangle {
	y, half := l.y(p, row), l.thick()/2
	a, b = min(a, b), max(a, b)
	return image.Rect(int(math.Round(a)), int(math.Round(y-half)), int(math.Round(b)), max(int(math.Round(y-half))+1, int(math.Round(y+half))))
}
