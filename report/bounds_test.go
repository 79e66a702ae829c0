package report

import (
	"image"
	"image/color"
	"math"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"otklik/app"
)

// drawAll draws every chart of the data in the look, and asks each what lies
// under a pointer, so that a panic anywhere shows.
func drawAll(look Look, s app.Series, from, to app.Day, nets []app.NetworkSeries,
	daily []app.StepFigures, goal time.Duration, counts [7][24]int, labels Labels,
) []image.Image {
	out := []image.Image{Sparkline(look, s)}
	for _, p := range []Picture{
		Growth(look, s, from, to, labels), Networks(look, nets, from, labels),
		Responses(look, daily, goal, labels), Heat(look, counts, labels),
	} {
		for _, x := range []float32{-1, 0, 7, float32(look.Width) / 2, float32(look.Width)} {
			h, ok := p.At(x, float32(look.Height)/2)
			for range 3 {
				if ok && (math.IsNaN(float64(h.X)) || math.IsNaN(float64(h.Y))) {
					panic("a marker nowhere")
				}
				p.DayAt(h.X)
				p.MarksAt(h)
				h, ok = p.Next(h, 1, 1)
			}
		}
		out = append(out, p.Image)
	}
	return out
}

func TestNothingPanics(t *testing.T) {
	count := rapid.OneOf(rapid.Just(app.Missing), rapid.Just(uint32(0)), rapid.Uint32Range(1, 50),
		rapid.Uint32Range(49_000, 49_100), rapid.Just(app.Missing-1))
	total := rapid.OneOf(rapid.Just(int64(-1)), rapid.Just(int64(0)), rapid.Int64Range(1, 2_000_000), rapid.Just(int64(1)<<40))
	stretch := rapid.OneOf(rapid.Just(time.Duration(0)), rapid.Just(time.Second),
		rapid.Map(rapid.Int64Range(0, 500_000), func(s int64) time.Duration { return time.Duration(s) * time.Second }),
		rapid.Just(20*365*24*time.Hour))
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(-3, 240).Draw(t, "width"), rapid.IntRange(-3, 160).Draw(t, "height")
		look := Look{Width: w, Height: h, Scale: rapid.SampledFrom([]float32{0, 0.5, 1, 1.25, 2, -1, float32(math.NaN())}).Draw(t, "scale"), Palette: Light()}
		look.Hidden = Hidden(rapid.Uint64Range(0, 1023).Draw(t, "hidden"))
		s := app.Series{
			First:  app.Day(rapid.Int32Range(-800_000, 800_000).Draw(t, "first")),
			Values: rapid.SliceOfN(count, 0, 400).Draw(t, "values"),
		}
		from := s.First + app.Day(rapid.IntRange(-40, 40).Draw(t, "from"))
		to := from + app.Day(rapid.SampledFrom([]int{-5, 0, 1, 2, 30, 90, 400, 4000, 3_000_000}).Draw(t, "days"))
		for i := range rapid.IntRange(0, 9).Draw(t, "occasions") {
			look.Occasions = append(look.Occasions, app.Occasion{Date: from + app.Day(3*i), Name: "День города"})
		}
		look.Unfinished = rapid.SampledFrom([]app.Day{0, from, from + 3, to}).Draw(t, "unfinished")
		var nets []app.NetworkSeries
		for i := range rapid.IntRange(0, 9).Draw(t, "networks") {
			nets = append(nets, app.NetworkSeries{
				Network: app.Sources[i%len(app.Sources)],
				Days:    rapid.SliceOfN(total, 0, 60).Draw(t, "totals"),
			})
		}
		daily := make([]app.StepFigures, rapid.IntRange(0, 60).Draw(t, "answers"))
		for i := range daily {
			day := from + app.Day(i+i/7)
			daily[i] = app.StepFigures{Partial: rapid.Bool().Draw(t, "partial"), Tally: app.Tally{Period: app.Period{From: day, To: day}, Response: app.Summary{
				N: rapid.IntRange(0, 2).Draw(t, "n"), Median: stretch.Draw(t, "median"),
				P10: stretch.Draw(t, "p10"), P90: stretch.Draw(t, "p90"),
			}}}
		}
		var heat [7][24]int
		heat[rapid.IntRange(0, 6).Draw(t, "weekday")][rapid.IntRange(0, 23).Draw(t, "hour")] = rapid.IntRange(0, 1<<40).Draw(t, "appeals")
		labels := rapid.SampledFrom([]Labels{russian, {}}).Draw(t, "labels")
		wide, high := look.pixels()
		for i, img := range drawAll(look, s, from, to, nets, daily, stretch.Draw(t, "goal"), heat, labels) {
			if img.Bounds() != image.Rect(0, 0, wide, high) {
				t.Fatalf("picture %d is %v", i, img.Bounds())
			}
		}
	})
}

