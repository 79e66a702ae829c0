package channeltest

import (
	"context"
	"errors"
	"sync"

	"otklik/central"
)

// errStorage is what a storage says that has come to harm.
var errStorage = errors.New("the disk does not answer")

// breaking is a storage that fails when told to.
type breaking struct {
	central.Storage
	mu    sync.Mutex
	fails bool
	late  bool
}

func (b *breaking) Update(ctx context.Context, f func(central.Tx) error) error {
	b.mu.Lock()
	fails, late := b.fails, b.late
	b.fails = false
	b.mu.Unlock()
	if fails && !late {
		return errStorage
	}
	err := b.Storage.Update(ctx, f)
	if fails && err == nil {
		err = errStorage
	}
	return err
}

// FailNext fails the next transaction: before it has done anything, or when all is on
// disk and only nobody learns of it.
func (w *World) FailNext(late bool) {
	w.broken.mu.Lock()
	defer w.broken.mu.Unlock()
	w.broken.fails, w.broken.late = true, late
}
