package exchange

import (
	"regexp"
	"strings"
	"time"

	"otklik/app"
)

var yearMonth = regexp.MustCompile(`^(\d{4})[-./](\d{1,2})$`)

// readMonth reads the statistics of one page of one month. Subscribers are those of its
// last day. Mean reach and reactions of a post are kept of a page the registry does not
// have yet; posts of a month are told by nobody's week and are left out.
func readMonth(in *reading, r *row) {
	name := r.phrase(fieldPage)
	if name == "" {
		r.refuse(fieldPage, "no_name", "")
		return
	}
	first, ok := monthAt(r)
	if !ok {
		r.refuse(fieldDate, "bad_date", r.raw(fieldDate))
		return
	}
	page := pageOf(name, r.raw(fieldLink))
	if reach, ok := decimal(r.phrase(fieldReach)); ok && reach > 0 {
		page.Reach = reach
	}
	if reactions, ok := decimal(r.phrase(fieldReactions)); ok && reactions >= 0 {
		page.Reactions = &reactions
	}
	in.count(r, page, app.DayOf(first.AddDate(0, 1, -1)))
}

// monthAt is the first day of the month a row is of: a date in it, "2024-05", "05.2024",
// "май 2024".
func monthAt(r *row) (time.Time, bool) {
	v := strings.ToLower(r.phrase(fieldDate))
	if m := yearMonth.FindStringSubmatch(v); m != nil {
		return at(atoi(m[1]), atoi(m[2]), 1, "", r.zone)
	}
	if t, ok := dateOf("1."+v, dating{zone: r.zone}); ok {
		return t, true
	}
	if t, ok := dateOf("1 "+v, dating{zone: r.zone}); ok {
		return t, true
	}
	t := r.moment(fieldDate)
	if t.IsZero() {
		return t, false
	}
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location()), true
}
