package report

import (
	"image"
	"image/color"

	"otklik/app"
)

// loneWidth is the width in points of an area that knows a single day.
const loneWidth = 3

// stack is the data of Networks: sums[k][i] is the top of the k-th layer on the
// i-th day.
type stack struct {
	networks []app.NetworkSeries
	sums     [][]int64
	n        int // days
}

// newStack adds the layers up. A day that any network does not know is a gap in
// all: half a sum would look like a fall.
func newStack(networks []app.NetworkSeries) stack {
	s := stack{networks: networks}
	for _, net := range networks {
		s.n = max(s.n, len(net.Days))
	}
	s.sums = make([][]int64, len(networks))
	for k := range networks {
		s.sums[k] = make([]int64, s.n)
		for i := range s.n {
			if k > 0 {
				s.sums[k][i] = s.sums[k-1][i]
			}
			s.sums[k][i] += max(0, s.value(k, i))
		}
	}
	return s
}

// value is the count of the network on the day, negative for a gap.
func (s stack) value(k, i int) int64 {
	if i < 0 || i >= len(s.networks[k].Days) {
		return -1
	}
	return s.networks[k].Days[i]
}

func (s stack) known(i int) bool {
	for k := range s.networks {
		if s.value(k, i) < 0 {
			return false
		}
	}
	return len(s.networks) > 0
}

func (s stack) total(i int) int64 { return s.sums[len(s.sums)-1][i] }

// most is the highest total; last is the latest known day, -1 for none.
func (s stack) most() (most int64, last int) {
	last = -1
	for i := range s.n {
		if s.known(i) {
			most, last = max(most, s.total(i)), i
		}
	}
	return most, last
}

// Networks draws the subscribers of all networks as stacked areas, the first
// network at the bottom, and below them a legend with the shares of the last
// known day. The first value of every series is of the day from.
func Networks(look Look, networks []app.NetworkSeries, from app.Day, labels Labels) Picture {
	f := newFrame(look, labels)
	s := newStack(networks)
	most, last := s.most()
	if most <= 0 {
		return f.noData()
	}
	y := fromZero(float64(most), f.lines(), func(v float64) float64 { return max(1, roundStep(v)) })
	values := write(y.ticks, func(v float64) string { return f.labels.Number(v, y.ticks) })
	f.margins(values, 1)
	entries := f.shares(s, last)
	rows := f.rows(entries)
	f.margins(values, rows)
	to := from + app.Day(s.n-1)
	var spots []spot
	p := f.draw(days(from, to), y, func(p *plot) {
		p.grid(y, values)
		stretches := runs(s.n, s.known)
		p.areas(s, from, stretches)
		p.calendar(from, to)
		p.legend(entries)
		for _, r := range stretches {
			for i := r.from; i <= r.to; i++ {
				spots = append(spots, p.spot(float64(from)+float64(i), float64(s.total(i)), i))
			}
		}
	})
	p.find = func(x, _ float32) (Hover, bool) {
		at, ok := nearest(spots, x)
		if !ok {
			return Hover{}, false
		}
		h := Hover{X: at.x, Y: at.y, Day: from + app.Day(at.of)}
		for k, net := range networks {
			v := HoverValue{Network: net.Network, Value: s.value(k, at.of)}
			if before := s.value(k, at.of-1); before >= 0 {
				v.Delta, v.HasDelta = v.Value-before, true
			}
			h.Values = append(h.Values, v)
		}
		return h, true
	}
	return p
}

// areas draws the layers of every stretch.
func (p *plot) areas(s stack, from app.Day, stretches []run) {
	pen := newPen(p.on)
	day := func(i int) float64 { return float64(from) + float64(i) }
	for _, r := range stretches {
		chosen := thin(r, p.columns(r, day), func(i int) float64 { return float64(s.total(i)) })
		for k := range s.networks {
			outline := make([]point, 0, 2*len(chosen)+2)
			for _, i := range chosen {
				outline = append(outline, p.at(day(i), float64(s.sums[k][i])))
			}
			for j := len(chosen) - 1; j >= 0; j-- {
				under := int64(0)
				if k > 0 {
					under = s.sums[k-1][chosen[j]]
				}
				outline = append(outline, p.at(day(chosen[j]), float64(under)))
			}
			pen.shape(p.broad(outline)...)
			c := p.look.Palette.Network(s.networks[k].Network)
			c.A = 217 // 85 %, as in the drawing: the grid shines through
			pen.ink(c)
		}
	}
}

// broad gives the outline of a lone day, which has no width, a small one.
func (p *plot) broad(outline []point) []point {
	if len(outline) != 2 {
		return outline
	}
	d := loneWidth / 2 * p.scale
	top, bottom := outline[0], outline[1]
	return []point{{top.x - d, top.y}, {top.x + d, top.y}, {bottom.x + d, bottom.y}, {bottom.x - d, bottom.y}}
}

// entry of a legend.
type entry struct {
	text   string
	colour color.NRGBA
	line   bool // the mark is a stroke, not a square
	row, x int  // set by rows; x in pixels from the plot's left edge
}

// shares gives the legend's entries with the shares of the day.
func (f *frame) shares(s stack, day int) []entry {
	out := make([]entry, 0, len(s.networks))
	for k, net := range s.networks {
		text := f.labels.Network(net.Network)
		if total := s.total(day); total > 0 {
			text += " " + f.labels.Percent(float64(s.value(k, day))/float64(total))
		}
		out = append(out, entry{text: text, colour: f.look.Palette.Network(net.Network)})
	}
	return out
}

// rows breaks the legend into rows as wide as the plot and gives their number.
func (f *frame) rows(entries []entry) int {
	row, x := 0, 0
	room := f.w - f.left - f.right
	for i := range entries {
		wide := f.px(13) + f.advance(entries[i].text, textSize)
		if x > 0 && x+wide > room {
			row, x = row+1, 0
		}
		entries[i].row, entries[i].x = row, x
		x += wide + f.px(18)
	}
	return row + 1
}

// legend draws the entries below the dates, where there is room for words.
func (p *plot) legend(entries []entry) {
	if !p.keyed {
		return
	}
	for _, e := range entries {
		x := p.box.Left + e.x
		base := p.box.Bottom + p.px(41) + e.row*p.px(20)
		side := p.px(9)
		mark := image.Rect(x, base-side, x+side, base)
		if e.line {
			mark.Min.Y, mark.Max.Y = base-p.px(5), base-p.px(3)
		}
		p.on.block(mark, e.colour)
		p.text(e.text, x+p.px(13), base, textSize, p.look.Palette.Ink)
	}
}
