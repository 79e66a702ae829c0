package sync

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"otklik/app"
	"otklik/sync/wire"
)

// Store is what the engine needs from the place where data is kept.
type Store interface {
	Cursor() (string, error)
	// Leaving gives operations with numbers after the one given that wait for a
	// verdict and are not held, oldest first. What it gives may be sent: it is not
	// withdrawn any more.
	Leaving(after uint64, maxOps, maxBytes int, now time.Time) ([]app.Op, error)
	// Tried counts an attempt to send that was not answered.
	Tried(ids []string) error
	// Hold keeps operations from being sent before the moment.
	Hold(ids []string, until time.Time) error
	// ApplyChanges applies a page of the feed and moves the cursor; operations
	// the page judges leave the outbox in the same transaction.
	ApplyChanges(page app.FeedPage, received time.Time) error
	// Settle takes an operation out of the outbox whose verdict stands in a part
	// of the feed that came as a snapshot.
	Settle(op string, verdict app.Change, at time.Time) error
	// Refuse keeps an operation the server will not enter into its feed.
	Refuse(op string, reason app.Code, at time.Time) error
	Waiting() (app.Waiting, error)
	// SaveAnchor keeps what the clocks of this machine are worth for the next run.
	SaveAnchor(app.Anchor) error

	// Unsent gives the file that the oldest operation waits for which is not held.
	Unsent(now time.Time) (u app.Unsent, ok bool, err error)
	// Placed remembers where on the server the upload of a file is; Uploaded is
	// told that it need not be sent any more, Missing that the server lacks those of
	// the operations.
	Placed(sha256, place string) error
	Uploaded(sha256 string) error
	Missing(ops []string) error
	// Chunk reads a part of a file to be sent; CheckFile checks the
	// hash of the whole.
	Chunk(f app.File, at int64, n int) ([]byte, error)
	CheckFile(f app.File) error
	HasFile(f app.File) bool
	// Part says how much of a file that is being fetched is here, AddPart adds what
	// comes after so many bytes.
	Part(f app.File) int64
	AddPart(f app.File, at int64, from io.Reader) error

	// MustLoad says whether the exchange has to begin with a snapshot, and the seq
	// that one must not be older than; Load how far one has been taken in.
	MustLoad() (must bool, since uint64, err error)
	Load() (l app.Load, ok bool, err error)
	BeginLoad(app.Snapshot) error
	// ReadFrame reads the rows of the next frame, which may be done while the one
	// before is being taken in; take writes them, in one transaction.
	ReadFrame([]app.SnapshotRow) (take func() error, err error)
	EndLoad() error
	// Anew makes the next exchange begin with a snapshot not older than the seq.
	// Rewind does so after the server has lost what stood past the cut: operations
	// judged there are sent again. Shared gives the cursor of the cut until the
	// snapshot is there, and the cursor otherwise.
	Anew(since uint64) error
	Rewind(cut uint64, shared string) error
	Shared() (cursor string, err error)
	// Renew gives this file an incarnation of its own.
	Renew(inc uint32) error
}

// Options of an engine.
type Options struct {
	Store  Store
	Device Enrolled
	Now    func() time.Time
	// Time tells the age of operations and learns the time of the server from its
	// answers; nil: by Now alone.
	Time *app.Timekeeper
	// Transport carries the requests; nil is http.DefaultTransport.
	Transport http.RoundTripper
	// Spawn runs a request beside the engine's own work; nil is the go statement.
	Spawn func(request func())
	// Changed is called, on the engine's goroutine, whenever State would give
	// something else.
	Changed func()
	// Met is told who works here whenever the server says it anew.
	Met func(app.Identity)
	// Revoked is called when the server says that it has shut this device out,
	// which is for good.
	Revoked func()
	// Pauses are made after failures; nil: they double from half a second to a
	// minute, each a little off so that stations do not come back all at once.
	Pauses backoff.BackOff
	// FilePauses are those after a failure with a file; nil: like Pauses.
	FilePauses backoff.BackOff
}

// Sizes of batches, in bytes of operations: they begin small, grow on quick
// answers and shrink when an answer does not come.
const (
	batchFirst = 16 << 10
	batchLeast = 4 << 10
	batchMost  = wire.MaxBytes * 3 / 4 // the rest of a body is the envelope
	// A sixth of what an answer may take. A batch that takes a second on a slow link
	// is most of it the way there and back: smaller ones would be slower still.
	quick     = answerTimeout / 6
	pageLimit = 1000
)

// Engine drives the exchange. Run is one goroutine for operations and facts and
// one for files, but for the request of a push; the other methods may be called
// from anywhere and do not block.
type Engine struct {
	o      Options
	client client
	pauses backoff.BackOff
	batch  int       // bytes of operations in the next push
	asked  bool      // somebody wants to see an exchange now, so the next pull does not wait
	part   []byte    // of a frame that was cut off
	partOf string    // its hash
	safe   uint64    // last told: up to it the server's feed stands in a backup
	single bool      // the next push holds one operation: the last one was refused whole
	rested time.Time // the server asked for no request before

	wake chan struct{} // of one slot

	files  carrier
	beside beside

	mu        sync.Mutex
	state     app.ExchangeState
	off       bool
	interrupt context.CancelFunc // ends a waiting request, nil while none waits
	day       app.Day            // the counts of received changes are of this day
}

