package app

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Identity is who works at this workstation.
type Identity struct {
	Name  string `json:"name"`
	Roles []Role `json:"roles"`
	// Municipalities whose appeals are this person's matter; none: the region's.
	Municipalities []string `json:"municipalities,omitempty"`
}

// Desk is the workstation's use cases: all that a screen may call. Its methods
// may be called from any goroutine, and those that read or write the store must
// not be called on the UI thread.
type Desk struct {
	store    *gate
	force    atomic.Pointer[inForce]
	book     func(changed []Table) (*Region, Terms) // nil: the tables never change
	follows  sync.Mutex
	now      func() time.Time
	newID    func() string
	exchange atomic.Pointer[Exchange]
	adviser  Adviser
	opener   LinkOpener
	watch    watch

	mu        sync.Mutex
	me        Identity
	deeds     []*deed // of this person, the last one last
	listeners map[int]func(Changed)
	nextKey   int

	audiences audiences

	viewing   sync.Mutex // one change of the views at a time
	checking  sync.Mutex // one round of links at a time
	importing sync.Mutex // one change of the list of imports at a time
}

// Outside is what a desk receives from outside.
type Outside struct {
	Store  Store
	Region *Region
	Terms  Terms
	Me     Identity
	Now    func() time.Time
	NewID  func() string // ULIDs, never twice the same
	// Adviser finds and suggests topics, nil where none does.
	Adviser Adviser
	// Opener opens links of pages, nil where none can be opened.
	Opener LinkOpener
}

// NewDesk sets up a desk.
func NewDesk(o Outside) *Desk {
	d := &Desk{
		store: &gate{Store: o.Store}, book: o.Terms.Book, me: o.Me, now: o.Now, newID: o.NewID,
		adviser: o.Adviser, opener: o.Opener, listeners: map[int]func(Changed){},
	}
	d.force.Store(&inForce{o.Region, o.Terms})
	d.followTables()
	o.Store.OnCommit(func(c Changed) {
		if c.Tables {
			d.followTables()
		}
		if c.Pages {
			d.audiences.changed.Add(1)
		}
		d.Tell(c)
	})
	return d
}

// Connect names the exchange engine; without one the desk works alone.
func (d *Desk) Connect(x Exchange) { d.exchange.Store(&x) }

// Exchange gives the exchange engine, nil where there is none.
func (d *Desk) Exchange() Exchange {
	if x := d.exchange.Load(); x != nil {
		return *x
	}
	return nil
}

// Region gives the region's tables as they are in force; it must not be changed,
// and not be kept for long.
func (d *Desk) Region() *Region { return d.force.Load().region }

// Terms gives what follows from them for deadlines.
func (d *Desk) Terms() Terms { return d.force.Load().terms }

// Now is the time every term is compared with.
func (d *Desk) Now() time.Time { return d.now() }

// Me says who works here.
func (d *Desk) Me() Identity {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.me
}

// SetMe changes who works here, as the server said at enrolment.
func (d *Desk) SetMe(me Identity) {
	d.mu.Lock()
	if d.me.Name != me.Name {
		d.deeds = nil // another person's are not theirs to undo
	}
	d.me = me
	d.mu.Unlock()
	d.Tell(Changed{Settings: true, Appeals: true})
}

// Subscribe calls f after every committed change, on the goroutine that
// committed it; cancel ends that.
func (d *Desk) Subscribe(f func(Changed)) (cancel func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := d.nextKey
	d.nextKey++
	d.listeners[key] = f
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.listeners, key)
	}
}

// Tell passes a change on to all listeners.
func (d *Desk) Tell(c Changed) {
	d.mu.Lock()
	fs := make([]func(Changed), 0, len(d.listeners))
	for _, f := range d.listeners {
		fs = append(fs, f)
	}
	d.mu.Unlock()
	for _, f := range fs {
		f(c)
	}
}

// Find lists appeals.
func (d *Desk) Find(q Query) (Found, error) {
	me := d.Me()
	q.Now, q.Me, q.Places = d.now(), me.Name, me.Municipalities
	return d.store.Find(q)
}

