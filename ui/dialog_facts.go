package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// askPlace says in which municipality the appeal belongs.
func (s *appealsScreen) askPlace() {
	w, a := s.w, s.detail.card.Appeal
	place := w.newChoice("", w.municipalities(), a.Municipality, nil)
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask.placed"), content: w.field(w.text.T("ask.municipality"), place), width: 420,
		yes: w.text.T("ask.yes.placed"), first: place,
		do: func() bool {
			return s.tryIn(d, "placed", false, app.Event{Type: app.EventPlaced, Target: place.value})
		},
	})
}

// municipalities are those of the region.
func (w *Window) municipalities() []option {
	var out []option
	for _, m := range w.desk.Region().Municipalities {
		out = append(out, option{m.Name, m.Name})
	}
	return out
}

// askSeverity says how grave the appeal is.
func (s *appealsScreen) askSeverity() {
	w, a := s.w, s.detail.card.Appeal
	var grades []option
	for v := range app.MaxSeverity + 1 {
		grades = append(grades, option{strconv.Itoa(int(v)), severityWord(w.text, v)})
	}
	grade := w.newChoice("", grades, strconv.Itoa(int(a.Severity)), nil)
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask.graded"), content: w.field(w.text.T("ask.severity"), grade), width: 420,
		yes: w.text.T("ask.yes.graded"), first: grade,
		do: func() bool {
			v, _ := strconv.Atoi(grade.value) // one of those above
			return s.tryIn(d, "graded", false, app.Event{Type: app.EventGraded, Severity: app.Severity(v)})
		},
	})
}

// severityWord names a severity.
func severityWord(t *assets.Texts, v app.Severity) string {
	return t.T("severity." + strconv.Itoa(int(v)))
}

// askRegistered enters a written appeal into the journal of registration.
func (s *appealsScreen) askRegistered() {
	s.askLine(app.EventRegistered, "ask.registered_as", s.w.newEntry(s.w.text.T("ask.registered_hint")))
}

// askExtended puts the term of a written appeal off, telling the citizen why.
func (s *appealsScreen) askExtended() {
	w, a := s.w, s.detail.card.Appeal
	date := w.newEntry(w.text.T("ask.date_hint"))
	if most, ok := w.desk.Terms().ExtendTo(a, w.desk.Now()); ok {
		date.SetText(w.text.Date(w.here(most)))
	}
	notice := w.newEditor(w.text.T("ask.notice_hint"))
	s.detail.reply.begin(app.EventExtended, notice, date)
	var d *dialog
	d = w.ask(question{
		title: w.text.T("ask.extended"), width: questionWidth, yes: w.text.T("ask.yes.extended"), first: notice,
		content: container.New(column{gap: 12}, w.field(w.text.T("ask.extended_to"), sized(date, 0, buttonHeight)), w.field(w.text.T("ask.notice"), editorBox(notice))),
		do: func() bool {
			to, ok := w.readDate(date.Text)
			if !ok || !to.After(w.desk.Now()) {
				d.tell(w.text.T("ask.date_wrong"))
				return false
			}
			return s.tryIn(d, "extended", false, app.Event{Type: app.EventExtended, Text: strings.TrimSpace(notice.Text), FinalBy: to})
		},
	})
}
