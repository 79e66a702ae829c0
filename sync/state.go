package sync

import (
	"time"

	"otklik/app"
)

// received counts what came today, and how much of it is about appeals.
func (e *Engine) received(n, about int) {
	today := app.DayOf(e.o.Now())
	e.mu.Lock()
	defer e.mu.Unlock()
	if today != e.day {
		e.day, e.state.Received, e.state.ReceivedA = today, 0, 0
	}
	e.state.Received += n
	e.state.ReceivedA += about
}

func (e *Engine) measured(d time.Duration) {
	e.mu.Lock()
	e.state.Latency = d
	e.mu.Unlock()
}

// recount brings the state up to date and tells of it.
func (e *Engine) recount(link app.Link, reason app.Code) {
	w, err := e.o.Store.Waiting()
	e.mu.Lock()
	before := e.state
	e.state.Link, e.state.Reason = link, reason
	if err == nil {
		e.state.Pending, e.state.Held, e.state.Oldest = w.Pending, w.Held, w.Oldest
		e.state.Refused, e.state.Conflicts = w.Refused, w.Conflicts
	}
	changed := e.state != before
	e.mu.Unlock()
	if changed && e.o.Changed != nil {
		e.o.Changed()
	}
}
