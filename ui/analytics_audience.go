package ui

import (
	"sync"

	"otklik/app"
	"otklik/report"
)

// linesMost is how many pages are drawn as lines of their own.
const linesMost = 5

// audienceCards are the cards of subscribers.
func (s *analyticsScreen) audienceCards() []*card {
	t := s.w.text
	networks := s.newChartCard("networks", nil, func(a *app.Analytics) (picture, said) {
		if !anyCounted(a) {
			return picture{}, s.noCounts(a)
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture {
				l = marked(l, a)
				return report.Networks(l, a.Audience.Networks, a.Period.From, labels)
			},
			tell: tellNetworks(t, a.Audience.Networks, a.Period.From),
			open: func(h report.Hover) { s.openNetwork(a, h) },
			time: true,
		}, s.audience(a, t.T("analytics.unit.subscribers"))
	})
	shares := s.newChartCard("network_shares", nil, func(a *app.Analytics) (picture, said) {
		if !anyCounted(a) {
			return picture{}, s.noCounts(a)
		}
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture {
				l = marked(l, a)
				return report.NetworkShares(l, a.Audience.Networks, a.Period.From, labels)
			},
			tell: func(h report.Hover) []string { return s.tellNetworkShares(a, h) },
			open: func(h report.Hover) { s.openNetwork(a, h) },
			time: true,
		}, s.audience(a, "%")
	})
	return []*card{
		networks, shares, s.linesCard(), s.growthCard("leaders", func(a *app.Analytics) []app.PageGrowth { return a.Audience.Leaders }),
		s.growthCard("losers", func(a *app.Analytics) []app.PageGrowth { return a.Audience.Losers }),
	}
}

// linesCard is the growth of single pages: those that have grown most.
func (s *analyticsScreen) linesCard() *card {
	t, desk := s.w.text, s.w.desk
	return s.newChartCard("lines", nil, func(a *app.Analytics) (picture, said) {
		leaders := a.Audience.Leaders
		leaders = leaders[:min(len(leaders), linesMost)]
		if len(leaders) == 0 {
			return picture{}, s.noGrowth(a)
		}
		// Read once, on the worker that draws.
		lines := sync.OnceValue(func() []report.Line {
			out := make([]report.Line, len(leaders))
			for i, p := range leaders {
				series, err := desk.PageSeries(p.ID)
				if err != nil {
					series = app.Series{First: a.Period.From}
				}
				out[i] = report.Line{Name: p.Name, Series: series}
			}
			return out
		})
		labels := s.labels()
		return picture{
			draw: func(l report.Look) report.Picture {
				l = marked(l, a)
				return report.Lines(l, lines(), a.Period, labels)
			},
			tell: func(h report.Hover) []string { return s.tellLine(lines(), h) },
			open: func(h report.Hover) { s.w.showPage(leaders[h.Series].ID) },
			time: true,
		}, s.audience(a, t.T("analytics.unit.subscribers"))
	})
}

// growthCard is a table of the pages that have grown or fallen most.
func (s *analyticsScreen) growthCard(name string, of func(*app.Analytics) []app.PageGrowth) *card {
	t, p := s.w.text, s.w.pal
	var pages []app.PageGrowth
	table := s.w.newTable([]tableColumn{
		{title: t.T("pages.col.network"), width: 50, kind: cellBadge},
		{title: t.T("analytics.col.page"), width: 120, grow: 1},
		{title: t.T("analytics.col.subscribers"), width: 92, right: true, spare: 1},
		{title: t.T("analytics.col.growth"), width: 84, right: true},
		{title: "%", width: 70, right: true, spare: 2},
	}, shareRow, sizeCaption, func(i int, c []cell) {
		g := pages[i]
		diff := int(g.To) - int(g.From)
		c[0].source = g.Network
		c[1].words = g.Name
		c[2].words = t.Number(int64(g.To))
		c[3] = cell{words: t.Signed(int64(diff)), ink: p.signed(diff)}
		if g.From > 0 {
			c[4] = cell{words: signedPercent(t, float64(diff)/float64(g.From)), ink: p.signed(diff)}
		}
	})
	table.list.clickAgain = true
	table.list.activate = func(i int) { s.w.showPage(pages[i].ID) }
	return s.newTableCard(name, nil, table, func(a *app.Analytics) (int, said) {
		pages = of(a)
		if len(pages) == 0 {
			words := s.noGrowth(a)
			if anyCounted(a) {
				words = said{empty: t.T("analytics.empty." + name)}
			}
			return 0, words
		}
		return len(pages), s.audience(a, "")
	})
}

// anyCounted says whether any page was counted in the period.
func anyCounted(a *app.Analytics) bool { return len(a.Audience.Networks) > 0 }

// audience is what cards of subscribers say: which conditions say nothing of pages, and
// of how many pages it is.
func (s *analyticsScreen) audience(a *app.Analytics, unit string) said {
	t := s.w.text
	pages := ""
	if a.Audience.Pages > 0 {
		pages = t.N("analytics.pages", a.Audience.Pages)
	}
	ignored := deaf(t, a.Filter)
	return said{note: joined(ignored, unit, pages, t.T("analytics.not_people")), warns: ignored != ""}
}

func (s *analyticsScreen) noCounts(*app.Analytics) said {
	t := s.w.text
	return said{empty: t.T("analytics.empty.counts"), hint: t.T("analytics.empty.counts_hint")}
}

func (s *analyticsScreen) noGrowth(a *app.Analytics) said {
	if !anyCounted(a) {
		return s.noCounts(a)
	}
	t := s.w.text
	return said{empty: t.T("analytics.empty.growth"), hint: t.T("analytics.empty.growth_hint")}
}
