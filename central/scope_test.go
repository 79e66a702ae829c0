package central_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

const (
	cheboksary = "г. Чебоксары" // where station.create makes appeals
	kanash     = "г. Канаш"
)

// within gives the device another scope.
func (s *station) within(municipalities ...string) *station {
	s.t.Helper()
	if err := s.server.Restrict(s.id, municipalities); err != nil {
		s.t.Fatal(err)
	}
	return s
}

// moved makes the operation that takes an appeal to another municipality.
func (s *station) moved(ent, to string) app.Op {
	return s.op(app.OpAmend, s.id26(), ent, 0, app.Amendment{Fields: app.Appeal{Municipality: to}})
}

func (s *station) judge(op app.Op, want app.Verdict, reason app.Code) {
	s.t.Helper()
	v := s.push(op).Verdicts[0]
	if v.Verdict != want || v.Reason != reason {
		s.t.Errorf("%s %s: %+v, want %s %s", op.Kind, op.ID, v, want, reason)
	}
}

func kinds(changes []app.Change) (out []app.OpKind) {
	for _, c := range changes {
		out = append(out, c.Kind)
	}
	return out
}

func TestPullIsWithinTheScope(t *testing.T) {
	o := newOffice(t)
	all, here, there := o.station("Оператор 1"), o.station("Оператор 2").within(kanash), o.station("Оператор 3").within(cheboksary)
	first := all.create()
	page := app.Page{ID: all.id26(), Network: app.SourceVK, Name: "Школа № 1", Municipality: cheboksary}
	all.push(first, all.op(app.OpPage, all.id26(), page.ID, 0, page))
	all.does(first.Ent, app.Event{Type: app.EventNote, Text: "секрет Чебоксар"})
	// A refusal is its author's alone, also where the author sees the appeal.
	all.judge(all.event(first.Ent, 1<<40, app.Event{Type: app.EventUnmerged}), app.VerdictRejected, app.CodeNotAllowed)

	changes, end := here.page("", 100, 0)
	if want := []app.OpKind{app.OpPage}; !slices.Equal(kinds(changes), want) {
		t.Errorf("here come %v, want %v", kinds(changes), want)
	}
	if _, same := here.page(end.Next, 100, 0); same.Next != end.Next || end.Head != 4 {
		t.Errorf("the end is %+v and then %+v", end, same)
	}
	changes, _ = there.page("", 100, 0)
	if want := []app.OpKind{app.OpCreate, app.OpPage, app.OpEvent}; !slices.Equal(kinds(changes), want) {
		t.Errorf("there come %v, want %v", kinds(changes), want)
	}
	if got := len(all.pull()); got != 4 {
		t.Errorf("of the whole region come %d", got)
	}
	// A page on which nothing is for the device leads on all the same.
	narrow, lead := here.page("", 1, 0)
	if _, after := here.page(lead.Next, 100, 0); len(narrow) != 1 || after.Next != end.Next {
		t.Errorf("%v leads to %s and that to %s, want %s", narrow, lead.Next, after.Next, end.Next)
	}
	o.problem("GET", wire.PathAppeals+first.Ent, here.token, nil, 404, app.CodeNotFound)
	there.appeal(first.Ent)
}

