package central

import (
	"context"
	"net/http"
	"time"

	"otklik/app"
)

// Meter is told what the server does, from any goroutine.
type Meter interface {
	// Answered tells of a request by the pattern of its route, which is one of a
	// few, never by what a stranger wrote there.
	Answered(route string, status int, took time.Duration)
	Judged(app.Verdict)
	// Waiting tells of requests that begin (+1) or end (−1) to wait for changes.
	Waiting(delta int)
}

// unmetered is told in vain.
type unmetered struct{}

func (unmetered) Answered(string, int, time.Duration) {}
func (unmetered) Judged(app.Verdict)                  {}
func (unmetered) Waiting(int)                         {}

// Head gives the seq of the newest change, 0 where there is none.
func (s *Server) Head(ctx context.Context) (head uint64, err error) {
	err = s.storage.View(ctx, func(tx Reader) error {
		head, err = tx.Head()
		return err
	})
	return head, err
}

// routeOf names the route of a request in logs and figures. The path would tell
// what a stranger wrote into it.
func routeOf(r *http.Request) string { return r.Pattern }
