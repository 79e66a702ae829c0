package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"otklik/app"
)

func openAnalytics(t *testing.T, fill func(*fakeStore)) (*fixture, *analyticsScreen) {
	t.Helper()
	f := openWindow(t, fixed{lang: "ru", store: fill})
	f.open(screenAnalytics)
	s := f.screens[screenAnalytics].(*analyticsScreen)
	f.until(func() bool { return s.figures != nil })
	return f, s
}

func full(s *fakeStore) {
	drawnPages(s)
	answeredAppeals(s)
}

func TestAnalyticsPeriodsAreWholeDays(t *testing.T) {
	f, s := openAnalytics(t, full)
	if s.dates.Text != "25.10 – 23.11.2026" {
		t.Errorf("thirty days before 24.11.2026 are %q", s.dates.Text)
	}
	test.Tap(s.periods[0])
	f.until(func() bool { return s.figures.Period.Days() == 7 })
	if s.figures.Period.To != today-1 || !s.periods[0].chosen || s.periods[1].chosen {
		t.Errorf("a week: %+v", s.figures.Period)
	}
	test.Tap(s.periods[3])
	f.until(func() bool { return s.figures.Period.Days() == 365 })
	if s.dates.Text != "24.11.2025 – 23.11.2026" {
		t.Errorf("a year is %q", s.dates.Text)
	}
}

func TestAnalyticsFigures(t *testing.T) {
	f, s := openAnalytics(t, full)
	a := s.figures
	if s.appeals.full[1] != f.text.Number(int64(a.Now.Appeals)) || a.Now.Appeals == 0 {
		t.Errorf("appeals: %q of %d", s.appeals.full[1], a.Now.Appeals)
	}
	if s.median.full[1] != f.text.Duration(a.Now.Response.Median) || s.median.notes[0].ink != f.pal.red {
		t.Errorf("median %q over the goal: %+v", s.median.full[1], s.median.notes)
	}
	if len(s.subscribers.notes) != 2 {
		t.Error("the sum of subscribers does not say that it is no number of people")
	}
	c := make([]cell, 6)
	s.fill(0, c)
	if m := a.Municipalities[0]; c[0].words != m.Name || c[1].words != f.text.Number(int64(m.Appeals)) {
		t.Errorf("first municipality: %+v", c)
	}
	f.until(func() bool {
		return s.networks.shown.Image != nil && s.responses.shown.Image != nil && s.heat.shown.Image != nil
	})
}

func TestAnalyticsTrend(t *testing.T) {
	f, s := openAnalytics(t, full)
	summary := func(in int) app.Summary { return app.Summary{Timed: 1000, InTime: in} }
	s.figures = &app.Analytics{Municipalities: []app.Share{
		{Name: "лучше", Response: summary(951), Before: summary(940)},
		{Name: "хуже", Response: summary(811), Before: summary(853)},
		{Name: "так же", Response: summary(900), Before: summary(900)},
		{Name: "впервые", Response: summary(900)},
		{Name: "без сроков"},
	}}
	for i, want := range []struct {
		share, points string
		trend         int
	}{{"95,1\u00a0%", "1,1", 1}, {"81,1\u00a0%", "4,2", -1}, {"90,0\u00a0%", "0,0", 0}, {"90,0\u00a0%", "—", 0}, {"—", "—", 0}} {
		c := make([]cell, 6)
		s.fill(i, c)
		if c[4].words != want.share || c[5].words != want.points || c[5].trend != want.trend {
			t.Errorf("%s: %+v %+v", c[0].words, c[4], c[5])
		}
	}
	c := make([]cell, 6)
	if s.fill(1, c); c[4].ink != f.pal.red || c[5].ink != f.pal.red {
		t.Error("a bad share is not red")
	}
}

func TestAnalyticsWithoutData(t *testing.T) {
	f, s := openAnalytics(t, func(s *fakeStore) { s.appeals = nil })
	for _, o := range []*tile{s.subscribers, s.median, s.p90, s.inTime} {
		if o.full[1] != "—" || len(o.notes) == 0 {
			t.Errorf("%s shows %q", o.full[0], o.full[1])
		}
	}
	if s.places.empty.Hidden {
		t.Error("the table says nothing")
	}
	f.until(func() bool { return s.networks.shown.Image != nil })
}

func TestAnalyticsNarrowsByAMunicipality(t *testing.T) {
	f, s := openAnalytics(t, full)
	all := s.figures.Now.Appeals
	name := s.figures.Municipalities[1].Name
	s.places.list.activate(1)
	f.until(func() bool { return s.figures.Now.Appeals < all })
	if s.municipality.value != name || len(s.figures.Municipalities) != 1 {
		t.Errorf("narrowed to %q: %d rows", s.municipality.value, len(s.figures.Municipalities))
	}
}

// Appeals that pour in do not make the figures be counted at every change.
func TestAnalyticsReloadsOnceForManyChanges(t *testing.T) {
	f, s := openAnalytics(t, full)
	f.settle()
	var waits []func()
	f.live.after = func(_ time.Duration, do func()) func() {
		waits = append(waits, do)
		return func() {}
	}
	before := s.slot.generation
	for range 20 {
		s.Changed(app.Changed{Appeals: true})
	}
	s.Changed(app.Changed{Settings: true})
	if len(waits) != 1 {
		t.Fatalf("%d reloads wait", len(waits))
	}
	waits[0]()
	f.until(func() bool { return s.slot.generation > before })
	if got := s.slot.generation - before; got != 1 {
		t.Errorf("%d reloads", got)
	}
	s.Changed(app.Changed{Pages: true})
	if len(waits) != 2 {
		t.Error("a change after the reload is not shown")
	}
}
