package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"otklik/central"
)

var _ central.Shared = (*storage)(nil)

const (
	// poll is how often the head of the feed is looked at: the truth.
	poll = 250 * time.Millisecond
	// lull is the least time between two hints. A notification is a transaction
	// with a lock over the whole database; the feed may grow a thousand times a
	// second.
	lull = 20 * time.Millisecond
)

// Statements of the hint. Losing one costs the wait for a poll, so it does not
// wait for the disk.
const (
	sqlListen = `LISTEN otklik_feed`
	sqlNotify = `SET LOCAL synchronous_commit = off; NOTIFY otklik_feed`
)

// hint tells other servers that the feed has grown, until the storage is closed.
// It does so outside the transaction that made it grow: a commit that notifies
// waits for all others that do.
func (s *storage) hint() {
	for {
		select {
		case <-s.grew:
		case <-s.closing.Done():
			return
		}
		// An error is one of a connection: the others find out by looking.
		_, _ = s.pool.Exec(s.closing, sqlNotify, pgx.QueryExecModeSimpleProtocol)
		pause(s.closing, lull)
	}
}

// Watch implements central.Shared.
func (s *storage) Watch(ctx context.Context, grown func()) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.closing, cancel)()
	for ctx.Err() == nil {
		// A lost connection is made again after the same time as a look takes. What
		// came meanwhile is told by the first look.
		_ = s.watch(ctx, grown)
		pause(ctx, poll)
	}
}

// watch looks after the head over one connection, its own: those of the pool are
// for who does not wait.
func (s *storage) watch(ctx context.Context, grown func()) (err error) {
	c, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	// The context may be over: it says to stop watching, not to leave without a word.
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	if _, err := c.Exec(ctx, sqlListen); err != nil {
		return err
	}
	for first, last := true, uint64(0); ; first = false {
		var head uint64
		if err := c.QueryRow(ctx, sqlHead, s.ws).Scan(&head); err != nil {
			return err
		}
		if first || head != last {
			grown()
		}
		last = head
		look, done := context.WithTimeout(ctx, poll)
		_, err := c.WaitForNotification(look)
		done()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && !pgconn.Timeout(err) {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
