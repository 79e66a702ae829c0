package postgres_test

import (
	"errors"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/postgrestest"
)

// TestNodesTrimTogether: each step finds out anew what is old, so that several
// servers forget the same changes and nothing beside them.
func TestNodesTrimTogether(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	one := startNode(t, address, "one")
	defer one.stop(t)
	two := startNode(t, address, "two")
	defer two.stop(t)
	const old, all = 2500, 2600
	now := time.Now()
	changes := make([]app.Change, all)
	for i := range changes {
		changes[i] = app.Change{Op: app.IDFrom("op", time.Duration(i).String()), Kind: app.OpEvent, Verdict: app.VerdictRejected, At: now}
		if i < old {
			changes[i].At = now.Add(-91 * 24 * time.Hour)
		}
	}
	if err := central.Seed(t.Context(), one.storage, changes); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 2)
	for _, n := range []*node{one, two} {
		go func() {
			_, err := n.server.Trim(t.Context(), now.Add(-90*24*time.Hour))
			failed <- err
		}()
	}
	if err := errors.Join(<-failed, <-failed); err != nil {
		t.Fatal(err)
	}
	err := two.storage.View(t.Context(), func(r central.Reader) error {
		oldest, err := r.Oldest()
		if err != nil {
			return err
		}
		head, err := r.Head()
		if oldest != old+1 || head != all {
			t.Errorf("the feed goes from %d to %d", oldest, head)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
