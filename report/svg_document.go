package report

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
)

// WriteSVG writes the document as one picture of lines and words, all of them escaped.
// It names its font and does not hold it: where that is lacking, words of another are
// fitted to the same breadth.
func WriteSVG(w io.Writer, d *Document) error {
	p := setPages(d, true)[0]
	on := &svgPaper{w: bufio.NewWriter(w)}
	on.put(`<svg xmlns="http://www.w3.org/2000/svg" width="%spt" height="%spt" viewBox="0 0 %s %s" `+
		`font-family="'PT Sans', 'Noto Sans', 'Liberation Sans', sans-serif">`+"\n",
		short(p.width), short(p.height), short(p.width), short(p.height))
	on.put("<title>%s</title>\n", escaped(d.Title))
	on.fill(box{0, 0, p.width, p.height}, paperWhite)
	for _, i := range p.items {
		i.put(on)
	}
	on.put("</svg>\n")
	return on.w.Flush()
}

// svgPaper is a page as an SVG. An error of writing stays in the buffer until Flush.
type svgPaper struct{ w *bufio.Writer }

func (p *svgPaper) put(format string, values ...any) { fmt.Fprintf(p.w, format, values...) }

func (p *svgPaper) fill(b box, c color.NRGBA) {
	p.put(`<rect x="%s" y="%s" width="%s" height="%s"%s/>`+"\n", short(b.x), short(b.y), short(b.w), short(b.h), svgInk("fill", c))
}

func (p *svgPaper) write(l line) {
	if l.words == "" {
		return
	}
	weight := ""
	if l.bold {
		weight = ` font-weight="bold"`
	}
	p.put(`<text x="%s" y="%s" font-size="%s"%s textLength="%s" lengthAdjust="spacingAndGlyphs"%s>%s</text>`+"\n",
		short(l.x), short(l.y), short(l.size), weight, short(breadth(l.words, l.size, l.bold)), svgInk("fill", l.colour), escaped(l.words))
}

func (p *svgPaper) link(a anchor) {
	p.put(`<a href="%s"><rect x="%s" y="%s" width="%s" height="%s" fill-opacity="0"/></a>`+"\n",
		escaped(a.to), short(a.x), short(a.y), short(a.w), short(a.h))
}

// svgPixels is how fine the whole pixels of charts are, to a point.
const svgPixels = 4

func (p *svgPaper) draw(d plate) {
	p.put(`<svg x="%s" y="%s" width="%s" height="%s" viewBox="0 0 %s %s">`+"\n", short(d.x), short(d.y), short(d.w), short(d.h),
		short(d.w*svgPixels), short(d.h*svgPixels))
	look := d.look(svgPixels)
	look.on = svgSurface{p}
	d.chart(look)
	p.put("</svg>\n")
}

// svgSurface is a part of a page as charts see it, in pixels.
type svgSurface struct{ *svgPaper }

func (s svgSurface) paint(c color.NRGBA, shapes [][]point, strokes []stroke) {
	for _, k := range strokes {
		if len(k.points) == 1 {
			shapes = append(shapes, ring(k.points[0], k.width))
		}
	}
	if len(shapes) > 0 {
		s.put(`<path d="`)
		for _, shape := range shapes {
			s.trail(shape)
			s.put("Z")
		}
		s.put(`"%s/>`+"\n", svgInk("fill", c))
	}
	for i, k := range strokes {
		if len(k.points) < 2 {
			continue
		}
		// Strokes of one width are one path: where they cross, a translucent colour is
		// laid on once.
		if i == 0 || len(strokes[i-1].points) < 2 || strokes[i-1].width != k.width {
			s.put(`<path fill="none" stroke-linejoin="round" stroke-width="%s"%s d="`, short(k.width), svgInk("stroke", c))
		}
		s.trail(k.points)
		if i+1 == len(strokes) || len(strokes[i+1].points) < 2 || strokes[i+1].width != k.width {
			s.put(`"/>` + "\n")
		}
	}
}

func (s svgSurface) trail(points []point) {
	for i, q := range points {
		step := "L"
		if i == 0 {
			step = "M"
		}
		s.put("%s%s %s", step, short(q.x), short(q.y))
	}
}

func (s svgSurface) block(r image.Rectangle, c color.NRGBA) {
	if c.A > 0 && !r.Empty() {
		s.fill(box{float64(r.Min.X), float64(r.Min.Y), float64(r.Dx()), float64(r.Dy())}, c)
	}
}

func (s svgSurface) text(words string, x, y int, size float64, c color.NRGBA) {
	s.write(line{float64(x), float64(y), readable(words), size, false, c})
}

// svgInk gives the attributes of a colour.
func svgInk(what string, c color.NRGBA) string {
	out := fmt.Sprintf(` %s="#%02x%02x%02x"`, what, c.R, c.G, c.B)
	if c.A < 255 {
		out += fmt.Sprintf(` %s-opacity="%s"`, what, short(float64(c.A)/255))
	}
	return out
}

// short writes a number with two places at most.
func short(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(readable(s)))
	return b.String()
}
