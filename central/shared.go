package central

import (
	"context"
	"sync"
)

// Shared is a Storage that other servers may write to at the same time.
type Shared interface {
	Storage
	// Watch calls grown at once, and whenever the feed may have grown since, until
	// the context is over or the storage closed.
	Watch(ctx context.Context, grown func())
}

// lookout has a shared storage watched while anybody waits for the feed to grow.
type lookout struct {
	mu      sync.Mutex
	waiting int
	stop    context.CancelFunc
}

// enter makes one more wait; leave makes one less.
func (l *lookout) enter(storage Storage, grown func()) (leave func()) {
	shared, is := storage.(Shared)
	if !is {
		return func() {}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting++; l.waiting == 1 {
		ctx, stop := context.WithCancel(context.Background())
		l.stop = stop
		go shared.Watch(ctx, grown)
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.waiting--; l.waiting == 0 {
			l.stop()
		}
	}
}
