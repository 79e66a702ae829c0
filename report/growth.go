package report

import "otklik/app"

// Growth draws the subscribers of one page over the days from…to, both
// included. Hover.Point is the place in series.Values.
func Growth(look Look, series app.Series, from, to app.Day, labels Labels) Picture {
	f := newFrame(look, labels)
	// Indices of the series within the axis.
	lo := max(0, int(from)-int(series.First))
	hi := min(len(series.Values)-1, int(to)-int(series.First))
	if lo > hi {
		return f.noData()
	}
	shown := series.Values[lo : hi+1]
	stretches := thin(len(shown), f.w, scanSeries(shown))
	if len(stretches) == 0 {
		return f.noData()
	}
	value := func(i int) float64 { return float64(shown[i]) }
	low, high := bounds(stretches, value)
	y := around(low, high, f.lines()+1)
	values := write(y.ticks, func(v float64) string { return f.labels.Number(v, y.ticks) })
	f.span(days(from, to))
	f.margins(values, 0)
	first := int(series.First) + lo
	day := func(i int) float64 { return float64(first + i) }
	open := func(i int) bool { return look.unfinished(app.Day(first + i)) }
	return f.draw(f.time, y, func(p *plot) {
		p.grid(y, values)
		p.calendar()
		p.curve(stretches, day, value, open, look.Palette.Accent)
		p.places = &track{
			points: hi + 1, series: []int{0},
			x: func(i int) float32 { return p.pointX(day(i - lo)) },
			y: func(i, _ int) (float32, bool) {
				if i < lo || series.Values[i] == app.Missing {
					return 0, false
				}
				return p.pointY(value(i - lo)), true
			},
		}
	})
}
