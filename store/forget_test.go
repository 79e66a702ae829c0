package store

import (
	"testing"
	"time"

	"otklik/app"
)

// TestForgottenAppealsCountOn: their words are gone, the figures are not, and what
// is unsent or being written stays whole.
func TestForgottenAppealsCountOn(t *testing.T) {
	s := open(t)
	f := keep(t, s, picture(100))
	var ids []string
	for n := range 4 {
		a := appeal(n)
		a.Author = "житель г. Чебоксары"
		a.Events = append(a.Events,
			app.Event{ID: app.IDFrom("answer", a.ID), Type: app.EventAnswered, At: day0.Add(time.Hour), Text: "Ответ", Files: []app.File{f}},
			app.Event{ID: app.IDFrom("closed", a.ID), Type: app.EventClosed, At: day0.Add(2 * time.Hour), Outcome: app.OutcomeSolved})
		a.Status = app.StatusClosed
		ids = append(ids, a.ID)
		made := create(a)
		do(t, s.Perform([]app.Op{made}))
		do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(uint64(n)+1, made)}, Next: "e"}, day0))
	}
	do(t, s.SaveDraft(ids[1], app.Draft{Note: "Черновик", At: day0}))
	do(t, s.Perform([]app.Op{event(app.Appeal{ID: ids[2]}, app.Event{Type: app.EventNote, Text: "Заметка"})}))
	facts := func() (out []header) {
		do(t, s.Facts(app.Filter{}, time.Time{}, func(f *app.Facts) {
			for record := range f.Records() {
				h := s.index.header(record)
				h.flags &^= flagForgotten
				out = append(out, h)
			}
		}))
		return out
	}
	before := facts()
	if n := must[int](t)(s.Forget(day0, 10)); n != 0 {
		t.Errorf("%d of the youngest are forgotten", n)
	}
	if n := must[int](t)(s.Forget(day0.Add(24*time.Hour), 10)); n != 2 {
		t.Errorf("%d are forgotten, want 2", n)
	}
	if n := must[int](t)(s.Forget(day0.Add(24*time.Hour), 10)); n != 0 {
		t.Errorf("%d are forgotten again", n)
	}
	for i, id := range ids {
		a := must[*app.Appeal](t)(s.Appeal(id))
		if gone := i == 0 || i == 3; a.Forgotten != gone || (a.Text == "") != gone || (a.Author == "") != gone || (a.Events[1].Text == "") != gone {
			t.Errorf("%d: %+v", i, a)
		}
	}
	after := facts()
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("figures: %+v, were %+v", after[i], before[i])
		}
	}
	found := must[app.Found](t)(s.Find(app.Query{Queue: app.QueueArchive, Words: "яма", Now: day0}))
	if found.Total != 2 {
		t.Errorf("%d are found by their words", found.Total)
	}
	// Its history goes on, and a snapshot brings it back whole.
	again := event(app.Appeal{ID: ids[0]}, app.Event{Type: app.EventReopened, Text: "Снова яма"})
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(9, again)}, Next: "e"}, day0))
	if a := must[*app.Appeal](t)(s.Appeal(ids[0])); a.Status.Open() != true || len(a.Events) != 4 {
		t.Errorf("%+v", a)
	}
	sound(t, s)
}
