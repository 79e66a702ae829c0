package report

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"

	"github.com/golang/freetype/truetype"
	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
	"golang.org/x/image/vector"
)

// surface is what a chart is drawn on, in pixels: an image, an SVG, a page of a PDF.
// A chart draws through it alone and does not know which it is.
type surface interface {
	// paint lays the colour on the shapes (closed polygons) and strokes as on one.
	paint(c color.NRGBA, shapes [][]point, strokes []stroke)
	// block fills whole pixels, so that grid lines and cells stay sharp.
	block(r image.Rectangle, c color.NRGBA)
	// text writes with the baseline's left end at x, y; size in pixels.
	text(s string, x, y int, size float64, c color.NRGBA)
}

// raster is an image. Where go-chart's renderer is known it writes the words.
type raster struct {
	img  *image.RGBA
	font *truetype.Font
	r    chart.Renderer // nil writes no words
}

var rasterizers = sync.Pool{New: func() any { return &vector.Rasterizer{} }}

func (s *raster) paint(c color.NRGBA, shapes [][]point, strokes []stroke) {
	r := rasterizers.Get().(*vector.Rasterizer)
	defer rasterizers.Put(r)
	r.Reset(s.img.Rect.Dx(), s.img.Rect.Dy())
	r.DrawOp = draw.Over
	for _, shape := range shapes {
		trace(r, shape...)
	}
	for _, k := range strokes {
		k.trace(r)
	}
	r.Draw(s.img, s.img.Rect, image.NewUniform(c), image.Point{})
}

func (s *raster) block(r image.Rectangle, c color.NRGBA) {
	draw.Draw(s.img, r, image.NewUniform(c), image.Point{}, draw.Over)
}

func (s *raster) text(words string, x, y int, size float64, c color.NRGBA) {
	if s.r == nil || s.font == nil {
		return
	}
	s.r.SetFont(s.font)
	s.r.SetFontSize(size * 64 / s.r.GetDPI())
	s.r.SetFontColor(drawing.Color(c))
	s.r.Text(words, x, y)
}

// trace adds a closed polygon.
func trace(r *vector.Rasterizer, points ...point) {
	r.MoveTo(float32(points[0].x), float32(points[0].y))
	for _, q := range points[1:] {
		r.LineTo(float32(q.x), float32(q.y))
	}
	r.ClosePath()
}

// sharp is the cosine of the turn from which a join shows a notch.
const sharp = 0.95

// trace adds the stroke as polygons.
func (k stroke) trace(r *vector.Rasterizer) {
	if len(k.points) == 1 {
		trace(r, ring(k.points[0], k.width)...)
		return
	}
	half := k.width / 2
	var before point
	for i := 1; i < len(k.points); i++ {
		a, b := k.points[i-1], k.points[i]
		dx, dy := b.x-a.x, b.y-a.y
		length := math.Hypot(dx, dy)
		if length == 0 {
			continue
		}
		dx, dy = dx/length, dy/length
		nx, ny := dy*half, -dx*half
		trace(r, point{a.x + nx, a.y + ny}, point{a.x - nx, a.y - ny},
			point{b.x - nx, b.y - ny}, point{b.x + nx, b.y + ny})
		if before != (point{}) && before.x*dx+before.y*dy < sharp {
			trace(r, ring(a, half)...)
		}
		before = point{dx, dy}
	}
}
