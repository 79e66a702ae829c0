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
	item.set("", true, false)
	f.lines = append(f.lines, item)
}

// showHotspot goes to the open appeals of a hot spot.
func (w *Window) showHotspot(h app.Hotspot, name string) {
	w.withAppeals(func(s *appealsScreen) {
		s.spotName = name
		s.ask(app.Query{Queue: app.QueueOpen, Filter: h.Filter, Order: app.OrderNewest})
	})
}

// spot shows that only the appeals of a place, or since a moment, are listed; a click
// drops that.
func (f *filterColumn) spot() {
	s := f.screen
	f.heading("appeals.spot")
	item := f.item("spot/"+s.spotName, s.spotName, func() {
		s.query.Place, s.query.Since = "", time.Time{}
		s.narrowed()
	})
	item.set("", true, false)
	f.lines = append(f.lines, item)
}
