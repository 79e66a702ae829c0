package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"io"
	"strconv"

	"github.com/golang/freetype/truetype"
)

// svgFamily are the fonts the words of an SVG are set in, those they were measured
// with first.
const svgFamily = "Roboto, 'PT Sans', 'Noto Sans', Arial, sans-serif"

// SVG writes the chart as a picture of lines, areas and words that any browser opens:
// it loads nothing and runs nothing. Look.Title says what it is of.
func SVG(w io.Writer, look Look, draw func(Look) Picture) error {
	font, err := typeface()
	if err != nil {
		return err
	}
	on := &svg{font: font}
	look.on = on
	draw(look)
	wide, high := look.pixels()
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %d %d" role="img" font-family="%s" font-weight="500">`+"\n",
		svgNumber(float64(wide)/look.scale()), svgNumber(float64(high)/look.scale()), wide, high, svgFamily)
	if look.Title != "" {
		out.WriteString("<title>")
		svgWords(&out, look.Title)
		out.WriteString("</title>\n")
	}
	out.Write(on.body.Bytes())
	out.WriteString("</svg>\n")
	_, err = w.Write(out.Bytes())
	return err
}

// svg is the surface that becomes an SVG, in its units.
type svg struct {
	body bytes.Buffer
	font *truetype.Font // that words are measured with
}

// paint lays a translucent colour on all at once: on shapes and strokes one by one it
// would lie twice where they cross.
func (s *svg) paint(c color.NRGBA, shapes [][]point, strokes []stroke) {
	if c.A == 0 {
		return
	}
	ink := fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
	closing := ""
	if c.A < 255 {
		fmt.Fprintf(&s.body, `<g opacity="%s">`+"\n", svgNumber(float64(c.A)/255))
		closing = "</g>\n"
	}
	var path []byte
	for _, shape := range shapes {
		path = append(svgTrail(path, shape), 'Z')
	}
	widths := map[float64][]byte{}
	var order []float64
	for _, k := range strokes {
		if len(k.points) == 1 {
			path = append(svgTrail(path, ring(k.points[0], k.width)), 'Z')
			continue
		}
		if _, ok := widths[k.width]; !ok {
			order = append(order, k.width)
		}
		widths[k.width] = svgTrail(widths[k.width], k.points)
	}
	if len(path) > 0 {
		fmt.Fprintf(&s.body, `<path fill="%s" d="%s"/>`+"\n", ink, path)
	}
	for _, width := range order {
		fmt.Fprintf(&s.body, `<path fill="none" stroke="%s" stroke-width="%s" stroke-linejoin="round" d="%s"/>`+"\n",
			ink, svgNumber(width), widths[width])
	}
	s.body.WriteString(closing)
}

func (s *svg) block(r image.Rectangle, c color.NRGBA) {
	if c.A == 0 || r.Empty() {
		return
	}
	fmt.Fprintf(&s.body, `<rect x="%d" y="%d" width="%d" height="%d" %s/>`+"\n", r.Min.X, r.Min.Y, r.Dx(), r.Dy(), svgFill(c))
}

// text holds the words to the width they were measured at, whatever font the reader
// has: they would else run into one another.
func (s *svg) text(words string, x, y int, size float64, c color.NRGBA) {
	fmt.Fprintf(&s.body, `<text x="%d" y="%d" font-size="%s" textLength="%d" lengthAdjust="spacingAndGlyphs" %s>`,
		x, y, svgNumber(size), advance(s.font, words, size), svgFill(c))
	svgWords(&s.body, words)
	s.body.WriteString("</text>\n")
}

func svgFill(c color.NRGBA) string {
	fill := fmt.Sprintf(`fill="#%02x%02x%02x"`, c.R, c.G, c.B)
	if c.A < 255 {
		fill += ` fill-opacity="` + svgNumber(float64(c.A)/255) + `"`
	}
	return fill
}

// svgTrail adds the points to the data of a path.
func svgTrail(path []byte, points []point) []byte {
	for i, q := range points {
		command := byte('L')
		if i == 0 {
			command = 'M'
		}
		path = append(path, command)
		path = append(path, svgNumber(q.x)...)
		path = append(path, ' ')
		path = append(path, svgNumber(q.y)...)
	}
	return path
}

// svgNumber writes v to the hundredth of a unit.
func svgNumber(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = string(bytes.TrimRight([]byte(s), "0"))
	return string(bytes.TrimRight([]byte(s), "."))
}

// svgWords escapes the words; what XML cannot hold becomes a sign of its own.
func svgWords(to *bytes.Buffer, words string) {
	_ = xml.EscapeText(to, []byte(words)) // a buffer takes everything
}
