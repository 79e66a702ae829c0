package sync_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// TestBodiesArePackedForServersThatSayTheyRead: an older server would take a
// packed body for a broken one.
func TestBodiesArePackedForServersThatSayTheyRead(t *testing.T) {
	for accepts, want := range map[string]string{wire.Encodings: wire.EncodingZstd, "": ""} {
		r := newRegion(t)
		s := r.station("Оператор 2")
		var mu gosync.Mutex
		var got []string
		r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
			if req.URL.Path == wire.PathOps {
				mu.Lock()
				got = append(got, req.Header.Get("Content-Encoding"))
				mu.Unlock()
			}
			h.ServeHTTP(speaks{w, accepts}, req)
		})
		s.take(strings.Repeat("Яма на дороге. ", 200))
		if state := s.once(); state.Pending != 0 || state.Refused != 0 {
			t.Errorf("state %+v", state)
		}
		s.take("Яма")
		s.once()
		mu.Lock()
		if len(got) != 2 || got[0] != want || got[1] != "" {
			t.Errorf("a server that reads %q got %q", accepts, got)
		}
		mu.Unlock()
	}
}

// speaks is an answer of a server that reads other encodings.
type speaks struct {
	http.ResponseWriter
	accepts string
}

func (s speaks) WriteHeader(status int) {
	s.Header().Set(wire.HeaderAccepts, s.accepts)
	s.ResponseWriter.WriteHeader(status)
}

func (s speaks) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func TestRetryAfterOutlastsEveryWake(t *testing.T) {
	r := newRegion(t)
	s := r.station("Оператор 2")
	s.take("Яма")
	var pushes atomic.Int64
	r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		if req.URL.Path != wire.PathOps {
			h.ServeHTTP(w, req)
			return
		}
		pushes.Add(1)
		w.Header().Set("Content-Type", wire.TypeProblem)
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"code":"too_many_requests","message":"wait"}`)
	})
	if _, err := s.engine.Once(context.Background()); app.CodeOf(err) != wire.CodeTooMany {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running gosync.WaitGroup
	running.Go(func() { s.engine.Run(ctx) })
	until(t, "the pause is told of", func() bool { return pushes.Load() == 2 && s.engine.State().Reason == wire.CodeTooMany })
	for range 20 {
		s.engine.Wake()
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	running.Wait() // the pause ends with the context
	if n := pushes.Load(); n != 2 {
		t.Errorf("%d pushes, want 2", n)
	}
}
