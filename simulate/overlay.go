package simulate

import (
	"context"
	"errors"

	"otklik/app"
	"otklik/central"
)

// overlay is the server's storage with what may go wrong in it: accidents, and
// the planted bugs of a server.
type overlay struct {
	central.Storage
	w          *world
	strike     strike
	unreadable string // ID of an appeal
	oldest     uint64 // changes before this one are gone; 0: none is
}

var errStorage = errors.New("simulate: storage failed")

func (o *overlay) heal() { o.strike, o.unreadable = never, "" }

// View implements central.Storage.
func (o *overlay) View(ctx context.Context, f func(central.Reader) error) error {
	return o.Storage.View(ctx, func(r central.Reader) error { return f(&overReader{r, o}) })
}

// Update implements central.Storage.
func (o *overlay) Update(ctx context.Context, f func(central.Tx) error) error {
	strike := o.strike
	o.strike = never
	err := o.Storage.Update(ctx, func(tx central.Tx) error {
		if err := f(&overTx{tx, o}); err != nil {
			return err
		}
		switch strike {
		case before:
			panic(crash{})
		case full:
			return errStorage
		}
		return nil
	})
	if strike == after {
		panic(crash{})
	}
	return err
}

type overReader struct {
	central.Reader
	o *overlay
}

func (r *overReader) Appeal(id string) (*app.Appeal, bool, error) {
	if id == r.o.unreadable {
		return nil, false, errStorage
	}
	return r.Reader.Appeal(id)
}

func (r *overReader) Oldest() (uint64, error) {
	oldest, err := r.Reader.Oldest()
	return max(oldest, r.o.oldest), err
}

func (r *overReader) Feed(after uint64, limit, bytes int, keep func(uint64, central.Reach) bool) ([]central.Entry, error) {
	if r.o.oldest > 0 {
		after = max(after, r.o.oldest-1)
	}
	return r.Reader.Feed(after, limit, bytes, keep)
}

// Device implements central.Reader.
func (r *overReader) Device(id string) (central.Device, bool, error) {
	d, ok, err := r.Reader.Device(id)
	if r.o.w.run.Bug == NoScope {
		d.Identity.Municipalities = nil
	}
	return d, ok, err
}

type overTx struct {
	central.Tx
	o *overlay
}

func (t *overTx) Appeal(id string) (*app.Appeal, bool, error) {
	return (&overReader{t.Tx, t.o}).Appeal(id)
}

// Judgement implements central.Reader.
func (t *overTx) Judgement(op string) (central.Judgement, bool, error) {
	if t.o.w.run.Bug == NoDedupe {
		return central.Judgement{}, false, nil
	}
	return t.Tx.Judgement(op)
}

// Append implements central.Tx.
func (t *overTx) Append(c *app.Change, r central.Reach) error {
	if t.o.w.run.Bug == GoneFeed && r.Before != central.TagNowhere {
		r.Before = r.After
	}
	if t.o.w.run.Bug == VerdictWithoutSeq && c.Verdict != app.VerdictApplied {
		c.Seq = 0
		return nil
	}
	return t.Tx.Append(c, r)
}
