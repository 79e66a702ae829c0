package sync_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/embedded"
	"otklik/seal"
	"otklik/store"
	"otklik/sync"
	"otklik/sync/wire"
)

// region is a server with a fault that tests switch on.
type region struct {
	t       testing.TB
	path    string
	storage central.Storage
	server  *central.Server
	http    *httptest.Server
	ahead   atomic.Int64 // of the server's clock, in nanoseconds

	mu      gosync.Mutex
	handler http.Handler
	fault   func(http.ResponseWriter, *http.Request, http.Handler)
	seen    atomic.Int64
}

func newRegion(t testing.TB) *region {
	t.Helper()
	r := &region{t: t, path: filepath.Join(t.TempDir(), "central.db")}
	r.up()
	r.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.seen.Add(1)
		r.mu.Lock()
		fault, handler := r.fault, r.handler
		r.mu.Unlock()
		if fault != nil {
			fault(w, req, handler)
			return
		}
		handler.ServeHTTP(w, req)
	}))
	t.Cleanup(func() {
		r.server.Stop()
		r.http.Close()
		if err := r.storage.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// up opens the server's file and answers from it, down lets go of it; its
// address stays.
func (r *region) up() {
	r.t.Helper()
	var err error
	if r.storage, err = embedded.Open(r.path); err != nil {
		r.t.Fatal(err)
	}
	if r.server, err = central.New(r.storage, central.Options{
		Region: "Чувашская Республика", Now: func() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) },
	}); err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.handler = r.server.Handler()
}

func (r *region) down() {
	r.t.Helper()
	r.server.Stop()
	if err := r.storage.Close(); err != nil {
		r.t.Fatal(err)
	}
}

func (r *region) with(fault func(http.ResponseWriter, *http.Request, http.Handler)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = fault
}

// repliesLost is the fault of a push that happened and nobody heard of.
func repliesLost(w http.ResponseWriter, req *http.Request, h http.Handler) {
	if req.URL.Path == wire.PathOps {
		h.ServeHTTP(httptest.NewRecorder(), req)
		panic(http.ErrAbortHandler)
	}
	h.ServeHTTP(w, req)
}

// station is one workstation of the region.
type station struct {
	*app.Desk
	t      testing.TB
	path   string
	device sync.Enrolled
	store  *store.Store
	engine *sync.Engine
	ahead  atomic.Int64 // of its clock, in nanoseconds
}

// retryPause is how long the server asks to hold an operation.
const retryPause = time.Minute

func (s *station) pass(d time.Duration) { s.ahead.Add(int64(d)) }

func (s *station) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

var allRoles = []app.Role{app.RoleOperator, app.RoleCurator, app.RoleCoordinator, app.RoleApprover}

func (r *region) station(name string) *station {
	r.t.Helper()
	code, err := r.server.IssueCode(app.Identity{Name: name, Roles: allRoles})
	if err != nil {
		r.t.Fatal(err)
	}
	device, err := sync.Enrol(context.Background(), r.http.URL, code, "test")
	if err != nil {
		r.t.Fatal(err)
	}
	s := r.open(filepath.Join(r.t.TempDir(), "otklik.db"), device)
	if err := s.store.SaveDevice(store.Device{Server: device.Server, ID: device.Device, Inc: 1, Key: device.Key, Identity: device.Identity}); err != nil {
		r.t.Fatal(err)
	}
	return s
}

// twin works on a copy of the station's file.
func (r *region) twin(of *station) *station {
	r.t.Helper()
	data, err := os.ReadFile(of.path)
	if err != nil {
		r.t.Fatal(err)
	}
	path := filepath.Join(r.t.TempDir(), "otklik.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		r.t.Fatal(err)
	}
	return r.open(path, of.device)
}

