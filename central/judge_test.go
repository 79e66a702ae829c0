package central_test

import (
	"testing"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

var (
	routed   = app.Event{Type: app.EventRouted, Target: "Минтранс Чувашии"}
	started  = app.Event{Type: app.EventStarted}
	answered = app.Event{Type: app.EventAnswered, Text: "Отремонтировано.", ByHand: true}
	closed   = app.Event{Type: app.EventClosed, Outcome: app.OutcomeSolved}
	placed   = app.Event{Type: app.EventPlaced, Target: "г. Канаш"}
	merged   = app.Event{Type: app.EventMerged, Target: "01ARZ3NDEKTSV4RRFFQ69G5FAV"}
)

func mark(percent int) app.Event { return app.Event{Type: app.EventEscalated, Percent: percent} }

// TestCollisions: the first workstation moves the appeal on, the second acts on
// what it saw before.
func TestCollisions(t *testing.T) {
	cases := map[string]struct {
		first  []app.Event
		second app.Event
		want   app.Verdict
		reason app.Code
	}{
		"started while started":       {[]app.Event{routed, started}, started, app.VerdictSuperseded, ""},
		"started while answered":      {[]app.Event{routed, started, answered}, started, app.VerdictSuperseded, ""},
		"started while closed":        {[]app.Event{routed, started, answered, closed}, started, app.VerdictSuperseded, ""},
		"closed while closed":         {[]app.Event{routed, started, answered, closed}, closed, app.VerdictSuperseded, ""},
		"same answer":                 {[]app.Event{routed, started, answered}, answered, app.VerdictSuperseded, ""},
		"another answer":              {[]app.Event{routed, started, answered}, app.Event{Type: app.EventAnswered, Text: "Иначе.", ByHand: true}, app.VerdictConflict, ""},
		"answer while closed":         {[]app.Event{routed, started, answered, closed}, app.Event{Type: app.EventAnswered, Text: "Иначе.", ByHand: true}, app.VerdictConflict, ""},
		"routed to the same":          {[]app.Event{routed}, routed, app.VerdictSuperseded, ""},
		"routed elsewhere":            {[]app.Event{routed}, app.Event{Type: app.EventRouted, Target: "Минстрой Чувашии"}, app.VerdictConflict, ""},
		"rejected while routed":       {[]app.Event{routed}, app.Event{Type: app.EventRejected, Text: "Реклама"}, app.VerdictConflict, ""},
		"assigned to the same":        {[]app.Event{{Type: app.EventAssigned, Target: "Оператор 3"}}, app.Event{Type: app.EventAssigned, Target: "Оператор 3"}, app.VerdictSuperseded, ""},
		"assigned to another":         {[]app.Event{{Type: app.EventAssigned, Target: "Оператор 3"}}, app.Event{Type: app.EventAssigned, Target: "Оператор 4"}, app.VerdictConflict, ""},
		"same topic":                  {[]app.Event{{Type: app.EventClassified, Group: "ЖКХ", Target: "Лифты"}}, app.Event{Type: app.EventClassified, Group: "ЖКХ", Target: "Лифты"}, app.VerdictSuperseded, ""},
		"another topic":               {[]app.Event{{Type: app.EventClassified, Group: "ЖКХ", Target: "Лифты"}}, app.Event{Type: app.EventClassified, Group: "Дороги"}, app.VerdictConflict, ""},
		"same municipality":           {[]app.Event{placed}, placed, app.VerdictSuperseded, ""},
		"another municipality":        {[]app.Event{placed}, app.Event{Type: app.EventPlaced, Target: "г. Алатырь"}, app.VerdictConflict, ""},
		"municipality beside topic":   {[]app.Event{{Type: app.EventClassified, Group: "ЖКХ"}}, placed, app.VerdictApplied, ""},
		"same severity":               {[]app.Event{{Type: app.EventGraded, Severity: 3}}, app.Event{Type: app.EventGraded, Severity: 3}, app.VerdictSuperseded, ""},
		"another severity":            {[]app.Event{{Type: app.EventGraded, Severity: 3}}, app.Event{Type: app.EventGraded, Severity: 1}, app.VerdictConflict, ""},
		"a severity nobody knows":     {nil, app.Event{Type: app.EventGraded, Severity: 9}, app.VerdictRejected, wire.CodeMalformed},
		"unmerged while unmerged":     {[]app.Event{routed, merged, {Type: app.EventUnmerged}}, app.Event{Type: app.EventUnmerged}, app.VerdictSuperseded, ""},
		"marked while marked":         {[]app.Event{mark(50)}, mark(50), app.VerdictSuperseded, ""},
		"marked with less":            {[]app.Event{mark(80)}, mark(50), app.VerdictSuperseded, ""},
		"marked while closed":         {[]app.Event{routed, started, answered, closed}, mark(100), app.VerdictSuperseded, ""},
		"marked with any percent":     {nil, mark(70), app.VerdictRejected, app.CodeNeedsField},
		"no written appeal":           {nil, app.Event{Type: app.EventRegistered}, app.VerdictRejected, app.CodeNotAllowed},
		"another register":            {[]app.Event{routed, started}, app.Event{Type: app.EventAssigned, Target: "Оператор 4"}, app.VerdictApplied, ""},
		"a note never conflicts":      {[]app.Event{routed, started, answered, closed}, app.Event{Type: app.EventNote, Text: "Звонок"}, app.VerdictApplied, ""},
		"not by the table":            {nil, closed, app.VerdictRejected, app.CodeNotAllowed},
		"no text":                     {nil, app.Event{Type: app.EventNote}, app.VerdictRejected, app.CodeEmptyText},
		"a field is missing":          {nil, app.Event{Type: app.EventRouted}, app.VerdictRejected, app.CodeNeedsField},
		"a type nobody knows":         {nil, app.Event{Type: "vanished"}, app.VerdictRejected, wire.CodeMalformed},
		"history cannot be rewritten": {nil, app.Event{Type: app.EventPublished}, app.VerdictRejected, app.CodeNotAllowed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			a, b := o.station("Оператор 1"), o.station("Оператор 2")
			create := a.create()
			a.push(create)
			o.pass(time.Minute)
			a.does(create.Ent, c.first...)
			before := a.appeal(create.Ent)
			o.pass(time.Minute)
			got := b.push(b.event(create.Ent, 1, c.second)).Verdicts[0]
			if got.Verdict != c.want || got.Reason != c.reason || got.Seq == 0 {
				t.Fatalf("got %+v, want %s %s", got, c.want, c.reason)
			}
			all := b.pull()
			last := all[len(all)-1]
			if last.Seq != got.Seq || last.Verdict != c.want || last.Dev != b.id {
				t.Errorf("the feed says %+v", last)
			}
			if now := a.appeal(create.Ent); c.want != app.VerdictApplied && string(app.Encode(now)) != string(app.Encode(before)) {
				t.Error("a verdict that is not «applied» changed the appeal")
			}
			checkBody(t, last, c.second, before)
		})
	}
}

