package store

import (
	"encoding/json"
	"slices"
	"time"

	"otklik/app"
)

// outboxEntry is an operation that waits for its verdict.
type outboxEntry struct {
	Op       app.Op    `json:"op"`
	Attempts int       `json:"attempts,omitempty"`
	Held     time.Time `json:"held,omitzero"` // the server asked not to send it before
	Made     stamp     `json:"made,omitzero"` // zero in a file of an earlier version

	raw []byte // as it stood in the outbox, where it was taken out of it
}

// Perform writes operations of this workstation: their effects, as this side
// sees them, and their entries in the outbox, in one transaction.
func (s *Store) Perform(ops []app.Op) error {
	made := s.time.Stamp()
	return s.update(func(t *tx) error {
		t.changed.Outbox = true
		for _, op := range ops {
			op.Made = made
			if err := t.perform(op); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) perform(op app.Op) error {
	if err := t.effect(op); err != nil {
		return err
	}
	// What shows while a snapshot is awaited may be of a history that is over: the
	// numbers past its cut stand for other changes by now.
	if anew := t.Bucket(bucketMeta).Get(keyAnew); len(anew) == 8 {
		op.Base = min(op.Base, keyNumber(anew))
	}
	b := t.Bucket(bucketOutbox)
	n, err := b.NextSequence()
	if err != nil {
		return err
	}
	op.N = n
	// Who settles a conflict names the files of what lost, which are on the server.
	if op.Kind == app.OpEvent {
		for _, f := range op.Files {
			if !t.s.HasFile(f) {
				return app.Fail(app.CodeAttachGone, f.Name)
			}
		}
		if err := t.awaitFiles(op); err != nil {
			return err
		}
	}
	e := outboxEntry{Op: op, Made: stampOf(op.Made), Held: heldForFiles(op)}
	t.logOp(&e)
	t.tally.hold(time.Time{}, e.Held)
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := b.Put(number(n), raw); err != nil {
		return err
	}
	t.tally.pending++
	if err := t.Bucket(bucketOutboxIDs).Put([]byte(op.ID), number(n)); err != nil {
		return err
	}
	return t.Bucket(bucketOutboxEnt).Put(entKey(op.Ent, n), nil)
}

// effect lets the operation show at once.
func (t *tx) effect(op app.Op) error {
	switch op.Kind {
	case app.OpPage:
		p, err := app.Decode[app.Page](op.Payload)
		if err != nil {
			return err
		}
		return t.performPage(p)
	case app.OpCount:
		c, err := app.Decode[app.Counters](op.Payload)
		if err != nil {
			return err
		}
		return t.performCounters(c)
	case app.OpTable:
		table, err := app.Decode[app.Table](op.Payload)
		if err != nil {
			return err
		}
		return t.performTable(table)
	case app.OpCreate:
		a, err := fold(nil, op)
		if err != nil {
			return err
		}
		record, known := t.record(a.ID)
		if !known {
			if record, err = t.newRecord(a.ID); err != nil {
				return err
			}
		}
		pending, err := t.pendingOps(a.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(pending, func(op app.Op) bool { return op.Kind == app.OpBack }) {
			// What it was before is the server's until that is judged.
			return t.putAppeal(record, a)
		}
		// An empty base: the server has not confirmed that it exists.
		if err := t.putBase(record, []byte{}); err != nil {
			return err
		}
		// It may have been here before, and lost by the server: what waits about it
		// shows again.
		for _, op := range pending {
			if a, err = fold(a, op); err != nil {
				return err
			}
		}
		return t.putAppeal(record, a)
	case app.OpResolve:
		r, err := app.Decode[app.Resolution](op.Payload)
		if err != nil {
			return err
		}
		if err := t.choose(r.Conflict, r.Choice, time.Time{}); err != nil {
			return err
		}
	}
	record, raw, a, err := t.appeal(op.Ent)
	if err != nil {
		return err
	}
	if !t.Bucket(bucketBase).Has(number(record)) {
		if err := t.putBase(record, append([]byte{}, raw...)); err != nil {
			return err
		}
	}
	if a, err = fold(a, op); err != nil {
		return err
	}
	return t.putAppeal(record, a)
}

// fold gives the appeal as it stands after the operation. a is nil before a
// create; other operations leave a nil appeal nil.
func fold(a *app.Appeal, op app.Op) (*app.Appeal, error) {
	switch op.Kind {
	case app.OpCreate:
		if a != nil { // it is there, and may have got on: the verdict is still on its way
			return a, nil
		}
		created, err := app.Decode[app.Appeal](op.Payload)
		return &created, err
	case app.OpEvent:
		e, err := app.Decode[app.Event](op.Payload)
		if err == nil && a != nil {
			if op.Files != nil { // in a change the event has them itself
				e.Files = op.Files
			}
			a.Apply(e)
		}
		return a, err
	case app.OpAmend:
		m, err := app.Decode[app.Amendment](op.Payload)
		if err == nil && a != nil {
			a.Amend(m)
		}
		return a, err
	case app.OpBack:
		b, err := app.Decode[app.TakenBack](op.Payload)
		if err != nil || a == nil {
			return a, err
		}
		if a.TakeBack(b); a.Undone {
			return nil, nil
		}
		return a, nil
	case app.OpResolve:
		r, err := app.Decode[app.Resolution](op.Payload)
		if err == nil && a != nil && r.Choice != app.ChoiceDrop {
			if op.Files != nil {
				r.Event.Files = op.Files
			}
			a.Apply(r.Event)
		}
		return a, err
	}
	return a, nil
}
