package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/channel"
	"otklik/central/channel/open311"
	"otklik/central/channel/sheets"
)

// channels are the channels of a server.
type channels struct {
	hub     *channel.Hub
	sheets  *sheets.Sheets
	open311 *open311.Endpoint // nil: not served
	config  channelsConfig
	region  *app.Region
	log     *slog.Logger
	now     func() time.Time
	ended   chan struct{} // closed when the server is being stopped
}

// openChannels makes the channels of the file ready, or says all that is wrong with it.
// Without a file there are none, and answers to lines there were once are told not to
// leave.
func openChannels(path string, f *figures, log *slog.Logger, now func() time.Time) (*channels, error) {
	var config channelsConfig
	if path != "" {
		var err error
		if config, err = readChannels(path); err != nil {
			return nil, err
		}
	}
	return newChannels(config, f, log, now)
}

func newChannels(config channelsConfig, f *figures, log *slog.Logger, now func() time.Time) (*channels, error) {
	region, _, err := assets.Region()
	if err != nil {
		return nil, err
	}
	o := channel.Options{Now: now, Log: log, Region: region}
	so := sheets.Options{Region: region, Log: log}
	if f != nil {
		o.Meter, so.Took = f, f.took
	}
	if len(config.lines) > 0 { // who can ask nobody leaves the count of the day to other nodes
		o.Daily = &channel.Daily{At: config.countAt, Zone: region.Location()}
		if f != nil {
			o.Daily.Done = f.tallied
		}
	}
	c := &channels{config: config, region: region, log: log, now: now, ended: make(chan struct{})}
	if c.hub, err = channel.New(config.lines, o); err != nil {
		return nil, err
	}
	if c.sheets, err = sheets.New(config.sheets, so); err != nil {
		return nil, err
	}
	return c, nil
}

// join lets the channels act by the server.
func (c *channels) join(storage central.Storage, server *central.Server) {
	c.hub.Serve(storage, server)
	c.sheets.Serve(server)
	if o := c.config.open311; o != nil {
		o.Server, o.Storage, o.Region, o.Now, o.Log = server, storage, c.region, c.now, c.log
		c.open311 = open311.New(*o)
	}
}

// run works until the context ends.
func (c *channels) run(ctx context.Context) {
	context.AfterFunc(ctx, func() { close(c.ended) })
	var all sync.WaitGroup
	all.Go(func() { c.hub.Run(ctx) })
	all.Go(func() { c.sheets.Run(ctx) })
	if c.open311 != nil {
		all.Go(func() { c.open311.Run(ctx) })
	}
	all.Wait()
}

// count counts the pages: now, or where it is due. A server that is being stopped does
// not wait for it.
func (c *channels) count(ctx context.Context, now bool) (t channel.Tally, err error) {
	if len(c.config.lines) == 0 {
		return t, errors.New("the server has no channels: nobody can be asked; start it with --channels")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-c.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	if now {
		return c.hub.CountNow(ctx)
	}
	t, _, err = c.hub.CountDue(ctx)
	return t, err
}

// beside puts the addresses of the channels beside those of the API.
func (c *channels) beside(api http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", api)
	mux.Handle(channel.PathPrefix, c.hub.Handler())
	mux.Handle(sheets.PathPrefix, c.sheets.Handler())
	if c.open311 != nil {
		mux.Handle(open311.Prefix, c.open311)
	}
	return mux
}
