package exchange

import (
	"regexp"
	"strings"

	"otklik/app"
)

// outcomes in the words of «Инцидент Менеджмент».
var outcomes = map[string]app.Outcome{
	"решено":     app.OutcomeSolved,
	"нерешено":   app.OutcomeNotSolved,
	"отложено":   app.OutcomePostponed,
	"разъяснено": app.OutcomeExplained,
}

// stepDone is the step of an incident that is over.
const stepDone = "готово"

var (
	lineBreak = regexp.MustCompile(`(?i)\s*<br\s*/?>\s*`)
	mention   = regexp.MustCompile(`\[(?:club|public|event|id)\d+\|([^\]]*)\]`)
)

// plain undoes what «Инцидент Менеджмент» does to texts: the apostrophe that
// keeps a spreadsheet from taking them for formulas, line breaks in HTML,
// mentions in the markup of VKontakte.
func plain(v string) string {
	v = tidy(strings.TrimPrefix(v, "'"))
	if isNothing(v) {
		return ""
	}
	v = lineBreak.ReplaceAllString(v, "\n")
	return tidy(mention.ReplaceAllString(v, "$1"))
}

func (r *row) plain(f field) string { return plain(r.raw(f)) }

// readIncident reads a row of the export of «Инцидент Менеджмент». Its moments
// are those of the region it names, not of the region that reads it. The
// export says when the incident was entered there and not when the citizen
// wrote, so history begins with detection.
func readIncident(in *reading, r *row) {
	number := r.plain(fieldNumber)
	if number == "" {
		number = r.plain(fieldID)
	}
	if number == "" {
		r.refuse(fieldNumber, "no_id", "")
		return
	}
	if zone := zones[headingKey(r.plain(fieldRegion))]; zone != nil {
		r.zone = zone
	}
	a := &app.Appeal{
		ID: app.IDFrom("im", number), Number: "ИМ-" + number, External: number,
		Kind: app.KindIncident, Source: app.SourceIM, Status: app.StatusNew,
		Text: r.plain(fieldText), Contact: r.plain(fieldAuthor), Link: r.plain(fieldLink),
		Place: r.place(), Municipality: r.plain(fieldMunicipality),
		Group: in.group(r.plain(fieldGroup)), Topic: r.plain(fieldTopic), Executor: r.plain(fieldExecutor),
	}
	if a.Executor == "" {
		a.Executor = r.plain(fieldDepartment)
	}
	if !r.incidentHistory(a) {
		r.skipDates()
		return
	}
	if !in.repeated(r.line, a.ID, "duplicate_row") {
		in.appeal(r.line, a)
	}
}

func (r *row) place() string {
	var parts []string
	for _, f := range []field{fieldTown, fieldStreet, fieldHouse} {
		if v := r.plain(f); v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, ", ")
}

// incidentHistory applies the events the row tells of, in the order of time.
// It is false where a moment cannot be read or the beginning is not given.
func (r *row) incidentHistory(a *app.Appeal) bool {
	created, routed := r.moment(fieldCreated), r.moment(fieldRouted)
	answered, closed := r.moment(fieldAnswered), r.moment(fieldClosed)
	if r.bad || created.IsZero() {
		return false
	}
	if lasted, ok := lastingOf(r.raw(fieldResponse)); ok && answered.IsZero() && lasted > 0 {
		answered = created.Add(lasted)
	}
	a.Apply(event(a.ID, app.EventDetected, created))
	answer := r.plain(fieldAnswer)
	isAnswered := answer != "" || !answered.IsZero()
	isClosed := headingKey(r.plain(fieldStep)) == stepDone

	// The export knows only the last assignment; one made after the answer or
	// the closing is not what led to it.
	late := isAnswered && !routed.Before(answered) || isClosed && !closed.IsZero() && routed.After(closed)
	if !routed.IsZero() && !routed.Before(created) && !late && a.Executor != "" {
		e := event(a.ID, app.EventRouted, routed)
		e.Target = a.Executor
		a.Apply(e)
	}
	if isAnswered {
		e := event(a.ID, app.EventAnswered, answered)
		e.Text, e.ByHand = answer, true
		a.Apply(e)
	}
	if isClosed {
		e := event(a.ID, app.EventClosed, closed)
		e.Outcome = outcomes[headingKey(r.plain(fieldOutcome))]
		a.Apply(e)
	}
	for _, f := range []field{fieldAnswer2, fieldAnswer3} {
		if text := r.plain(f); text != "" {
			a.Apply(app.Event{ID: app.IDFrom(a.ID, string(app.EventNote), string(f), text), Type: app.EventNote, Text: text})
		}
	}
	return true
}
