package report

import (
	"image"
	"image/color"
	"math"
	"testing"
	"time"

	"otklik/app"
)

// dayX is where a day stands, from the plot's edges alone.
func dayX(p Picture, i, n int) float32 {
	return p.Plot.Left + float32(i)/float32(n-1)*(p.Plot.Right-p.Plot.Left)
}

func near(a, b float32) bool { return math.Abs(float64(a-b)) < 0.02 }

func TestGrowthUnderThePointer(t *testing.T) {
	s := app.Series{First: 20_000, Values: []uint32{100, 110, app.Missing, 150, 145, 200, 190, 210, 205, 220, 230}}
	for _, scale := range []float32{1, 2} {
		p := Growth(light(400, 200, scale), s, s.First, s.First+10, russian)
		for _, c := range []struct {
			x        float32 // in days from the left edge
			day      int
			value    int64
			delta    int64
			hasDelta bool
		}{
			{0, 0, 100, 0, false},
			{0.4, 0, 100, 0, false},
			{0.6, 1, 110, 10, true},
			{1.9, 1, 110, 10, true},
			{2.1, 3, 150, 0, false},
			{4.2, 4, 145, -5, true},
			{10, 10, 230, 10, true},
		} {
			x := p.Plot.Left + c.x/10*(p.Plot.Right-p.Plot.Left)
			h, ok := p.At(x, 100)
			if !ok || h.Day != s.First+app.Day(c.day) || len(h.Values) != 1 {
				t.Fatalf("scale %v, %v days: %+v %v", scale, c.x, h, ok)
			}
			v := h.Values[0]
			if v.Value != c.value || v.Delta != c.delta || v.HasDelta != c.hasDelta {
				t.Errorf("%v days: %+v, want %+v", c.x, v, c)
			}
			if !near(h.X, dayX(p, c.day, 11)) {
				t.Errorf("%v days: marker at %v, want %v", c.x, h.X, dayX(p, c.day, 11))
			}
			if !inked(p.Image, h.X*scale, h.Y*scale) {
				t.Errorf("scale %v, day %d: the marker is not on the line", scale, c.day)
			}
		}
		if _, ok := p.At(200, p.Plot.Bottom+40); ok {
			t.Error("a value far below the plot")
		}
		if _, ok := p.At(0, 100); ok {
			t.Error("a value among the words of the axis")
		}
	}
}

// inked says whether a pixel at the place, or beside it, is nearer to the
// colour of lines than to the background.
func inked(img image.Image, x, y float32) bool {
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			c := color.NRGBAModel.Convert(img.At(int(x)+dx, int(y)+dy)).(color.NRGBA)
			if c.R < 0xa0 && c.B > c.R+32 {
				return true
			}
		}
	}
	return false
}

func TestNetworksUnderThePointer(t *testing.T) {
	nets := []app.NetworkSeries{
		{Network: app.SourceVK, Days: []int64{600, 610, -1, 640, 650}},
		{Network: app.SourceOK, Days: []int64{300, 290, -1, 310, 350}},
	}
	p := Networks(light(400, 240, 1), nets, 100, russian)
	h, ok := p.At(dayX(p, 1, 5)+2, p.Plot.Top+3)
	if !ok || h.Day != 101 || len(h.Values) != 2 {
		t.Fatalf("%+v %v", h, ok)
	}
	if h.Values[0] != (HoverValue{app.SourceVK, 610, 10, true}) || h.Values[1] != (HoverValue{app.SourceOK, 290, -10, true}) {
		t.Errorf("values %+v", h.Values)
	}
	// The total is 900; the highest, 1000, is a round value and the upper edge.
	want := p.Plot.Bottom - 0.9*(p.Plot.Bottom-p.Plot.Top)
	if !near(h.Y, want) || !near(h.X, dayX(p, 1, 5)) {
		t.Errorf("marker %v, %v; want %v, %v", h.X, h.Y, dayX(p, 1, 5), want)
	}
	if h, _ := p.At(dayX(p, 3, 5), 50); h.Day != 103 || h.Values[0].HasDelta {
		t.Errorf("after a gap: %+v", h)
	}
}

func TestResponsesUnderThePointer(t *testing.T) {
	daily := responses("2026-10-24", 11, 4)
	p := Responses(light(400, 240, 2), daily, 4*time.Hour+30*time.Minute, russian)
	h, ok := p.At(dayX(p, 7, 11), 20)
	if !ok || h.Response != daily[7].Response || h.Day != daily[7].Period.From {
		t.Fatalf("%+v %v", h, ok)
	}
	// p90 stays below 12 hours, which is the upper edge.
	want := p.Plot.Bottom - float32(daily[7].Response.Median.Hours()/12)*(p.Plot.Bottom-p.Plot.Top)
	if !near(h.Y, want) {
		t.Errorf("marker at %v, want %v", h.Y, want)
	}
	if h, _ := p.At(dayX(p, 4, 11)+1, 20); h.Day != daily[5].Period.From {
		t.Errorf("in the gap: %v, want the nearest known day", h.Day)
	}
}

func TestHeatUnderThePointer(t *testing.T) {
	var counts [7][24]int
	counts[2][13], counts[6][23] = 40, 10
	p := Heat(light(436, 174, 2), counts, russian)
	w, h := (p.Plot.Right-p.Plot.Left)/24, (p.Plot.Bottom-p.Plot.Top)/7
	for _, c := range []struct{ day, hour, n int }{{2, 13, 40}, {6, 23, 10}, {0, 0, 0}} {
		x, y := p.Plot.Left+(float32(c.hour)+0.3)*w, p.Plot.Top+(float32(c.day)+0.7)*h
		got, ok := p.At(x, y)
		if !ok || got.Weekday != c.day || got.Hour != c.hour || got.Values[0].Value != int64(c.n) {
			t.Errorf("%+v: %+v %v", c, got, ok)
		}
	}
	if got := pixel(p, p.Plot.Left+13.5*w, p.Plot.Top+2.5*h); got != Light().HeatHigh {
		t.Errorf("the busiest hour is %v", got)
	}
	if got := pixel(p, p.Plot.Left+3.5*w, p.Plot.Top+2.5*h); got != Light().HeatLow {
		t.Errorf("an hour without appeals is %v", got)
	}
}

