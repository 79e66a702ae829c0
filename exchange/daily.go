package exchange

import (
	"math"
	"strconv"
	"strings"

	"otklik/app"
)

// readDaily reads one count of one page on one day. A page named by its
// address is the one the registry knows; any other name stands for itself.
func readDaily(in *reading, r *row) {
	name := r.phrase(fieldPage)
	if name == "" {
		in.skip(r.line, "no_name", "")
		return
	}
	at := r.moment(fieldDate)
	if r.bad || at.IsZero() {
		in.skip(r.line, "bad_date", r.badDate)
		return
	}
	v := strings.Join(strings.Fields(r.raw(fieldCount)), "")
	n, err := strconv.ParseUint(v, 10, 32)
	if err != nil || n == math.MaxUint32 { // the greatest number stands for a gap
		in.skip(r.line, "bad_number", v)
		return
	}
	c := &app.PageCount{
		Page: app.Page{ID: app.IDFrom("page", name), Network: app.SourceFile, Name: name},
		Day:  app.DayOf(at), Count: uint32(n),
	}
	if a, ok := addressOf(name); ok && a.Network != app.SourceFile {
		c.Page = app.Page{ID: app.IDFrom("page", a.Key), Network: a.Network, Name: name, Link: a.Link}
	}
	if !in.repeated(r.line, c.Page.ID+c.Day.String(), "duplicate_row") {
		in.batch.Rows = append(in.batch.Rows, app.BatchRow{Line: r.line, Count: c})
	}
}
