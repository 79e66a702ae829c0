package sync_test

import (
	"context"
	"slices"
	"testing"

	"otklik/app"
	"otklik/sync"
)

// TestScopeMovesUnderAStation: an appeal leaves and comes back, words are written
// about it meanwhile, and then the station is given another scope.
func TestScopeMovesUnderAStation(t *testing.T) {
	r := newRegion(t)
	all, here := r.station("Оператор 1"), r.station("Оператор 2")
	told := here.device.Identity
	here.engine = sync.New(sync.Options{Store: here.store, Device: here.device, Now: here.now, Met: func(who app.Identity) { told = who }})
	restrict := func(places ...string) {
		if err := r.server.Restrict(here.device.Device, places); err != nil {
			t.Fatal(err)
		}
	}
	move := func(id, to string) {
		m := app.Amendment{Fields: app.Appeal{Municipality: to}}
		op := app.Op{ID: app.IDFrom(id, to), Ent: id, Kind: app.OpAmend, At: all.now(), Schema: app.Schema, Payload: app.Encode(m)}
		if err := all.store.Perform([]app.Op{op}); err != nil {
			t.Fatal(err)
		}
		all.once()
	}
	restrict("г. Чебоксары")
	id := all.take("Яма на дороге")
	all.once()
	here.once()
	here.act(id, app.Event{Type: app.EventNote, Text: "своё"})
	move(id, "г. Канаш")
	here.act(id, app.Event{Type: app.EventNote, Text: "и ещё"})
	if state := here.once(); state.Pending != 0 || state.Refused != 2 {
		t.Errorf("%+v", state)
	}
	if _, err := here.store.Appeal(id); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("what has left can be read: %v", err)
	}
	move(id, "г. Чебоксары")
	here.once()
	if got := here.appeal(id); string(app.Encode(got)) != string(app.Encode(all.appeal(id))) {
		t.Errorf("it came back as %+v", got)
	}
	restrict("г. Шумерля")
	mine := here.take("Пишу ещё в Чебоксары") // nobody has told the desk
	if state := here.once(); state.Pending != 0 || state.Refused != 3 {
		t.Errorf("%+v", state)
	}
	for _, a := range []string{id, mine} {
		if _, err := here.store.Appeal(a); app.CodeOf(err) != app.CodeNotFound {
			t.Errorf("what is out of the new scope can be read: %v", err)
		}
	}
	if !slices.Equal(told.Municipalities, []string{"г. Шумерля"}) {
		t.Errorf("the person is told of %q", told.Municipalities)
	}
	restrict()
	here.once()
	here.appeal(id)
	if state, err := here.engine.Once(context.Background()); err != nil || state.Cursor != state.Head {
		t.Errorf("%+v, %v", state, err)
	}
}
