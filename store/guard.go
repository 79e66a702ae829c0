package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"otklik/app"
)

// database is the open file with a guard before it. bbolt trusts what it reads:
// on a damaged page it panics, and beyond the end of a file that was cut short
// the system stops the program. Here either becomes an error, after which nothing
// more is read or written until the file was recovered.
type database struct {
	file    atomic.Pointer[file] // replaced when it is recovered or compacted
	met     func()               // told once that something is wrong
	writers sync.Mutex           // as bbolt's own, which a panic may leave shut
	cleared atomic.Int64         // when the file was doubted and found sound, in Unix seconds
}

// file is one opening of the file.
type file struct {
	*bolt.DB
	hurt atomic.Pointer[hurt] // nil while nothing is wrong
}

// hurt is what went wrong in the file.
type hurt struct {
	err   error // for whoever asks from now on
	cause any   // the panic
	stack []byte
}

func newDatabase(db *bolt.DB, met func()) *database {
	d := &database{met: met}
	d.file.Store(&file{DB: db})
	return d
}

// View is that of bbolt.
func (d *database) View(f func(*bolt.Tx) error) error {
	now := d.file.Load()
	err := d.guard(now, func() error { return now.View(f) })
	if unreadable(err) && time.Since(time.Unix(d.cleared.Load(), 0)) > trust {
		return d.injure(now, &hurt{err: err})
	}
	return err
}

// Update is that of bbolt.
func (d *database) Update(f func(*bolt.Tx) error) error {
	d.writers.Lock()
	defer d.writers.Unlock()
	now := d.file.Load()
	return d.guard(now, func() error { return now.Update(f) })
}

func (d *database) guard(now *file, work func() error) (err error) {
	if h := now.hurt.Load(); h != nil {
		return h.err
	}
	if h := sheltered(func() { err = work() }); h != nil {
		return d.injure(now, h)
	}
	return err
}

// unreadable says whether an error tells of values that are not what they should
// be: those of the disk, and what people are told, are others.
func unreadable(err error) bool {
	var system syscall.Errno
	return err != nil && app.CodeOf(err) == "" && !errors.As(err, &system) &&
		!errors.Is(err, context.Canceled) && !errors.Is(err, bolterrors.ErrDatabaseNotOpen)
}

// trust is how long a file that was read whole and found sound is not doubted
// because of a value that cannot be read.
const trust = time.Hour

// injury says what is wrong with the file, nil where nothing is.
func (d *database) injury() *hurt { return d.file.Load().hurt.Load() }

// injure notes what is wrong and gives the error for whoever asks.
func (d *database) injure(now *file, h *hurt) error {
	h.err = app.Fail(app.CodeDamagedStore, now.Path()).Because(h.err)
	if now.hurt.CompareAndSwap(nil, h) {
		d.met()
	}
	return h.err
}

// Close closes the file. One that somebody was thrown out of may not close: the
// system does so with the program.
func (d *database) Close() error {
	now := d.file.Load()
	if now.hurt.Load() == nil {
		return now.Close()
	}
	done := make(chan error, 1)
	go func() { done <- now.Close() }()
	select {
	case err := <-done:
		return err
	case <-time.After(closeWithin):
		return nil
	}
}

// closeWithin is how long that is waited for.
const closeWithin = 200 * time.Millisecond

// quiet waits until nobody writes, but not for one who never ends.
func (d *database) quiet() {
	for end := time.Now().Add(5 * closeWithin); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if d.writers.TryLock() {
			d.writers.Unlock()
			return
		}
	}
}

// sheltered does something with mapped memory and gives what it panicked with.
func sheltered(work func()) (h *hurt) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err, ok := r.(error)
			if !ok {
				err = fmt.Errorf("%v", r)
			}
			h = &hurt{err: err, cause: r, stack: debug.Stack()}
		}
	}()
	work()
	return nil
}

// lock holds the workstation's folder against another copy of the program. The
// database has a lock of its own, which goes with it when it is set aside.
type lock struct{ f *os.File }

func takeLock(path string, patience time.Duration) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(cmp.Or(patience, time.Second)); ; time.Sleep(20 * time.Millisecond) {
		free, err := lockFile(f)
		switch {
		case free:
			return &lock{f}, nil
		case err != nil:
			return nil, errors.Join(err, f.Close())
		case time.Now().After(end):
			return nil, errors.Join(app.Fail(app.CodeLocked, path), f.Close())
		}
	}
}

func (l *lock) release() error { return l.f.Close() }
