package report

import (
	"fmt"
	"image"
	"image/draw"
	"math"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"otklik/app"
)

// hard is what breaks pictures, as numbers from which every chart makes its data.
type hard struct {
	name   string
	values []float64          // NaN: not known
	place  func(i int) string // names of municipalities, executors, pages
	labels Labels             // words and formats
}

// known says whether there is a value.
func (h hard) known(i int) bool { return !math.IsNaN(h.values[i]) }

// hardCases are drawn with every chart.
var hardCases = []hard{
	{"no data", nil, place, russian},
	{"one point", []float64{4200}, place, russian},
	{"zeros", make([]float64, 30), place, russian},
	{"outlier", waves(30, func(i int, v float64) float64 {
		if i == 17 {
			return 480 * v
		}
		return v
	}), place, russian},
	{"gaps", waves(30, func(i int, v float64) float64 {
		if i%11 > 6 || i == 13 {
			return math.NaN()
		}
		return v
	}), place, russian},
	{"a million", waves(1_000_000, func(i int, v float64) float64 {
		if i == 620_000 {
			return 3 * v
		}
		return v
	}), place, russian},
	{"long words", waves(30, nil), longPlace, wordy()},
	{"short words", waves(30, nil), func(i int) string { return string('А' + rune(i%32)) }, curt()},
}

// waves are n values round 1,000, changed where asked.
func waves(n int, change func(i int, v float64) float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		t := float64(i) * 30 / float64(n)
		out[i] = math.Round(1000 + 20*t + 120*math.Sin(t/1.7) + 40*math.Sin(float64(i)*1.3))
		if change != nil {
			out[i] = change(i, out[i])
		}
	}
	return out
}

func place(i int) string { return fmt.Sprintf("Район № %d", i+1) }

func longPlace(i int) string {
	return fmt.Sprintf("Администрация Верхнекрасноармейского муниципального округа имени %d-летия Октября", i+1)
}

// wordy are labels that say more than there is room for.
func wordy() Labels {
	l := russian
	l.NoData = "за выбранный период по этому показателю нет никаких данных"
	l.Number = func(v float64, axis []float64) string { return russian.Number(v, axis) + " подписчиков" }
	l.Time = func(d time.Duration) string { return russian.Time(d) + " рабочего времени" }
	l.Day = func(d app.Day) string { return russian.Day(d) + "бря, воскресенье" }
	l.Network = func(s app.Source) string {
		return "Официальные страницы в сети «" + russian.Network(s) + "»"
	}
	l.Weekday = func(d time.Weekday) string { return russian.Weekday(d) + ", день недели" }
	l.Clock = func(h int) string { return strconv.Itoa(h) + " часов 00 минут" }
	l.Median, l.Band, l.Mean = "медиана времени первого ответа", "от десятого до девяностого процентиля", "среднее арифметическое"
	l.Goal = "цель, установленная регламентом: 4 часа 30 минут"
	l.New, l.Closed, l.Open = "поступило обращений граждан", "закрыто с результатом", "оставалось в работе на конец дня"
	l.P90, l.Before, l.Unanswered = "девяностый процентиль", "тот же показатель за прошлый период", "обращений, на которые ещё не ответили"
	l.Appeals, l.Answers, l.Subscribers = "обращений граждан за день", "первых ответов на обращения", "подписчиков официальных страниц"
	l.Sample = func(n int) string { return "всего ответов: " + spaced(n) }
	return l
}

// curt are labels of a letter each.
func curt() Labels {
	l := russian
	l.NoData = "—"
	l.Number = func(v float64, _ []float64) string { return strconv.Itoa(int(v)) }
	l.Network = func(s app.Source) string { return russian.Network(s)[:2] }
	l.Weekday = func(d time.Weekday) string { return russian.Weekday(d)[:2] }
	l.Median, l.Band, l.Mean, l.Goal = "м", "п", "с", "ц"
	l.New, l.Closed, l.Open, l.P90, l.Before = "н", "з", "о", "д", "б"
	l.Unanswered, l.Appeals, l.Answers, l.Subscribers = "б", "о", "о", "п"
	l.Sample = strconv.Itoa
	return l
}

