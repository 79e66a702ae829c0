package report

import (
	"image"
	"image/color"
	"math"
	"reflect"
	"slices"
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
			x   float32 // in days from the left edge
			day int
		}{{0, 0}, {0.4, 0}, {0.6, 1}, {1.9, 1}, {2.1, 3}, {4.2, 4}, {10, 10}} {
			x := p.Plot.Left + c.x/10*(p.Plot.Right-p.Plot.Left)
			h, ok := p.At(x, 100)
			if !ok || h.Point != c.day || h.Series != 0 {
				t.Fatalf("scale %v, %v days: %+v %v", scale, c.x, h, ok)
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
	// The total is 900; the highest, 1000, is a round value and the upper edge.
	level := func(sum float32) float32 { return p.Plot.Bottom - sum/1000*(p.Plot.Bottom-p.Plot.Top) }
	for _, c := range []struct {
		y      float32
		series int
		top    float32
	}{{level(1000), 1, 900}, {level(800), 1, 900}, {level(600), 0, 610}, {level(5), 0, 610}} {
		h, ok := p.At(dayX(p, 1, 5)+2, c.y)
		if !ok || h.Point != 1 || h.Series != c.series || !near(h.X, dayX(p, 1, 5)) || !near(h.Y, level(c.top)) {
			t.Errorf("%+v: %+v %v", c, h, ok)
		}
	}
	if h, _ := p.At(dayX(p, 2, 5)+1, 50); h.Point != 3 {
		t.Errorf("in the gap: %+v", h)
	}
}

func TestResponsesUnderThePointer(t *testing.T) {
	daily := responses("2026-10-24", 11, 4)
	p := Responses(light(400, 240, 2), daily, 4*time.Hour+30*time.Minute, russian)
	h, ok := p.At(dayX(p, 7, 11), 20)
	if !ok || h.Point != 7 || h.Series != SeriesBand {
		t.Fatalf("%+v %v", h, ok)
	}
	// p90 stays below 12 hours, which is the upper edge.
	for _, want := range []struct {
		series int
		time   time.Duration
	}{
		{SeriesBand, daily[7].Response.P90},
		{SeriesMean, daily[7].Response.Mean},
		{SeriesMedian, daily[7].Response.Median},
	} {
		y := p.Plot.Bottom - float32(want.time.Hours()/12)*(p.Plot.Bottom-p.Plot.Top)
		if h, ok := p.At(dayX(p, 7, 11), y); !ok || h.Series != want.series || !near(h.Y, y) {
			t.Errorf("marker %+v, want %v at %v", h, want, y)
		}
	}
	if h, _ := p.At(dayX(p, 4, 11)+1, 20); h.Point != 5 {
		t.Errorf("in the gap: %v, want the nearest known day", h.Point)
	}
}

func TestHeatUnderThePointer(t *testing.T) {
	var counts [7][24]int
	counts[2][13], counts[6][23] = 40, 10
	p := Heat(light(436, 174, 2), counts, russian)
	w, h := (p.Plot.Right-p.Plot.Left)/24, (p.Plot.Bottom-p.Plot.Top)/7
	for _, c := range []struct{ day, hour int }{{2, 13}, {6, 23}, {0, 0}} {
		x, y := p.Plot.Left+(float32(c.hour)+0.3)*w, p.Plot.Top+(float32(c.day)+0.7)*h
		got, ok := p.At(x, y)
		if !ok || got.Series != c.day || got.Point != c.hour {
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
	if !ok || h.Point != 2 || !inked(p.Image, h.X, h.Y) {
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
	look := light(300, 120, 1)
	for name, p := range map[string]Picture{
		"no series":      Growth(look, app.Series{}, 0, 30, russian),
		"only gaps":      Growth(look, empty, 5, 6, russian),
		"other days":     Growth(look, counts("2026-01-01", 10, 100, 1), 5, 6, russian),
		"days reversed":  Growth(look, counts("2026-01-01", 10, 100, 1), day("2026-01-09"), day("2026-01-02"), russian),
		"no networks":    Networks(look, nil, 0, russian),
		"empty network":  Networks(look, []app.NetworkSeries{{Network: app.SourceVK}}, 0, russian),
		"networks' gaps": Networks(look, []app.NetworkSeries{{Network: app.SourceVK, Days: []int64{-1}}}, 0, russian),
		"no days":        Responses(look, nil, time.Hour, russian),
		"no answers":     Responses(look, make([]app.StepFigures, 9), time.Hour, russian),
		"no appeals":     Heat(look, [7][24]int{}, russian),
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

func TestZeroIsNotMissing(t *testing.T) {
	look := light(300, 120, 1)
	answered := responses("2026-10-24", 2)
	for i := range answered {
		answered[i].Response = app.Summary{N: 1}
	}
	for name, p := range map[string]Picture{
		"growth":    Growth(look, app.Series{First: 5, Values: []uint32{0, 0}}, 5, 6, russian),
		"networks":  Networks(look, []app.NetworkSeries{{Network: app.SourceVK, Days: []int64{0, 0}}}, 5, russian),
		"responses": Responses(look, answered, 0, russian),
	} {
		h, ok := p.At(p.Plot.Right, p.Plot.Bottom)
		if !ok || h.Point != 1 || h.Y != p.Plot.Bottom {
			t.Errorf("%s: %+v %v", name, h, ok)
		}
	}
}

func TestKeysWalkTheValues(t *testing.T) {
	look := light(400, 240, 1)
	nets := networks(5, 2)
	p := Networks(look, nets, 100, russian)
	at := func(h Hover) [2]int { return [2]int{h.Point, h.Series} }
	first, ok := p.Next(Hover{}, 1, 0)
	if !ok || at(first) != [2]int{0, 3} {
		t.Fatalf("the first: %+v %v", first, ok)
	}
	last, _ := p.Next(Hover{}, -1, 0)
	for _, c := range []struct {
		from   Hover
		dx, dy int
		want   [2]int
		moved  bool
	}{
		{first, 0, 1, [2]int{0, 2}, true},
		{first, 0, -1, [2]int{0, 3}, false},
		{first, 0, 9, [2]int{0, 0}, true},
		{first, 1, 0, [2]int{1, 3}, true},
		{first, 2, 0, [2]int{3, 3}, true}, // over the gap
		{first, 10, 0, [2]int{4, 3}, true},
		{first, -1, 0, [2]int{0, 3}, false},
		{last, 1, 0, [2]int{4, 3}, false},
		{Hover{X: 1, Point: 77}, 1, 0, [2]int{0, 3}, true}, // of other data
	} {
		h, moved := p.Next(c.from, c.dx, c.dy)
		if at(h) != c.want || moved != c.moved {
			t.Errorf("%v by %d, %d: %v %v, want %v %v", at(c.from), c.dx, c.dy, at(h), moved, c.want, c.moved)
		}
	}
	hours := Heat(look, heat(), russian)
	one, _ := hours.Next(Hover{}, 1, 0)
	if h, ok := hours.Next(one, 5, 3); !ok || at(h) != [2]int{5, 3} {
		t.Errorf("hours: %+v %v", h, ok)
	}
	if h, ok := hours.Next(one, -1, 0); ok || h != one {
		t.Errorf("before the first hour: %+v", h)
	}
}

func TestLegendSwitchesSeriesOff(t *testing.T) {
	look := light(600, 205, 1)
	nets := networks(31)
	all := Networks(look, nets, 100, russian)
	if len(all.Legend) != len(nets) {
		t.Fatalf("%d entries", len(all.Legend))
	}
	look.Hidden = look.Hidden.Toggle(0).Toggle(2)
	some := Networks(look, nets, 100, russian)
	for k, e := range some.Legend {
		if e.Series != k {
			t.Errorf("the legend has lost what is switched off: %v", some.Legend)
		}
	}
	// What is left is stacked anew, from zero.
	h, _ := some.At(some.Plot.Right, some.Plot.Bottom-2)
	if h.Series != 1 {
		t.Errorf("the lowest layer is %d", h.Series)
	}
	if h, _ := some.Next(h, 0, -5); h.Series != 3 {
		t.Errorf("the uppermost layer is %d", h.Series)
	}
	look.Hidden = 15
	none := Networks(look, nets, 100, russian)
	if _, ok := none.At(300, 90); ok || len(none.Legend) != 4 {
		t.Error("with all switched off there must be a legend and no value")
	}
	look = light(450, 205, 1)
	look.Hidden = look.Hidden.Toggle(SeriesBand)
	answers := Responses(look, responses("2026-10-24", 31), 0, russian)
	if h, _ := answers.At(200, answers.Plot.Top); h.Series == SeriesBand {
		t.Error("a band that is switched off is under the pointer")
	}
	if len(answers.Legend) != 3 {
		t.Errorf("legend %v", answers.Legend)
	}
}

func TestDaysUnderThePointer(t *testing.T) {
	s := counts("2026-08-26", 90, 49_000, 10)
	p := Growth(light(400, 200, 2), s, s.First, s.First+89, russian)
	for _, i := range []int{0, 1, 44, 89} {
		if d, ok := p.DayAt(dayX(p, i, 90) + 1); !ok || d != s.First+app.Day(i) {
			t.Errorf("day %d: %v %v", i, d, ok)
		}
	}
	if d, _ := p.DayAt(-50); d != s.First {
		t.Errorf("left of the axis: %v", d)
	}
	if d, _ := p.DayAt(999); d != s.First+89 {
		t.Errorf("right of the axis: %v", d)
	}
	if _, ok := Heat(light(400, 200, 1), heat(), russian).DayAt(100); ok {
		t.Error("hours of the week are no days")
	}
}

func TestOccasionsAreMarked(t *testing.T) {
	s := counts("2026-08-26", 90, 49_000, 10)
	look := light(400, 200, 1)
	look.Occasions = []app.Occasion{
		{Date: s.First + 60, Name: "паводок"},
		{Date: s.First - 1, Name: "до"},
		{Date: s.First + 30, Name: "День города"},
		{Date: s.First + 60, Name: "выборы"},
		{Date: s.First + 90, Name: "после"},
	}
	p := Growth(look, s, s.First, s.First+89, russian)
	var got []string
	for _, m := range p.Marks {
		got = append(got, m.Sign+" "+m.Occasion.Name)
	}
	if want := []string{"1 День города", "2 паводок", "3 выборы"}; !slices.Equal(got, want) {
		t.Fatalf("%q, want %q", got, want)
	}
	x := dayX(p, 30, 90)
	if only(t, p, x, 1) || only(t, p, dayX(p, 60, 90), 1) {
		t.Error("an occasion has no line")
	}
	h, _ := p.At(x, 50)
	if m := p.MarksAt(h); len(m) != 1 || m[0].Sign != "1" {
		t.Errorf("with the value of its day: %v", m)
	}
	h, _ = p.At(dayX(p, 35, 90), 50)
	if m := p.MarksAt(h); len(m) != 0 {
		t.Errorf("five days later: %v", m)
	}
	// Weeks: what happens within one is told with it.
	weeks := responses("2026-10-05", 5)
	for i := range weeks {
		weeks[i].Period = app.Period{From: day("2026-10-05") + app.Day(7*i), To: day("2026-10-11") + app.Day(7*i)}
	}
	look.Occasions = []app.Occasion{{Date: weeks[2].Period.From + 1, Name: "выборы"}}
	q := Responses(look, weeks, 0, russian)
	h, _ = q.At((q.Plot.Left+q.Plot.Right)/2, 50)
	if m := q.MarksAt(h); h.Point != 2 || len(m) != 1 {
		t.Errorf("of the week: %+v %v", h, m)
	}
}

func TestStepsFollowOneAnother(t *testing.T) {
	months := responses("2026-01-01", 4)
	for i, c := range [][2]string{{"2026-01-01", "2026-01-31"}, {"2026-02-01", "2026-02-28"}, {"2026-04-01", "2026-04-30"}, {"2026-05-01", "2026-05-31"}} {
		months[i].Period = app.Period{From: day(c[0]), To: day(c[1])}
	}
	if got, want := unbroken(months, [][]int{{0, 1, 2, 3}}), [][]int{{0, 1}, {2, 3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v: March is not listed", got, want)
	}
}

func TestWhatIsNotOverIsHollow(t *testing.T) {
	look := light(400, 200, 1)
	daily := responses("2026-10-24", 11)
	daily[10].Partial = true
	look.Hidden = look.Hidden.Toggle(SeriesBand).Toggle(SeriesMean)
	open := Responses(look, daily, 0, russian)
	s := counts("2026-10-24", 11, 49_000, 10)
	look.Unfinished = s.First + 10
	for name, p := range map[string]Picture{"responses": open, "growth": Growth(look, s, s.First, s.First+10, russian)} {
		h, _ := p.Next(Hover{}, -1, 0)
		c := color.NRGBAModel.Convert(p.Image.At(int(h.X), int(h.Y))).(color.NRGBA)
		if h.Point != 10 || c != white && c != Light().Grid {
			t.Errorf("%s: the point of a day that is not over is filled: %v at %+v", name, c, h)
		}
	}
}
