package sync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// round is one exchange: a push where something waits, otherwise a pull that
// may wait for news; while a snapshot is being taken in, a step of that.
func (e *Engine) round(ctx context.Context, wait time.Duration) error {
	who, fresh, err := e.client.authorise(ctx)
	if err != nil {
		return err
	}
	if fresh && e.o.Met != nil {
		e.o.Met(who)
	}
	if done, err := e.load(ctx); err != nil || !done {
		return err
	}
	cursor, err := e.o.Store.Cursor()
	if err != nil {
		return err
	}
	ops, err := e.waiting(0)
	if err != nil {
		return err
	}
	if len(ops) > 0 {
		err = e.push(ctx, ops, cursor)
	} else {
		err = e.pull(ctx, cursor, wait)
	}
	if p := (*problem)(nil); errors.As(err, &p) {
		switch p.Code {
		case wire.CodeCursorExpired, wire.CodeBadCursor:
			// Several pages may have been written down meanwhile.
			if cursor, err = e.o.Store.Cursor(); err != nil {
				return err
			}
			return e.expired(ctx, cursor)
		case wire.CodeForked:
			// The clock makes another copy, which finds out at another moment, take
			// another number.
			return e.o.Store.Renew(uint32(e.o.Now().UnixNano()) | 1)
		}
	}
	return err
}

// cursorLost says whether the server cannot go on from the cursor.
func cursorLost(err error) bool {
	p := (*problem)(nil)
	return errors.As(err, &p) && (p.Code == wire.CodeCursorExpired || p.Code == wire.CodeBadCursor)
}

func (e *Engine) pull(ctx context.Context, cursor string, wait time.Duration) error {
	if s := e.State(); e.asked || s.Link != app.LinkOnline || s.Head > s.Cursor {
		wait, e.asked = 0, false // say at once how things stand
	}
	asking, cancel := context.WithCancel(ctx)
	defer cancel()
	if wait > 0 {
		e.mu.Lock()
		e.interrupt = cancel
		e.mu.Unlock()
		defer func() {
			e.mu.Lock()
			e.interrupt = nil
			e.mu.Unlock()
		}()
		select {
		case <-e.wake: // asked for between the look at the outbox and here
			e.asked = true
			return nil
		default:
		}
	}
	began := e.o.Now()
	page, err := e.client.pull(asking, cursor, wait)
	if err != nil {
		if ctx.Err() == nil && asking.Err() != nil {
			e.drainWake()
			e.asked = true
			return nil // woken, not failed
		}
		return err
	}
	if wait == 0 {
		e.measured(e.o.Now().Sub(began))
	}
	if ok, err := e.sameHistory(ctx, cursor, page.Next); err != nil || !ok {
		return err
	}
	return e.apply(page, cursor)
}

func (e *Engine) drainWake() {
	select {
	case <-e.wake:
	default:
	}
}

// waiting gives the next batch: what waits after the operation of the number.
func (e *Engine) waiting(after uint64) ([]app.Op, error) {
	limit := wire.MaxOps
	if e.single {
		limit = 1
	}
	return e.o.Store.Leaving(after, limit, e.batch, e.o.Now())
}

// flight is a batch on its way.
type flight struct {
	ops    []app.Op
	cursor string
	took   time.Duration
	reply  wire.PushReply
	err    error
	down   chan struct{} // closed when the answer is there
	cancel context.CancelFunc
}

func (e *Engine) send(ctx context.Context, ops []app.Op, cursor string) *flight {
	ctx, cancel := context.WithCancel(ctx)
	f := &flight{ops: ops, cursor: cursor, down: make(chan struct{}), cancel: cancel}
	began := e.o.Now()
	for i := range ops {
		e.o.Time.Date(&ops[i])
	}
	e.o.Spawn(func() {
		defer close(f.down)
		f.reply, f.err = e.client.push(ctx, ops, cursor)
		f.took = e.o.Now().Sub(began)
	})
	return f
}

// push sends batch after batch. While the answer to one is being written down
// the next is on its way, so that neither side waits for the other's disk.
func (e *Engine) push(ctx context.Context, ops []app.Op, cursor string) (err error) {
	for f := e.send(ctx, ops, cursor); f != nil && err == nil; {
		f, err = e.land(ctx, f)
	}
	return err
}

// land takes in the answer to a batch, after it has sent the next one, if there
// is one that may go.
func (e *Engine) land(ctx context.Context, f *flight) (next *flight, err error) {
	<-f.down
	f.cancel()
	if f.err != nil {
		if p := (*problem)(nil); !errors.As(f.err, &p) || p.status >= http.StatusInternalServerError {
			ids := make([]string, len(f.ops))
			for i, op := range f.ops {
				ids[i] = op.ID
			}
			if err := e.o.Store.Tried(ids); err != nil {
				return nil, err
			}
		}
		return nil, e.pushFailed(f.err, f.ops)
	}
	e.single = false
	e.measured(f.took)
	if f.took < quick {
		e.batch = min(e.batch*2, batchMost)
	}
	if ok, err := e.sameHistory(ctx, f.cursor, f.reply.Page.Next); err != nil || !ok {
		return nil, err
	}
	// First the verdicts: what has to wait is not to go with the next batch.
	if err := e.settle(f.reply.Verdicts, f.cursor); err != nil {
		return nil, err
	}
	if next, err = e.follow(ctx, f); err != nil {
		return nil, err
	}
	if err := e.apply(f.reply.Page, f.cursor); err != nil {
		if next != nil { // it may have been judged, and may be sent again
			next.cancel()
			<-next.down
		}
		return nil, err
	}
	return next, nil
}

