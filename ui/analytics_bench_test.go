package ui

import (
	"image"
	"testing"

	"otklik/app"
)

// BenchmarkAnalyticsFilter measures a change of filter from the click to the last
// picture on the screen, over a desk of a few thousand appeals: what the screen adds to
// the figures, which the benchmarks of the store measure over a million.
func BenchmarkAnalyticsFilter(b *testing.B) {
	for _, g := range analyticsGroups {
		b.Run(g.name, func(b *testing.B) {
			f, s := openAnalytics(b, full)
			s.chooseGroup(g.name)
			f.settle()
			filters := []app.Filter{{Municipalities: []string{"г. Чебоксары"}}, {}}
			i := 0
			for b.Loop() {
				before := s.pictures()
				was := s.figures
				s.narrow(filters[i%2])
				f.until(func() bool { return s.figures != was && s.redrawn(before) })
				i++
			}
		})
	}
}

// pictures are those of the charts that can be seen.
func (s *analyticsScreen) pictures() map[*chartView]image.Image {
	out := map[*chartView]image.Image{}
	for _, row := range s.group().rows {
		for _, name := range row {
			if v, ok := s.cards[name].body.(*chartView); ok && s.cards[name].shown == s.figures && v.Visible() {
				out[v] = v.shown.Image
			}
		}
	}
	return out
}

// redrawn says whether all of them are others now.
func (s *analyticsScreen) redrawn(before map[*chartView]image.Image) bool {
	for v, img := range before {
		if v.Visible() && v.shown.Image == img {
			return false
		}
	}
	return true
}
