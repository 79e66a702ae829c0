package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/demo"
)

// grace is how long requests that are being answered may take at the end.
const grace = 10 * time.Second

// demoSeed makes every demonstration of one day the same.
const demoSeed = 1

func serve(ctx context.Context, args []string, log *slog.Logger, now func() time.Time) (err error) {
	f := flags("serve", os.Stderr)
	at := placeIn(f)
	listen := f.String("listen", "127.0.0.1:8480", "address to listen on")
	sample := f.Bool("demo", false, "fill an empty storage with a sample region")
	code := f.String("enrol-code", "", "accept this enrolment code once")
	name := f.String("enrol-name", "Оператор 2", "whom the enrolment code is for")
	roles := f.String("enrol-roles", "operator,curator,coordinator,approver", "roles of the enrolment code, separated by commas")
	if err := f.Parse(args); err != nil {
		return err
	}
	storage, server, err := open(ctx, *at, central.Options{Log: log, Now: now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, storage.Close()) }()
	if *code != "" {
		who, err := identity(*name, *roles)
		if err != nil {
			return err
		}
		if err := server.AcceptCode(*code, who); err != nil {
			return err
		}
	}
	if *sample {
		if err := seed(ctx, storage, now(), log); err != nil {
			return err
		}
	}
	return listenAndServe(ctx, server, *listen, log)
}

// seed fills an empty storage; one that holds anything stays as it is.
func seed(ctx context.Context, storage central.Storage, now time.Time, log *slog.Logger) error {
	empty, err := central.Empty(ctx, storage)
	if err != nil || !empty {
		return err
	}
	region, terms, err := assets.Region()
	if err != nil {
		return err
	}
	all := 0
	err = demo.Generate(ctx, demoSeed, now, region, terms, demo.Full, func(c []app.Change) error {
		all += len(c)
		return central.Seed(ctx, storage, c)
	}, nil)
	log.Info("sample content", "changes", all)
	return err
}

func listenAndServe(ctx context.Context, server *central.Server, address string, log *slog.Logger) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	h := &http.Server{
		Handler: server.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	h.RegisterOnShutdown(server.Stop)
	log.Info("listening", "address", l.Addr().String())
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
