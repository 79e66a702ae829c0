package store

import (
	"context"
	"fmt"
	"math"

	"otklik/app"
)

// Due moments are kept with the records. Where other tables come into force they
// are reckoned anew, record by record, while other work goes on; the file knows by
// which terms that is done and how far it has come.

// reckonVersion is the way terms, and what else the header says of moments that
// follow from the history, are reckoned, apart from what the tables say. It is raised
// where package app comes to reckon otherwise. Since 2 the moment an appeal ended is
// that of a rejection or a merging, too, and there is none of one that is open again.
const reckonVersion = 2

// allReckoned says that the terms of all records are reckoned.
const allReckoned = math.MaxUint64

// reckonStep is how many records are reckoned in one transaction.
const reckonStep = 1000

// versionOfTerms is what is kept of the terms in the file.
func versionOfTerms(terms *app.Terms) string {
	return fmt.Sprintf("%d %s", reckonVersion, terms.Version)
}

// loadTables puts in force what the file says, and finds out up to which record
// terms are reckoned by it.
func (s *Store) loadTables() error {
	known := false
	err := s.view(func(tx reader) error {
		s.terms.Store(s.termsBy(tx.tables()))
		if s.reckoned, known = tx.reckoned(s.terms.Load()); known {
			return nil
		}
		if k, _ := tx.Bucket(bucketAppeals).Bucket.Cursor().First(); k == nil {
			s.reckoned = allReckoned
		}
		return nil
	})
	if err != nil || known {
		return err
	}
	return s.update(func(t *tx) error { return t.setReckoned(t.s.reckoned) })
}

// reckoned gives the record up to which the terms are reckoned by these; known is
// false where it was by others, or nobody knows by which.
func (r reader) reckoned(by *app.Terms) (next uint64, known bool) {
	v := r.Bucket(bucketMeta).Get(keyReckoned)
	if len(v) < 8 || string(v[8:]) != versionOfTerms(by) {
		return 0, false
	}
	return keyNumber(v), true
}

// setReckoned notes up to which record terms are reckoned.
func (t *tx) setReckoned(next uint64) error {
	t.newReckoned = &next
	return t.Bucket(bucketMeta).Put(keyReckoned, append(number(next), versionOfTerms(t.terms())...))
}

// Reckoning says of how many records the terms are reckoned by the tables in force,
// and of how many they are to be; both are the same when nothing is to be done.
func (s *Store) Reckoning() (done, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	total = s.index.len()
	return int(min(s.reckoned, uint64(total))), total
}

// NeedsReckoning says whether due moments are not those of the tables in force.
func (s *Store) NeedsReckoning() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.reckoned != allReckoned
}

// Reckon reckons the terms of all records by the tables in force, or goes on where
// one that was stopped has come to. Other work goes on meanwhile.
func (s *Store) Reckon(ctx context.Context) error {
	for s.NeedsReckoning() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.update((*tx).reckon); err != nil {
			return err
		}
	}
	return nil
}

// reckon reckons the terms of the next records.
func (t *tx) reckon() error {
	t.s.mu.RLock()
	next := t.s.reckoned
	t.s.mu.RUnlock()
	if next == allReckoned { // by somebody else meanwhile
		return nil
	}
	t.changed.Terms = true
	b := t.Bucket(bucketAppeals)
	var records []uint32
	c := b.Bucket.Cursor()
	for k, _ := c.Seek(number(next)); k != nil && len(records) < reckonStep; k, _ = c.Next() {
		records = append(records, uint32(keyNumber(k)))
	}
	if len(records) == 0 {
		t.changed.Appeals = true // what lists and figures say may be other by now
		return t.setReckoned(allReckoned)
	}
	terms := t.terms()
	fresh := make([]header, len(records))
	t.read(records, func(i int, a *app.Appeal) {
		h := &fresh[i]
		h.answerDue, h.due, h.closed = unix(terms.AnswerDue(a)), unix(terms.Deadline(a).Due), ended(a)
	})
	for i, n := range records {
		key := number(uint64(n))
		h, err := decodeHeader(b.Bucket.Get(key)) // can be read as it is
		if err != nil {
			return err
		}
		now := h
		now.answerDue, now.due, now.closed = fresh[i].answerDue, fresh[i].due, fresh[i].closed
		if now == h {
			continue
		}
		h = now
		t.setHeader(uint64(n), h)
		if err := b.Put(key, join(h, b.Get(key)[headerLen:])); err != nil {
			return err
		}
	}
	return t.setReckoned(uint64(records[len(records)-1]) + 1)
}