// Indexing says of how many appeals the words are indexed, and of how many they are
// to be.
func (d *Desk) Indexing() (done, total int) { return d.store.Indexing() }

// Row gives one line of a list.
func (d *Desk) Row(record uint64) (Row, error) { return d.store.Row(record) }

// Card gives one appeal with all its screen shows.
func (d *Desk) Card(record uint64) (*Card, error) {
	a, err := d.store.AppealAt(record)
	if err != nil {
		return nil, err
	}
	c := &Card{Appeal: a, Record: record, Deadline: d.Terms().DeadlineAt(a, d.now()), Offers: Offers(a, d.Me().Roles)}
	c.Suggested = d.suggested(c)
	if c.Draft, err = d.store.Draft(a.ID); err != nil {
		return nil, err
	}
	if c.Pending, err = d.store.PendingFor(a.ID); err != nil {
		return nil, err
	}
	if c.Conflict, err = d.openConflict(a.ID); err != nil {
		return nil, err
	}
	if c.Files, err = d.Attachments(a); err != nil {
		return nil, err
	}
	if a.Page != "" {
		page, ok, err := d.store.Page(a.Page)
		if err != nil {
			return nil, err
		}
		if ok {
			c.PageName = page.Name
		}
	}
	return c, nil
}

func (d *Desk) openConflict(appeal string) (*Conflict, error) {
	all, err := d.store.Conflicts()
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Appeal == appeal && c.Choice == "" {
			return &c, nil
		}
	}
	return nil, nil
}

// Act does one or more things to an appeal, in this order and in one
// transaction: all happen or none. The events need no ID, time or author.
func (d *Desk) Act(id string, events ...Event) error {
	a, err := d.store.Appeal(id)
	if err != nil {
		return err
	}
	conflict, err := d.openConflict(id)
	if err != nil {
		return err
	}
	s, ops, err := d.ask(a, conflict != nil, events)
	if err != nil {
		return err
	}
	if err := d.store.Perform(ops); err != nil {
		return err
	}
	s.draft = typed(events)
	d.did(&deed{steps: []step{s}})
	return nil
}

// ask judges the events and makes operations of them; disputed says that a conflict
// about the appeal is open. The appeal stands as after them then.
func (d *Desk) ask(a *Appeal, disputed bool, events []Event) (s step, ops []Op, err error) {
	me := d.Me()
	now := d.now().UTC().Truncate(time.Millisecond)
	registers := a.Registers // as the person saw them; Apply does not move them
	s = step{appeal: a.ID, before: standingOf(a)}
	for i, e := range events {
		e.ID, e.By = d.newID(), me.Name
		// A millisecond apart, so that the order of one gesture is the order of
		// its times.
		e.At = now.Add(time.Duration(i) * time.Millisecond)
		if err := Judge(a, e, me.Roles); err != nil {
			return s, nil, err
		}
		if err := d.Terms().Allow(a, e); err != nil {
			return s, nil, err
		}
		if err := d.Outlet(a).Allow(a, e); err != nil {
			return s, nil, err
		}
		if e.Type == EventClosed && disputed {
			return s, nil, Fail(CodeConflictOpen)
		}
		a.Apply(e)
		files := e.Files
		e.Files = nil // the operation itself names them
		op := Op{ID: e.ID, Ent: a.ID, Kind: OpEvent, At: e.At, Schema: Schema, Files: files, Payload: Encode(e)}
		if r := registers.Of(e.Type); r != nil {
			op.Base = r.Seq
		}
		ops = append(ops, op)
		s.acts = append(s.acts, act{op: e.ID, what: e.Type, target: e.Target, group: e.Group, severity: e.Severity})
	}
	s.after = a.Status
	return s, ops, nil
}

// Clocks gives all terms of the appeal with what explains them.
func (d *Desk) Clocks(a *Appeal) []Clock { return d.Terms().Clocks(a, d.now()) }

// Answer gives the events that lead from where the appeal stands to an answer
// by this person: taken into work first, where it is not yet.
func Answer(a *Appeal, text, link string) []Event {
	answered := Event{Type: EventAnswered, Text: text, Link: link, ByHand: link == ""}
	if a.Status == StatusInProgress || a.Status == StatusApproval {
		return []Event{answered}
	}
	return []Event{{Type: EventStarted}, answered}
}

