package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// Sizes of the lists of growth: both are seen at once.
const (
	moversMost    = 10
	moverHeight   = 25
	captionHeight = 28
)

// growthDays are the periods growth is told for.
var growthDays = []int{7, 30, 90}

// pagesGrowth shows who has grown most and who has lost most.
type pagesGrowth struct {
	s        *pagesScreen
	up, down *movers
	days     int
	by       app.GrowthBy
	ofDays   *choice
	measure  *choice
}

// movers are one of the two lists.
type movers struct {
	caption *stretchText
	table   *table
	pages   []app.PageGrowth
	rows    []app.PageRow
}

func newPagesGrowth(s *pagesScreen) *pagesMode {
	w, t := s.w, s.w.text
	g := &pagesGrowth{s: s, days: 30, by: app.GrowthCount}
	g.up, g.down = g.newMovers(), g.newMovers()
	var days []option
	for _, n := range growthDays {
		days = append(days, option{fmt.Sprint(n), t.N("pages.growth.days", n)})
	}
	g.ofDays = w.newChoice(t.T("pages.growth.period"), days, fmt.Sprint(g.days), func(v string) {
		_, _ = fmt.Sscan(v, &g.days) // one of those above
		s.reload()
	})
	g.measure = w.newChoice(t.T("pages.growth.measure"), named(t, "pages.growth.by", app.GrowthMeasures), string(g.by), func(v string) {
		g.by = app.GrowthBy(v)
		s.reload()
		s.object.Refresh()
	})
	body := container.New(arrangement{
		min: g.up.table.MinSize,
		place: func(size fyne.Size) {
			half := size.Height / 2
			for i, m := range []*movers{g.up, g.down} {
				y := float32(i) * half
				place(m.caption, cellSide, y, size.Width-2*cellSide, captionHeight)
				place(m.table, 0, y+captionHeight, size.Width, half-captionHeight)
			}
		},
	}, g.up.caption, g.up.table, g.down.caption, g.down.table)
	return &pagesMode{object: body, list: g.up.table.list, tools: []fyne.CanvasObject{g.ofDays, g.measure}, load: g.load, words: g.words}
}

// words are both lists, one under the other.
func (g *pagesGrowth) words() (heads []string, rows [][]string) {
	heads, rows = g.up.table.words()
	_, down := g.down.table.words()
	return heads, append(rows, down...)
}

func (g *pagesGrowth) newMovers() *movers {
	s, t := g.s, g.s.w.text
	m := &movers{caption: s.w.newStretchText()}
	m.table = s.newPageTable([]tableColumn{
		{title: t.T("pages.col.network"), width: 50, kind: cellBadge},
		{title: t.T("pages.col.name"), width: 170, grow: 1.4},
		{title: t.T("pages.col.place"), width: 120, grow: 0.8, spare: 1},
		{title: t.T("pages.col.before"), width: 82, right: true, spare: 2},
		{title: t.T("pages.col.after"), width: 82, right: true},
		{title: t.T("pages.growth.by.count"), width: 104, right: true},
		{title: t.T("pages.col.share"), width: 74, right: true},
		{title: t.T("pages.col.per_thousand"), width: 126, right: true},
	}, moverHeight, func(i int) app.PageRow { return m.rows[i] }, func(i int, c []cell) { g.fill(m, i, c) })
	return m
}

func (g *pagesGrowth) load(q app.PageQuery) func() (func(), error) {
	desk, filter, days, by := g.s.w.desk, app.Filter{}, app.Day(g.days), g.by
	if q.Network != "" {
		filter.Sources = []app.Source{q.Network}
	}
	if q.Municipality != "" {
		filter.Municipalities = []string{q.Municipality}
	}
	return func() (func(), error) {
		all, err := desk.Pages(app.PageQuery{})
		if err != nil {
			return nil, err
		}
		rows, last := map[string]app.PageRow{}, app.Day(0)
		for _, r := range all {
			rows[r.ID] = r
			if _, of, ok := r.Quarter.LastKnown(r.Quarter.First + app.Day(len(r.Quarter.Values)) - 1); ok {
				last = max(last, of)
			}
		}
		period := app.Period{From: last - days, To: last}
		up, down, err := desk.Movers(period, filter, by, moversMost)
		return func() {
			g.show(g.up, "pages.growth.up", period, up, rows)
			g.show(g.down, "pages.growth.down", period, down, rows)
		}, err
	}
}

func (g *pagesGrowth) show(m *movers, caption string, period app.Period, pages []app.PageGrowth, rows map[string]app.PageRow) {
	t := g.s.w.text
	m.pages, m.rows = pages, make([]app.PageRow, len(pages))
	for i, p := range pages {
		m.rows[i] = rows[p.ID]
	}
	m.caption.set(t.T(caption, wholeDay(t, period.From), wholeDay(t, period.To), t.T("pages.growth.formula."+string(g.by))), g.s.w.pal.text)
	m.table.setEmpty(t.T("pages.growth.none"), nil)
	g.s.settle(m.table, len(m.rows), func(i int) app.PageRow { return m.rows[i] })
}

func (g *pagesGrowth) fill(m *movers, i int, c []cell) {
	p, w, t := &m.pages[i], g.s.w, g.s.w.text
	ink := w.pal.signed(int(p.Diff()))
	c[0].source = p.Network
	c[1] = cell{words: p.Name, bold: true}
	c[2] = cell{words: p.Municipality, ink: w.pal.second}
	c[3] = cell{words: t.Number(int64(p.From)), ink: w.pal.second}
	c[4] = cell{words: t.Number(int64(p.To))}
	for j, by := range app.GrowthMeasures {
		to := &c[5+j]
		to.words, to.ink, to.bold = t.T("screens.dash"), w.pal.faint, by == g.by
		v, ok := p.By(by)
		if !ok {
			continue
		}
		to.ink = ink
		switch by {
		case app.GrowthCount:
			to.words = t.Signed(p.Diff())
		case app.GrowthShare:
			to.words = signedPercent(t, v)
		case app.GrowthResidents:
			to.words = t.Decimal(v, 2)
			if v > 0 {
				to.words = "+" + to.words
			}
		}
	}
}