func TestAppealsEnterAndLeave(t *testing.T) {
	o := newOffice(t)
	all, here, there := o.station("Оператор 1"), o.station("Оператор 2").within(kanash), o.station("Оператор 3").within(cheboksary)
	a := all.create()
	all.push(a)
	all.does(a.Ent, app.Event{Type: app.EventStarted}, app.Event{Type: app.EventNote, Text: "было в Чебоксарах"})
	// A conflict goes with its appeal.
	late := there.event(a.Ent, 1, app.Event{Type: app.EventRejected, Text: "не к нам"})
	there.judge(late, app.VerdictConflict, "")
	_, hereNow := here.page("", 100, 0)
	_, thereNow := there.page("", 100, 0)

	move := there.moved(a.Ent, kanash)
	reply := there.push(move, there.event(a.Ent, 1<<40, app.Event{Type: app.EventNote, Text: "вдогонку"}))
	if v := reply.Verdicts; v[0].Verdict != app.VerdictApplied || v[1].Verdict != app.VerdictRejected || v[1].Reason != app.CodeOutOfScope {
		t.Fatalf("%+v", v)
	}
	all.does(a.Ent, app.Event{Type: app.EventNote, Text: "секрет Канаша"})
	moment := all.appeal(a.Ent)

	changes, thereNext := there.page(thereNow.Next, 100, 0)
	if want := []app.OpKind{app.ChangeGone, app.OpEvent}; !slices.Equal(kinds(changes), want) {
		t.Fatalf("the mover receives %v, want %v", kinds(changes), want)
	}
	if c := changes[0]; c.Op != move.ID || c.Verdict != app.VerdictApplied || c.Ent != a.Ent || c.Body != nil || c.Dev != there.id {
		t.Errorf("the mover's own verdict is %+v", c)
	}
	changes, hereNext := here.page(hereNow.Next, 100, 0)
	if want := []app.OpKind{app.ChangeEntered, app.OpEvent}; !slices.Equal(kinds(changes), want) {
		t.Fatalf("where it goes come %v, want %v", kinds(changes), want)
	}
	whole, err := app.Decode[app.Entered](changes[0].Body)
	if err != nil || len(whole.Conflicts) != 1 || whole.Conflicts[0].Op != late.ID || whole.Appeal.Municipality != kanash ||
		len(whole.Appeal.Events) != len(moment.Events)-1 || whole.Appeal.Registers != moment.Registers {
		t.Errorf("%+v, %v", whole, err)
	}
	// Somebody else of there learns that it is gone, and nothing more.
	other := o.station("Оператор 4").within(cheboksary)
	status, raw := other.send("GET", wire.PathChanges+"?after="+url.QueryEscape(thereNow.Next), other.token, nil)
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	if want := fmt.Sprintf(`{"seq":5,"kind":"appeal.gone","ent":%q}`, a.Ent); status != 200 || string(line) != want {
		t.Errorf("%d %s, want %s", status, line, want)
	}

	// And back. Who sees both municipalities receives the plain change.
	both := o.station("Оператор 5").within(kanash, cheboksary)
	_, bothNow := both.page("", 100, 0)
	here.judge(here.moved(a.Ent, cheboksary), app.VerdictApplied, "")
	changes, _ = there.page(thereNext.Next, 100, 0)
	if want := []app.OpKind{app.ChangeEntered}; !slices.Equal(kinds(changes), want) {
		t.Errorf("back come %v", kinds(changes))
	}
	changes, _ = here.page(hereNext.Next, 100, 0)
	if want := []app.OpKind{app.ChangeGone}; !slices.Equal(kinds(changes), want) {
		t.Errorf("from here goes %v", kinds(changes))
	}
	changes, _ = both.page(bothNow.Next, 100, 0)
	if want := []app.OpKind{app.OpAmend}; !slices.Equal(kinds(changes), want) {
		t.Errorf("to both come %v", kinds(changes))
	}
}

// TestPushIsWithinTheScope: what is out of scope is answered as what is not
// there, whatever is asked of it.
func TestPushIsWithinTheScope(t *testing.T) {
	for _, restored := range []bool{false, true} {
		t.Run(fmt.Sprintf("restored %v", restored), func(t *testing.T) {
			o := newOffice(t)
			if restored {
				o.restore()
			}
			all, here := o.station("Оператор 1"), o.station("Оператор 2").within(kanash)
			hidden, lost := all.create(), all.create()
			all.push(hidden)
			all.does(hidden.Ent, app.Event{Type: app.EventStarted})
			note := all.event(hidden.Ent, 1<<40, app.Event{Type: app.EventNote, Text: "секрет"})
			all.push(note)
			before := len(all.pull())
			ask := map[string]func(ent string) app.Op{
				"event":  func(ent string) app.Op { return here.event(ent, 1<<40, app.Event{Type: app.EventNote, Text: "?"}) },
				"stale":  func(ent string) app.Op { return here.event(ent, 1, app.Event{Type: app.EventRejected, Text: "?"}) },
				"closed": func(ent string) app.Op { return here.event(ent, 1, app.Event{Type: app.EventClosed}) },
				"amend":  func(ent string) app.Op { return here.moved(ent, kanash) },
				"resolve": func(ent string) app.Op {
					id := here.id26()
					r := app.Resolution{Conflict: note.ID, Choice: app.ChoiceDrop, Event: app.Event{ID: id, Type: app.EventNote, Text: "?"}}
					return here.op(app.OpResolve, id, ent, 0, r)
				},
			}
			stored := 0
			for what, make := range ask {
				for _, gone := range []bool{false, true} {
					var answers []wire.Judged
					for _, ent := range []string{hidden.Ent, lost.Ent} {
						op := make(ent)
						op.Gone = gone
						v := here.push(op).Verdicts[0]
						v.ID = ""
						if v.Seq > 0 {
							v.Seq, stored = 1, stored+1
						}
						answers = append(answers, v)
					}
					want := wire.Judged{Verdict: app.VerdictRejected, Reason: app.CodeOutOfScope, Seq: 1}
					if restored && !gone {
						want = wire.Judged{Verdict: app.VerdictRetry, AfterMS: time.Minute.Milliseconds()}
					}
					if answers[0] != answers[1] || answers[0] != want {
						t.Errorf("%s, told %v: of what is hidden %+v, of what is not there %+v, want %+v", what, gone, answers[0], answers[1], want)
					}
				}
			}
			// Other people's operations again, and an appeal of elsewhere.
			again := note
			again.N = 1000
			if v := here.push(again).Verdicts[0]; v != (wire.Judged{ID: note.ID, Verdict: app.VerdictRejected, Reason: app.CodeOutOfScope}) {
				t.Errorf("another's operation: %+v", v)
			}
			theirs := here.create()
			here.judge(theirs, app.VerdictRejected, app.CodeOutOfScope)
			here.judge(theirs, app.VerdictRejected, app.CodeOutOfScope)
			mine := here.create()
			a, _ := app.Decode[app.Appeal](mine.Payload)
			a.Municipality = kanash
			mine.Payload = app.Encode(a)
			here.judge(mine, app.VerdictApplied, "")
			a.ID = hidden.Ent
			take := here.op(app.OpCreate, here.id26(), hidden.Ent, 0, a)
			here.judge(take, app.VerdictRejected, app.CodeOutOfScope)

			got := all.pull()
			if len(got) != before+stored+1 {
				t.Errorf("%d changes, want %d", len(got), before+stored+1)
			}
			if after := all.appeal(hidden.Ent); len(after.Events) != 3 || after.Municipality != cheboksary {
				t.Errorf("%+v", after)
			}
			for _, c := range here.pull() {
				if c.Dev != here.id {
					t.Errorf("here came %+v", c)
				}
			}
		})
	}
}