// pixel gives the colour at a place in points, for pictures at scale 2.
func pixel(p Picture, x, y float32) color.NRGBA {
	return color.NRGBAModel.Convert(p.Image.At(int(x*2), int(y*2))).(color.NRGBA)
}

// only says whether nothing but background and grid stands in the column.
func only(t *testing.T, p Picture, x float32, scale float32) bool {
	t.Helper()
	for y := p.Plot.Top * scale; y < p.Plot.Bottom*scale; y++ {
		c := color.NRGBAModel.Convert(p.Image.At(int(x*scale), int(y))).(color.NRGBA)
		if c != white && c != Light().Grid {
			return false
		}
	}
	return true
}

func TestGapsStayEmpty(t *testing.T) {
	const n = 31
	mid := func(p Picture) float32 { return (dayX(p, 14, n) + dayX(p, 16, n)) / 2 }
	whole, broken := counts("2026-10-24", n, 1000, 5), counts("2026-10-24", n, 1000, 5, 14, 15, 16)
	nets, brokenNets := networks(n), networks(n, 14, 15, 16)
	answers, brokenAnswers := responses("2026-10-24", n), responses("2026-10-24", n, 14, 15, 16)
	// Days that are not even listed are a gap as well.
	unlisted := append(append([]app.StepFigures{}, answers[:14]...), answers[17:]...)
	look := light(500, 240, 1)
	for name, c := range map[string]struct{ whole, broken Picture }{
		"growth": {
			Growth(look, whole, whole.First, whole.First+n-1, russian),
			Growth(look, broken, whole.First, whole.First+n-1, russian),
		},
		"networks": {Networks(look, nets, 0, russian), Networks(look, brokenNets, 0, russian)},
		"responses": {
			Responses(look, answers, 0, russian), Responses(look, brokenAnswers, 0, russian),
		},
		"unlisted": {
			Responses(look, answers, 0, russian), Responses(look, unlisted, 0, russian),
		},
	} {
		if only(t, c.whole, mid(c.whole), 1) {
			t.Errorf("%s: nothing is drawn where all days are known", name)
		}
		if !only(t, c.broken, mid(c.broken), 1) {
			t.Errorf("%s: something is drawn in the gap", name)
		}
	}
	gap := Sparkline(look, broken)
	for y := range gap.Bounds().Dy() {
		if c := color.NRGBAModel.Convert(gap.At(gap.Bounds().Dx()/2, y)); c != white {
			t.Fatalf("sparkline: %v in the gap", c)
		}
	}
}

func TestLoneDaysShow(t *testing.T) {
	s := app.Series{First: 10, Values: []uint32{app.Missing, app.Missing, 500, app.Missing, app.Missing}}
	p := Growth(light(300, 150, 1), s, 10, 14, russian)
	h, ok := p.At(150, 50)
	if !ok || h.Day != 12 || !inked(p.Image, h.X, h.Y) {
		t.Errorf("a lone day: %+v %v", h, ok)
	}
	nets := []app.NetworkSeries{{Network: app.SourceVK, Days: []int64{-1, 500, -1}}}
	q := Networks(light(300, 150, 1), nets, 10, russian)
	if only(t, q, dayX(q, 1, 3), 1) {
		t.Error("a lone day of networks does not show")
	}
}

func TestNoData(t *testing.T) {
	empty := app.Series{First: 5, Values: []uint32{app.Missing, app.Missing}}
	zero := app.Series{First: 5, Values: []uint32{0, 0}}
	look := light(300, 120, 1)
	for name, p := range map[string]Picture{
		"no series":       Growth(look, app.Series{}, 0, 30, russian),
		"only gaps":       Growth(look, empty, 5, 6, russian),
		"only zeros":      Growth(look, zero, 5, 6, russian),
		"other days":      Growth(look, counts("2026-01-01", 10, 100, 1), 5, 6, russian),
		"days reversed":   Growth(look, counts("2026-01-01", 10, 100, 1), day("2026-01-09"), day("2026-01-02"), russian),
		"no networks":     Networks(look, nil, 0, russian),
		"empty network":   Networks(look, []app.NetworkSeries{{Network: app.SourceVK}}, 0, russian),
		"networks' gaps":  Networks(look, []app.NetworkSeries{{Network: app.SourceVK, Days: []int64{-1}}}, 0, russian),
		"networks' zeros": Networks(look, []app.NetworkSeries{{Network: app.SourceVK, Days: []int64{0, 0}}}, 0, russian),
		"no days":         Responses(look, nil, time.Hour, russian),
		"no answers":      Responses(look, make([]app.StepFigures, 9), time.Hour, russian),
		"no appeals":      Heat(look, [7][24]int{}, russian),
	} {
		if _, ok := p.At(150, 60); ok || p.Plot != (Rect{}) {
			t.Errorf("%s: there is something under the pointer", name)
		}
		marks, text := 0, Light().Text
		for y := 40; y < 80; y++ {
			for x := 90; x < 210; x++ {
				if p.Image.At(x, y) == (color.RGBA{text.R, text.G, text.B, 255}) {
					marks++
				}
			}
		}
		if marks < 50 {
			t.Errorf("%s: «нет данных» is not written in the middle (%d pixels of its colour)", name, marks)
		}
	}
}
