package storagetest

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"otklik/app"
	"otklik/central"
)

// crowd is how many write at once.
const crowd = 16

// together runs f in a goroutine for each of the crowd.
func together(f func(w int)) {
	var group sync.WaitGroup
	for w := range crowd {
		group.Go(func() { f(w) })
	}
	group.Wait()
}

// addTo reads an appeal and writes it with one event more, which is told in the
// feed with a number of its own, as judging does it.
func addTo(tx central.Tx, appeal, event string) error {
	a, ok, err := tx.Appeal(appeal)
	if err != nil {
		return err
	}
	if !ok {
		return errors.New("the appeal is gone")
	}
	n, err := tx.Number(2026)
	if err != nil {
		return err
	}
	c := change(0)
	c.Op, c.Ent = event, appeal
	if err := tx.Append(&c, central.Reach{}); err != nil {
		return err
	}
	a.Events = append(a.Events, app.Event{ID: event, Type: app.EventNote, Text: strconv.FormatUint(n+1, 10)})
	a.Registers.Status.Seq = c.Seq
	return errors.Join(tx.PutAppeal(a), tx.PutNumber(2026, n+1),
		tx.PutConflict(app.Conflict{Op: event, Appeal: appeal}))
}

// contended: many read and write one appeal at once, and each builds on what the
// one before has left.
func contended(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	const each = 20
	update(t, s, func(tx central.Tx) error { return tx.PutAppeal(&app.Appeal{ID: id(0)}) })
	together(func(w int) {
		for n := range each {
			err := s.Update(t.Context(), func(tx central.Tx) error { return addTo(tx, id(0), id(1+w*each+n)) })
			if err != nil {
				t.Error(err)
			}
		}
	})
	view(t, s, func(r central.Reader) error {
		a, _, err := r.Appeal(id(0))
		if err != nil {
			return err
		}
		if a.Registers.Status.Seq != crowd*each {
			t.Errorf("the last write is of change %d, not the last one", a.Registers.Status.Seq)
		}
		seen := map[string]bool{}
		for i, e := range a.Events {
			if e.Text != strconv.Itoa(i+1) {
				t.Fatalf("event %d took number %s", i+1, e.Text)
			}
			seen[e.ID] = true
		}
		all, err := r.Conflicts(id(0))
		head, err2 := r.Head()
		if len(seen) != crowd*each || len(all) != crowd*each || head != crowd*each {
			t.Errorf("of %d writes stand %d events, %d conflicts, %d changes", crowd*each, len(seen), len(all), head)
		}
		return errors.Join(err, err2)
	})
}

// crossed: transactions that touch the same appeals in opposite orders all come
// to their end.
func crossed(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	const each, appeals = 5, 6
	update(t, s, func(tx central.Tx) (err error) {
		for n := range appeals {
			err = errors.Join(err, tx.PutAppeal(&app.Appeal{ID: id(n)}))
		}
		return err
	})
	together(func(w int) {
		for n := range each {
			err := s.Update(t.Context(), func(tx central.Tx) error {
				for i := range appeals {
					at := i
					if w%2 == 1 {
						at = appeals - 1 - i
					}
					if err := addTo(tx, id(at), id(appeals+(w*each+n)*appeals+i)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
	view(t, s, func(r central.Reader) error {
		for n := range appeals {
			if a, _, err := r.Appeal(id(n)); err != nil || len(a.Events) != crowd*each {
				t.Errorf("appeal %d has %d events of %d, %v", n, len(a.Events), crowd*each, err)
			}
		}
		return nil
	})
}

// firstOne: of many who find a record missing and make it, one does; the others
// find it there.
func firstOne(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	for round := range 10 {
		var made, found atomic.Int64
		together(func(w int) {
			var was bool
			err := s.Update(t.Context(), func(tx central.Tx) (err error) {
				if _, was, err = tx.Judgement(id(round)); was || err != nil {
					return err
				}
				c := change(w)
				if err := tx.Append(&c, central.Reach{}); err != nil {
					return err
				}
				return tx.PutJudgement(id(round), central.Judgement{Seq: c.Seq, Verdict: app.VerdictApplied})
			})
			switch {
			case err != nil:
				t.Error(err)
			case was:
				found.Add(1)
			default:
				made.Add(1)
			}
		})
		if made.Load() != 1 || found.Load() != crowd-1 {
			t.Errorf("round %d: made %d times, found %d times", round, made.Load(), found.Load())
		}
	}
}
