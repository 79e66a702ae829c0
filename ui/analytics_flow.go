package ui

import (
	"otklik/app"
	"otklik/report"
)

// flowCards are the cards of numbers of appeals.
func (s *analyticsScreen) flowCards() []*card {
	t := s.w.text
	pace := s.newChartCard("pace", nil, func(a *app.Analytics) (picture, said) {
		if a.Now.Appeals+a.Now.Closed+a.Now.Backlog == 0 {
			return picture{}, s.noAppeals(a)
		}
		now := a.Now
		sums := t.T("analytics.pace_note", t.Number(int64(now.Appeals)), t.Number(int64(now.Closed)), t.Number(int64(now.Backlog)))
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture {
				l = marked(l, a)
				return report.Pace(l, a.Steps, labels)
			},
			tell: func(h report.Hover) []string { return s.tellPace(a, h) },
			open: func(h report.Hover) { s.openPace(a, h) },
			time: true,
		}, said{note: joined(sums, s.stepWords(a), occasionWords(a))}
	})
	pace.heading = func() string {
		if s.figures == nil {
			return t.T("analytics.card.pace")
		}
		return t.T("analytics.card.pace." + string(s.step(s.figures)))
	}
	heat := s.newChartCard("heat", nil, func(a *app.Analytics) (picture, said) {
		if a.Now.Appeals == 0 {
			return picture{}, s.noAppeals(a)
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture { return report.Heat(l, a.Heat, labels) },
			tell: tellHeat(t, a.Heat),
			open: func(h report.Hover) { s.openHour(a, h) },
		}, said{note: s.counted(a)}
	})
	return []*card{
		pace, heat,
		s.countCard("sources", "source"), s.countCard("kinds", "kind"), s.countCard("executors", "executor"),
	}
}

// topicCards are the cards of topics: by their share, and how it has changed.
func (s *analyticsScreen) topicCards() []*card {
	table := func(name, facet string) *card {
		return s.newShareCard(name, func() breakdown { return breakdownOf(facet) },
			columnName, columnAppeals, columnPart, columnChange, columnMedian, columnInTime).card
	}
	return []*card{
		table("groups", "group"), table("topics", "topic"),
		s.countCard("group_bars", "group"), s.countCard("topic_bars", "topic"),
	}
}

// countCard is a card of the numbers of appeals by a facet, with those they are compared
// with.
func (s *analyticsScreen) countCard(name, of string) *card {
	t, b := s.w.text, breakdownOf(of)
	return s.newChartCard(name, nil, func(a *app.Analytics) (picture, said) {
		shares := b.of(a)
		if len(shares) == 0 {
			return picture{}, s.noAppeals(a)
		}
		shown := shares[:min(len(shares), barsMost)]
		bars := make([]report.Bar, 0, len(shown))
		for _, x := range shown {
			bar := report.Bar{Name: b.facet.value(t, x.Name), Value: float64(x.Appeals), Note: t.Percent(x.Part, 1)}
			if s.compares(a) {
				n, _ := s.than(x)
				bar.Before = new(float64(n))
			}
			bars = append(bars, bar)
		}
		labels := s.labels()
		number := func(v float64) string { return t.Number(int64(v)) }
		note := s.counted(a)
		if rest := len(shares) - len(shown); rest > 0 {
			note = joined(note, t.N("analytics.more_in_table", rest))
		}
		return picture{
			draw: func(l report.Look) report.Picture { return report.Bars(l, bars, 0, number, labels) },
			tell: func(h report.Hover) []string { return s.tellShare(b, shown[h.Point]) },
			open: func(h report.Hover) { s.openShare(a, b.facet, shown[h.Point].Name, "", nil) },
		}, said{note: note}
	})
}