// restore begins another epoch, as one does after the data was taken back.
func (o *office) restore() {
	o.t.Helper()
	o.stop()
	o.start()
	o.server.Stop()
	o.http.Close()
	if err := central.BeginEpoch(o.t.Context(), o.storage); err != nil {
		o.t.Fatal(err)
	}
	o.over(o.storage)
}

func TestRolesMayAskForWhatIsTheirs(t *testing.T) {
	o := newOffice(t)
	operator, manager := o.station("Оператор 1", app.RoleOperator), o.station("Руководитель", app.RoleManager)
	a := operator.create()
	operator.judge(a, app.VerdictApplied, "")
	row := manager.create() // of a spreadsheet, which has the same ID at every station
	manager.judge(row, app.VerdictRejected, app.CodeWrongRole)
	row.N = 500
	operator.judge(row, app.VerdictApplied, "")
	manager.judge(manager.moved(a.Ent, kanash), app.VerdictRejected, app.CodeWrongRole)
	page := app.Page{ID: manager.id26(), Network: app.SourceVK, Name: "Школа № 1"}
	manager.judge(manager.op(app.OpPage, manager.id26(), page.ID, 0, page), app.VerdictRejected, app.CodeWrongRole)
	day := app.Counters{Day: app.DayOf(noon), Counts: map[string]uint32{page.ID: 1}}
	manager.judge(manager.op(app.OpCount, manager.id26(), day.Day.String(), 0, day), app.VerdictRejected, app.CodeWrongRole)
	manager.judge(manager.event(a.Ent, 1<<40, app.Event{Type: app.EventNote, Text: "к сведению"}), app.VerdictApplied, "")
}

