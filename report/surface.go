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
	area := extent(shapes, strokes).Intersect(s.img.Rect)
	if area.Empty() {
		return
	}
	r := rasterizers.Get().(*vector.Rasterizer)
	defer rasterizers.Put(r)
	r.Reset(area.Dx(), area.Dy())
	r.DrawOp = draw.Over
	t := tracer{r, float64(area.Min.X), float64(area.Min.Y)}
	for _, shape := range shapes {
		t.shape(shape...)
	}
	for _, k := range strokes {
		t.stroke(k)
	}
	r.Draw(s.img, area, image.NewUniform(c), image.Point{})
}

// extent is where there is anything: laying a colour on costs by the area.
func extent(shapes [][]point, strokes []stroke) image.Rectangle {
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	add := func(points []point, more float64) {
		for _, q := range points {
			low.x, low.y = min(low.x, q.x-more), min(low.y, q.y-more)
			high.x, high.y = max(high.x, q.x+more), max(high.y, q.y+more)
		}
	}
	for _, shape := range shapes {
		add(shape, 0)
	}
	for _, k := range strokes {
		add(k.points, k.width) // a dot is a ring of that radius
	}
	const far = 1 << 20 // no picture is as large
	whole := func(v float64) int { return int(min(max(v, -far), far)) }
	return image.Rect(whole(math.Floor(low.x)), whole(math.Floor(low.y)), whole(math.Ceil(high.x)), whole(math.Ceil(high.y)))
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

// tracer gives polygons to a rasterizer that begins at a place of the picture.
type tracer struct {
	r    *vector.Rasterizer
	x, y float64
}

// shape adds a closed polygon.
func (t tracer) shape(points ...point) {
	t.r.MoveTo(float32(points[0].x-t.x), float32(points[0].y-t.y))
	for _, q := range points[1:] {
		t.r.LineTo(float32(q.x-t.x), float32(q.y-t.y))
	}
	t.r.ClosePath()
}

// sharp is the cosine of the turn from which a join shows a notch.
const sharp = 0.95

// stroke adds the stroke as polygons.
func (t tracer) stroke(k stroke) {
	if len(k.points) == 1 {
		t.shape(ring(k.points[0], k.width)...)
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
		t.shape(point{a.x + nx, a.y + ny}, point{a.x - nx, a.y - ny},
			point{b.x - nx, b.y - ny}, point{b.x + nx, b.y + ny})
		if before != (point{}) && before.x*dx+before.y*dy < sharp {
			t.shape(ring(a, half)...)
		}
		before = point{dx, dy}
	}
}
