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

// counted writes a count and its change against the day before.
func counted(t *assets.Texts, v report.HoverValue) string {
	if !v.HasDelta {
		return t.Number(v.Value)
	}
	return fmt.Sprintf("%s (%s)", t.Number(v.Value), t.Signed(v.Delta))
}

// tellGrowth is the tooltip of one page's subscribers.
func tellGrowth(t *assets.Texts) func(report.Hover) []string {
	return func(h report.Hover) []string {
		return []string{wholeDay(t, h.Day), counted(t, h.Values[0])}
	}
}

// tellNetworks is the tooltip of all networks.
func tellNetworks(t *assets.Texts) func(report.Hover) []string {
	return func(h report.Hover) []string {
		out := []string{wholeDay(t, h.Day)}
		var sum int64
		for _, v := range h.Values {
			sum += v.Value
			out = append(out, assets.Name(t, "source", v.Network)+": "+counted(t, v))
		}
		return append(out, t.T("analytics.tip.sum", t.Number(sum)))
	}
}

// tellResponses is the tooltip of response times.
func tellResponses(t *assets.Texts) func(report.Hover) []string {
	return func(h report.Hover) []string {
		s := h.Response
		return []string{
			wholeDay(t, h.Day),
			t.T("analytics.tip.median", t.Duration(s.Median)),
			t.T("analytics.tip.band", t.Duration(s.P10), t.Duration(s.P90)),
			t.N("analytics.answers", s.N),
		}
	}
}

// tellHeat is the tooltip of an hour of the week.
func tellHeat(t *assets.Texts) func(report.Hover) []string {
	return func(h report.Hover) []string {
		return []string{
			fmt.Sprintf("%s, %d:00–%d:00", t.Weekday(h.Weekday), h.Hour, h.Hour+1),
			t.N("analytics.appeals", int(h.Values[0].Value)),
		}
	}
}
