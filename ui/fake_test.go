package ui

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"otklik/app"
	"otklik/assets"
)

// noon is the present of all tests: a Tuesday, 11:48 in the region.
var noon = time.Date(2026, 11, 24, 8, 48, 0, 0, time.UTC)

// fakeStore is an app.Store in memory, good enough for screens.
type fakeStore struct {
	upkeep    app.Upkeep
	mu        sync.Mutex
	appeals   []*app.Appeal
	pages     []app.Page
	columns   map[string]app.Series
	entries   []app.Entry
	conflicts []app.Conflict
	drafts    map[string]app.Draft
	files     map[string]bool // here, by hash
	unsent    map[string]bool // by hash
	settings  map[string]string
	pending   map[string]int
	commit    func(app.Changed)
	terms     app.Terms
	cards     int // appeals read whole
	failing   error
	unindexed int
	fakeTables
	sent      bool                   // what is performed leaves at once
	before    map[string]*app.Appeal // as they stood, by operation
	sheet     []byte                 // shown last
	disclosed []string               // appeal and how
}

func (s *fakeStore) row(record uint64) app.Row {
	a := s.appeals[record]
	d := s.terms.Deadline(a)
	return app.Row{
		Record: record, ID: a.ID, Number: a.Number, Heading: a.Heading(), Snippet: a.Text, Source: a.Source,
		Status: a.Status, Group: a.Group, Municipality: a.Municipality, Assignee: a.Assignee,
		Due: d.Due, Unit: d.Rule.Unit, Standing: d.Standing, Left: d.Left, Marked: a.Marked(), Attention: a.Attention(), Pending: s.pending[a.ID] > 0, Draft: s.drafts[a.ID].Answer != "",
	}
}

func (s *fakeStore) inQueue(a *app.Appeal, q app.Query, queue app.Queue) bool {
	switch queue {
	case app.QueueNeeds:
		return a.Status.NeedsAnswer()
	case app.QueueMine:
		return a.Status.Open() && a.Assignee == q.Me
	case app.QueueOverdue:
		due := s.terms.Deadline(a).Due
		return a.Status.Open() && !due.IsZero() && due.Before(q.Now)
	case app.QueueApproval:
		return a.Status == app.StatusApproval
	case app.QueueReturned:
		return a.Status == app.StatusRework
	case app.QueueSoon:
		due := s.terms.Deadline(a).Due
		return a.Status.Open() && !due.Before(q.Now) && due.Before(q.Now.Add(app.SoonWithin))
	case app.QueueCheck:
		return a.Attention() != ""
	case app.QueueUnsent:
		return s.pending[a.ID] > 0
	case app.QueueArchive:
		return !a.Status.Open()
	case app.QueueAll:
		return true
	}
	return a.Status.Open()
}

func fits[V comparable](chosen []V, v V) bool { return len(chosen) == 0 || slices.Contains(chosen, v) }

func (s *fakeStore) Find(q app.Query) (app.Found, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := app.Found{Counts: app.Counts{
		Queues: map[app.Queue]int{}, Sources: map[app.Source]int{}, Groups: map[string]int{}, Municipalities: map[string]int{},
		Topics: map[string]int{}, Executors: map[string]int{}, Assignees: map[string]int{},
	}}
	if s.failing != nil {
		return f, s.failing
	}
	for i, a := range s.appeals {
		text := app.Fold(a.Title + " " + a.Text + " " + a.Number)
		found := true
		for _, w := range strings.Fields(app.Fold(q.Words)) {
			found = found && strings.Contains(text, w)
		}
		if !fits(q.Topics, a.Topic) || !fits(q.Executors, a.Executor) || !fits(q.Assignees, a.Assignee) {
			continue
		}
		if !isAt(a, q.Filter) {
			continue
		}
		if q.Own && a.Assignee != q.Me && (a.Assignee != "" || len(q.Places) > 0 && !slices.Contains(q.Places, a.Municipality)) {
			continue
		}
		source, group, place := fits(q.Sources, a.Source), fits(q.Groups, a.Group), fits(q.Municipalities, a.Municipality) && (q.Page == "" || q.Page == a.Page)
		if !found {
			continue
		}
		in := s.inQueue(a, q, q.Queue)
		if source && group && place {
			for _, queue := range app.Queues {
				if s.inQueue(a, q, queue) {
					f.Counts.Queues[queue]++
				}
			}
			if in {
				f.Records = append(f.Records, uint64(i))
				f.Counts.Topics[a.Topic]++
				f.Counts.Executors[a.Executor]++
				f.Counts.Assignees[a.Assignee]++
			}
		}
		if in && group && place {
			f.Counts.Sources[a.Source]++
		}
		if in && source && place {
			f.Counts.Groups[a.Group]++
		}
		if in && source && group {
			f.Counts.Municipalities[a.Municipality]++
		}
	}
	due := func(r uint64) int64 {
		if d := s.terms.Deadline(s.appeals[r]).Due; !d.IsZero() {
			return d.Unix()
		}
		return 1 << 60
	}
	sort.SliceStable(f.Records, func(i, j int) bool { return due(f.Records[i]) < due(f.Records[j]) })
	if q.Order == app.OrderNewest {
		slices.Reverse(f.Records)
	}
	f.Total = len(f.Records)
	return f, nil
}

