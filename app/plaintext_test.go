package app_test

import (
	"context"
	"strings"
	"testing"

	"otklik/app"
)

func TestPersonalDataAreMasked(t *testing.T) {
	for text, want := range map[string]string{
		"Звоните +7 (917) 000-11-22 или 8 917 0001122":                 "Звоните # или #",
		"телефон 62-00-11, почта test.user@example.org":                "телефон #, почта #",
		"я, Пушкин Александр Сергеевич, живу на Ленина, 14, кв. 5":     "я, #, живу на Ленина, 14, #",
		"передайте Александру Сергеевичу и Пушкину А. С.":              "передайте # и #",
		"паспорт 97 00 123456, СНИЛС 112-233-445 95":                   "паспорт #, СНИЛС #",
		"моя страница https://vk.com/id1 и t.me/testuser":              "моя страница # и #",
		"Яма на ул. Гагарина, 14, обращение 2026-118437 от 24.11.2026": "Яма на ул. Гагарина, 14, обращение 2026-118437 от 24.11.2026",
		"Автобус 35 не приходит с 8 до 9 утра, ждём 40 минут":          "Автобус 35 не приходит с 8 до 9 утра, ждём 40 минут",
	} {
		if got := app.Mask(text, "#"); got != want {
			t.Errorf("%q", got)
		}
	}
}

func TestMaskedAppealDoesNotSayWho(t *testing.T) {
	a := asked()
	a.Author, a.Contact, a.Link, a.Place = "Житель Чебоксар", "https://vk.com/id7", "https://vk.com/wall1", "ул. Ленина, 14, кв. 3"
	a.Text = "Это пишет Житель Чебоксар, кв. 3"
	a.Events = append(a.Events, app.Event{ID: "n", Type: app.EventNote, Text: "Перезвонить: 8 917 000-11-22", Files: []app.File{{Name: "паспорт.jpg"}}})
	m := a.Masked("[скрыто]")
	all := string(app.Encode(m))
	for _, personal := range []string{"Житель", "id7", "wall1", "917", "кв. 3", "паспорт"} {
		if strings.Contains(all, personal) {
			t.Errorf("%q is left: %s", personal, all)
		}
	}
	if !strings.Contains(m.Place, "ул. Ленина, 14") || a.Author == "" || len(a.Events[1].Files) == 0 {
		t.Error("the place is gone, or the appeal itself was changed")
	}
}

func TestPlainText(t *testing.T) {
	a := asked()
	a.Title, a.Place = "Яма", "ул. Ленина, 14"
	a.Text = "Третий день не заделают.\n"
	if got, want := a.PlainText("№ 2026-118437", "Срок: 25.11.2026", ""), "№ 2026-118437\nЯма\nг. Канаш, ул. Ленина, 14\n\nТретий день не заделают.\n\nСрок: 25.11.2026"; got != want {
		t.Errorf("%q", got)
	}
	if got := (&app.Appeal{Text: "Яма"}).PlainText(""); got != "Яма" {
		t.Errorf("%q", got)
	}
}

func TestDisclosureIsJournalled(t *testing.T) {
	d := desk(t, operator...)
	a := asked()
	load(t, d, app.BatchRow{Appeal: a})
	if err := d.Disclose(a.ID, app.DisclosedPrint); err != nil {
		t.Fatal(err)
	}
	entries, err := d.Entries(10)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Op.Kind != app.OpDisclosed {
			continue
		}
		how, err := app.Decode[app.Disclosure](e.Op.Payload)
		if err != nil || how.How != app.DisclosedPrint || e.State != app.EntryDisclosed || e.Number != a.Number || !e.Op.At.Equal(now) {
			t.Errorf("%+v, %v", e, err)
		}
		return
	}
	t.Error("nothing of it in the journal")
}

func TestTakingInTwiceChangesNothing(t *testing.T) {
	d := desk(t, operator...)
	row := func(id, text string) app.BatchRow {
		a := asked()
		a.ID, a.Text = id, text
		return app.BatchRow{Line: 2, Appeal: a}
	}
	take := func(rows ...app.BatchRow) app.ImportReport {
		t.Helper()
		r, err := d.TakeIn(context.Background(), &app.Batch{Format: "pasted", Read: len(rows), Rows: rows})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := take(row("one", "Яма"), row("two", "Свет")); r.Added != 2 || r.Skipped != 0 {
		t.Errorf("%+v", r)
	}
	r := take(row("one", "Яма"), row("two", "Вода"), row("three", "Мусор"))
	if r.Added != 1 || r.Skipped != 2 || r.Skips[0].Reason != app.SkipKnown || r.Skips[1].Reason != app.SkipOtherText || r.Updated != 0 {
		t.Errorf("%+v", r)
	}
	if a, err := d.TakeIn(context.Background(), &app.Batch{Rows: make([]app.BatchRow, app.TakeInMost+1)}); app.CodeOf(err) != app.CodePasteLarge {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := desk(t, app.RoleExecutor).TakeIn(context.Background(), &app.Batch{Rows: []app.BatchRow{row("four", "Снег")}}); app.CodeOf(err) != app.CodeWrongRole {
		t.Error(err)
	}
}
