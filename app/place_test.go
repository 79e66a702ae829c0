package app_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"otklik/app"
)

// TestOnePlaceManySpellings: what people mean by the same address has the same key.
func TestOnePlaceManySpellings(t *testing.T) {
	for _, same := range [][]string{
		{
			"ул. Ленина, д. 5", "Ленина 5", "улица Ленина дом 5", "УЛИЦА ЛЕНИНА, 5", "ул.Ленина,д.5", "Ленина ул., 5", "Ленина-5",
			"ул. Ленина, 5, кв. 12", "г. Чебоксары, ул. Ленина, 5", "Чебоксары, Ленина 5", "428000, Чувашская Республика, г. Чебоксары, ул. Ленина, д. 5, подъезд 2",
			"Ленина, 5", "ул Ленина д 5 кв 7", "дом 5 по улице Ленина", "ул. Ленина, 05", "ул. Ленина, 5-12",
		},
		{"ул. Ленина, 5а", "Ленина 5А", "ул. Ленина, д. 5 а", "улица Ленина 5-а", "Ленина, 5 лит. А", "ул. Ленина, 5a"},
		{"ул. Ленина, 5 корп. 2", "Ленина 5к2", "ул. Ленина, д. 5, к. 2", "Ленина, 5 корпус 2", "Ленина, 5корп2"},
		{"ул. Зелёная, 3", "Зеленая 3", "на улице Зелёной, дом 3", "Зелёная улица, 3"},
		{"пр-т Максима Горького, 12", "проспект М. Горького 12", "пр. Максима Горького, д. 12", "Максима Горького проспект, 12"},
		{"ул. Карла Маркса, 52", "К. Маркса 52", "улица К.Маркса, дом 52"},
		{"ул. 50 лет Октября, 7", "50 лет Октября 7", "улица 50 лет Октября, дом 7"},
		{"пр-т 9-й Пятилетки, 18", "проспект 9 Пятилетки, 18", "9-й Пятилетки проспект 18"},
		{"Эгерский бульвар, 33", "б-р Эгерский, д. 33", "Эгерский б-р 33", "бульвар Эгерский 33"},
		{"5 мкр, д. 3", "микрорайон 5, дом 3", "мкр-н 5, 3"},
		{"с. Красное, ул. Школьная, 3", "село Красное, Школьная 3", "Школьная 3, с. Красное", "Красное, ул. Школьная, д. 3"},
		{"д. Малая Роща, д. 4", "деревня Малая Роща, дом 4"},
		{"Деповская улица", "ул. Деповская", "Деповская ул."},
		{"ул. Ленина, 36/50", "Ленина 36/50"},
	} {
		want := app.ReadPlace("г. Чебоксары", same[0])
		if want.Key() == "" {
			t.Errorf("%q: not known", same[0])
		}
		for _, s := range same[1:] {
			if got := app.ReadPlace("г. Чебоксары", s); got.Key() != want.Key() {
				t.Errorf("%q is %+v, but %q is %+v", s, got, same[0], want)
			}
		}
	}
}

// TestPlacesThatDiffer: each of these is a place of its own.
func TestPlacesThatDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, s := range []string{
		"ул. Ленина, 5", "ул. Ленина, 5а", "ул. Ленина, 5 корп. 2", "ул. Ленина, 52", "ул. Ленина", "пр-т Ленина, 5", "пер. Ленина, 5", "ул. Лесная, 5",
		"1-я Садовая, 5", "2-я Садовая, 5", "ул. Садовая, 5", "пер. Садовый, 5", "с. Красное, ул. Ленина, 5", "5 мкр, 5", "6 мкр, 5", "ул. 8 Марта, 5", "50 лет Октября, 5",
	} {
		p := app.ReadPlace("г. Чебоксары", s)
		if was, is := seen[p.Key()]; is || p.Key() == "" {
			t.Errorf("%q has the key of %q: %+v", s, was, p)
		}
		seen[p.Key()] = s
	}
	if a, b := app.ReadPlace("г. Канаш", "Ленина 5"), app.ReadPlace("г. Шумерля", "Ленина 5"); a.Key() == b.Key() {
		t.Error("two towns have one place")
	}
}

// TestNoPlace: a town alone, and words that are none, are not a place.
func TestNoPlace(t *testing.T) {
	for _, s := range []string{"", "  ", "г. Канаш", "Канаш", "Цивильский округ", "Чувашская Республика", "429330", ", .", "кв. 5"} {
		if p := app.ReadPlace("г. Канаш", s); p.Key() != "" {
			t.Errorf("%q is %+v", s, p)
		}
	}
}

