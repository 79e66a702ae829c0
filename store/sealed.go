package store

import (
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// Values are sealed on their way into the file and opened on their way out, each
// for its own bucket and key; the code of this package sees them plain. Keys of
// buckets are numbers, days, identifiers and keyed hashes.

// bare are the buckets whose values say nothing: the layout's version, which is
// read before there is a key, numbers of identifiers, and nothing at all.
var bare = map[string]bool{
	string(bucketFormat): true, string(bucketIDs): true, string(bucketPageIDs): true, string(bucketOutboxIDs): true, string(bucketOutboxEnt): true,
}

// legible says how many bytes at the beginning of a value are readable without the
// key: a list needs no more of a record than its header. They cannot be changed
// unnoticed either.
func legible(bucket []byte) int {
	if string(bucket) == string(bucketAppeals) {
		return headerLen
	}
	return 0
}

// reader is a transaction that opens what it reads.
type reader struct {
	*bolt.Tx
	s *Store
}

// Bucket gives one of the buckets that every file has.
func (r reader) Bucket(name []byte) *bucket {
	return &bucket{r.Tx.Bucket(name), r.s, name, bare[string(name)], legible(name)}
}

// bucket is a bbolt bucket whose values are sealed.
type bucket struct {
	*bolt.Bucket
	s       *Store
	name    []byte
	bare    bool
	legible int
}

// place is what a value is bound to: its key and what of it can be read.
func (b *bucket) place(key, open []byte) []byte {
	return append(append(make([]byte, 0, len(key)+len(open)), key...), open...)
}

// plain opens a value.
func (b *bucket) plain(key, value []byte) ([]byte, error) {
	return b.plainTo(make([]byte, 0, len(value)), key, value)
}

// plainTo opens a value into the memory of room, where that is enough.
func (b *bucket) plainTo(room, key, value []byte) ([]byte, error) {
	if b.bare || value == nil {
		return value, nil
	}
	if len(value) < b.legible {
		return nil, fmt.Errorf("%s: a value of %d bytes", b.name, len(value))
	}
	at := value[:b.legible]
	plain, err := b.s.box.Open(append(room[:0], at...), value[b.legible:], b.name, b.place(key, at))
	if err != nil {
		return nil, fmt.Errorf("%s, key %x: %w", b.name, key, err)
	}
	return plain, nil
}

// must opens a value or ends the transaction: see damage.
func (b *bucket) must(key, value []byte) []byte {
	plain, err := b.plain(key, value)
	if err != nil {
		panic(damage{err})
	}
	return plain
}

// Get gives the value of a key, nil where there is none.
func (b *bucket) Get(key []byte) []byte { return b.must(key, b.Bucket.Get(key)) }

// Has says whether there is such a key.
func (b *bucket) Has(key []byte) bool { return b.Bucket.Get(key) != nil }

// Put seals a value for its key.
func (b *bucket) Put(key, value []byte) error {
	if b.bare {
		return b.Bucket.Put(key, value)
	}
	at := value[:b.legible]
	sealed := append(make([]byte, 0, len(value)+b.s.box.Overhead()), at...)
	return b.Bucket.Put(key, b.s.box.Seal(sealed, value[b.legible:], b.name, b.place(key, at)))
}

// ForEach calls f with every key and its value.
func (b *bucket) ForEach(f func(k, v []byte) error) error {
	return b.Bucket.ForEach(func(k, v []byte) error { return f(k, b.must(k, v)) })
}

// Cursor walks through the bucket.
func (b *bucket) Cursor() cursor { return cursor{b.Bucket.Cursor(), b} }

type cursor struct {
	*bolt.Cursor
	b *bucket
}

func (c cursor) pair(k, v []byte) ([]byte, []byte) { return k, c.b.must(k, v) }

// First, Last, Next, Prev and Seek move to a key and give it with its value.
func (c cursor) First() (k, v []byte)          { return c.pair(c.Cursor.First()) }
func (c cursor) Last() (k, v []byte)           { return c.pair(c.Cursor.Last()) }
func (c cursor) Next() (k, v []byte)           { return c.pair(c.Cursor.Next()) }
func (c cursor) Prev() (k, v []byte)           { return c.pair(c.Cursor.Prev()) }
func (c cursor) Seek(key []byte) (k, v []byte) { return c.pair(c.Cursor.Seek(key)) }

// view runs f as one read transaction.
func (s *Store) view(f func(tx reader) error) error {
	return s.db.View(func(tx *bolt.Tx) error { return f(reader{tx, s}) })
}

// damage is what a transaction ends with when a value does not open. Reading is
// everywhere and damage is rare: it goes past all code between, as damage found
// by bbolt itself does, and becomes an error at the guard of the file.
type damage struct{ err error }

func (d damage) Error() string { return d.err.Error() }

// opened appends to dst a value that was read past a reader, as goroutines do that
// share a transaction.
func (s *Store) opened(dst, value, bucket, key []byte) ([]byte, error) {
	plain, err := s.box.Open(dst, value, bucket, key)
	if err != nil {
		return nil, damage{fmt.Errorf("%s, key %x: %w", bucket, key, err)}
	}
	return plain, nil
}
