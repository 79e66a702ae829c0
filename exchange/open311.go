package exchange

import (
	"net/url"

	"otklik/app"
)

// readOpen311 reads a request of an Open311 server (GeoReport v2) or of FixMyStreet. The
// standard tells when a request was made and last changed, and nothing of what came
// between: history is its publication and, where it is over, its end. The server is told
// by the address of the request, since numbers are only its own.
func readOpen311(in *reading, r *row) {
	id := r.phrase(fieldID)
	if id == "" {
		r.refuse(fieldID, "no_id", "")
		return
	}
	text := r.plain(fieldText)
	if text == "" {
		text = r.phrase(fieldTopic)
	}
	if text == "" {
		r.refuse(fieldText, "no_text", "")
		return
	}
	link, host := r.phrase(fieldLink), ""
	if u, err := url.Parse(link); err == nil && u.Scheme != "" {
		host = u.Host
	}
	created, changed, due := r.moment(fieldCreated), r.moment(fieldStatusAt), r.moment(fieldDue)
	switch {
	case r.bad:
		r.skipDates()
		return
	case created.IsZero():
		r.refuse(fieldCreated, "bad_date", "")
		return
	case changed.Before(created):
		changed = created
	}
	a := &app.Appeal{
		ID: app.IDFrom("open311", host, id), External: id, Kind: app.KindIncident, Source: app.SourceFile, Status: app.StatusNew,
		Title: r.phrase(fieldTitle), Text: text, Place: r.phrase(fieldAddress), Topic: r.phrase(fieldTopic),
		Executor: r.phrase(fieldExecutor), Link: link, Due: utc(due),
	}
	a.Apply(event(a.ID, app.EventPublished, created))
	if headingKey(r.phrase(fieldStatus)) == "closed" {
		e := event(a.ID, app.EventClosed, changed)
		e.Text = r.plain(fieldAnswer)
		a.Apply(e)
	}
	if !in.repeated(r.line, a.ID, "duplicate_row") {
		in.appeal(r.line, a)
	}
}
