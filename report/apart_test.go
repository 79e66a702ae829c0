package report

import (
	"image"
	"image/color"
	"testing"

	"github.com/golang/freetype/truetype"
	"pgregory.net/rapid"

	"otklik/app"
)

// ledger is a surface that notes what is written, and where.
type ledger struct {
	font  *truetype.Font
	words []written
	cells []image.Rectangle
}

type written struct {
	words string
	at    image.Rectangle
}

func (l *ledger) paint(color.NRGBA, [][]point, []stroke) {}
func (l *ledger) block(r image.Rectangle, c color.NRGBA) { l.cells = append(l.cells, r) }
func (l *ledger) text(s string, x, y int, size float64, _ color.NRGBA) {
	l.words = append(l.words, written{s, image.Rect(x, y-int(size*0.73), x+advance(l.font, s, size), y+int(size*0.2))})
}

// TestWordsKeepApart draws every chart at many sizes with long words: none is cut by
// the edge, none lies on another.
func TestWordsKeepApart(t *testing.T) {
	font, err := typeface()
	if err != nil {
		t.Fatal(err)
	}
	var small []hard
	for _, h := range hardCases {
		if len(h.values) < 1000 {
			small = append(small, h)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := hardCharts[rapid.IntRange(0, len(hardCharts)-1).Draw(t, "chart")]
		if c.name == "sparkline" {
			return
		}
		h := small[rapid.IntRange(0, len(small)-1).Draw(t, "case")]
		scale := rapid.SampledFrom([]float32{1, 1.25, 1.5, 2}).Draw(t, "scale")
		look := light(rapid.IntRange(20, 900).Draw(t, "width"), rapid.IntRange(15, 500).Draw(t, "height"), scale)
		for range rapid.IntRange(0, 30).Draw(t, "occasions") {
			look.Occasions = append(look.Occasions, app.Occasion{Date: day("2026-10-24") + app.Day(rapid.IntRange(0, 29).Draw(t, "day"))})
		}
		on := &ledger{font: font}
		look.on = on
		c.draw(look, h)
		w, high := look.pixels()
		for i, a := range on.words {
			if !a.at.In(image.Rect(-1, -1, w+1, high+1)) {
				t.Fatalf("%s, %s at %d×%d: %q is cut: %v", c.name, h.name, w, high, a.words, a.at)
			}
			for _, b := range on.words[:i] {
				if over := a.at.Intersect(b.at); over.Dx() > 1 && over.Dy() > 1 {
					t.Fatalf("%s, %s at %d×%d: %q lies on %q: %v", c.name, h.name, w, high, a.words, b.words, over)
				}
			}
		}
	})
}

// TestPixelsAreWhole: at the scales screens have, a grid line is as thick everywhere
// and of its own colour; nothing of it is half a pixel.
func TestPixelsAreWhole(t *testing.T) {
	for _, scale := range []float32{1, 1.25, 1.5, 2} {
		s := app.Series{First: 100, Values: make([]uint32, 30)}
		s.Values[15] = app.Missing
		p := Growth(light(333, 177, scale), s, 100, 129, russian)
		x := int(dayX(p, 15, 30) * scale) // the gap: grid and ground alone
		thick := map[int]int{}
		run := 0
		for y := int(p.Plot.Top*scale) - 2; y < p.Image.Bounds().Dy(); y++ {
			switch c := color.NRGBAModel.Convert(p.Image.At(x, y)); {
			case c == Light().Grid:
				run++
			case c != white && y <= int(p.Plot.Bottom*scale):
				t.Fatalf("scale %v: a pixel of %v at %d, %d", scale, c, x, y)
			case run > 0:
				thick[run]++
				run = 0
			}
		}
		if len(thick) != 1 {
			t.Errorf("scale %v: lines of the grid are %v pixels thick", scale, thick)
		}
		hours := Heat(light(333, 177, scale), heat(), russian)
		for y := int(hours.Plot.Top * scale); y < int(hours.Plot.Bottom*scale); y++ {
			shades := map[color.Color]bool{}
			for x := int(hours.Plot.Left * scale); x < int(hours.Plot.Right*scale); x++ {
				shades[hours.Image.At(x, y)] = true
			}
			if len(shades) > 25 {
				t.Fatalf("scale %v: %d shades in row %d of 24 cells", scale, len(shades), y)
			}
		}
	}
}
