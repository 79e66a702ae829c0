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

// other is the stretch of time the figures are compared with.
func (s *analyticsScreen) other(a *app.Analytics) app.Tally {
	if s.asked.YearAgo {
		return a.YearAgo
	}
	return a.Before
}

// than is what a share is compared with.
func (s *analyticsScreen) than(x app.Share) (appeals int, r app.Summary) {
	if s.asked.YearAgo {
		return x.AppealsYearAgo, x.YearAgo
	}
	return x.AppealsBefore, x.Before
}

// thanWords names it: «в прошлом периоде», «год назад».
func (s *analyticsScreen) thanWords() string { return s.w.text.T("analytics.then." + s.thanKey()) }

func (s *analyticsScreen) thanKey() string {
	if s.asked.YearAgo {
		return "year"
	}
	return "before"
}

// compares says whether there is anything to compare with.
func (s *analyticsScreen) compares(a *app.Analytics) bool { return s.other(a).Appeals > 0 }

// against writes a change with what it is against, or that there is nothing known of it.
func (s *analyticsScreen) against(words string, known bool, ink color.Color) tileNote {
	t := s.w.text
	if !known {
		return tileNote{t.T("analytics.none." + s.thanKey()), s.w.pal.muted}
	}
	return tileNote{t.T("analytics.against."+s.thanKey(), words), ink}
}

// showTiles writes the five figures.
func (s *analyticsScreen) showTiles(a *app.Analytics) {
	t, p := s.w.text, s.w.pal
	none := tileNote{words: t.T("screens.no_data"), ink: p.muted}
	s.showSubscribers(a)
	now, then := a.Now, s.other(a)
	change := 0.0
	if then.Appeals > 0 {
		change = float64(now.Appeals-then.Appeals) / float64(then.Appeals)
	}
	s.appeals.set(t.Number(int64(now.Appeals)), nil,
		s.against(signedPercent(t, change), then.Appeals > 0, p.signed(then.Appeals-now.Appeals)),
		tileNote{t.T("analytics.backlog", t.Number(int64(now.Backlog))), p.second})
	if now.Response.N == 0 {
		s.median.set(t.T("screens.dash"), p.faint, none)
		s.p90.set(t.T("screens.dash"), p.faint, none)
	} else {
		ink := p.green
		if now.Response.Median > a.Goal {
			ink = p.red
		}
		s.median.set(giveOrTake(t, now.Response.Median, now.Response.Off), nil,
			tileNote{t.T("analytics.mean", t.Duration(now.Response.Mean), t.Duration(a.Goal), t.Number(int64(now.Response.N))), ink})
		if then.Response.N > 0 {
			s.median.notes = append([]tileNote{s.slower(now.Response.Median, then.Response.Median, true)}, s.median.notes...)
			s.median.Refresh()
		}
		s.p90.set(t.Duration(now.Response.P90), nil, s.slower(now.Response.P90, then.Response.P90, then.Response.N > 0))
	}
	s.showInTime(a)
}

// showSubscribers writes the sum of subscribers, which is no number of people.
func (s *analyticsScreen) showSubscribers(a *app.Analytics) {
	t, p, x := s.w.text, s.w.pal, a.Audience
	if !anyCounted(a) {
		s.subscribers.set(t.T("screens.dash"), p.faint, tileNote{t.T("analytics.empty.counts"), p.muted})
		return
	}
	words := t.Signed(x.Growth)
	if before := x.Subscribers - x.Growth; before > 0 {
		words += " (" + signedPercent(t, float64(x.Growth)/float64(before)) + ")"
	}
	notes := []tileNote{{words, p.signed(int(x.Growth))}}
	then := x.Before
	if s.asked.YearAgo {
		then = x.YearAgo
	}
	if then != nil {
		notes = append(notes, tileNote{t.T("analytics.growth_then", s.thanWords(), t.Signed(*then)), p.second})
	}
	if ignored := deaf(t, a.Filter); ignored != "" {
		notes = append(notes, tileNote{ignored, p.amber})
	}
	s.subscribers.set(t.Number(x.Subscribers), nil, notes...)
}

// slower compares a length of time with what it was.
func (s *analyticsScreen) slower(now, then time.Duration, known bool) tileNote {
	diff := (now - then).Round(time.Minute)
	words := s.w.text.Duration(diff)
	if diff > 0 {
		words = "+" + words
	}
	return s.against(words, known, s.w.pal.signed(-int(diff/time.Minute)))
}

// showInTime writes the share of answers in time.
func (s *analyticsScreen) showInTime(a *app.Analytics) {
	t, p := s.w.text, s.w.pal
	r := a.Now.Response
	share, ok := r.Share()
	if !ok {
		s.inTime.set(t.T("screens.dash"), p.faint, tileNote{t.T("analytics.no_terms"), p.muted})
		return
	}
	ink := p.green
	if share < badlyInTime {
		ink = p.red
	}
	before, had := s.other(a).Response.Share()
	points, trend := s.points(share, before)
	points = []string{"−", "", "+"}[trend+1] + points
	s.inTime.set(t.Percent(share, 1), nil,
		s.against(t.T("analytics.points", points), had, p.signed(trend)),
		tileNote{t.T("analytics.overdue", t.Number(int64(r.Overdue())), t.Number(int64(r.Timed))), ink})
}

// openSlowest shows the appeals in the slowest tenth.
func (s *analyticsScreen) openSlowest() {
	if a := s.figures; a != nil && a.Now.Response.N > 0 {
		s.openAll("slowest", func(f *app.Filter) { f.Took = &app.Lengths{AtLeast: a.Now.Response.P90} })
	}
}

// points writes the difference of two shares in percentage points, to one
// decimal and without a sign, and says which way it goes.
func (s *analyticsScreen) points(now, before float64) (words string, trend int) {
	diff := math.Round((now-before)*1000) / 10
	return s.w.text.Decimal(math.Abs(diff), 1), cmp.Compare(diff, 0)
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
