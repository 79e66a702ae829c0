package app

import (
	"sync"
	"time"
)

// Instant is what the clocks of a machine say at one moment.
type Instant struct {
	Wall time.Time     `json:"wall"`           // may be wrong, and may jump
	Up   time.Duration `json:"up,omitempty"`   // since the machine started, its sleep included
	Boot string        `json:"boot,omitempty"` // names that start; "" where Up is not to be had
}

// since is the time from another moment to this one; ok is false where no clock
// has run from one to the other.
func (i Instant) since(other Instant) (d time.Duration, ok bool) {
	if i.Boot == "" || i.Boot != other.Boot {
		return 0, false
	}
	return i.Up - other.Up, true
}

// drift is the most a clock of a machine that counts on its own is off after the
// time: one in two thousand is the most a system corrects its clock by.
func drift(d time.Duration) time.Duration { return d.Abs()/2000 + time.Millisecond }

// Anchor ties the clocks of a machine to the time of the server: when they said
// Instant, it was Server there, give or take Off.
type Anchor struct {
	Instant
	Server time.Time     `json:"server"`
	Off    time.Duration `json:"off"`
}

// Stamp is what was known of the time when an operation was made.
type Stamp struct {
	Instant
	// Server is the time of the server, give or take Off; zero where nothing but
	// the wall clock could tell.
	Server time.Time
	Off    time.Duration
	// Since is, where Server is not known, a time of the server that had passed;
	// zero where none was.
	Since time.Time
}

// Timing is what the server knew of the moment of an event. The moment itself
// is Event.At.
type Timing struct {
	Wall  time.Time `json:"wall,omitzero"` // by the clock of the workstation
	AgeMS int64     `json:"age_ms"`        // of the event when the server received it, as the workstation reckoned it
	OffMS int64     `json:"off_ms"`        // the most the moment may be off
}

// Off is the most the moment of the event may be off. A moment the source tells
// of is taken as it is told.
func (e Event) Off() time.Duration { return time.Duration(e.Timing.OffMS) * time.Millisecond }

// saveEvery is how old a kept anchor may grow in a running program.
const saveEvery = 10 * time.Minute

// Timekeeper tells the time of the server by the clocks of this machine and what
// the server has said. Its methods may be called from any goroutine.
type Timekeeper struct {
	clock func() Instant

	mu     sync.Mutex
	anchor Anchor // the best one; its Server is zero where there is none
	saved  Anchor
	passed time.Time // the latest time of the server that is known to have passed
}

// NewTimekeeper makes a timekeeper over the clocks of this machine. known is a
// time that has certainly passed, such as that of the build; it may be zero.
func NewTimekeeper(clock func() Instant, known time.Time) *Timekeeper {
	return &Timekeeper{clock: clock, passed: known}
}

// WallClock makes a timekeeper where there is no other clock.
func WallClock(now func() time.Time) *Timekeeper {
	return NewTimekeeper(func() Instant { return Instant{Wall: now()} }, time.Time{})
}

// Instant is what the clocks say now.
func (k *Timekeeper) Instant() Instant { return k.clock() }

// Now is the time of the server, as far as it can be told here.
func (k *Timekeeper) Now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	at, _, _ := k.reckon(k.clock())
	return at
}

// Passed is a time of the server that has certainly passed; zero where none is
// known.
func (k *Timekeeper) Passed() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.since(k.clock())
}

// reckon gives the time of the server at the moment, give or take off. Where the
// machine has started anew since the server was last heard of there is only the
// wall clock, which is as wrong now as it was then, or is not: sure is false.
func (k *Timekeeper) reckon(i Instant) (at time.Time, off time.Duration, sure bool) {
	if k.anchor.Server.IsZero() {
		return i.Wall, 0, false
	}
	if d, ok := i.since(k.anchor.Instant); ok {
		return k.anchor.Server.Add(d), k.anchor.Off + drift(d), true
	}
	at = i.Wall.Add(k.anchor.Server.Sub(k.anchor.Wall))
	if at.Before(k.passed) {
		at = k.passed
	}
	return at, 0, false
}

// since is a time of the server that had passed at the moment, which is now.
func (k *Timekeeper) since(i Instant) time.Time {
	if at, off, sure := k.reckon(i); sure && at.Add(-off).After(k.passed) {
		return at.Add(-off)
	}
	return k.passed
}

// Stamp is what is known of the time now, for an operation that is being made.
func (k *Timekeeper) Stamp() Stamp {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := Stamp{Instant: k.clock()}
	if at, off, sure := k.reckon(s.Instant); sure {
		s.Server, s.Off = at, off
	} else {
		s.Since = k.passed
	}
	return s
}

// Heard is told what time the server gave in an answer, and what the clocks said
// right before the request and right after the answer came. Of all answers the
// one that says most is kept. save asks to keep the anchor beyond this run.
func (k *Timekeeper) Heard(server time.Time, before, after Instant) (a Anchor, save bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if server.Before(k.since(before)) {
		return Anchor{}, false // an answer to an earlier request
	}
	k.passed = server
	trip, ok := after.since(before)
	if !ok || trip < 0 {
		// Nothing but the wall clock, or the machine started anew: the latest answer
		// says most.
		k.anchor = Anchor{Instant: after, Server: server}
	} else {
		// It was that time somewhere on the way, and times are cut to a millisecond.
		fresh := Anchor{Instant: after, Server: server.Add(trip / 2), Off: trip/2 + time.Millisecond}
		if _, off, sure := k.reckon(after); !sure || fresh.Off <= off {
			k.anchor = fresh
		}
	}
	old, same := after.since(k.saved.Instant)
	if same && old < saveEvery || after.Boot == "" && after.Wall.Sub(k.saved.Wall).Abs() < saveEvery {
		return Anchor{}, false
	}
	k.saved = k.anchor
	return k.anchor, true
}

// Restore begins with the anchor of an earlier run.
func (k *Timekeeper) Restore(a Anchor) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.anchor, k.saved = a, a
	if a.Server.Add(-a.Off).After(k.passed) {
		k.passed = a.Server.Add(-a.Off)
	}
}

// Date writes into an operation what can be said of its age now that it is to be
// sent: by a clock that has run since, by the time of the server where it was
// known then, otherwise by the wall clock, for which nobody vouches.
func (k *Timekeeper) Date(op *Op) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, i := op.Made, k.clock()
	if s.Wall.IsZero() {
		s.Wall = op.At // written by a version that knew of no other clock
	}
	now, nowOff, sure := k.reckon(i)
	age, same := i.since(s.Instant)
	op.At, op.OffMS, op.After = s.Wall.UTC().Truncate(time.Millisecond), 0, time.Time{}
	off := drift(age)
	switch {
	case same && age >= 0:
	case sure && !s.Server.IsZero():
		age, off = now.Sub(s.Server), s.Off+nowOff
	default:
		at := s.Wall
		if !k.anchor.Server.IsZero() {
			at = at.Add(k.anchor.Server.Sub(k.anchor.Wall))
		}
		age, off = now.Sub(at), 0
		if op.After = s.Since; !s.Server.IsZero() {
			op.After = s.Server.Add(-s.Off)
		}
		op.After = op.After.UTC().Truncate(time.Millisecond)
	}
	op.AgeMS = max(age.Milliseconds(), 0)
	if off > 0 {
		op.OffMS = off.Milliseconds() + 1
	}
}
