package ui

import (
	"fmt"
	"slices"

	"otklik/app"
	"otklik/assets"
)

// pagesTwins lists the entries of the registry that are one page, group by group.
type pagesTwins struct {
	s     *pagesScreen
	table *table
	rows  []twinRow
}

// twinRow is one entry of a group.
type twinRow struct {
	app.PageRow
	group int // counted from 1
	first bool
	by    []app.TwinBy
}

func newPagesTwins(s *pagesScreen) *pagesMode {
	m, t := &pagesTwins{s: s}, s.w.text
	m.table = s.newPageTable([]tableColumn{
		{title: t.T("pages.col.group"), width: 44, right: true},
		{title: t.T("pages.col.network"), width: 50, kind: cellBadge},
		{title: t.T("pages.col.name"), width: 190, grow: 1.2},
		{title: t.T("pages.col.founder"), width: 150, grow: 0.8, spare: 1},
		{title: t.T("pages.col.link"), width: 190, grow: 1},
		{title: t.T("pages.col.count"), width: 104, right: true, spare: 2},
		{title: t.T("pages.col.twin_by"), width: 216, grow: 0.6},
	}, pageRowHeight, func(i int) app.PageRow { return m.rows[i].PageRow }, m.fill)
	return &pagesMode{object: m.table, list: m.table.list, load: m.load, words: m.table.words}
}

// load keeps groups whole of which one entry is asked for.
func (m *pagesTwins) load(q app.PageQuery) func() (func(), error) {
	desk := m.s.w.desk
	return func() (func(), error) {
		groups, err := desk.PageTwins()
		if err != nil {
			return nil, err
		}
		all, err := desk.Pages(app.PageQuery{})
		if err != nil {
			return nil, err
		}
		q.Zone, q.Trouble = "", ""
		asked, err := desk.Pages(q)
		if err != nil {
			return nil, err
		}
		rows, wanted := map[string]app.PageRow{}, map[string]bool{}
		for _, r := range all {
			rows[r.ID] = r
		}
		for _, r := range asked {
			wanted[r.ID] = true
		}
		var out []twinRow
		n := 0
		for _, g := range groups {
			if !slices.ContainsFunc(g.Pages, func(p app.Page) bool { return wanted[p.ID] }) {
				continue
			}
			n++
			for i, p := range g.Pages {
				out = append(out, twinRow{rows[p.ID], n, i == 0, g.By})
			}
		}
		return func() {
			m.rows = out
			m.table.setEmpty(m.s.w.text.T("pages.twins.none"), nil)
			m.s.settle(m.table, len(out), func(i int) app.PageRow { return out[i].PageRow })
		}, nil
	}
}

func (m *pagesTwins) fill(i int, c []cell) {
	r, w, t := &m.rows[i], m.s.w, m.s.w.text
	if r.first {
		c[0] = cell{words: fmt.Sprint(r.group), bold: true}
		var ties []string
		for _, by := range r.by {
			ties = append(ties, assets.Name(t, "twin", by))
		}
		c[6].words = joined(ties...)
	}
	c[1].source = r.Network
	c[2] = cell{words: r.Name, bold: r.first}
	c[3] = cell{words: r.Founder, ink: w.pal.second}
	c[4] = cell{words: trimScheme(r.Link), ink: w.pal.second}
	if r.Link == "" {
		c[4] = cell{words: t.T("screens.dash"), ink: w.pal.faint}
	}
	c[5] = cell{words: t.T("screens.dash"), ink: w.pal.faint}
	if r.Counted {
		c[5] = cell{words: t.Number(int64(r.Count))}
	}
}