// Submit gives the events that lead to approval of the text.
func Submit(a *Appeal, text string) []Event {
	submitted := Event{Type: EventSubmitted, Text: text}
	if a.Status == StatusInProgress || a.Status == StatusRework {
		return []Event{submitted}
	}
	return []Event{{Type: EventStarted}, submitted}
}

// mayAsk refuses what the server would. Who has not enrolled has no roles yet.
func (d *Desk) mayAsk(kind OpKind) error {
	if me := d.Me(); len(me.Roles) > 0 && !me.MayAsk(kind) {
		return Fail(CodeWrongRole, kind)
	}
	return nil
}

// Create takes a new appeal in; the server gives it its number. It returns the
// ID.
func (d *Desk) Create(a Appeal) (string, error) {
	a.Text = strings.TrimSpace(a.Text)
	if a.Text == "" {
		return "", Fail(CodeEmptyText)
	}
	if !slices.Contains(Kinds, a.Kind) || !slices.Contains(Sources, a.Source) {
		return "", Fail(CodeNeedsField, "source")
	}
	if err := d.mayAsk(OpCreate); err != nil {
		return "", err
	}
	if !d.Me().Sees(a.Municipality) {
		return "", Fail(CodeOutOfScope)
	}
	a.ID = d.newID()
	now := d.now().UTC().Truncate(time.Millisecond)
	a.Status = StatusNew
	a.Events = []Event{{ID: a.ID, Type: EventDetected, At: now, By: d.Me().Name}}
	op := Op{ID: a.ID, Ent: a.ID, Kind: OpCreate, At: now, Schema: Schema, Payload: Encode(a)}
	if err := d.store.Perform([]Op{op}); err != nil {
		return "", err
	}
	d.did(&deed{final: OpCreate})
	return a.ID, nil
}

// SaveDraft keeps what a person has typed; an empty draft is forgotten.
func (d *Desk) SaveDraft(id string, text Draft) error {
	text.At = d.now()
	return d.store.SaveDraft(id, text)
}

// Record gives the dense number of an appeal.
func (d *Desk) Record(id string) (uint64, bool) { return d.store.Record(id) }

// Entries gives the outbox and the journal of exchange.
func (d *Desk) Entries(limit int) ([]Entry, error) { return d.store.Entries(limit) }

// Conflicts gives the conflicts that wait for a choice.
func (d *Desk) Conflicts() ([]Conflict, error) {
	all, err := d.store.Conflicts()
	return slices.DeleteFunc(all, func(c Conflict) bool { return c.Choice != "" }), err
}

// Settle ends a conflict. The text that lost becomes a note in the history of
// the appeal, unless it is dropped; the record of the conflict keeps it.
func (d *Desk) Settle(c Conflict, choice Choice) error {
	e := Event{
		ID: d.newID(), Type: EventNote, At: d.now().UTC().Truncate(time.Millisecond),
		By: d.Me().Name, Text: c.Mine.Text,
	}
	r := Resolution{Conflict: c.Op, Choice: choice, Event: e}
	op := Op{ID: e.ID, Ent: c.Appeal, Kind: OpResolve, At: e.At, Schema: Schema, Payload: Encode(r)}
	if choice != ChoiceDrop {
		op.Files = c.Mine.Files
	}
	if err := d.store.Perform([]Op{op}); err != nil {
		return err
	}
	d.did(&deed{final: OpResolve})
	return nil
}

// Setting gives a remembered choice of this workstation, "" where none was made.
func (d *Desk) Setting(name string) (string, error) { return d.store.Setting(name) }

// SaveSetting remembers a choice.
func (d *Desk) SaveSetting(name, value string) error { return d.store.SaveSetting(name, value) }

// StoreSize is the size of the local database in bytes, and where it is.
func (d *Desk) StoreSize() (int64, string) { return d.store.Size(), d.store.Path() }

// Fold makes text comparable: lower case, ё as е.
func Fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(s), "ё", "е")
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
