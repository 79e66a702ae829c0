package central_test

import (
	"path/filepath"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/embedded"
	"otklik/sync/wire"
)

func TestNewEpochGoesOnFromTheHead(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	s.push(s.create(), s.create())
	_, end := s.page("", 10, 0)
	before := get[wire.Meta](o, "GET", wire.PathMeta, "", nil)
	o.server.Stop()
	o.http.Close()
	if err := central.BeginEpoch(t.Context(), o.storage); err != nil {
		t.Fatal(err)
	}
	o.over(o.storage)
	m := get[wire.Meta](o, "GET", wire.PathMeta, "", nil)
	want := wire.Descent{Epoch: before.Epoch, Upto: 2}
	if m.Epoch == before.Epoch || m.Head != 2 || len(m.Lineage) != 1 || m.Lineage[0] != want {
		t.Errorf("%+v after %+v", m, before)
	}
	// Up to the head both are the same history.
	if changes, next := s.page(end.Next, 10, 0); len(changes) != 0 || next.Next == end.Next {
		t.Errorf("%d changes, next %s", len(changes), next.Next)
	}
	if v := s.push(s.create()).Verdicts[0]; v.Verdict != app.VerdictApplied || v.Seq != 3 {
		t.Errorf("%+v", v)
	}
}

func TestFirstEpochDescendsFromNone(t *testing.T) {
	storage, err := embedded.Open(filepath.Join(t.TempDir(), "central.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer storage.Close()
	if err := central.BeginEpoch(t.Context(), storage); err != nil {
		t.Fatal(err)
	}
	err = storage.View(t.Context(), func(tx central.Reader) error {
		l, err := tx.Lineage()
		if len(l) != 1 || l[0].Epoch == "" || l[0].Upto != 0 {
			t.Errorf("%+v", l)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What builds on a record that a restore has lost waits for a month, and no
// longer.
func TestWhatNobodyBringsBackIsRefused(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	s.push(s.create())
	o.server.Stop()
	o.http.Close()
	if err := central.BeginEpoch(t.Context(), o.storage); err != nil {
		t.Fatal(err)
	}
	o.over(o.storage)
	lost := s.event(s.create().Ent, 1, app.Event{Type: app.EventNote, Text: "н"})
	for _, step := range []struct {
		passes time.Duration
		want   app.Verdict
	}{{0, app.VerdictRetry}, {29 * 24 * time.Hour, app.VerdictRetry}, {24 * time.Hour, app.VerdictRejected}} {
		o.pass(step.passes)
		o.server.Stop() // a restart does not begin the month anew
		o.http.Close()
		o.over(o.storage)
		s.authenticate()
		if v := s.push(lost).Verdicts[0]; v.Verdict != step.want || step.want == app.VerdictRejected && v.Reason != app.CodeNotFound {
			t.Errorf("after %s more: %+v", step.passes, v)
		}
	}
}
