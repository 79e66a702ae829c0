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
	if len(a.Networks) == 0 {
		s.subscribers.set(t.T("screens.dash"), p.faint, none)
	} else {
		words := t.Signed(a.Growth)
		if before := a.Subscribers - a.Growth; before > 0 {
			words += " (" + signedPercent(t, float64(a.Growth)/float64(before)) + ")"
		}
		s.subscribers.set(t.Number(a.Subscribers), nil,
			tileNote{words, p.signed(int(a.Growth))}, tileNote{t.T("analytics.not_people"), p.muted})
	}
	s.appeals.set(t.Number(int64(a.Appeals)), nil, s.against(a))
	if a.Response.N == 0 {
		s.median.set(t.T("screens.dash"), p.faint, none)
		s.p90.set(t.T("screens.dash"), p.faint, none)
	} else {
		ink := p.green
		if a.Response.Median > a.Goal {
			ink = p.red
		}
		s.median.set(giveOrTake(t, a.Response.Median, a.Response.Off), nil, tileNote{
			t.T("analytics.mean", t.Duration(a.Response.Mean), t.Duration(a.Goal), t.Number(int64(a.Response.N))), ink,
		})
		s.p90.set(t.Duration(a.Response.P90), nil, s.slower(a))
	}
	s.showInTime(a)
}

// against compares the number of appeals with the period before.
func (s *analyticsScreen) against(a *app.Analytics) tileNote {
	t, p := s.w.text, s.w.pal
	if a.AppealsBefore == 0 {
		return tileNote{t.T("analytics.none_before"), p.muted}
	}
	diff := a.Appeals - a.AppealsBefore
	share := float64(diff) / float64(a.AppealsBefore)
	return tileNote{t.T("analytics.against", signedPercent(t, share)), p.signed(-diff)}
}

// slower compares the 90th percentile with the period before.
func (s *analyticsScreen) slower(a *app.Analytics) tileNote {
	t, p := s.w.text, s.w.pal
	if a.ResponseBefore.N == 0 {
		return tileNote{t.T("analytics.none_before"), p.muted}
	}
	diff := (a.Response.P90 - a.ResponseBefore.P90).Round(time.Minute)
	words := t.Duration(diff)
	if diff > 0 {
		words = "+" + words
	}
	return tileNote{t.T("analytics.against", words), p.signed(-int(diff / time.Minute))}
}

// showInTime writes the share of answers in time.
func (s *analyticsScreen) showInTime(a *app.Analytics) {
	t, p := s.w.text, s.w.pal
	share, ok := a.Response.Share()
	if !ok {
		s.inTime.set(t.T("screens.dash"), p.faint, tileNote{t.T("analytics.no_terms"), p.muted})
		return
	}
	ink := p.green
	if share < badlyInTime {
		ink = p.red
	}
	overdue := tileNote{t.T("analytics.overdue", t.Number(int64(a.Response.Overdue())), t.Number(int64(a.Response.Timed))), ink}
	before, had := a.ResponseBefore.Share()
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
	if m.N > 0 {
		c[2] = cell{words: t.Duration(m.Median)}
		c[3] = cell{words: t.Duration(m.P90)}
	}
	share, ok := m.Share()
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
