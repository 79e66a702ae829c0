package e2e

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/keys"
	"otklik/seal"
	"otklik/store"
)

// Lines of the list of actions (Ctrl+M) that the life of an appeal goes through.
const (
	lineSubmit = "2" // in progress, rework: «На согласование», after the answer itself
	lineReturn = "2" // on approval: «Вернуть на доработку», after the approval
	lineClose  = "1" // answered: «Закрыть»
	lineReopen = "1" // closed: «Открыть повторно»
)

// shift is one person at a keyboard before an empty window, and somebody else
// who sees what reaches the server.
type shift struct {
	*keyboard
	t    *testing.T
	data string
	url  string // of the server
	win  *exec.Cmd
	see  *observer
	id   string // of the appeal
}

const worker = "Оператор 2"

// newShift begins one; args are more of the server's.
func newShift(t *testing.T, args ...string) *shift {
	t.Helper()
	d := newDisplay(t)
	s := &shift{keyboard: d.russian(), t: t, data: t.TempDir()}
	c := newCentral(t)
	c.args = args
	code, watch := c.code(worker), c.code("Оператор 1")
	c.start()
	otklik(t, "sync", "--once", "--data", s.data, "--server", c.url(), "--code", code)
	s.see, s.url = observe(t, c.url(), watch), c.url()
	s.win = d.window("--data", s.data)
	time.Sleep(3 * time.Second)
	return s
}

// reach waits until the server knows the appeal as being there.
func (s *shift) reach(status app.Status) app.Appeal {
	s.t.Helper()
	var a app.Appeal
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if a, err = s.see.appeal(s.id); err == nil && a.Status == status {
			time.Sleep(500 * time.Millisecond) // the window draws it
			return a
		}
	}
	s.d.shot(s.t)
	s.t.Fatalf("the appeal did not become %s: it is %q, %v", status, a.Status, err)
	return a
}

// takeIn makes a new appeal with its municipality and group of topics.
func (s *shift) takeIn(text string, more ...string) {
	s.t.Helper()
	s.press("Ctrl+N")
	s.write(text)
	s.press("Tab", "ч", "Enter") // г. Чебоксары
	s.press("д", "Enter")        // Дороги: Enter has led to the group
	s.press(more...)
	s.press("Ctrl+Enter")
	for end := time.Now().Add(30 * time.Second); s.id == "" && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		for id := range s.see.ids() {
			s.id = id
		}
	}
	if s.id == "" {
		s.d.shot(s.t)
		s.t.Fatal("the new appeal did not reach the server")
	}
	s.reach(app.StatusNew)
}

// queue goes down from one queue to another, as they stand in the column.
func (s *shift) queue(from, to app.Queue) {
	s.t.Helper()
	s.press("Left")
	for range slices.Index(app.Queues, to) - slices.Index(app.Queues, from) {
		s.press("Down")
	}
	s.press("Enter", "Right")
}

// TestWholeLifeByKeyboard leads one appeal through all of its life in a real
// window, in the Russian layout, without a mouse.
func TestWholeLifeByKeyboard(t *testing.T) {
	const (
		asked  = "Яма у дома на улице"
		first  = "Приедем в среду"
		second = "Яму заделали сегодня"
		again  = "Асфальт снова просел"
	)
	s := newShift(t)
	s.queue(app.QueueNeeds, app.QueueOpen)
	s.takeIn(asked, "я", "Enter") // Ямы и выбоины
	s.press("Ctrl+W", "Ctrl+Enter")
	s.reach(app.StatusRouted)
	s.press("Ctrl+J")
	s.reach(app.StatusInProgress)
	s.write(first)
	s.press("Ctrl+M", lineSubmit, "Ctrl+Enter") // the checklist has been looked through
	s.reach(app.StatusApproval)
	s.press("Ctrl+M", lineReturn, "Ctrl+Enter")
	s.reach(app.StatusRework)
	s.press("Ctrl+R", "Ctrl+A") // in the place of what was returned
	s.write(second)
	s.press("Ctrl+M", lineSubmit, "Ctrl+Enter")
	s.reach(app.StatusApproval)
	s.press("Ctrl+Enter", "Ctrl+Enter") // approves the text as it stands
	s.reach(app.StatusAnswered)
	s.press("Ctrl+M", lineClose, "Ctrl+Enter")
	s.reach(app.StatusClosed)
	s.queue(app.QueueOpen, app.QueueArchive)
	s.press("Ctrl+M", lineReopen)
	s.write(again)
	s.press("Ctrl+Enter")
	s.reach(app.StatusReopened)
	s.press("Ctrl+Q")
	ends(t, s.win)
	if t.Failed() {
		return
	}

	a, region, terms := s.stored()
	if want := region.RouteFor("Дороги", a.Topic, "г. Чебоксары"); a.Executor != want || want == "" {
		t.Errorf("routed to %q, the region's route is %q", a.Executor, want)
	}
	if a.Group != "Дороги" || a.Topic == "" || a.Municipality != "г. Чебоксары" || a.Text != asked {
		t.Errorf("taken in as %q, %q, %q: %q", a.Group, a.Topic, a.Municipality, a.Text)
	}
	want := []struct {
		event app.EventType
		text  string
	}{
		{app.EventDetected, ""},
		{app.EventRouted, ""},
		{app.EventStarted, ""},
		{app.EventSubmitted, first},
		{app.EventReturned, region.Reasons[0]},
		{app.EventSubmitted, second},
		{app.EventAnswered, second},
		{app.EventClosed, ""},
		{app.EventReopened, again},
	}
	if len(a.Events) != len(want) {
		t.Fatalf("%d events: %v", len(a.Events), types(a))
	}
	for i, e := range a.Events {
		if e.Type != want[i].event || e.Text != want[i].text || e.By != worker {
			t.Errorf("event %d is %s %q by %q, want %s %q", i, e.Type, e.Text, e.By, want[i].event, want[i].text)
		}
		if i > 0 && !e.At.After(a.Events[i-1].At) {
			t.Errorf("event %d is not after the one before it", i)
		}
	}
	s.clocks(a, terms)
}

