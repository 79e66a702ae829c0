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

// disc adds a circle.
func (p *pen) disc(centre point, radius float64) { p.shape(ring(centre, radius)...) }

// dashes adds a level dashed stroke.
func (p *pen) dashes(from, to, y, width, dash, space float64) {
	for x := from; x < to; x += dash + space {
		p.line([]point{{x, y}, {min(x+dash, to), y}}, width)
	}
}

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
