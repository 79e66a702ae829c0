package report

import (
	"image"
	"image/color"
	"io"
	"time"

	"github.com/go-pdf/fpdf"
	"golang.org/x/text/language"
)

// WritePDF writes the document as A4 pages: words that can be searched and copied, in
// a font of which the file holds the letters used, charts as lines and areas. Equal
// documents make equal files.
func WritePDF(w io.Writer, d *Document) error {
	pages := setPages(d, false)
	lie := "P"
	if pages[0].width > pages[0].height {
		lie = "L"
	}
	pdf := fpdf.New(lie, "pt", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	made := d.Made.UTC()
	if d.Made.IsZero() {
		made = time.Unix(0, 0).UTC() // none would be the clock's
	}
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	pdf.SetTitle(readable(d.Title), true)
	pdf.SetSubject(readable(d.Period), true)
	pdf.SetAuthor(readable(d.Centre), true)
	pdf.SetCreator("Otklik", false)
	if tag, err := language.Parse(d.Lang); err == nil {
		pdf.SetLang(tag.String())
	}
	pdf.AddUTF8FontFromBytes(family, "", regularTTF)
	pdf.AddUTF8FontFromBytes(family, "B", boldTTF)
	pdf.SetLineCapStyle("butt")
	pdf.SetLineJoinStyle("round")
	on := &pdfPaper{pdf: pdf}
	for _, p := range pages {
		pdf.AddPage()
		on.alpha = 255
		for _, i := range p.items {
			i.put(on)
		}
	}
	return pdf.Output(w)
}

// pdfPaper is a page of a PDF.
type pdfPaper struct {
	pdf   *fpdf.Fpdf
	alpha uint8 // that of the page's last ink
}

func (p *pdfPaper) ink(c color.NRGBA) {
	r, g, b := int(c.R), int(c.G), int(c.B)
	p.pdf.SetFillColor(r, g, b)
	p.pdf.SetDrawColor(r, g, b)
	p.pdf.SetTextColor(r, g, b)
	if c.A != p.alpha {
		p.pdf.SetAlpha(float64(c.A)/255, "Normal")
		p.alpha = c.A
	}
}

func (p *pdfPaper) fill(b box, c color.NRGBA) {
	p.ink(c)
	p.pdf.Rect(b.x, b.y, b.w, b.h, "F")
}

func (p *pdfPaper) write(l line) {
	style := ""
	if l.bold {
		style = "B"
	}
	p.ink(l.colour)
	p.pdf.SetFont(family, style, l.size)
	p.pdf.Text(l.x, l.y, l.words)
}

func (p *pdfPaper) link(a anchor) { p.pdf.LinkString(a.x, a.y, a.w, a.h, a.to) }

// pdfPixels is how fine the whole pixels of charts are on paper, to a point.
const pdfPixels = 4

func (p *pdfPaper) draw(d plate) {
	p.pdf.ClipRect(d.x, d.y, d.w, d.h, false)
	look := d.look(pdfPixels)
	look.on = &pdfSurface{p, d.box}
	d.chart(look)
	p.pdf.ClipEnd()
	// The end of clipping brings back ink and font of before it, which fpdf does not
	// know: a font that no words have makes it say the next one.
	p.alpha = 0
	p.pdf.SetFont(family, "", 1)
}

// pdfSurface is a part of a page as charts see it, in pixels.
type pdfSurface struct {
	paper *pdfPaper
	box
}

func (s *pdfSurface) paint(c color.NRGBA, shapes [][]point, strokes []stroke) {
	s.paper.ink(c)
	pdf := s.paper.pdf
	var lines []stroke
	for _, k := range strokes {
		if len(k.points) > 1 {
			lines = append(lines, k)
		} else if len(k.points) == 1 {
			shapes = append(shapes, ring(k.points[0], k.width))
		}
	}
	for _, shape := range shapes {
		s.trail(shape)
		pdf.ClosePath()
	}
	if len(shapes) > 0 {
		pdf.DrawPath("F")
	}
	// Strokes of one width are one path: where they cross, a translucent colour is
	// laid on once.
	for i, k := range lines {
		if i == 0 || lines[i-1].width != k.width {
			pdf.SetLineWidth(k.width / pdfPixels)
		}
		s.trail(k.points)
		if i+1 == len(lines) || lines[i+1].width != k.width {
			pdf.DrawPath("D")
		}
	}
}

// trail adds the points to the path.
func (s *pdfSurface) trail(points []point) {
	for i, q := range points {
		x, y := s.x+q.x/pdfPixels, s.y+q.y/pdfPixels
		if i == 0 {
			s.paper.pdf.MoveTo(x, y)
		} else {
			s.paper.pdf.LineTo(x, y)
		}
	}
}

func (s *pdfSurface) block(r image.Rectangle, c color.NRGBA) {
	if c.A == 0 || r.Empty() {
		return
	}
	s.paper.fill(box{
		s.x + float64(r.Min.X)/pdfPixels, s.y + float64(r.Min.Y)/pdfPixels,
		float64(r.Dx()) / pdfPixels, float64(r.Dy()) / pdfPixels,
	}, c)
}

func (s *pdfSurface) text(words string, x, y int, size float64, c color.NRGBA) {
	s.paper.write(line{
		s.x + float64(x)/pdfPixels, s.y + float64(y)/pdfPixels,
		words, size / pdfPixels, false, c,
	})
}
