package store

import (
	"context"
	"encoding/binary"
	"math"

	"otklik/app"
)

// wordsVersion is the way words become terms and terms postings; it is kept in the
// file, and where it differs the words are indexed anew.
const wordsVersion = 3 // 3: places are terms

// whole says that the words of all records are indexed.
const whole = math.MaxUint64

// reindexStep is how many records are indexed in one transaction.
const reindexStep = 1000

// loadWords finds out up to which record words are indexed.
func (s *Store) loadWords() error {
	known := true
	err := s.view(func(tx reader) error {
		empty := func(name []byte) bool {
			k, _ := tx.Bucket(name).Bucket.Cursor().First()
			return k == nil
		}
		v := tx.Bucket(bucketMeta).Get(keyWords)
		known = len(v) == 16 && binary.BigEndian.Uint64(v) == wordsVersion
		switch {
		case empty(bucketAppeals):
			known = known && binary.BigEndian.Uint64(v[8:]) == whole
			s.indexed = whole
		case known && !(empty(bucketWords) && empty(bucketNewWords)):
			s.indexed = binary.BigEndian.Uint64(v[8:])
		}
		return nil
	})
	if err != nil || known || s.indexed != whole {
		return err
	}
	return s.update(func(t *tx) error { return t.setIndexed(whole) })
}

// setIndexed notes up to which record words are indexed.
func (t *tx) setIndexed(next uint64) error {
	t.indexed = &next
	return t.Bucket(bucketMeta).Put(keyWords, append(number(wordsVersion), number(next)...))
}

// NeedsReindex says whether words are not indexed, or not in the way this version
// does it. Until Reindex has come to its end a search finds a part.
func (s *Store) NeedsReindex() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.indexed != whole
}

// Indexing says of how many records the words are indexed, and of how many they
// are to be; both are the same when nothing is to be done.
func (s *Store) Indexing() (done, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	total = s.index.len()
	return int(min(s.indexed, uint64(total))), total
}

// Reindex indexes the words of all records anew, or goes on where one that was
// stopped has come to. Other work goes on meanwhile; progress, which may be nil, is
// called after each of many short transactions. It also replaces postings that are
// damaged.
func (s *Store) Reindex(ctx context.Context, progress func(done, total int)) error {
	if !s.NeedsReindex() {
		s.mu.Lock()
		s.indexed = 0
		s.mu.Unlock()
	}
	if done, _ := s.Indexing(); done == 0 {
		if err := s.dropWords(); err != nil {
			return err
		}
	}
	for s.NeedsReindex() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.update((*tx).reindex); err != nil {
			return err
		}
		if progress != nil {
			progress(s.Indexing())
		}
	}
	return nil
}

// dropWords begins anew. The list of forms stays where it can be read: it may hold
// words that do not occur any more.
func (s *Store) dropWords() error {
	names := [][]byte{bucketWords, bucketNewWords}
	err := s.view(func(tx reader) error { return tx.Bucket(bucketForms).ForEach(func(_, _ []byte) error { return nil }) })
	damaged := app.CodeOf(err) == app.CodeDamagedStore
	if damaged {
		names = append(names, bucketForms)
	}
	err = s.update(func(t *tx) error {
		t.merged = true // there is nothing that is not in blocks
		for _, name := range names {
			if err := t.DeleteBucket(name); err != nil {
				return err
			}
			if _, err := t.CreateBucket(name); err != nil {
				return err
			}
		}
		return t.setIndexed(0)
	})
	if err == nil && damaged {
		s.stems.forget()
	}
	return err
}

// forget lets all forms be listed again as they are met.
func (s *stemmer) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list, s.fresh = &formList{}, nil
	clear(s.known)
}

// reindex indexes the next records.
func (t *tx) reindex() error {
	t.changed.Index = true
	t.s.mu.RLock()
	next := t.s.indexed
	t.s.mu.RUnlock()
	var records []uint32
	c := t.Bucket(bucketAppeals).Bucket.Cursor()
	for k, _ := c.Seek(number(next)); k != nil && len(records) < reindexStep; k, _ = c.Next() {
		records = append(records, uint32(keyNumber(k)))
	}
	if len(records) == 0 {
		return t.setIndexed(whole)
	}
	terms := make([][]term, len(records))
	t.read(records, func(i int, a *app.Appeal) { terms[i] = t.s.stems.termsOf(a) })
	for i, n := range records {
		t.wordsChanged(uint64(n), nil, terms[i])
	}
	return t.setIndexed(uint64(records[len(records)-1]) + 1)
}
