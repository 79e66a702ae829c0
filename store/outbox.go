package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"time"

	"otklik/app"
)

// journalKept is how many judged operations the journal remembers; refused ones
// are kept apart and never trimmed.
const journalKept = 1000

// Pending gives operations that wait for a verdict and have a number after the
// one given, oldest first: at most so many, and so many bytes of payload, but at
// least one. Operations the server asked to hold are left out until their
// moment, and those with files until these are sent; with them what follows about
// the same records.
func (s *Store) Pending(after uint64, maxOps, maxBytes int, now time.Time) (ops []app.Op, err error) {
	device, _, err := s.Device()
	if err != nil {
		return nil, err
	}
	size, held := 0, map[string]bool{}
	err = s.view(func(tx reader) error {
		c := tx.Bucket(bucketOutbox).Cursor()
		for k, v := c.First(); k != nil && len(ops) < maxOps; k, v = c.Next() {
			early := keyNumber(k) <= after
			if early && !bytes.Contains(v, heldMark) {
				continue
			}
			var e outboxEntry
			if err := json.Unmarshal(v, &e); err != nil {
				return err
			}
			// One that was held and is passed over waits still, be its moment past or
			// not. A creation is what the others wait for.
			if early || e.Op.Kind != app.OpCreate && held[e.Op.Ent] || e.isHeld(now) || awaits(tx, e.Op) {
				held[e.Op.Ent] = true
				continue
			}
			if size += len(v); size > maxBytes && len(ops) > 0 {
				return nil
			}
			// The device may have been enrolled after the operation was written.
			e.Op.Dev, e.Op.Inc, e.Op.Made = device.ID, device.Inc, e.Made.open()
			ops = append(ops, e.Op)
		}
		return nil
	})
	return ops, err
}

// heldMost is the longest a server may ask to hold an operation. A moment beyond
// it was set by a clock that has been put right since.
const heldMost = 10 * time.Minute

func (e *outboxEntry) isHeld(now time.Time) bool {
	return e.Held.After(now) && e.Held.Before(now.Add(heldMost))
}

// Tried counts an attempt to send the operations that was not answered.
func (s *Store) Tried(ids []string) error {
	return s.update(func(t *tx) error {
		return t.mark(ids, func(e *outboxEntry) { e.Attempts++ })
	})
}

// mark changes entries of the outbox.
func (t *tx) mark(ids []string, change func(*outboxEntry)) error {
	b := t.Bucket(bucketOutbox)
	for _, id := range ids {
		key := bytes.Clone(t.Bucket(bucketOutboxIDs).Get([]byte(id)))
		if key == nil {
			continue
		}
		var e outboxEntry
		if err := json.Unmarshal(b.Get(key), &e); err != nil {
			return err
		}
		was := e
		change(&e)
		t.tally.hold(was.Held, e.Held)
		if was.Op.Gone != e.Op.Gone {
			t.logOp(&e)
		}
		raw, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if err := b.Put(key, raw); err != nil {
			return err
		}
	}
	return nil
}

// Refuse takes an operation out of the outbox that the server will not even
// enter into its feed, and keeps it with the reason.
func (s *Store) Refuse(id string, reason app.Code, at time.Time) error {
	return s.update(func(t *tx) error {
		own, mine, err := t.takeOwn(id, nil)
		if err != nil || !mine {
			return err
		}
		c := app.Change{Op: id, Kind: own.Op.Kind, Ent: own.Op.Ent, Verdict: app.VerdictRejected, Reason: reason}
		if err := t.enter(own, c, at); err != nil {
			return err
		}
		switch c.Kind {
		case app.OpPage:
			return t.applyPage(c)
		case app.OpCount:
			return t.applyCounters(c, own.Op)
		case app.OpTable:
			return t.applyTable(c)
		}
		return t.applyAppeal(c, own.Op)
	})
}

// takeOwn takes the operation out of the outbox, where it is there and is the one
// that is meant; nil means any of that ID.
func (t *tx) takeOwn(id string, meant func(app.Op) bool) (e outboxEntry, mine bool, err error) {
	ids := t.Bucket(bucketOutboxIDs)
	key := bytes.Clone(ids.Get([]byte(id)))
	if key == nil {
		return e, false, nil
	}
	b := t.Bucket(bucketOutbox)
	e.raw = bytes.Clone(b.Get(key))
	if err := json.Unmarshal(e.raw, &e); err != nil {
		return e, false, err
	}
	if meant != nil && !meant(e.Op) {
		return e, false, nil
	}
	t.changed.Outbox = true
	t.logged.Left = append(t.logged.Left, id)
	if err := b.Delete(key); err != nil {
		return e, false, err
	}
	t.tally.pending--
	t.tally.hold(e.Held, time.Time{})
	if err := t.forgetFiles(e.Op); err != nil {
		return e, false, err
	}
	if err := ids.Delete([]byte(id)); err != nil {
		return e, false, err
	}
	return e, true, t.Bucket(bucketOutboxEnt).Delete(entKey(e.Op.Ent, keyNumber(key)))
}