// New makes an engine; it does nothing before Run, Step or Once.
func New(o Options) *Engine {
	pauses := o.Pauses
	if pauses == nil {
		pauses = doubling()
	}
	if o.Time == nil {
		o.Time = app.WallClock(o.Now)
	}
	if o.Spawn == nil {
		o.Spawn = func(request func()) { go request() }
	}
	one := client{
		http: &http.Client{Transport: o.Transport}, server: o.Device.Server, device: o.Device.Device, key: o.Device.Key, now: o.Now,
		time: o.Time, save: o.Store.SaveAnchor,
	}
	apart := one
	apart.time = nil // the time of the server is learnt in one place
	return &Engine{
		o: o, pauses: pauses, batch: batchFirst, wake: make(chan struct{}, 1), client: one,
		// A client is used by one goroutine, so files have their own token.
		files: carrier{
			client: apart, pauses: cmp.Or[backoff.BackOff](o.FilePauses, doubling()), chunk: chunkFirst,
			wake: make(chan struct{}, 1), transfers: map[string]app.Transfer{},
		},
		beside: beside{client: apart},
		state:  app.ExchangeState{Link: app.LinkConnecting, Server: o.Device.Server},
	}
}

func doubling() backoff.BackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval = 500 * time.Millisecond
	b.MaxInterval = time.Minute
	return b
}

// State tells the truth about the exchange as far as this side knows it.
func (e *Engine) State() app.ExchangeState {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state
}

// Wake asks for an exchange now.
func (e *Engine) Wake() {
	select {
	case e.wake <- struct{}{}:
	default: // one is asked for already
	}
	e.files.ask()
	e.mu.Lock()
	interrupt := e.interrupt
	e.mu.Unlock()
	if interrupt != nil {
		interrupt()
	}
}

// WorkOffline switches the exchange off and on.
func (e *Engine) WorkOffline(off bool) {
	e.mu.Lock()
	e.off = off
	interrupt := e.files.interrupt
	e.mu.Unlock()
	if off && interrupt != nil {
		interrupt()
	}
	e.Wake()
}

// Run exchanges until the context ends.
func (e *Engine) Run(ctx context.Context) {
	var files sync.WaitGroup
	files.Go(func() { e.runFiles(ctx) })
	defer files.Wait()
	for ctx.Err() == nil {
		if pause := e.Step(ctx, wire.MaxWait); pause > 0 {
			e.sleep(ctx, pause)
		}
	}
}

// Step is one turn of Run: an exchange that waits for news at most as long as
// said, and how long to pause before the next turn unless somebody wakes the
// engine. It is called by one goroutine at a time.
func (e *Engine) Step(ctx context.Context, wait time.Duration) (pause time.Duration) {
	e.mu.Lock()
	off := e.off
	e.mu.Unlock()
	if off {
		e.recount(app.LinkOff, "")
		return time.Hour
	}
	if left := e.rested.Sub(e.o.Now()); left > 0 && left <= longestAfter { // or the clock was set back
		return left // nobody wakes it earlier
	}
	err := e.round(ctx, wait)
	if err == nil || ctx.Err() != nil {
		e.pauses.Reset()
		return 0
	}
	if p := (*problem)(nil); errors.As(err, &p) && p.after > 0 {
		e.rested = e.o.Now().Add(p.after)
	}
	e.failed(err)
	return e.pauses.NextBackOff()
}

// sleep ends early when somebody asks for an exchange.
func (e *Engine) sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-e.wake:
	}
}

// failed tells of a link that is down, and why.
func (e *Engine) failed(err error) {
	link, reason := app.LinkOffline, app.CodeOf(err)
	if p := (*problem)(nil); errors.As(err, &p) {
		reason = p.Code
		switch p.Code {
		case app.CodeRevoked:
			link = app.LinkRefused
			if e.o.Revoked != nil {
				e.o.Revoked()
			}
		case wire.CodeUnknownDevice:
			link, reason = app.LinkRefused, app.CodeNotEnrolled
		case wire.CodeBadToken:
			e.client.token = ""
		}
	}
	e.recount(link, reason)
}

// Once exchanges until nothing waits that the server would take and nothing is
// left to receive.
func (e *Engine) Once(ctx context.Context) (app.ExchangeState, error) {
	for idle := 0; idle < 2; {
		before := e.State()
		loads, _, err := e.o.Store.MustLoad()
		if err != nil {
			return before, err
		}
		if err := e.round(ctx, 0); err != nil {
			e.failed(err)
			return e.State(), toPeople(err, e.client.server)
		}
		for e.StepFiles(ctx) == 0 && ctx.Err() == nil {
			idle = 0 // a file that has gone lets its operation go
		}
		if err := ctx.Err(); err != nil {
			return e.State(), app.Fail(app.CodeCancelled).Because(err)
		}
		after := e.State()
		if after.Cursor == before.Cursor && after.Pending == before.Pending && !loads {
			idle++ // a first round only learns where things stand
		} else {
			idle = 0
		}
	}
	return e.State(), nil
}

// toPeople gives a problem of the server its sentence.
func toPeople(err error, server string) error {
	p := (*problem)(nil)
	if !errors.As(err, &p) {
		return err
	}
	switch p.Code {
	case app.CodeRevoked:
		return app.Fail(app.CodeRevoked).Because(err)
	case wire.CodeUnknownDevice:
		return app.Fail(app.CodeNotEnrolled).Because(err)
	case wire.CodeTooMany, wire.CodeFull:
		return app.Fail(p.Code).Because(err)
	}
	return app.Fail(app.CodeServerAnswer, server, p.Code).Because(err)
}
