package ui

import (
	"slices"
	"time"

	"otklik/app"
	"otklik/report"
)

// barsMost is how many bars a chart has: more are a table.
const barsMost = 14

// breakdown is what the cards of the page «Время ответа» are told apart by.
type breakdown struct {
	facet condition
	of    func(*app.Analytics) []app.Share
}

// breakdowns are the choices, by the names of their conditions.
func breakdowns() []breakdown {
	of := map[string]func(*app.Analytics) []app.Share{
		"municipality": func(a *app.Analytics) []app.Share { return a.Municipalities },
		"executor":     func(a *app.Analytics) []app.Share { return a.Executors },
		"group":        func(a *app.Analytics) []app.Share { return a.Groups },
		"topic":        func(a *app.Analytics) []app.Share { return a.Topics },
		"source":       func(a *app.Analytics) []app.Share { return a.Sources },
		"kind":         func(a *app.Analytics) []app.Share { return a.Kinds },
	}
	var out []breakdown
	for _, f := range conditions {
		if of[f.name] != nil {
			out = append(out, breakdown{f, of[f.name]})
		}
	}
	return out
}

func breakdownOf(name string) breakdown {
	all := breakdowns()
	return all[slices.IndexFunc(all, func(b breakdown) bool { return b.facet.name == name })]
}

// speedCards are the cards of times.
func (s *analyticsScreen) speedCards() []*card {
	t := s.w.text
	responses := s.newChartCard("responses", nil, func(a *app.Analytics) (picture, said) {
		if a.Now.Response.N == 0 {
			return picture{}, s.noAnswers(a)
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture {
				l = marked(l, a)
				return report.Responses(l, a.Steps, a.Goal, labels)
			},
			tell: tellResponses(t, a.Steps),
			open: func(h report.Hover) { s.openStep(a, h.Point, "answered", answered) },
			time: true,
		}, said{note: joined(s.answers(a), s.stepWords(a), occasionWords(a))}
	})
	responses.heading = func() string {
		if s.figures == nil {
			return t.T("analytics.card.responses")
		}
		return t.T("analytics.card.responses." + string(s.step(s.figures)))
	}
	inTime := s.newChartCard("in_time", nil, func(a *app.Analytics) (picture, said) {
		if a.Now.Response.Timed == 0 {
			words := s.noAnswers(a)
			if a.Now.Appeals > 0 {
				words = said{empty: t.T("analytics.no_terms"), hint: t.T("analytics.empty.terms_hint")}
			}
			return picture{}, words
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture {
				l = marked(l, a)
				return report.InTime(l, a.Steps, labels)
			},
			tell: func(h report.Hover) []string { return s.tellInTime(a, h) },
			open: func(h report.Hover) { s.openStep(a, h.Point, "late", late) },
			time: true,
		}, said{note: joined("%", t.N("analytics.timed", a.Now.Response.Timed), s.stepWords(a), occasionWords(a))}
	})
	lengths := s.newChartCard("lengths", nil, func(a *app.Analytics) (picture, said) {
		if a.Now.Response.N == 0 {
			return picture{}, s.noAnswers(a)
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture { return report.Histogram(l, a.Took, a.Now.Response, a.Goal, labels) },
			tell: func(h report.Hover) []string { return s.tellLengths(a, h) },
			open: func(h report.Hover) { s.openLengths(a, h.Point) },
		}, said{note: joined(t.T("analytics.unit.answers"), t.T("analytics.n", t.Number(int64(a.Now.Response.N))))}
	})
	unanswered := s.newChartCard("unanswered", nil, func(a *app.Analytics) (picture, said) {
		if len(a.Unanswered) == 0 {
			return picture{}, s.noAppeals(a)
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture { return report.Unanswered(l, a.Unanswered, a.Goal, labels) },
			tell: func(h report.Hover) []string { return s.tellUnanswered(a, h) },
		}, said{note: joined("%", t.N("analytics.watched", a.Unanswered[0].AtRisk))}
	})
	return append([]*card{responses, inTime, lengths, unanswered}, s.byCards()...)
}

// byCards are the times by a facet that is chosen in the heading: medians, spread and a
// table of the same.
func (s *analyticsScreen) byCards() []*card {
	t := s.w.text
	var options []option
	for _, b := range breakdowns() {
		options = append(options, option{b.facet.name, t.T("analytics.by." + b.facet.name)})
	}
	s.by = s.w.newSmallChoice(options, "municipality", func(string) { s.redrawBy() })
	by := func() breakdown { return breakdownOf(s.by.value) }
	speed := s.newChartCard("speed_by", s.by.button, func(a *app.Analytics) (picture, said) {
		b := by()
		shares := answeredShares(b.of(a))
		if len(shares) == 0 {
			return picture{}, s.noAnswers(a)
		}
		bars := make([]report.Bar, 0, len(shares))
		for _, x := range shares {
			bar := report.Bar{
				Name: b.facet.value(t, x.Name), Value: x.Response.Median.Hours(),
				Note: t.T("analytics.n", t.Number(int64(x.Response.N))),
			}
			if _, before := s.than(x); before.N > 0 {
				bar.Before = new(before.Median.Hours())
			}
			bars = append(bars, bar)
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture { return report.Bars(l, bars, a.Goal.Hours(), s.hours, labels) },
			tell: func(h report.Hover) []string { return s.tellShare(b, shares[h.Point]) },
			open: func(h report.Hover) { s.openShare(a, b.facet, shares[h.Point].Name, "answered", answered) },
		}, said{note: s.answers(a)}
	})
	spread := s.newChartCard("spread_by", nil, func(a *app.Analytics) (picture, said) {
		b := by()
		shares := answeredShares(b.of(a))
		if len(shares) == 0 {
			return picture{}, s.noAnswers(a)
		}
		boxes := make([]report.Box, 0, len(shares))
		for _, x := range shares {
			boxes = append(boxes, report.Box{Name: b.facet.value(t, x.Name), Summary: x.Response})
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture { return report.Boxes(l, boxes, a.Goal, labels) },
			tell: func(h report.Hover) []string { return s.tellShare(b, shares[h.Point]) },
			open: func(h report.Hover) { s.openShare(a, b.facet, shares[h.Point].Name, "answered", answered) },
		}, said{note: s.answers(a)}
	})
	table := s.newShareCard("speed_table", by, columnName, columnAppeals, columnN, columnMedian, columnMean, columnP90, columnInTime, columnTrend)
	for _, c := range []*card{speed, spread, table.card} {
		c.heading = func() string {
			return t.T("analytics.card."+c.name+".by", t.T("analytics.among."+s.by.value))
		}
	}
	s.byTable = table
	return []*card{speed, spread, table.card}
}

// redrawBy shows the cards of the facet that was chosen.
func (s *analyticsScreen) redrawBy() {
	s.byTable.retitle()
	for _, name := range []string{"speed_by", "spread_by", "speed_table"} {
		s.cards[name].shown = nil
	}
	s.draw()
}

// answeredShares gives the shares with answers, those with most appeals, at most as many
// as a chart has bars.
func answeredShares(all []app.Share) []app.Share {
	var out []app.Share
	for _, x := range all {
		if x.Response.N > 0 && len(out) < barsMost {
			out = append(out, x)
		}
	}
	return out
}

// hours writes a length of time that a chart gives in hours.
func (s *analyticsScreen) hours(v float64) string {
	return s.labels().Time(time.Duration(v * float64(time.Hour)).Round(time.Second))
}
