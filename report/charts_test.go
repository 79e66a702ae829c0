package report

import (
	"cmp"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"otklik/app"
)

// anyFigures are figures as no store would give them.
func anyFigures(t *rapid.T) figures {
	number := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(-50, 5000), rapid.Float64(),
		rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e99, 1e-300}))
	length := rapid.OneOf(rapid.Just(time.Duration(0)), rapid.Just(-time.Hour), rapid.Just(time.Duration(math.MaxInt64)),
		rapid.Map(rapid.Int64Range(0, 5_000_000), func(s int64) time.Duration { return time.Duration(s) * time.Second }))
	count := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 90), rapid.Just(1<<40))
	name := rapid.SampledFrom([]string{"", "ЖКХ", "Мариинско-Посадский муниципальный округ Чувашской Республики", "W"})
	some := func(v *float64) *float64 {
		if rapid.Bool().Draw(t, "some") {
			return v
		}
		return nil
	}
	sum := func() app.Summary {
		return app.Summary{
			N: count.Draw(t, "n"), Median: length.Draw(t, "median"), Mean: length.Draw(t, "mean"),
			P10: length.Draw(t, "p10"), P90: length.Draw(t, "p90"), Timed: count.Draw(t, "timed"), InTime: count.Draw(t, "in time"),
		}
	}
	d := figures{
		from: app.Day(rapid.Int32Range(-800_000, 800_000).Draw(t, "from")),
		goal: length.Draw(t, "goal"), aim: number.Draw(t, "aim"), all: sum(),
	}
	at := d.from
	for range rapid.IntRange(0, 40).Draw(t, "steps") {
		to := at + app.Day(rapid.SampledFrom([]int{0, 0, 6, 30}).Draw(t, "days"))
		d.steps = append(d.steps, app.StepFigures{Partial: rapid.Bool().Draw(t, "partial"), Tally: app.Tally{
			Period: app.Period{From: at, To: to}, Response: sum(),
			Appeals: count.Draw(t, "new"), Closed: count.Draw(t, "closed"), Backlog: count.Draw(t, "open"),
		}})
		at = to + 1 + app.Day(rapid.SampledFrom([]int{0, 0, 0, 9}).Draw(t, "gap"))
	}
	sums := rapid.OneOf(rapid.Just(int64(-1)), rapid.Just(int64(0)), rapid.Int64Range(1, 1<<40))
	for i := range rapid.IntRange(0, 9).Draw(t, "networks") {
		d.networks = append(d.networks, app.NetworkSeries{
			Network: app.Sources[i%len(app.Sources)], Days: rapid.SliceOfN(sums, 0, 40).Draw(t, "sums"),
		})
	}
	for range rapid.IntRange(0, 30).Draw(t, "bars") {
		before, high := number.Draw(t, "before"), number.Draw(t, "high")
		d.bars = append(d.bars, Bar{
			Name: name.Draw(t, "name"), Value: number.Draw(t, "value"), None: rapid.Bool().Draw(t, "none"),
			Before: some(&before), High: some(&high), Note: name.Draw(t, "note"),
			Tone: rapid.SampledFrom([]Tone{ToneNone, ToneGood, ToneBad}).Draw(t, "tone"),
		})
	}
	place := rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(-100_000, 100_000))
	for range rapid.IntRange(0, 30).Draw(t, "tiles") {
		d.tiles = append(d.tiles, MapTile{
			Name: name.Draw(t, "name"), Short: name.Draw(t, "short"), Value: number.Draw(t, "value"), None: rapid.Bool().Draw(t, "none"),
			Tile: app.Tile{Column: place.Draw(t, "column"), Row: place.Draw(t, "row")},
		})
	}
	for range rapid.IntRange(0, 20).Draw(t, "bins") {
		d.bins = append(d.bins, app.Bin{Lengths: app.Lengths{AtLeast: length.Draw(t, "at least"), Below: length.Draw(t, "below")}, N: count.Draw(t, "n")})
		d.boxes = append(d.boxes, Box{name.Draw(t, "name"), sum()})
		d.curve = append(d.curve, app.Survival{After: length.Draw(t, "after"), Share: number.Draw(t, "share")})
	}
	slices.SortFunc(d.curve, func(a, b app.Survival) int { return cmp.Compare(a.After, b.After) })
	d.period = app.Period{From: d.from, To: d.from + app.Day(rapid.SampledFrom([]int{-3, 0, 1, 30, 3_000_000}).Draw(t, "long"))}
	values := rapid.OneOf(rapid.Just(app.Missing), rapid.Just(app.Missing-1), rapid.Uint32Range(0, 60_000))
	for range rapid.IntRange(0, 9).Draw(t, "lines") {
		d.lines = append(d.lines, Line{name.Draw(t, "name"), app.Series{
			First:  d.from + app.Day(rapid.IntRange(-20, 40).Draw(t, "first")),
			Values: rapid.SliceOfN(values, 0, 60).Draw(t, "values"),
		}})
	}
	return d
}

// fence is a surface that keeps to its picture, whatever it is asked.
type fence struct {
	picture image.Rectangle
	outside func(what string, where ...any)
}

