package ui

import (
	"image/color"
	"slices"
	"time"

	"otklik/app"
)

func (s *pagesScreen) columns() []tableColumn {
	t := s.w.text
	return []tableColumn{
		{title: t.T("pages.col.network"), width: 50, kind: cellBadge},
		{title: t.T("pages.col.name"), sort: string(app.PagesByName), width: 190, grow: 1.4},
		{title: t.T("pages.col.founder"), sort: string(app.PagesByKeeper), width: 130, grow: 1, spare: 4},
		{title: t.T("pages.col.count"), sort: string(app.PagesByCount), width: 116, right: true},
		{title: t.T("pages.col.week"), sort: string(app.PagesByWeek), width: 62, right: true},
		{title: t.T("pages.col.month"), sort: string(app.PagesByMonth), width: 68, right: true, spare: 2},
		{title: t.T("pages.col.quarter"), width: sparkWidth + 2*cellSide, kind: cellSpark, spare: 3},
		{title: t.T("pages.col.post"), sort: string(app.PagesByPost), width: 70, spare: 1},
		{title: t.T("pages.col.score"), sort: string(app.PagesByScore), width: 120, kind: cellChip},
	}
}

// loadRegistry asks for the registry.
func (s *pagesScreen) loadRegistry(q app.PageQuery) func() (func(), error) {
	return func() (func(), error) {
		rows, err := s.w.desk.Pages(q)
		return func() { s.show(rows) }, err
	}
}

// sort orders by the column, the other way round where it is ordered by it
// already.
func (s *pagesScreen) sort(key string) {
	if s.query.Sort == app.PageSort(key) {
		s.query.Ascending = !s.query.Ascending
	} else {
		s.query.Sort, s.query.Ascending = app.PageSort(key), false
	}
	s.markSort()
	s.reload()
}

// markSort points the mark the way the values go: names begin with А in the
// order the desk calls falling.
func (s *pagesScreen) markSort() {
	up := s.query.Ascending
	if s.query.Sort == app.PagesByName || s.query.Sort == app.PagesByKeeper {
		up = !up
	}
	s.table.setSort(string(s.query.Sort), up)
}

// show puts the rows into the table; the selected page stays selected.
func (s *pagesScreen) show(rows []app.PageRow) {
	s.rows = rows
	if s.query.Narrows() {
		s.table.setEmpty(s.w.text.T("pages.none_found"), s.clear)
	} else {
		s.table.setEmpty(s.w.text.T("pages.empty"), nil)
	}
	s.table.setCount(len(rows))
	at := slices.IndexFunc(rows, func(r app.PageRow) bool { return r.ID == s.selected })
	if at < 0 && len(rows) > 0 {
		at = 0
	}
	s.table.list.mark(at)
	if at < 0 {
		s.selected = ""
		s.card.clear()
		return
	}
	s.choose(at)
}

func (s *pagesScreen) choose(i int) {
	s.pick(s.rows[i])
}

// fill gives the cells of a row.
func (s *pagesScreen) fill(i int, c []cell) {
	r, t, p := s.rows[i], s.w.text, s.w.pal
	c[0].source = r.Network
	c[1] = cell{words: r.Name, bold: true}
	c[2] = cell{words: r.Founder, ink: p.second}
	c[3].words = t.T("screens.dash")
	c[3].ink = p.faint
	if r.Counted {
		c[3] = cell{words: t.Number(int64(r.Count))}
		c[6].picture = s.sparks.of(r.ID, r.Quarter)
	}
	c[4] = s.growth(r.Week)
	c[5] = s.growth(r.Month)
	c[7].words, c[7].ink = s.post(r.LastPost)
	c[8].words, c[8].tone = s.w.scoreWords(&r.PageCheck)
}

// growth writes a difference; one that is not known is a dash, not a zero.
func (s *pagesScreen) growth(n *int) cell {
	if n == nil {
		return cell{words: s.w.text.T("screens.dash"), ink: s.w.pal.faint}
	}
	return cell{words: s.w.text.Signed(int64(*n)), ink: s.w.pal.signed(*n)}
}

// signed is the colour of a difference.
func (p *palette) signed(n int) color.Color {
	switch {
	case n > 0:
		return p.green
	case n < 0:
		return p.red
	}
	return p.muted
}

// post says how long ago the last post was.
func (s *pagesScreen) post(at time.Time) (string, color.Color) {
	t, p := s.w.text, s.w.pal
	if at.IsZero() {
		return t.T("screens.dash"), p.faint
	}
	switch days := int(app.DayOf(s.now) - app.DayOf(s.w.here(at))); {
	case days <= 0:
		return t.T("pages.post.today"), p.second
	case days == 1:
		return t.T("pages.post.yesterday"), p.second
	case days > staleAfter:
		return t.N("pages.post.days", days), p.red
	default:
		return t.N("pages.post.days", days), p.second
	}
}
