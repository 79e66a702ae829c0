package ui

import (
	"context"
	"errors"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
)

// liveFixture is a Live whose UI goroutine is the test's.
func liveFixture(t *testing.T) (*Live, chan func(), *[]error) {
	t.Helper()
	region, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	desk := app.NewDesk(app.Outside{Store: newFakeStore(terms), Region: region, Terms: terms, Now: func() time.Time { return noon }})
	queue := make(chan func(), 64)
	var failed []error
	l := newLive(desk, func(f func()) { queue <- f }, func(err error) { failed = append(failed, err) })
	t.Cleanup(l.Close)
	return l, queue, &failed
}

func TestNewerLoadWins(t *testing.T) {
	l, queue, _ := liveFixture(t)
	var slot Slot
	var got []string
	started, release := make(chan bool), make(chan bool)
	l.Load(&slot, func(context.Context) (func(), error) {
		started <- true
		<-release
		return func() { got = append(got, "old") }, nil
	})
	<-started
	l.Load(&slot, func(context.Context) (func(), error) { return func() { got = append(got, "new") }, nil })
	(<-queue)()
	release <- true
	(<-queue)()
	if len(got) != 1 || got[0] != "new" {
		t.Errorf("applied %v", got)
	}
}

func TestActionsKeepTheirOrder(t *testing.T) {
	l, queue, failed := liveFixture(t)
	var order []int
	for i := range 20 {
		l.Do(func() error { order = append(order, i); return nil }, nil)
	}
	l.Do(func() error { return errors.New("no") }, func() { t.Error("done was called after an error") })
	for range 21 {
		(<-queue)()
	}
	for i, n := range order {
		if i != n {
			t.Fatalf("order %v", order)
		}
	}
	if len(*failed) != 1 {
		t.Errorf("errors told: %v", *failed)
	}
}

func TestCloseCarriesOutActionsAndEndsLoads(t *testing.T) {
	l, _, _ := liveFixture(t)
	saved := false
	ended := false
	var slot Slot
	running := make(chan bool)
	l.Load(&slot, func(ctx context.Context) (func(), error) {
		close(running)
		<-ctx.Done()
		ended = true
		return nil, ctx.Err()
	})
	<-running
	l.Do(func() error { saved = true; return nil }, nil)
	l.Close()
	if !saved || !ended {
		t.Errorf("saved %v, ended %v", saved, ended)
	}
	l.Load(&slot, func(context.Context) (func(), error) { t.Error("loaded after closing"); return nil, nil })
}

func TestSignalsAreGathered(t *testing.T) {
	l, queue, _ := liveFixture(t)
	var fire []func()
	l.after = func(_ time.Duration, f func()) func() {
		fire = append(fire, f)
		return func() {}
	}
	var got []app.Changed
	l.Watch(func(c app.Changed) { got = append(got, c) })
	for range 50 {
		l.desk.Tell(app.Changed{Appeals: true})
	}
	l.desk.Tell(app.Changed{Outbox: true})
	if len(fire) != 1 {
		t.Fatalf("%d timers for one gathering", len(fire))
	}
	fire[0]()
	(<-queue)()
	if len(got) != 1 || !got[0].Appeals || !got[0].Outbox {
		t.Errorf("told %v", got)
	}
}
