package ui

import (
	"context"
	"image/color"
	"net/url"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/report"
)

// postsAWeek is how many posts a week a state page has to have.
const postsAWeek = 3

// Sizes of the card, as drawn.
const (
	cardSide        = 16
	chartHeight     = 130
	requirementRow  = 33
	requirementEdge = 233 // where the values begin
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
	labels := c.w.chartLabels()
	last := series.First + app.Day(len(series.Values)-1)
	_, to, ok := series.LastKnown(last)
	from := to - app.Day(days) + 1
	if days == 0 || !ok {
		from = series.First
	}
	c.chart.set(func(l report.Look) report.Picture {
		return report.Growth(l, series, from, to, labels)
	}, tellGrowth(c.w.text, series))
}

// rebuild puts the card together; what a page has not is not shown.
func (c *pageCard) rebuild() {
	w, p, t := c.w, c.w.pal, c.w.text
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
	if c.row.Link == "" {
		c.content.Objects = append(objects, c.notKept(room)...)
		c.content.Refresh()
		return
	}
	objects = append(objects, space(8), c.figures())
	if c.row.Reach > 0 {
		objects = append(objects, newText(t.T("pages.err_formula"), sizeSmall, p.faint, false))
	}
	objects = append(objects, space(10), c.growthCard(), space(8), newText(t.T("pages.requirements"), sizeTitle, p.text, true), space(2))
	objects = append(objects, c.requirements()...)
	objects = append(objects, space(12), container.New(line{8}, w.button(t.T("pages.open"), "", c.openLink), c.appeals))
	c.content.Objects = objects
	c.content.Refresh()
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
	return append(out, space(12), container.New(line{8}, c.appeals))
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
	if c.row.Reach > 0 && c.row.Counted && c.row.Count > 0 {
		all = append(all, c.figure(t.T("pages.err"), t.Percent(c.row.Reach/float64(c.row.Count), 1), p.text, ""))
	}
	return container.New(line{18}, all...)
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

// requirements are the rows of what is asked of a state page.
func (c *pageCard) requirements() []fyne.CanvasObject {
	t, p := c.w.text, c.w.pal
	var out []fyne.CanvasObject
	for _, mark := range []string{app.MarkState, app.MarkWidget, app.MarkAvatar, app.MarkCover, app.MarkDescription} {
		words, ink := t.T("screens.unknown"), p.muted
		switch {
		case !c.row.MarksKnown:
		case slices.Contains(c.row.Marks, mark):
			words, ink = t.T("pages.there"), p.green
		default:
			words, ink = t.T("pages.missing"), p.red
		}
		out = append(out, c.requirement(t.T("pages.mark."+mark), words, ink))
	}
	posts, ink := t.T("screens.unknown"), p.muted
	if n := c.row.PostsWeek; n != nil {
		posts, ink = t.Number(int64(*n)), p.green
		if *n < postsAWeek {
			ink = p.red
		}
	}
	out = append(out, c.requirement(t.T("pages.posts_week", postsAWeek), posts, ink))
	keeper, ink := c.row.Keeper, p.text
	if keeper == "" {
		keeper, ink = t.T("pages.no_keeper"), p.muted
	}
	return append(out, c.requirement(t.T("pages.keeper"), keeper, ink))
}

// requirement is one row: what is asked, and how it is.
func (c *pageCard) requirement(name, state string, ink color.Color) fyne.CanvasObject {
	w := c.w
	left := newText(name, sizeCaption, w.pal.text, false)
	right := newText(state, sizeCaption, ink, false)
	under := canvas.NewRectangle(w.pal.line)
	return container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(200, requirementRow) },
		place: func(size fyne.Size) {
			left.Text = w.cuts.fit(name, sizeCaption, false, requirementEdge-cellSide-6)
			right.Text = w.cuts.fit(state, sizeCaption, false, size.Width-requirementEdge)
			centred(left, cellSide, size.Height)
			centred(right, requirementEdge, size.Height)
			place(under, 0, size.Height-1, size.Width, 1)
		},
	}, left, right, under)
}

// openLink shows the page in the browser.
func (c *pageCard) openLink() {
	if !c.has || c.row.Link == "" {
		return
	}
	address, err := address(c.row.Link)
	if err == nil {
		err = c.w.fyne.OpenURL(address)
	}
	if err != nil {
		c.w.fail(app.Fail(app.CodeBadArgument, c.row.Link, "https://…").Because(err))
	}
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
