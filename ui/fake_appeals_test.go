package ui

import (
	"fmt"
	"time"

	"otklik/app"
)

// drawnAppeals are the invented appeals of the drawings.
func drawnAppeals() []*app.Appeal {
	type drawn struct {
		title, text  string
		source       app.Source
		municipality string
		group, who   string
		left         time.Duration // till the deadline; 0: none
	}
	all := []drawn{
		{"Яма на перекрёстке Ленина — Калинина", "Третий день не могут заделать, вчера пробил колесо. Сколько можно ждать? Фото прилагаю.", app.SourceVK, "г. Чебоксары", "Дороги", "Оператор 3", -72 * time.Minute},
		{"Нет горячей воды по ул. Гагарина, 14", "С понедельника отключили без предупреждения, управляющая компания не отвечает.", app.SourcePOS, "г. Новочебоксарск", "ЖКХ", "", -20 * time.Minute},
		{"Запись к терапевту только через две недели", "Здравствуйте! Почему в поликлинике № 1 нет талонов ни утром, ни вечером?", app.SourceTelegram, "г. Алатырь", "Здравоохранение", "Оператор 1", 38 * time.Minute},
		{"Автобус 35 не приходит по расписанию", "Стоим на остановке по сорок минут, дети опаздывают в школу", app.SourceOK, "г. Чебоксары", "Общественный транспорт", "Оператор 1", 65 * time.Minute},
		{"Не вывозят мусор в СНТ «Заря»", "Контейнеры переполнены, бродячие собаки растаскивают пакеты по всей улице.", app.SourceIM, "Цивильский округ", "Обращение с отходами", "", 220 * time.Minute},
		{"Фонари не горят на ул. Лесной", "От дома 3 до дома 19 полная темнота, прошу передать в администрацию.", app.SourceViber, "г. Шумерля", "Благоустройство", "Оператор 2", 310 * time.Minute},
		{"Когда откроют новый детский сад?", "Обещали в сентябре. Очередь не движется, ребёнку уже три года", app.SourceMAX, "Комсомольский округ", "Образование", "", 362 * time.Minute},
		{"Благодарность врачам районной больницы", "Хочу сказать спасибо хирургическому отделению за внимание", app.SourceVK, "Ядринский округ", "Здравоохранение", "Оператор 2", 0},
		{"Подтопило подвал после дождя", "Ливнёвка забита, вода стоит второй день, запах в подъезде", app.SourcePOS, "г. Канаш", "ЖКХ", "", 450 * time.Minute},
	}
	var out []*app.Appeal
	for i, d := range all {
		a := &app.Appeal{
			ID: fmt.Sprintf("appeal-%d", i), Number: fmt.Sprintf("2026-%d", 118437+i), Kind: app.KindIncident, Source: d.source,
			Title: d.title, Text: d.text, Municipality: d.municipality, Group: d.group, Assignee: d.who, Status: app.StatusNew,
			Author: "житель: " + d.municipality,
		}
		published := noon.Add(-3 * time.Hour)
		if d.left != 0 {
			a.Due = noon.Add(d.left)
			a.Apply(app.Event{ID: fmt.Sprintf("p%d", i), Type: app.EventPublished, At: published.Add(-18 * time.Minute)})
		}
		if i == 0 {
			a.Topic, a.Author = "Ямы и выбоины", "житель г. Чебоксары"
			a.Apply(app.Event{ID: "s0", Type: app.EventStarted, At: published.Add(-14 * time.Minute), By: "Оператор 3"})
			a.Apply(app.Event{ID: "r0", Type: app.EventRouted, At: published.Add(-7 * time.Minute), By: "Оператор 3", Target: "УЖКХ"})
			a.Apply(app.Event{ID: "n0", Type: app.EventNote, At: noon.Add(-93 * time.Minute), By: "УЖКХ", Text: "Бригада выехала, устраним до конца дня, акт пришлём."})
			a.Apply(app.Event{ID: "s1", Type: app.EventStarted, At: noon.Add(-90 * time.Minute), By: "Оператор 3"})
		}
		out = append(out, a)
	}
	return out
}

// manyAppeals makes n appeals of different sources and places.
func manyAppeals(n int) []*app.Appeal {
	base := drawnAppeals()
	out := make([]*app.Appeal, n)
	for i := range out {
		a := base[i%len(base)].Clone()
		a.ID, a.Number = fmt.Sprintf("many-%d", i), fmt.Sprintf("2026-%06d", i)
		a.Due = noon.Add(time.Duration(i) * time.Minute)
		out[i] = a
	}
	return out
}
