package ui

import (
	"cmp"
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"otklik/app"
	"otklik/assets"
)

// pagesLinks lists what became of the links, those that ask for work first.
type pagesLinks struct {
	s     *pagesScreen
	table *table
	rows  []app.PageRow
	check *button
	stop  func() // ends the round, nil while there is none
}

func newPagesLinks(s *pagesScreen) *pagesMode {
	m, t := &pagesLinks{s: s}, s.w.text
	m.table = s.newPageTable([]tableColumn{
		{title: t.T("pages.col.network"), width: 50, kind: cellBadge},
		{title: t.T("pages.col.name"), width: 170, grow: 1.2},
		{title: t.T("pages.col.link"), width: 150, grow: 0.8},
		{title: t.T("pages.col.link_state"), width: 142, kind: cellChip},
		{title: t.T("pages.col.link_reason"), width: 150, grow: 1, spare: 1},
		{title: t.T("pages.col.checked"), width: 92},
	}, pageRowHeight, func(i int) app.PageRow { return m.rows[i] }, m.fill)
	m.check = s.w.button(t.T("pages.links.check"), "", m.press)
	m.check.setDisabled(!s.w.desk.MayCheckLinks())
	return &pagesMode{object: m.table, list: m.table.list, tools: []fyne.CanvasObject{s.trouble, m.check}, load: m.load, words: m.table.words}
}

func (m *pagesLinks) load(q app.PageQuery) func() (func(), error) {
	desk := m.s.w.desk
	return func() (func(), error) {
		rows, err := desk.Pages(q)
		rows = slices.DeleteFunc(rows, func(r app.PageRow) bool { return r.Link == "" })
		rank := func(r *app.PageRow) int {
			if r.LinkSeen == nil {
				return len(app.LinkStates)
			}
			return slices.Index(app.LinkStates, r.LinkSeen.State)
		}
		slices.SortStableFunc(rows, func(a, b app.PageRow) int { return cmp.Compare(rank(&a), rank(&b)) })
		return func() {
			m.rows = rows
			m.table.setEmpty(m.s.w.text.T("pages.none_found"), m.s.clear)
			m.s.settle(m.table, len(rows), func(i int) app.PageRow { return rows[i] })
		}, err
	}
}

func (m *pagesLinks) fill(i int, c []cell) {
	r, w, t := &m.rows[i], m.s.w, m.s.w.text
	c[0].source = r.Network
	c[1] = cell{words: r.Name, bold: true}
	c[2] = cell{words: trimScheme(r.Link), ink: w.pal.second}
	c[3] = cell{words: t.T("pages.links.unchecked"), tone: toneGrey}
	c[5] = cell{words: t.T("screens.dash"), ink: w.pal.faint}
	if seen := r.LinkSeen; seen != nil {
		c[3].words, c[3].tone = assets.Name(t, "link_short", seen.State), linkTone(seen.State)
		c[4] = cell{words: w.linkReason(seen), ink: w.pal.second}
		c[5] = cell{words: t.Date(w.here(seen.At)), ink: w.pal.second}
	}
}

func linkTone(s app.LinkState) tone {
	switch {
	case s.Dead():
		return toneRed
	case s == app.LinkOpens:
		return toneGreen
	case s == app.LinkUnsure:
		return toneGrey
	}
	return toneAmber
}

// linksASecond is about how many links of one site are opened in a second.
const linksASecond = 2

// press begins a round of links, or ends the one that is under way.
func (m *pagesLinks) press() {
	if m.stop != nil {
		m.stop()
		return
	}
	w, t, n := m.s.w, m.s.w.text, len(m.rows)
	if n == 0 {
		return
	}
	// Requests leave this machine, so a person says so each time.
	minutes := t.N("pages.links.minutes", max(1, n/linksASecond/60))
	w.ask(question{
		title: t.T("pages.links.check"), width: 520, yes: t.T("pages.links.yes"),
		content: aligned(paragraph(t.N("pages.links.about", n, minutes))),
		do: func() bool {
			m.begin()
			return true
		},
	})
}

// begin follows the links that are listed; people go on working meanwhile.
func (m *pagesLinks) begin() {
	w, t := m.s.w, m.s.w.text
	pages := make([]app.Page, len(m.rows))
	for i, r := range m.rows {
		pages[i] = r.Page
	}
	done := 0
	m.stop = w.live.Long(func(ctx context.Context) error {
		return w.desk.CheckLinks(ctx, pages, func(n, of int) {
			w.live.OnScreen(func() {
				done = n
				m.say(t.T("pages.links.stop", t.Number(int64(n)), t.Number(int64(of))))
			})
		})
	}, func(err error) {
		m.stop = nil
		m.say(t.T("pages.links.check"))
		if err != nil && app.CodeOf(err) != app.CodeCancelled {
			w.fail(err)
			return
		}
		w.say(t.N("pages.links.done", done))
	})
}

func (m *pagesLinks) say(words string) {
	m.check.setLabel(words, "")
	m.s.strip.Refresh()
}