func checkBody(t *testing.T, c app.Change, mine app.Event, before app.Appeal) {
	t.Helper()
	switch c.Verdict {
	case app.VerdictSuperseded, app.VerdictRejected:
		if c.Body != nil {
			t.Errorf("body %s", c.Body)
		}
	case app.VerdictConflict:
		k, err := app.Decode[app.Conflict](c.Body)
		if err != nil || k.Op != c.Op || k.Appeal != c.Ent || k.By != "Оператор 2" || k.Mine.Text != mine.Text ||
			k.Mine.Target != mine.Target || k.Status != before.Status || k.Winner.ID == "" || k.Winner.By != "Оператор 1" {
			t.Errorf("conflict %+v, %v", k, err)
		}
	case app.VerdictApplied:
		e, err := app.Decode[app.Event](c.Body)
		if err != nil || e.By != "Оператор 2" || !before.Clone().HasEvent(e.ID) && e.ID != c.Op {
			t.Errorf("event %+v, %v", e, err)
		}
	}
}

func TestRolesAreThoseOfTheDevice(t *testing.T) {
	o := newOffice(t)
	a, weak := o.station("Оператор 1"), o.station("Исполнитель", app.RoleExecutor)
	create := a.create()
	a.push(create)
	if v := weak.push(weak.event(create.Ent, 1, routed)).Verdicts[0]; v.Reason != app.CodeWrongRole {
		t.Errorf("%+v", v)
	}
}

