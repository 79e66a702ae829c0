package report

import (
	"image"
	"time"
)

// Heat draws appeals by weekday (Monday first) and hour, the busiest hour
// darkest.
func Heat(look Look, counts [7][24]int, labels Labels) Picture {
	f := newFrame(look, labels)
	most := 0
	for _, day := range counts {
		for _, n := range day {
			most = max(most, n)
		}
	}
	if most == 0 {
		return f.noData()
	}
	names := make([]string, 7)
	for d := range names {
		names[d] = f.labels.Weekday(time.Weekday((d + 1) % 7))
	}
	f.margins(names, 0)
	f.top = min(f.top, f.px(2))
	if f.plotHeight() < 7*textSize { // names would stand on one another
		f.bare()
	}
	p := f.draw(axis{max: 24}, axis{max: 7}, func(p *plot) {
		gap := min(p.px(1), (p.box.Right-p.box.Left)/72, (p.box.Bottom-p.box.Top)/21)
		low, high := look.Palette.HeatLow, look.Palette.HeatHigh
		for d := range counts {
			for h, n := range counts[d] {
				r := image.Rect(int(p.atX(float64(h))), int(p.atY(7-float64(d))),
					int(p.atX(float64(h+1)))-gap, int(p.atY(6-float64(d)))-gap)
				p.on.block(r, mix(low, high, float64(max(0, n))/float64(most)))
			}
			if p.left > 0 {
				middle := p.atY(6.5 - float64(d))
				p.text(names[d], 0, int(middle)+p.px(textSize*0.34), textSize, look.Palette.Text)
			}
		}
		p.clock()
	})
	plot := p.Plot
	p.find = func(x, y float32) (Hover, bool) {
		cellW, cellH := (plot.Right-plot.Left)/24, (plot.Bottom-plot.Top)/7
		if cellW <= 0 || cellH <= 0 {
			return Hover{}, false
		}
		h := min(23, max(0, int((x-plot.Left)/cellW)))
		d := min(6, max(0, int((y-plot.Top)/cellH)))
		return Hover{
			X: plot.Left + (float32(h)+0.5)*cellW, Y: plot.Top + (float32(d)+0.5)*cellH,
			Values: []HoverValue{{Value: int64(counts[d][h])}}, Weekday: d, Hour: h,
		}, true
	}
	return p
}

// clock writes every sixth hour below the cells, every twelfth where they are
// narrow.
func (p *plot) clock() {
	if !p.dated {
		return
	}
	step := 6
	if p.plotWidth() < 4*45 {
		step = 12
	}
	for h := 0; h < 24; h += step {
		p.text(p.labels.Clock(h), int(p.atX(float64(h))), p.box.Bottom+p.px(16), textSize, p.look.Palette.Text)
	}
}
