package report

import (
	"fmt"
	"strings"
	"time"
)

// russianWords are those of documents, much as the translations have them.
var russianWords = DocumentWords{
	Page:   func(n, of int) string { return fmt.Sprintf("Страница %d из %d", n, of) },
	Method: "Как посчитано",
	Value: func(v Value) string {
		comma := func(s string) string { return strings.ReplaceAll(s, ".", ",") }
		if v.None {
			return "—"
		}
		switch v.Kind {
		case ValueCount:
			return fmt.Sprintf("%.0f", v.Number)
		case ValueDecimal:
			return comma(fmt.Sprintf("%.1f", v.Number))
		case ValueShare:
			return comma(fmt.Sprintf("%.1f %%", v.Number*100))
		case ValueChange:
			return strings.Replace(comma(fmt.Sprintf("%+.1f %%", v.Number*100)), "-", "−", 1)
		case ValueSigned:
			return strings.Replace(fmt.Sprintf("%+.0f", v.Number), "-", "−", 1)
		case ValueDuration:
			d := time.Duration(v.Number) * time.Second
			return fmt.Sprintf("%d ч %d мин", int(d.Hours()), int(d.Minutes())%60)
		case ValueDay:
			return v.day().Format("02.01.2006")
		}
		return v.Words
	},
	Unit: func(k ValueKind) string {
		switch k {
		case ValueDuration:
			return "ч:мин"
		case ValueShare, ValueChange:
			return "%"
		}
		return ""
	},
	Sheet: "Лист",
}

var agencies = []string{
	"Администрация Лесного городского округа", "Минздрав региона", "МУП «Водоканал»",
	"Управление автомобильных дорог и организации дорожного движения", "Минтранс",
	"Департамент жилищно-коммунального хозяйства и благоустройства", "Минобр",
}