func TestNumbersAuthorsAndClocks(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	one, two := s.create(), s.create()
	s.push(one, two)
	a := s.appeal(one.Ent)
	if b := s.appeal(two.Ent); a.Number != "2026-000001" || b.Number != "2026-000002" {
		t.Errorf("numbers %q and %q", a.Number, b.Number)
	}
	if a.Registers != (app.Registers{}) {
		t.Errorf("registers %+v", a.Registers)
	}
	o.pass(time.Hour)
	s.authenticate()
	forged := routed
	forged.By, forged.At = "Министр", noon.Add(-72*time.Hour)
	future := s.event(one.Ent, 1, forged)
	future.At = o.clock().Add(100 * 24 * time.Hour)
	aged := s.event(one.Ent, 1, started)
	aged.At, aged.AgeMS = noon.Add(-400*24*time.Hour), 60_000
	strange := s.event(two.Ent, 1, app.Event{Type: app.EventNote, Text: "н"})
	strange.At, strange.AgeMS = time.Time{}, -1<<62
	reply := s.push(future, aged, strange)
	e := s.appeal(one.Ent).Events
	if len(e) != 3 || e[1].By != "Оператор 1" || !e[1].At.Equal(o.clock()) {
		t.Fatalf("%+v %+v", reply.Verdicts, e)
	}
	// By its age it came before the routing it follows; history keeps the order.
	if !e[2].At.Equal(o.clock()) || e[2].Type != app.EventStarted {
		t.Errorf("started at %v", e[2].At)
	}
	if n := s.appeal(two.Ent).Events; len(n) != 2 || !n[1].At.Equal(o.clock()) {
		t.Errorf("%+v", n)
	}
	last := s.pull()
	if r := s.appeal(one.Ent).Registers.Status; r.Seq != last[len(last)-2].Seq || r.Dev != s.id {
		t.Errorf("register %+v", r)
	}
}

func TestIdempotent(t *testing.T) {
	o := newOffice(t)
	s, other := o.station("Оператор 1"), o.station("Оператор 2")
	create := s.create()
	first := s.push(create).Verdicts[0]
	note := s.event(create.Ent, 0, app.Event{Type: app.EventNote})
	rejected := s.push(note).Verdicts[0]
	again := s.push(create, note).Verdicts
	if again[0].Verdict != app.VerdictDuplicate || again[0].Seq != first.Seq {
		t.Errorf("%+v after %+v", again[0], first)
	}
	if again[1].Verdict != app.VerdictDuplicate || again[1].Seq != rejected.Seq || again[1].Reason != app.CodeEmptyText {
		t.Errorf("%+v after %+v", again[1], rejected)
	}
	reused := s.op(app.OpEvent, note.ID, create.Ent, 0, app.Event{ID: note.ID, Type: app.EventNote, Text: "другое"})
	if v := s.push(reused).Verdicts[0]; v.Verdict != app.VerdictRejected || v.Reason != wire.CodeIDReused || v.Seq != 0 {
		t.Errorf("%+v", v)
	}
	// Another station read the same appeal from its source a day later.
	a, _ := app.Decode[app.Appeal](create.Payload)
	a.Text = "Яма на дороге, дополнено"
	if v := other.push(other.op(app.OpCreate, create.ID, create.Ent, 0, a)).Verdicts[0]; v.Verdict != app.VerdictDuplicate || v.Seq != first.Seq {
		t.Errorf("%+v", v)
	}
	if v := other.push(other.op(app.OpCreate, other.id26(), create.Ent, 0, a)).Verdicts[0]; v.Verdict != app.VerdictSuperseded {
		t.Errorf("%+v", v)
	}
	a.Source = app.SourceMAX
	if v := other.push(other.op(app.OpCreate, other.id26(), create.Ent, 0, a)).Verdicts[0]; v.Verdict != app.VerdictRejected {
		t.Errorf("%+v", v)
	}
	if n := len(s.pull()); n != 4 {
		t.Errorf("%d entries in the feed, want 4", n)
	}
}

