package app_test

import (
	"testing"
	"time"

	"otklik/app"
)

// machine is a machine whose clocks are moved by hand.
type machine struct{ app.Instant }

func (m *machine) read() app.Instant { return m.Instant }

func (m *machine) pass(d time.Duration) { m.Wall, m.Up = m.Wall.Add(d), m.Up+d }

func TestTimekeeper(t *testing.T) {
	truth := time.Date(2026, 7, 15, 9, 0, 0, 0, time.UTC)
	const year = 365 * 24 * time.Hour
	m := &machine{app.Instant{Wall: truth.Add(year), Up: time.Hour, Boot: "one"}}
	k := app.NewTimekeeper(m.read, truth.Add(-year))
	hear := func(trip time.Duration) {
		before := m.Instant
		m.pass(trip)
		truth = truth.Add(trip)
		k.Heard(truth.Add(-trip/2), before, m.Instant)
	}
	pass := func(d time.Duration) { m.pass(d); truth = truth.Add(d) }
	date := func(s app.Stamp) app.Op {
		op := app.Op{Made: s}
		k.Date(&op)
		return op
	}
	near := func(what string, got, want, off time.Duration) {
		t.Helper()
		if (got - want).Abs() > off {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}

	// Before the server was heard of, the wall clock is all there is.
	unknown := k.Stamp()
	if !k.Now().Equal(m.Wall) || !unknown.Server.IsZero() || !unknown.Since.Equal(truth.Add(-year)) {
		t.Errorf("now %s, stamp %+v", k.Now(), unknown)
	}
	pass(time.Minute)
	hear(200 * time.Millisecond)
	near("now", k.Now().Sub(truth), 0, 200*time.Millisecond)
	op := date(unknown) // the same boot: its age is known all the same
	near("age", time.Duration(op.AgeMS)*time.Millisecond, time.Minute+200*time.Millisecond, time.Millisecond)
	if op.OffMS == 0 || !op.Made.Server.IsZero() || !op.At.Equal(unknown.Wall) {
		t.Errorf("%+v", op)
	}

	// A slower answer does not replace a better one, unless that has grown old.
	hear(20 * time.Second)
	near("now", k.Now().Sub(truth), 0, 200*time.Millisecond)

	// The wall clock jumps back; nothing is moved by that.
	m.Wall = m.Wall.Add(-2 * year)
	near("now", k.Now().Sub(truth), 0, 200*time.Millisecond)
	known := k.Stamp()
	pass(48 * time.Hour)

	// The machine starts anew with its clock set an hour ahead.
	m.Boot, m.Up = "two", 0
	m.Wall = m.Wall.Add(time.Hour)
	offline := k.Stamp()
	if !offline.Server.IsZero() || offline.Since.After(truth) {
		t.Errorf("%+v at %s", offline, truth)
	}
	pass(time.Hour)
	m.Boot, m.Up = "three", 0
	pass(time.Hour)
	hear(100 * time.Millisecond)
	if op := date(known); op.OffMS == 0 {
		t.Errorf("the time was known: %+v", op)
	} else {
		near("age over a restart", time.Duration(op.AgeMS)*time.Millisecond, 50*time.Hour, time.Duration(op.OffMS)*time.Millisecond)
	}
	op = date(offline) // of a boot that never met the server
	if op.OffMS != 0 || op.After.IsZero() || op.After.After(truth.Add(-2*time.Hour)) {
		t.Errorf("nobody vouches for the wall clock: %+v", op)
	}
	near("age by the wall clock", time.Duration(op.AgeMS)*time.Millisecond, 2*time.Hour, time.Second)
	if passed := k.Passed(); passed.After(truth) || truth.Sub(passed) > time.Second {
		t.Errorf("%s has passed at %s", passed, truth)
	}
}
