package app_test

import (
	"slices"
	"testing"

	"otklik/app"
)

func TestReviewOfAnAnswer(t *testing.T) {
	d := desk(t, operator...)
	onPage := asked()
	onPage.Page = "page"
	template := d.Region().Templates[0].Text
	for _, c := range []struct {
		name string
		a    *app.Appeal
		e    app.Event
		want []app.Flaw
	}{
		{"whole", asked(), app.Event{Type: app.EventAnswered, Text: "Яму на перекрёстке заделали сегодня утром."}, nil},
		{"a field", asked(), app.Event{Type: app.EventSubmitted, Text: "Здравствуйте, {имя}! Яму заделали сегодня утром."}, []app.Flaw{app.FlawBlank}},
		{"a template", asked(), app.Event{Type: app.EventSubmitted, Text: d.Fill(template, asked())}, []app.Flaw{app.FlawTemplate}},
		{"interim without a date", asked(), app.Event{Type: app.EventInterim, Text: "Ведём проверку, о результате сообщим."}, []app.Flaw{app.FlawNoDate}},
		{"interim to a day", asked(), app.Event{Type: app.EventInterim, Text: "Ведём проверку, о результате сообщим до 5 декабря."}, nil},
		{"interim to a date", asked(), app.Event{Type: app.EventInterim, Text: "Ведём проверку, ответим до 05.12.2026."}, nil},
		{
			"only law", asked(),
			app.Event{Type: app.EventAnswered, Text: "Здравствуйте! В соответствии со ст. 12 Федерального закона № 59-ФЗ обращение рассматривается в течение 30 дней. Согласно Правилам благоустройства это норма."},
			[]app.Flaw{app.FlawOnlyLaw},
		},
		{
			"law and matter", asked(),
			app.Event{Type: app.EventAnswered, Text: "По ГОСТ Р 50597 яму такого размера чинят за десять дней. Её уже оградили, асфальт положат в пятницу, 27 ноября."},
			nil,
		},
		{"on a page, no link", onPage, app.Event{Type: app.EventAnswered, Text: "Яму заделали.", ByHand: true}, []app.Flaw{app.FlawNoLink}},
		{"on a page, link", onPage, app.Event{Type: app.EventAnswered, Text: "Яму заделали.", Link: "https://vk.com/wall-1_2"}, nil},
		{"on a page, for approval", onPage, app.Event{Type: app.EventSubmitted, Text: "Яму заделали."}, nil},
	} {
		if got := d.Review(c.a, c.e); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestLinkOfTheAnswer(t *testing.T) {
	for typed, want := range map[string]string{
		"":                          "",
		" https://vk.com/wall-1_2 ": "https://vk.com/wall-1_2",
		"vk.com/wall-1_2?reply=5":   "https://vk.com/wall-1_2?reply=5",
		"http://чебоксары.рф/новости": "http://чебоксары.рф/новости",
	} {
		if got, err := app.AnswerLink(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"ответил вчера", "wall-1_2", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://vk.", "https://a:b@vk.com/1", "vk.com/<b>"} {
		if got, err := app.AnswerLink(typed); app.CodeOf(err) != app.CodeBadLink {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

func TestTicksOfPointsThatAreGone(t *testing.T) {
	d := desk(t, operator...)
	list := d.Region().Checklist
	if len(list) == 0 {
		t.Fatal("the region has no checklist")
	}
	got := d.Ticked(app.Draft{Ticked: []string{list[0], "пункт прошлого года"}})
	if !slices.Equal(got, list[:1]) {
		t.Errorf("%v", got)
	}
}