func TestSnapshotIsWithinTheScope(t *testing.T) {
	o := newOffice(t)
	all, here, there := o.station("Оператор 1"), o.station("Оператор 2").within(kanash), o.station("Оператор 3").within(cheboksary)
	a, b := all.create(), all.create()
	page := app.Page{ID: all.id26(), Network: app.SourceVK, Name: "Школа № 1"}
	all.push(a, b, all.moved(b.Ent, kanash), all.op(app.OpPage, all.id26(), page.ID, 0, page))
	all.does(a.Ent, app.Event{Type: app.EventStarted})
	all.push(all.event(a.Ent, 1<<40, app.Event{Type: app.EventNote, Text: "секрет"}))
	there.judge(there.event(a.Ent, 1, app.Event{Type: app.EventRejected, Text: "не к нам"}), app.VerdictConflict, "")

	shots := map[*station]app.Snapshot{}
	for s, want := range map[*station][3]int{all: {2, 1, 1}, here: {1, 1, 0}, there: {1, 1, 1}} {
		shots[s] = get[app.Snapshot](o, "GET", wire.PathSnapshot, s.token, nil)
		rows := s.rowsOf(shots[s])
		if got := [3]int{len(rows[app.RowAppeal]), len(rows[app.RowPage]), len(rows[app.RowConflict])}; got != want {
			t.Errorf("%d appeals, pages and conflicts, want %d", got, want)
		}
		if changes, _ := s.page(shots[s].Next, 10, 0); len(changes) != 0 {
			t.Errorf("after the snapshot come %v", kinds(changes))
		}
	}
	// A frame of another scope is answered as one that never was.
	_, never := here.send("GET", wire.PathSnapshot+"/"+string(bytes.Repeat([]byte("a"), 64)), here.token, nil)
	for _, other := range []*station{all, there} {
		for _, f := range shots[other].Frames {
			status, answer := here.send("GET", wire.PathSnapshot+"/"+f.SHA256, here.token, nil)
			if status != 404 || !bytes.Equal(answer, never) {
				t.Errorf("%d %s", status, answer)
			}
		}
		o.problem("GET", wire.PathChanges+"?after="+url.QueryEscape(shots[other].Next), here.token, nil, 410, wire.CodeCursorExpired)
	}
	// Another scope: neither the cursor nor the frames of the old one are good.
	here.within(cheboksary)
	o.problem("GET", wire.PathChanges+"?after="+url.QueryEscape(shots[here].Next), here.token, nil, 410, wire.CodeCursorExpired)
	o.problem("POST", wire.PathOps, here.token, wire.Push{Ops: []app.Op{here.create()}, After: shots[here].Next}, 410, wire.CodeCursorExpired)
	o.problem("GET", wire.PathSnapshot+"/"+shots[here].Frames[0].SHA256, here.token, nil, 404, app.CodeNotFound)
	if now := get[app.Snapshot](o, "GET", wire.PathSnapshot, here.token, nil); now.Next != shots[there].Next {
		t.Errorf("the snapshot of the new scope leads to %s, want %s", now.Next, shots[there].Next)
	}
}

// TestScopeChangesWhileSomebodyWaits: nothing of the old scope comes any more.
func TestScopeChangesWhileSomebodyWaits(t *testing.T) {
	o := newOffice(t)
	all, there := o.station("Оператор 1"), o.station("Оператор 2").within(cheboksary)
	all.push(all.create())
	_, end := there.page("", 100, 0)
	type answer struct {
		status int
		body   []byte
	}
	waits := make(chan answer, 1)
	go func() {
		status, body := there.send("GET", wire.PathChanges+"?wait=20&after="+url.QueryEscape(end.Next), there.token, nil)
		waits <- answer{status, body}
	}()
	for range 20 {
		o.send("GET", wire.PathMeta, "", nil)
	}
	there.within(kanash)
	all.push(all.create())
	if a := <-waits; a.status != 410 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestScopeIsTold at enrolment and with every token.
func TestScopeIsTold(t *testing.T) {
	o := newOffice(t)
	code, err := o.server.IssueCode(app.Identity{Name: "Оператор 2", Roles: everything, Municipalities: []string{kanash}})
	if err != nil {
		t.Fatal(err)
	}
	r := get[wire.EnrolReply](o, "POST", wire.PathEnrol, "", wire.EnrolRequest{Code: code, PublicKey: make([]byte, 32)})
	if !slices.Equal(r.Identity.Municipalities, []string{kanash}) {
		t.Errorf("%+v", r)
	}
	s := o.station("Оператор 3").within(kanash, cheboksary)
	told := get[wire.TokenReply](o, "POST", wire.PathToken, "", s.ask(noon, "0123456789abcdef"))
	if !slices.Equal(told.Identity.Municipalities, []string{kanash, cheboksary}) {
		t.Errorf("%+v", told)
	}
	if err := o.server.Restrict("nobody", nil); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("%v", err)
	}
}

// TestBlobsAreWithinTheScope: a device has the bytes of a file while an appeal that
// names it is within its scope, and is told nothing of it otherwise.
func TestBlobsAreWithinTheScope(t *testing.T) {
	o := newOffice(t)
	one := o.station("Оператор 1")
	two := o.station("Оператор 2").within(kanash)
	create := one.create()
	one.push(create)
	picture, file := photo(1, 3000)
	one.upload(picture, file)
	one.judge(one.note(create.Ent, file), app.VerdictApplied, "")
	path := wire.PathBlobs + file.SHA256
	two.refused("a file out of scope", "GET", path, nil, nil, http.StatusNotFound, app.CodeNotFound)
	if path, offset := two.begin(file); offset != 0 {
		t.Errorf("%s of a file out of scope begins at %d", path, offset)
	}
	one.judge(one.moved(create.Ent, kanash), app.VerdictApplied, "")
	if reply, got := two.raw("GET", path, nil, nil); reply.StatusCode != http.StatusOK || len(got) != len(picture) {
		t.Errorf("a file within the scope: %s, %d bytes", reply.Status, len(got))
	}
	one.within(cheboksary).refused("a file that left the scope", "GET", path, nil, nil, http.StatusNotFound, app.CodeNotFound)
}
