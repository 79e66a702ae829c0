package ui

import (
	"time"

	"otklik/app"
	"otklik/report"
)

// What narrows to the appeals behind a figure.
func answered(f *app.Filter) { f.Took = &app.Lengths{} } // of any length
func late(f *app.Filter)     { f.Late = true }

// behind is the filter of the appeals that began within a period and that the figures
// count.
func (s *analyticsScreen) behind(a *app.Analytics, p app.Period) app.Filter {
	zone := s.w.desk.Region().Location()
	f := app.Query{Filter: a.Filter}.Clone().Filter
	f.Since, f.Until = p.From.In(zone), (p.To + 1).In(zone)
	return f
}

// openAppeals goes to the list of the appeals behind a figure. what says in words of the
// key "analytics.behind." what they have in common beside the period; "" is nothing.
func (s *analyticsScreen) openAppeals(f app.Filter, what string, period app.Period) {
	t := s.w.text
	name := periodWords(t, period)
	if what != "" {
		name = joined(t.T("analytics.behind."+what), name)
	}
	s.w.showBehind(f, app.QueueAll, name)
}

// openAll shows the appeals of the whole period.
func (s *analyticsScreen) openAll(what string, narrow func(*app.Filter)) {
	if a := s.figures; a != nil {
		f := s.behind(a, a.Period)
		if narrow != nil {
			narrow(&f)
		}
		s.openAppeals(f, what, a.Period)
	}
}

// openStep shows the appeals of a step of a chart in time.
func (s *analyticsScreen) openStep(a *app.Analytics, step int, what string, narrow func(*app.Filter)) {
	x := a.Steps[step]
	f := s.behind(a, x.Period)
	if narrow != nil {
		narrow(&f)
	}
	s.openAppeals(f, what, x.Period)
}

// Series of report.Pace.
const (
	paceNew = iota
	paceClosed
	paceBacklog
)

// openPace shows the appeals that began in a step, that ended in it, or that are open
// now: of those open at a moment gone by there is no list.
func (s *analyticsScreen) openPace(a *app.Analytics, h report.Hover) {
	x := a.Steps[h.Point]
	switch f := s.behind(a, x.Period); h.Series {
	case paceClosed:
		f.Closed = app.Moments{From: f.Since, To: f.Until}
		f.Since, f.Until = time.Time{}, time.Time{}
		s.openAppeals(f, "closed", x.Period)
	case paceBacklog:
		s.w.showBehind(a.Filter, app.QueueOpen, s.w.text.T("analytics.behind.open"))
	default:
		s.openAppeals(f, "new", x.Period)
	}
}

// openHour shows the appeals of an hour of the week.
func (s *analyticsScreen) openHour(a *app.Analytics, h report.Hover) {
	f := s.behind(a, a.Period)
	f.Hour = &app.WeekHour{Weekday: h.Series, Hour: h.Point}
	s.w.showBehind(f, app.QueueAll, joined(hourWords(s.w.text, h), periodWords(s.w.text, a.Period)))
}

// openLengths shows the appeals whose first response took so long.
func (s *analyticsScreen) openLengths(a *app.Analytics, bin int) {
	f := s.behind(a, a.Period)
	f.Took = new(a.Took[bin].Lengths)
	s.w.showBehind(f, app.QueueAll, joined(lengthWords(s.w.text, a.Took[bin].Lengths), periodWords(s.w.text, a.Period)))
}

// openShare shows the appeals that have one value of a facet.
func (s *analyticsScreen) openShare(a *app.Analytics, x condition, value, what string, narrow func(*app.Filter)) {
	f := s.behind(a, a.Period)
	x.set(&f, []string{value})
	if narrow != nil {
		narrow(&f)
	}
	s.openAppeals(f, what, a.Period)
}

// openNetwork shows the pages of a network.
func (s *analyticsScreen) openNetwork(a *app.Analytics, h report.Hover) {
	s.w.showNetwork(a.Audience.Networks[h.Series].Network)
}