// TestPlaceForPeople: how a place is written.
func TestPlaceForPeople(t *testing.T) {
	for address, want := range map[string]string{
		"улица Ленина дом 5": "ул. Ленина, 5", "Ленина 5": "Ленина, 5", "проспект Мира, д. 7а": "пр-т Мира, 7а", "село Красное, Школьная 3": "Красное, Школьная, 3",
	} {
		if got := app.ReadPlace("г. Чебоксары", address).String(); got != want {
			t.Errorf("%q is written %q, want %q", address, got, want)
		}
	}
	if got := app.ReadPlace("", "ул. Ленина, 5").OfStreet(); got.String() != "ул. Ленина" || got.House != "" {
		t.Errorf("the street: %+v", got)
	}
}

// TestPlaceInAText: an address is found in what a citizen wrote.
func TestPlaceInAText(t *testing.T) {
	for text, address := range map[string]string{
		"Нет горячей воды по ул. Гагарина, 14 с понедельника":         "ул. Гагарина, 14",
		"Фонари не горят на ул. Лесной. От дома 3 до дома 19 темнота": "ул. Лесная",
		"В доме на улице Карла Маркса, дом 52, корпус 2 нет тепла":    "ул. Карла Маркса, 52 корп. 2",
		"Яма на Эгерском бульваре, 33, у магазина":                    "Эгерский бульвар, 33",
		"на ул ленина 5 прорвало трубу":                               "ул. Ленина, 5",
		"На улице Крупской у 10 поликлиники повесили знаки":           "ул. Крупской",
		"Отключили воду на ул. Ленина, 3 дня не включают":             "ул. Ленина",
		"приезжал на ул. Шевченко 36/50 (2-я Линия 50), темно":        "ул. Шевченко, 36/50",
		"Затопило Северный переулок. Просьба принять меры":            "пер. Северный",
		"у дома Касимовское шоссе, 25/2. Просьба закрасить":           "Касимовское шоссе, 25/2",
		"по ул. 50 лет Октября 7 мусор":                               "ул. 50 лет Октября, 7",
	} {
		got, want := app.FindPlace("г. Канаш", text), app.ReadPlace("г. Канаш", address)
		if want.Key() == "" || got.Key() != want.Key() {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
	for _, text := range []string{
		"", "На улице уже 3 дня темно", "улицу 5 раз убирали", "Проспект не чистят", "улица", "Не чистят бульвар. Часть людей падает", "Вывезли из проезда. На месте грязь", "во дворе и на улице лежит снег", "Почему на улицах не убирают?",
	} {
		if got := app.FindPlace("г. Канаш", text); got.Key() != "" {
			t.Errorf("%q: %+v", text, got)
		}
	}
	a := app.Appeal{Municipality: "г. Канаш", Title: "Нет воды", Text: "Дом на ул. Мира, 4 без воды"}
	if got := a.Where().String(); got != "ул. Мира, 4" {
		t.Errorf("the appeal is at %q", got)
	}
	if a.Place = "Лесная 2"; a.Where().String() != "Лесная, 2" {
		t.Errorf("its address goes before its text: %q", a.Where())
	}
}

// TestAnyTextIsRead: whatever people type is read without harm, and case and ё do
// not matter.
func TestAnyTextIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(strings.Fields("ул. улица д. дом 5 5а 12/3 к. корп. 2 г. с. Ленина Зелёная зеленая , . - кв. мкр ш. пр-т 9-й лет й / 428000 б а к № ( )")), 0, 12).Draw(t, "parts")
		address := strings.Join(parts, rapid.SampledFrom([]string{" ", "", ", "}).Draw(t, "between"))
		if rapid.Bool().Draw(t, "any") {
			address = rapid.String().Draw(t, "text")
		}
		p := app.ReadPlace("г. Чебоксары", address)
		if q := app.ReadPlace("г. Чебоксары", strings.NewReplacer("ё", "е", "Ё", "Е").Replace(address)); p.Key() != q.Key() {
			t.Fatalf("%q: %+v, without ё %+v", address, p, q)
		}
		if p.House != "" && !unicode.IsDigit(rune(p.House[0])) {
			t.Fatalf("%q: house %q", address, p.House)
		}
		app.FindPlace("", address)
	})
}
