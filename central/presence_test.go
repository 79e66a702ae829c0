package central_test

import (
	"slices"
	"testing"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

func (s *station) beside(appeal string, doing app.Doing) []app.Companion {
	s.t.Helper()
	return get[wire.PresenceReply](s.office, "POST", wire.PathPresence, s.token, wire.Presence{Appeal: appeal, Doing: doing}).Others
}

func TestWhoElseHasItOpen(t *testing.T) {
	o := newOffice(t)
	one, two := o.station("Оператор 1"), o.station("Оператор 2")
	a, b := one.create(), one.create()
	one.push(a, b)
	is := func(got []app.Companion, want ...app.Companion) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	is(one.beside(a.Ent, app.DoingReads))
	is(two.beside(a.Ent, app.DoingReads), app.Companion{Name: "Оператор 1", Doing: app.DoingReads})
	is(one.beside(a.Ent, app.DoingWrites), app.Companion{Name: "Оператор 2", Doing: app.DoingReads})
	is(two.beside(a.Ent, app.DoingReads), app.Companion{Name: "Оператор 1", Doing: app.DoingWrites})
	is(one.beside(b.Ent, app.DoingReads)) // and away from the first
	is(two.beside(a.Ent, app.DoingReads))
	is(one.beside(a.Ent, app.DoingReads), app.Companion{Name: "Оператор 2", Doing: app.DoingReads})
	is(two.beside("", app.DoingReads))
	is(one.beside(a.Ent, app.DoingReads))
	is(two.beside(a.Ent, app.DoingReads), app.Companion{Name: "Оператор 1", Doing: app.DoingReads})
	o.pass(app.PresenceLife + time.Second)
	is(one.beside(a.Ent, app.DoingReads))
}

func TestPresenceTellsNothingOfWhatIsOutOfScope(t *testing.T) {
	o := newOffice(t)
	all, narrow := o.station("Оператор 1"), o.station("Специалист")
	a := all.create() // г. Чебоксары
	all.push(a)
	if err := o.server.Restrict(narrow.id, []string{"г. Канаш"}); err != nil {
		t.Fatal(err)
	}
	all.beside(a.Ent, app.DoingReads)
	for _, appeal := range []string{a.Ent, app.IDFrom("nothing")} {
		o.problem("POST", wire.PathPresence, narrow.token, wire.Presence{Appeal: appeal, Doing: app.DoingReads}, 404, app.CodeNotFound)
	}
	for _, q := range []wire.Presence{{Appeal: "x", Doing: app.DoingReads}, {Appeal: a.Ent, Doing: "sleeps"}} {
		o.problem("POST", wire.PathPresence, all.token, q, 400, wire.CodeMalformed)
	}
	o.problem("POST", wire.PathPresence, "", wire.Presence{Doing: app.DoingReads}, 401, wire.CodeBadToken)
}
