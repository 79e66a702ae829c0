package report

import (
	"math"
	"slices"
)

// Sizes of letters, in points.
const (
	titleSize   = 18.0
	periodSize  = 11.0
	headingSize = 11.5
	bodySize    = 9.0
	proseSize   = 10.0
	smallSize   = 8.0
)

// document gives the strips of the whole document.
func (s *setter) document() []strip {
	d := s.d
	out := s.lines(d.Title, titleSize, true, paperInk, s.room(), 0, 4)
	out = append(out, s.lines(d.Period, periodSize, false, paperSoft, s.room(), 2, 2)...)
	tie(out)
	for _, b := range d.Blocks {
		out = append(out, s.block(b, s.room())...)
	}
	if len(d.Method) > 0 {
		head := s.lines(d.Words.Method, 9.5, true, paperInk, s.room(), 18, 2)
		out = append(out, tie(head)...)
		for _, m := range d.Method {
			out = append(out, s.lines(m, smallSize, false, paperSoft, s.room(), 3, 0)...)
		}
	}
	return out
}

// block gives the strips of a block of the width.
func (s *setter) block(b Block, room float64) []strip {
	switch b := b.(type) {
	case *Figures:
		return s.figures(b, room)
	case *Table:
		return s.table(b, room)
	case *Chart:
		return s.chart(b, room)
	case *Prose:
		return s.lines(b.Text, proseSize, false, paperInk, room, 10, 0)
	case *Beside:
		return s.beside(b, room)
	}
	return nil
}

// beside puts the blocks next to one another as one strip, or under one another where
// they are too tall for it.
func (s *setter) beside(b *Beside, room float64) []strip {
	const space = 18.0
	n := float64(len(b.Blocks))
	each := (room - space*(n-1)) / n
	var under []strip
	if each >= 120 {
		out := strip{gap: 14 * s.k}
		for i, inner := range b.Blocks {
			x, y := float64(i)*(each+space), 0.0
			for j, t := range s.block(inner, each) {
				if j > 0 {
					y += t.gap
				}
				for _, it := range t.items {
					out.items = append(out.items, moved(it, x, y))
				}
				y += t.height
			}
			out.height = max(out.height, y)
		}
		if out.height <= s.high-marginTop-marginBottom {
			return []strip{out}
		}
	}
	for _, inner := range b.Blocks {
		under = append(under, s.block(inner, room)...)
	}
	return under
}

// chart gives a chart with its title above and its note below.
func (s *setter) chart(c *Chart, room float64) []strip {
	out := s.lines(c.Title, headingSize, true, paperInk, room, 16, 3)
	ratio := c.Ratio
	if !(ratio > 0) {
		ratio = 0.42
	}
	most := s.high - marginTop - marginBottom - 80
	height := min(room*min(ratio, 4)*s.k, most)
	if math.IsInf(s.high, 1) {
		height = min(height, a4Long)
	}
	picture := strip{height: height, gap: 4 * s.k}
	if c.Draw != nil {
		picture.items = []item{plate{box{0, 0, room, height}, c.Draw, chartScale * s.k}}
	}
	if len(out) == 0 {
		picture.gap = 16 * s.k
	}
	note := s.lines(c.Note, smallSize, false, paperSoft, room, 2, 6)
	out = slices.Concat(out, []strip{picture}, note)
	tie(out[:len(out)-1])
	return out
}

// figures are tiles, up to four in a row, as many in each as can be.
func (s *setter) figures(f *Figures, room float64) []strip {
	n := len(f.Items)
	if n == 0 {
		return nil
	}
	most := max(1, min(4, int(room/115)))
	rows := (n + most - 1) / most
	across := (n + rows - 1) / rows
	const space = 10.0
	each := (room - space*float64(across-1)) / float64(across)
	var out []strip
	for from := 0; from < n; from += across {
		row := strip{gap: 12 * s.k}
		tiles := f.Items[from:min(from+across, n)]
		for _, t := range tiles {
			_, h := s.tile(t, each)
			row.height = max(row.height, h)
		}
		for i, t := range tiles {
			x := float64(i) * (each + space)
			items, _ := s.tile(t, each)
			row.items = append(row.items, frameOf(box{x, 0, each, row.height})...)
			for _, it := range items {
				row.items = append(row.items, moved(it, x, 0))
			}
		}
		out = append(out, row)
	}
	return out
}

// frameOf is a thin frame with a thick left edge.
func frameOf(b box) []item {
	const thin = 0.6
	return []item{
		panel{box{b.x, b.y, b.w, thin}, paperRule},
		panel{box{b.x, b.y + b.h - thin, b.w, thin}, paperRule},
		panel{box{b.x + b.w - thin, b.y, thin, b.h}, paperRule},
		panel{box{b.x, b.y, 2.4, b.h}, paperAccent},
	}
}

// tile gives the words of a figure and their height.
func (s *setter) tile(f Figure, wide float64) ([]item, float64) {
	inset := 10 * s.k
	room := wide - 2*inset
	y := 7 * s.k
	var items []item
	add := func(strips []strip) {
		for _, t := range strips {
			y += t.gap
			for _, it := range t.items {
				items = append(items, moved(it, inset, y))
			}
			y += t.height
		}
	}
	add(s.lines(f.Name, 8.5, false, paperSoft, room, 0, 3))
	f.Value.Tone = f.Value.tone(f.Tone)
	value := s.d.mark(f.Value)
	size := 19.0
	for size > 10 && breadth(readable(value), size*s.k, true) > room {
		size--
	}
	add(s.lines(value, size, true, toneInk(f.Value.Tone), room, 1, 3))
	for _, n := range f.Notes {
		add(s.lines(n, smallSize, false, paperSoft, room, 1, 4))
	}
	return items, y + 6*s.k
}