// clocks compares both clocks of both rounds with a walk through the minutes.
func (s *shift) clocks(a *app.Appeal, terms app.Terms) {
	t := s.t
	zone := terms.Zone(a.Municipality)
	detected, answered := a.Events[0].At.In(zone), a.Events[6].At.In(zone)
	reopened := a.Events[len(a.Events)-1].At.In(zone)
	if d, ok := a.FirstResponse(); !ok || d != answered.Sub(detected) || d <= 0 {
		t.Errorf("the calendar clock of the first round shows %v, %v", d, ok)
	}
	walked := walk(terms.Calendar, detected, func(at time.Time, _ time.Duration) bool { return !at.Before(answered) })
	if work := terms.Calendar.WorkBetween(detected, answered); (work - walked).Abs() > time.Second {
		t.Errorf("the working clock of the first round shows %v, walked %v", work, walked)
	}
	const term = 9 * time.Hour // of an incident, in working time
	due := func(from time.Time) (at time.Time) {
		walk(terms.Calendar, from, func(now time.Time, worked time.Duration) bool {
			at = now
			return worked >= term
		})
		return at
	}
	if got, want := terms.AnswerDue(a), due(detected); got.Sub(want).Abs() > time.Second {
		t.Errorf("the first round was due %v, walked %v", got, want)
	}
	d := terms.Deadline(a)
	if d.Start.Type != app.EventReopened || d.Due.Sub(due(reopened)).Abs() > time.Second {
		t.Errorf("the second round is due %v from %s, walked %v", d.Due, d.Start.Type, due(reopened))
	}
	stats := printed[app.Stats](t, otklik(t, "stats", "--json", "--data", s.data))
	said := time.Duration(stats.FirstResponse.MedianS) * time.Second // whole seconds
	if r := stats.FirstResponse; r.N != 1 || (said-answered.Sub(detected)).Abs() > time.Second {
		t.Errorf("the command says %d answers, median %d s; the history says %v", r.N, r.MedianS, answered.Sub(detected))
	}
}

// walk goes through time second by second until done says so, and gives the
// working time on the way: 8–12 and 13–18, an hour less on a short day.
func walk(calendar *app.Calendar, at time.Time, done func(now time.Time, worked time.Duration) bool) (worked time.Duration) {
	at = at.Truncate(time.Millisecond)
	for !done(at, worked) {
		end := 18
		kind := calendar.Kind(app.DayOf(at))
		if kind == app.DayShort {
			end = 17
		}
		if h := at.Hour(); kind != app.DayOff && h >= 8 && h < end && h != 12 {
			worked += time.Second
		}
		at = at.Add(time.Second)
	}
	return worked
}

func types(a *app.Appeal) (out []app.EventType) {
	for _, e := range a.Events {
		out = append(out, e.Type)
	}
	return out
}

// stored reads the appeal from the closed database.
func (s *shift) stored() (*app.Appeal, *app.Region, app.Terms) {
	s.t.Helper()
	region, terms, err := assets.Region()
	if err != nil {
		s.t.Fatal(err)
	}
	path := filepath.Join(s.data, "otklik.db")
	vault, err := seal.OpenVault(filepath.Join(s.data, "otklik.vault"), keys.Open(s.data), func() bool { return store.Sealed(path) })
	if err != nil {
		s.t.Fatal(err)
	}
	box, err := vault.Open("")
	if err != nil {
		s.t.Fatal(err)
	}
	st, err := store.Open(path, box, terms)
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := st.Appeal(s.id)
	if err == nil {
		err = st.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return a, region, terms
}

// pressesAtMost is what taking in, routing and answering one simple appeal may
// cost besides its text and the text of the answer.
const pressesAtMost = 12

// TestSimpleAppealTakesFewKeys counts them, as docs/operator.ru.md lists them.
func TestSimpleAppealTakesFewKeys(t *testing.T) {
	s := newShift(t)
	s.presses = 0
	s.takeIn("Яма на дороге")
	s.press("Ctrl+W", "Ctrl+Enter")
	s.reach(app.StatusRouted)
	s.press("Ctrl+J")
	s.reach(app.StatusInProgress)
	s.write("Яму заделали")
	s.press("Ctrl+Enter", "Ctrl+Enter") // the checklist has been looked through
	a := s.reach(app.StatusClosed)
	if s.presses > pressesAtMost {
		t.Errorf("%d presses of keys, at most %d are allowed", s.presses, pressesAtMost)
	}
	want := []app.EventType{app.EventDetected, app.EventRouted, app.EventStarted, app.EventAnswered, app.EventClosed}
	if got := types(&a); !slices.Equal(got, want) || a.Executor == "" {
		t.Errorf("routed to %q, the history is %v", a.Executor, got)
	}
	s.press("Ctrl+Q")
	ends(t, s.win)
}
