package ui

import (
	"fmt"
	"math"
	"time"

	"otklik/app"
)

// today is the day of noon in the region.
var today = app.DayOf(noon)

// drawnSeries is a year of counts that ends at n and grows by month in the
// last thirty days, with a ripple; every 40th day is a gap.
func drawnSeries(n, month, seed int) app.Series {
	const days = 365
	s := app.Series{First: today - days + 1, Values: make([]uint32, days)}
	for i := range s.Values {
		left := float64(days - 1 - i)
		ripple := math.Sin(left/5+float64(seed)) - math.Sin(float64(seed))
		v := float64(n) - float64(month)*left/30 + ripple*math.Abs(float64(month))*0.15
		s.Values[i] = uint32(max(1, v))
		if i%40 == 20 {
			s.Values[i] = app.Missing
		}
	}
	return s
}

// drawnPages fills the store with the pages of the drawing.
func drawnPages(s *fakeStore) {
	posts := 9
	for i, d := range []struct {
		network app.Source
		name    string
		founder string
		n       int
		month   int
		post    int // days ago, -1 not known
	}{
		{app.SourceVK, "Чувашия. Официально", "Правительство", 184_203, 1420, 0},
		{app.SourceVK, "Администрация г. Чебоксары", "ОМСУ · г. Чебоксары", 96_511, 310, 1},
		{app.SourceTelegram, "Глава республики", "Правительство", 71_240, -210, 2},
		{app.SourceOK, "Чувашия. Официально", "Правительство", 58_120, 260, 0},
		{app.SourceVK, "Минздрав Чувашии", "Министерство здравоохранения", 49_870, 905, 1},
		{app.SourceVK, "МЧС Чувашии", "Территориальный орган", 41_006, 77, 9},
		{app.SourceVK, "Минобразования Чувашии", "Министерство", 38_944, 188, 0},
		{app.SourceOK, "Администрация г. Чебоксары", "ОМСУ · г. Чебоксары", 31_777, -55, 1},
		{app.SourceVK, "Республиканская больница", "Здравоохранение", 22_019, 160, 2},
		{app.SourceVK, "Национальный музей", "Культура", 15_402, 96, 2},
		{app.SourceMAX, "ЦУР Чувашии", "ЦУР", 12_880, 2950, 9},
		{app.SourceVK, "Цивильский округ", "ОМСУ", 11_207, 40, 1},
		{app.SourceVK, "Алатырский округ", "ОМСУ", 9_650, 31, 2},
		{app.SourceOK, "Ядринский округ", "ОМСУ", 6_021, 0, 0},
		{app.SourceVK, "Библиотека им. Горького", "Культура", 4_410, 17, 1},
		{app.SourceVK, "Поликлиника № 1", "Здравоохранение", 3_875, 25, 2},
		{app.SourceVK, "Школа № 64, Чебоксары", "Образование", 3_120, 22, 0},
		{app.SourceVK, "Муниципальное бюджетное учреждение дополнительного образования «Детская школа искусств»", "Администрация Комсомольского муниципального округа", 0, 0, -1},
	} {
		p := app.Page{
			ID: fmt.Sprintf("page-%d", i), Network: d.network, Name: d.name, Founder: d.founder,
			Municipality: []string{"г. Чебоксары", "Цивильский округ"}[i%2], Spheres: []string{[]string{"Здравоохранение", "Образование"}[i%2]},
		}
		if d.n > 0 {
			p.Link = fmt.Sprintf("https://vk.com/page%d", i)
			s.columns[p.ID] = drawnSeries(d.n, d.month, i)
		} else {
			p.NotKept = "решение учредителя: страница объединена с общей"
		}
		if d.post >= 0 {
			p.LastPost = noon.AddDate(0, 0, -d.post)
		}
		if i == 4 {
			p.Link, p.PostsWeek, p.Keeper, p.Reach = "https://vk.com/minzdrav21", &posts, "Оператор 2", 1197
			p.MarksKnown, p.Marks = true, []string{app.MarkState, app.MarkWidget, app.MarkAvatar}
		}
		s.pages = append(s.pages, p)
	}
}

