package report

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// The picture of a document has pngPixels a point, fewer where it would have more than
// pngMost pixels in all.
const (
	pngPixels = 2.0
	pngMost   = 40 << 20
)

// errTooLong is the answer to a document that no viewer would show as one picture.
var errTooLong = errors.New("report: the document is too long for one picture")

// WritePNG writes the document as one picture.
func WritePNG(w io.Writer, d *Document) error {
	p := setPages(d, true)[0]
	pixels := min(pngPixels, math.Sqrt(pngMost/(p.width*p.height)))
	if pixels < 0.7 {
		return errTooLong
	}
	on := newRasterPaper(p, pixels)
	for _, i := range p.items {
		i.put(on)
	}
	return png.Encode(w, on.img)
}

// rasterPaper is a page as an image.
type rasterPaper struct {
	img    *image.RGBA
	pixels float64 // a point
	faces  map[faceKey]font.Face
}

type faceKey struct {
	size float64
	bold bool
}

func newRasterPaper(p page, pixels float64) *rasterPaper {
	r := image.Rect(0, 0, int(math.Ceil(p.width*pixels)), int(math.Ceil(p.height*pixels)))
	on := &rasterPaper{image.NewRGBA(r), pixels, map[faceKey]font.Face{}}
	draw.Draw(on.img, r, image.NewUniform(paperWhite), image.Point{}, draw.Src)
	return on
}

// fill keeps to whole pixels, so that rules are sharp; none is thinner than one.
func (p *rasterPaper) fill(b box, c color.NRGBA) {
	edge := func(v float64) int { return int(math.Round(v * p.pixels)) }
	r := image.Rect(edge(b.x), edge(b.y), edge(b.x+b.w), edge(b.y+b.h))
	r.Max.X, r.Max.Y = max(r.Max.X, r.Min.X+1), max(r.Max.Y, r.Min.Y+1)
	draw.Draw(p.img, r, image.NewUniform(c), image.Point{}, draw.Over)
}

// write sets letter by letter at the breadths of the layout: the drawer of x/image
// would round each.
func (p *rasterPaper) write(l line) {
	key := faceKey{l.size, l.bold}
	face, ok := p.faces[key]
	if !ok {
		face = truetype.NewFace(typefaces()[l.bold], &truetype.Options{
			Size: l.size * p.pixels, DPI: 72, SubPixelsX: 8, SubPixelsY: 1,
		})
		p.faces[key] = face
	}
	ink := image.NewUniform(l.colour)
	x, y := l.x*p.pixels, fixed.I(int(math.Round(l.y*p.pixels)))
	for _, r := range l.words {
		at := fixed.Point26_6{X: fixed.Int26_6(math.Round(x * 64)), Y: y}
		if where, mask, from, _, ok := face.Glyph(at, r); ok {
			draw.DrawMask(p.img, where, ink, image.Point{}, mask, from, draw.Over)
		}
		x += breadth(string(r), l.size*p.pixels, l.bold)
	}
}

func (p *rasterPaper) draw(d plate) {
	img := d.chart(d.look(p.pixels)).Image
	if img == nil {
		return
	}
	at := image.Pt(int(math.Round(d.x*p.pixels)), int(math.Round(d.y*p.pixels)))
	draw.Draw(p.img, img.Bounds().Sub(img.Bounds().Min).Add(at), img, img.Bounds().Min, draw.Over)
}

func (p *rasterPaper) link(anchor) {}