func (s *fakeStore) Indexing() (done, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.appeals) - s.unindexed, len(s.appeals)
}

func (s *fakeStore) Row(record uint64) (app.Row, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row(record), nil
}

func (s *fakeStore) Soonest(time.Time, int) ([]app.Soon, error) { return nil, nil }

func (s *fakeStore) index(id string) (int, error) {
	for i, a := range s.appeals {
		if a.ID == id {
			return i, nil
		}
	}
	return 0, app.Fail(app.CodeNotFound, "appeal")
}

func (s *fakeStore) Appeal(id string) (*app.Appeal, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.index(id)
	if err != nil {
		return nil, err
	}
	return s.appeals[i].Clone(), nil
}

func (s *fakeStore) AppealAt(record uint64) (*app.Appeal, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cards++
	return s.appeals[record].Clone(), nil
}

func (s *fakeStore) Record(id string) (uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.index(id)
	return uint64(i), err == nil
}

func (s *fakeStore) Pages() ([]app.Page, error) { return slices.Clone(s.pages), nil }

func (s *fakeStore) Page(id string) (app.Page, bool, error) {
	for _, p := range s.pages {
		if p.ID == id {
			return p, true, nil
		}
	}
	return app.Page{}, false, nil
}

func (s *fakeStore) Columns(from, to app.Day) (map[string]app.Series, error) {
	out := map[string]app.Series{}
	for id, c := range s.columns {
		cut := app.Series{First: from}
		for d := from; d <= to; d++ {
			n, ok := c.At(d)
			if !ok {
				n = app.Missing
			}
			cut.Values = append(cut.Values, n)
		}
		out[id] = cut
	}
	return out, nil
}

func (s *fakeStore) Days() (first, last app.Day, ok bool, err error) {
	for _, c := range s.columns {
		end := c.First + app.Day(len(c.Values)) - 1
		if !ok || c.First < first {
			first = c.First
		}
		if !ok || end > last {
			last = end
		}
		ok = true
	}
	return first, last, ok, nil
}

func (s *fakeStore) Perform(ops []app.Op) error {
	s.mu.Lock()
	if s.failing != nil {
		s.mu.Unlock()
		return s.failing
	}
	for _, op := range ops {
		switch op.Kind {
		case app.OpCreate:
			a, err := app.Decode[app.Appeal](op.Payload)
			if err != nil {
				s.mu.Unlock()
				return err
			}
			s.appeals = append(s.appeals, &a)
		case app.OpEvent:
			e, err := app.Decode[app.Event](op.Payload)
			if err != nil {
				s.mu.Unlock()
				return err
			}
			if i, err := s.index(op.Ent); err == nil {
				e.Files = op.Files
				s.before[op.ID] = s.appeals[i]
				a := s.appeals[i].Clone()
				a.Apply(e)
				s.appeals[i] = a
			}
		case app.OpResolve:
			r, err := app.Decode[app.Resolution](op.Payload)
			if err != nil {
				s.mu.Unlock()
				return err
			}
			for i := range s.conflicts {
				if s.conflicts[i].Op == r.Conflict {
					s.conflicts[i].Choice = r.Choice
				}
			}
		}
		s.pending[op.Ent]++
	}
	tables := s.putTables(ops)
	s.mu.Unlock()
	s.commit(app.Changed{Appeals: true, Outbox: true, Tables: tables})
	return nil
}

func (s *fakeStore) PendingFor(id string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pending[id], nil
}
func (s *fakeStore) Entries(int) ([]app.Entry, error) { return slices.Clone(s.entries), nil }

func (s *fakeStore) Conflicts() ([]app.Conflict, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.conflicts), nil
}

func (s *fakeStore) Forget(time.Time, int) (int, error) { return 0, nil }

func (s *fakeStore) Draft(id string) (app.Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drafts[id], nil
}

func (s *fakeStore) SaveDraft(id string, d app.Draft) error {
	s.mu.Lock()
	s.drafts[id] = d
	s.mu.Unlock()
	s.commit(app.Changed{Appeals: true})
	return nil
}

func (s *fakeStore) Setting(name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings[name], nil
}

func (s *fakeStore) SaveSetting(name, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings[name] = value
	return nil
}
func (s *fakeStore) Size() int64                  { return 432 << 20 }
func (s *fakeStore) Upkeep() app.Upkeep           { return s.upkeep }
func (s *fakeStore) Path() string                 { return "otklik.db" }
func (s *fakeStore) OnCommit(f func(app.Changed)) { s.commit = f }

