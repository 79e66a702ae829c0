package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// One page of everything, small. Charts are grey here: they have golden pictures of
// their own.
func TestGoldenDocument(t *testing.T) {
	d := sampleDocument(8)
	grey := func(l Look) Picture {
		w, h := l.pixels()
		img := image.NewGray(image.Rect(0, 0, w, h))
		draw.Draw(img, img.Rect, image.NewUniform(color.Gray{0xc0}), image.Point{}, draw.Src)
		return Picture{Image: img}
	}
	d.Blocks[3].(*Chart).Draw = grey
	for _, b := range d.Blocks[4].(*Beside).Blocks {
		b.(*Chart).Draw = grey
	}
	p := setPages(d, true)[0]
	on := newRasterPaper(p, 1)
	for _, i := range p.items {
		i.put(on)
	}
	file := filepath.Join("testdata", "document.png")
	if *update {
		save(t, file, on.img)
	}
	compare(t, file, on.img)
}

func TestPictureHasTheWholeDocument(t *testing.T) {
	for _, rows := range []int{0, 8, 300} {
		d := sampleDocument(rows)
		page := setPages(d, true)[0]
		img, err := png.Decode(bytes.NewReader(inForm(t, "png", d)))
		if err != nil {
			t.Fatal(err)
		}
		got := img.Bounds().Size()
		if wide := int(2 * page.width); rows < 100 && got.X < wide || got.X*got.Y > pngMost*101/100 {
			t.Errorf("%d rows: %v", rows, got)
		}
		if long := float64(got.Y) / float64(got.X) * page.width / page.height; long < 0.99 || long > 1.01 {
			t.Errorf("%d rows: %v of %v×%v", rows, got, page.width, page.height)
		}
	}
	if err := WritePNG(io.Discard, sampleDocument(20_000)); !errors.Is(err, errTooLong) {
		t.Errorf("a picture of twenty thousand rows: %v", err)
	}
}

// Charts of a document are drawn in its font, in characters it has.
func TestChartsHaveTheFontOfTheDocument(t *testing.T) {
	words := russian
	words.Goal = "цель\u202f→ 🌲4\u2009ч"
	d := &Document{Blocks: []Block{&Chart{Draw: func(l Look) Picture {
		return Responses(l, responses("2026-10-24", 31), 4*time.Hour, words)
	}}}}
	if got := string(inForm(t, "svg", d)); !strings.Contains(got, ">цель\u00a0-&gt; 4\u00a0ч</text>") {
		t.Errorf("the goal is not in\n%s", got)
	}
	chart := d.Blocks[0].(*Chart)
	plain := plate{box: box{0, 0, 400, 200}, chart: chart.Draw, scale: chartScale}.look(1)
	with := chart.Draw(plain).Image
	words.Goal = "цель\u00a0-> 4\u00a0ч"
	if !bytes.Equal(with.(*image.RGBA).Pix, chart.Draw(plain).Image.(*image.RGBA).Pix) {
		t.Error("an image has other words")
	}
}

// The words of an SVG are those of the document, and nothing of them is markup.
func TestSVGIsEscaped(t *testing.T) {
	d := sampleDocument(3)
	d.Title = `</title><script>alert("1")</script>&`
	d.Blocks = append(d.Blocks, &Table{Columns: []TableColumn{{Title: "<b>", Kind: ValueLink}}, Rows: [][]Value{
		{{Kind: ValueLink, Words: `https://vk.com/"onload="x`}}, {{Kind: ValueLink, Words: "javascript:x()"}},
	}})
	in := inForm(t, "svg", d)
	var said strings.Builder
	links := 0
	for read := xml.NewDecoder(bytes.NewReader(in)); ; {
		token, err := read.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "a":
				links++
				if to := token.Attr[0].Value; !web(to) || len(token.Attr) != 1 {
					t.Errorf("a link %v", token.Attr)
				}
			case "svg", "title", "rect", "text", "path", "g":
			default:
				t.Errorf("an element %s", token.Name.Local)
			}
		case xml.CharData:
			said.Write(append(token, ' '))
		}
	}
	if links != 2 {
		t.Errorf("%d links", links)
	}
	for _, s := range append(spoken(d, d.Blocks), d.Title, d.AsOf) {
		for _, w := range strings.Fields(s) {
			if !strings.Contains(said.String(), w) && len([]rune(w)) < 20 {
				t.Errorf("%q of %q is not to be found", w, s)
			}
		}
	}
}
