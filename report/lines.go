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

// dash is a pattern of a line, dash and space in points; zero is a solid line.
type dash struct{ on, off float64 }

// patterns tell lines apart without their colours.
var patterns = []dash{{}, {7, 3}, {2, 2.5}, {12, 3}, {4.5, 4.5}, {1.6, 5}}

// Lines draws the subscribers of several pages over the period. Its axis lies close
// round the values and does not begin at zero. Hover.Point is the day, counted from the
// first of the period; Hover.Series is the place in lines.
func Lines(look Look, lines []Line, period app.Period, labels Labels) Picture {
	f := newFrame(look, labels)
	all := make([][][]int, len(lines))
	low, high, any := math.Inf(1), math.Inf(-1), false
	var series []int
	for k, l := range lines {
		shown, _ := l.within(period)
		all[k] = thin(len(shown), f.w, scanSeries(shown))
		any = any || len(all[k]) > 0
		if len(all[k]) == 0 || look.Hidden.Has(k) {
			continue
		}
		series = append(series, k)
		least, most := bounds(all[k], func(i int) float64 { return float64(shown[i]) })
		low, high = min(low, least), max(high, most)
	}
	if !any {
		return f.noData()
	}
	if len(series) == 0 {
		low, high = 0, 1
	}
	y := around(low, high, f.lines()+1)
	values := write(y.ticks, func(v float64) string { return f.labels.Number(v, y.ticks) })
	entries := make([]entry, len(lines))
	for k, l := range lines {
		entries[k] = entry{
			series: k, text: l.Name, colour: look.Palette.series(k),
			mark: markDashes, dash: patterns[k%len(patterns)],
		}
	}
	f.span(days(period.From, period.To))
	f.margins(values, 1)
	f.margins(values, f.rows(entries))
	f.headed(f.labels.Subscribers)
	return f.draw(f.time, y, func(p *plot) {
		p.grid(y, values)
		p.unit(p.labels.Subscribers)
		p.calendar()
		for _, k := range series {
			p.page(lines[k], period, all[k], entries[k])
		}
		p.legend(entries)
		p.places = &track{
			points: period.Days(), series: series,
			x: func(i int) float32 { return p.pointX(float64(period.From) + float64(i)) },
			y: func(i, k int) (float32, bool) {
				n, ok := lines[k].Series.At(period.From + app.Day(i))
				return p.pointY(float64(n)), ok
			},
		}
	})
}

// within gives the counts of the period and the day of the first of them.
func (l Line) within(p app.Period) ([]uint32, app.Day) {
	n := len(l.Series.Values)
	from := min(max(0, int(p.From)-int(l.Series.First)), n)
	to := min(max(from, int(p.To)-int(l.Series.First)+1), n)
	return l.Series.Values[from:to], l.Series.First + app.Day(from)
}

// page draws the line of a page.
func (p *plot) page(l Line, period app.Period, stretches [][]int, e entry) {
	values, first := l.within(period)
	pen := newPen(p.on)
	for _, s := range stretches {
		line := make([]point, len(s))
		for j, i := range s {
			line[j] = p.at(float64(first)+float64(i), float64(values[i]))
		}
		p.trail(pen, line, e.dash)
	}
	pen.ink(e.colour)
}

// trail adds a line of the pattern; a lone point is a dot in each.
func (p *plot) trail(pen *pen, line []point, d dash) {
	if d.on == 0 || len(line) == 1 {
		pen.line(line, lineWidth*p.scale)
		return
	}
	pen.broken(line, lineWidth*p.scale, d.on*p.scale, d.off*p.scale)
}