// pendingOps gives the operations that wait for a verdict about one record.
func (t *tx) pendingOps(ent string) (ops []app.Op, err error) {
	prefix := entPrefix(ent)
	c := t.Bucket(bucketOutboxEnt).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		var e outboxEntry
		if err := json.Unmarshal(t.Bucket(bucketOutbox).Get(k[len(prefix):]), &e); err != nil {
			return nil, err
		}
		ops = append(ops, e.Op)
	}
	return ops, nil
}

// enter writes the verdict into the journal. What was accepted needs no
// payload any more, except for the name of the action.
func (t *tx) enter(own outboxEntry, c app.Change, at time.Time) error {
	e := app.Entry{Op: own.Op, Attempts: own.Attempts + 1, Sent: at, Reason: c.Reason, State: app.EntrySent}
	bucket := bucketJournal
	switch c.Verdict {
	case app.VerdictRejected:
		e.State, bucket = app.EntryRefused, bucketRefused
	case app.VerdictConflict:
		e.State = app.EntryConflict
		if len(c.Body) == 0 && !t.Bucket(bucketConflicts).Has([]byte(c.Op)) {
			// It is out of scope by now: only here the text can still be read.
			e.State, e.Reason, bucket = app.EntryRefused, app.CodeOutOfScope, bucketRefused
		}
	}
	if e.State == app.EntryRefused {
		t.tally.refused++
	}
	if e.State == app.EntrySent {
		name, payload, err := named(own.Op)
		if err != nil {
			return err
		}
		if name.Type == app.EventEscalated {
			return nil // the program's own: among what a person did it would be in the way
		}
		e.Op.Payload = payload
	}
	return t.putEntry(bucket, e)
}

// named is what the journal keeps of a payload that is needed no more: the name of
// the action.
func named(op app.Op) (name app.Event, payload json.RawMessage, err error) {
	if op.Kind != app.OpEvent {
		return name, nil, nil
	}
	e, err := app.Decode[app.Event](op.Payload)
	if err != nil {
		return name, nil, err
	}
	name = app.Event{Type: e.Type, Target: e.Target}
	return name, app.Encode(name), nil
}

// putEntry adds an entry to the journal, or to the refused.
func (t *tx) putEntry(bucket []byte, e app.Entry) error {
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	b := t.Bucket(bucket)
	n, err := b.NextSequence()
	if err != nil {
		return err
	}
	t.entries++
	return b.Put(number(n), raw)
}