// follow sends what waits after a batch, nil where nothing does.
func (e *Engine) follow(ctx context.Context, f *flight) (*flight, error) {
	if !e.mayGoOn(ctx) {
		return nil, nil
	}
	ops, err := e.waiting(f.ops[len(f.ops)-1].N)
	if err != nil || len(ops) == 0 {
		return nil, err
	}
	return e.send(ctx, ops, f.reply.Page.Next), nil
}

// settle sees to the verdicts that no page of the feed will bring.
func (e *Engine) settle(verdicts []wire.Judged, cursor string) error {
	now := e.o.Now()
	held := map[time.Duration][]string{}
	var missing []string // operations whose files have to be sent first
	for _, v := range verdicts {
		var err error
		switch {
		case v.Verdict == app.VerdictRetry && v.Reason == wire.CodeBlobMissing:
			missing = append(missing, v.ID)
		case v.Verdict == app.VerdictRetry:
			after := time.Duration(v.AfterMS) * time.Millisecond
			held[after] = append(held[after], v.ID)
		case v.Verdict == app.VerdictRejected && v.Seq == 0:
			err = e.o.Store.Refuse(v.ID, v.Reason, now) // it is not in the feed
		case v.Verdict == app.VerdictDuplicate && v.Seq <= seqOf(cursor):
			// The feed has passed it: its effects came with a snapshot.
			err = e.o.Store.Settle(v.ID, app.Change{Seq: v.Seq, Verdict: v.First, Reason: v.Reason}, now)
		}
		if err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		if err := e.o.Store.Missing(missing); err != nil {
			return err
		}
		e.files.ask()
	}
	for after, ids := range held {
		if err := e.o.Store.Hold(ids, now.Add(after)); err != nil {
			return err
		}
	}
	return nil
}

// pushFailed makes the next batch smaller, down to the one operation that the
// server cannot take; that one is kept with the reason.
func (e *Engine) pushFailed(err error, ops []app.Op) error {
	p := (*problem)(nil)
	switch {
	case cursorLost(err):
		return err // which says nothing of the operations
	case errors.As(err, &p) && p.status == http.StatusTooManyRequests:
		return err // smaller batches would be more requests
	}
	if !errors.As(err, &p) || p.status != http.StatusBadRequest && p.status != http.StatusRequestEntityTooLarge {
		e.batch = max(e.batch/2, batchLeast)
		return err
	}
	if len(ops) > 1 {
		e.single = true
		return nil
	}
	return e.o.Store.Refuse(ops[0].ID, p.Code, e.o.Now())
}

// apply writes a page and tells of it.
func (e *Engine) apply(page wire.Page, cursor string) error {
	if err := contiguous(page, cursor); err != nil {
		return err
	}
	// A page that says nothing costs no transaction.
	if len(page.Changes) > 0 || page.Next != cursor || page.Safe != e.safe {
		all := app.FeedPage{Changes: page.Changes, Next: page.Next, Safe: page.Safe}
		if err := e.o.Store.ApplyChanges(all, e.o.Now()); err != nil {
			return err
		}
		e.safe = page.Safe
	}
	about := 0
	for _, c := range page.Changes {
		if strings.HasPrefix(string(c.Kind), "appeal.") {
			about++
		}
	}
	e.received(len(page.Changes), about)
	e.mu.Lock()
	e.state.Last = e.o.Now()
	e.state.Head, e.state.Cursor = page.Head, seqOf(page.Next)
	e.mu.Unlock()
	e.recount(app.LinkOnline, "")
	return nil
}

// contiguous asserts that nothing is missing: numbers of the feed are dense where
// this workstation is told all of it, and otherwise grow as far as the page leads.
// Nor does a page lead back, or begin elsewhere: an answer to an earlier request
// would, and its place says so where its changes do not.
func contiguous(page wire.Page, cursor string) error {
	if page.After != "" && page.After != cursor {
		return fmt.Errorf("feed after %s is told from %s", cursor, page.After)
	}
	last, dense := seqOf(cursor), scopeOf(page.Next) == wire.ScopeAll
	for _, c := range page.Changes {
		if c.Seq <= last || dense && c.Seq != last+1 {
			return fmt.Errorf("feed goes from %d to %d", last, c.Seq)
		}
		last = c.Seq
	}
	if end := seqOf(page.Next); end < last || dense && end != last {
		return fmt.Errorf("feed stands at %d and goes on at %d", last, end)
	}
	return nil
}

// seqOf reads the number out of a cursor (epoch.scope.seq); it is only looked
// at, never made.
func seqOf(cursor string) uint64 {
	n, err := strconv.ParseUint(cursor[strings.LastIndexByte(cursor, '.')+1:], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
