package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"otklik/app"
)

// Device is what this workstation is to the server.
type Device struct {
	Server   string       `json:"server"` // address
	ID       string       `json:"id"`
	Inc      uint32       `json:"inc"`           // incarnation of this file
	Key      []byte       `json:"key,omitempty"` // Ed25519 private key in files of before 0.2
	Identity app.Identity `json:"identity"`
	Revoked  bool         `json:"revoked,omitempty"` // the server shut it out
}

// Device gives what was agreed at enrolment; ok is false before it.
func (s *Store) Device() (d Device, ok bool, err error) {
	raw, err := s.meta(keyDevice)
	if err != nil || raw == nil {
		return d, false, err
	}
	return d, true, json.Unmarshal(raw, &d)
}

// SaveDevice keeps what was agreed at enrolment. With another server the
// cursor starts anew.
func (s *Store) SaveDevice(d Device) error {
	return s.update(func(t *tx) error {
		t.logDevice(d)
		return t.saveDevice(d)
	})
}

func (t *tx) saveDevice(d Device) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	t.changed.Settings, t.changed.Exchange = true, true
	return t.Bucket(bucketMeta).Put(keyDevice, raw)
}

// Cursor gives the place in the feed up to which changes were applied, "" at
// the beginning.
func (s *Store) Cursor() (string, error) {
	raw, err := s.meta(keyCursor)
	return string(raw), err
}

// Shared gives the place up to which this file shares the server's history: the
// cursor or, from Rewind to the snapshot, the place that went back to. "" is the
// beginning.
func (s *Store) Shared() (string, error) {
	cursor, err := s.Cursor()
	if err != nil || cursor != "" {
		return cursor, err
	}
	raw, err := s.meta(keyShared)
	return string(raw), err
}

// ApplyChanges applies a page of the feed and moves the cursor, in one
// transaction. Operations of this workstation that the page judges leave the
// outbox in it.
func (s *Store) ApplyChanges(page app.FeedPage, received time.Time) error {
	return s.update(func(t *tx) error {
		t.changed.Exchange = true
		for _, c := range page.Changes {
			if err := t.apply(c, received); err != nil {
				return fmt.Errorf("change %d: %w", c.Seq, err)
			}
		}
		if err := t.backedUp(page.Safe); err != nil {
			return err
		}
		return t.Bucket(bucketMeta).Put(keyCursor, []byte(page.Next))
	})
}

func (t *tx) apply(c app.Change, received time.Time) error {
	own, mine, err := t.takeOwn(c.Op, func(op app.Op) bool {
		// Under the ID of ours something else may have been judged: the server will
		// refuse ours then.
		told := c.Kind == app.ChangeGone || c.Kind == app.ChangeEntered || c.Kind == op.Kind
		return told && op.Ent == c.Ent
	})
	if err != nil {
		return err
	}
	if mine {
		if err := t.enter(own, c, received); err != nil {
			return err
		}
		if err := t.keepSent(own, c.Seq); err != nil {
			return err
		}
	}
	switch c.Kind {
	case app.ChangeGone:
		return t.leave(c.Ent)
	case app.ChangeEntered:
		return t.come(c)
	}
	if c.Verdict == app.VerdictConflict {
		conflict, err := app.Decode[app.Conflict](c.Body)
		if err != nil {
			return err
		}
		if err := t.keepConflict(conflict); err != nil {
			return err
		}
	}
	switch {
	case c.Verdict != app.VerdictApplied && !mine:
		return nil
	case c.Kind == app.OpPage:
		return t.applyPage(c)
	case c.Kind == app.OpCount:
		return t.applyCounters(c, own.Op)
	case c.Kind == app.OpTable:
		return t.applyTable(c)
	}
	return t.applyAppeal(c, own.Op)
}

// applyAppeal moves the confirmed state of an appeal and folds what is left in
// the outbox over it. own is the operation where it is this workstation's.
func (t *tx) applyAppeal(c app.Change, own app.Op) error {
	record, known := t.record(c.Ent)
	var confirmed *app.Appeal
	var err error
	if known {
		if confirmed, err = t.confirmed(record); err != nil {
			return err
		}
	}
	if c.Verdict == app.VerdictApplied {
		if confirmed, err = t.advance(confirmed, c); err != nil {
			return err
		}
	} else if own.Kind == app.OpResolve && c.Verdict == app.VerdictRejected {
		// The server kept the conflict open; so does this side. A choice that was
		// superseded leaves standing the one that came before it.
		r, err := app.Decode[app.Resolution](own.Payload)
		if err == nil {
			err = t.choose(r.Conflict, "", time.Time{})
		}
		if err != nil {
			return err
		}
	}
	if !known {
		if confirmed == nil {
			return nil
		}
		if record, err = t.newRecord(c.Ent); err != nil {
			return err
		}
	}
	return t.rebase(record, c.Ent, confirmed)
}

// advance applies an accepted change to the confirmed state.
func (t *tx) advance(confirmed *app.Appeal, c app.Change) (*app.Appeal, error) {
	if c.Kind != app.OpCreate && confirmed == nil {
		return nil, fmt.Errorf("%s of a record that was never created", c.Kind)
	}
	after, err := fold(confirmed, app.Op{Kind: c.Kind, Payload: c.Body})
	if err != nil {
		return nil, err
	}
	switch c.Kind {
	case app.OpEvent:
		e, err := app.Decode[app.Event](c.Body)
		if err != nil {
			return nil, err
		}
		if r := after.Registers.Of(e.Type); r != nil {
			*r = app.Revision{Seq: c.Seq, Dev: c.Dev, Inc: c.Inc, At: c.At}
		}
	case app.OpResolve:
		r, err := app.Decode[app.Resolution](c.Body)
		if err != nil {
			return nil, err
		}
		return after, t.choose(r.Conflict, r.Choice, c.At)
	}
	return after, nil
}

// confirmed gives the appeal as the server has confirmed it, nil where it has
// not.
func (t *tx) confirmed(record uint64) (*app.Appeal, error) {
	raw := t.Bucket(bucketBase).Get(number(record))
	if raw == nil {
		raw = t.Bucket(bucketAppeals).Get(number(record))
	}
	if len(raw) == 0 {
		return nil, nil
	}
	return t.s.decodeRecord(raw)
}

// rebase folds the pending operations over the confirmed state.
func (t *tx) rebase(record uint64, ent string, confirmed *app.Appeal) error {
	pending, err := t.pendingOps(ent)
	if err != nil {
		return err
	}
	if len(pending) == 0 {
		if err := t.dropBase(record); err != nil {
			return err
		}
		return t.putAppeal(record, confirmed)
	}
	raw := []byte{}
	seen := confirmed
	if confirmed != nil {
		if raw, err = t.s.encodeRecord(header{}, confirmed); err != nil {
			return err
		}
		seen = confirmed.Clone()
	}
	if err := t.putBase(record, raw); err != nil {
		return err
	}
	// A creation comes first, wherever it stands: what was written before it was
	// about an appeal that the server has lost since. One that was imported again
	// follows the undo of the import.
	first := func(op app.Op) bool { return op.Kind == app.OpCreate || op.Kind == app.OpBack }
	if i := slices.IndexFunc(pending, first); i > 0 && pending[i].Kind == app.OpCreate {
		create := pending[i]
		pending = slices.Insert(slices.Delete(pending, i, i+1), 0, create)
	}
	for _, op := range pending {
		if seen, err = fold(seen, op); err != nil {
			return err
		}
	}
	return t.putAppeal(record, seen)
}
