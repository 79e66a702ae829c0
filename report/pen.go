package report

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"

	"golang.org/x/image/vector"
)

// point of a picture, in pixels. go-chart's renderer knows whole pixels only,
// which makes slow slopes climb in stairs, and its stroker leaves notches at
// sharp turns; therefore lines and areas are drawn here.
type point struct{ x, y float64 }

// pen draws on an image. Shapes given together are one shape: where they
// overlap a translucent colour is not laid on twice.
type pen struct {
	img *image.RGBA
	r   *vector.Rasterizer
}

var rasterizers = sync.Pool{New: func() any { return &vector.Rasterizer{} }}

// newPen takes a rasterizer for the image; done gives it back.
func newPen(img *image.RGBA) pen {
	r := rasterizers.Get().(*vector.Rasterizer)
	r.Reset(img.Rect.Dx(), img.Rect.Dy())
	return pen{img, r}
}

func (p pen) done() { rasterizers.Put(p.r) }

// ink lays the colour on the gathered shapes and begins anew.
func (p pen) ink(c color.NRGBA) {
	p.r.DrawOp = draw.Over
	p.r.Draw(p.img, p.img.Rect, image.NewUniform(c), image.Point{})
	p.r.Reset(p.img.Rect.Dx(), p.img.Rect.Dy())
}

// shape adds a closed polygon.
func (p pen) shape(points ...point) {
	if len(points) < 3 {
		return
	}
	p.r.MoveTo(float32(points[0].x), float32(points[0].y))
	for _, q := range points[1:] {
		p.r.LineTo(float32(q.x), float32(q.y))
	}
	p.r.ClosePath()
}

// disc adds a circle, as a polygon of the same sense as line's pieces: shapes
// of opposite senses would cancel each other.
func (p pen) disc(centre point, radius float64) {
	n := max(8, int(radius*4))
	ring := make([]point, 0, 64)
	for i := range n {
		sin, cos := math.Sincos(-2 * math.Pi * float64(i) / float64(n))
		ring = append(ring, point{centre.x + radius*cos, centre.y + radius*sin})
	}
	p.shape(ring...)
}

// sharp is the cosine of the turn from which a join shows a notch.
const sharp = 0.95

// line adds a stroke of the width along the points; a single point is a dot.
func (p pen) line(points []point, width float64) {
	if len(points) == 1 {
		p.disc(points[0], width)
		return
	}
	half := width / 2
	var before point
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		dx, dy := b.x-a.x, b.y-a.y
		length := math.Hypot(dx, dy)
		if length == 0 {
			continue
		}
		dx, dy = dx/length, dy/length
		nx, ny := dy*half, -dx*half
		p.shape(point{a.x + nx, a.y + ny}, point{a.x - nx, a.y - ny},
			point{b.x - nx, b.y - ny}, point{b.x + nx, b.y + ny})
		if before != (point{}) && before.x*dx+before.y*dy < sharp {
			p.disc(a, half)
		}
		before = point{dx, dy}
	}
}

// dashes adds a level dashed stroke.
func (p pen) dashes(from, to, y, width, dash, space float64) {
	for x := from; x < to; x += dash + space {
		p.line([]point{{x, y}, {min(x+dash, to), y}}, width)
	}
}

// block fills whole pixels, so that grid lines and cells stay sharp.
func block(img *image.RGBA, r image.Rectangle, c color.NRGBA) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Over)
}
