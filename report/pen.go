package report

import (
	"image/color"
	"math"
)

// point of a picture, in pixels. go-chart's renderer knows whole pixels only,
// which makes slow slopes climb in stairs, and its stroker leaves notches at
// sharp turns; therefore lines and areas are drawn here.
type point struct{ x, y float64 }

// pen gathers shapes and strokes and lays a colour on them as on one: where they
// overlap a translucent colour is not laid on twice.
type pen struct {
	on      surface
	shapes  [][]point
	strokes []stroke
}

// stroke is a line of the width along the points; a single point is a dot.
type stroke struct {
	points []point
	width  float64
}

func newPen(on surface) *pen { return &pen{on: on} }

// ink lays the colour on what was gathered and begins anew.
func (p *pen) ink(c color.NRGBA) {
	p.on.paint(c, p.shapes, p.strokes)
	p.shapes, p.strokes = p.shapes[:0], p.strokes[:0]
}

// shape adds a closed polygon.
func (p *pen) shape(points ...point) {
	if len(points) >= 3 {
		p.shapes = append(p.shapes, points)
	}
}

// line adds a stroke of the width along the points; a single point is a dot.
func (p *pen) line(points []point, width float64) {
	if len(points) > 0 {
		p.strokes = append(p.strokes, stroke{points, width})
	}
}

// broken adds a dashed stroke along the points; a single point is a dot.
func (p *pen) broken(points []point, width, dash, space float64) {
	if len(points) == 1 {
		p.line(points, width)
	}
	left, drawing := dash, true // of the dash or the space
	var piece []point
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		for done := 0.0; done < length; {
			step := min(left, length-done)
			if drawing {
				if piece == nil {
					piece = []point{along(a, b, done/length)}
				}
				piece = append(piece, along(a, b, (done+step)/length))
			}
			done, left = done+step, left-step
			if left > 0 {
				continue
			}
			p.line(piece, width)
			piece, drawing = nil, !drawing
			if left = space; drawing {
				left = dash
			}
		}
	}
	p.line(piece, width)
}

// along is the point at the share t of the way from a to b.
func along(a, b point, t float64) point { return point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }

// ring is a circle as a polygon of the same sense as the pieces of a stroke: shapes
// of opposite senses would cancel each other.
func ring(centre point, radius float64) []point {
	n := max(8, int(radius*4))
	out := make([]point, 0, 64)
	for i := range n {
		sin, cos := math.Sincos(-2 * math.Pi * float64(i) / float64(n))
		out = append(out, point{centre.x + radius*cos, centre.y + radius*sin})
	}
	return out
}
