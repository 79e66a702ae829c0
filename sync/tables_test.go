package sync_test

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"otklik/app"
	"otklik/store"
	"otklik/sync"
	"otklik/sync/wire"
)

func (s *station) puts(table app.Table) {
	s.t.Helper()
	problems, err := s.SaveTable(table)
	if err != nil || len(problems) > 0 {
		s.t.Fatal(problems, err)
	}
}

// hours are terms of an incident.
func hours(n int) app.Table {
	return app.Table{
		Name: app.TableRules, Columns: []app.Column{"kind", "start", "length", "unit"},
		Rows: [][]string{{"incident", "detected", strconv.Itoa(n), "hours"}},
	}
}

func (s *station) dueIn(id string) int {
	s.t.Helper()
	record, _ := s.Record(id)
	card, err := s.Card(record)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.store.Reckon(context.Background()); err != nil {
		s.t.Fatal(err)
	}
	row, err := s.store.Row(record)
	if err != nil {
		s.t.Fatal(err)
	}
	if row.Due.Unix() != card.Deadline.Due.Unix() {
		s.t.Errorf("due at %v in the list and at %v on the card", row.Due, card.Deadline.Due)
	}
	return int(row.Due.Sub(row.Start).Hours())
}

func TestATableReachesEverybodyAndIsInForce(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Куратор 1"), r.station("Оператор 2")
	id := one.take("Яма на дороге")
	one.once()
	two.once()
	// Off line it is in force here at once.
	one.puts(hours(5))
	if got := one.dueIn(id); got != 5 {
		t.Errorf("at the one who changed it: %d h", got)
	}
	one.once()
	told := false
	defer two.Subscribe(func(c app.Changed) { told = told || c.Tables })()
	two.once()
	if got := two.dueIn(id); got != 5 || !told {
		t.Errorf("at another: %d h, told: %v", got, told)
	}
	if tables, err := two.Tables(); err != nil || len(tables) != 1 || tables[0].By != "Куратор 1" {
		t.Errorf("%+v, %v", tables, err)
	}
	// A new workstation has it from the snapshot.
	three := r.station("Оператор 3")
	if got := three.Region().Rules; len(got) == 1 {
		t.Error("it is in force before it came")
	}
	three.once()
	if got := three.dueIn(id); got != 5 {
		t.Errorf("at a new one: %d h", got)
	}
	// Both change it off line: the last to arrive has it, the other can be read.
	one.puts(hours(7))
	two.puts(hours(9))
	one.once()
	two.once()
	one.once()
	for _, s := range []*station{one, two} {
		if got := s.dueIn(id); got != 9 {
			t.Errorf("%s: %d h", s.Me().Name, got)
		}
		before, err := s.TablesBefore(app.TableRules)
		if err != nil || !slices.ContainsFunc(before, func(t app.Table) bool { return t.Cell(0, "length") == "7" }) {
			t.Errorf("%s: what the other wrote is not kept: %+v, %v", s.Me().Name, before, err)
		}
	}
}

func TestATableOfOneWhoMayNotIsRefusedAndUndone(t *testing.T) {
	r := newRegion(t)
	s := r.station("Оператор 2")
	rules := len(s.Region().Rules)
	op := app.Op{ID: app.IDFrom("table"), Ent: "rules", Kind: app.OpTable, At: s.now(), Schema: app.Schema, Payload: app.Encode(hours(5))}
	code, err := r.server.IssueCode(app.Identity{Name: "Оператор 4", Roles: []app.Role{app.RoleOperator}})
	if err != nil {
		t.Fatal(err)
	}
	device, err := sync.Enrol(context.Background(), r.http.URL, code, "test")
	if err != nil {
		t.Fatal(err)
	}
	s = r.open(filepath.Join(t.TempDir(), "otklik.db"), device)
	if err := s.store.SaveDevice(store.Device{Server: device.Server, ID: device.Device, Inc: 1, Key: device.Key, Identity: device.Identity}); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Perform([]app.Op{op}); err != nil {
		t.Fatal(err)
	}
	if len(s.Region().Rules) != 1 {
		t.Fatal("the test has changed nothing")
	}
	if state := s.once(); state.Refused != 1 || len(s.Region().Rules) != rules {
		t.Errorf("%+v, %d rules", state, len(s.Region().Rules))
	}
}

func TestPresenceOverTheExchange(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Оператор 1"), r.station("Оператор 2")
	id := one.take("Яма на дороге")
	one.once()
	beside := func(s *station, doing app.Doing) []app.Companion {
		t.Helper()
		others, err := s.engine.Beside(context.Background(), id, doing)
		if err != nil {
			t.Fatal(err)
		}
		return others
	}
	beside(one, app.DoingWrites)
	if got := beside(two, app.DoingReads); !slices.Equal(got, []app.Companion{{Name: "Оператор 1", Doing: app.DoingWrites}}) {
		t.Errorf("%+v", got)
	}
	// An older server knows no such path: nobody is there, and nothing fails.
	r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		if req.URL.Path == wire.PathPresence {
			req.URL.Path = "/v1/unheard-of"
		}
		h.ServeHTTP(w, req)
	})
	if got := beside(two, app.DoingReads); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	two.Connect(two.engine)
	if got := two.Beside(context.Background(), id, app.DoingReads); got != nil {
		t.Errorf("off line there is %+v", got)
	}
}
