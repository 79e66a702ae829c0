package ui

import (
	"fmt"
	"math"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// chartLabels gives the charts their words. The result only reads the
// translations and may be used on a worker.
func (w *Window) chartLabels() report.Labels {
	t := w.text
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
		Weekday: func(d time.Weekday) string { return weekday(t, (int(d)+6)%7) },
		Median:  t.T("analytics.legend.median"),
		Band:    t.T("analytics.legend.band"),
		Mean:    t.T("analytics.legend.mean"),
		Goal:    t.T("analytics.goal", t.Duration(w.desk.Region().Goal())),
	}
}

// weekday is the short name of a day of the week, 0 being Monday.
func weekday(t *assets.Texts, monday int) string {
	return t.T(fmt.Sprintf("weekday.short.%d", monday+1))
}

// wholeDay writes a date as people say it: 12 ноября.
func wholeDay(t *assets.Texts, d app.Day) string {
	at := d.In(time.UTC)
	return fmt.Sprintf("%d %s", at.Day(), t.T(fmt.Sprintf("month.of.%d", at.Month())))
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

// counted writes a count and, where the day before was counted, the change since.
func counted(t *assets.Texts, n, before int64, known bool) string {
	if !known {
		return t.Number(n)
	}
	return fmt.Sprintf("%s (%s)", t.Number(n), t.Signed(n-before))
}

// tellGrowth is the tooltip of one page's subscribers.
func tellGrowth(t *assets.Texts, series app.Series) func(report.Hover) []string {
	return func(h report.Hover) []string {
		day := series.First + app.Day(h.Point)
		n, _ := series.At(day)
		before, known := series.At(day - 1)
		return []string{wholeDay(t, day), counted(t, int64(n), int64(before), known)}
	}
}

// tellNetworks is the tooltip of all networks; their first count is of the day from.
func tellNetworks(t *assets.Texts, networks []app.NetworkSeries, from app.Day) func(report.Hover) []string {
	return func(h report.Hover) []string {
		out := []string{wholeDay(t, from+app.Day(h.Point))}
		var sum int64
		for _, net := range networks {
			n, before := net.Days[h.Point], int64(-1)
			if h.Point > 0 {
				before = net.Days[h.Point-1]
			}
			sum += n
			out = append(out, assets.Name(t, "source", net.Network)+": "+counted(t, n, before, before >= 0))
		}
		return append(out, t.T("analytics.tip.sum", t.Number(sum)))
	}
}

// tellResponses is the tooltip of response times.
func tellResponses(t *assets.Texts, steps []app.StepFigures) func(report.Hover) []string {
	return func(h report.Hover) []string {
		s := steps[h.Point].Response
		return []string{
			wholeDay(t, steps[h.Point].Period.From),
			t.T("analytics.tip.median", t.Duration(s.Median)),
			t.T("analytics.tip.band", t.Duration(s.P10), t.Duration(s.P90)),
			t.N("analytics.answers", s.N),
		}
	}
}

// tellHeat is the tooltip of an hour of the week.
func tellHeat(t *assets.Texts, counts [7][24]int) func(report.Hover) []string {
	return func(h report.Hover) []string {
		return []string{
			fmt.Sprintf("%s, %d:00–%d:00", weekday(t, h.Series), h.Point, h.Point+1),
			t.N("analytics.appeals", counts[h.Series][h.Point]),
		}
	}
}
