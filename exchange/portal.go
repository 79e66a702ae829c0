package exchange

import (
	"strings"

	"otklik/app"
)

// portalEnds are how the statuses begin in which a portal is done with an appeal, and
// what they mean. Of «ответ предоставлен» and the like the answer speaks.
var portalEnds = []struct {
	status  string
	kind    app.EventType
	outcome app.Outcome
}{
	{"решен", app.EventClosed, app.OutcomeSolved},
	{"выполнен", app.EventClosed, app.OutcomeSolved},
	{"исполнен", app.EventClosed, app.OutcomeSolved},
	{"разъяснен", app.EventClosed, app.OutcomeExplained},
	{"нерешен", app.EventClosed, app.OutcomeNotSolved},
	{"закрыт", app.EventClosed, ""},
	{"завершен", app.EventClosed, ""},
	{"отклонен", app.EventRejected, ""},
}

// readPortal reads an appeal of a portal, «Госуслуги. Решаем вместе» (ПОС) above all: who
// wrote what about which place, and as far as the file tells it by when who has to answer
// and what became of it. Of a file without a column of creation the appeal is known and
// its moments are not.
func readPortal(in *reading, r *row) {
	number, text := r.phrase(fieldID), r.raw(fieldText)
	created, due, answered, closed := r.moment(fieldCreated), r.moment(fieldDue), r.moment(fieldAnswered), r.moment(fieldClosed)
	_, dated := r.table.columns[fieldCreated]
	switch {
	case isNothing(text):
		r.refuse(fieldText, "no_text", "")
		return
	case r.bad:
		r.skipDates()
		return
	case dated && created.IsZero():
		r.refuse(fieldCreated, "bad_date", "")
		return
	case !closed.IsZero() && closed.Before(created):
		r.refuse(fieldClosed, "closed_before_created", "")
		return
	case !answered.IsZero() && answered.Before(created):
		r.refuse(fieldAnswered, "answered_before_created", "")
		return
	}
	a := &app.Appeal{
		Kind: app.KindPOS, Source: app.SourceFile, Status: app.StatusNew, External: number,
		Text: text, Author: r.phrase(fieldAuthor), Contact: r.phrase(fieldContact), Link: r.phrase(fieldLink),
		Place: r.phrase(fieldAddress), Municipality: r.phrase(fieldMunicipality),
		Group: in.group(r.phrase(fieldGroup)), Topic: r.phrase(fieldTopic), Executor: r.phrase(fieldExecutor), Due: utc(due),
	}
	if a.Place == "" {
		a.Place = r.place()
	}
	switch {
	case dated && number != "": // a portal that keeps time keeps one series of numbers
		a.ID, a.Number = app.IDFrom("portal", number), number
	case dated:
		a.ID = app.IDFrom("portal", created.UTC().String(), text)
	default: // those of a bare list begin with 1 in every file; the text tells two files apart
		a.ID = app.IDFrom("appeals", number, text)
	}
	begun := app.EventPublished
	if !dated {
		begun = app.EventDetected
	}
	a.Apply(event(a.ID, begun, created))
	if answer := r.raw(fieldAnswer); !isNothing(answer) || !answered.IsZero() {
		e := event(a.ID, app.EventAnswered, answered)
		e.Text, e.ByHand = r.plain(fieldAnswer), true
		a.Apply(e)
	}
	if kind, outcome := portalEnd(r.phrase(fieldStatus), !closed.IsZero()); kind != "" {
		if closed.IsZero() {
			closed = answered
		}
		e := event(a.ID, kind, closed)
		e.Outcome = outcome
		a.Apply(e)
	}
	if !in.repeated(r.line, a.ID, "duplicate_row") {
		in.appeal(r.line, a)
	}
}

// portalEnd says how the work ended, "" where it goes on: a row with a date of closing is
// over whatever its status is called.
func portalEnd(status string, over bool) (app.EventType, app.Outcome) {
	key := headingKey(status)
	for _, end := range portalEnds {
		if strings.HasPrefix(key, end.status) {
			return end.kind, end.outcome
		}
	}
	if over {
		return app.EventClosed, ""
	}
	return "", ""
}
