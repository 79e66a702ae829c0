package app

import (
	"sync/atomic"
	"time"
)

// gate stands before the store. While it is shut nothing of appeals is read or
// written through the desk: the server has withdrawn this workstation's right to
// them, or its person is away. What the exchange keeps (the outbox above all) is
// not touched, and what a person was typing when it shut can still be put away.
type gate struct {
	Store
	revoked, away atomic.Bool
}

// Lock shuts appeals away from everything that works through the desk, as soon
// as the server has revoked this device. Every call about them then fails with
// CodeRevoked.
func (d *Desk) Lock() { d.turn(&d.store.revoked, true) }

// Unlock ends that, after the workstation has enrolled again.
func (d *Desk) Unlock() { d.turn(&d.store.revoked, false) }

// Locked says whether the server has revoked this device.
func (d *Desk) Locked() bool { return d.store.revoked.Load() }

// Leave shuts appeals away until the person is back; the exchange goes on. Calls
// about them fail with CodeAway.
func (d *Desk) Leave() { d.turn(&d.store.away, true) }

// Return ends that, after the person has proved to be the one.
func (d *Desk) Return() { d.turn(&d.store.away, false) }

// PassphraseLen is the least number of letters of a passphrase.
const PassphraseLen = 8

// Shut says why appeals are shut away: CodeRevoked, CodeAway, or "" where they are
// not.
func (d *Desk) Shut() Code {
	switch {
	case d.store.revoked.Load():
		return CodeRevoked
	case d.store.away.Load():
		return CodeAway
	}
	return ""
}

func (d *Desk) turn(door *atomic.Bool, shut bool) {
	if door.Swap(shut) != shut {
		d.Tell(Changed{Appeals: true, Outbox: true, Exchange: true, Settings: true})
	}
}

func (g *gate) check() error {
	switch {
	case g.revoked.Load():
		return Fail(CodeRevoked)
	case g.away.Load():
		return Fail(CodeAway)
	}
	return nil
}

// through calls f where the gate is open.
func through[T any](g *gate, f func() (T, error)) (none T, err error) {
	if err := g.check(); err != nil {
		return none, err
	}
	return f()
}

// Find implements Store.
func (g *gate) Find(q Query) (Found, error) {
	return through(g, func() (Found, error) { return g.Store.Find(q) })
}

// Row implements Store.
func (g *gate) Row(record uint64) (Row, error) {
	return through(g, func() (Row, error) { return g.Store.Row(record) })
}

// Appeal implements Store.
func (g *gate) Appeal(id string) (*Appeal, error) {
	return through(g, func() (*Appeal, error) { return g.Store.Appeal(id) })
}

// AppealAt implements Store.
func (g *gate) AppealAt(record uint64) (*Appeal, error) {
	return through(g, func() (*Appeal, error) { return g.Store.AppealAt(record) })
}

// Alike implements Store.
func (g *gate) Alike(record uint64) ([]Alike, error) {
	return through(g, func() ([]Alike, error) { return g.Store.Alike(record) })
}

// Located implements Store.
func (g *gate) Located(records []uint64) ([]Located, error) {
	return through(g, func() ([]Located, error) { return g.Store.Located(records) })
}

// History implements Store.
func (g *gate) History(place string) ([]Trace, error) {
	return through(g, func() ([]Trace, error) { return g.Store.History(place) })
}

// Soonest implements Store.
func (g *gate) Soonest(from time.Time, most int) ([]Soon, error) {
	return through(g, func() ([]Soon, error) { return g.Store.Soonest(from, most) })
}

// Facts implements Store.
func (g *gate) Facts(filter Filter, now time.Time, f func(*Facts)) error {
	if err := g.check(); err != nil {
		return err
	}
	return g.Store.Facts(filter, now, f)
}

// Entries implements Store: they name appeals.
func (g *gate) Entries(limit int) ([]Entry, error) {
	return through(g, func() ([]Entry, error) { return g.Store.Entries(limit) })
}

// Conflicts implements Store.
func (g *gate) Conflicts() ([]Conflict, error) {
	return through(g, g.Store.Conflicts)
}

// Draft implements Store.
func (g *gate) Draft(appeal string) (Draft, error) {
	return through(g, func() (Draft, error) { return g.Store.Draft(appeal) })
}

// Perform implements Store.
func (g *gate) Perform(ops []Op) error {
	if err := g.check(); err != nil {
		return err
	}
	return g.Store.Perform(ops)
}

// Withdraw implements Store.
func (g *gate) Withdraw(all []Withdrawal, at time.Time) ([]bool, error) {
	return through(g, func() ([]bool, error) { return g.Store.Withdraw(all, at) })
}
