package ui

import (
	"context"
	"sync"
	"time"

	"otklik/app"
)

// loads is how many loads may run at once: more would only queue for the disk.
const loads = 3

// moment is how long LoadNow waits: half a frame of a software renderer.
const moment = 8 * time.Millisecond

// gather is how long signals of the desk are gathered before screens reload.
const gather = 100 * time.Millisecond

// Live owns all background work of the window: nothing else in this package
// starts a goroutine. Its methods are called on the UI goroutine, and what they
// bring back runs there too.
type Live struct {
	desk     *app.Desk
	schedule func(func())                                  // run on the UI goroutine
	after    func(d time.Duration, f func()) (stop func()) // one-shot timer
	fail     func(error)                                   // told on the UI goroutine
	ctx      context.Context
	cancel   context.CancelFunc
	slots    chan struct{}
	work     sync.WaitGroup

	mu      sync.Mutex
	wake    *sync.Cond
	actions []func()
	closed  bool
	changed app.Changed
	gathers bool
	unwatch []func()
}

// Slot is a place on the screen that shows the answer of the newest load only.
type Slot struct {
	generation uint64
	cancel     context.CancelFunc
}

// newLive starts the worker of actions. schedule runs a function on the UI
// goroutine; fail shows an error there.
func newLive(desk *app.Desk, schedule func(func()), fail func(error)) *Live {
	l := &Live{desk: desk, schedule: schedule, fail: fail, slots: make(chan struct{}, loads)}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.wake = sync.NewCond(&l.mu)
	l.after = func(d time.Duration, f func()) func() {
		t := time.AfterFunc(d, f)
		return func() { t.Stop() }
	}
	l.work.Add(1)
	go l.act()
	return l
}

// Load runs work in the background and then apply on the UI goroutine, unless
// the slot has been asked to load something newer meanwhile or the window has
// been closed. A newer load cancels the context of the older one.
func (l *Live) Load(slot *Slot, work func(ctx context.Context) (apply func(), err error)) {
	l.load(slot, work, l.onScreen)
}

// LoadNow is Load for what nearly always comes at once: the answer is given a
// moment to arrive, so that a click and what it shows are drawn in one frame
// and not in two. What takes longer comes as with Load.
func (l *Live) LoadNow(slot *Slot, work func(ctx context.Context) (apply func(), err error)) {
	meet := make(chan func())
	l.load(slot, work, func(f func()) {
		select {
		case meet <- f:
		default:
			l.onScreen(f)
		}
	})
	timer := time.NewTimer(moment)
	defer timer.Stop()
	select {
	case f := <-meet:
		f()
	case <-timer.C:
	}
}

func (l *Live) load(slot *Slot, work func(ctx context.Context) (apply func(), err error), deliver func(func())) {
	l.Drop(slot)
	ctx, cancel := context.WithCancel(l.ctx)
	slot.cancel = cancel
	mine := slot.generation
	if !l.begin() {
		cancel()
		return
	}
	go func() {
		defer l.work.Done()
		select {
		case l.slots <- struct{}{}:
			defer func() { <-l.slots }()
		case <-ctx.Done():
			return
		}
		if ctx.Err() != nil {
			return
		}
		apply, err := work(ctx)
		deliver(func() {
			if slot.generation != mine {
				return
			}
			cancel()
			if apply != nil {
				apply()
			}
			if err != nil && app.CodeOf(err) != app.CodeCancelled {
				l.fail(err)
			}
		})
	}()
}

// Drop forgets what the slot is loading.
func (l *Live) Drop(slot *Slot) {
	slot.generation++
	if slot.cancel != nil {
		slot.cancel()
		slot.cancel = nil
	}
}

// Do runs an action in the background, one after the other in the order they
// were asked for, and then done on the UI goroutine if it succeeded. Actions
// asked for before the window closes are still carried out.
func (l *Live) Do(work func() error, done func()) {
	l.Try(work, func(err error) {
		if err != nil {
			l.fail(err)
			return
		}
		if done != nil {
			done()
		}
	})
}

