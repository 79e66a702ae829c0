package ui

import (
	"time"

	"otklik/app"
)

// showPageAppeals goes to the open appeals that came by a public page.
func (w *Window) showPageAppeals(id, name string) {
	w.withAppeals(func(s *appealsScreen) {
		s.pageName = name
		s.ask(app.Query{Queue: app.QueueOpen, Filter: app.Filter{Page: id}})
	})
}

// page shows that only one page's appeals are listed; a click drops that.
func (f *filterColumn) page() {
	s := f.screen
	f.heading("appeals.page")
	item := f.item("page/"+s.query.Page, s.pageName, func() {
		s.query.Page = ""
		s.narrowed()
	})
	item.set("×", true, false)
	f.lines = append(f.lines, item)
}

// showHotspot goes to the open appeals of a hot spot.
func (w *Window) showHotspot(h app.Hotspot, name string) {
	w.withAppeals(func(s *appealsScreen) {
		s.spotName = name
		s.ask(app.Query{Queue: app.QueueOpen, Filter: h.Filter, Order: app.OrderNewest})
	})
}

// showBehind goes to the appeals behind a figure, which the name says.
func (w *Window) showBehind(f app.Filter, queue app.Queue, name string) {
	w.withAppeals(func(s *appealsScreen) {
		s.spotName = name
		s.ask(app.Query{Queue: queue, Filter: f, Order: app.OrderNewest})
	})
}

// showPage goes to a public page, by its ID, among all of them.
func (w *Window) showPage(id string) {
	w.withPages(func(s *pagesScreen) {
		s.selected = id
		s.ask(app.PageQuery{Sort: s.query.Sort, Ascending: s.query.Ascending})
	})
}

// showNetwork goes to the public pages of a network.
func (w *Window) showNetwork(network app.Source) {
	w.withPages(func(s *pagesScreen) {
		s.ask(app.PageQuery{Sort: s.query.Sort, Ascending: s.query.Ascending, Network: network})
	})
}

// withPages does something in the list of pages, going there first.
func (w *Window) withPages(do func(*pagesScreen)) {
	w.open(screenPages)
	if s, ok := w.screens[screenPages].(*pagesScreen); ok {
		s.look(s.modes[0])
		do(s)
	}
}

// spotted says whether the list is narrowed to a place, a stretch of time, or what is
// behind a figure: to what has no facet of its own.
func spotted(f app.Filter) bool {
	return f.Place != "" || !f.Since.IsZero() || !f.Until.IsZero() || f.Closed != (app.Moments{}) ||
		f.Took != nil || f.Hour != nil || f.Late || len(f.Kinds)+len(f.Networks) > 0
}

// spot shows what the list is narrowed to beside its facets; a click drops that.
func (f *filterColumn) spot() {
	s := f.screen
	heading := "analytics.behind" // of a figure
	if s.query.Place != "" || s.query.Until.IsZero() && !s.query.Since.IsZero() {
		heading = "appeals.spot"
	}
	f.heading(heading)
	item := f.item("spot/"+s.spotName, s.spotName, func() {
		q := &s.query
		q.Place, q.Since, q.Until, q.Closed = "", time.Time{}, time.Time{}, app.Moments{}
		q.Took, q.Hour, q.Late, q.Kinds, q.Networks = nil, nil, false, nil, nil
		s.narrowed()
	})
	item.set("×", true, false)
	f.lines = append(f.lines, item)
}
