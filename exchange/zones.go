package exchange

import (
	"time"
	// Workstations under Windows have no zone database of their own.
	_ "time/tzdata"
)

// zones of the regions of Russia whose clock differs from Moscow's. Of regions
// with several zones the one of the capital is given.
var zones = keyed(map[string][]string{
	"Europe/Kaliningrad": {"Калининградская область"},
	"Europe/Samara":      {"Самарская область", "Удмуртская Республика"},
	"Europe/Astrakhan":   {"Астраханская область"},
	"Europe/Saratov":     {"Саратовская область"},
	"Europe/Ulyanovsk":   {"Ульяновская область"},
	"Asia/Yekaterinburg": {
		"Республика Башкортостан", "Пермский край", "Курганская область", "Оренбургская область",
		"Свердловская область", "Тюменская область", "Челябинская область",
		"Ханты-Мансийский автономный округ", "Ханты-Мансийский автономный округ - Югра",
		"Ханты-Мансийский автономный округ — Югра", "Ямало-Ненецкий автономный округ",
	},
	"Asia/Omsk":         {"Омская область"},
	"Asia/Barnaul":      {"Алтайский край", "Республика Алтай"},
	"Asia/Novosibirsk":  {"Новосибирская область"},
	"Asia/Tomsk":        {"Томская область"},
	"Asia/Novokuznetsk": {"Кемеровская область", "Кемеровская область - Кузбасс", "Кемеровская область — Кузбасс"},
	"Asia/Krasnoyarsk":  {"Красноярский край", "Республика Хакасия", "Республика Тыва"},
	"Asia/Irkutsk":      {"Иркутская область", "Республика Бурятия"},
	"Asia/Chita":        {"Забайкальский край"},
	"Asia/Yakutsk":      {"Амурская область", "Республика Саха (Якутия)"},
	"Asia/Vladivostok":  {"Приморский край", "Хабаровский край", "Еврейская автономная область"},
	"Asia/Magadan":      {"Магаданская область"},
	"Asia/Sakhalin":     {"Сахалинская область"},
	"Asia/Kamchatka":    {"Камчатский край"},
	"Asia/Anadyr":       {"Чукотский автономный округ"},
})

func keyed(table map[string][]string) map[string]*time.Location {
	out := map[string]*time.Location{}
	for name, regions := range table {
		for _, region := range regions {
			out[headingKey(region)] = location(name)
		}
	}
	return out
}

// location loads a zone of the database built into the program.
func location(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic("exchange: zone: " + err.Error())
	}
	return l
}
