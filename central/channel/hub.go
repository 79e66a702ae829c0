package channel

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"otklik/app"
	"otklik/central"
)

// Line is one connection to a platform: a bot, a community.
type Line struct {
	Name     string // in addresses, figures and on shelves: Latin letters, digits, hyphens
	Title    string // for people: «Бот в Telegram»; the author of what comes by it
	Platform Platform
	Rate     rate.Limit    // of answers a second
	PerChat  time.Duration // between two answers into one conversation
	Counts   rate.Limit    // of calls that count pages a second; 0: one
	Greeting string        // to who opens a conversation; "": none
	Accepted string        // to who has written, with {number}; "": none
	Client   *http.Client  // fetches enclosures of a platform that is no Fetcher; nil: that of Options
}

func (l *Line) actor() central.Actor { return central.Actor{ID: "channel-" + l.Name, Name: l.Title} }

// Options of a Hub; the zero value of each is of use.
type Options struct {
	Now    func() time.Time // nil: the system's clock
	Log    *slog.Logger     // nil: nothing is logged
	Client *http.Client     // fetches enclosures; nil: the default one
	Meter  Meter            // nil: nothing is measured
	// Region has the restrictions of channels until its table is changed; nil: none.
	Region *app.Region
	// MaxFile bounds an enclosure, in bytes; 0: app.MaxFile.
	MaxFile int64
	// Daily says when pages are counted; nil: they are not.
	Daily *Daily
	// Pause is how long an empty inbox or outbox is left alone where nobody wakes; 0: a
	// second.
	Pause time.Duration
}

// Meter counts what passes; labels are names of lines and the words below.
type Meter interface {
	// Came: "taken", "repeated", "forged", "off", "unread"; "appeal", "message" for what became
	// of it.
	Came(line, outcome string)
	// Went: "sent", "refused", "unknown", "waited", "off".
	Went(line, outcome string)
}

type unmetered struct{}

func (unmetered) Came(string, string) {}
func (unmetered) Went(string, string) {}

// Hub joins lines with a central server. Its Applied is given to the server's options;
// Run begins when the server is there.
type Hub struct {
	opts    Options
	lines   map[string]*Line
	storage central.Storage
	server  *central.Server
	wakeIn  map[string]chan struct{}
	limits  map[string]*limits
}

var lineName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// ValidName says whether a line may be named so: the name stands in addresses.
func ValidName(name string) bool { return lineName.MatchString(name) }

// New sets a hub up over lines whose names differ.
func New(lines []Line, o Options) (*Hub, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	if o.Meter == nil {
		o.Meter = unmetered{}
	}
	if o.MaxFile == 0 {
		o.MaxFile = app.MaxFile
	}
	if o.Pause == 0 {
		o.Pause = time.Second
	}
	h := &Hub{
		opts: o, lines: map[string]*Line{}, wakeIn: map[string]chan struct{}{}, limits: map[string]*limits{},
	}
	for i := range lines {
		l := &lines[i]
		if !ValidName(l.Name) || h.lines[l.Name] != nil {
			return nil, fmt.Errorf("channel %q: a name is of Latin letters, digits and hyphens, and stands once", l.Name)
		}
		h.lines[l.Name] = l
		h.wakeIn[l.Name], h.limits[l.Name] = make(chan struct{}, 1), newLimits(l)
	}
	return h, nil
}

// Serve joins the hub with the server; it is called once, before Run and Handler.
func (h *Hub) Serve(storage central.Storage, server *central.Server) {
	h.storage, h.server = storage, server
}

// Run polls, reads and sends until the context ends.
func (h *Hub) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, l := range h.lines {
		all.Go(func() {
			woken := func() <-chan struct{} { return h.wakeIn[l.Name] }
			h.repeat(ctx, l, "read", h.opts.Pause, woken, h.readAll)
		})
		all.Go(func() { h.repeat(ctx, l, "forget", forgetEvery, never, h.forgetAll) })
		if _, is := l.Platform.(Sender); is {
			// An answer enters the outbox together with a change of the server.
			all.Go(func() { h.repeat(ctx, l, "send", h.opts.Pause, h.server.Grown, h.sendAll) })
		}
		if _, is := l.Platform.(Poller); is {
			all.Go(func() { h.poll(ctx, l) })
		}
	}
	all.Go(func() { h.watchServed(ctx) })
	if h.opts.Daily != nil {
		all.Go(func() { h.countDaily(ctx) })
	}
	all.Wait()
}

// watchServed says once in a while which lines are served. Another node's answers to
// lines that are gone are found then as well.
func (h *Hub) watchServed(ctx context.Context) {
	for ctx.Err() == nil {
		if err := h.unserved(ctx); err != nil && ctx.Err() == nil {
			h.opts.Log.Error("channel", "work", "served", "err", err.Error())
		}
		select {
		case <-ctx.Done():
		case <-time.After(servedEvery):
		}
	}
}

// never wakes nobody.
func never() <-chan struct{} { return nil }

// repeat does the work whenever it is woken, and once in a while: another node over the
// same storage wakes nobody here.
func (h *Hub) repeat(ctx context.Context, l *Line, what string, pause time.Duration, woken func() <-chan struct{}, work func(context.Context, *Line) error) {
	for {
		wake := woken() // asked for first: what comes during the work is not missed
		if err := work(ctx, l); err != nil && ctx.Err() == nil {
			h.opts.Log.Error("channel", "line", l.Name, "work", what, "err", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-time.After(pause):
		}
	}
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
