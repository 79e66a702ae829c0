package ui

import (
	"context"
	"image/color"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/report"
)

// Sizes of the card, as drawn.
const (
	cardSide    = 16
	chartHeight = 130
)

// chartPeriod is a stretch of the growth chart; 0 days is everything.
type chartPeriod struct {
	key  string
	days int
}

var chartPeriods = []chartPeriod{
	{"pages.period.month", 30}, {"pages.period.quarter", 90}, {"pages.period.year", 365}, {"pages.period.all", 0},
}

// pageCard is the right side of the screen: one page, its growth, and what is
// asked of a state page.
type pageCard struct {
	w       *Window
	object  *fyne.Container
	content *fyne.Container
	scroll  *container.Scroll
	framed  fyne.CanvasObject // the scroll, as it is shown
	none    *canvas.Text      // where no page is selected

	chart   *chartView
	chosen  int // of chartPeriods
	periods []*toggle
	appeals *button

	row    app.PageRow
	has    bool
	series app.Series
	load   Slot
	tally  Slot
}

func newPageCard(w *Window) *pageCard {
	c := &pageCard{w: w, chart: w.newChartView(), chosen: 1, content: container.New(column{})}
	edge := canvas.NewRectangle(w.pal.border)
	c.none = newText(w.text.T("pages.card.none"), sizeText, w.pal.muted, false)
	for i, p := range chartPeriods {
		c.periods = append(c.periods, w.toggle(w.text.T(p.key), i == c.chosen, func(bool) { c.period(i) }))
	}
	c.appeals = w.button("", "", func() { w.showPageAppeals(c.row.ID, c.row.Name) })
	c.scroll = container.NewVScroll(container.New(gaps{16, cardSide, 16, cardSide}, c.content))
	c.framed = w.quiet(c.scroll)
	c.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(pageCardWidth, 200) },
		place: func(size fyne.Size) {
			place(edge, 0, 0, 1, size.Height)
			place(c.framed, 1, 0, size.Width-1, size.Height)
			c.none.Move(fyne.NewPos((size.Width-c.none.MinSize().Width)/2, size.Height/3))
		},
	}, edge, c.framed, c.none)
	return c
}

// clear shows that no page is selected.
func (c *pageCard) clear() {
	c.has = false
	c.w.live.Drop(&c.load)
	c.w.live.Drop(&c.tally)
	c.none.Show()
	c.framed.Hide()
	c.object.Refresh()
}

// show is called with the selected row; counts and appeals follow from the
// store.
func (c *pageCard) show(row app.PageRow) {
	other := !c.has || c.row.ID != row.ID
	c.row, c.has = row, true
	c.none.Hide()
	c.framed.Show()
	if other {
		c.appeals.setLabel(c.w.text.T("pages.appeals"), "")
		c.series = row.Quarter // what is known already, until all counts come
		c.scroll.ScrollToTop()
	}
	c.rebuild()
	c.plot()
	w, id := c.w, row.ID
	w.live.Load(&c.load, func(context.Context) (func(), error) {
		series, err := w.desk.PageSeries(id)
		if err != nil {
			return nil, err
		}
		return func() {
			c.series = series
			c.plot()
		}, nil
	})
	c.count()
}

// count asks how many open appeals came by this page.
func (c *pageCard) count() {
	if !c.has {
		return
	}
	w, id := c.w, c.row.ID
	w.live.Load(&c.tally, func(context.Context) (func(), error) {
		found, err := w.desk.Find(app.Query{Queue: app.QueueOpen, Filter: app.Filter{Page: id}})
		if err != nil {
			return nil, err
		}
		return func() {
			c.appeals.setLabel(w.text.T("pages.appeals_count", w.text.Number(int64(found.Total))), "")
			c.content.Refresh()
		}, nil
	})
}

// period chooses what the chart shows.
func (c *pageCard) period(i int) {
	c.chosen = i
	for j, t := range c.periods {
		t.set(i == j)
	}
	c.plot()
}

// plot draws the counts of the chosen period, which ends with the last count.
func (c *pageCard) plot() {
	series, days := c.series, chartPeriods[c.chosen].days
	labels, occasions := c.w.chartLabels(), c.w.desk.Region().OccasionsIn(c.row.Municipality)
	last := series.First + app.Day(len(series.Values)-1)
	_, to, ok := series.LastKnown(last)
	from := to - app.Day(days) + 1
	if days == 0 || !ok {
		from = series.First
	}
	c.chart.set(func(l report.Look) report.Picture {
		l.Occasions = occasions
		return report.Growth(l, series, from, to, labels)
	}, tellGrowth(c.w.text, series))
}

