package app

import "testing"

func TestTheMostPreciseRouteLeads(t *testing.T) {
	r := Region{Routes: []Route{
		{Group: "ЖКХ", Executor: "Минстрой"},
		{Group: "ЖКХ", Municipality: "г. Канаш", Executor: "Администрация г. Канаш"},
		{Group: "ЖКХ", Topic: "Лифты", Executor: "Госжилинспекция"},
		{Group: "ЖКХ", Topic: "Лифты", Municipality: "г. Алатырь", Executor: "Администрация г. Алатырь"},
		{Group: "ЖКХ", Executor: "Кто-то другой"},
	}}
	for _, c := range []struct{ group, topic, municipality, want string }{
		{"ЖКХ", "Отопление", "г. Шумерля", "Минстрой"},
		{"ЖКХ", "", "", "Минстрой"},
		{"ЖКХ", "Отопление", "г. Канаш", "Администрация г. Канаш"},
		{"ЖКХ", "Лифты", "г. Канаш", "Госжилинспекция"},
		{"ЖКХ", "Лифты", "г. Алатырь", "Администрация г. Алатырь"},
		{"Дороги", "", "г. Канаш", ""},
	} {
		if got := r.RouteFor(c.group, c.topic, c.municipality); got != c.want {
			t.Errorf("%s, %s, %s: %q, want %q", c.group, c.topic, c.municipality, got, c.want)
		}
	}
}
