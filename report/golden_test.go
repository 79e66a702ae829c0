package report

import (
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"otklik/app"
)

var update = flag.Bool("update", false, "rewrite the golden pictures")

// Pictures are looked at beside the drawings before they become golden.
var gallery = []struct {
	name string
	draw func(look func(w, h int, scale float32) Look, scale float32) image.Image
}{
	{"growth", func(look func(w, h int, scale float32) Look, scale float32) image.Image {
		s := counts("2026-08-26", 90, 48_850, 11, 40, 41, 42, 43, 60, 62)
		return Growth(look(306, 130, scale), s, s.First, s.First+89, russian).Image
	}},
	{"growth-long", func(look func(w, h int, scale float32) Look, scale float32) image.Image {
		s := counts("2024-11-24", 730, 41_000, 12, 300, 301, 302, 303, 304, 305, 306, 307)
		return Growth(look(620, 260, scale), s, s.First, s.First+729, russian).Image
	}},
	{"networks", func(look func(w, h int, scale float32) Look, scale float32) image.Image {
		return Networks(look(600, 205, scale), networks(31, 12, 13), day("2026-10-24"), russian).Image
	}},
	{"networks-narrow", func(look func(w, h int, scale float32) Look, scale float32) image.Image {
		return Networks(look(280, 205, scale), networks(31), day("2026-10-24"), russian).Image
	}},
	{"responses", func(look func(w, h int, scale float32) Look, scale float32) image.Image {
		return Responses(look(450, 205, scale), responses("2026-10-24", 31, 8, 9, 11, 20),
			4*time.Hour+30*time.Minute, russian).Image
	}},
	{"heat", func(look func(w, h int, scale float32) Look, scale float32) image.Image {
		return Heat(look(436, 174, scale), heat(), russian).Image
	}},
	{"nodata", func(look func(w, h int, scale float32) Look, scale float32) image.Image {
		return Growth(look(300, 100, scale), app.Series{}, 0, 30, russian).Image
	}},
	{"sparklines", func(look func(w, h int, scale float32) Look, scale float32) image.Image {
		rows := []app.Series{
			counts("2026-08-26", 90, 10_000, 8), counts("2026-08-26", 90, 10_000, -8),
			counts("2026-08-26", 90, 10_000, 5, 30, 31, 32, 33, 34, 60, 62, 63, 64), counts("2026-08-26", 90, 500, 0),
		}
		one := look(70, 22, scale)
		first := Sparkline(one, rows[0])
		step := first.Bounds().Dy()
		all := image.NewRGBA(image.Rect(0, 0, first.Bounds().Dx(), step*len(rows)))
		for i, s := range rows {
			draw.Draw(all, image.Rect(0, i*step, all.Rect.Max.X, (i+1)*step), Sparkline(one, s), image.Point{}, draw.Src)
		}
		return all
	}},
}

func TestGolden(t *testing.T) {
	for _, c := range gallery {
		for _, v := range []struct {
			name  string
			look  func(w, h int, scale float32) Look
			scale float32
		}{{"light", light, 1}, {"light@2", light, 2}, {"dark", dark, 1}, {"dark@2", dark, 2}} {
			name := c.name + "-" + v.name
			t.Run(name, func(t *testing.T) {
				got := c.draw(v.look, v.scale)
				file := filepath.Join("testdata", name+".png")
				if *update {
					save(t, file, got)
				}
				compare(t, file, got)
			})
		}
	}
}

func save(t *testing.T, file string, img image.Image) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// compare allows what rounding on another processor may change: a shade on
// every pixel, more on one in five hundred.
func compare(t *testing.T, file string, got image.Image) {
	t.Helper()
	compareWithin(t, file, got, got.Bounds())
}

func compareWithin(t *testing.T, file string, got image.Image, b image.Rectangle) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("size %v, golden %v", got.Bounds(), want.Bounds())
	}
	off := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := got.At(x, y).RGBA()
			r2, g2, bl2, a2 := want.At(x, y).RGBA()
			if far(r, r2) || far(g, g2) || far(bl, bl2) || far(a, a2) {
				off++
			}
		}
	}
	if off*500 > b.Dx()*b.Dy() {
		t.Errorf("%d of %d pixels differ from the golden picture", off, b.Dx()*b.Dy())
	}
}

func far(a, b uint32) bool { return max(a, b)-min(a, b) > 0x0600 }