func TestScaleTwoIsExactlyTwice(t *testing.T) {
	all := func(scale float32) []image.Image {
		s := counts("2026-08-26", 90, 49_000, 10)
		return drawAll(light(333, 177, scale), s, s.First, s.First+89, networks(31),
			responses("2026-10-24", 31), 4*time.Hour, heat(), russian)
	}
	one, two := all(1), all(2)
	for i := range one {
		a, b := one[i].Bounds(), two[i].Bounds()
		if b.Dx() != 2*a.Dx() || b.Dy() != 2*a.Dy() {
			t.Errorf("picture %d: %v and %v", i, a, b)
		}
		// Crisp: the share of pixels that are neither pure background nor pure
		// ink falls with the scale; a picture blown up would keep it.
		if i > 0 && blurred(two[i])*1.3 > blurred(one[i]) {
			t.Errorf("picture %d: %.4f of pixels between colours at scale 2, %.4f at 1", i, blurred(two[i]), blurred(one[i]))
		}
	}
}

// blurred is the share of pixels unlike both neighbours in their row.
func blurred(img image.Image) float64 {
	b, n := img.Bounds(), 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X + 1; x < b.Max.X-1; x++ {
			if img.At(x, y) != img.At(x-1, y) && img.At(x, y) != img.At(x+1, y) {
				n++
			}
		}
	}
	return float64(n) / float64(b.Dx()*b.Dy())
}

func TestBackgroundIsTransparent(t *testing.T) {
	look := Look{Width: 300, Height: 150, Scale: 1, Palette: Dark()}
	s := counts("2026-08-26", 90, 49_000, 10)
	for i, img := range drawAll(look, s, s.First, s.First+89, networks(31), responses("2026-10-24", 31), 0, heat(), russian) {
		if _, _, _, a := img.At(299, 149).RGBA(); a != 0 {
			t.Errorf("picture %d covers the card", i)
		}
	}
}

func TestSpikesSurviveThinning(t *testing.T) {
	s := app.Series{First: 0, Values: make([]uint32, 20_000)}
	for i := range s.Values {
		s.Values[i] = 1000
	}
	s.Values[13_337] = 2000
	p := Growth(light(300, 150, 1), s, 0, 19_999, russian)
	h, _ := p.At(dayX(p, 13_337, 20_000), 20)
	found := false
	for x := -1; x <= 1; x++ {
		found = found || inked(p.Image, h.X+float32(x), p.Plot.Top+(p.Plot.Bottom-p.Plot.Top)/2)
	}
	if !found {
		t.Error("a spike of one day is lost")
	}
	if got := thin(20_000, 100, scanSeries(s.Values)); len(got) != 1 || len(got[0]) > 4*100 {
		t.Errorf("%d points kept of 20000 for 100 columns, in %d stretches", len(got[0]), len(got))
	}
}

func TestChartsInManyGoroutines(t *testing.T) {
	var wg sync.WaitGroup
	s := counts("2026-08-26", 90, 49_000, 10)
	for range 4 {
		wg.Go(func() {
			drawAll(light(120, 90, 1), s, s.First, s.First+89, networks(5), responses("2026-10-24", 5), 0, heat(), russian)
		})
	}
	wg.Wait()
}

func TestColoursStandOut(t *testing.T) {
	for name, c := range map[string]struct {
		back    color.NRGBA
		palette Palette
	}{"light": {white, Light()}, "dark": {night, Dark()}} {
		p := c.palette
		for what, text := range map[string]color.NRGBA{"ink": p.Ink, "text": p.Text, "goal": p.Goal} {
			if got := contrast(text, c.back); got < 4.5 {
				t.Errorf("%s: %s has a contrast of %.2f", name, what, got)
			}
		}
		marks := map[string]color.NRGBA{"accent": p.Accent, "falling": p.Falling, "busiest": p.HeatHigh}
		for _, s := range app.Sources {
			if _, ok := p.Networks[s]; !ok {
				t.Errorf("%s: no colour for %s", name, s)
			}
			marks[string(s)] = p.Network(s)
		}
		for what, mark := range marks {
			if got := contrast(mark, c.back); got < 3 {
				t.Errorf("%s: %s has a contrast of %.2f", name, what, got)
			}
		}
	}
}

// contrast as WCAG 2 defines it.
func contrast(a, b color.NRGBA) float64 {
	light := func(c color.NRGBA) float64 {
		part := func(v uint8) float64 {
			x := float64(v) / 255
			if x <= 0.04045 {
				return x / 12.92
			}
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B) + 0.05
	}
	x, y := light(a), light(b)
	return max(x, y) / min(x, y)
}
