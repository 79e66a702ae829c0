package report

import (
	"reflect"
	"testing"

	"otklik/app"
)

func TestTicksOfDays(t *testing.T) {
	for _, c := range []struct {
		from, to string
		fit      int
		want     []string
	}{
		{"2026-10-24", "2026-11-23", 9, []string{"24 окт", "31 окт", "7 ноя", "14 ноя", "21 ноя"}},
		{"2026-10-24", "2026-10-24", 9, []string{"24 окт"}},
		{"2026-11-17", "2026-11-23", 9, []string{"17 ноя", "18 ноя", "19 ноя", "20 ноя", "21 ноя", "22 ноя", "23 ноя"}},
		{"2026-08-25", "2026-11-23", 4, []string{"сен", "окт", "ноя"}},
		{"2025-11-24", "2026-11-23", 5, []string{"2026", "апр", "июл", "окт"}},
		{"2017-03-01", "2026-11-23", 5, []string{"2018", "2020", "2022", "2024", "2026"}},
		{"2026-10-24", "2026-11-23", 1, []string{"24 окт"}},
	} {
		var got []string
		for _, tick := range dayTicks(day(c.from), day(c.to), c.fit) {
			got = append(got, tick.text(russian))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s…%s in %d: %q, want %q", c.from, c.to, c.fit, got, c.want)
		}
	}
}

func TestTicksOfCounts(t *testing.T) {
	for _, c := range []struct {
		least, most float64
		n           int
		want        []float64
	}{
		{48_826, 49_773, 3, []float64{49_000, 49_500, 50_000}},
		{0, 3, 4, []float64{0, 1, 2, 3}},
		{500, 500, 3, []float64{499, 500, 501}},
	} {
		a := around(c.least, c.most, c.n)
		if !reflect.DeepEqual(a.ticks, c.want) || a.min > c.least || a.max < c.most || a.min < 0 {
			t.Errorf("%v…%v: %+v, want %v", c.least, c.most, a, c.want)
		}
	}
	if got := fromZero(1_288_000, 3, roundStep).ticks; !reflect.DeepEqual(got, []float64{0, 500_000, 1_000_000, 1_500_000}) {
		t.Errorf("from zero: %v", got)
	}
	if got := fromZero(11.2, 3, roundTime).ticks; !reflect.DeepEqual(got, []float64{0, 4, 8, 12}) {
		t.Errorf("hours: %v", got)
	}
}

func TestThinningKeepsGaps(t *testing.T) {
	const gap = app.Missing
	thinned := func(columns int, values ...uint32) [][]int { return thin(len(values), columns, scanSeries(values)) }
	for _, c := range []struct{ got, want [][]int }{
		{thinned(9, gap, 1, 2, gap, 3, gap), [][]int{{1, 2}, {4}}},
		{thinned(9, gap, gap), nil},
		{thinned(9), nil},
		// Two columns of five: of each the ends, the least and the greatest.
		{thinned(2, 5, 1, 5, 9, 5, 6, 6, 8, 2, 6), [][]int{{0, 1, 3, 4, 5, 7, 8, 9}}},
		// A gap within a column is too narrow to be seen, one as wide as a column is not.
		{thinned(2, 5, gap, 0, 9, 5, gap, 6, 8, 2, 6), [][]int{{0, 2, 3, 4, 6, 7, 8, 9}}},
		{thinned(2, 5, 1, gap, gap, gap, gap, gap, 8, 2, 6), [][]int{{0, 1}, {7, 8, 9}}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}
