package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"otklik/app"
)

// sentKept is how many judged operations are kept where the server never tells
// of a backup. It is a number and not a time, which a wrong clock would end.
const sentKept = 200_000

// sentEntry is an operation the server has judged. Until its place in the feed
// stands in a backup, the server may be restored to a state that does not know
// of it.
type sentEntry struct {
	outboxEntry
	Seq uint64 `json:"seq"`
}

// keepSent remembers a judged operation.
func (t *tx) keepSent(own outboxEntry, seq uint64) error {
	b := t.Bucket(bucketSent)
	for k, _ := b.Cursor().First(); k != nil && keyNumber(k)+sentKept < own.Op.N; k, _ = b.Cursor().First() {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	// A sentEntry is the outboxEntry and the seq, and need not be written anew.
	raw := fmt.Appendf(own.raw[:len(own.raw)-1], `,"seq":%d}`, seq)
	return b.Put(number(own.Op.N), raw)
}

// backedUp forgets the judged operations that the server cannot lose any more.
func (t *tx) backedUp(safe uint64) error {
	meta := t.Bucket(bucketMeta)
	if v := meta.Get(keySafe); len(v) == 8 && binary.BigEndian.Uint64(v) >= safe {
		return nil
	}
	err := t.eachSent(func(k []byte, e sentEntry) error {
		if e.Seq > safe {
			return nil
		}
		return t.Bucket(bucketSent).Delete(k)
	})
	if err != nil {
		return err
	}
	return meta.Put(keySafe, number(safe))
}

// eachSent calls f with every entry; f may delete it.
func (t *tx) eachSent(f func(key []byte, e sentEntry) error) error {
	var keys [][]byte
	b := t.Bucket(bucketSent)
	c := b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	for _, k := range keys {
		var e sentEntry
		if err := json.Unmarshal(b.Get(k), &e); err != nil {
			return err
		}
		if err := f(k, e); err != nil {
			return err
		}
	}
	return nil
}

// Rewind goes back to what a restored server still knows: operations whose
// verdict stands past the cut return into the outbox, at their old places, and
// the next exchange begins with a snapshot. Their identifiers make sending them
// again safe. shared is the cut as a cursor of the history it is of: before the
// snapshot is there the server may be restored again, to a state before the cut.
func (s *Store) Rewind(cut uint64, shared string) error {
	return s.update(func(t *tx) error {
		t.changed.Outbox, t.changed.Exchange = true, true
		again, touched := map[string]bool{}, []app.Op{}
		err := t.eachSent(func(k []byte, e sentEntry) error {
			if e.Seq <= cut {
				return nil
			}
			again[e.Op.ID], touched = true, append(touched, e.Op)
			if err := t.Bucket(bucketSent).Delete(k); err != nil {
				return err
			}
			return t.requeue(e.outboxEntry)
		})
		if err != nil {
			return err
		}
		if err := t.unenter(again); err != nil {
			return err
		}
		// What was refused or lost a conflict shows again: it may be accepted now.
		for _, op := range touched {
			if err := t.refold(op); err != nil {
				return err
			}
		}
		if err := t.lowerBases(cut); err != nil {
			return err
		}
		meta := t.Bucket(bucketMeta)
		// What was backed up past the cut was not, as it turned out.
		if v := meta.Get(keySafe); len(v) == 8 && binary.BigEndian.Uint64(v) > cut {
			if err := meta.Put(keySafe, number(cut)); err != nil {
				return err
			}
		}
		err = errors.Join(meta.Delete(keyCursor), meta.Put(keyShared, []byte(shared))) // of a history that is over
		return errors.Join(err, t.anew(cut))
	})
}

// Anew makes the next exchange begin with a snapshot not older than the seq; the
// outbox stays. So does the cursor, which names the history this file knows: the
// server may be restored before the snapshot is there.
func (s *Store) Anew(since uint64) error {
	return s.update(func(t *tx) error {
		t.changed.Exchange = true
		return t.anew(since)
	})
}

func (t *tx) anew(since uint64) error {
	meta := t.Bucket(bucketMeta)
	for _, key := range [][]byte{keyLoad, keySeen} {
		if err := meta.Delete(key); err != nil {
			return err
		}
	}
	return meta.Put(keyAnew, number(since))
}

// requeue puts a judged operation back where it stood in the outbox.
func (t *tx) requeue(e outboxEntry) error {
	e.Held = heldForFiles(e.Op)
	t.logOp(&e)
	t.tally.hold(time.Time{}, e.Held)
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	key := number(e.Op.N)
	if err := t.Bucket(bucketOutbox).Put(key, raw); err != nil {
		return err
	}
	t.tally.pending++
	if e.Op.Kind == app.OpEvent { // the server may have lost its files as well
		if err := t.awaitFiles(e.Op); err != nil {
			return err
		}
	}
	if err := t.Bucket(bucketOutboxIDs).Put([]byte(e.Op.ID), key); err != nil {
		return err
	}
	if err := t.Bucket(bucketOutboxEnt).Put(entKey(e.Op.Ent, e.Op.N), nil); err != nil {
		return err
	}
	switch e.Op.Kind {
	case app.OpPage:
		return t.keepBase(bucketPageBase, []byte(e.Op.Ent), t.pageRaw(e.Op.Ent))
	case app.OpCount:
		counters, err := app.Decode[app.Counters](e.Op.Payload)
		if err != nil {
			return err
		}
		return t.keepDay(counters.Day)
	case app.OpTable:
		return t.keepTable(e.Op.Ent)
	case app.OpResolve:
		r, err := app.Decode[app.Resolution](e.Op.Payload)
		if err == nil {
			err = t.choose(r.Conflict, r.Choice, time.Time{}) // a refusal had opened it again
		}
		if err != nil {
			return err
		}
	}
	record, ok := t.record(e.Op.Ent)
	if !ok {
		return nil
	}
	// The snapshot brings the confirmed state; until then what is shown stands
	// for it, and an appeal that is not shown for one not confirmed.
	t.bases[record] = true
	return t.keepBase(bucketBase, number(record), t.Bucket(bucketAppeals).Get(number(record)))
}

// keepBase keeps what is shown as what was confirmed, where nothing is kept yet.
func (t *tx) keepBase(bucket, key, shown []byte) error {
	b := t.Bucket(bucket)
	if b.Has(key) {
		return nil
	}
	return b.Put(key, append([]byte{}, shown...))
}

// unenter takes the verdicts on operations that are to be judged again out of
// the journal and from among the refused.
func (t *tx) unenter(again map[string]bool) error {
	for _, name := range [][]byte{bucketJournal, bucketRefused} {
		b := t.Bucket(name)
		var gone [][]byte
		err := b.ForEach(func(k, v []byte) error {
			var e app.Entry
			if err := json.Unmarshal(v, &e); err != nil {
				return err
			}
			if again[e.Op.ID] {
				gone = append(gone, bytes.Clone(k))
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, k := range gone {
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		if bytes.Equal(name, bucketRefused) {
			t.tally.refused -= len(gone)
		}
	}
	return nil
}

// lowerBases makes every waiting operation admit that it has seen nothing past
// the cut: the numbers after it now stand for other changes.
func (t *tx) lowerBases(cut uint64) error {
	b := t.Bucket(bucketOutbox)
	changed := map[uint64][]byte{}
	err := b.ForEach(func(k, v []byte) error {
		var e outboxEntry
		if err := json.Unmarshal(v, &e); err != nil || e.Op.Base <= cut {
			return err
		}
		e.Op.Base = cut
		t.logOp(&e)
		raw, err := json.Marshal(e)
		changed[keyNumber(k)] = raw
		return err
	})
	for n, raw := range changed {
		if err == nil {
			err = b.Put(number(n), raw)
		}
	}
	return err
}

// Settle takes an operation out of the outbox whose verdict stands in a part of
// the feed that this workstation took in as a snapshot.
func (s *Store) Settle(id string, c app.Change, at time.Time) error {
	return s.update(func(t *tx) error {
		t.changed.Exchange = true
		own, mine, err := t.takeOwn(id, nil)
		if err != nil || !mine {
			return err
		}
		c.Op, c.Kind, c.Ent = id, own.Op.Kind, own.Op.Ent
		if err := t.enter(own, c, at); err != nil {
			return err
		}
		if err := t.keepSent(own, c.Seq); err != nil {
			return err
		}
		return t.refold(own.Op)
	})
}

// refold shows a record as confirmed, with what is left of the outbox over it.
func (t *tx) refold(op app.Op) error {
	switch op.Kind {
	case app.OpPage:
		return t.applyPage(app.Change{Ent: op.Ent})
	case app.OpCount:
		return t.applyCounters(app.Change{Ent: op.Ent}, op)
	case app.OpTable:
		return t.applyTable(app.Change{Ent: op.Ent})
	}
	record, ok := t.record(op.Ent)
	if !ok {
		return nil
	}
	confirmed, err := t.confirmed(record)
	if err != nil {
		return err
	}
	return t.rebase(record, op.Ent, confirmed)
}

// Hold keeps operations from being sent before the moment.
func (s *Store) Hold(ids []string, until time.Time) error {
	return s.update(func(t *tx) error {
		return t.mark(ids, func(e *outboxEntry) { e.Held = until })
	})
}

// Renew gives this file an incarnation of its own: another copy of it has used
// its numbers.
func (s *Store) Renew(inc uint32) error {
	d, ok, err := s.Device()
	if err != nil || !ok {
		return err
	}
	d.Inc = inc
	return s.SaveDevice(d)
}
