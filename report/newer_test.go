package report

import (
	"testing"
	"time"

	"otklik/app"
)

func TestPaceUnderThePointer(t *testing.T) {
	d := usual()
	look := light(620, 260, 1)
	p := Pace(look, d.steps, russian)
	first, ok := p.Next(Hover{}, 1, 0)
	if !ok || first.Point != 0 {
		t.Fatalf("%+v %v", first, ok)
	}
	for k := range 3 {
		h := first
		for range 3 { // down to the series
			if h.Series == k {
				break
			}
			h, _ = p.Next(h, 0, 1)
		}
		h, _ = p.Next(h, 7, 0)
		if h.Point != 7 || h.Series != k {
			t.Fatalf("series %d: %+v", k, h)
		}
		if at, ok := p.At(h.X, h.Y); !ok || at != h {
			t.Errorf("pointing at %+v finds %+v", h, at)
		}
		if got, ok := p.DayAt(h.X); !ok || got != d.steps[7].Period.From {
			t.Errorf("the day is %v", got)
		}
	}
	look.Hidden = look.Hidden.Toggle(SeriesOpen)
	q := Pace(look, d.steps, russian)
	if h, _ := q.At(q.Plot.Left+20, q.Plot.Bottom); h.Series == SeriesOpen || len(q.Legend) != 3 {
		t.Errorf("what is switched off is still found: %+v", h)
	}
	if upper := q.Plot.Bottom - pointOf(q, 7, SeriesNew).Y; upper <= first.Y-p.Plot.Top {
		t.Errorf("columns have not taken the room: %v", upper)
	}
}

// pointOf gives the place of a value.
func pointOf(p Picture, point, series int) Hover {
	h, _ := p.Next(Hover{}, 1, 0)
	h.Series = series
	h, _ = p.Next(h, point, 0)
	return h
}

func TestUnfinishedColumnIsHollow(t *testing.T) {
	d := usual()
	p := Pace(light(620, 260, 2), d.steps, russian)
	for point, hollow := range map[int]bool{5: false, len(d.steps) - 1: true} {
		h := pointOf(p, point, SeriesNew)
		// A quarter of the step to the left of its middle is within the first column.
		x := h.X - (pointOf(p, 6, SeriesNew).X-pointOf(p, 5, SeriesNew).X)*0.2
		if got := pixel(p, x, h.Y+4) != Light().series(SeriesNew); got != hollow {
			t.Errorf("step %d: hollow %v", point, got)
		}
	}
}

func TestSharesOfAll(t *testing.T) {
	nets := []app.NetworkSeries{
		{Network: app.SourceVK, Days: []int64{60, 600, -1, 50, 0}},
		{Network: app.SourceOK, Days: []int64{40, 400, 10, 50, 0}},
	}
	look := light(400, 240, 1)
	p := NetworkShares(look, nets, 100, russian)
	h, ok := p.At(dayX(p, 1, 5), p.Plot.Bottom-5)
	if !ok || h.Point != 1 || h.Series != 0 || !near(h.Y, p.Plot.Bottom-0.6*(p.Plot.Bottom-p.Plot.Top)) {
		t.Errorf("%+v %v", h, ok)
	}
	for i, known := range []bool{true, true, false, true, false} { // of nothing there are no shares
		if h, _ := p.At(dayX(p, i, 5), 30); (h.Point == i) != known {
			t.Errorf("day %d: %+v", i, h)
		}
	}
	look.Hidden = look.Hidden.Toggle(0)
	q := NetworkShares(look, nets, 100, russian)
	if h, _ := q.At(dayX(q, 3, 5), q.Plot.Bottom-5); h.Series != 1 || !near(h.Y, q.Plot.Top+0.5*(q.Plot.Bottom-q.Plot.Top)) {
		t.Errorf("alone it is still half of all: %+v", h)
	}
}

