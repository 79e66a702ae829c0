package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
)

// running gives the second appeal a clock of nine working hours, an hour of which
// has passed at noon (11:48 in the region, where work is 8-12 and 13-18).
func running(events ...app.Event) func(*fakeStore) {
	return func(s *fakeStore) {
		a := s.appeals[1]
		a.Kind, a.Due, a.Events = app.KindIncident, time.Time{}, nil
		for i, e := range append([]app.Event{{Type: app.EventDetected, At: noon.Add(-time.Hour)}}, events...) {
			e.ID = app.IDFrom("running", string(rune('a'+i)))
			a.Apply(e)
		}
	}
}

func TestCountdownRunsInWorkingTime(t *testing.T) {
	asked := app.Event{Type: app.EventClarifying, At: noon.Add(-30 * time.Minute), Text: "Где?"}
	for _, c := range []struct {
		name       string
		events     []app.Event
		row, chip  string
		kind       tone
		alsoTaking time.Duration
	}{
		// 8 h of work are left, and 23 by the clock on the wall.
		{"running", nil, "8 ч раб.", "осталось 8 ч раб.", toneGreen, 0},
		{"standing", []app.Event{asked}, "пауза · 8 ч 30 мин раб.", "пауза · 8 ч 30 мин раб.", toneGrey, 0},
		// From 18:00 to 8:00 nothing is lost.
		{"at night", nil, "2 ч 48 мин раб.", "осталось 2 ч 48 мин раб.", toneGreen, 10 * time.Hour},
		{"over", nil, "−1 ч 10 мин раб.", "осталось", toneRed, 24*time.Hour + 10*time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := openWindow(t, fixed{store: running(c.events...)})
			row, err := f.store.Row(1)
			if err != nil {
				t.Fatal(err)
			}
			words, kind := f.countdown(row, noon.Add(c.alsoTaking))
			if words != c.row || kind != c.kind {
				t.Errorf("%q, %v; want %q, %v", words, kind, c.row, c.kind)
			}
			if c.alsoTaking != 0 {
				return
			}
			s := f.appealsPart()
			s.openRecord(1)
			f.onCard("appeal-1")
			if got := s.detail.due.words.Text; got != c.chip {
				t.Errorf("the chip says %q, want %q", got, c.chip)
			}
		})
	}
}

// texts gathers all words under an object.
func texts(o fyne.CanvasObject) string {
	var out []string
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch v := o.(type) {
		case *canvas.Text:
			out = append(out, v.Text)
		case *widget.Label:
			out = append(out, v.Text)
		case *fyne.Container:
			for _, inner := range v.Objects {
				walk(inner)
			}
		}
	}
	walk(o)
	return strings.Join(out, "\n")
}

func TestWhyTellsOfEveryClock(t *testing.T) {
	f := openWindow(t, fixed{store: running(
		app.Event{Type: app.EventClarifying, At: noon.Add(-30 * time.Minute), Text: "Где?"},
		app.Event{Type: app.EventClarified, At: noon.Add(-10 * time.Minute), Text: "Там"},
	)})
	s := f.appealsPart()
	s.openRecord(1)
	f.onCard("appeal-1")
	clocks := f.desk.Clocks(s.detail.card.Appeal)
	if len(clocks) != 2 { // to answer, and to route
		t.Fatalf("%d clocks", len(clocks))
	}
	fields := container.NewVBox()
	for i := range clocks {
		s.explainClock(fields, &clocks[i])
	}
	said := texts(fields)
	for _, want := range []string{
		"Ответ автору", "Направление исполнителю", "9 рабочих часов", "выявлено, сегодня 10:48",
		"40 мин раб., по календарю 40 мин", "8 ч 20 мин раб., по календарю 23 ч 20 мин",
		"«Уточнение»: сегодня 11:18 — сегодня 11:38 (20 мин)",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	s.explain()
	if f.dialog == nil {
		t.Error("the question did not open")
	}
}

func TestWhyNotIsTold(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleOperator}})
	s := f.appealsPart()
	s.openRecord(1)
	f.onCard("appeal-1")
	refused := s.detail.reply.refusals()
	all := labels(refused)
	for _, want := range []string{
		"Отклонить — делает: куратор, координатор",
		"Закрыть — когда «Отвечено»",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not among %s", want, all)
		}
	}
	before, _ := f.store.Appeal("appeal-1")
	s.showMore()
	i := slices.IndexFunc(refused, func(a action) bool { return strings.HasPrefix(a.label, "Закрыть") })
	refused[i].do()
	if after, _ := f.store.Appeal("appeal-1"); len(after.Events) != len(before.Events) {
		t.Error("a refused action happened")
	}
}

func TestPlaceAndSeverityAreSet(t *testing.T) {
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.appeals[1].Municipality = "" }})
	s := f.appealsPart()
	s.openRecord(1)
	f.onCard("appeal-1")
	s.askPlace()
	f.dialog.accept()
	if f.dialog == nil || !f.dialog.problem.Visible() {
		t.Fatal("no municipality was set")
	}
	f.win.Canvas().Focused().(*choice).set("г. Канаш")
	f.dialog.accept()
	f.until(func() bool { a, _ := f.store.Appeal("appeal-1"); return a.Municipality == "г. Канаш" })
	s.askSeverity()
	f.win.Canvas().Focused().(*choice).set("3")
	f.dialog.accept()
	f.until(func() bool { a, _ := f.store.Appeal("appeal-1"); return a.Severity == 3 })
}

func TestAPromiseStartsWithTheLastDayAllowed(t *testing.T) {
	f := openWindow(t, fixed{roles: []app.Role{app.RoleApprover}, store: func(s *fakeStore) {
		running()(s)
		s.appeals[1].Status = app.StatusApproval
	}})
	s := f.appealsPart()
	s.openRecord(1)
	f.onCard("appeal-1")
	s.detail.reply.texts[tabAnswer] = "Смотрим"
	s.askInterim()
	date := f.win.Canvas().Focused().(*entry)
	if date.Text != "03.12.2026" { // seven working days from Tuesday, 24 November
		t.Errorf("the date is %q", date.Text)
	}
	date.SetText("")
	test.Type(date, "04.12.2026")
	f.dialog.accept()
	if f.dialog == nil || !strings.Contains(f.dialog.problem.Text, "не позже 03.12.2026") {
		t.Error("a day beyond the rule was promised")
	}
}
