package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"time"

	"otklik/app"
)

// sentKept is how long a judged operation is kept where the server never tells
// of a backup: as long as it keeps its own feed.
const sentKept = 90 * 24 * time.Hour

// sentEntry is an operation the server has judged. Until its place in the feed
// stands in a backup, the server may be restored to a state that does not know
// of it.
type sentEntry struct {
	outboxEntry
	Seq uint64 `json:"seq"`
}

// keepSent remembers a judged operation.
func (t *tx) keepSent(own outboxEntry, seq uint64, now time.Time) error {
	b := t.Bucket(bucketSent)
	for k, v := b.Cursor().First(); k != nil; k, v = b.Cursor().First() {
		var e sentEntry
		if err := json.Unmarshal(v, &e); err != nil {
			return err
		}
		if now.Sub(e.Op.At) < sentKept {
			break
		}
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	own.Held = time.Time{}
	raw, err := json.Marshal(sentEntry{own, seq})
	if err != nil {
		return err
	}
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
// again safe.
func (s *Store) Rewind(cut uint64) error {
	return s.update(func(t *tx) error {
		t.changed.Outbox, t.changed.Exchange = true, true
		err := t.eachSent(func(k []byte, e sentEntry) error {
			if e.Seq <= cut {
				return nil
			}
			if err := t.Bucket(bucketSent).Delete(k); err != nil {
				return err
			}
			return t.requeue(e.outboxEntry)
		})
		if err != nil {
			return err
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
		return t.anew()
	})
}

// Anew makes the next exchange begin with a snapshot; the outbox stays.
func (s *Store) Anew() error {
	return s.update(func(t *tx) error {
		t.changed.Exchange = true
		return t.anew()
	})
}

func (t *tx) anew() error {
	meta := t.Bucket(bucketMeta)
	for _, key := range [][]byte{keyLoad, keySeen, keyCursor} {
		if err := meta.Delete(key); err != nil {
			return err
		}
	}
	return meta.Put(keyAnew, []byte{1})
}

// requeue puts a judged operation back where it stood in the outbox.
func (t *tx) requeue(e outboxEntry) error {
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	key := number(e.Op.N)
	if err := t.Bucket(bucketOutbox).Put(key, raw); err != nil {
		return err
	}
	if err := t.Bucket(bucketOutboxIDs).Put([]byte(e.Op.ID), key); err != nil {
		return err
	}
	if err := t.Bucket(bucketOutboxEnt).Put(entKey(e.Op.Ent, e.Op.N), nil); err != nil {
		return err
	}
	record, ok := t.record(e.Op.Ent)
	if !ok || t.Bucket(bucketBase).Get(number(record)) != nil {
		return nil
	}
	// The snapshot brings the confirmed state; until then what is shown stands
	// for it, and an appeal that is not shown for one not confirmed.
	shown := t.Bucket(bucketAppeals).Get(number(record))
	return t.Bucket(bucketBase).Put(number(record), append([]byte{}, shown...))
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
		own, mine, err := t.takeOwn(id)
		if err != nil || !mine {
			return err
		}
		c.Op, c.Kind, c.Ent = id, own.Op.Kind, own.Op.Ent
		if err := t.enter(own, c, at); err != nil {
			return err
		}
		if err := t.keepSent(own, c.Seq, at); err != nil {
			return err
		}
		return t.refold(own.Op)
	})
}

// refold shows a record as confirmed, with what is left of the outbox over it.
func (t *tx) refold(op app.Op) error {
	if op.Kind == app.OpPage || op.Kind == app.OpCount {
		return nil
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
