package ui

import (
	"cmp"
	"image/color"
	"math"
	"time"

	"otklik/app"
)

// Shares in time from which a municipality does well, and below which badly.
const (
	wellInTime  = 0.92
	badlyInTime = 0.85
)

// showTiles writes the five figures.
func (s *analyticsScreen) showTiles(a *app.Analytics) {
	t, p := s.w.text, s.w.pal
	none := tileNote{words: t.T("screens.no_data"), ink: p.muted}
	if len(a.Audience.Networks) == 0 {
		s.subscribers.set(t.T("screens.dash"), p.faint, none)
	} else {
		words := t.Signed(a.Audience.Growth)
		if before := a.Audience.Subscribers - a.Audience.Growth; before > 0 {
			words += " (" + signedPercent(t, float64(a.Audience.Growth)/float64(before)) + ")"
		}
		s.subscribers.set(t.Number(a.Audience.Subscribers), nil,
			tileNote{words, p.signed(int(a.Audience.Growth))}, tileNote{t.T("analytics.not_people"), p.muted})
	}
	s.appeals.set(t.Number(int64(a.Now.Appeals)), nil, s.against(a))
	if a.Now.Response.N == 0 {
		s.median.set(t.T("screens.dash"), p.faint, none)
		s.p90.set(t.T("screens.dash"), p.faint, none)
	} else {
		ink := p.green
		if a.Now.Response.Median > a.Goal {
			ink = p.red
		}
		s.median.set(giveOrTake(t, a.Now.Response.Median, a.Now.Response.Off), nil, tileNote{
			t.T("analytics.mean", t.Duration(a.Now.Response.Mean), t.Duration(a.Goal), t.Number(int64(a.Now.Response.N))), ink,
		})
		s.p90.set(t.Duration(a.Now.Response.P90), nil, s.slower(a))
	}
	s.showInTime(a)
}

// against compares the number of appeals with the period before.
func (s *analyticsScreen) against(a *app.Analytics) tileNote {
	t, p := s.w.text, s.w.pal
	if a.Before.Appeals == 0 {
		return tileNote{t.T("analytics.none_before"), p.muted}
	}
	diff := a.Now.Appeals - a.Before.Appeals
	share := float64(diff) / float64(a.Before.Appeals)
	return tileNote{t.T("analytics.against", signedPercent(t, share)), p.signed(-diff)}
}

// slower compares the 90th percentile with the period before.
func (s *analyticsScreen) slower(a *app.Analytics) tileNote {
	t, p := s.w.text, s.w.pal
	if a.Before.Response.N == 0 {
		return tileNote{t.T("analytics.none_before"), p.muted}
	}
	diff := (a.Now.Response.P90 - a.Before.Response.P90).Round(time.Minute)
	words := t.Duration(diff)
	if diff > 0 {
		words = "+" + words
	}
	return tileNote{t.T("analytics.against", words), p.signed(-int(diff / time.Minute))}
}

// showInTime writes the share of answers in time.
func (s *analyticsScreen) showInTime(a *app.Analytics) {
	t, p := s.w.text, s.w.pal
	share, ok := a.Now.Response.Share()
	if !ok {
		s.inTime.set(t.T("screens.dash"), p.faint, tileNote{t.T("analytics.no_terms"), p.muted})
		return
	}
	ink := p.green
	if share < badlyInTime {
		ink = p.red
	}
	overdue := tileNote{t.T("analytics.overdue", t.Number(int64(a.Now.Response.Overdue())), t.Number(int64(a.Now.Response.Timed))), ink}
	before, had := a.Before.Response.Share()
	if !had {
		s.inTime.set(t.Percent(share, 1), nil, overdue)
		return
	}
	points, trend := s.points(share, before)
	points = []string{"−", "", "+"}[trend+1] + points
	s.inTime.set(t.Percent(share, 1), nil, overdue, tileNote{t.T("analytics.against_points", points), p.signed(trend)})
}

// points writes the difference of two shares in percentage points, to one
// decimal and without a sign, and says which way it goes.
func (s *analyticsScreen) points(now, before float64) (words string, trend int) {
	diff := math.Round((now-before)*1000) / 10
	return s.w.text.Decimal(math.Abs(diff), 1), cmp.Compare(diff, 0)
}

// fill gives the cells of a municipality.
func (s *analyticsScreen) fill(i int, c []cell) {
	t, p := s.w.text, s.w.pal
	m := s.figures.Municipalities[i]
	dash := cell{words: t.T("screens.dash"), ink: p.faint}
	c[0].words = m.Name
	c[1].words = t.Number(int64(m.Appeals))
	c[2], c[3], c[4], c[5] = dash, dash, dash, dash
	if m.Response.N > 0 {
		c[2] = cell{words: t.Duration(m.Response.Median)}
		c[3] = cell{words: t.Duration(m.Response.P90)}
	}
	share, ok := m.Response.Share()
	if !ok {
		return
	}
	c[4] = cell{words: t.Percent(share, 1), ink: p.inTime(share)}
	if before, had := m.Before.Share(); had {
		words, trend := s.points(share, before)
		c[5] = cell{words: words, trend: trend, ink: p.signed(trend)}
	}
}

// inTime is the colour of a share of answers in time.
func (p *palette) inTime(share float64) color.Color {
	switch {
	case share >= wellInTime:
		return p.green
	case share < badlyInTime:
		return p.red
	}
	return p.text
}
