package store

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

// version of the file's layout. A file of a later version is refused.
const version = 2

// prepare makes the buckets of a new file, and refuses one that is not for this
// program or sealed under another key.
func (s *Store) prepare() error {
	found, mark := 0, []byte(nil)
	err := s.db.View(func(tx *bolt.Tx) error {
		if b := tx.Bucket(bucketFormat); b != nil {
			if v := b.Get(keyVersion); len(v) == 8 {
				found = int(binary.BigEndian.Uint64(v))
			}
			mark = bytes.Clone(b.Get(keyMark))
		}
		return nil
	})
	switch {
	case err != nil:
		return openFailed(s.path, err)
	case found > version:
		return app.Fail(app.CodeNewerStore, s.path, found, version)
	case found == version && !s.opens(mark):
		return app.Fail(app.CodeOtherKey, s.path)
	}
	err = s.db.Update(func(tx *bolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		if found == version {
			return nil
		}
		b := tx.Bucket(bucketFormat)
		if err := b.Put(keyMark, s.mark()); err != nil {
			return err
		}
		return b.Put(keyVersion, number(version))
	})
	return writeFailed(s.path, err)
}

// mark tells the key of a file from others: what a word hashes to under it. The
// checksum tells another key from a damaged mark.
func (s *Store) mark() []byte {
	hash := s.box.Word("otklik")
	return binary.BigEndian.AppendUint32(hash[:], crc32.ChecksumIEEE(hash[:]))
}

// opens says whether nothing speaks for the file being sealed under another key.
func (s *Store) opens(mark []byte) bool {
	n := len(mark) - crc32.Size
	sound := n > 0 && binary.BigEndian.Uint32(mark[n:]) == crc32.ChecksumIEEE(mark[:n])
	return !sound || bytes.Equal(mark, s.mark())
}
