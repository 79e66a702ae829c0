package store

import (
	"bytes"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"otklik/app"
)

// departed knows which operations of the outbox may be known to somebody else: an
// attempt to send one leaves no trace on the disk before it was answered, so what
// an earlier run of the program left in the outbox counts as gone.
type departed struct {
	mu    sync.Mutex // held while operations are chosen to be sent and while some are withdrawn
	early uint64     // the last number that was given out before the file was opened
	gone  roaring64.Bitmap
}

// begin is told that the file was opened, or replaced.
func (d *departed) begin(last uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.early = max(d.early, last)
}

func (d *departed) may(n uint64) bool { return n <= d.early || d.gone.Contains(n) }

// outset notes what the outbox held when the file was opened.
func (s *Store) outset() error {
	return s.view(func(tx reader) error {
		s.departed.begin(tx.Bucket(bucketOutbox).Sequence())
		return nil
	})
}

// Leaving is Pending for whoever sends what it gives: from then on Withdraw leaves
// these operations alone, whether they arrive or not.
func (s *Store) Leaving(after uint64, maxOps, maxBytes int, now time.Time) ([]app.Op, error) {
	s.departed.mu.Lock()
	defer s.departed.mu.Unlock()
	ops, err := s.Pending(after, maxOps, maxBytes, now)
	for _, op := range ops {
		s.departed.gone.Add(op.N)
	}
	return ops, err
}

// Withdraw takes back, in one transaction, what nobody else can know of: the
// operations leave the outbox, and the appeals show as if they had not been made.
// Each withdrawal is done whole or not at all, and done says which were. One is not
// where an operation may have been sent, was judged, or others about the appeal
// build on it.
func (s *Store) Withdraw(all []app.Withdrawal, at time.Time) (done []bool, err error) {
	s.departed.mu.Lock()
	defer s.departed.mu.Unlock()
	done = make([]bool, len(all))
	err = s.update(func(t *tx) error {
		for i, w := range all {
			free, err := t.isFree(w)
			if err != nil || !free {
				if err != nil {
					return err
				}
				continue
			}
			if err := t.withdraw(w.Ops, at); err != nil {
				return err
			}
			if err := t.typeOn(w, at); err != nil {
				return err
			}
			done[i] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// isFree says whether the operations are the last ones about the appeal in the
// outbox, and never left it.
func (t *tx) isFree(w app.Withdrawal) (bool, error) {
	wanted, created := map[uint64]bool{}, false
	first := uint64(0)
	for _, id := range w.Ops {
		key := t.Bucket(bucketOutboxIDs).Get([]byte(id))
		if key == nil || t.s.departed.may(keyNumber(key)) {
			return false, nil
		}
		e, err := readOutbox(t.Bucket(bucketOutbox).Get(key))
		if err != nil || e.Op.Ent != w.Record {
			return false, err
		}
		created = created || e.Op.Kind == app.OpCreate
		wanted[e.Op.N] = true
		if first == 0 || e.Op.N < first {
			first = e.Op.N
		}
	}
	prefix := entPrefix(w.Record)
	c := t.Bucket(bucketOutboxEnt).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		n := keyNumber(k[len(prefix):])
		if n < first || wanted[n] {
			continue
		}
		if builds, err := t.builds(n, created); err != nil || builds {
			return false, err
		}
	}
	return len(w.Ops) > 0, nil
}

// builds says whether an operation of the outbox may need those before it. Marks and
// notes stand by themselves, but without an appeal only a mark means nothing.
func (t *tx) builds(n uint64, created bool) (bool, error) {
	e, err := readOutbox(t.Bucket(bucketOutbox).Get(number(n)))
	if err != nil || e.Op.Kind != app.OpEvent {
		return true, err
	}
	event, err := app.Decode[app.Event](e.Op.Payload)
	return (&app.Registers{}).Of(event.Type) != nil || created && event.Type != app.EventEscalated, err
}

// withdraw takes operations out of the outbox, those that are there, and shows
// their appeals without them.
func (t *tx) withdraw(ops []string, at time.Time) error {
	var touched []app.Op // the last one of each appeal
	for _, id := range ops {
		own, mine, err := t.takeOwn(id, nil)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		t.logged.Withdrawn = append(t.logged.Withdrawn, id)
		e := app.Entry{Op: own.Op, State: app.EntryWithdrawn, Sent: at}
		if _, e.Op.Payload, err = named(own.Op); err != nil {
			return err
		}
		if err := t.putEntry(bucketJournal, e); err != nil {
			return err
		}
		if n := len(touched); n > 0 && touched[n-1].Ent == own.Op.Ent {
			touched = touched[:n-1]
		}
		touched = append(touched, own.Op)
	}
	for _, op := range touched {
		if err := t.refold(op); err != nil {
			return err
		}
	}
	return nil
}

// typeOn gives back what was typed for what is withdrawn. Something that is typed
// meanwhile stays, above it.
func (t *tx) typeOn(w app.Withdrawal, at time.Time) error {
	if w.Draft.Answer == "" && w.Draft.Note == "" {
		return nil
	}
	record, ok := t.record(w.Record)
	if !ok {
		return app.Fail(app.CodeNotFound, "appeal")
	}
	var d app.Draft
	if raw := t.Bucket(bucketDrafts).Get(number(record)); raw != nil {
		var err error
		if d, err = readDraft(raw); err != nil {
			return err
		}
	}
	d.Answer, d.Note, d.At = under(d.Answer, w.Draft.Answer), under(d.Note, w.Draft.Note), at
	t.logged.Drafts = append(t.logged.Drafts, loggedDraft{w.Record, d})
	return t.putDraft(w.Record, d)
}

// under puts one text under another.
func under(above, text string) string {
	if above == "" || text == "" || above == text {
		return max(above, text)
	}
	return above + "\n\n" + text
}
