package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"otklik/app"
)

// The words of the newer charts, in Russian.
func init() {
	russian.New, russian.Closed, russian.Open = "поступило", "закрыто", "открыто на конец"
	russian.InTime, russian.Mean, russian.P90 = "в срок", "среднее", "p90"
	russian.Before, russian.Unanswered = "период раньше", "ещё без ответа"
	russian.Appeals, russian.Answers, russian.Subscribers = "обращений", "ответов", "подписчиков"
	russian.Sample = func(n int) string { return "n = " + spaced(n) }
	russian.More = func(n int) string { return "и ещё " + spaced(n) }
}

// spaced writes a number as people read it: 12 345.
func spaced(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}

// hoursText writes hours as people read them.
func hoursText(v float64) string {
	d := time.Duration(v * float64(time.Hour)).Round(time.Minute)
	switch days, h, m := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60; {
	case d == 0:
		return "0"
	case days > 0 && h == 0:
		return strconv.Itoa(days) + " дн"
	case days > 0:
		return strconv.Itoa(days) + " дн " + strconv.Itoa(h) + " ч"
	case h == 0:
		return strconv.Itoa(m) + " мин"
	case m == 0:
		return strconv.Itoa(h) + " ч"
	default:
		return strconv.Itoa(h) + " ч " + strconv.Itoa(m) + " мин"
	}
}

func countText(v float64) string {
	if v < 0 {
		return "−" + spaced(int(-v))
	}
	return spaced(int(v))
}

func decimalText(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', 1, 64), ".", ",", 1)
}

// municipalities of the sample region, with their places on the map of tiles.
var municipalities = []MapTile{
	{Name: "г. Чебоксары", Short: "ЧЕБ", Tile: app.Tile{Column: 3, Row: 1}},
	{Name: "г. Новочебоксарск", Short: "НЧБ", Tile: app.Tile{Column: 4, Row: 1}},
	{Name: "г. Алатырь", Short: "г.АЛ", Tile: app.Tile{Column: 0, Row: 5}},
	{Name: "г. Канаш", Short: "г.КН", Tile: app.Tile{Column: 3, Row: 3}},
	{Name: "г. Шумерля", Short: "г.ШМ", Tile: app.Tile{Column: 0, Row: 3}},
	{Name: "Алатырский муниципальный округ", Short: "АЛАТ", Tile: app.Tile{Column: 1, Row: 5}},
	{Name: "Аликовский муниципальный округ", Short: "АЛИК", Tile: app.Tile{Column: 1, Row: 2}},
	{Name: "Батыревский муниципальный округ", Short: "БАТ", Tile: app.Tile{Column: 3, Row: 5}},
	{Name: "Вурнарский муниципальный округ", Short: "ВУРН", Tile: app.Tile{Column: 2, Row: 3}},
	{Name: "Ибресинский муниципальный округ", Short: "ИБР", Tile: app.Tile{Column: 2, Row: 4}},
	{Name: "Канашский муниципальный округ", Short: "КАН", Tile: app.Tile{Column: 4, Row: 3}},
	{Name: "Козловский муниципальный округ", Short: "КОЗ", Tile: app.Tile{Column: 6, Row: 2}},
	{Name: "Комсомольский муниципальный округ", Short: "КОМС", Tile: app.Tile{Column: 3, Row: 4}},
	{Name: "Красноармейский муниципальный округ", Short: "КРАС", Tile: app.Tile{Column: 2, Row: 2}},
	{Name: "Красночетайский муниципальный округ", Short: "КЧЕТ", Tile: app.Tile{Column: 0, Row: 2}},
	{Name: "Мариинско-Посадский муниципальный округ", Short: "МАРП", Tile: app.Tile{Column: 5, Row: 1}},
	{Name: "Моргаушский муниципальный округ", Short: "МОРГ", Tile: app.Tile{Column: 1, Row: 1}},
	{Name: "Порецкий муниципальный округ", Short: "ПОР", Tile: app.Tile{Column: 0, Row: 4}},
	{Name: "Урмарский муниципальный округ", Short: "УРМ", Tile: app.Tile{Column: 5, Row: 3}},
	{Name: "Цивильский муниципальный округ", Short: "ЦИВ", Tile: app.Tile{Column: 4, Row: 2}},
	{Name: "Чебоксарский муниципальный округ", Short: "ЧЕБР", Tile: app.Tile{Column: 3, Row: 2}},
	{Name: "Шемуршинский муниципальный округ", Short: "ШЕМ", Tile: app.Tile{Column: 3, Row: 6}},
	{Name: "Шумерлинский муниципальный округ", Short: "ШУМ", Tile: app.Tile{Column: 1, Row: 3}},
	{Name: "Ядринский муниципальный округ", Short: "ЯДР", Tile: app.Tile{Column: 0, Row: 1}},
	{Name: "Яльчикский муниципальный округ", Short: "ЯЛЬЧ", Tile: app.Tile{Column: 4, Row: 5}},
	{Name: "Янтиковский муниципальный округ", Short: "ЯНТ", Tile: app.Tile{Column: 5, Row: 4}},
}

func tileMap(value func(i int) float64, missing ...int) []MapTile {
	out := append([]MapTile{}, municipalities...)
	for i := range out {
		out[i].Value = value(i)
	}
	for _, i := range missing {
		out[i].Value, out[i].None = 0, true
	}
	return out
}

// steps are days in which appeals come, are closed and wait; the last is not over.
func steps(first string, n int, long int) []app.StepFigures {
	out := make([]app.StepFigures, n)
	backlog := 310
	for i := range out {
		from := day(first) + app.Day(i*long)
		came := int(42 + 14*math.Sin(float64(i)/1.1) + 6*math.Cos(float64(i)/5))
		left := int(40 + 12*math.Sin(float64(i)/1.1-0.6) + 8*math.Sin(float64(i)/7))
		if i == n-1 {
			came, left = came/3, left/4
		}
		backlog = max(0, backlog+came-left)
		timed := came * 9 / 10
		out[i] = app.StepFigures{Partial: i == n-1, Tally: app.Tally{
			Period:  app.Period{From: from, To: from + app.Day(long-1)},
			Appeals: came, Closed: left, Backlog: backlog,
			Response: app.Summary{N: came, Timed: timed, InTime: int(float64(timed) * (0.88 + 0.09*math.Sin(float64(i)/2)))},
		}}
	}
	return out
}

func summary(n int, p10, median, mean, p90 float64) app.Summary {
	h := func(v float64) time.Duration { return time.Duration(v * float64(time.Hour)) }
	return app.Summary{N: n, P10: h(p10), Median: h(median), Mean: h(mean), P90: h(p90)}
}

// survival is a curve of so many points down to the share that is never answered.
func survival(n int) []app.Survival {
	out := make([]app.Survival, n)
	for i := range out {
		t := float64(i) / float64(max(1, n-1))
		out[i] = app.Survival{
			After:  time.Duration(math.Pow(t, 3) * 40 * 24 * float64(time.Hour)),
			Share:  0.04 + 0.96*math.Exp(-7*t), AtRisk: n - i,
		}
	}
	return out
}

func bins(n ...int) []app.Bin {
	bounds := []time.Duration{
		0, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour,
		24 * time.Hour, 3 * 24 * time.Hour, 10 * 24 * time.Hour, 30 * 24 * time.Hour, 0,
	}
	out := make([]app.Bin, len(bounds)-1)
	for i := range out {
		out[i] = app.Bin{Lengths: app.Lengths{AtLeast: bounds[i], Below: bounds[i+1]}}
		if i < len(n) {
			out[i].N = n[i]
		}
	}
	return out
}
