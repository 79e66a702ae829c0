package store

import (
	"encoding/json"
	"time"

	"otklik/app"
)

// What leaves the scope of this workstation goes out of every list at once.
// Operations about it stay in the outbox until the server has judged them; texts
// of a person that would go with a conflict stay among the refused.

// leave takes an appeal away that has left the scope.
func (t *tx) leave(ent string) error {
	record, known := t.record(ent)
	if !known {
		return nil
	}
	if err := t.rebase(record, ent, nil); err != nil {
		return err
	}
	if err := t.dropConflicts(func(c app.Conflict) bool { return c.Appeal == ent }); err != nil {
		return err
	}
	return t.tellGone(ent, true)
}

// come takes an appeal in that has entered the scope, whole.
func (t *tx) come(c app.Change) error {
	e, err := app.Decode[app.Entered](c.Body)
	if err != nil {
		return err
	}
	record, known := t.record(e.Appeal.ID)
	if !known {
		if record, err = t.newRecord(e.Appeal.ID); err != nil {
			return err
		}
	}
	if err := t.rebase(record, e.Appeal.ID, &e.Appeal); err != nil {
		return err
	}
	for _, k := range e.Conflicts {
		if err := t.keepConflict(k); err != nil {
			return err
		}
	}
	return t.tellGone(e.Appeal.ID, false)
}

// tellGone lets what waits about an appeal say, or not say any more, that the
// appeal is known to be gone: nothing is to be waited for then.
func (t *tx) tellGone(ent string, gone bool) error {
	pending, err := t.pendingOps(ent)
	if err != nil {
		return err
	}
	var ids []string
	for _, op := range pending {
		if op.Gone != gone {
			ids = append(ids, op.ID)
		}
	}
	return t.mark(ids, func(e *outboxEntry) {
		e.Op.Gone = gone
		e.Held = time.Time{}
	})
}

// dropConflicts forgets conflicts. What a person here has written and not yet
// settled stays where it can be read.
func (t *tx) dropConflicts(which func(app.Conflict) bool) error {
	var device Device
	if raw := t.Bucket(bucketMeta).Get(keyDevice); raw != nil {
		if err := json.Unmarshal(raw, &device); err != nil {
			return err
		}
	}
	b := t.Bucket(bucketConflicts)
	var gone []app.Conflict
	err := b.ForEach(func(_, v []byte) error {
		var c app.Conflict
		if err := unpackJSON(v, &c); err != nil {
			return err
		}
		if which(c) {
			gone = append(gone, c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, c := range gone {
		t.changed.Outbox = true
		if err := b.Delete([]byte(c.Op)); err != nil {
			return err
		}
		// What is sent again ends in a verdict of its own.
		again := t.Bucket(bucketOutboxIDs).Has([]byte(c.Op))
		if c.Choice == "" && c.By == device.Identity.Name && !again {
			if err := t.refuseConflict(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// refuseConflict keeps the text of a conflict among the refused, in the place of
// its entry in the journal.
func (t *tx) refuseConflict(c app.Conflict) error {
	if err := t.unenter(map[string]bool{c.Op: true}); err != nil {
		return err
	}
	t.tally.refused++
	return t.putEntry(bucketRefused, app.Entry{
		Op:    app.Op{ID: c.Op, Ent: c.Appeal, Kind: app.OpEvent, At: c.At, Payload: app.Encode(c.Mine)},
		State: app.EntryRefused, Attempts: 1, Sent: c.At, Reason: app.CodeOutOfScope,
	})
}