func (f fence) text(s string, x, y int, size float64, c color.NRGBA) {
	if !(image.Point{x, y}).In(f.picture.Inset(-1)) {
		f.outside("words", s, x, y)
	}
}

func (f fence) block(r image.Rectangle, _ color.NRGBA) {
	if !r.In(f.picture) {
		f.outside("a block", r)
	}
}

func (f fence) paint(_ color.NRGBA, shapes [][]point, strokes []stroke) {
	for _, s := range strokes {
		shapes = append(shapes, s.points)
	}
	room := f.picture.Inset(-16) // the width of a stroke and the radius of a ring at scale 2
	for _, s := range shapes {
		for _, q := range s {
			if math.IsNaN(q.x+q.y) || !(image.Point{int(q.x), int(q.y)}).In(room) {
				f.outside("a point", q)
			}
		}
	}
}

func TestNewerChartsStayInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyFigures(t)
		look := Look{
			Width: rapid.IntRange(-3, 500).Draw(t, "width"), Height: rapid.IntRange(-3, 300).Draw(t, "height"),
			Scale: rapid.SampledFrom([]float32{0, 0.5, 1, 1.25, 2}).Draw(t, "scale"), Palette: Light(),
			Hidden: Hidden(rapid.Uint64Range(0, 15).Draw(t, "hidden")),
		}
		for i := range rapid.IntRange(0, 5).Draw(t, "occasions") {
			look.Occasions = append(look.Occasions, app.Occasion{Date: d.from + app.Day(2*i), Name: "День города"})
		}
		labels := rapid.SampledFrom([]Labels{russian, {}}).Draw(t, "labels")
		w, h := look.pixels()
		for _, c := range newer {
			p, name := c.draw(d, look, labels), c.name
			if p.Image.Bounds() != image.Rect(0, 0, w, h) {
				t.Fatalf("%s is %v", name, p.Image.Bounds())
			}
			at, ok := p.Next(Hover{}, 1, 0)
			for range 5 {
				x, y := at.X*float32(look.scale()), at.Y*float32(look.scale())
				if ok && (!(x >= -1 && x <= float32(w)+1) || !(y >= -1 && y <= float32(h)+1)) {
					t.Fatalf("%s: a marker at %v, %v", name, at.X, at.Y)
				}
				at, ok = p.Next(at, 1, 1)
			}
			p.At(float32(look.Width)/2, float32(look.Height)/2)
		}
		for _, c := range newer {
			look.on = fence{picture: image.Rect(0, 0, w, h), outside: func(what string, where ...any) {
				t.Fatalf("%s: %s outside %d×%d: %v", c.name, what, w, h, where)
			}}
			c.draw(d, look, labels)
		}
	})
}

func TestWordsOnTilesAreReadable(t *testing.T) {
	for name, p := range map[string]Palette{"light": Light(), "dark": Dark(), "contrast": Contrast()} {
		for i := range 101 {
			ground := mix(p.HeatLow, p.HeatHigh, float64(i)/100)
			if got := contrast(inkOn(ground), ground); got < 4.5 {
				t.Errorf("%s: at %d %% of the scale words have a contrast of %.2f", name, i, got)
			}
		}
	}
}

func TestSeriesStandOut(t *testing.T) {
	for name, c := range map[string]struct {
		back    color.NRGBA
		palette Palette
	}{"light": {white, Light()}, "dark": {night, Dark()}, "contrast": {color.NRGBA{A: 255}, Contrast()}} {
		for i, mark := range append(slices.Clone(c.palette.Series), c.palette.Good) {
			if got := contrast(mark, c.back); got < 3 {
				t.Errorf("%s: series %d has a contrast of %.2f", name, i, got)
			}
		}
	}
}

func TestCustomaryLengths(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want float64
	}{
		{-time.Hour, 0},
		{0, 0},
		{15 * time.Minute, 1},
		{30 * time.Minute, 1.5},
		{time.Hour, 2},
		{2 * time.Hour, 2.5},
		{24 * time.Hour, 4},
		{30 * 24 * time.Hour, 7},
		{math.MaxInt64, float64(len(stops) - 1)},
	} {
		if got := wait(c.d); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v stands at %v, want %v", c.d, got, c.want)
		}
	}
}

func TestAxesOfBars(t *testing.T) {
	f := newFrame(light(620, 260, 1), russian)
	f.left, f.right = 200, 100
	for _, c := range []struct {
		least, most float64
		counts      bool
		format      func(float64) string
		want        []float64
	}{
		{0, 62, false, hoursText, []float64{0, 24, 48}}, // two days, not two days and two hours
		{0, 19, false, hoursText, []float64{0, 5, 10, 15}},
		{0, 1208, true, countText, []float64{0, 500, 1000}},
		{-180, 420, true, countText, []float64{0, 200, 400}},
		{0, 2, true, countText, []float64{0, 1, 2}},
		{0, 0, true, countText, []float64{0}},
	} {
		if got := f.level(c.least, c.most, c.counts, c.format); !slices.Equal(got.ticks, c.want) {
			t.Errorf("%v … %v: %v, want %v", c.least, c.most, got.ticks, c.want)
		}
	}
}
