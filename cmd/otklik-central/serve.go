package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/demo"
)

// demoSeed makes every demonstration of one day the same.
const demoSeed = 1

func serve(ctx context.Context, args []string, log *slog.Logger, now func() time.Time) (err error) {
	f := flags("serve", os.Stderr)
	at := placeIn(f)
	var d door
	d.flags(f)
	old := trimmer{now: now, log: log, dropped: func(int) {}}
	old.flags(f)
	channelsPath := f.String("channels", "", "file of the channels by which appeals come in and answers go out")
	sample := f.Bool("demo", false, "fill an empty storage with a sample region")
	code := f.String("enrol-code", "", "accept this enrolment code once")
	name := f.String("enrol-name", "Оператор 2", "whom the enrolment code is for")
	roles := f.String("enrol-roles", "operator,curator,coordinator,approver", "roles of the enrolment code, separated by commas")
	places := f.String("enrol-municipalities", wholeRegion, placesHelp)
	if err := f.Parse(args); err != nil {
		return err
	}
	if err := old.check(); err != nil {
		return err
	}
	opts := central.Options{Log: log, Now: now}
	opts.PerDevice, opts.PerAddress = d.rates()
	var measured *figures
	if d.metrics != "" {
		measured = newFigures()
		opts.Meter = measured
	}
	lines, err := openChannels(*channelsPath, measured, log, now)
	if err != nil {
		return err
	}
	opts.Applied = lines.hub.Applied
	storage, server, err := open(ctx, *at, opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, storage.Close()) }()
	lines.join(storage, server)
	if *code != "" {
		who, err := identity(*name, *roles, *places)
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
	if measured != nil {
		measured.watch(server)
		measured.watchChannels(lines.hub)
		old.dropped = func(n int) { measured.trimmed.Add(float64(n)) }
		if err := d.answerMetrics(ctx, measured, log); err != nil {
			return err
		}
	}
	if at.data != "" { // beside a database every command does its own work
		closeDesk, err := openDesk(at.data, desk{storage, server, lines}, log)
		if err != nil {
			return err
		}
		defer closeDesk()
	}
	// The storage is closed when nobody works with it any more.
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	old.trim = server.Trim
	working.Go(func() { old.run(ctx) })
	working.Go(func() { lines.run(ctx) })
	return d.answer(ctx, lines.beside(server.Handler()), server, log)
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
