package exchange

import (
	"math"

	"otklik/app"
)

// readDaily reads one count of one page on one day. A page named by its
// address is the one the registry knows; any other name stands for itself.
func readDaily(in *reading, r *row) {
	name := r.phrase(fieldPage)
	if name == "" {
		r.refuse(fieldPage, "no_name", "")
		return
	}
	at := r.moment(fieldDate)
	if r.bad || at.IsZero() {
		r.skipDates()
		return
	}
	in.count(r, pageOf(name, name), app.DayOf(at))
}

// pageOf is the page of an address, or the one a name stands for.
func pageOf(name, link string) app.Page {
	if a, ok := addressOf(link); ok && a.Network != app.SourceFile {
		return app.Page{ID: app.IDFrom("page", a.Key), Network: a.Network, Name: name, Link: a.Link}
	}
	return app.Page{ID: app.IDFrom("page", name), Network: app.SourceFile, Name: name}
}

// count takes in the row's number of subscribers.
func (in *reading) count(r *row, page app.Page, day app.Day) {
	n, ok := decimal(r.raw(fieldCount))
	if !ok || n != math.Trunc(n) || n < 0 || n >= math.MaxUint32 { // the greatest number stands for a gap
		r.refuse(fieldCount, "bad_number", r.raw(fieldCount))
		return
	}
	if !in.repeated(r.line, page.ID+day.String(), "duplicate_row") {
		in.batch.Rows = append(in.batch.Rows, app.BatchRow{Line: r.line, Count: &app.PageCount{Page: page, Day: day, Count: uint32(n)}})
	}
}