// answeredAppeals adds appeals of two months with answers, more in the day than
// at night.
func answeredAppeals(s *fakeStore) {
	places := []string{"г. Чебоксары", "г. Чебоксары", "г. Чебоксары", "г. Новочебоксарск", "Цивильский округ", "Алатырский округ"}
	i := 0
	for day := range 62 {
		for hour := range 24 {
			n := int(4 * math.Exp(-math.Pow(float64(hour)-12, 2)/30))
			if (day+2)%7 > 4 {
				n /= 3
			}
			for range n {
				start := time.Date(2026, 9, 23+day, hour, i%60, 0, 0, noon.Location())
				wait := time.Duration(30+(i*37)%300+(i*i)%900) * time.Minute / 2
				a := &app.Appeal{
					ID: fmt.Sprintf("answered-%d", i), Number: fmt.Sprintf("2026-%d", 100000+i), Kind: app.KindIncident, Source: app.SourceVK,
					Text: "текст", Municipality: places[i%len(places)], Due: start.Add(9 * time.Hour), Page: "page-4",
				}
				a.Apply(app.Event{ID: a.ID + "p", Type: app.EventPublished, At: start})
				a.Apply(app.Event{ID: a.ID + "a", Type: app.EventAnswered, At: start.Add(wait), Text: "ответ"})
				a.Apply(app.Event{ID: a.ID + "c", Type: app.EventClosed, At: start.Add(wait), Outcome: app.OutcomeSolved})
				s.appeals = append(s.appeals, a)
				i++
			}
		}
	}
}

// drawnExchange fills outbox, journal and conflict of the drawing.
func drawnExchange(s *fakeStore) {
	at := func(minutes int) time.Time { return noon.Add(-time.Duration(minutes) * time.Minute) }
	event := func(e app.Event) app.Op {
		return app.Op{Kind: app.OpEvent, Payload: app.Encode(e)}
	}
	add := func(minutes int, op app.Op, e app.Entry) {
		op.At = at(minutes)
		e.Op = op
		s.entries = append(s.entries, e)
	}
	add(2, event(app.Event{Type: app.EventAnswered}), app.Entry{State: app.EntrySent, Sent: at(1), Attempts: 1, Number: "2026-118402", Heading: "Фонари не горят"})
	add(5, event(app.Event{Type: app.EventAssigned, Target: "Оператор 2"}), app.Entry{State: app.EntryWaiting, Number: "2026-118440", Heading: "Подтопило подвал"})
	add(8, event(app.Event{Type: app.EventNote}), app.Entry{State: app.EntryWaiting, Number: "2026-118431", Heading: "Не вывозят мусор"})
	add(11, app.Op{Kind: app.OpCreate}, app.Entry{State: app.EntryConflict, Attempts: 2, Number: "2026-118437", Heading: "Яма на дороге у дома 12 по проспекту Ленина — второй раз за месяц, никто не приезжает"})
	add(2000, event(app.Event{Type: app.EventClassified}), app.Entry{State: app.EntryRefused, Reason: app.CodeNotAllowed, Attempts: 1, Number: "2026-118399"})
	s.conflicts = []app.Conflict{{
		Op: "lost", Appeal: "appeal-0", By: "Оператор 3", At: at(10), Status: app.StatusClosed,
		Mine:   app.Event{Type: app.EventAnswered, At: at(3), By: "Оператор 3", Text: "Здравствуйте! Бригада дорожной службы уже на месте, яму заделают сегодня до 18:00."},
		Winner: app.Event{Type: app.EventAnswered, At: at(10), By: "Оператор 1", Text: "Здравствуйте! Ремонт запланирован на завтра, срок — до 12:00."},
	}}
}
