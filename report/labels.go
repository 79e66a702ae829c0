package report

import (
	"strconv"
	"time"

	"otklik/app"
)

// Labels are the words of the pictures and the formats of their numbers, in the
// language of the screen. A format left nil gives plain figures.
type Labels struct {
	NoData string // «нет данных»

	// Number writes v, one of the lines of an axis of subscribers. It gets all
	// lines of the axis, ascending, so that unit and decimals can be the same
	// on each, or the unit stand on the uppermost alone.
	Number func(v float64, axis []float64) string
	// Time writes a response time on an axis: «4 ч», «30 мин», «2 дн.».
	Time func(time.Duration) string

	Day   func(app.Day) string // «24 окт»
	Month func(app.Day) string // «сен»
	Year  func(app.Day) string // «2026», in the place of January on long axes

	Network func(app.Source) string       // «ВКонтакте»
	Percent func(share float64) string    // share 0…1: «57 %»
	Clock   func(hour int) string         // «6:00»
	Weekday func(day time.Weekday) string // «Пн»

	Median string // «медиана»
	Band   string // «p10 – p90»
	Mean   string // «среднее»
	Goal   string // «цель 4 ч 30 мин»

	// Series.
	New        string // «поступило»
	Closed     string // «закрыто»
	Open       string // «в работе на конец»
	InTime     string // «в срок»
	P90        string // «p90»
	Before     string // «период раньше»
	Unanswered string // «ещё без ответа»

	// Units over an axis.
	Appeals     string // «обращений»
	Answers     string // «ответов»
	Subscribers string // «подписчиков»

	Sample func(n int) string // «n = 1 208»
	More   func(n int) string // rows there is no room for: «ещё 15»
	Count  func(n int) string // «1 208», in full
}

// whole gives labels in which nothing is nil.
func (l Labels) whole() Labels {
	if l.Number == nil {
		l.Number = func(v float64, _ []float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	}
	if l.Time == nil {
		l.Time = time.Duration.String
	}
	if l.Day == nil {
		l.Day = app.Day.String
	}
	if l.Month == nil {
		l.Month = func(d app.Day) string { return d.String()[:7] }
	}
	if l.Year == nil {
		l.Year = func(d app.Day) string { return strconv.Itoa(d.In(time.UTC).Year()) }
	}
	if l.Network == nil {
		l.Network = func(s app.Source) string { return string(s) }
	}
	if l.Percent == nil {
		l.Percent = func(share float64) string { return strconv.FormatFloat(share*100, 'f', 0, 64) + "%" }
	}
	if l.Clock == nil {
		l.Clock = func(hour int) string { return strconv.Itoa(hour) + ":00" }
	}
	if l.Weekday == nil {
		l.Weekday = func(d time.Weekday) string { return d.String()[:2] }
	}
	if l.Sample == nil {
		l.Sample = func(n int) string { return "n = " + strconv.Itoa(n) }
	}
	if l.Count == nil {
		l.Count = strconv.Itoa
	}
	if l.More == nil {
		l.More = func(n int) string { return "+" + strconv.Itoa(n) }
	}
	return l
}
