package report

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
	"time"

	"otklik/app"
)

// The words of the drawings.
var russian = Labels{
	NoData: "нет данных",
	Number: func(v float64, axis []float64) string {
		top := axis[len(axis)-1]
		unit, div := "", 1.0
		switch {
		case v == 0:
		case top >= 1e6:
			unit, div = " млн", 1e6
		case top >= 1e4:
			unit, div = " тыс.", 1e3
		}
		decimals := 0
		if top >= 1e6 && v > 0 {
			decimals = 1
		}
		if div == 1e3 {
			decimals = -1
			if v != top {
				unit = ""
			}
		}
		return strings.Replace(strconv.FormatFloat(v/div, 'f', decimals, 64), ".", ",", 1) + unit
	},
	Time: func(d time.Duration) string {
		if d == 0 {
			return "0"
		}
		if d < time.Hour {
			return fmt.Sprintf("%d мин", int(d.Minutes()))
		}
		return fmt.Sprintf("%d ч", int(d.Hours()))
	},
	Day:   func(d app.Day) string { return strconv.Itoa(d.In(time.UTC).Day()) + " " + month(d) },
	Month: month,
	Year:  func(d app.Day) string { return strconv.Itoa(d.In(time.UTC).Year()) },
	Network: func(s app.Source) string {
		names := map[app.Source]string{
			app.SourceVK: "ВКонтакте", app.SourceOK: "Одноклассники",
			app.SourceTelegram: "Telegram", app.SourceMAX: "MAX", app.SourceViber: "Viber",
		}
		return names[s]
	},
	Percent: func(share float64) string { return fmt.Sprintf("%.0f %%", share*100) },
	Clock:   func(h int) string { return fmt.Sprintf("%d:00", h) },
	Weekday: func(d time.Weekday) string {
		return [...]string{"Вс", "Пн", "Вт", "Ср", "Чт", "Пт", "Сб"}[d]
	},
	Median: "медиана",
	Mean:   "среднее",
	Band:   "p10 – p90",
	Goal:   "цель 4 ч 30 мин",

	New: "поступило", Closed: "закрыто", Open: "открыто на конец",
	InTime: "в срок", P90: "p90", Before: "период раньше", Unanswered: "ещё без ответа",
	Appeals: "обращений", Answers: "ответов", Subscribers: "подписчиков",
	Sample: func(n int) string { return "n = " + spaced(n) },
	More:   func(n int) string { return "и ещё " + spaced(n) },
	Count:  spaced,
}

func month(d app.Day) string {
	names := [...]string{"янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"}
	return names[d.In(time.UTC).Month()-1]
}

func day(s string) app.Day {
	d, err := app.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

var (
	white = color.NRGBA{255, 255, 255, 255}
	night = color.NRGBA{0x1b, 0x22, 0x30, 255}
)

func light(w, h int, scale float32) Look {
	return Look{Width: w, Height: h, Scale: scale, Background: white, Palette: Light()}
}

func dark(w, h int, scale float32) Look {
	return Look{Width: w, Height: h, Scale: scale, Background: night, Palette: Dark()}
}

func contrasting(w, h int, scale float32) Look {
	return Look{Width: w, Height: h, Scale: scale, Background: color.NRGBA{0, 0, 0, 255}, Palette: Contrast()}
}

// counts of a page that grows with a weekly ripple; days listed are gaps.
func counts(first string, n int, from, daily float64, gaps ...int) app.Series {
	s := app.Series{First: day(first), Values: make([]uint32, n)}
	for i := range s.Values {
		ripple := 0.6*math.Sin(float64(i)/3.1) + 0.8*math.Sin(float64(i)/8.3) - 0.7*math.Cos(float64(i)/17)
		s.Values[i] = uint32(from + daily*float64(i) + math.Abs(daily)*4*ripple)
	}
	for _, g := range gaps {
		s.Values[g] = app.Missing
	}
	return s
}

func networks(n int, gaps ...int) []app.NetworkSeries {
	ends := []struct {
		s          app.Source
		begin, end float64
	}{
		{app.SourceVK, 680_000, 775_000},
		{app.SourceOK, 235_000, 238_000},
		{app.SourceTelegram, 118_000, 165_000},
		{app.SourceMAX, 40_000, 110_000},
	}
	var out []app.NetworkSeries
	for _, e := range ends {
		net := app.NetworkSeries{Network: e.s, Days: make([]int64, n)}
		for i := range net.Days {
			net.Days[i] = int64(e.begin + (e.end-e.begin)*float64(i)/float64(max(1, n-1)))
		}
		for _, g := range gaps {
			net.Days[g] = -1
		}
		out = append(out, net)
	}
	return out
}

func responses(first string, n int, gaps ...int) []app.StepFigures {
	out := make([]app.StepFigures, n)
	for i := range out {
		hours := func(v float64) time.Duration { return time.Duration(v * float64(time.Hour)).Round(time.Second) }
		wave := math.Sin(float64(i)/2.3) + 0.5*math.Cos(float64(i)/0.9)
		out[i] = app.StepFigures{Tally: app.Tally{Period: app.Period{From: day(first) + app.Day(i), To: day(first) + app.Day(i)}, Response: app.Summary{
			N: 200 + i, Median: hours(3.1 + 0.6*wave), Mean: hours(5.2 + 0.9*wave), P10: hours(1.7 + 0.25*wave), P90: hours(9.6 + 1.1*wave),
		}}}
	}
	for _, g := range gaps {
		out[g].Response = app.Summary{}
	}
	return out
}

func heat() (out [7][24]int) {
	for d := range out {
		for h := range out[d] {
			v := 60 * math.Exp(-math.Pow(float64(h)-12.5, 2)/40)
			if d > 4 {
				v *= 0.35
			}
			out[d][h] = int(v * (1 + 0.35*math.Sin(float64(d*5+h*3))))
		}
	}
	return out
}