// fakeExchange is an exchange engine that only has a state.
type fakeExchange struct {
	mu    sync.Mutex
	state app.ExchangeState
	woken int

	besides []string // appeals that were told to be open
	others  []app.Companion

	fetched   []app.File
	transfers map[string]app.Transfer
}

func (x *fakeExchange) State() app.ExchangeState {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.state
}

func (x *fakeExchange) Wake() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.woken++
}

func (x *fakeExchange) WorkOffline(off bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.state.Link = app.LinkOnline
	if off {
		x.state.Link = app.LinkOff
	}
}

// fixture is a window over a fake store.
type fixture struct {
	*Window
	t        testing.TB
	store    *fakeStore
	exchange *fakeExchange
	queue    chan func()
}

// fixed chooses how a fixture looks and what it holds.
type fixed struct {
	lang, theme string
	roles       []app.Role
	store       func(*fakeStore)
	size        fyne.Size
	carrier     Carrier
	keys        Keyholder
	adviser     app.Adviser
	opener      app.LinkOpener
	real        app.Store // in the place of the fake one
}

func newFakeStore(terms app.Terms) *fakeStore {
	s := &fakeStore{
		drafts: map[string]app.Draft{}, settings: map[string]string{}, pending: map[string]int{},
		columns: map[string]app.Series{}, before: map[string]*app.Appeal{}, terms: terms, commit: func(app.Changed) {},
	}
	s.appeals = drawnAppeals()
	return s
}

// openWindow shows a window at the size of the drawings; its UI goroutine is
// the test's own: what background work brings is applied by until.
func openWindow(t testing.TB, o fixed) *fixture {
	t.Helper()
	fa := test.NewTempApp(t)
	region, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, store: newFakeStore(terms), queue: make(chan func(), 4096)}
	f.exchange = &fakeExchange{state: app.ExchangeState{
		Link: app.LinkOffline, Server: "central.example", Pending: 7, Last: noon.Add(-6 * time.Minute),
	}}
	if o.store != nil {
		o.store(f.store)
	}
	if o.roles == nil {
		o.roles = []app.Role{app.RoleOperator, app.RoleCurator}
	}
	var kept app.Store = f.store
	if o.real != nil {
		kept = o.real
	}
	n := 0
	var mu sync.Mutex
	desk := app.NewDesk(app.Outside{
		Adviser: o.adviser, Opener: o.opener, Store: kept, Region: region, Terms: terms, Me: app.Identity{Name: "Оператор 3", Roles: o.roles},
		Now: func() time.Time { return noon }, NewID: func() string {
			mu.Lock()
			defer mu.Unlock()
			n++
			return fmt.Sprintf("new-%d", n)
		},
	})
	desk.Connect(f.exchange)
	if o.theme == "" {
		o.theme = "light"
	}
	f.Window = New(fa, Options{
		Desk: desk, Version: "0.0-test", Language: o.lang, Theme: o.theme,
		Schedule: func(do func()) { f.queue <- do }, Carrier: o.carrier, Keyholder: o.keys,
	})
	if o.size.IsZero() {
		o.size = fyne.NewSize(1366, 768)
	}
	f.win.Resize(o.size)
	t.Cleanup(f.end)
	f.until(func() bool { return f.ready })
	return f
}

// until applies what background work brings until the condition holds.
func (f *fixture) until(done func() bool) {
	f.t.Helper()
	limit := time.After(10 * time.Second)
	for !done() {
		select {
		case do := <-f.queue:
			do()
		case <-limit:
			f.t.Fatal("background work did not bring what the test waits for")
		}
	}
}

// settle applies all that comes until nothing has come for a while; it is for
// pictures, where there is no one condition to wait for.
func (f *fixture) settle() {
	for {
		select {
		case do := <-f.queue:
			do()
		case <-time.After(150 * time.Millisecond):
			return
		}
	}
}

// appealsPart gives the Appeals screen.
func (f *fixture) appealsPart() *appealsScreen {
	s, ok := f.screens[screenAppeals].(*appealsScreen)
	if !ok {
		f.t.Fatal("no Appeals screen")
	}
	return s
}

// picture writes what the window shows to the folder named by OTKLIK_LOOK, for
// people to look at; without it nothing is written.
func (f *fixture) picture(name string) {
	f.t.Helper()
	folder := os.Getenv("OTKLIK_LOOK")
	if folder == "" {
		return
	}
	out, err := os.Create(filepath.Join(folder, strings.ReplaceAll(name, "/", "-")+".png"))
	if err != nil {
		f.t.Fatal(err)
	}
	if err := png.Encode(out, f.win.Canvas().Capture()); err != nil {
		f.t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		f.t.Fatal(err)
	}
}

func (s *fakeStore) Series(page string) (app.Series, error) { return s.columns[page], nil }
