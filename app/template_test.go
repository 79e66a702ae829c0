package app_test

import (
	"slices"
	"testing"
	"time"

	"otklik/app"
)

func asked() *app.Appeal {
	a := &app.Appeal{
		ID: "A", Number: "2026-118437", Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма", Municipality: "г. Канаш",
		Group: "Дороги", Topic: "Ямы и выбоины", Status: app.StatusNew, Due: now.Add(26 * time.Hour), Author: "житель г. Канаш",
	}
	a.Apply(app.Event{ID: "d", Type: app.EventDetected, At: now.Add(-48 * time.Hour)})
	return a
}

func TestTemplateIsFilledFromTheAppeal(t *testing.T) {
	d := desk(t, operator...)
	got := d.Fill("Здравствуйте, {имя}! № {номер} от {дата}, {Тема}, { муниципалитет }: {исполнитель} ответит до {срок}. Сегодня {сегодня}, {адрес}. {когда}", asked())
	want := "Здравствуйте, {имя}! № 2026-118437 от 22.11.2026, Ямы и выбоины, г. Канаш: {исполнитель} ответит до 25.11.2026. Сегодня 24.11.2026, {адрес}. {когда}"
	if got != want {
		t.Errorf("%s", got)
	}
	var names []string
	runes := []rune(got)
	for _, b := range app.Blanks(got) {
		names = append(names, b.Name)
		if s := string(runes[b.From:b.To]); s != "{"+b.Name+"}" {
			t.Errorf("the blank %q stands at %q", b.Name, s)
		}
	}
	if !slices.Equal(names, []string{"имя", "исполнитель", "адрес", "когда"}) {
		t.Errorf("blanks %q", names)
	}
	every := ""
	for _, f := range app.TemplateFields {
		every += "{" + f + "}"
	}
	a := asked()
	a.Executor, a.Place = "УЖКХ", "ул. Ленина, 14"
	if left := app.Blanks(d.Fill(every, a)); len(left) > 0 {
		t.Errorf("a whole appeal leaves %v", left)
	}
}

func TestBracesThatAreNoField(t *testing.T) {
	for _, text := range []string{"{}", "{ начало\nконец }", "{{", "без полей", "{это слишком длинное имя для того, чтобы быть полем}"} {
		if b := app.Blanks(text); len(b) > 0 {
			t.Errorf("%q has the blanks %v", text, b)
		}
	}
}

func TestOnlyATemplate(t *testing.T) {
	const accepted = "Здравствуйте! Спасибо, что сообщили. Бригада направлена на место, о результате напишем здесь."
	const passed = "Здравствуйте, {имя}! Ваше обращение передано: {исполнитель}. Ответ будет дан до {срок}."
	for text, want := range map[string]bool{
		accepted: true,
		"здравствуйте!  Спасибо что сообщили — бригада направлена на место; о результате напишем здесь":                      true,  // spelled otherwise
		"Александр Сергеевич Пушкин, здравствуйте! Спасибо, что сообщили. Бригада направлена на место.":                      false, // a sentence is gone: less than three quarters
		"Здравствуйте, Александр Сергеевич! Спасибо, что сообщили. Бригада направлена на место, о результате напишем здесь.": true,  // a name is no answer
		accepted + "\n\n" + passed: true, // two of them
		accepted + " Яму заделаем до четверга, 26 ноября.":                                       false,
		"Здравствуйте, Александр! Ваше обращение передано: УЖКХ. Ответ будет дан до 25.11.2026.": false, // not filled by the program: these are words of the person
		"Яму заделали": false,
		"Здравствуйте! Спасибо, что сообщили.": false, // shares words with one, and is not it
		"": false,
	} {
		if got := app.OnlyTemplate(text, accepted, passed); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	// What the program filled in is of the template.
	d := desk(t, operator...)
	a := asked()
	a.Executor = "УЖКХ"
	if text := d.Fill(passed, a); !app.OnlyTemplate(text, passed, text) {
		t.Errorf("%q", text)
	}
}
