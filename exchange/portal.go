package exchange

import (
	"time"

	"otklik/app"
)

// readPortal reads a row of a portal of appeals that tells no dates: the
// appeal is known, its moments are not.
func readPortal(in *reading, r *row) {
	id, text := r.phrase(fieldID), r.raw(fieldText)
	if isNothing(text) {
		r.refuse(fieldText, "no_text", "")
		return
	}
	a := &app.Appeal{
		// Portals number from 1 in every file; the text tells two files apart.
		ID:   app.IDFrom("appeals", id, text),
		Kind: app.KindPOS, Source: app.SourceFile, Status: app.StatusNew, External: id,
		Text: text, Group: in.group(r.phrase(fieldGroup)), Topic: r.phrase(fieldTopic),
		Executor: r.phrase(fieldExecutor),
	}
	a.Apply(event(a.ID, app.EventDetected, time.Time{}))
	if !in.repeated(r.line, a.ID, "duplicate_row") {
		in.appeal(r.line, a)
	}
}
