package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"otklik/central"
)

// workspace is the one whose data is kept; every table is ready for more.
const workspace = 1

type storage struct {
	pool *pgxpool.Pool
	ws   int

	grew    chan struct{} // one slot: the feed has grown and nobody was told yet
	closing context.Context
	close   context.CancelFunc
	hints   sync.WaitGroup
}

// Open connects to the database of the address, which is a URL or the keywords
// of libpq, and brings its tables up to date. pool_max_conns in it says how many
// connections there may be at once. Error: CodeNewerStore when a newer program
// made the tables.
func Open(ctx context.Context, address string) (central.Storage, error) {
	conf, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("address of the database: %w", err)
	}
	conf.AfterConnect = durable
	pool, err := pgxpool.NewWithConfig(ctx, conf)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	s := &storage{pool: pool, ws: workspace, grew: make(chan struct{}, 1)}
	if err := s.prepare(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	s.closing, s.close = context.WithCancel(context.Background())
	s.hints.Go(s.hint)
	return s, nil
}

func (s *storage) prepare(ctx context.Context) error {
	// Asked first and by itself, so that a wrong address is told in its own words.
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if err := migrate(ctx, s.pool); err != nil {
		return err
	}
	const head = `INSERT INTO feed_head (ws, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING`
	if _, err := s.pool.Exec(ctx, head, s.ws); err != nil {
		return fmt.Errorf("make the head of the feed: %w", err)
	}
	return nil
}

// durable sees to it that a commit is on the disk before it is answered, even
// where the database is set up otherwise; what is stricter than that stays.
func durable(ctx context.Context, c *pgx.Conn) error {
	const on = `SELECT set_config('synchronous_commit', 'on', false)
		WHERE current_setting('synchronous_commit') IN ('off', 'local')`
	_, err := c.Exec(ctx, on)
	return err
}

// View implements central.Storage.
func (s *storage) View(ctx context.Context, f func(central.Reader) error) error {
	one := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, s.pool, one, func(tx pgx.Tx) error {
		return f(reader{snapshot{ctx, tx, s.ws}})
	})
}

// tries is how often a transaction that clashes with others is begun.
const tries = 20

// Update implements central.Storage.
func (s *storage) Update(ctx context.Context, f func(central.Tx) error) error {
	pause := &backoff.ExponentialBackOff{
		InitialInterval: time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 100 * time.Millisecond,
	}
	grown, err := backoff.Retry(ctx, func() (grown bool, err error) {
		grown, err = s.attempt(ctx, f)
		if err != nil && !clashed(err) {
			err = backoff.Permanent(err)
		}
		return grown, err
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(0))
	err = spaceless(err)
	if err == nil && grown {
		select {
		case s.grew <- struct{}{}:
		default: // somebody is about to be told anyway
		}
	}
	return err
}

// spaceless gives the database's words for a full disk the meaning that
// central.Storage asks for.
func spaceless(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == "53100" { // disk_full
		return fmt.Errorf("%w: %w", syscall.ENOSPC, err)
	}
	return err
}

// clashed says whether the database gave a transaction up for the sake of
// another one: it then is as if it had never begun, and may be repeated.
func clashed(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case "40001", // serialization_failure
		"40P01", // deadlock_detected
		"23505": // unique_violation: somebody else has made the record meanwhile
		return true
	}
	return false
}

// Close implements central.Storage. It waits for transactions under way.
func (s *storage) Close() error {
	s.close()
	s.hints.Wait()
	s.pool.Close()
	return nil
}
