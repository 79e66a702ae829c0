package report

import (
	"image/color"
	"math"
)

// lineWidth is the width of a curve in points.
const lineWidth = 1.8

// hollow is the radius of the point of a value that is not final, in points.
const hollow = 3.2

// curve draws a line over each stretch. What leads to a value that is not final is
// dashed, and its point is hollow; open may be nil.
func (p *plot) curve(stretches [][]int, x, y func(i int) float64, open func(i int) bool, c color.NRGBA) {
	pen := newPen(p.on)
	for _, s := range stretches {
		line := make([]point, len(s))
		for j, i := range s {
			line[j] = p.at(x(i), y(i))
		}
		if open == nil {
			pen.line(line, lineWidth*p.scale)
			continue
		}
		begin := 0
		for j := range s {
			if !open(s[j]) {
				continue
			}
			if j > begin {
				pen.line(line[begin:j], lineWidth*p.scale)
			}
			begin = j + 1
			pen.line(closed(ring(line[j], hollow*p.scale)), 1.4*p.scale)
			if j > 0 {
				p.leading(pen, line[j-1], line[j], open(s[j-1]), true)
			}
			if j+1 < len(s) && !open(s[j+1]) {
				p.leading(pen, line[j], line[j+1], true, false)
			}
		}
		pen.line(line[begin:], lineWidth*p.scale)
	}
	pen.ink(c)
}

// leading draws the dashes between two values, to the rim of the hollow ones.
func (p *plot) leading(pen *pen, a, b point, openA, openB bool) {
	dx, dy := b.x-a.x, b.y-a.y
	length, rim := math.Hypot(dx, dy), hollow*p.scale
	if length <= 2*rim {
		return
	}
	if openA {
		a = point{a.x + dx*rim/length, a.y + dy*rim/length}
	}
	if openB {
		b = point{b.x - dx*rim/length, b.y - dy*rim/length}
	}
	pen.broken([]point{a, b}, lineWidth*p.scale, 4*p.scale, 3*p.scale)
}

// dots draws a dotted line over each stretch.
func (p *plot) dots(stretches [][]int, x, y func(i int) float64, c color.NRGBA) {
	pen := newPen(p.on)
	for _, s := range stretches {
		line := make([]point, len(s))
		for j, i := range s {
			line[j] = p.at(x(i), y(i))
		}
		pen.broken(line, 1.4*p.scale, 1.6*p.scale, 2.6*p.scale)
	}
	pen.ink(c)
}

// closed gives the ring as a line that ends where it begins.
func closed(ring []point) []point { return append(ring, ring[0]) }
