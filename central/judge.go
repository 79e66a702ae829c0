package central

import (
	"errors"
	"fmt"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// judge decides on one operation. It only reads: what it decides is written by
// the batch, the verdict together with its effects.
type judge struct {
	tx     Tx
	device Device
	scope  scope
	now    time.Time
	sent   time.Time // a time that had passed when the request was sent; zero: not known
	op     app.Op
	// restored says that this server has lost a part of its history, which
	// workstations are bringing back.
	restored bool
}

// refusal is a decision against an operation, with its reason.
type refusal struct{ reason app.Code }

func (r refusal) Error() string { return string(r.reason) }

// decide gives the entry of the feed the operation becomes. An error says that
// something could not be read; the operation is not judged then.
func (j *judge) decide() (app.Change, error) {
	c := app.Change{
		Op: j.op.ID, Dev: j.op.Dev, Inc: j.op.Inc, At: j.now, Kind: j.op.Kind, Ent: j.op.Ent, Verdict: app.VerdictApplied,
	}
	var err error
	switch {
	case j.op.Schema > app.Schema:
		err = refusal{app.CodeUnknownSchema}
	case !j.scope.who.MayAsk(j.op.Kind):
		err = refusal{app.CodeWrongRole}
	default:
		err = j.decideKind(&c)
	}
	if r, is := err.(refusal); is {
		c.Verdict, c.Reason, c.Body = app.VerdictRejected, r.reason, nil
		return c, nil
	}
	return c, err
}

func (j *judge) decideKind(c *app.Change) error {
	if !validFiles(j.op) {
		return refusal{wire.CodeMalformed}
	}
	switch j.op.Kind {
	case app.OpCreate:
		return j.create(c)
	case app.OpEvent:
		return j.event(c)
	case app.OpAmend:
		return j.amend(c)
	case app.OpBack:
		return j.takeBack(c)
	case app.OpPage:
		return j.page(c)
	case app.OpCount:
		return j.count(c)
	case app.OpTable:
		return j.table(c)
	case app.OpResolve:
		return j.resolve(c)
	}
	return refusal{app.CodeUnknownSchema}
}

func (j *judge) create(c *app.Change) error {
	a, err := app.Decode[app.Appeal](j.op.Payload)
	if err != nil || !validAppeal(&a) || a.ID != j.op.Ent {
		return refusal{wire.CodeMalformed}
	}
	old, ok, err := j.tx.Appeal(a.ID)
	switch {
	case err != nil:
		return err
	case ok && old.Undone && j.scope.who.Sees(a.Municipality):
		// It was imported by mistake, and comes again.
	case !j.scope.who.Sees(a.Municipality), ok && !j.scope.who.Sees(old.Municipality):
		return refusal{app.CodeOutOfScope}
	case ok && sameIdentity(old, &a):
		c.Verdict = app.VerdictSuperseded
		return nil
	case ok:
		return refusal{wire.CodeIDReused}
	}
	a.Registers, a.Undone = app.Registers{}, false
	undated(a.Events)
	for i := range a.Events {
		// What the source does not tell happened here, by a clock that may be wrong.
		if e := &a.Events[i]; e.ID == j.op.ID {
			e.By = j.device.Identity.Name
			j.date(e, j.occurred(time.Time{}))
		}
	}
	if a.Number == "" {
		if a.Number, err = j.nextNumber(&a); err != nil {
			return err
		}
	}
	c.Body = app.Encode(a)
	return nil
}

// nextNumber gives the number for people: the year the appeal began in, and a
// dense count within it. The count is moved on when the change is folded.
func (j *judge) nextNumber(a *app.Appeal) (string, error) {
	year := j.now.Year()
	for _, e := range a.Events {
		if !e.At.IsZero() && !e.At.After(j.now) {
			year = e.At.Year()
			break
		}
	}
	last, err := j.tx.Number(year)
	return fmt.Sprintf("%d-%06d", year, last+1), err
}

func (j *judge) event(c *app.Change) error {
	e, err := app.Decode[app.Event](j.op.Payload)
	if err != nil || !validEvent(e) || e.ID != j.op.ID {
		return refusal{wire.CodeMalformed}
	}
	a, err := j.appeal()
	if _, refused := err.(refusal); refused && e.Type == app.EventEscalated {
		c.Verdict = app.VerdictSuperseded // whoever sees the appeal marks it
		return nil
	}
	if err != nil {
		return err
	}
	if e.By, e.Files = j.device.Identity.Name, j.op.Files; e.Type == app.EventEscalated {
		e.By = ""
	}
	r := a.Registers.Of(e.Type)
	// Of a chain of one hand the first step was made after the fact it names; the
	// others follow it.
	follows := r != nil && r.Dev == j.op.Dev && r.Inc == j.op.Inc
	var seen time.Time
	if !follows || r.Seq == j.op.Base {
		if seen, err = j.seen(r); err != nil {
			return err
		}
	}
	m := j.occurred(seen)
	if r != nil {
		winner, has := lastWriter(a, r)
		// A later incarnation of the same device is another hand: its file was
		// restored or copied, and it has not seen what the earlier one did.
		if r.Seq > j.op.Base && !follows {
			j.date(&e, m)
			j.collide(c, a, e, winner)
			return nil
		}
		if has && winner.At.After(m.at) && !winner.At.After(j.now) {
			// History is kept in the order of time; a slow clock must not put a step
			// before the one it follows.
			m.at = winner.At
		}
	}
	j.date(&e, m)
	if err := app.Judge(a, e, j.device.Identity.Roles); err != nil {
		if app.CodeOf(err) == app.CodeNotAllowed && told(a, e) {
			c.Verdict = app.VerdictSuperseded
			return nil
		}
		return refusal{app.CodeOf(err)}
	}
	if e.Type == app.EventClosed {
		open, err := j.openConflict(a.ID)
		if err != nil {
			return err
		}
		if open {
			return refusal{app.CodeConflictOpen}
		}
	}
	c.Body = app.Encode(e)
	return nil
}

// collide decides on an event whose register somebody else has moved since the
// person saw it.
func (j *judge) collide(c *app.Change, a *app.Appeal, e, winner app.Event) {
	if reached(a, e, winner) {
		c.Verdict = app.VerdictSuperseded
		return
	}
	c.Verdict = app.VerdictConflict
	c.Body = app.Encode(app.Conflict{
		Op: j.op.ID, Appeal: a.ID, By: e.By, At: e.At, Mine: e, Winner: winner, Status: a.Status,
	})
}

// appeal reads the appeal the operation is about.
func (j *judge) appeal() (*app.Appeal, error) {
	if !validID(j.op.Ent) {
		return nil, refusal{wire.CodeMalformed}
	}
	a, ok, err := j.scope.visible(j.tx, j.op.Ent)
	switch {
	case err != nil || ok:
		return a, err
	case j.restored && !j.op.Gone:
		// Its creation may have been lost and be on its way from another station. So
		// is answered whoever asks for an appeal out of their scope, unless they
		// have been told that it is: that it is here must not be learnt from this.
		return nil, errNotYet
	case j.scope.all():
		return nil, refusal{app.CodeNotFound}
	}
	return nil, refusal{app.CodeOutOfScope}
}

// errNotYet says that what an operation builds on has not arrived.
var errNotYet = errors.New("the record is not here yet")

func (j *judge) openConflict(appeal string) (bool, error) {
	all, err := j.tx.Conflicts(appeal)
	for _, c := range all {
		if c.Choice == "" {
			return true, nil
		}
	}
	return false, err
}

func (j *judge) amend(c *app.Change) error {
	m, err := app.Decode[app.Amendment](j.op.Payload)
	if err != nil || !validAmendment(m) {
		return refusal{wire.CodeMalformed}
	}
	if _, err := j.appeal(); err != nil {
		return err
	}
	m.Fields.Events, m.Fields.Registers = nil, app.Registers{}
	undated(m.Events)
	c.Body = app.Encode(m)
	return nil
}

// takeBack undoes an import of an appeal where nobody has gone on from it.
func (j *judge) takeBack(c *app.Change) error {
	b, err := app.Decode[app.TakenBack](j.op.Payload)
	if err != nil || !validTakenBack(b) {
		return refusal{wire.CodeMalformed}
	}
	a, err := j.appeal()
	if err != nil {
		return err
	}
	disputes, err := j.tx.Conflicts(a.ID)
	switch {
	case err != nil:
		return err
	case len(disputes) > 0 || a.Sum() != b.Seen:
		return refusal{app.CodeWorkedOn}
	}
	if b.Before != nil {
		b.Before.Events, b.Before.Registers = nil, app.Registers{}
	}
	c.Body = app.Encode(b)
	return nil
}

func (j *judge) page(c *app.Change) error {
	p, err := app.Decode[app.Page](j.op.Payload)
	if err != nil || !validPage(p) || p.ID != j.op.Ent {
		return refusal{wire.CodeMalformed}
	}
	c.Body = app.Encode(p)
	return nil
}

func (j *judge) count(c *app.Change) error {
	counts, err := app.Decode[app.Counters](j.op.Payload)
	if err != nil || !validCounters(counts) || counts.Day.String() != j.op.Ent {
		return refusal{wire.CodeMalformed}
	}
	c.Body = app.Encode(counts)
	return nil
}

func (j *judge) resolve(c *app.Change) error {
	r, err := app.Decode[app.Resolution](j.op.Payload)
	if err != nil || !validResolution(r) || r.Event.ID != j.op.ID {
		return refusal{wire.CodeMalformed}
	}
	if _, err := j.appeal(); err != nil {
		return err
	}
	k, ok, err := j.tx.Conflict(j.op.Ent, r.Conflict)
	switch {
	case err != nil:
		return err
	case !ok:
		return refusal{app.CodeNotFound}
	case k.Choice != "":
		c.Verdict = app.VerdictSuperseded
		return nil
	}
	// Whatever the choice, the event is a note: the appeal may have been closed
	// meanwhile, and what goes out does so as a clarification.
	r.Event.Type, r.Event.By = app.EventNote, j.device.Identity.Name
	j.date(&r.Event, j.occurred(time.Time{}))
	r.Event.Files = j.op.Files
	if r.Event.Text == "" {
		r.Event.Text = k.Mine.Text
	}
	c.Body = app.Encode(r)
	return nil
}

// sameIdentity says whether two records of one ID are the same appeal, read
// twice.
func sameIdentity(a, b *app.Appeal) bool {
	return a.ID == b.ID && a.Kind == b.Kind && a.Source == b.Source && a.External == b.External
}
