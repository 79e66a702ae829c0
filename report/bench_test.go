package report

import (
	"math"
	"testing"
	"time"

	"github.com/wcharczuk/go-chart/v2"

	"otklik/app"
)

// BenchmarkMillion draws 10,000 and 1,000,000 points by turns at 1200×500 and fails
// where the fastest drawing of the million takes more than 1.5 times that of the few. Charts of steps are left out: a step is a day or
// more, and a region has no million of them.
func BenchmarkMillion(b *testing.B) {
	at := func(n int) hard { return hard{values: waves(n, nil), place: place, labels: russian} }
	few, many := at(10_000), at(1_000_000)
	look := light(1200, 500, 1)
	from := day("2026-01-01")
	growth := func(h hard) func() Picture {
		s := h.series()
		return func() Picture { return Growth(look, s, s.First, s.First+app.Day(len(s.Values))-1, russian) }
	}
	stacked := func(h hard) func() Picture {
		nets := h.networks()
		return func() Picture { return Networks(look, nets, from, russian) }
	}
	cases := []struct {
		name string
		draw func(hard) func() Picture
	}{{"growth", growth}, {"networks", stacked}}
	for _, c := range newer {
		switch c.name {
		case "unanswered", "lines": // the others have steps or rows, of which there are some hundreds
			cases = append(cases, struct {
				name string
				draw func(hard) func() Picture
			}{c.name, func(h hard) func() Picture {
				d := h.make()
				return func() Picture { return c.draw(d, look, russian) }
			}})
		}
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			once := func(draw func() Picture) time.Duration {
				begin := time.Now()
				draw()
				return time.Since(begin)
			}
			few, many := c.draw(few), c.draw(many)
			short, long := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			for b.Loop() {
				short, long = min(short, once(few)), min(long, once(many))
			}
			b.ReportMetric(short.Seconds()*1000, "ms/10k")
			b.ReportMetric(long.Seconds()*1000, "ms/1M")
			ratio := long.Seconds() / short.Seconds()
			b.ReportMetric(ratio, "ratio")
			if ratio > 1.5 {
				b.Errorf("a million points take %.2f times as long as 10,000", ratio)
			}
		})
	}
}

func BenchmarkGrowth(b *testing.B) {
	s := counts("2024-11-24", 730, 41_000, 12, 300, 301)
	b.ReportAllocs()
	for b.Loop() {
		Growth(light(900, 400, 1), s, s.First, s.First+729, russian)
	}
}

func BenchmarkNetworks(b *testing.B) {
	nets := networks(365)
	b.ReportAllocs()
	for b.Loop() {
		Networks(light(900, 400, 1), nets, day("2026-01-01"), russian)
	}
}

func BenchmarkSparkline(b *testing.B) {
	s := counts("2026-08-26", 90, 49_000, 10, 40, 41)
	look := light(70, 22, 1)
	b.ReportAllocs()
	for b.Loop() {
		Sparkline(look, s)
	}
}

// BenchmarkSparklineThroughChart is what a sparkline would cost as a chart.
func BenchmarkSparklineThroughChart(b *testing.B) {
	s := counts("2026-08-26", 90, 49_000, 10)
	line := chart.ContinuousSeries{}
	for i, v := range s.Values {
		line.XValues = append(line.XValues, float64(i))
		line.YValues = append(line.YValues, float64(v))
	}
	b.ReportAllocs()
	for b.Loop() {
		c := chart.Chart{
			Width: 70, Height: 22, DPI: dpi, Series: []chart.Series{line},
			XAxis: chart.HideXAxis(), YAxis: chart.HideYAxis(),
		}
		var w chart.ImageWriter
		if err := c.Render(chart.PNG, &w); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNewer draws the newer charts of a month's figures.
func BenchmarkNewer(b *testing.B) {
	d := usual()
	for _, c := range newer {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.draw(d, light(650, 260, 1), russian)
			}
		})
	}
}