func (t *tx) trimJournal() error {
	if t.entries == 0 {
		return nil
	}
	b := t.Bucket(bucketJournal)
	last := b.Sequence()
	if last <= journalKept {
		return nil
	}
	c := b.Cursor()
	var old [][]byte
	for k, _ := c.First(); k != nil && keyNumber(k) <= last-journalKept; k, _ = c.Next() {
		old = append(old, bytes.Clone(k))
	}
	for _, k := range old {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// Entries gives what waits, oldest first, then what was refused, then the
// journal, newest first: at most limit of each.
func (s *Store) Entries(limit int) ([]app.Entry, error) {
	var out []app.Entry
	err := s.view(func(tx reader) error {
		c := tx.Bucket(bucketOutbox).Cursor()
		for k, v := c.First(); k != nil && len(out) < limit; k, v = c.Next() {
			var e outboxEntry
			if err := json.Unmarshal(v, &e); err != nil {
				return err
			}
			out = append(out, app.Entry{Op: e.Op, State: app.EntryWaiting, Attempts: e.Attempts})
		}
		for _, bucket := range [][]byte{bucketRefused, bucketJournal} {
			c := tx.Bucket(bucket).Cursor()
			n := 0
			for k, v := c.Last(); k != nil && n < limit; k, v = c.Prev() {
				var e app.Entry
				if err := json.Unmarshal(v, &e); err != nil {
					return err
				}
				out = append(out, e)
				n++
			}
		}
		for i := range out {
			e := &out[i]
			id := tx.Bucket(bucketIDs).Get([]byte(e.Op.Ent))
			if raw := tx.Bucket(bucketAppeals).Get(id); len(id) == 8 && raw != nil {
				a, err := s.decodeRecord(raw)
				if err != nil {
					return err
				}
				e.Number, e.Heading = a.Number, a.Heading()
			}
		}
		return nil
	})
	return out, err
}

// heldMark stands in an entry that the server asked to hold.
var heldMark = []byte(`,"held":"`)

// tally counts what the outbox holds, so that nobody who asks has to walk
// through it. It is derived when the file is opened and moves with each commit.
type tally struct{ pending, held, refused int }

func (y *tally) add(more tally) {
	y.pending += more.pending
	y.held += more.held
	y.refused += more.refused
}

// hold notes that an operation is held, or not any more.
func (y *tally) hold(was, is time.Time) {
	if !was.IsZero() {
		y.held--
	}
	if !is.IsZero() {
		y.held++
	}
}

func count(tx reader) (y tally, err error) {
	err = tx.Bucket(bucketOutbox).ForEach(func(_, v []byte) error {
		y.pending++
		if bytes.Contains(v, heldMark) {
			y.held++
		}
		return nil
	})
	y.refused = tx.Bucket(bucketRefused).Stats().KeyN
	return y, err
}

// Waiting counts what waits, what was refused and what waits for a choice.
func (s *Store) Waiting() (w app.Waiting, err error) {
	s.mu.RLock()
	w.Pending, w.Held, w.Refused = s.tally.pending, s.tally.held, s.tally.refused
	s.mu.RUnlock()
	err = s.view(func(tx reader) error {
		if k, v := tx.Bucket(bucketOutbox).Cursor().First(); k != nil {
			var e outboxEntry
			if err := json.Unmarshal(v, &e); err != nil {
				return err
			}
			w.Oldest = e.Op.At
		}
		return nil
	})
	if err != nil {
		return w, err
	}
	all, err := s.Conflicts()
	for _, c := range all {
		if c.Choice == "" {
			w.Conflicts++
		}
	}
	return w, err
}

// PendingFor counts the operations about an appeal that were not judged yet.
func (s *Store) PendingFor(appeal string) (n int, err error) {
	err = s.view(func(tx reader) error {
		prefix := entPrefix(appeal)
		c := tx.Bucket(bucketOutboxEnt).Cursor()
		for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
			n++
		}
		return nil
	})
	return n, err
}

// Conflicts gives all conflicts this workstation knows of, settled ones too.
func (s *Store) Conflicts() (out []app.Conflict, err error) {
	err = s.view(func(tx reader) error {
		return tx.Bucket(bucketConflicts).ForEach(func(_, v []byte) error {
			var c app.Conflict
			if err := unpackJSON(v, &c); err != nil {
				return err
			}
			out = append(out, c)
			return nil
		})
	})
	return out, err
}

func (t *tx) putConflict(c app.Conflict) error {
	t.changed.Outbox = true
	raw, err := packJSON(c)
	if err != nil {
		return err
	}
	return t.Bucket(bucketConflicts).Put([]byte(c.Op), raw)
}

// keepConflict keeps a conflict as the server has it and, while it is open there,
// over it the choice this workstation has not sent yet. A choice that stands on
// the server already is the one: ours will be superseded.
func (t *tx) keepConflict(c app.Conflict) error {
	pending, err := t.pendingOps(c.Appeal)
	if err != nil {
		return err
	}
	for _, op := range pending {
		if op.Kind != app.OpResolve {
			continue
		}
		r, err := app.Decode[app.Resolution](op.Payload)
		if err != nil {
			return err
		}
		if r.Conflict == c.Op && c.Choice == "" {
			c.Choice = r.Choice
		}
	}
	return t.putConflict(c)
}

// choose settles a conflict, or with "" opens it again. The moment is the
// server's, zero while it has not judged the choice.
func (t *tx) choose(op string, choice app.Choice, settled time.Time) error {
	raw := t.Bucket(bucketConflicts).Get([]byte(op))
	if raw == nil {
		return nil
	}
	var c app.Conflict
	if err := unpackJSON(raw, &c); err != nil {
		return err
	}
	c.Choice, c.Settled = choice, settled
	return t.putConflict(c)
}

// Draft gives what a person has typed and not sent.
func (s *Store) Draft(appeal string) (d app.Draft, err error) {
	err = s.view(func(tx reader) error {
		id := tx.Bucket(bucketIDs).Get([]byte(appeal))
		if raw := tx.Bucket(bucketDrafts).Get(id); len(id) == 8 && raw != nil {
			return unpackJSON(raw, &d)
		}
		return nil
	})
	return d, err
}

// SaveDraft keeps what a person has typed; an empty draft is forgotten.
func (s *Store) SaveDraft(appeal string, d app.Draft) error {
	return s.update(func(t *tx) error {
		if _, ok := t.record(appeal); !ok {
			return app.Fail(app.CodeNotFound, "appeal")
		}
		t.logged.Drafts = append(t.logged.Drafts, loggedDraft{appeal, d})
		return t.putDraft(appeal, d)
	})
}

// putDraft keeps a draft. The appeal may be one that is yet to come.
func (t *tx) putDraft(appeal string, d app.Draft) (err error) {
	record, ok := t.record(appeal)
	if !ok {
		if record, err = t.newRecord(appeal); err != nil {
			return err
		}
	}
	b := t.Bucket(bucketDrafts)
	if d.Empty() {
		return b.Delete(number(record))
	}
	raw, err := packJSON(d)
	if err != nil {
		return err
	}
	return b.Put(number(record), raw)
}

func (s *Store) meta(key []byte) (value []byte, err error) {
	err = s.view(func(tx reader) error {
		value = bytes.Clone(tx.Bucket(bucketMeta).Get(key))
		return nil
	})
	return value, err
}

// Record gives the dense number of an appeal.
func (s *Store) Record(id string) (n uint64, ok bool) {
	_ = s.view(func(tx reader) error { // reads nothing that can fail but a closed file
		v := tx.Bucket(bucketIDs).Get([]byte(id))
		if len(v) == 8 && tx.Bucket(bucketAppeals).Has(v) {
			n, ok = binary.BigEndian.Uint64(v), true
		}
		return nil
	})
	return n, ok
}
