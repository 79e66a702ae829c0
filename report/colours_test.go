package report

import (
	"image/color"
	"math"
	"testing"

	"otklik/app"
)

// Viénot, Brettel and Mollon 1999: what is left of linear red, green and blue without
// the cones for green (deuteranopia) or for red (protanopia).
var blindness = map[string][2][3]float64{
	"deuteranopia": {{0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
	"protanopia":   {{0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
}

// seen is the colour in linear parts as such an eye has it: red and green are one.
func seen(c color.NRGBA, eye [2][3]float64) [3]float64 {
	part := func(v uint8) float64 { return math.Pow(float64(v)/255, 2.2) }
	in := [3]float64{part(c.R), part(c.G), part(c.B)}
	var out [2]float64
	for i, row := range eye {
		for k, v := range in {
			out[i] += row[k] * v
		}
	}
	return [3]float64{out[0], out[0], out[1]}
}

// apart says whether they differ in lightness or in blue, which is all that is left.
func apart(a, b [3]float64) bool {
	light := func(c [3]float64) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] + 0.05 }
	x, y := light(a), light(b)
	return max(x, y)/min(x, y) >= 1.25 || math.Abs(a[2]-b[2]) >= 0.15
}

// TestLayersStandApart: layers that may lie on one another differ to eyes without red
// or green, or else the ground shows between them.
func TestLayersStandApart(t *testing.T) {
	for theme, look := range map[string]func(w, h int, scale float32) Look{"light": light, "dark": dark, "contrast": contrasting} {
		for eye, matrix := range blindness {
			for i, a := range app.Sources {
				for _, b := range app.Sources[:i] {
					l := look(200, 200, 1)
					if apart(seen(l.Palette.Network(a), matrix), seen(l.Palette.Network(b), matrix)) {
						continue
					}
					days := []int64{100, 100, 100}
					p := Networks(l, []app.NetworkSeries{{Network: b, Days: days}, {Network: a, Days: days}}, 10, russian)
					if !parted(p, l.Background) {
						t.Errorf("%s, %s: %s on %s look alike and nothing parts them", theme, eye, a, b)
					}
				}
			}
		}
	}
}

// parted says whether the middle column of the plot comes back near to the ground
// between its two layers.
func parted(p Picture, ground color.NRGBA) bool {
	x := int(p.Plot.Left+p.Plot.Right) / 2
	at, _ := p.Next(Hover{}, 1, 0)
	at, _ = p.Next(at, 0, 1)
	middle := int(at.Y) // the top of the lower layer
	inside := contrast(color.NRGBAModel.Convert(p.Image.At(x, middle+8)).(color.NRGBA), ground)
	least := inside
	for y := middle - 3; y <= middle+3; y++ {
		least = min(least, contrast(color.NRGBAModel.Convert(p.Image.At(x, y)).(color.NRGBA), ground))
	}
	return least < 1+(inside-1)*0.6
}
