package report

import (
	"image"
	"image/draw"
	"math"
	"slices"
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

// short is the name in a square: a letter where words are short, as much of the name as
// fits where they are long.
func (h hard) short(name string) string {
	switch h.name {
	case "long words":
		return ""
	case "short words":
		return string([]rune(name)[:1])
	default:
		return name
	}
}

// newer are the charts of figures.
var newer = []struct {
	name string
	draw func(figures, Look, Labels) Picture
}{
	{"pace", func(d figures, look Look, l Labels) Picture { return Pace(look, d.steps, l) }},
	{"intime", func(d figures, look Look, l Labels) Picture { return InTime(look, d.steps, l) }},
	{"shares", func(d figures, look Look, l Labels) Picture { return NetworkShares(look, d.networks, d.from, l) }},
	{"bars", func(d figures, look Look, l Labels) Picture { return Bars(look, d.bars, d.aim, hoursText, l) }},
	{"tilemap", func(d figures, look Look, l Labels) Picture { return TileMap(look, d.tiles, countText, l) }},
	{"histogram", func(d figures, look Look, l Labels) Picture { return Histogram(look, d.bins, d.all, d.goal, l) }},
	{"boxes", func(d figures, look Look, l Labels) Picture { return Boxes(look, d.boxes, d.goal, l) }},
	{"unanswered", func(d figures, look Look, l Labels) Picture { return Unanswered(look, d.curve, d.goal, l) }},
	{"lines", func(d figures, look Look, l Labels) Picture { return Lines(look, d.lines, d.period, l) }},
}

// Every newer chart is drawn in every hard case, and its usual figures at the sizes of
// the screen and of a report.
func init() {
	for _, c := range newer {
		hardCharts = append(hardCharts, struct {
			name string
			w, h int
			draw func(Look, hard) Picture
		}{c.name, 450, 205, func(look Look, h hard) Picture { return c.draw(h.figures(), look, h.labels) }})
		gallery = append(gallery, struct {
			name string
			draw func(look func(w, h int, scale float32) Look, scale float32) image.Image
		}{c.name, func(look func(w, h int, scale float32) Look, scale float32) image.Image {
			var sizes []image.Image
			wide, high := 0, 0
			for _, size := range []image.Point{{620, 260}, {300, 150}} {
				p := c.draw(usual(), look(size.X, size.Y, scale), russian).Image
				sizes = append(sizes, p)
				wide, high = max(wide, p.Bounds().Dx()), high+p.Bounds().Dy()+4
			}
			sheet, y := image.NewRGBA(image.Rect(0, 0, wide, high)), 0
			for _, p := range sizes {
				draw.Draw(sheet, p.Bounds().Add(image.Pt(0, y)), p, image.Point{}, draw.Src)
				y += p.Bounds().Dy() + 4
			}
			return sheet
		}})
	}
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

// made keeps the figures of each case, a million values of which are not made in a wink.
var made = map[string]figures{}

// figures are the values as data of the newer charts. Rows are as many as there is room
// for, or, of very many values, some thousands.
func (h hard) figures() figures {
	if d, ok := made[h.name]; ok {
		return d
	}
	made[h.name] = h.make()
	return made[h.name]
}

func (h hard) make() figures {
	d := figures{
		steps: h.steps(min(len(h.values), 100_000)), networks: h.networks(), from: day("2026-10-24"), aim: 4.5, goal: 4*time.Hour + 30*time.Minute,
		period: app.Period{From: day("2026-10-24"), To: day("2026-10-24") + app.Day(max(1, len(h.values))) - 1},
	}
	for i := range d.steps {
		if s := &d.steps[i]; h.known(i) {
			v := int(h.values[i])
			s.Appeals, s.Closed, s.Backlog = v, v*9/10+v*i%7, 5*v
			s.Response.Timed, s.Response.InTime = v, v-v*(i%9)/40
		}
	}
	d.steps = slices.DeleteFunc(d.steps, func(s app.StepFigures) bool { return s.Response.N == 0 }) // days not even listed
	left := 1.0
	for i, v := range h.values {
		left *= 1 - min(0.9, 3/float64(len(h.values)))
		if h.known(i) {
			wait := math.Pow(float64(i+1)/float64(len(h.values)), 3) * 40 * 24
			d.curve = append(d.curve, app.Survival{After: time.Duration(wait * float64(time.Hour)), Share: left, AtRisk: int(v)})
		}
	}
	rows := h.values[:min(len(h.values), 3000)]
	if len(rows) == 30 {
		rows = rows[:len(municipalities)]
	}
	for i := range rows {
		if len(rows) < 3000 {
			i = (i + 12) % len(rows) // that the outlier stands among the first
		}
		v := rows[i]
		row := Bar{Name: h.place(i), None: true, Note: "n = 0"}
		box := Box{Name: h.place(i)}
		if h.known(i) {
			hours := v / 240
			row = Bar{Name: h.place(i), Value: hours, Before: some(hours * 1.2), High: some(hours * 2.4), Note: "n = " + spaced(int(v))}
			box.Summary = summary(20+i, hours/3, hours, 1.5*hours, 2.5*hours)
		}
		d.bars, d.boxes = append(d.bars, row), append(d.boxes, box)
		tile := MapTile{Name: h.place(i), Tile: app.Tile{Column: i % 60, Row: i / 60}, Value: v, None: !h.known(i)}
		if len(rows) <= len(municipalities) {
			tile.Tile, tile.Short = municipalities[i].Tile, h.short(municipalities[i].Short)
		}
		d.tiles = append(d.tiles, tile)
	}
	if len(h.values) == 0 {
		return d
	}
	d.bins, d.all = binsOf(), summary(900, 0.4, 3.1, 7.7, 26)
	for i := range d.bins {
		if v := h.values[min(i, len(h.values)-1)]; i < len(h.values) && v == v {
			d.bins[i].N = int(v) / (1 + i%4)
		}
	}
	for k := range 4 {
		s := h.series()
		for i, v := range s.Values {
			if v != app.Missing {
				s.Values[i] = v * uint32(10-k) / 10
			}
		}
		d.lines = append(d.lines, Line{h.place(k), s})
	}
	return d
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