// Try is Do for callers that have an answer of their own to an error.
func (l *Live) Try(work func() error, done func(error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.actions = append(l.actions, func() {
		err := work()
		l.onScreen(func() { done(err) })
	})
	l.wake.Signal()
}

// act carries out actions until the window closes and none is left.
func (l *Live) act() {
	defer l.work.Done()
	for {
		l.mu.Lock()
		for len(l.actions) == 0 && !l.closed {
			l.wake.Wait()
		}
		if len(l.actions) == 0 {
			l.mu.Unlock()
			return
		}
		next := l.actions[0]
		l.actions = l.actions[1:]
		l.mu.Unlock()
		next()
	}
}

// Long runs work that takes minutes, beside everything else, until it ends, is stopped
// or the window closes, and then done on the UI goroutine.
func (l *Live) Long(work func(ctx context.Context) error, done func(error)) (stop func()) {
	ctx, cancel := context.WithCancel(l.ctx)
	if !l.begin() {
		return cancel
	}
	go func() {
		defer l.work.Done()
		defer cancel()
		err := work(ctx)
		l.onScreen(func() { done(err) })
	}()
	return cancel
}

// Later runs f on the UI goroutine after d, unless stopped or closed before.
func (l *Live) Later(d time.Duration, f func()) (stop func()) {
	stopped := false // only touched on the UI goroutine
	cancel := l.after(d, func() {
		l.onScreen(func() {
			if !stopped {
				f()
			}
		})
	})
	return func() {
		stopped = true
		cancel()
	}
}

// beat posts f to the UI goroutine, by this schedule, every d until the window
// closes, however long the one before has to wait there; f is told when it was
// posted.
func (l *Live) beat(d time.Duration, schedule func(func()), f func(posted time.Time)) {
	if !l.begin() {
		return
	}
	go func() {
		defer l.work.Done()
		for tick := time.NewTicker(d); ; {
			select {
			case <-l.ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				posted := time.Now()
				schedule(func() { f(posted) })
			}
		}
	}()
}

// OnScreen runs f on the UI goroutine; it is for signals that come from
// goroutines of others, such as the progress of an import.
func (l *Live) OnScreen(f func()) { l.onScreen(f) }

// onScreen hands f to the UI goroutine, where it is dropped if the window is
// closed by then.
func (l *Live) onScreen(f func()) {
	if l.ctx.Err() != nil {
		return
	}
	l.schedule(func() {
		if l.ctx.Err() == nil {
			f()
		}
	})
}

// Watch gathers the desk's signals for a moment and then tells f once, on the
// UI goroutine, what they touched together.
func (l *Live) Watch(f func(app.Changed)) {
	cancel := l.desk.Subscribe(func(c app.Changed) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.changed = join(l.changed, c)
		if l.gathers || l.closed {
			return
		}
		l.gathers = true
		l.after(gather, func() {
			l.mu.Lock()
			all := l.changed
			l.changed, l.gathers = app.Changed{}, false
			l.mu.Unlock()
			l.onScreen(func() { f(all) })
		})
	})
	l.mu.Lock()
	l.unwatch = append(l.unwatch, cancel)
	l.mu.Unlock()
}

// begin counts a new goroutine, unless the window is closed.
func (l *Live) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.work.Add(1)
	return true
}

// Close ends all background work and waits for it; actions already asked for
// are carried out first.
func (l *Live) Close() {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return
	}
	l.closed = true
	unwatch := l.unwatch
	l.wake.Broadcast()
	l.mu.Unlock()
	for _, u := range unwatch {
		u()
	}
	l.cancel()
	l.work.Wait()
}

func join(a, b app.Changed) app.Changed {
	return app.Changed{
		Appeals: a.Appeals || b.Appeals, Pages: a.Pages || b.Pages, Outbox: a.Outbox || b.Outbox,
		Exchange: a.Exchange || b.Exchange, Settings: a.Settings || b.Settings, Index: a.Index || b.Index,
		Tables: a.Tables || b.Tables, Terms: a.Terms || b.Terms,
	}
}
