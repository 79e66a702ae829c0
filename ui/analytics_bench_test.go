package ui

import (
	"image"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/seal"
	"otklik/store"
)

// BenchmarkAnalyticsFilter measures a change of filter from the click to the last
// picture on the screen, over a desk of a few thousand appeals: what the screen adds to
// the figures. OTKLIK_STORE names a folder with the otklik.db of bench/store: then it is
// over that, a year of a million appeals, and all of it is measured.
func BenchmarkAnalyticsFilter(b *testing.B) {
	for _, g := range analyticsGroups {
		b.Run(g.name, func(b *testing.B) {
			f, s := benchAnalytics(b)
			s.chooseGroup(g.name)
			f.settle()
			filters := []app.Filter{{Municipalities: []string{"г. Чебоксары"}}, {Groups: []string{"ЖКХ"}}, {}}
			i := 0
			var took []time.Duration
			for b.Loop() {
				before := s.pictures()
				was, began := s.figures, time.Now()
				s.narrow(filters[i%len(filters)])
				f.until(func() bool { return s.figures != was && s.redrawn(before) })
				took = append(took, time.Since(began))
				i++
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(took[len(took)*9/10].Microseconds())/1000, "ms-p90")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-worst")
		})
	}
}

func benchAnalytics(b *testing.B) (*fixture, *analyticsScreen) {
	folder := os.Getenv("OTKLIK_STORE")
	if folder == "" {
		return openAnalytics(b, full)
	}
	_, terms, err := assets.Region()
	if err != nil {
		b.Fatal(err)
	}
	box, err := seal.NewBox(make([]byte, seal.KeyLen)) // as bench/store seals
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(filepath.Join(folder, "otklik.db"), box, terms)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	_, last, _, err := s.Days()
	if err != nil {
		b.Fatal(err)
	}
	ask := asked{Preset: presetDates, Period: app.Period{From: last - 364, To: last}}
	if err := s.SaveSetting(settingAnalytics, string(app.Encode(ask))); err != nil {
		b.Fatal(err)
	}
	f := openWindow(b, fixed{lang: "ru", real: s})
	f.open(screenAnalytics)
	screen := f.screens[screenAnalytics].(*analyticsScreen)
	f.until(func() bool { return screen.figures != nil })
	return f, screen
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