// rebuild puts the card together; what a page has not is not shown.
func (c *pageCard) rebuild() {
	w, p := c.w, c.w.pal
	room := float32(pageCardWidth - 2*cardSide - 1)
	objects := []fyne.CanvasObject{
		container.New(line{}, w.newBadge(c.row.Network)),
		space(4),
	}
	for _, l := range w.cuts.wrap(c.row.Name, sizeHeading, true, room, 3) {
		objects = append(objects, newText(l, sizeHeading, p.text, true))
	}
	under := c.row.Founder
	if c.row.Link != "" {
		under = joined(trimScheme(c.row.Link), c.row.Founder)
	}
	for _, l := range w.cuts.wrap(under, sizeCaption, false, room, 2) {
		objects = append(objects, newText(l, sizeCaption, p.muted, false))
	}
	if c.row.Apart == app.ApartGround || c.row.Apart == app.ApartNoLink {
		objects = append(objects, c.notKept(room)...)
		if c.row.Counted {
			objects = append(objects, space(10), c.figures(), space(10), c.growthCard())
		}
		c.content.Objects = append(objects, space(12), c.buttons())
		c.content.Refresh()
		return
	}
	objects = append(objects, space(8), c.figures())
	objects = append(objects, c.formulas(room)...)
	objects = append(objects, space(10), c.growthCard(), space(8))
	objects = append(objects, c.requirements(room)...)
	c.content.Objects = append(objects, space(12), c.buttons())
	c.content.Refresh()
}

// buttons lead from the card to what belongs to the page.
func (c *pageCard) buttons() fyne.CanvasObject {
	if c.row.Link == "" {
		return container.New(line{8}, c.appeals)
	}
	return container.New(line{8}, c.w.button(c.w.text.T("pages.open"), "", c.openLink), c.appeals)
}

// notKept says that there is no page, and why.
func (c *pageCard) notKept(room float32) []fyne.CanvasObject {
	w, t := c.w, c.w.text
	out := []fyne.CanvasObject{space(12), container.New(line{}, w.newStateChip(t.T("pages.not_kept"), toneAmber)), space(4)}
	ground := t.T("pages.no_ground")
	if c.row.NotKept != "" {
		ground = t.T("pages.ground", c.row.NotKept)
	}
	for _, l := range w.cuts.wrap(ground, sizeText, false, room, 6) {
		out = append(out, newText(l, sizeText, w.pal.second, false))
	}
	return out
}

// figures are subscribers, growth and, where reach is known, engagement.
func (c *pageCard) figures() fyne.CanvasObject {
	t, p := c.w.text, c.w.pal
	count, growth, ink, share := t.T("screens.dash"), t.T("screens.dash"), color.Color(p.faint), ""
	if c.row.Counted {
		count = t.Number(int64(c.row.Count))
	}
	if m := c.row.Month; m != nil {
		growth, ink = t.Signed(int64(*m)), p.signed(*m)
		if before := int64(c.row.Count) - int64(*m); before > 0 {
			share = signedPercent(t, float64(*m)/float64(before))
		}
	}
	all := []fyne.CanvasObject{
		c.figure(t.T("pages.count"), count, p.text, ""),
		c.figure(t.T("pages.in_month"), growth, ink, share),
	}
	if err, ok := c.row.ERRViews(); ok {
		all = append(all, c.figure(t.T("pages.err"), t.Percent(err, 1), p.text, ""))
	}
	return container.New(line{18}, all...)
}

// formulas say what the two figures called ERR are: neither is shown without its own.
func (c *pageCard) formulas(room float32) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	say := func(words string) {
		for _, l := range c.w.cuts.wrap(words, sizeSmall, false, room, 2) {
			out = append(out, newText(l, sizeSmall, c.w.pal.muted, false))
		}
	}
	t := c.w.text
	if _, ok := c.row.ERRViews(); ok {
		say(t.T("pages.err_formula"))
	}
	if err, ok := c.row.ERRReactions(); ok {
		say(t.T("pages.err_reactions", t.Percent(err, 1)))
	}
	return out
}

// figure is a caption over a bold number, with a small one after it.
func (c *pageCard) figure(caption, number string, ink color.Color, small string) fyne.CanvasObject {
	top := newText(caption, sizeCaption, c.w.pal.muted, false)
	big := newText(number, sizeBrand, ink, true)
	after := newText(small, sizeCaption, ink, false)
	return container.New(arrangement{
		min: func() fyne.Size {
			return fyne.NewSize(max(top.MinSize().Width, big.MinSize().Width+4+after.MinSize().Width), 43)
		},
		place: func(fyne.Size) {
			top.Move(fyne.NewPos(0, 0))
			big.Move(fyne.NewPos(0, 16))
			after.Move(fyne.NewPos(big.MinSize().Width+4, 22))
		},
	}, top, big, after)
}

// growthCard is the chart with its periods.
func (c *pageCard) growthCard() fyne.CanvasObject {
	title := newText(c.w.text.T("pages.growth"), sizeText, c.w.pal.text, true)
	chips := container.New(line{6})
	for _, p := range c.periods {
		chips.Add(p)
	}
	return c.w.framed(container.New(column{6}, title, sized(c.chart, 0, chartHeight), chips), gaps{8, 10, 8, 10})
}

// openLink shows the page in the browser.
func (c *pageCard) openLink() {
	if !c.has || c.row.Link == "" {
		return
	}
	c.follow(c.row.Link)
}

// address reads a link of the registry, which may lack its scheme; only
// addresses of the web are let out to the system.
func address(link string) (*url.URL, error) {
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, app.Fail(app.CodeBadArgument, link, "https://…")
	}
	return u, nil
}

func trimScheme(link string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(link, "https://"), "http://"), "/")
}
