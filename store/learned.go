package store

import (
	"maps"
	"slices"

	"otklik/pack"
)

// learnFrom is how many appeals a transaction has to bring for a file to learn
// from them what its records have in common.
const learnFrom = 200

// learn makes the dictionary by which appeals are packed from now on, once: what
// stands in the file already stays as it is. It is sealed like the rest.
func (t *tx) learn() error {
	if t.s.learned.Load() != nil || len(t.headers) < learnFrom {
		return nil
	}
	var records [][]byte
	b := t.Bucket(bucketAppeals)
	for _, record := range slices.Sorted(maps.Keys(t.headers)) {
		raw := b.Get(number(record))
		if raw == nil {
			continue
		}
		plain, err := pack.Open(raw[headerLen:])
		if err != nil {
			return err
		}
		records = append(records, plain)
	}
	dictionary, err := pack.Learn(records)
	if err != nil {
		return nil // they are too much alike; others may come
	}
	if t.learned, err = pack.NewLearned(dictionary); err != nil {
		return err
	}
	return t.Bucket(bucketMeta).Put(keyLearned, dictionary)
}

// loadLearned takes up what the file has learned.
func (s *Store) loadLearned(tx reader) error {
	dictionary := tx.Bucket(bucketMeta).Get(keyLearned)
	if dictionary == nil {
		s.learned.Store(nil)
		return nil
	}
	l, err := pack.NewLearned(dictionary)
	s.learned.Store(l)
	return err
}
