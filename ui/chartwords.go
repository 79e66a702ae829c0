package ui

import (
	"fmt"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/bulletin"
	"otklik/report"
)

// chartLabels gives the charts their words. The result only reads the
// translations and may be used on a worker.
func (w *Window) chartLabels() report.Labels {
	return bulletin.Labels(w.text, w.desk.Region().Goal())
}

// wholeDay writes a date as people say it: 12 ноября.
func wholeDay(t *assets.Texts, d app.Day) string {
	at := d.In(time.UTC)
	return fmt.Sprintf("%d %s", at.Day(), t.T(fmt.Sprintf("month.of.%d", at.Month())))
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

// tellHeat is the tooltip of an hour of the week.
func tellHeat(t *assets.Texts, counts [7][24]int) func(report.Hover) []string {
	return func(h report.Hover) []string {
		return []string{
			fmt.Sprintf("%s, %d:00–%d:00", t.Weekday(h.Series), h.Point, h.Point+1),
			t.N("analytics.appeals", counts[h.Series][h.Point]),
		}
	}
}
