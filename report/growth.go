package report

import "otklik/app"

// lineWidth is the width of a curve in points.
const lineWidth = 1.8

// Growth draws the subscribers of one page over the days from…to, both
// included.
func Growth(look Look, series app.Series, from, to app.Day, labels Labels) Picture {
	f := newFrame(look, labels)
	count := func(i int) (int64, bool) {
		n, ok := series.At(series.First + app.Day(i))
		return int64(n), ok
	}
	// Indices of the series within the axis.
	lo := max(0, int(from)-int(series.First))
	hi := min(len(series.Values)-1, int(to)-int(series.First))
	low, high, any := int64(0), int64(0), false
	for i := lo; i <= hi; i++ {
		n, ok := count(i)
		if !ok {
			continue
		}
		if !any {
			low, high, any = n, n, true
		}
		low, high = min(low, n), max(high, n)
	}
	if !any || high == 0 {
		return f.noData()
	}
	y := around(float64(low), float64(high), f.lines()+1)
	values := write(y.ticks, func(v float64) string { return f.labels.Number(v, y.ticks) })
	f.margins(values, 0)
	var spots []spot
	p := f.draw(days(from, to), y, func(p *plot) {
		p.grid(y, values)
		p.calendar(from, to)
		value := func(i int) float64 { n, _ := count(lo + i); return float64(n) }
		day := func(i int) float64 { return float64(int(series.First) + lo + i) }
		stretches := runs(hi-lo+1, func(i int) bool { _, ok := count(lo + i); return ok })
		p.curve(stretches, day, value)
		for _, r := range stretches {
			for i := r.from; i <= r.to; i++ {
				spots = append(spots, p.spot(day(i), value(i), lo+i))
			}
		}
	})
	p.find = func(x, _ float32) (Hover, bool) {
		s, ok := nearest(spots, x)
		if !ok {
			return Hover{}, false
		}
		v := HoverValue{}
		v.Value, _ = count(s.of)
		if before, known := count(s.of - 1); known {
			v.Delta, v.HasDelta = v.Value-before, true
		}
		return Hover{X: s.x, Y: s.y, Day: series.First + app.Day(s.of), Values: []HoverValue{v}}, true
	}
	return p
}

// curve draws a line over each stretch, in the colour of lines.
func (p *plot) curve(stretches []run, x, y func(i int) float64) {
	pen := newPen(p.on)
	for _, r := range stretches {
		chosen := thin(r, p.columns(r, x), y)
		line := make([]point, len(chosen))
		for i, of := range chosen {
			line[i] = p.at(x(of), y(of))
		}
		pen.line(line, lineWidth*p.scale)
	}
	pen.ink(p.look.Palette.Accent)
}

// columns is the width of the stretch in pixels.
func (p *plot) columns(r run, x func(i int) float64) int {
	return int(p.atX(x(r.to))-p.atX(x(r.from))) + 1
}
