package store

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// Records that hold what the server has not judged are those that have a confirmed
// copy in bucketBase. Which they are is kept in memory, too, and moves with each
// commit.

// putBase keeps what is confirmed of a record, empty where nothing is.
func (t *tx) putBase(record uint64, confirmed []byte) error {
	t.bases[record] = true
	return t.Bucket(bucketBase).Put(number(record), confirmed)
}

// dropBase notes that all of a record has been judged.
func (t *tx) dropBase(record uint64) error {
	t.bases[record] = false
	return t.Bucket(bucketBase).Delete(number(record))
}

// readUnsent reads which records have a confirmed copy.
func readUnsent(tx reader) (*roaring.Bitmap, error) {
	unsent := roaring.New()
	return unsent, tx.Bucket(bucketBase).ForEach(func(k, _ []byte) error {
		unsent.Add(uint32(keyNumber(k)))
		return nil
	})
}

// followBases brings memory to what a commit has written.
func (s *Store) followBases(t *tx) {
	for record, unsent := range t.bases {
		if unsent {
			s.unsent.Add(uint32(record))
		} else {
			s.unsent.Remove(uint32(record))
		}
	}
}
