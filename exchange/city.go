package exchange

import (
	"time"

	"otklik/app"
)

// cityZone is the zone of the city that publishes requests in this format.
var cityZone = location("America/New_York")

// readCity reads a row of a city's service requests (311). The city tells when
// a request came in, so history begins with the citizen's writing.
func readCity(in *reading, r *row) {
	r.zone = cityZone
	id, topic := r.raw(fieldID), r.phrase(fieldTopic)
	switch {
	case id == "":
		r.refuse(fieldID, "no_id", "")
		return
	case topic == "":
		r.refuse(fieldTopic, "no_text", "")
		return
	}
	outcome := r.phrase(fieldOutcome)
	text := topic
	if outcome != "" {
		text += ". " + outcome
	}
	created, due, closed, since := r.moment(fieldCreated), r.moment(fieldDue), r.moment(fieldClosed), r.moment(fieldStatusAt)
	agency := r.phrase(fieldExecutor)
	a := &app.Appeal{
		ID: app.IDFrom("311", id), Number: r.phrase(fieldNumber), External: id,
		Kind: app.KindPOS, Source: app.SourceFile, Status: app.StatusNew,
		Title: text, Text: text, Place: r.phrase(fieldAddress), Municipality: r.phrase(fieldMunicipality),
		Group: in.group(agency), Topic: topic, Executor: agency, Due: utc(due),
	}
	switch {
	case r.bad || created.IsZero():
		r.skipDates()
		return
	case !closed.IsZero() && closed.Before(created):
		r.refuse(fieldClosed, "closed_before_created", "")
		return
	}
	a.Apply(event(a.ID, app.EventPublished, created))
	if outcome == "" {
		outcome = r.phrase(fieldStatus)
	}
	cityHistory(a, r.phrase(fieldStatus), outcome, closed, since)
	if !in.repeated(r.line, a.ID, "duplicate_row") {
		in.appeal(r.line, a)
	}
}

// cityHistory applies what the city's status tells. A status of a kind not met
// before tells nothing.
func cityHistory(a *app.Appeal, status, answer string, closed, since time.Time) {
	finish := func(outcome app.Outcome) {
		e := event(a.ID, app.EventAnswered, closed)
		e.Text, e.ByHand = answer, true
		a.Apply(e)
		e = event(a.ID, app.EventClosed, closed)
		e.Outcome = outcome
		a.Apply(e)
	}
	switch headingKey(status) {
	case "closed":
		finish(app.OutcomeSolved)
	case "closed(transferred)":
		finish(app.OutcomeExplained)
	case "closed(duplicate)":
		// Which request it repeats is not said.
		a.Apply(event(a.ID, app.EventMerged, closed))
	case "open", "open(duplicate)", "pending", "inprogress":
		a.Apply(event(a.ID, app.EventStarted, since))
	}
}

// utc keeps the zero time zero.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}
