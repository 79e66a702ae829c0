package main

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"otklik/central/channel"
)

// channelFigures are those of channels; labels are names out of the file and a few
// words of ours.
type channelFigures struct {
	came, went *prometheus.CounterVec
	rows       *prometheus.CounterVec
	pages      *prometheus.GaugeVec
	counted    prometheus.Gauge
}

func newChannelFigures() channelFigures {
	return channelFigures{
		came: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "otklik_channel_came_total", Help: "Deliveries of platforms by what became of them, appeals and messages made of them.",
		}, []string{"line", "outcome"}),
		went: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "otklik_channel_went_total", Help: "Answers by what became of them; one that was asked to wait counts each time.",
		}, []string{"line", "outcome"}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "otklik_sheet_rows_total", Help: "Rows of exports by what became of them; outcome refused counts files.",
		}, []string{"inlet", "outcome"}),
		pages: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "otklik_channel_pages", Help: "Pages asked for at the latest count: counted, or a gap; posts: those of the counted whose posts of a week are known.",
		}, []string{"line", "outcome"}),
		counted: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "otklik_channel_counted_timestamp_seconds", Help: "When this server last counted pages.",
		}),
	}
}

func (f channelFigures) all() []prometheus.Collector {
	return []prometheus.Collector{f.came, f.went, f.rows, f.pages, f.counted}
}

// Came implements channel.Meter.
func (f channelFigures) Came(line, outcome string) { f.came.WithLabelValues(line, outcome).Inc() }

// Went implements channel.Meter.
func (f channelFigures) Went(line, outcome string) { f.went.WithLabelValues(line, outcome).Inc() }

func (f channelFigures) took(inlet, outcome string, n int) {
	f.rows.WithLabelValues(inlet, outcome).Add(float64(n))
}

func (f channelFigures) tallied(t channel.Tally) {
	for name, l := range t.Lines {
		f.pages.WithLabelValues(name, "counted").Set(float64(l.Counted))
		f.pages.WithLabelValues(name, "gap").Set(float64(l.Gaps))
		f.pages.WithLabelValues(name, "posts").Set(float64(l.Posts))
	}
	f.counted.Set(float64(t.At.Unix()))
}

// watchChannels adds what has to be asked of the storage.
func (f *figures) watchChannels(hub *channel.Hub) {
	for _, line := range hub.Lines() {
		waiting := func(of func(inbox, outbox int) int) func() float64 {
			return func() float64 {
				inbox, outbox, err := hub.Waiting(context.Background(), line)
				if err != nil {
					return -1
				}
				return float64(of(inbox, outbox))
			}
		}
		label := prometheus.Labels{"line": line}
		f.registry.MustRegister(
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "otklik_channel_inbox", Help: "Deliveries nobody has read yet; -1 where that cannot be told.", ConstLabels: label,
			}, waiting(func(in, _ int) int { return in })),
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "otklik_channel_outbox", Help: "Answers that have not left yet; -1 where that cannot be told.", ConstLabels: label,
			}, waiting(func(_, out int) int { return out })),
		)
	}
}