func box(t testing.TB) *seal.Box {
	t.Helper()
	b, err := seal.NewBox(make([]byte, seal.KeyLen))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (r *region) open(path string, device sync.Enrolled) *station {
	r.t.Helper()
	tables, terms, err := assets.Region()
	if err != nil {
		r.t.Fatal(err)
	}
	s, err := store.Open(path, box(r.t), terms)
	if err != nil {
		r.t.Fatal(err)
	}
	one := &station{t: r.t, path: path, device: device, store: s}
	one.Desk = app.NewDesk(app.Outside{
		Store: s, Region: tables, Terms: terms, Me: device.Identity, Now: one.now,
		NewID: func() string { return ulid.Make().String() },
	})
	one.engine = sync.New(sync.Options{Store: s, Device: device, Now: one.now, Changed: func() {}})
	r.t.Cleanup(func() {
		report, err := s.Check()
		if err != nil {
			r.t.Error(err)
		}
		for _, p := range report.Problems {
			r.t.Errorf("%s: %s", device.Identity.Name, p)
		}
		if err := s.Close(); err != nil {
			r.t.Error(err)
		}
	})
	return one
}

func (s *station) once() app.ExchangeState {
	s.t.Helper()
	state, err := s.engine.Once(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return state
}

func (s *station) take(text string) string {
	s.t.Helper()
	id, err := s.Create(app.Appeal{
		Kind: app.KindIncident, Source: app.SourceVK, Text: text, Group: "Дороги", Municipality: "г. Чебоксары",
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *station) act(id string, events ...app.Event) {
	s.t.Helper()
	if err := s.Act(id, events...); err != nil {
		s.t.Fatal(err)
	}
}

func (s *station) appeal(id string) *app.Appeal {
	s.t.Helper()
	a, err := s.store.Appeal(id)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func TestActionReachesTheOtherStation(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Оператор 1"), r.station("Оператор 2")
	id := one.take("Яма на дороге")
	if n := one.appeal(id).Number; n != "" {
		t.Errorf("a number before the server gave one: %q", n)
	}
	one.once()
	two.once()
	if n := two.appeal(id).Number; n == "" || n != one.appeal(id).Number {
		t.Errorf("numbers %q and %q", n, one.appeal(id).Number)
	}
	events := app.Answer(two.appeal(id), "Заделаем завтра.", "")
	two.act(id, append(events, app.Event{Type: app.EventClosed, Outcome: app.OutcomeSolved})...)
	if s := two.once(); s.Pending != 0 || s.Refused != 0 || s.Conflicts != 0 {
		t.Errorf("state %+v", s)
	}
	one.once()
	a := one.appeal(id)
	reply, ok := a.Reply()
	if a.Status != app.StatusClosed || !ok || reply.Text != "Заделаем завтра." || reply.By != "Оператор 2" {
		t.Errorf("status %s, reply %+v", a.Status, reply)
	}
}

func TestLostReplyIsNoSecondEffect(t *testing.T) {
	r := newRegion(t)
	s := r.station("Оператор 2")
	id := s.take("Яма")
	s.once()
	s.act(id, app.Event{Type: app.EventNote, Text: "позвонить"})
	r.with(repliesLost)
	if _, err := s.engine.Once(context.Background()); app.CodeOf(err) != app.CodeNoServer {
		t.Errorf("got %v", err)
	}
	if state := s.engine.State(); state.Link != app.LinkOffline || state.Pending != 1 {
		t.Errorf("state %+v", state)
	}
	r.with(nil)
	if state := s.once(); state.Pending != 0 {
		t.Errorf("state %+v", state)
	}
	other := r.station("Оператор 1")
	other.once()
	notes := 0
	for _, e := range other.appeal(id).Events {
		if e.Type == app.EventNote {
			notes++
		}
	}
	if notes != 1 {
		t.Errorf("%d notes, want 1", notes)
	}
}

func TestTwoAnswersAreAConflictWithBothTexts(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Оператор 1"), r.station("Оператор 2")
	id := one.take("Яма")
	one.once()
	two.once()
	one.act(id, app.Answer(one.appeal(id), "Ответ первого", "")...)
	two.act(id, app.Answer(two.appeal(id), "Ответ второго", "")...)
	one.once()
	state := two.once()
	if state.Conflicts != 1 || state.Pending != 0 {
		t.Fatalf("state %+v", state)
	}
	conflicts, err := two.Conflicts()
	if err != nil || len(conflicts) != 1 {
		t.Fatal(err, conflicts)
	}
	c := conflicts[0]
	if c.Mine.Text != "Ответ второго" || c.Winner.Text != "Ответ первого" {
		t.Errorf("mine %q, theirs %q", c.Mine.Text, c.Winner.Text)
	}
	if reply, _ := two.appeal(id).Reply(); reply.Text != "Ответ первого" {
		t.Errorf("the screen shows %q", reply.Text)
	}
	if err := two.Act(id, app.Event{Type: app.EventClosed, Outcome: app.OutcomeSolved}); app.CodeOf(err) != app.CodeConflictOpen {
		t.Errorf("closing under a conflict: %v", err)
	}
	if err := two.Settle(c, app.ChoiceNote); err != nil {
		t.Fatal(err)
	}
	if state := two.once(); state.Conflicts != 0 || state.Pending != 0 || state.Refused != 0 {
		t.Errorf("state %+v", state)
	}
	one.once()
	if note, ok := one.appeal(id).Last(app.EventNote); !ok || note.Text != "Ответ второго" {
		t.Errorf("the losing text is not on the other station: %+v", note)
	}
}

func TestRefusedIsShownWithItsReason(t *testing.T) {
	r := newRegion(t)
	s := r.station("Оператор 2")
	good, bad := s.take("Яма"), s.take("Ещё яма")
	s.once()
	// The table was asked at the desk; a workstation of another version asks for
	// something the server does not know.
	wrong := app.Op{ID: ulid.Make().String(), Ent: bad, Kind: app.OpEvent, Schema: app.Schema + 1, At: time.Now()}
	wrong.Payload = app.Encode(app.Event{ID: wrong.ID, Type: app.EventNote, Text: "заметка"})
	if err := s.store.Perform([]app.Op{wrong}); err != nil {
		t.Fatal(err)
	}
	s.act(good, app.Event{Type: app.EventNote, Text: "хорошая"})
	state := s.once()
	if state.Pending != 0 || state.Refused != 1 {
		t.Errorf("state %+v", state)
	}
	entries, err := s.Entries(5)
	if err != nil || len(entries) == 0 || entries[0].State != app.EntryRefused || entries[0].Reason != app.CodeUnknownSchema {
		t.Errorf("entries %+v %v", entries, err)
	}
}

// TestCursorNotUnderstoodRefusesNothing has a server answer a push that it does
// not know the cursor, which is no judgement of the operation.
func TestCursorNotUnderstoodRefusesNothing(t *testing.T) {
	r := newRegion(t)
	s := r.station("Оператор 2")
	id := s.take("Яма")
	s.once()
	s.act(id, app.Event{Type: app.EventNote, Text: "позвонить"})
	r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		if req.URL.Path != wire.PathOps {
			h.ServeHTTP(w, req)
			return
		}
		r.with(nil)
		w.Header().Set("Content-Type", wire.TypeProblem)
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(app.Encode(wire.Problem{Code: wire.CodeBadCursor}))
	})
	if state := s.once(); state.Refused != 0 || state.Pending != 0 {
		t.Errorf("state %+v", state)
	}
	if _, ok := s.appeal(id).Last(app.EventNote); !ok {
		t.Error("the note is gone")
	}
}

func TestCaptivePortalIsNoServer(t *testing.T) {
	r := newRegion(t)
	s := r.station("Оператор 2")
	s.take("Яма")
	r.with(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>Войдите в сеть</html>")
	})
	if _, err := s.engine.Once(context.Background()); app.CodeOf(err) != app.CodeServerAnswer {
		t.Errorf("got %v", err)
	}
	if n := s.engine.State().Pending; n != 1 {
		t.Errorf("%d pending", n)
	}
	r.with(nil)
	if state := s.once(); state.Pending != 0 {
		t.Errorf("state %+v", state)
	}
}

func TestBacklogDrainsInBatches(t *testing.T) {
	r := newRegion(t)
	s := r.station("Оператор 2")
	const n = 700
	for i := range n {
		s.take(fmt.Sprintf("Яма номер %d %s", i, strings.Repeat("подробно ", 20)))
	}
	before := r.seen.Load()
	if state := s.once(); state.Pending != 0 {
		t.Errorf("state %+v", state)
	}
	if used := r.seen.Load() - before; used > 25 {
		t.Errorf("%d requests for %d operations: batches do not grow", used, n)
	}
	other := r.station("Оператор 1")
	other.once()
	if found, err := other.Find(app.Query{Queue: app.QueueOpen}); err != nil || found.Total != n {
		t.Errorf("the other station has %d of %d (%v)", found.Total, n, err)
	}
}

// TestRunFollowsTheFeed runs two engines: what one does the other sees without
// asking, an action wakes the exchange, and work offline keeps still.
func TestRunFollowsTheFeed(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Оператор 1"), r.station("Оператор 2")
	ctx, cancel := context.WithCancel(context.Background())
	var running gosync.WaitGroup
	for _, s := range []*station{one, two} {
		s.Subscribe(func(c app.Changed) {
			if c.Outbox && !c.Exchange {
				s.engine.Wake()
			}
		})
		running.Go(func() { s.engine.Run(ctx) })
	}
	defer running.Wait()
	defer cancel()
	id := one.take("Яма")
	until(t, "the other station sees it", func() bool { _, ok := two.Record(id); return ok })
	two.engine.WorkOffline(true)
	until(t, "the link is off", func() bool { return two.engine.State().Link == app.LinkOff })
	two.act(id, app.Event{Type: app.EventNote, Text: "без связи"})
	until(t, "the note waits", func() bool { return two.engine.State().Pending == 1 })
	if _, ok := one.appeal(id).Last(app.EventNote); ok {
		t.Error("it went out though the exchange is off")
	}
	two.engine.WorkOffline(false)
	until(t, "the note arrives", func() bool { _, ok := one.appeal(id).Last(app.EventNote); return ok })
	until(t, "nothing waits", func() bool { s := two.engine.State(); return s.Pending == 0 && s.Link == app.LinkOnline })
}

func until(t testing.TB, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("it did not come true that %s", what)
}
