package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"otklik/central"
)

// grace is how long requests that are being answered may take at the end.
const grace = 10 * time.Second

// Time-outs of a connection. A batch of the greatest size takes a minute on a
// link of 64 KiB/s, a page as long again after a long-poll.
const (
	headerTime = 10 * time.Second
	readTime   = 2 * time.Minute
	writeTime  = 3 * time.Minute
	idleTime   = 2 * time.Minute
	maxHeader  = 16 << 10
)

// door is where and how the server is reached.
type door struct {
	address   string
	cert, key string // PEM files; both or none
	metrics   string // address of the metrics, "" for none
	perDevice central.Rate
	perPlace  central.Rate
}

func (d *door) flags(f *flag.FlagSet) {
	f.StringVar(&d.address, "listen", "127.0.0.1:8480", "address to listen on")
	f.StringVar(&d.cert, "tls-cert", "", "PEM file of the certificate chain; without it the server speaks plain HTTP")
	f.StringVar(&d.key, "tls-key", "", "PEM file of the certificate's key")
	f.StringVar(&d.metrics, "metrics", "", "address to answer GET /metrics on, for Prometheus; keep it inside")
	f.Float64Var(&d.perDevice.PerSecond, "rate-device", 100, "requests a second of one device, 0: any")
	f.Float64Var(&d.perPlace.PerSecond, "rate-address", 20, "requests a second without a token from one address, 0: any")
}

// burst is how many seconds' worth of requests may come at once.
const burst = 5

// rates gives the bounds with their bursts.
func (d *door) rates() (device, address central.Rate) {
	full := func(r central.Rate) central.Rate {
		r.Burst = max(1, int(r.PerSecond*burst))
		return r
	}
	return full(d.perDevice), full(d.perPlace)
}

// listen opens the door. TLS is 1.3 or later.
func (d *door) listen() (net.Listener, error) {
	if (d.cert == "") != (d.key == "") {
		return nil, errors.New("--tls-cert and --tls-key go together")
	}
	var secure *tls.Config
	if d.cert != "" {
		pair, err := tls.LoadX509KeyPair(d.cert, d.key)
		if err != nil {
			return nil, fmt.Errorf("read the certificate: %w", err)
		}
		secure = &tls.Config{
			MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"},
		}
	}
	l, err := net.Listen("tcp", d.address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	return l, nil
}

func (d *door) httpServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// answerMetrics answers Prometheus until the context ends.
func (d *door) answerMetrics(ctx context.Context, f *figures, log *slog.Logger) error {
	l, err := net.Listen("tcp", d.metrics)
	if err != nil {
		return fmt.Errorf("listen for metrics: %w", err)
	}
	h := d.httpServer(f.handler(), log)
	log.Info("metrics", "address", l.Addr().String())
	context.AfterFunc(ctx, func() { _ = h.Close() })
	go func() { _ = h.Serve(l) }() // ends with the context, which is all it could say
	return nil
}

// answer answers by the handler, which leads to the server, until the context ends, and lets those finish who are
// being answered then.
func (d *door) answer(ctx context.Context, handler http.Handler, server *central.Server, log *slog.Logger) error {
	l, err := d.listen()
	if err != nil {
		return err
	}
	h := d.httpServer(handler, log)
	h.RegisterOnShutdown(server.Stop)
	log.Info("listening", "address", l.Addr().String(), "tls", d.cert != "")
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping")
	// The context is over: it says to stop, not how long stopping may take.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := h.Shutdown(last); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
