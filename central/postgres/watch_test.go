package postgres_test

import (
	"testing"

	"otklik/app"
	"otklik/central"
	"otklik/central/postgrestest"
)

// TestWatchNeedsNoHint: the head of the feed is the truth, a notification is not.
func TestWatchNeedsNoHint(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	s := open(t, address)
	defer s.Close()
	db := connect(t, address)
	grown, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		s.(central.Shared).Watch(t.Context(), func() { grown <- struct{}{} })
	}()
	<-grown // at once
	grow := func() {
		t.Helper()
		if _, err := db.Exec(t.Context(), `UPDATE feed_head SET seq = seq + 1`); err != nil {
			t.Fatal(err)
		}
	}
	grow()
	<-grown
	const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()`
	if _, err := db.Exec(t.Context(), cut); err != nil {
		t.Fatal(err)
	}
	<-grown // a new connection begins with a look
	grow()
	<-grown
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	<-ended
}

// TestGrowthIsHinted: who listens hears of growth.
func TestGrowthIsHinted(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	s := open(t, address)
	defer s.Close()
	db := connect(t, address)
	if _, err := db.Exec(t.Context(), `LISTEN otklik_feed`); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Update(t.Context(), func(tx central.Tx) error { return tx.Append(&app.Change{}, central.Reach{}) }); err != nil {
			t.Fatal(err)
		}
		if _, err := db.WaitForNotification(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
