package ui

import "otklik/app"

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
