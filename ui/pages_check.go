package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// pagesCheck lists the pages with what is asked of them, the worst first.
type pagesCheck struct {
	s     *pagesScreen
	table *table
	rows  []app.PageRow
	sums  *stretchText
}

func newPagesCheck(s *pagesScreen) *pagesMode {
	c := &pagesCheck{s: s, sums: s.w.newStretchText()}
	t := s.w.text
	c.table = s.newPageTable([]tableColumn{
		{title: t.T("pages.col.network"), width: 50, kind: cellBadge},
		{title: t.T("pages.col.name"), width: 190, grow: 1},
		{title: t.T("pages.col.founder"), width: 150, grow: 0.6, spare: 1},
		{title: t.T("pages.col.score"), width: 120, kind: cellChip},
		{title: t.T("pages.col.fix"), width: 380, grow: 2.4},
		{title: t.T("pages.col.more"), width: 54, right: true},
	}, pageRowHeight, func(i int) app.PageRow { return c.rows[i] }, c.fill)
	body := container.New(arrangement{
		min: c.table.MinSize,
		place: func(size fyne.Size) {
			place(c.sums, cellSide, 0, size.Width-2*cellSide, captionHeight)
			place(c.table, 0, captionHeight, size.Width, size.Height-captionHeight)
		},
	}, c.sums, c.table)
	return &pagesMode{object: body, list: c.table.list, tools: []fyne.CanvasObject{s.zone, s.trouble}, load: c.load, words: c.table.words}
}

func (c *pagesCheck) load(q app.PageQuery) func() (func(), error) {
	return func() (func(), error) {
		rows, err := c.s.w.desk.Compliance(q)
		return func() { c.show(rows) }, err
	}
}

func (c *pagesCheck) show(rows []app.PageRow) {
	c.rows = rows
	t := c.s.w.text
	zones, apart := map[app.Zone]int{}, 0
	for _, r := range rows {
		zones[r.Zone]++
		if r.Apart != "" {
			apart++
		}
	}
	var parts []string
	for _, z := range app.Zones {
		parts = append(parts, assets.Name(t, "zone", z)+": "+t.Number(int64(zones[z])))
	}
	c.sums.set(joined(append(parts, t.T("pages.apart")+": "+t.Number(int64(apart)))...), c.s.w.pal.second)
	c.table.setEmpty(t.T("pages.none_found"), c.s.clear)
	c.s.settle(c.table, len(rows), func(i int) app.PageRow { return rows[i] })
	if c.table.list.selected < 0 && len(rows) > 0 {
		c.table.list.mark(0)
		c.s.pick(rows[0])
	}
}

// fill shows what brings most points, and how much more there is to do.
func (c *pagesCheck) fill(i int, cells []cell) {
	r, w, t := c.rows[i], c.s.w, c.s.w.text
	cells[0].source = r.Network
	cells[1] = cell{words: r.Name, bold: true}
	cells[2] = cell{words: r.Founder, ink: w.pal.second}
	cells[3].words, cells[3].tone = w.scoreWords(&r.PageCheck)
	cells[4].words, cells[4].ink = c.first(&r)
	if more := len(lacking(&r.PageCheck)) - 1; more > 0 {
		cells[5] = cell{words: t.Signed(int64(more)), ink: w.pal.second}
	}
}

func (c *pagesCheck) first(r *app.PageRow) (string, color.Color) {
	w, t := c.s.w, c.s.w.text
	lacks := lacking(&r.PageCheck)
	switch {
	case r.Apart == app.ApartGround:
		return r.NotKept, w.pal.muted
	case r.Apart != "":
		return t.T("pages.no_ground"), w.pal.muted
	case len(lacks) > 0:
		return w.lackWords(&lacks[0]) + ". " + lacks[0].Fix, nil
	case r.Open > 0:
		return t.T("pages.find_out"), w.pal.muted
	}
	return t.T("pages.all_there"), w.pal.green
}
