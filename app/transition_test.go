package app

import (
	"testing"
	"time"
)

var (
	everyone = []Role{RoleOperator, RoleCurator, RoleCoordinator, RoleExecutor, RoleApprover}
	when     = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
)

func fresh() *Appeal {
	a := &Appeal{ID: IDFrom("a"), Kind: KindIncident, Group: "Дороги", Municipality: "г. Чебоксары", Status: StatusNew}
	a.Apply(Event{ID: "0", Type: EventDetected, At: when})
	return a
}

// TestWholeLife leads an appeal along the table and asks at each place what is
// allowed there and what is not.
func TestWholeLife(t *testing.T) {
	a := fresh()
	steps := []struct {
		e    Event
		want Status
	}{
		{Event{Type: EventRouted, Target: "УЖКХ"}, StatusRouted},
		{Event{Type: EventRedirected, Target: "Минтранс", Text: "не наша дорога"}, StatusRouted},
		{Event{Type: EventStarted, By: "Оператор 2"}, StatusInProgress},
		{Event{Type: EventSubmitted, Text: "ответ"}, StatusApproval},
		{Event{Type: EventReturned, Text: "Не указан срок"}, StatusRework},
		{Event{Type: EventSubmitted, Text: "ответ со сроком"}, StatusApproval},
		{Event{Type: EventInterim, Text: "ответ", FinalBy: when.AddDate(0, 0, 7)}, StatusInterim},
		{Event{Type: EventStarted}, StatusInProgress},
		{Event{Type: EventAnswered, Text: "сделано", ByHand: true}, StatusAnswered},
		{Event{Type: EventClosed, Outcome: OutcomeSolved}, StatusClosed},
		{Event{Type: EventReopened, Text: "снова яма"}, StatusReopened},
	}
	for i, s := range steps {
		s.e.ID, s.e.At = IDFrom("life", string(rune('a'+i))), when.Add(time.Duration(i+1)*time.Hour)
		if err := Judge(a, s.e, everyone); err != nil {
			t.Fatalf("%s at %s: %v", s.e.Type, a.Status, err)
		}
		a.Apply(s.e)
		if a.Status != s.want {
			t.Fatalf("after %s: %s, want %s", s.e.Type, a.Status, s.want)
		}
	}
	if a.Executor != "Минтранс" || a.Hops != 1 || a.Assignee != "Оператор 2" || a.Outcome != "" {
		t.Errorf("executor %q, hops %d, assignee %q, outcome %q", a.Executor, a.Hops, a.Assignee, a.Outcome)
	}
	if len(a.Events) != len(steps)+1 {
		t.Errorf("%d events in the history", len(a.Events))
	}
}

func TestJudgeRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		status Status
		e      Event
		roles  []Role
		want   Code
	}{
		{"no executor", StatusNew, Event{Type: EventRouted}, everyone, CodeNeedsField},
		{"not a curator", StatusNew, Event{Type: EventRouted, Target: "УЖКХ"}, []Role{RoleOperator}, CodeWrongRole},
		{"rejected without a reason", StatusNew, Event{Type: EventRejected}, everyone, CodeEmptyText},
		{"answered from nowhere", StatusNew, Event{Type: EventAnswered, Text: "x", ByHand: true}, everyone, CodeNotAllowed},
		{"neither link nor by hand", StatusInProgress, Event{Type: EventAnswered, Text: "x"}, everyone, CodeNeedsField},
		{"interim without a date", StatusApproval, Event{Type: EventInterim, Text: "x"}, everyone, CodeNeedsField},
		{"closed without outcome", StatusAnswered, Event{Type: EventClosed}, everyone, CodeNeedsField},
		{"closed twice", StatusClosed, Event{Type: EventClosed, Outcome: OutcomeSolved}, everyone, CodeNotAllowed},
		{"merged with itself", StatusNew, Event{Type: EventMerged, Target: IDFrom("a")}, everyone, CodeNeedsField},
		{"manager only looks", StatusApproval, Event{Type: EventAnswered, Text: "x", ByHand: true}, []Role{RoleManager}, CodeWrongRole},
	} {
		a := fresh()
		a.Status = c.status
		if got := CodeOf(Judge(a, c.e, c.roles)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	a := fresh()
	a.Group = ""
	if got := CodeOf(Judge(a, Event{Type: EventRouted, Target: "УЖКХ"}, everyone)); got != CodeNeedsField {
		t.Errorf("routed without a topic: %q", got)
	}
}

func TestThresholdIsMarkedOncePerClock(t *testing.T) {
	a := fresh()
	mark := Event{ID: "m", Type: EventEscalated, Percent: 80, At: when.Add(time.Hour)}
	if err := Judge(a, mark, nil); err != nil {
		t.Fatal(err)
	}
	a.Apply(mark)
	if a.Status != StatusNew {
		t.Errorf("a mark moved the appeal to %s", a.Status)
	}
	if Judge(a, Event{ID: "n", Type: EventEscalated, Percent: 80}, nil) == nil {
		t.Error("the same threshold was marked twice")
	}
	a.Status = StatusClosed
	a.Apply(Event{ID: "r", Type: EventReopened, At: when.Add(2 * time.Hour)})
	if err := Judge(a, Event{ID: "o", Type: EventEscalated, Percent: 80}, nil); err != nil {
		t.Errorf("a new clock has its own marks: %v", err)
	}
}

func TestApplyTwiceIsOnce(t *testing.T) {
	a := fresh()
	e := Event{ID: "x", Type: EventRedirected, Target: "УЖКХ", At: when}
	a.Apply(e)
	a.Apply(e)
	if a.Hops != 1 || len(a.Events) != 2 {
		t.Errorf("hops %d, events %d", a.Hops, len(a.Events))
	}
}

func TestOffersOnlyWhatTheTableAllows(t *testing.T) {
	a := fresh()
	for _, role := range everyone {
		for _, e := range Offers(a, []Role{role}) {
			err := Judge(a, Event{
				ID: "q", Type: e, Text: "x", Target: "УЖКХ", Group: "Дороги", ByHand: true,
				FinalBy: when, Outcome: OutcomeSolved,
			}, []Role{role})
			if err != nil {
				t.Errorf("%s is offered to %s and refused: %v", e, role, err)
			}
		}
	}
	if got := Offers(a, []Role{RoleManager}); len(got) != 1 || got[0] != EventNote {
		t.Errorf("a manager is offered %v", got)
	}
}

func TestIDFromIsAULID(t *testing.T) {
	seen := map[string]bool{}
	for i := range 1000 {
		id := IDFrom("x", string(rune(i)))
		if len(id) != 26 || id[0] > '7' || seen[id] {
			t.Fatalf("%q", id)
		}
		seen[id] = true
	}
	if IDFrom("ab", "c") == IDFrom("a", "bc") {
		t.Error("parts run together")
	}
}

func TestHeading(t *testing.T) {
	for text, want := range map[string]string{
		"Доброе утро! Греет один стояк из трёх, ул. Карла Маркса, 112. Маленький ребёнок болеет.": "Доброе утро! Греет один стояк из трёх, ул. Карла Маркса, 112",
		"Яма у дома 5": "Яма у дома 5",
		"Когда откроют сад? Обещали давно.": "Когда откроют сад?",
		"": "",
		"На дороге яма.\nПрошу заделать.":      "На дороге яма",
		"Обвалилась плитка по адресу г. Канаш": "Обвалилась плитка по адресу г. Канаш",
	} {
		if got := (&Appeal{Text: text}).Heading(); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
	if got := Cut("очень длинное предложение без конца", 20); got != "очень длинное…" {
		t.Errorf("%q", got)
	}
}
