package report

import (
	"testing"

	"github.com/wcharczuk/go-chart/v2"
)

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
