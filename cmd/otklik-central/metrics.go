package main

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"otklik/app"
	"otklik/central"
)

// figures are what Prometheus may ask. Their labels are routes, codes and
// verdicts: a few words of our own, never what somebody sent.
type figures struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	ops      *prometheus.CounterVec
	waiting  prometheus.Gauge
	trimmed  prometheus.Counter
	channelFigures
}

func newFigures() *figures {
	f := &figures{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "otklik_requests_total", Help: "Requests answered, by route and HTTP status.",
		}, []string{"route", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "otklik_request_seconds", Help: "Time to answer, by route; a long-poll counts its wait.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route"}),
		ops: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "otklik_ops_total", Help: "Operations pushed, by verdict.",
		}, []string{"verdict"}),
		waiting: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "otklik_waiting", Help: "Requests that wait for changes now.",
		}),
		trimmed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "otklik_feed_trimmed_total", Help: "Changes of the feed this server forgot because they are old.",
		}),
	}
	f.channelFigures = newChannelFigures()
	f.registry.MustRegister(f.channelFigures.all()...)
	f.registry.MustRegister(f.requests, f.duration, f.ops, f.waiting, f.trimmed,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

// watch adds what has to be asked of the server.
func (f *figures) watch(server *central.Server) {
	f.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "otklik_feed_head", Help: "Seq of the newest change of the feed; -1 where it cannot be read.",
	}, func() float64 {
		head, err := server.Head(context.Background())
		if err != nil {
			return -1
		}
		return float64(head)
	}))
}

func (f *figures) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{}))
	return mux
}

// Answered implements central.Meter.
func (f *figures) Answered(route string, status int, took time.Duration) {
	f.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	f.duration.WithLabelValues(route).Observe(took.Seconds())
}

// Judged implements central.Meter.
func (f *figures) Judged(v app.Verdict) { f.ops.WithLabelValues(string(v)).Inc() }

// Waiting implements central.Meter.
func (f *figures) Waiting(delta int) { f.waiting.Add(float64(delta)) }
