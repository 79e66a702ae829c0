package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFeedIsTrimmedEveryHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var said bytes.Buffer
		var before []time.Duration
		began, total := time.Now(), 0
		trim := trimmer{
			days: 100, now: time.Now, log: slog.New(slog.NewTextHandler(&said, nil)), dropped: func(n int) { total += n },
			trim: func(_ context.Context, b time.Time) (int, error) {
				before = append(before, b.Sub(began))
				switch len(before) {
				case 1:
					return 0, nil
				case 2:
					return 0, errors.New("busy")
				}
				return 5, nil
			},
		}
		go trim.run(ctx)
		time.Sleep(3*time.Hour + time.Minute)
		synctest.Wait()
		cancel()
		synctest.Wait()
		const kept = 100 * 24 * time.Hour
		want := []time.Duration{-kept, time.Hour - kept, 2*time.Hour - kept, 3*time.Hour - kept}
		if !slices.Equal(before, want) || total != 10 {
			t.Errorf("%v, %d dropped", before, total)
		}
		// Nothing is said where nothing was done.
		if n := strings.Count(said.String(), "\n"); n != 3 {
			t.Errorf("%d lines:\n%s", n, &said)
		}
	})
}

func TestFeedIsKeptForNinetyDays(t *testing.T) {
	if err := serve(t.Context(), []string{"--data", t.TempDir(), "--keep-days", "89"}, slog.New(slog.DiscardHandler), time.Now); err == nil {
		t.Error("89 days are not enough")
	}
}
