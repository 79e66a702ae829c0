package report

import (
	"image"
	"image/color"
	"time"
)

// Heat draws appeals by weekday (Monday first) and hour, the busiest hour
// darkest. Hover.Point is the hour, Hover.Series the weekday.
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
	return f.draw(axis{max: 24}, axis{max: 7}, func(p *plot) {
		gap := min(p.px(1), (p.box.Right-p.box.Left)/72, (p.box.Bottom-p.box.Top)/21)
		low, high := look.Palette.HeatLow, look.Palette.HeatHigh
		fields := make(cells, 0, 7*24)
		for d := range counts {
			for h, n := range counts[d] {
				r := image.Rect(int(p.atX(float64(h))), int(p.atY(7-float64(d))),
					int(p.atX(float64(h+1))), int(p.atY(6-float64(d))))
				field := cell{Rect: p.rect(r)}
				x, y := field.centre()
				field.at = Hover{X: x, Y: y, Point: h, Series: d}
				fields = append(fields, field)
				r.Max = r.Max.Sub(image.Pt(gap, gap))
				p.on.block(r, mix(low, high, float64(max(0, n))/float64(most)))
			}
			if p.left > 0 {
				middle := p.atY(6.5 - float64(d))
				p.text(names[d], 0, int(middle)+p.px(textSize*0.34), textSize, look.Palette.Text)
			}
		}
		p.clock()
		p.places = fields
	})
}

// mix gives the colour at the share t of the way from a to b.
func mix(a, b color.NRGBA, t float64) color.NRGBA {
	part := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.NRGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), part(a.A, b.A)}
}

// clock writes every sixth hour below the cells, every twelfth where they are
// narrow, and what is still too wide not at all.
func (p *plot) clock() {
	if !p.dated {
		return
	}
	step := 6
	if p.plotWidth() < 4*45 {
		step = 12
	}
	edge := 0
	for h := 0; h < 24; h += step {
		text := p.labels.Clock(h)
		x, wide := int(p.atX(float64(h))), p.advance(text, textSize)
		if x < edge || x+wide > p.w {
			continue
		}
		p.text(text, x, p.box.Bottom+p.px(16), textSize, p.look.Palette.Text)
		edge = x + wide + p.px(4)
	}
}