func TestRowsAreFoundByTheirNames(t *testing.T) {
	d := usual()
	for name, p := range map[string]Picture{
		"bars":  Bars(light(620, 260, 1), d.bars, d.aim, hoursText, russian),
		"boxes": Boxes(light(620, 260, 1), d.boxes, d.goal, russian),
	} {
		first, ok := p.Next(Hover{}, 0, 1)
		if !ok || first.Point != 0 {
			t.Fatalf("%s: %+v", name, first)
		}
		third, _ := p.Next(first, 0, 2)
		if at, ok := p.At(3, third.Y); !ok || at.Point != 2 {
			t.Errorf("%s: under the name %+v", name, at)
		}
		if at, ok := p.At(615, third.Y); !ok || at != third {
			t.Errorf("%s: at the right end %+v", name, at)
		}
		if _, ok := p.Next(first, 1, 0); ok {
			t.Errorf("%s: there is nothing beside a row", name)
		}
	}
	p := Bars(light(620, 260, 1), d.bars, 0, hoursText, russian)
	zero, high := p.Plot.Left, 2.9*d.bars[7].Value // the whisker ends the axis
	for i := range d.bars {
		h, _ := p.At(3, pointDown(p, i).Y)
		if want := zero + float32(d.bars[i].Value/high)*(p.Plot.Right-zero); !near(h.X, want) {
			t.Errorf("bar %d ends at %v, want %v", i, h.X, want)
		}
	}
}

func pointDown(p Picture, row int) Hover {
	h, _ := p.Next(Hover{}, 0, 1)
	h, _ = p.Next(h, 0, row)
	return h
}

func TestTilesAreNeighbours(t *testing.T) {
	d := usual()
	p := TileMap(light(450, 205, 1), d.tiles, countText, russian)
	h, ok := Hover{}, false
	for i, tile := range d.tiles {
		if tile.Name == "г. Канаш" {
			h, ok = p.places.(cells)[i].at, true
		}
	}
	if at, _ := p.At(h.X+3, h.Y-3); !ok || at != h {
		t.Fatalf("%+v", at)
	}
	for _, c := range []struct {
		dx, dy int
		want   string
	}{{1, 0, "КАН"}, {-1, 0, "ВУРН"}, {0, -1, "ЧЕБР"}, {0, 1, "КОМС"}} {
		if to, ok := p.Next(h, c.dx, c.dy); !ok || d.tiles[to.Point].Short != c.want {
			t.Errorf("by %d, %d is %s, want %s", c.dx, c.dy, d.tiles[to.Point].Short, c.want)
		}
	}
}

func TestUnansweredUnderThePointer(t *testing.T) {
	curve := []app.Survival{{After: 15 * time.Minute, Share: 0.8}, {After: time.Hour, Share: 0.5}, {After: 24 * time.Hour, Share: 0.1}}
	p := Unanswered(light(400, 200, 1), curve, 0, russian)
	wide, high := p.Plot.Right-p.Plot.Left, p.Plot.Bottom-p.Plot.Top
	for i, share := range []float32{0.25, 0.5, 1} { // of four stops: 15 minutes, an hour, a day
		x, y := p.Plot.Left+share*wide, p.Plot.Bottom-float32(curve[i].Share)*high
		if h, ok := p.At(x, 20); !ok || h.Point != i || !near(h.X, x) || !near(h.Y, y) {
			t.Errorf("point %d: %+v, want %v, %v", i, h, x, y)
		}
	}
	// Between two points the share of the earlier one holds.
	if x := p.Plot.Left + 0.4*wide; !inked(p.Image, x, p.Plot.Bottom-0.8*high) {
		t.Error("the curve is no stairs")
	}
}

func TestHistogramUnderThePointer(t *testing.T) {
	d := usual()
	p := Histogram(light(450, 205, 1), d.bins, d.all, d.goal, russian)
	h, _ := p.Next(Hover{}, 1, 0)
	for i := range d.bins {
		if at, ok := p.At(h.X, p.Plot.Top+5); !ok || at != h || at.Point != i {
			t.Errorf("bin %d: %+v", i, at)
		}
		h, _ = p.Next(h, 1, 0)
	}
}

func TestLinesTellPagesApart(t *testing.T) {
	d := usual()
	look := light(620, 260, 1)
	p := Lines(look, d.lines, d.period, russian)
	for k := range d.lines {
		h := pointOf(p, 80, k)
		if at, ok := p.At(h.X, h.Y); !ok || at.Series != k || at.Point != 80 {
			t.Errorf("line %d: %+v", k, at)
		}
	}
	look.Hidden = look.Hidden.Toggle(2)
	if h, _ := Lines(look, d.lines, d.period, russian).At(600, 0); h.Series == 2 {
		t.Error("a page that is switched off is found")
	}
}
