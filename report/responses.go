package report

import (
	"image/color"
	"time"

	"otklik/app"
)

// Responses draws the time of the first response: the median of each day, the
// band between p10 and p90, and the dashed goal. The days stand in order; a day
// without an answered appeal, or not listed, is a gap. Without a goal (0) no
// line is drawn.
func Responses(look Look, daily []app.StepFigures, goal time.Duration, labels Labels) Picture {
	f := newFrame(look, labels)
	var most time.Duration
	for _, d := range daily {
		if d.Response.N > 0 {
			most = max(most, d.Response.P90, d.Response.Median)
		}
	}
	if most <= 0 {
		return f.noData()
	}
	y := fromZero(max(most, goal).Hours(), f.lines(), roundTime)
	values := write(y.ticks, func(v float64) string {
		return f.labels.Time(time.Duration(v * float64(time.Hour)).Round(time.Minute))
	})
	entries := []entry{
		{text: f.labels.Median, colour: look.Palette.Accent, line: true},
		{text: f.labels.Band, colour: look.Palette.Band},
	}
	f.margins(values, 1)
	f.margins(values, f.rows(entries))
	from, to := daily[0].Period.From, daily[len(daily)-1].Period.From
	var spots []spot
	p := f.draw(days(from, to), y, func(p *plot) {
		day := func(i int) float64 { return float64(daily[i].Period.From) }
		median := func(i int) float64 { return daily[i].Response.Median.Hours() }
		stretches := answered(daily)
		p.grid(y, values)
		p.band(daily, stretches)
		if goal > 0 {
			p.goal(goal.Hours(), daily)
		}
		p.curve(stretches, day, median)
		p.calendar(from, to)
		p.legend(entries)
		for _, r := range stretches {
			for i := r.from; i <= r.to; i++ {
				spots = append(spots, p.spot(day(i), median(i), i))
			}
		}
	})
	p.find = func(x, _ float32) (Hover, bool) {
		s, ok := nearest(spots, x)
		if !ok {
			return Hover{}, false
		}
		return Hover{X: s.x, Y: s.y, Day: daily[s.of].Period.From, Response: daily[s.of].Response}, true
	}
	return p
}

// answered gives the stretches of successive days with answers.
func answered(daily []app.StepFigures) []run {
	var out []run
	for _, r := range runs(len(daily), func(i int) bool { return daily[i].Response.N > 0 }) {
		begin := r.from
		for i := r.from + 1; i <= r.to; i++ {
			if daily[i].Period.From != daily[i-1].Period.From+1 {
				out = append(out, run{begin, i - 1})
				begin = i
			}
		}
		out = append(out, run{begin, r.to})
	}
	return out
}

// band draws the area between p10 and p90.
func (p *plot) band(daily []app.StepFigures, stretches []run) {
	pen := newPen(p.on)
	day := func(i int) float64 { return float64(daily[i].Period.From) }
	p10 := func(i int) float64 { return daily[i].Response.P10.Hours() }
	p90 := func(i int) float64 { return daily[i].Response.P90.Hours() }
	for _, r := range stretches {
		chosen := thin(r, p.columns(r, day), p90, p10)
		outline := make([]point, 0, 2*len(chosen)+2)
		for _, i := range chosen {
			outline = append(outline, p.at(day(i), p90(i)))
		}
		for j := len(chosen) - 1; j >= 0; j-- {
			outline = append(outline, p.at(day(chosen[j]), p10(chosen[j])))
		}
		pen.shape(p.broad(outline)...)
	}
	pen.ink(p.look.Palette.Band)
}

// goal draws the dashed line and its words, where they hide least of the
// median.
func (p *plot) goal(hours float64, daily []app.StepFigures) {
	colour := p.look.Palette.Goal
	pen := newPen(p.on)
	y := p.atY(hours)
	pen.dashes(float64(p.box.Left), float64(p.box.Right), y, p.scale, 5*p.scale, 4*p.scale)
	pen.ink(colour)
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
		if base-textSize*p.scale < 0 || base > float64(p.box.Bottom) {
			continue
		}
		for _, share := range []float64{0.88, 1, 0.5, 0.12, 0} {
			at := point{float64(p.box.Left) + share*float64(room), base}
			if n := p.hidden(daily, at, float64(wide)); fewest < 0 || n < fewest {
				best, fewest = at, n
			}
		}
	}
	if fewest >= 0 {
		p.text(p.labels.Goal, int(best.x), int(best.y), textSize, colour)
	}
}

// hidden counts the pixel columns in which the median runs through words of the
// width at the place.
func (p *plot) hidden(daily []app.StepFigures, at point, wide float64) int {
	n := 0
	for i := 1; i < len(daily); i++ {
		if daily[i].Response.N == 0 || daily[i-1].Response.N == 0 {
			continue
		}
		a := p.at(float64(daily[i-1].Period.From), daily[i-1].Response.Median.Hours())
		b := p.at(float64(daily[i].Period.From), daily[i].Response.Median.Hours())
		over := min(b.x, at.x+wide) - max(a.x, at.x)
		top, bottom := at.y-textSize*p.scale, at.y+3*p.scale
		if over > 0 && max(a.y, b.y) > top && min(a.y, b.y) < bottom {
			n += int(over) + 1
		}
	}
	return n
}

// mix gives the colour at the share t of the way from a to b.
func mix(a, b color.NRGBA, t float64) color.NRGBA {
	part := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.NRGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), part(a.A, b.A)}
}
