package report

import (
	"math"
	"strconv"
	"time"

	"otklik/app"
)

// figures are data for every one of the newer charts.
type figures struct {
	steps    []app.StepFigures
	networks []app.NetworkSeries
	from     app.Day
	bars     []Bar
	aim      float64 // goal of the bars, hours
	tiles    []MapTile
	bins     []app.Bin
	all      app.Summary
	boxes    []Box
	curve    []app.Survival
	lines    []Line
	period   app.Period
	goal     time.Duration
}

// charts draws them, each by its name.
var charts = map[string]func(figures, Look, Labels) Picture{
	"pace":       func(d figures, look Look, l Labels) Picture { return Pace(look, d.steps, l) },
	"intime":     func(d figures, look Look, l Labels) Picture { return InTime(look, d.steps, l) },
	"shares":     func(d figures, look Look, l Labels) Picture { return NetworkShares(look, d.networks, d.from, l) },
	"bars":       func(d figures, look Look, l Labels) Picture { return Bars(look, d.bars, d.aim, hoursText, l) },
	"tilemap":    func(d figures, look Look, l Labels) Picture { return TileMap(look, d.tiles, countText, l) },
	"histogram":  func(d figures, look Look, l Labels) Picture { return Histogram(look, d.bins, d.all, d.goal, l) },
	"boxes":      func(d figures, look Look, l Labels) Picture { return Boxes(look, d.boxes, d.goal, l) },
	"unanswered": func(d figures, look Look, l Labels) Picture { return Unanswered(look, d.curve, d.goal, l) },
	"lines":      func(d figures, look Look, l Labels) Picture { return Lines(look, d.lines, d.period, l) },
}

// usual are figures of a month.
func usual() figures {
	d := figures{
		steps: stepsOf("2026-10-24", 31, 1), networks: networks(31), from: day("2026-10-24"),
		aim: 4.5, goal: 4*time.Hour + 30*time.Minute,
		tiles: tilesOf(func(i int) float64 { return float64(4120/(i*i/3+1)) + float64(i%7) }, 9),
		bins:  binsOf(40, 65, 120, 260, 410, 380, 290, 160, 60, 22, 7), all: summary(1814, 0.4, 3.1, 7.7, 26),
		curve: survival(400), period: app.Period{From: day("2026-08-26"), To: day("2026-11-23")},
		lines: []Line{
			{"Администрация города Чебоксары", counts("2026-08-26", 90, 48_850, 11)},
			{"Минздрав Чувашии", counts("2026-08-26", 90, 49_100, 4)},
			{"Мариинско-Посадский муниципальный округ", counts("2026-08-26", 90, 48_700, 18)},
			{"Канаш", counts("2026-08-26", 90, 49_300, -3)},
		},
	}
	for i, m := range municipalities[:8] {
		k := float64(i)
		v := 2.2 + 0.6*k + k*k/9
		b := Bar{Name: m.Name, Value: v, Before: some(v * (1 + 0.15*float64(i%5-2))), High: some(2.9 * v), Note: "n = " + spaced(1400/(i+1))}
		if v > d.aim {
			b.Tone = ToneBad
		}
		d.bars = append(d.bars, b)
		d.boxes = append(d.boxes, Box{m.Name, summary(1400/(i+1), 0.4*v/2, v, 2.1*v, 2.9*v+k*k)})
	}
	return d
}