// sampleDocument has every kind of block and value, and rows for two pages.
func sampleDocument(rows int) *Document {
	hours := func(h float64) Value { return Duration(time.Duration(h * float64(time.Hour))) }
	bad, good := hours(9.17), hours(2.8)
	bad.Tone, good.Tone = ToneBad, ToneGood
	table := &Table{
		Title: "Рейтинг органов власти по времени ответа",
		Columns: []TableColumn{
			{Title: "№", Kind: ValueCount},
			{Title: "Орган власти"},
			{Title: "Обращений", Kind: ValueCount},
			{Title: "Медиана ответа", Kind: ValueDuration},
			{Title: "В срок", Kind: ValueShare},
			{Title: "К прошлой неделе", Kind: ValueChange},
		},
		Total: []Value{Words(""), Words("Всего"), Count(0), hours(4.2), Ratio(0.912), {Kind: ValueChange, Number: 0.031}},
		Note:  "n — обращения, на которые ответили за неделю; медиана по ним. «—» — ответов не было.",
	}
	sum := 0
	for i := range rows {
		n := 400 - i*3
		sum += n
		median := hours(1.5 + float64(i)/9)
		switch {
		case i%11 == 10:
			median = None(ValueDuration)
		case i == 0:
			median = good
		case i == 5:
			median = bad
		}
		table.Rows = append(table.Rows, []Value{
			Count(i + 1), Words(agencies[i%len(agencies)]), Count(n), median,
			Ratio(0.99 - float64(i)/200),
			{Kind: ValueChange, Number: 0.12 - float64(i)/90},
		})
	}
	table.Total[2] = Count(sum)
	goal := 4*time.Hour + 30*time.Minute
	steps := responses("2026-10-24", 31, 8, 9, 11, 20)
	daily := Table{Columns: []TableColumn{
		{Title: "День", Kind: ValueDay}, {Title: "Медиана", Kind: ValueDuration}, {Title: "p90", Kind: ValueDuration},
	}}
	for _, s := range steps {
		row := []Value{{Kind: ValueDay, Number: float64(s.Period.From)}, None(ValueDuration), None(ValueDuration)}
		if s.Response.N > 0 {
			row[1], row[2] = Duration(s.Response.Median), Duration(s.Response.P90)
		}
		daily.Rows = append(daily.Rows, row)
	}
	nets := networks(31, 12, 13)
	subscribers := Table{Columns: []TableColumn{{Title: "День", Kind: ValueDay}}}
	for _, n := range nets {
		subscribers.Columns = append(subscribers.Columns, TableColumn{Title: russian.Network(n.Network), Kind: ValueCount})
	}
	for i := range nets[0].Days {
		row := []Value{{Kind: ValueDay, Number: float64(int(day("2026-10-24")) + i)}}
		for _, n := range nets {
			if n.Days[i] < 0 {
				row = append(row, None(ValueCount))
			} else {
				row = append(row, Count(int(n.Days[i])))
			}
		}
		subscribers.Rows = append(subscribers.Rows, row)
	}
	return &Document{
		Name: "weekly-ranking", Lang: "ru", Centre: "Центр управления регионом",
		Title: "Рейтинг органов власти за неделю", Period: "16–22 ноября 2026",
		AsOf: "Данные на 23.11.2026, 08:00", Made: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
		Words: russianWords,
		Method: []string{
			"Время ответа — от поступления обращения до первого ответа, в часах работы центра; n ≥ 5, иначе «—».",
			"Доля в срок — ответы не позже срока темы ÷ все обращения со сроком, ± 0,05 %.",
		},
		Blocks: []Block{
			&Figures{Items: []Figure{
				{Name: "Обращений за неделю", Value: Count(12408), Notes: []string{"+4,1 % к прошлой неделе"}},
				{Name: "Медиана первого ответа", Value: bad, Notes: []string{"цель 4 ч 30 мин", "n = 11 920"}},
				{Name: "Ответов в срок", Value: Value{Kind: ValueShare, Number: 0.912, Tone: ToneGood}, Notes: []string{"было 89,7 %"}},
				{Name: "Ждут ответа", Value: None(ValueCount), Notes: []string{"не известно"}},
			}},
			&Prose{Text: "За неделю обращений стало больше: отключение воды в Лесном округе дало 18 % всех сообщений. Ответы приходили медленнее цели три дня из семи."},
			table,
			&Chart{
				Title: "Время первого ответа по дням", Note: "часы работы; полоса p10–p90; последний день не закончен",
				Draw:  func(l Look) Picture { return Responses(l, steps, goal, russian) },
				Ratio: 0.36, Data: daily, Native: NativeLine,
			},
			&Beside{Blocks: []Block{
				&Chart{
					Title: "Подписчики по сетям", Note: "на конец дня; 5 и 6 ноября не считали",
					Draw:  func(l Look) Picture { return Networks(l, nets, day("2026-10-24"), russian) },
					Ratio: 0.6, Data: subscribers, Native: NativeStacked,
				},
				&Chart{
					Title: "Когда пишут", Note: "обращений в час, n = 12 408",
					Draw:  func(l Look) Picture { return Heat(l, heat(), russian) },
					Ratio: 0.6,
				},
			}},
			&Table{
				Title:   "Страницы",
				Columns: []TableColumn{{Title: "Страница"}, {Title: "Адрес", Kind: ValueLink}, {Title: "Подписчиков", Kind: ValueCount}},
				Rows: [][]Value{
					{Words("Лесной сегодня"), {Kind: ValueLink, Words: "https://vk.com/lesnoy"}, Count(48850)},
					{Words("=СУММ(A1:A9)"), {Kind: ValueLink, Words: "javascript:alert(1)"}, None(ValueCount)},
				},
			},
		},
	}
}

// broadDocument has a table that wants a page that lies.
func broadDocument() *Document {
	d := sampleDocument(0)
	t := &Table{Title: "Паблики: соблюдение требований", Columns: []TableColumn{{Title: "Страница"}, {Title: "Муниципалитет"}}}
	for _, name := range []string{
		"Подписчиков", "Публикаций", "Просмотров", "Обращений", "Гостевых", "Отметка госорганизации",
		"Виджет обращений", "Комментарии", "Баллов из ста", "Изменение",
	} {
		t.Columns = append(t.Columns, TableColumn{Title: name, Kind: ValueCount})
	}
	for i := range 40 {
		row := []Value{Words("Официальная страница: " + agencies[i%len(agencies)]), Words("Лесной городской округ")}
		for j := range 10 {
			row = append(row, Count((i+1)*(j+3)*97))
		}
		t.Rows = append(t.Rows, row)
	}
	d.Name, d.Title = "pages", "Паблики региона"
	d.Blocks = []Block{t}
	return d
}
