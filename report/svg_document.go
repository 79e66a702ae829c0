package report

import (
	"bufio"
	"bytes"
	"fmt"
	"image/color"
	"io"
)

// WriteSVG writes the document as one picture of lines and words, all of them escaped.
// It names its font and does not hold it: where that is lacking, words of another are
// fitted to the same breadth.
func WriteSVG(w io.Writer, d *Document) error {
	p := setPages(d, true)[0]
	on := &svgPaper{w: bufio.NewWriter(w)}
	on.put(`<svg xmlns="http://www.w3.org/2000/svg" width="%spt" height="%spt" viewBox="0 0 %s %s" `+
		`font-family="'PT Sans', 'Noto Sans', 'Liberation Sans', sans-serif">`+"\n",
		svgNumber(p.width), svgNumber(p.height), svgNumber(p.width), svgNumber(p.height))
	on.put("<title>%s</title>\n", svgSafe(d.Title))
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
	p.put(`<rect x="%s" y="%s" width="%s" height="%s" %s/>`+"\n", svgNumber(b.x), svgNumber(b.y), svgNumber(b.w), svgNumber(b.h), svgFill(c))
}

func (p *svgPaper) write(l line) {
	if l.words == "" {
		return
	}
	weight := ""
	if l.bold {
		weight = ` font-weight="bold"`
	}
	p.put(`<text x="%s" y="%s" font-size="%s"%s textLength="%s" lengthAdjust="spacingAndGlyphs" %s>%s</text>`+"\n",
		svgNumber(l.x), svgNumber(l.y), svgNumber(l.size), weight, svgNumber(breadth(l.words, l.size, l.bold)), svgFill(l.colour), svgSafe(l.words))
}

func (p *svgPaper) link(a anchor) {
	p.put(`<a href="%s"><rect x="%s" y="%s" width="%s" height="%s" fill-opacity="0"/></a>`+"\n",
		svgSafe(a.to), svgNumber(a.x), svgNumber(a.y), svgNumber(a.w), svgNumber(a.h))
}

// svgPixels is how fine the whole pixels of charts are, to a point.
const svgPixels = 4

func (p *svgPaper) draw(d plate) {
	p.put(`<svg x="%s" y="%s" width="%s" height="%s" viewBox="0 0 %s %s">`+"\n", svgNumber(d.x), svgNumber(d.y), svgNumber(d.w), svgNumber(d.h),
		svgNumber(d.w*svgPixels), svgNumber(d.h*svgPixels))
	look := d.look(svgPixels)
	on := &svg{font: look.font}
	look.on = on
	d.chart(look)
	_, _ = on.body.WriteTo(p.w) // an error stays in p.w
	p.put("</svg>\n")
}

// svgSafe is the words with what is markup in them escaped.
func svgSafe(words string) string {
	var b bytes.Buffer
	svgWords(&b, readable(words))
	return b.String()
}
