package report

import (
	"time"

	"otklik/app"
)

// Series of Responses.
const (
	SeriesMedian = iota
	SeriesBand
	SeriesMean
)

// Responses draws the time of the first response: the median of each step, the
// band between p10 and p90, the dotted mean, and the dashed goal. The steps (days,
// weeks or months) stand in order; one without an answered appeal, or not listed, is a
// gap; one that is not over is hollow. Without a goal (0) no line is drawn.
// Hover.Point is the place in steps.
func Responses(look Look, steps []app.StepFigures, goal time.Duration, labels Labels) Picture {
	f := newFrame(look, labels)
	answered := func(i int) bool { return steps[i].Response.N > 0 }
	x := func(i int) float64 { return middle(steps[i]) }
	hours := [...]func(i int) float64{
		SeriesMedian: func(i int) float64 { return inHours(steps[i].Response.Median) },
		SeriesBand:   func(i int) float64 { return inHours(steps[i].Response.P90) },
		SeriesMean:   func(i int) float64 { return inHours(steps[i].Response.Mean) },
	}
	p10 := func(i int) float64 { return inHours(steps[i].Response.P10) }
	stretches := unbroken(steps, thin(len(steps), f.w, extremes(answered, append(hours[:], p10)...)))
	if len(stretches) == 0 {
		return f.noData()
	}
	most := goal.Hours()
	var series []int
	for k := range hours {
		if look.Hidden.Has(k) {
			continue
		}
		_, high := bounds(stretches, hours[k])
		most = max(most, high)
		series = append(series, k)
	}
	y := fromZero(most, f.lines(), roundTime)
	values := write(y.ticks, func(v float64) string {
		return f.labels.Time(time.Duration(v * float64(time.Hour)).Round(time.Minute))
	})
	entries := []entry{
		{series: SeriesMedian, text: f.labels.Median, colour: look.Palette.Accent, mark: markLine},
		{series: SeriesBand, text: f.labels.Band, colour: look.Palette.Band},
		{series: SeriesMean, text: f.labels.Mean, colour: look.Palette.Ink, mark: markDots},
	}
	f.span(overSteps(steps))
	f.margins(values, 1)
	f.margins(values, f.rows(entries))
	return f.draw(f.time, y, func(p *plot) {
		p.grid(y, values)
		if !look.Hidden.Has(SeriesBand) {
			p.band(stretches, x, p10, hours[SeriesBand])
		}
		if !look.Hidden.Has(SeriesMean) {
			p.dots(stretches, x, hours[SeriesMean], look.Palette.Ink)
		}
		if goal > 0 {
			p.goal(goal.Hours(), stretches, x, hours[SeriesMedian], hours[SeriesMean])
		}
		if !look.Hidden.Has(SeriesMedian) {
			open := func(i int) bool { return steps[i].Partial }
			p.curve(stretches, x, hours[SeriesMedian], open, look.Palette.Accent)
		}
		p.calendar()
		p.legend(entries)
		p.places = &track{
			points: len(steps), series: series,
			x: func(i int) float32 { return p.pointX(x(i)) },
			y: func(i, k int) (float32, bool) { return p.pointY(hours[k](i)), answered(i) },
		}
	})
}

// inHours is Duration.Hours without its care for the last bit.
func inHours(d time.Duration) float64 { return float64(d) / float64(time.Hour) }

// band draws the area between two lines.
func (p *plot) band(stretches [][]int, x, low, high func(i int) float64) {
	pen := newPen(p.on)
	for _, s := range stretches {
		outline := make([]point, 0, 2*len(s))
		for _, i := range s {
			outline = append(outline, p.at(x(i), high(i)))
		}
		for j := len(s) - 1; j >= 0; j-- {
			outline = append(outline, p.at(x(s[j]), low(s[j])))
		}
		pen.shape(p.broad(outline)...)
	}
	pen.ink(p.look.Palette.Band)
}

// goal draws the dashed line and its words, where they hide least of the lines.
func (p *plot) goal(hours float64, stretches [][]int, x func(i int) float64, lines ...func(i int) float64) {
	colour := p.look.Palette.Goal
	y := p.atY(hours)
	p.dashes(y, colour)
	wide := p.advance(p.labels.Goal, textSize)
	room := p.box.Right - p.box.Left - wide
	if p.left == 0 || room < p.px(8) {
		return
	}
	best, fewest := point{}, -1
	for _, under := range []bool{false, true} {
		base := y - 5*p.scale
		if under {
			base = y + 13*p.scale
		}
		if base-textSize*p.scale < float64(p.box.Top-p.px(6)) || base > float64(p.box.Bottom) {
			continue
		}
		for _, share := range []float64{0.88, 1, 0.5, 0.12, 0} {
			at := point{float64(p.box.Left) + share*float64(room), base}
			n := 0
			for _, line := range lines {
				n += p.hidden(stretches, x, line, at, float64(wide))
			}
			if fewest < 0 || n < fewest {
				best, fewest = at, n
			}
		}
	}
	if fewest >= 0 {
		p.text(p.labels.Goal, int(best.x), int(best.y), textSize, colour)
	}
}

// hidden counts the pixel columns in which the line runs through words of the
// width at the place.
func (p *plot) hidden(stretches [][]int, x, line func(i int) float64, at point, wide float64) int {
	n := 0
	for _, s := range stretches {
		for j := 1; j < len(s); j++ {
			a, b := p.at(x(s[j-1]), line(s[j-1])), p.at(x(s[j]), line(s[j]))
			over := min(b.x, at.x+wide) - max(a.x, at.x)
			top, bottom := at.y-textSize*p.scale, at.y+3*p.scale
			if over > 0 && max(a.y, b.y) > top && min(a.y, b.y) < bottom {
				n += int(over) + 1
			}
		}
	}
	return n
}