func TestConflictIsSettled(t *testing.T) {
	for _, choice := range []app.Choice{app.ChoiceSend, app.ChoiceNote, app.ChoiceDrop} {
		t.Run(string(choice), func(t *testing.T) {
			o := newOffice(t)
			a, b := o.station("Оператор 1"), o.station("Оператор 2")
			create := a.create()
			a.push(create)
			a.does(create.Ent, routed, started, answered)
			mine := b.event(create.Ent, 1, app.Event{Type: app.EventAnswered, Text: "Мой ответ", ByHand: true})
			if v := b.push(mine).Verdicts[0]; v.Verdict != app.VerdictConflict {
				t.Fatalf("%+v", v)
			}
			if v := a.push(a.event(create.Ent, 1<<40, closed)).Verdicts[0]; v.Reason != app.CodeConflictOpen {
				t.Errorf("closed over an open conflict: %+v", v)
			}
			id := b.id26()
			resolve := b.op(app.OpResolve, id, create.Ent, 0, app.Resolution{
				Conflict: mine.ID, Choice: choice, Event: app.Event{ID: id, Type: app.EventAnswered, Text: "Мой ответ"},
			})
			if v := b.push(resolve).Verdicts[0]; v.Verdict != app.VerdictApplied {
				t.Fatalf("%+v", v)
			}
			id2 := a.id26()
			late := a.op(app.OpResolve, id2, create.Ent, 0, app.Resolution{Conflict: mine.ID, Choice: app.ChoiceDrop, Event: app.Event{ID: id2}})
			if v := a.push(late).Verdicts[0]; v.Verdict != app.VerdictSuperseded {
				t.Errorf("%+v", v)
			}
			got := a.appeal(create.Ent)
			note, has := got.Last(app.EventNote)
			if has != (choice != app.ChoiceDrop) || has && (note.Text != "Мой ответ" || note.By != "Оператор 2") {
				t.Errorf("note %+v, %v", note, has)
			}
			if got.Status != app.StatusAnswered {
				t.Errorf("status %s", got.Status)
			}
			a.does(create.Ent, closed)
		})
	}
}

func TestOtherKinds(t *testing.T) {
	s := newOffice(t).station("Оператор 1")
	create := s.create()
	page := app.Page{ID: s.id26(), Network: app.SourceVK, Name: "Школа № 1"}
	day := app.DayOf(noon)
	counts := func(m map[string]uint32) app.Op {
		return s.op(app.OpCount, s.id26(), day.String(), 0, app.Counters{Day: day, Counts: m})
	}
	other := s.id26()
	amend := s.op(app.OpAmend, s.id26(), create.Ent, 0, app.Amendment{
		Fields: app.Appeal{Place: "ул. Гагарина, 15", Status: app.StatusInProgress},
		Events: []app.Event{{ID: s.id26(), Type: app.EventStarted, At: noon}},
	})
	for i, v := range s.push(create, amend, s.op(app.OpPage, s.id26(), page.ID, 0, page),
		counts(map[string]uint32{page.ID: 10, other: 5}), counts(map[string]uint32{page.ID: 11})).Verdicts {
		if v.Verdict != app.VerdictApplied || v.Seq != uint64(i+1) {
			t.Errorf("%d: %+v", i, v)
		}
	}
	if a := s.appeal(create.Ent); a.Place == "" || a.Status != app.StatusInProgress || a.Number == "" || len(a.Events) != 2 {
		t.Errorf("%+v", a)
	}
	err := s.storage.View(t.Context(), func(r reader) error {
		c, _, err := r.Counters(day)
		if c.Counts[page.ID] != 11 || c.Counts[other] != 5 {
			t.Errorf("counters %v", c)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