// hard are the figures that spoil pictures.
var hard = []struct {
	name   string
	change func(d *figures)
}{
	{"nothing", func(d *figures) { *d = figures{} }},
	{"one", func(d *figures) {
		d.steps, d.networks, d.bars, d.tiles, d.boxes = d.steps[:1], networks(1), d.bars[:1], d.tiles[:1], d.boxes[:1]
		d.bins, d.all = binsOf(0, 0, 0, 1), summary(1, 1.5, 1.5, 1.5, 1.5)
		d.curve = []app.Survival{{After: 90 * time.Minute, Share: 0, AtRisk: 1}}
		d.lines = []Line{{"Канаш", app.Series{First: d.period.From + 30, Values: []uint32{49_300}}}}
	}},
	{"zeros", func(d *figures) {
		for i := range d.steps {
			s := &d.steps[i]
			s.Appeals, s.Closed, s.Backlog, s.Response.InTime = 0, 0, 0, 0
		}
		for i := range d.networks {
			clear(d.networks[i].Days)
		}
		for i := range d.bars {
			d.bars[i].Value, d.bars[i].Before, d.bars[i].High = 0, nil, nil
		}
		for i := range d.tiles {
			d.tiles[i].Value = 0
		}
		d.bins, d.all = binsOf(), app.Summary{}
		for i := range d.boxes {
			d.boxes[i].Summary = app.Summary{N: 3}
		}
		for i := range d.curve {
			d.curve[i].Share = 0
		}
		for i := range d.lines {
			clear(d.lines[i].Series.Values)
		}
	}},
	{"outlier", func(d *figures) {
		d.steps[12].Appeals, d.steps[20].Backlog = 9000, 40_000
		d.networks[0].Days[15] = 40_000_000
		d.bars[2].Value, d.bars[2].High = 2100, some(9000)
		d.tiles[3].Value = 1_250_000
		d.bins[9].N, d.all.P90 = 125_000, 15*24*time.Hour
		d.boxes[2].Summary.P90, d.boxes[2].Summary.Mean = 4000*24*time.Hour, 300*24*time.Hour
		d.curve[len(d.curve)-1].After = 3000 * 24 * time.Hour
		d.lines[1].Series.Values[40] = 2_000_000
	}},
	{"gaps", func(d *figures) {
		for _, i := range []int{8, 9, 15} {
			d.steps[i].Response.Timed, d.steps[i].Response.InTime = 0, 0
		}
		d.steps = append(d.steps[:18:18], d.steps[21:]...)
		d.networks = networks(31, 12, 13, 20)
		for _, i := range []int{1, 4, 5} {
			d.bars[i].None, d.bars[i].Note, d.boxes[i].Summary = true, "n = 0", app.Summary{}
		}
		for _, i := range []int{0, 4, 5, 17, 21} {
			d.tiles[i].Value, d.tiles[i].None = 0, true
		}
		d.bins = binsOf(0, 12, 0, 0, 44, 0, 0, 0, 9)
		d.curve = []app.Survival{{After: time.Hour, Share: 0.7}, {After: 5 * time.Hour, Share: 0.55}, {After: 200 * time.Hour, Share: 0.2}}
		for i, gap := range [][]int{{10, 11, 12}, {40, 41}, {60}, {}} {
			for _, at := range gap {
				d.lines[i].Series.Values[at] = app.Missing
			}
		}
	}},
	{"many", func(d *figures) {
		const n = 1_000_000
		d.steps, d.networks, d.curve = stepsOf("0001-01-01", 100_000, 1), networks(n, 400_000), survival(n)
		d.from = day("0001-01-01")
		d.period = app.Period{From: d.from, To: d.from + n - 1}
		for i := range d.lines {
			d.lines[i].Series = counts("0001-01-01", n, 40_000, float64(i)/100, 500_000, 500_001)
		}
		d.bars, d.boxes, d.tiles, d.bins = nil, nil, nil, nil
		for i := range 5000 {
			v := float64(1 + i%97)
			name := "Сельское поселение № " + strconv.Itoa(i+1)
			d.bars = append(d.bars, Bar{Name: name, Value: v, Note: "n = " + strconv.Itoa(i)})
			d.boxes = append(d.boxes, Box{name, summary(i, v/3, v, 1.2*v, 3*v)})
			d.tiles = append(d.tiles, MapTile{Name: name, Tile: app.Tile{Column: i % 100, Row: i / 100}, Value: v})
			d.bins = append(d.bins, app.Bin{
				Lengths: app.Lengths{AtLeast: time.Duration(i) * time.Minute, Below: time.Duration(i+1) * time.Minute}, N: 5000 - i,
			})
		}
	}},
	{"long", func(d *figures) {
		const long = "Управление по благоустройству, дорожному хозяйству и транспорту администрации муниципального округа"
		for i := range d.bars {
			d.bars[i].Name = strconv.Itoa(i+1) + "-е " + long
			d.boxes[i].Name = d.bars[i].Name
		}
		for i := range d.tiles {
			d.tiles[i].Short = ""
		}
		for i := range d.lines {
			d.lines[i].Name = long
		}
	}},
	{"short", func(d *figures) {
		for i := range d.bars {
			d.bars[i].Name = []string{"ЖКХ", "МЧС", "Ё"}[i%3]
			d.boxes[i].Name = d.bars[i].Name
		}
		for i := range d.tiles {
			d.tiles[i].Short = string([]rune(d.tiles[i].Short)[:1])
		}
		for i := range d.lines {
			d.lines[i].Name = []string{"ВК", "ОК", "ТГ", "Й"}[i]
		}
	}},
}