// hardCharts are the charts in question, each with its size in the gallery.
var hardCharts = []struct {
	name string
	w, h int
	draw func(Look, hard) Picture
}{
	{"growth", 300, 150, func(look Look, h hard) Picture {
		s := h.series()
		look.Unfinished = s.First + app.Day(len(s.Values)) - 1
		return Growth(look, s, s.First, s.First+app.Day(max(1, len(s.Values)))-1, h.labels)
	}},
	{"networks", 300, 190, func(look Look, h hard) Picture {
		look.Unfinished = day("2026-10-24") + app.Day(len(h.values)) - 1
		return Networks(look, h.networks(), day("2026-10-24"), h.labels)
	}},
	{"responses", 300, 190, func(look Look, h hard) Picture {
		return Responses(look, h.steps(min(len(h.values), 100_000)), 4*time.Hour+30*time.Minute, h.labels)
	}},
	{"heat", 300, 150, func(look Look, h hard) Picture {
		var counts [7][24]int
		for i, v := range h.values {
			if h.known(i) {
				counts[i/24%7][i%24] += int(v)
			}
		}
		return Heat(look, counts, h.labels)
	}},
	{"sparkline", 150, 40, func(look Look, h hard) Picture { return Picture{Image: Sparkline(look, h.series())} }},
}

// series are the values as counts of a page.
func (h hard) series() app.Series {
	s := app.Series{First: day("2026-10-24"), Values: make([]uint32, len(h.values))}
	for i, v := range h.values {
		s.Values[i] = app.Missing
		if h.known(i) {
			s.Values[i] = uint32(v)
		}
	}
	return s
}

// networks are the values as sums of four networks.
func (h hard) networks() []app.NetworkSeries {
	out := make([]app.NetworkSeries, 4)
	for k, s := range []app.Source{app.SourceVK, app.SourceOK, app.SourceTelegram, app.SourceMAX} {
		out[k] = app.NetworkSeries{Network: s, Days: make([]int64, len(h.values))}
		for i, v := range h.values {
			out[k].Days[i] = -1
			if h.known(i) {
				out[k].Days[i] = int64(v) * int64(4-k)
			}
		}
	}
	return out
}

// steps are the first n values as response times in units of 15 seconds; the last day
// is not over.
func (h hard) steps(n int) []app.StepFigures {
	out := make([]app.StepFigures, n)
	for i := range out {
		d := day("2026-10-24") + app.Day(i)
		out[i].Period = app.Period{From: d, To: d}
		out[i].Partial = i == len(h.values)-1
		if h.known(i) {
			v := time.Duration(h.values[i]) * 15 * time.Second
			out[i].Response = app.Summary{N: 20, Median: v, Mean: v * 3 / 2, P10: v / 3, P90: v * 5 / 2}
		}
	}
	return out
}

// TestHardCases compares every chart in every hard case with its golden picture: a
// sheet of cases for each chart and theme.
func TestHardCases(t *testing.T) {
	const across, apart = 2, 4
	for _, c := range hardCharts {
		for name, look := range map[string]func(w, h int, scale float32) Look{"light": light, "dark": dark, "contrast": contrasting} {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				down := (len(hardCases) + across - 1) / across
				sheet := image.NewRGBA(image.Rect(0, 0, across*(c.w+apart), down*(c.h+apart)))
				field := func(i int) image.Rectangle {
					return image.Rect(0, 0, c.w, c.h).Add(image.Pt(i%across*(c.w+apart), i/across*(c.h+apart)))
				}
				for i, h := range hardCases {
					got := c.draw(look(c.w, c.h, 1), h).Image
					draw.Draw(sheet, field(i), got, image.Point{}, draw.Src)
				}
				file := filepath.Join("testdata", "hard", c.name+"-"+name+".png")
				if *update {
					save(t, file, sheet)
				}
				for i, h := range hardCases {
					t.Run(h.name, func(t *testing.T) { compareWithin(t, file, sheet, field(i)) })
				}
			})
		}
	}
}
