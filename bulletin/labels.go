package bulletin

import (
	"fmt"
	"math"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// Labels gives the charts their words. The result only reads the translations and may
// be used on any goroutine.
func Labels(t *assets.Texts, goal time.Duration) report.Labels {
	utc := func(d app.Day) time.Time { return d.In(time.UTC) }
	return report.Labels{
		NoData:  t.T("screens.no_data"),
		Number:  func(v float64, axis []float64) string { return axisNumber(t, v, axis) },
		Time:    func(d time.Duration) string { return axisTime(t, d) },
		Day:     func(d app.Day) string { return t.DayMonth(utc(d)) },
		Month:   func(d app.Day) string { return t.T(fmt.Sprintf("month.short.%d", utc(d).Month())) },
		Year:    func(d app.Day) string { return utc(d).Format("2006") },
		Network: func(s app.Source) string { return assets.Name(t, "source", s) },
		Percent: func(share float64) string { return t.Percent(share, 0) },
		Clock:   func(hour int) string { return fmt.Sprintf("%d:00", hour) },
		Weekday: func(d time.Weekday) string { return t.Weekday((int(d) + 6) % 7) },
		Median:  t.T("analytics.legend.median"),
		Band:    t.T("analytics.legend.band"),
		Mean:    t.T("analytics.legend.mean"),
		Goal:    t.T("analytics.goal", t.Duration(goal)),

		New: t.T("chart.new"), Closed: t.T("chart.closed"), Open: t.T("chart.open"),
		InTime: t.T("chart.in_time"), P90: "p90",
		Before: t.T("chart.before"), Unanswered: t.T("chart.unanswered"),
		Appeals: t.T("chart.appeals"), Answers: t.T("chart.answers"), Subscribers: t.T("chart.subscribers"),
		Sample: func(n int) string { return "n\u00a0=\u00a0" + t.Number(int64(n)) },
		Count:  func(n int) string { return t.Number(int64(n)) },
		More:   func(n int) string { return t.N("chart.more", n) },
	}
}

// axisNumber writes one line of an axis of counts: in millions with the unit on
// each, in thousands with the unit on the uppermost, with as many decimals as
// tell all lines apart.
func axisNumber(t *assets.Texts, v float64, axis []float64) string {
	top := axis[len(axis)-1]
	div, key := 1.0, ""
	switch {
	case top >= 1e6:
		div, key = 1e6, "screens.million"
	case top >= 1e4:
		div, key = 1e3, "screens.thousand"
	default:
		return t.Number(int64(math.Round(v)))
	}
	if v == 0 {
		return "0"
	}
	places := 0
	for _, line := range axis {
		for places < 3 && !roundAt(line/div, places) {
			places++
		}
	}
	number := t.Decimal(v/div, places)
	if div == 1e3 {
		if places > 0 && roundAt(v/div, 0) {
			number = t.Decimal(v/div, 0) // 50 тыс. over 49,5 and 49
		}
		if v != top {
			return number
		}
	}
	return t.T(key, number)
}

// axisTime writes one line of an axis of response times.
func axisTime(t *assets.Texts, d time.Duration) string {
	if d == 0 {
		return "0"
	}
	return t.Duration(d)
}

// roundAt says whether so many decimals write v in full.
func roundAt(v float64, places int) bool {
	scaled := v * math.Pow10(places)
	return math.Abs(scaled-math.Round(scaled)) < 1e-6
}
