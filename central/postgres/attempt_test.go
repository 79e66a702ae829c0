package postgres_test

import (
	"errors"
	"testing"

	"otklik/app"
	"otklik/central"
	"otklik/central/postgres"
	"otklik/central/postgrestest"
)

// TestRunsOnWhatHoldsStill: what a transaction has read is what stands when it is
// committed, also where somebody else writes in the middle of it.
func TestRunsOnWhatHoldsStill(t *testing.T) {
	s := open(t, postgrestest.Start(t, "fsync=off").Database(t))
	defer s.Close()
	const id = "page"
	between := func(name string) {
		t.Helper()
		err := s.Update(t.Context(), func(tx central.Tx) error {
			return errors.Join(tx.Append(&app.Change{}, central.Reach{}), tx.PutPage(app.Page{ID: id, Name: name}))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	between("first")
	runs, refused := 0, errors.New("refused")
	rename := func(end error) error {
		runs = 0
		return s.Update(t.Context(), func(tx central.Tx) error {
			p, _, err := tx.Page(id)
			if runs++; runs == 1 {
				between(p.Name + "!")
				if end != nil {
					return end // decided on what was so no more
				}
			}
			c := app.Change{}
			err = errors.Join(err, tx.Append(&c, central.Reach{}))
			p.Name += "?"
			if head, _ := tx.Head(); head != c.Seq {
				t.Errorf("head %d after change %d", head, c.Seq)
			}
			return errors.Join(err, tx.PutPage(p))
		})
	}
	for _, end := range []error{nil, refused} {
		if err := rename(end); err != nil || runs != 2 {
			t.Errorf("%d runs, %v", runs, err)
		}
	}
	if err := s.View(t.Context(), func(r central.Reader) error {
		p, _, err := r.Page(id)
		head, err2 := r.Head()
		if p.Name != "first!?!?" || head != 5 {
			t.Errorf("%q after %d changes", p.Name, head)
		}
		return errors.Join(err, err2)
	}); err != nil {
		t.Fatal(err)
	}
}

// TestFailureCannotBeSwallowed: judging holds one operation back where a record
// cannot be read, and goes on; where it is the database that failed, nothing may
// be answered.
func TestFailureCannotBeSwallowed(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	s := open(t, address)
	defer s.Close()
	db := connect(t, address)
	err := s.Update(t.Context(), func(tx central.Tx) error {
		if _, err := tx.Head(); err != nil {
			return err
		}
		const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()`
		if _, err := db.Exec(t.Context(), cut); err != nil {
			return err
		}
		for _, _, err := tx.Page("any"); err == nil; _, _, err = tx.Page("another") {
			t.Log("the connection still answers")
		}
		return nil
	})
	if err == nil {
		t.Error("a transaction on a broken connection was called durable")
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	for _, bad := range []string{"postgres://%zz", "postgres:///absent?host=/nowhere", address + "&user=nobody"} {
		if s, err := postgres.Open(t.Context(), bad); err == nil {
			t.Errorf("%s opens", bad)
			_ = s.Close()
		}
	}
	s := open(t, address)
	defer s.Close()
	second := open(t, address) // any number at once
	defer second.Close()
	if _, err := connect(t, address).Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (1000, true)`); err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Open(t.Context(), address); app.CodeOf(err) != app.CodeNewerStore {
		t.Errorf("tables of a newer program: %v", err)
	}
}
