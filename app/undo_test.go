package app_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/assets"
	"otklik/store"
)

// seat is a desk over a store with so many new appeals of the server.
type seat struct {
	*app.Desk
	t       testing.TB
	store   *store.Store
	ids     []string
	seq     uint64 // of the last change the server told
	records []uint64
}

func takeSeat(t testing.TB, many int, roles ...app.Role) *seat {
	t.Helper()
	region, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.OpenWith(filepath.Join(t.TempDir(), "otklik.db"), box(t), terms, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		report, err := st.Check()
		if err != nil || len(report.Problems) > 0 {
			t.Errorf("%v %v", report.Problems, err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &seat{t: t, store: st}
	s.Desk = app.NewDesk(app.Outside{
		Store: st, Region: region, Terms: terms, Me: app.Identity{Name: "Оператор 2", Roles: roles},
		Now: func() time.Time { return now }, NewID: func() string { return ulid.Make().String() },
	})
	var page app.FeedPage
	for i := range many {
		a := fact(i, now.Add(-time.Hour), 0, "г. Канаш")
		a.Group, a.Topic = "Дороги", "Ямы и выбоины"
		s.ids = append(s.ids, a.ID)
		page.Changes = append(page.Changes, app.Change{
			Seq: uint64(i + 1), Op: a.ID, Kind: app.OpCreate, Ent: a.ID, Verdict: app.VerdictApplied, Body: app.Encode(a),
		})
	}
	if err := st.ApplyChanges(page, now); err != nil {
		t.Fatal(err)
	}
	for _, id := range s.ids {
		record, _ := st.Record(id)
		s.records = append(s.records, record)
	}
	return s
}

func (s *seat) act(i int, events ...app.Event) {
	s.t.Helper()
	if err := s.Act(s.ids[i], events...); err != nil {
		s.t.Fatal(err)
	}
}

// send lets the exchange take the outbox.
func (s *seat) send() {
	s.t.Helper()
	if _, err := s.store.Leaving(0, 1<<20, 1<<30, now); err != nil {
		s.t.Fatal(err)
	}
}

func (s *seat) undo() app.ManyReport {
	s.t.Helper()
	r, err := s.Undo(context.Background(), func(int, int) {})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *seat) appeal(i int) *app.Appeal {
	s.t.Helper()
	a, err := s.store.Appeal(s.ids[i])
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *seat) waiting() int {
	s.t.Helper()
	w, err := s.store.Waiting()
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Pending
}

func TestUndoWithdrawsWhatWasNotSent(t *testing.T) {
	s := takeSeat(t, 2, operator...)
	s.act(0, app.Event{Type: app.EventAssigned, Target: "Оператор 1"})
	s.act(1, app.Answer(s.appeal(1), "Сделаем", "")...)
	if r := s.undo(); r.Done != 1 || r.Withdrawn != 1 || !slices.Equal(r.Events, []app.EventType{app.EventStarted, app.EventAnswered}) {
		t.Errorf("%+v", r)
	}
	if a := s.appeal(1); a.Status != app.StatusNew || a.Assignee != "" || len(a.Events) != 1 {
		t.Errorf("%s, %q, %d events", a.Status, a.Assignee, len(a.Events))
	}
	if d, err := s.store.Draft(s.ids[1]); err != nil || d.Answer != "Сделаем" {
		t.Errorf("what was typed is %q, %v", d.Answer, err)
	}
	s.undo()
	if a := s.appeal(0); a.Assignee != "" || s.waiting() != 0 {
		t.Errorf("%q, %d wait", a.Assignee, s.waiting())
	}
	if _, err := s.Undo(context.Background(), func(int, int) {}); app.CodeOf(err) != app.CodeNothingToUndo {
		t.Errorf("got %v", err)
	}
}

// TestUndoLeadsBackFromWhatWasSent goes through every event a person can cause.
func TestUndoLeadsBackFromWhatWasSent(t *testing.T) {
	roles := []app.Role{app.RoleOperator, app.RoleCurator, app.RoleApprover, app.RoleExecutor}
	in := []app.Event{{Type: app.EventStarted}}
	proposed := append(slices.Clone(in), app.Event{Type: app.EventSubmitted, Text: "Проект"})
	answered := append(slices.Clone(in), app.Event{Type: app.EventAnswered, Text: "Ответ", ByHand: true})
	routed := []app.Event{{Type: app.EventRouted, Target: "Минтранс"}}
	for _, c := range []struct {
		before []app.Event
		does   app.Event
		back   app.EventType // "": there is no way back
	}{
		{nil, app.Event{Type: app.EventAssigned, Target: "Оператор 1"}, app.EventAssigned},
		{nil, app.Event{Type: app.EventClassified, Group: "ЖКХ"}, app.EventClassified},
		{nil, app.Event{Type: app.EventPlaced, Target: "г. Шумерля"}, app.EventPlaced},
		{nil, app.Event{Type: app.EventGraded, Severity: 3}, app.EventGraded},
		{nil, app.Event{Type: app.EventMerged, Target: app.IDFrom("f", "1")}, app.EventUnmerged},
		{[]app.Event{{Type: app.EventMerged, Target: app.IDFrom("f", "1")}}, app.Event{Type: app.EventUnmerged}, app.EventMerged},
		{nil, app.Event{Type: app.EventRouted, Target: "Минтранс"}, ""},
		{routed, app.Event{Type: app.EventRedirected, Target: "Минстрой", Text: "Не наше"}, ""},
		{nil, app.Event{Type: app.EventRejected, Text: "Реклама"}, ""},
		{nil, app.Event{Type: app.EventClarifying, Text: "Где?"}, ""},
		{nil, app.Event{Type: app.EventStarted}, ""},
		{in, app.Event{Type: app.EventSubmitted, Text: "Проект"}, ""},
		{proposed, app.Event{Type: app.EventReturned, Text: "Нет даты"}, ""},
		{proposed, app.Event{Type: app.EventInterim, Text: "Позже", FinalBy: now.Add(72 * time.Hour)}, ""},
		{in, app.Event{Type: app.EventAnswered, Text: "Ответ", ByHand: true}, ""},
		{answered, app.Event{Type: app.EventClosed, Outcome: app.OutcomeSolved}, ""},
		{answered, app.Event{Type: app.EventReopened}, ""},
		{nil, app.Event{Type: app.EventNote, Text: "Заметка"}, ""},
	} {
		t.Run(string(c.does.Type), func(t *testing.T) {
			s := takeSeat(t, 2, roles...)
			for _, e := range c.before {
				s.act(0, e)
			}
			before := s.appeal(0)
			s.act(0, c.does)
			s.send()
			r := s.undo()
			after := s.appeal(0)
			last := after.Events[len(after.Events)-1]
			if c.back == "" {
				if r.Done != 0 || len(r.Refused) != 1 || app.CodeOf(r.Refused[0].Err) != app.CodeUndoSent || last.Type != c.does.Type {
					t.Errorf("%+v", r)
				}
				if again := s.undo(); len(again.Refused) != 1 {
					t.Errorf("what could not be undone is forgotten: %+v", again)
				}
				return
			}
			if r.Done != 1 || r.Withdrawn != 0 || last.Type != c.back {
				t.Fatalf("%+v, the last event is %s", r, last.Type)
			}
			if after.Status != before.Status || after.Assignee != before.Assignee || after.Group != before.Group ||
				after.Topic != before.Topic || after.Municipality != before.Municipality || after.Severity != before.Severity || after.Parent != before.Parent || len(after.Events) != len(before.Events)+2 {
				t.Errorf("it stands at %+v", after)
			}
		})
	}
}

func TestUndoKeepsItsHandsOffWhatOthersDid(t *testing.T) {
	s := takeSeat(t, 1, operator...)
	s.act(0, app.Event{Type: app.EventAssigned, Target: "Оператор 1"})
	s.send()
	op := app.IDFrom("other")
	e := app.Event{ID: op, Type: app.EventAssigned, Target: "Оператор 3", At: now.Add(time.Minute)}
	mine, err := s.store.Pending(0, 1, 1<<20, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.ApplyChanges(app.FeedPage{Changes: []app.Change{
		{Seq: 2, Op: mine[0].ID, Kind: app.OpEvent, Ent: s.ids[0], Verdict: app.VerdictApplied, Body: mine[0].Payload},
		{Seq: 3, Op: op, Kind: app.OpEvent, Ent: s.ids[0], Verdict: app.VerdictApplied, Body: app.Encode(e)},
	}}, now); err != nil {
		t.Fatal(err)
	}
	r := s.undo()
	if len(r.Refused) != 1 || app.CodeOf(r.Refused[0].Err) != app.CodeUndoChanged || s.appeal(0).Assignee != "Оператор 3" {
		t.Errorf("%+v", r)
	}
}

func TestMergedWhenRoutedIsRoutedAgain(t *testing.T) {
	s := takeSeat(t, 2, operator...)
	s.act(0, app.Event{Type: app.EventRouted, Target: "Минтранс"})
	s.act(0, app.Event{Type: app.EventMerged, Target: s.ids[1]})
	s.send()
	if r := s.undo(); r.Done != 1 || s.appeal(0).Status != app.StatusRouted {
		t.Errorf("%+v, it is %s", r, s.appeal(0).Status)
	}
}

func TestWhatCannotBeUndoneIsNotPassedOver(t *testing.T) {
	s := takeSeat(t, 1, operator...)
	s.act(0, app.Event{Type: app.EventAssigned, Target: "Оператор 1"})
	if _, err := s.Create(app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(context.Background(), func(int, int) {}); app.CodeOf(err) != app.CodeNoUndo || s.MayUndo() {
		t.Errorf("got %v", err)
	}
	if s.appeal(0).Assignee != "Оператор 1" {
		t.Error("what was done before was undone")
	}
	s.SetMe(app.Identity{Name: "Оператор 4", Roles: operator})
	if _, err := s.Undo(context.Background(), func(int, int) {}); app.CodeOf(err) != app.CodeNothingToUndo {
		t.Errorf("of another person: %v", err)
	}
}

func assign(who string) func(*app.Appeal) []app.Event {
	return func(a *app.Appeal) []app.Event {
		if a.Assignee == who {
			return nil
		}
		return []app.Event{{Type: app.EventAssigned, Target: who}}
	}
}

func TestManyAtOnceNamesWhatWasRefused(t *testing.T) {
	const many = 500
	s := takeSeat(t, many, operator...)
	s.act(3, app.Event{Type: app.EventAssigned, Target: "Оператор 1"})
	for _, i := range []int{7, 300} {
		s.act(i, append(app.Answer(s.appeal(i), "Готово", ""), app.Event{Type: app.EventClosed, Outcome: app.OutcomeSolved})...)
	}
	if n, err := s.MayMany(s.records, assign("Оператор 1")); err != nil || n != many-2 {
		t.Errorf("it can be done to %d, %v", n, err)
	}
	before := s.waiting()
	var told []int
	r, err := s.ActMany(context.Background(), append(s.records, 1<<40), assign("Оператор 1"), func(done, of int) { told = append(told, done) })
	if err != nil {
		t.Fatal(err)
	}
	if r.Asked != many+1 || r.Done != many-3 || r.Same != 1 || len(r.Refused) != 3 || r.Stopped || r.Left() != 0 {
		t.Errorf("%d asked, %d done, %d the same, refused %v", r.Asked, r.Done, r.Same, r.Refused)
	}
	if first := r.Refused[0]; first.Number != s.appeal(7).Number || app.CodeOf(first.Err) != app.CodeNotAllowed {
		t.Errorf("refused %+v", first)
	}
	if app.CodeOf(r.Refused[2].Err) != app.CodeNotFound {
		t.Errorf("one that is not there: %v", r.Refused[2].Err)
	}
	if !slices.IsSorted(told) || told[len(told)-1] != many+1 || len(told) < 3 {
		t.Errorf("told of %v", told)
	}
	if s.waiting() != before+many-3 {
		t.Errorf("%d wait", s.waiting()-before)
	}
	for i := range many {
		if a := s.appeal(i); a.Status != app.StatusClosed && a.Assignee != "Оператор 1" {
			t.Fatalf("%d is with %q", i, a.Assignee)
		}
	}
	if r := s.undo(); r.Done != many-3 || r.Withdrawn != many-3 || s.waiting() != before {
		t.Errorf("%+v, %d wait", r, s.waiting()-before)
	}
	if s.appeal(3).Assignee != "Оператор 1" || s.appeal(4).Assignee != "" {
		t.Error("undone is what was not done by it, or not all of it")
	}
}

func TestManyAtOnceIsStoppedBetweenTransactions(t *testing.T) {
	s := takeSeat(t, 900, operator...)
	ctx, stop := context.WithCancel(context.Background())
	r, err := s.ActMany(ctx, s.records, assign("Оператор 1"), func(done, _ int) {
		if done >= 300 {
			stop()
		}
	})
	if err != nil || !r.Stopped || r.Done < 300 || r.Done == 900 || r.Left() != 900-r.Done || s.waiting() != r.Done {
		t.Fatalf("%+v, %v, %d wait", r, err, s.waiting())
	}
	// Half of it is sent: that is led back, the rest withdrawn; and the undo is stopped, too.
	half, err := s.store.Leaving(0, r.Done/2, 1<<30, now)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop = context.WithCancel(context.Background())
	first, err := s.Undo(ctx, func(int, int) { stop() })
	if err != nil || !first.Stopped || first.Left() == 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	second := s.undo()
	if first.Done+second.Done != r.Done || first.Withdrawn+second.Withdrawn != r.Done-len(half) {
		t.Errorf("%+v and %+v of %d, %d of them sent", first, second, r.Done, len(half))
	}
	for i := range s.ids {
		if a := s.appeal(i); a.Assignee != "" {
			t.Fatalf("%d is with %q", i, a.Assignee)
		}
	}
	if s.waiting() != 2*len(half) {
		t.Errorf("%d wait, %d were sent", s.waiting(), len(half))
	}
}

func TestManyAtOnceGivesEachItsOwnText(t *testing.T) {
	s := takeSeat(t, 3, operator...)
	r, err := s.ActMany(context.Background(), s.records, func(a *app.Appeal) []app.Event {
		if a.Number == "1" {
			return app.Answer(a, "Здравствуйте, {имя}!", "") // nobody has filled it
		}
		return app.Answer(a, s.Fill("По обращению {номер}", a), "")
	}, func(int, int) {})
	if err != nil || r.Done != 2 || len(r.Refused) != 1 || app.CodeOf(r.Refused[0].Err) != app.CodeNeedsField {
		t.Fatalf("%+v, %v", r, err)
	}
	for i := range 3 {
		a := s.appeal(i)
		if a.Number == "1" {
			continue
		}
		if e, ok := a.Last(app.EventAnswered); !ok || e.Text != fmt.Sprintf("По обращению %s", a.Number) {
			t.Errorf("%d: %+v", i, e)
		}
	}
}

// TestManyAtOnceFillsTheFieldsOfEach: and whoever would get a text with an empty one
// gets none.
func TestManyAtOnceFillsTheFieldsOfEach(t *testing.T) {
	s := takeSeat(t, 3, operator...)
	r, err := s.ActMany(context.Background(), s.records, func(a *app.Appeal) []app.Event {
		text := "Обращение № {номер}"
		if a.ID == s.appeal(1).ID {
			text += ", {имя}"
		}
		return app.Answer(a, s.Fill(text, a), "")
	}, func(int, int) {})
	if err != nil || r.Done != 2 || len(r.Refused) != 1 || app.CodeOf(r.Refused[0].Err) != app.CodeNeedsField {
		t.Fatalf("%+v, %v", r, err)
	}
	if e, ok := s.appeal(0).Last(app.EventAnswered); !ok || e.Text != "Обращение № "+s.appeal(0).Number {
		t.Errorf("%+v", e)
	}
	if _, ok := s.appeal(1).Last(app.EventAnswered); ok {
		t.Error("an empty field went out")
	}
}

// BenchmarkManyAtOnce assigns 10,000 appeals and undoes that. Files are not synced,
// as in all tests: a disk adds a sync to each of the 50 transactions.
func BenchmarkManyAtOnce(b *testing.B) {
	s := takeSeat(b, 10_000, operator...)
	for i := 0; b.Loop(); i++ {
		r, err := s.ActMany(context.Background(), s.records, assign(fmt.Sprint("Оператор ", i)), func(int, int) {})
		if err != nil || r.Done != len(s.records) {
			b.Fatalf("%+v, %v", r, err)
		}
		if r, err = s.Undo(context.Background(), func(int, int) {}); err != nil || r.Withdrawn != len(s.records) {
			b.Fatalf("%+v, %v", r, err)
		}
	}
}
