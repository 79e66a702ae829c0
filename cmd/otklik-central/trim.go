package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"time"
)

// leastKept is how many days of the feed every workstation may count on.
const leastKept = 90

// trimEvery is how often old changes are looked for.
const trimEvery = time.Hour

// trimmer forgets the part of the feed nobody has to be told any more. What a
// change did and the verdict on its operation stay for good, so a workstation
// that comes back later takes a snapshot and loses nothing. Several servers over
// one database may all do it: each step is a transaction that finds out anew
// what is old.
type trimmer struct {
	days    int
	trim    func(ctx context.Context, before time.Time) (dropped int, err error)
	now     func() time.Time
	log     *slog.Logger
	dropped func(n int)
}

func (t *trimmer) flags(f *flag.FlagSet) {
	f.IntVar(&t.days, "keep-days", leastKept, fmt.Sprintf("days the feed is kept for, at least %d", leastKept))
}

func (t *trimmer) check() error {
	if t.days < leastKept {
		return fmt.Errorf("--keep-days must be at least %d", leastKept)
	}
	return nil
}

// run trims now and then every hour until the context ends.
func (t *trimmer) run(ctx context.Context) {
	next := time.NewTicker(trimEvery)
	defer next.Stop()
	for {
		n, err := t.trim(ctx, t.now().Add(-time.Duration(t.days)*24*time.Hour))
		if n > 0 {
			t.dropped(n)
			t.log.Info("feed trimmed", "changes", n)
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			t.log.Warn("feed not trimmed", "err", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
	}
}
