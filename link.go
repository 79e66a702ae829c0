package main

import (
	"context"
	"log"
	"sync"

	"otklik/app"
	exchange "otklik/sync"
)

// link is the exchange as the desk sees it from the first moment on, before
// the engine is there.
type link struct {
	mu     sync.Mutex
	engine *exchange.Engine
	off    bool
	reason app.Code
	server string // as people know it
}

func (l *link) set(e *exchange.Engine) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.engine = e
	e.WorkOffline(l.off)
}

func (l *link) name(server string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.server = server
}

func (l *link) failed(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if reason := app.CodeOf(err); l.engine != nil || reason != l.reason {
		log.Println("exchange:", reason)
	}
	l.engine, l.reason = nil, app.CodeOf(err)
}

// State implements app.Exchange.
func (l *link) State() app.ExchangeState {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.engine != nil:
		s := l.engine.State()
		s.Server = l.server
		return s
	case l.off:
		return app.ExchangeState{Link: app.LinkOff, Server: l.server}
	case l.reason == app.CodeNoServer:
		return app.ExchangeState{Link: app.LinkOffline, Server: l.server, Reason: l.reason}
	case l.reason != "":
		return app.ExchangeState{Link: app.LinkRefused, Server: l.server, Reason: l.reason}
	}
	return app.ExchangeState{Link: app.LinkConnecting, Server: l.server}
}

// Wake implements app.Exchange.
func (l *link) Wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.engine != nil {
		l.engine.Wake()
	}
}

// Fetch implements app.Exchange.
func (l *link) Fetch(f app.File) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.engine != nil {
		l.engine.Fetch(f)
	}
}

// Transfers implements app.Exchange.
func (l *link) Transfers() map[string]app.Transfer {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.engine == nil {
		return nil
	}
	return l.engine.Transfers()
}

// Beside implements app.Exchange.
func (l *link) Beside(ctx context.Context, appeal string, doing app.Doing) ([]app.Companion, error) {
	l.mu.Lock()
	engine := l.engine
	l.mu.Unlock()
	if engine == nil {
		return nil, nil
	}
	return engine.Beside(ctx, appeal, doing) // which takes its time
}

// WorkOffline implements app.Exchange.
func (l *link) WorkOffline(off bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.off = off
	if l.engine != nil {
		l.engine.WorkOffline(off)
	}
}