func some(v float64) *float64 { return &v }

// municipalities of the sample region, with their places on the map of tiles.
var municipalities = []MapTile{
	{Name: "г. Чебоксары", Short: "ЧЕБ", Tile: app.Tile{Column: 3, Row: 1}},
	{Name: "г. Новочебоксарск", Short: "НЧБ", Tile: app.Tile{Column: 4, Row: 1}},
	{Name: "г. Алатырь", Short: "г.АЛ", Tile: app.Tile{Column: 0, Row: 5}},
	{Name: "г. Канаш", Short: "г.КН", Tile: app.Tile{Column: 3, Row: 3}},
	{Name: "г. Шумерля", Short: "г.ШМ", Tile: app.Tile{Column: 0, Row: 3}},
	{Name: "Алатырский муниципальный округ", Short: "АЛАТ", Tile: app.Tile{Column: 1, Row: 5}},
	{Name: "Аликовский муниципальный округ", Short: "АЛИК", Tile: app.Tile{Column: 1, Row: 2}},
	{Name: "Мариинско-Посадский муниципальный округ", Short: "МАРП", Tile: app.Tile{Column: 5, Row: 1}},
	{Name: "Батыревский муниципальный округ", Short: "БАТ", Tile: app.Tile{Column: 3, Row: 5}},
	{Name: "Вурнарский муниципальный округ", Short: "ВУРН", Tile: app.Tile{Column: 2, Row: 3}},
	{Name: "Ибресинский муниципальный округ", Short: "ИБР", Tile: app.Tile{Column: 2, Row: 4}},
	{Name: "Канашский муниципальный округ", Short: "КАН", Tile: app.Tile{Column: 4, Row: 3}},
	{Name: "Козловский муниципальный округ", Short: "КОЗ", Tile: app.Tile{Column: 6, Row: 2}},
	{Name: "Комсомольский муниципальный округ", Short: "КОМС", Tile: app.Tile{Column: 3, Row: 4}},
	{Name: "Красноармейский муниципальный округ", Short: "КРАС", Tile: app.Tile{Column: 2, Row: 2}},
	{Name: "Красночетайский муниципальный округ", Short: "КЧЕТ", Tile: app.Tile{Column: 0, Row: 2}},
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

func tilesOf(value func(i int) float64, missing ...int) []MapTile {
	out := append([]MapTile{}, municipalities...)
	for i := range out {
		out[i].Value = value(i)
	}
	for _, i := range missing {
		out[i].Value, out[i].None = 0, true
	}
	return out
}

// stepsOf are steps in which appeals come, are closed and wait; the last is not over.
func stepsOf(first string, n int, long int) []app.StepFigures {
	out := make([]app.StepFigures, n)
	backlog := 310
	for i := range out {
		from := day(first) + app.Day(i*long)
		came := int(42 + 14*math.Sin(float64(i)/1.1) + 6*math.Cos(float64(i)/5))
		left := int(42 + 12*math.Sin(float64(i)/1.1-0.6) + 8*math.Sin(float64(i)/7))
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

// summary of response times in hours.
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
			After: time.Duration(math.Pow(t, 3) * 40 * 24 * float64(time.Hour)),
			Share: 0.04 + 0.96*math.Exp(-7*t), AtRisk: n - i,
		}
	}
	return out
}

func binsOf(n ...int) []app.Bin {
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
