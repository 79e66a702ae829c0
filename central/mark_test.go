package central_test

import (
	"testing"
	"time"

	"otklik/app"
)

// TestMarksBotherNobody: stations that see the same make the same mark, each at its
// own moment, and the server never refuses one.
func TestMarksBotherNobody(t *testing.T) {
	o := newOffice(t)
	a, b := o.station("Оператор 1"), o.station("Оператор 2")
	create := a.create()
	a.push(create)
	id := app.IDFrom("escalated", create.Ent, "0", "50")
	marked := func(s *station, at time.Time) app.Verdict {
		s.n++ // its number; the ID is derived
		e := app.Event{ID: id, Type: app.EventEscalated, Percent: 50, At: at}
		return s.push(s.op(app.OpEvent, id, create.Ent, 0, e)).Verdicts[0].Verdict
	}
	if v := marked(a, o.clock()); v != app.VerdictApplied {
		t.Fatal(v)
	}
	if v := marked(b, o.clock().Add(time.Minute)); v != app.VerdictDuplicate {
		t.Errorf("the mark of another station is %s", v)
	}
	now := a.appeal(create.Ent)
	if e, _ := now.Last(app.EventEscalated); e.By != "" || now.Marked() != 50 || now.Status != app.StatusNew {
		t.Errorf("marked %d, by %q, %s", now.Marked(), e.By, now.Status)
	}
	far := o.station("Оператор 3").within("г. Алатырь")
	out := far.id26()
	v := far.push(far.op(app.OpEvent, out, create.Ent, 0, app.Event{ID: out, Type: app.EventEscalated, Percent: 80})).Verdicts[0]
	if v.Verdict != app.VerdictSuperseded {
		t.Errorf("a mark out of scope: %+v", v)
	}
	if v := marked(far, o.clock()); v != app.VerdictDuplicate {
		t.Errorf("the same mark out of scope is %s", v)
	}
	if n := len(a.appeal(create.Ent).Events); n != len(now.Events) {
		t.Errorf("%d events, there were %d", n, len(now.Events))
	}
}

// TestPlacedMovesBetweenScopes: an event that sets the municipality takes the appeal
// from one scope into another, with all there is of it.
func TestPlacedMovesBetweenScopes(t *testing.T) {
	o := newOffice(t)
	a := o.station("Оператор 1")
	near := o.station("Оператор 2").within("г. Канаш")
	create := a.create()
	a.push(create)
	if n := len(near.pull()); n != 0 {
		t.Fatalf("%d changes of another municipality", n)
	}
	a.does(create.Ent, placed)
	changes := near.pull()
	if len(changes) != 1 || changes[0].Kind != app.ChangeEntered {
		t.Fatalf("%+v", changes)
	}
	entered, err := app.Decode[app.Entered](changes[0].Body)
	if err != nil || entered.Appeal.Municipality != "г. Канаш" || entered.Appeal.Registers.Place.Seq != changes[0].Seq {
		t.Errorf("%v, %+v", err, entered.Appeal)
	}
}
