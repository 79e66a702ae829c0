package store

import (
	"path/filepath"
	"testing"
	"time"

	"otklik/app"
)

// What is known of the time of an operation, and what the clocks are worth, is
// kept over a restart; an operation of an earlier version knows nothing.
func TestStampAndAnchorAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	now := app.Instant{Wall: time.UnixMilli(1_800_000_000_000), Up: time.Hour, Boot: "one"}
	clock := func() app.Instant { return now }
	known := time.UnixMilli(1_700_000_000_000)
	reopen := func() (*Store, *app.Timekeeper) {
		k := app.NewTimekeeper(clock, known)
		s, err := OpenWith(path, testBox(t), testTerms(t), Options{NoSync: true, Time: k})
		if err != nil {
			t.Fatal(err)
		}
		return s, k
	}
	s, k := reopen()
	one, two := appeal(1), appeal(2)
	do(t, s.Perform([]app.Op{create(one)}))
	heard := now
	now.Up += time.Second
	now.Wall = now.Wall.Add(time.Second)
	anchor, save := k.Heard(known.Add(time.Hour), heard, now)
	if !save {
		t.Fatal("the first answer is not worth keeping")
	}
	do(t, s.SaveAnchor(anchor))
	do(t, s.Perform([]app.Op{create(two)}))
	do(t, s.Close())
	s, k = reopen()
	defer s.Close()
	ops := must[[]app.Op](t)(s.Pending(0, 10, 1<<20, time.Now()))
	if len(ops) != 2 {
		t.Fatalf("%d operations", len(ops))
	}
	if m := ops[0].Made; !m.Wall.Equal(heard.Wall) || m.Up != heard.Up || m.Boot != "one" || !m.Server.IsZero() || !m.Since.Equal(known) {
		t.Errorf("made before the server was heard of: %+v", m)
	}
	if m := ops[1].Made; m.Server.Sub(known.Add(time.Hour)).Abs() > m.Off || m.Off > time.Second {
		t.Errorf("made after it was: %+v", m)
	}
	if got := k.Now().Sub(known.Add(time.Hour)).Abs(); got > time.Second {
		t.Errorf("another run is %s off", got)
	}
	if (stamp{}).open() != (app.Stamp{}) {
		t.Error("an operation of an earlier version has a stamp")
	}
}

// After a restore of the server, what shows until the snapshot is there is of the
// history that is over.
func TestNoFactOfAnEndedHistoryIsNamed(t *testing.T) {
	s := open(t)
	a := appeal(1)
	made := create(a)
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(1, made)}, Next: "E.all.1"}, time.Now()))
	do(t, s.Rewind(1, ""))
	op := event(a, app.Event{Type: app.EventStarted})
	op.Base = 7
	do(t, s.Perform([]app.Op{op}))
	if ops := must[[]app.Op](t)(s.Pending(0, 10, 1<<20, time.Now())); len(ops) != 1 || ops[0].Base != 1 {
		t.Errorf("%+v", ops)
	}
}
