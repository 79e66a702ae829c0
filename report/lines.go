package report

import (
	"math"

	"otklik/app"
)

// Line is a page's subscribers under its name.
type Line struct {
	Name   string
	Series app.Series
}

// dashes of lines in points, dash and space, by their number, so that they are told
// apart without their colours.
var dashes = [][2]float64{{}, {7, 3}, {2, 2.5}, {12, 3}, {4, 4}, {1.5, 5}}

// Lines draws the subscribers of several pages over the period. Its axis lies close
// round the values and does not begin at zero.
func Lines(look Look, lines []Line, period app.Period, labels Labels) Picture {
	f := newFrame(look, labels)
	low, high := math.Inf(1), math.Inf(-1)
	any := false
	for k, l := range lines {
		for _, n := range l.Series.Values[l.first(period):l.last(period)] {
			if n == app.Missing {
				continue
			}
			any = true
			if !look.Hidden.Has(k) {
				low, high = min(low, float64(n)), max(high, float64(n))
			}
		}
	}
	if !any {
		return f.noData()
	}
	if low > high {
		low, high = 0, 1
	}
	y := around(low, high, f.lines()+1)
	values := write(y.ticks, func(v float64) string { return f.labels.Number(v, y.ticks) })
	entries := make([]entry, len(lines))
	f.margins(values, 1)
	for k, l := range lines {
		entries[k] = entry{text: f.cut(l.Name, textSize, f.w-f.left-f.right-f.px(13)), colour: look.Palette.series(k), line: true}
	}
	f.margins(values, f.rows(entries))
	f.headed(f.labels.Subscribers)
	spots := make([][]spot, len(lines))
	p := f.draw(days(period.From, period.To), y, func(p *plot) {
		p.grid(y, values)
		p.unit(p.labels.Subscribers)
		for k, l := range lines {
			if !look.Hidden.Has(k) {
				spots[k] = p.page(k, l, period)
			}
		}
		p.calendar(period.From, period.To)
		p.legend(entries)
	})
	p.find = func(px, py float32) (Hover, bool) { return nearestLine(lines, spots, px, py) }
	return p
}

// first and last bound the counts of the period.
func (l Line) first(p app.Period) int {
	return min(max(0, int(p.From)-int(l.Series.First)), len(l.Series.Values))
}

func (l Line) last(p app.Period) int {
	return max(l.first(p), min(len(l.Series.Values), int(p.To)-int(l.Series.First)+1))
}

// page draws the k-th line and gives its places.
func (p *plot) page(k int, l Line, period app.Period) []spot {
	from := l.first(period)
	day := func(i int) float64 { return float64(int(l.Series.First) + i) }
	value := func(i int) float64 { return float64(l.Series.Values[i]) }
	pen := newPen(p.on)
	dash := dashes[k%len(dashes)]
	var spots []spot
	for _, r := range runs(l.last(period)-from, func(i int) bool { return l.Series.Values[from+i] != app.Missing }) {
		r = run{r.from + from, r.to + from}
		chosen := thin(r, p.columns(r, day), value)
		line := make([]point, len(chosen))
		for i, of := range chosen {
			line[i] = p.at(day(of), value(of))
		}
		if dash[0] == 0 || len(line) == 1 {
			pen.line(line, lineWidth*p.scale)
		} else {
			for i := 1; i < len(line); i++ {
				pen.dashed(line[i-1], line[i], lineWidth*p.scale, dash[0]*p.scale, dash[1]*p.scale)
			}
		}
		for i := r.from; i <= r.to; i++ {
			spots = append(spots, p.spot(day(i), value(i), i))
		}
	}
	pen.ink(p.look.Palette.series(k))
	return spots
}

// nearestLine gives the value nearest to the pointer of all lines.
func nearestLine(lines []Line, spots [][]spot, x, y float32) (Hover, bool) {
	best, found := Hover{}, false
	least := float32(math.Inf(1))
	for k := range spots {
		s, ok := nearest(spots[k], x)
		if !ok {
			continue
		}
		away := (s.x-x)*(s.x-x) + (s.y-y)*(s.y-y)
		if away < least {
			least, found = away, true
			best = Hover{X: s.x, Y: s.y, Point: s.of, Series: k, Day: lines[k].Series.First + app.Day(s.of)}
		}
	}
	return best, found
}
