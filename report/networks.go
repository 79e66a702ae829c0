package report

import (
	"image/color"

	"otklik/app"
)

// loneWidth is the width in points of an area that knows a single day.
const loneWidth = 3

// Networks draws the subscribers of all networks as stacked areas, the first
// network at the bottom, and below them a legend with the shares of the last
// known day. The first value of every series is of the day from. Hover.Point is the
// place of the day in the series, Hover.Series that of the network.
func Networks(look Look, networks []app.NetworkSeries, from app.Day, labels Labels) Picture {
	f := newFrame(look, labels)
	all := newStack(networks, 0)
	last := all.last()
	if last < 0 {
		return f.noData()
	}
	s := newStack(networks, look.Hidden)
	var stretches [][]int
	most := 0.0
	if len(s.layers) > 0 {
		stretches = thin(s.days, f.w, s.scan())
		_, most = bounds(stretches, s.total)
	}
	y := fromZero(most, f.lines(), func(v float64) float64 { return max(1, roundStep(v)) })
	values := write(y.ticks, func(v float64) string { return f.labels.Number(v, y.ticks) })
	f.span(days(from, from+app.Day(all.days-1)))
	f.margins(values, 1)
	entries := f.shares(all, last)
	f.margins(values, f.rows(entries))
	return f.draw(f.time, y, func(p *plot) {
		p.grid(y, values)
		p.areas(s, from, stretches, func(n, day int) float64 { return float64(s.top(n, day)) })
		p.calendar()
		p.legend(entries)
		p.places = &track{
			points: s.known, series: s.layers, stacked: true,
			x: func(i int) float32 { return p.pointX(float64(from) + float64(i)) },
			y: func(i, k int) (float32, bool) {
				if !s.whole(i) {
					return 0, false
				}
				n := 1
				for s.layers[n-1] != k {
					n++
				}
				return p.pointY(float64(s.top(n, i))), true
			},
		}
	})
}

// areas draws the layers of every stretch, fainter where a day is not over; top is where
// the lowest n of them end. Between layers the ground shows, for eyes to which neighbours
// look alike; the uppermost has an edge, since of thousands of days a spike is too thin
// for an area.
func (p *plot) areas(s stack, from app.Day, stretches [][]int, top func(n, day int) float64) {
	day := func(i int) float64 { return float64(from) + float64(i) }
	for _, stretch := range stretches {
		over := len(stretch)
		for over > 0 && p.look.unfinished(from+app.Day(stretch[over-1])) {
			over--
		}
		for n, k := range s.layers {
			c := p.look.Palette.Network(s.networks[k].Network)
			if n == len(s.layers)-1 {
				p.edge(stretch[:over], day, func(i int) float64 { return top(n+1, i) }, c)
			}
			c.A = 217 // 85 %, as in the drawing: the grid shines through
			p.layer(stretch[:over], day, n, top, c)
			if c.A = 90; over < len(stretch) {
				p.layer(stretch[max(0, over-1):], day, n, top, c)
			}
		}
	}
}

// edge draws a thin line along the days.
func (p *plot) edge(days []int, x, y func(i int) float64, c color.NRGBA) {
	line := make([]point, len(days))
	for j, i := range days {
		line[j] = p.at(x(i), y(i))
	}
	pen := newPen(p.on)
	if len(line) > 1 {
		pen.line(line, p.scale)
	}
	pen.ink(c)
}

// layer draws the n-th layer over the days, a little off the one below it.
func (p *plot) layer(days []int, x func(i int) float64, n int, top func(n, day int) float64, c color.NRGBA) {
	outline := make([]point, 0, 2*len(days))
	for _, i := range days {
		outline = append(outline, p.at(x(i), top(n+1, i)))
	}
	for j := len(days) - 1; j >= 0; j-- {
		under := p.at(x(days[j]), top(n, days[j]))
		if n > 0 {
			under.y -= min(p.scale, (under.y-outline[j].y)/3)
		}
		outline = append(outline, under)
	}
	pen := newPen(p.on)
	pen.shape(p.broad(outline)...)
	pen.ink(c)
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

// shares gives the legend's entries with the shares of the day.
func (f *frame) shares(s stack, day int) []entry {
	out := make([]entry, 0, len(s.networks))
	for k, net := range s.networks {
		e := entry{series: k, text: f.labels.Network(net.Network), colour: f.look.Palette.Network(net.Network)}
		if total := s.total(day); total > 0 {
			e.tail = " " + f.labels.Percent(float64(net.Days[day])/total)
		}
		out = append(out, e)
	}
	return out
}
