package app_test

import (
	"strings"
	"testing"
	"time"

	"otklik/app"
)

func names(t *testing.T, d *app.Desk) string {
	t.Helper()
	views, err := d.Views()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, v := range views {
		name := v.Name
		if v.Shared {
			name += " (общий)"
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

func TestViewsAreKeptRenamedAndRemoved(t *testing.T) {
	d := desk(t, operator...)
	roads := app.Query{
		Queue: app.QueueOverdue, Own: true, Words: "яма ", Order: app.OrderNewest,
		Filter: app.Filter{Groups: []string{"Дороги"}, Assignees: []string{""}, Sources: []app.Source{app.SourceVK}},
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.SaveView(app.View{Name: "  Дороги,  просрочено ", Query: roads}))
	must(d.SaveView(app.View{Name: "Всё", Query: app.Query{Queue: app.QueueOpen}}))
	if got := names(t, d); got != "Дороги, просрочено, Всё" {
		t.Fatalf("kept: %s", got)
	}
	views, err := d.Views()
	must(err)
	if !views[0].Query.Same(roads) || views[0].Query.Assignees[0] != "" {
		t.Errorf("the question came back as %+v", views[0].Query)
	}
	must(d.SaveView(app.View{Name: "всё", Query: app.Query{Queue: app.QueueArchive}}))
	if got := names(t, d); got != "Дороги, просрочено, всё" {
		t.Errorf("a view of the same name was not replaced: %s", got)
	}
	must(d.RenameView("всё", "Архив"))
	for name, code := range map[string]app.Code{
		"дороги, просрочено": app.CodeViewTaken, " ": app.CodeViewName, strings.Repeat("я", app.ViewName+1): app.CodeViewName,
	} {
		if err := d.RenameView("Архив", name); app.CodeOf(err) != code {
			t.Errorf("renamed to %q: %v", name, err)
		}
	}
	if err := d.RenameView("нет такого", "Новый"); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("a view that is not there was renamed: %v", err)
	}
	must(d.RemoveView("Дороги, просрочено"))
	if got := names(t, d); got != "Архив" {
		t.Errorf("after all that: %s", got)
	}
}

func TestSharedViewsComeFromTheRegion(t *testing.T) {
	d := desk(t, operator...)
	d.Region().Views = []app.View{{Name: "Срочное", Query: app.Query{Queue: app.QueueSoon}}}
	if err := d.SaveView(app.View{Name: "Моё", Query: app.Query{Queue: app.QueueMine}}); err != nil {
		t.Fatal(err)
	}
	if got := names(t, d); got != "Моё, Срочное (общий)" {
		t.Errorf("listed: %s", got)
	}
	if err := d.SaveView(app.View{Name: "срочное"}); app.CodeOf(err) != app.CodeViewTaken {
		t.Errorf("the region's view was overwritten: %v", err)
	}
	if err := d.RemoveView("Срочное"); err != nil || names(t, d) != "Моё, Срочное (общий)" {
		t.Errorf("the region's view was removed: %v, %s", err, names(t, d))
	}
}

func TestSameQuestionWhateverTheOrderOfItsChoices(t *testing.T) {
	filter := func(groups ...string) app.Filter {
		return app.Filter{Groups: groups, Took: &app.Lengths{Below: time.Hour}, Hour: &app.WeekHour{Weekday: 1, Hour: 9}}
	}
	a := app.Query{Queue: app.QueueOpen, Filter: filter("Дороги", "ЖКХ"), Words: "яма"}
	b := app.Query{Queue: app.QueueOpen, Filter: filter("ЖКХ", "Дороги"), Words: "яма ", Me: "Оператор 2", Now: now}
	if !a.Same(b) {
		t.Error("the same question is another one")
	}
	for name, change := range map[string]func(*app.Query){
		"queue": func(q *app.Query) { q.Queue = app.QueueMine }, "own": func(q *app.Query) { q.Own = true },
		"words": func(q *app.Query) { q.Words = "" }, "group": func(q *app.Query) { q.Groups = q.Groups[:1] },
		"order": func(q *app.Query) { q.Order = app.OrderDue }, "page": func(q *app.Query) { q.Page = "x" },
		"end": func(q *app.Query) { q.Until = now }, "kind": func(q *app.Query) { q.Kinds = app.Kinds[:1] },
		"network": func(q *app.Query) { q.Networks = app.Sources[2:3] }, "late": func(q *app.Query) { q.Late = true },
		"closed": func(q *app.Query) { q.Closed.To = now }, "took": func(q *app.Query) { q.Took.Below++ },
		"hour": func(q *app.Query) { q.Hour.Hour++ },
	} {
		other := a.Clone()
		change(&other)
		if a.Same(other) {
			t.Errorf("another %s is the same question", name)
		}
	}
}

func TestGoToNumber(t *testing.T) {
	d := desk(t, operator...)
	var rows []app.BatchRow
	for i, number := range []string{"2026-118437", "2026-000437", "ЦУР-2026-118438", "2025-118437", ""} {
		a := fact(i, now.Add(-time.Duration(i)*time.Hour), 0, "г. Канаш")
		a.Number = number
		rows = append(rows, app.BatchRow{Appeal: a})
	}
	// Digits in a text are no number.
	other := fact(90, now, 0, "г. Канаш")
	other.Number, other.Text = "2026-300000", "обращение 2026-118437 без ответа, дом 437"
	load(t, d, append(rows, app.BatchRow{Appeal: other})...)
	for typed, want := range map[string]string{
		"2026-118437":       "2026-118437",
		"№ 2026-118437":     "2026-118437",
		"118438":            "ЦУР-2026-118438",
		"цур-2026-118438":   "ЦУР-2026-118438",
		"437":               "2026-000437",
		"118437":            "2026-118437 2025-118437",
		"2025-":             "2025-118437",
		"300":               "2026-300000",
		"999":               "",
		"яма":               "",
		"":                  "",
		"2026-118437-1":     "",
		"-2026-118437":      "2026-118437",
		"\"2026-118437\"":   "",
		"2026-118437 ":      "2026-118437",
		"11843":             "2026-118437 ЦУР-2026-118438 2025-118437",
		"2026-1184":         "2026-118437 ЦУР-2026-118438",
		"№2026-000437":      "2026-000437",
		"000437":            "2026-000437",
		"2026-118437 яма 1": "",
	} {
		found, err := d.Numbered(typed, 9)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range found {
			got = append(got, r.Number)
		}
		if all := strings.Join(got, " "); all != want {
			t.Errorf("%q finds %q, not %q", typed, all, want)
		}
	}
	if found, err := d.Numbered("11843", 1); err != nil || len(found) != 1 {
		t.Errorf("more than asked for: %d, %v", len(found), err)
	}
}

func TestShiftIsWhatIsUrgent(t *testing.T) {
	d := desk(t, operator...)
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 24, hour, minute, 0, 0, now.Location()) }
	late, soon := fact(1, at(9, 0).Add(-24*time.Hour), 0, "г. Канаш"), fact(2, at(9, 0).Add(-24*time.Hour), 0, "г. Канаш")
	late.Due, soon.Due = now.Add(-time.Minute), now.Add(30*time.Minute)
	others := fact(3, at(9, 0), 0, "г. Канаш")
	others.Due, others.Assignee = now.Add(10*time.Minute), "Оператор 1"
	load(t, d, app.BatchRow{Appeal: late}, app.BatchRow{Appeal: soon}, app.BatchRow{Appeal: others})
	totals := func(own bool) (all []int) {
		parts, err := d.Shift(own, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range parts {
			if p.Query.Queue != app.ShiftQueues[i] || len(p.Rows) != min(1, p.Total) {
				t.Errorf("part %d: %+v", i, p)
			}
			found, err := d.Find(p.Query)
			if err != nil || found.Total != p.Total {
				t.Errorf("%s: its question lists %d of %d, %v", p.Query.Queue, found.Total, p.Total, err)
			}
			all = append(all, p.Total)
		}
		return all
	}
	check := func(got []int, want ...int) {
		t.Helper()
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %d, not %d", app.ShiftQueues[i], got[i], want[i])
			}
		}
	}
	check(totals(false), 2, 1, 0, 0, 3) // nothing has been sent
	check(totals(true), 1, 1, 0, 0, 3)
}
