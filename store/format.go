package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

// version of the file's layout. A file of a later version is refused.
const version = 2

// prepare makes the buckets of a new file, and refuses one that is not for this
// program or sealed under another key.
func (s *Store) prepare() error {
	found, mark := versionOf(s.db), []byte(nil)
	err := s.db.View(func(tx *bolt.Tx) error {
		if b := tx.Bucket(bucketFormat); b != nil {
			mark = bytes.Clone(b.Get(keyMark))
		}
		if found != version {
			return nil
		}
		return tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
			if !slices.ContainsFunc(buckets, func(known []byte) bool { return bytes.Equal(known, name) }) {
				return fmt.Errorf("bucket %q is none of this program", name)
			}
			return nil
		})
	})
	switch {
	case err != nil:
		return openFailed(s.path, err)
	case found == noVersion:
		return openFailed(s.path, errors.New("the version of the file does not read"))
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
		return b.Put(keyVersion, summed(number(version)))
	})
	return writeFailed(s.path, err)
}

// noVersion stands for one that is damaged.
const noVersion = -1

// versionOf gives the version of a file's layout, 0 for a new one. Its checksum tells
// a later version from a damaged one; the first files had none.
func versionOf(db interface {
	View(func(*bolt.Tx) error) error
},
) (version int) {
	_ = db.View(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketFormat, bucketMeta} { // version 1 had it among the rest
			b := tx.Bucket(name)
			if b == nil {
				continue
			}
			switch v := b.Get(keyVersion); {
			case len(v) == 8 || len(v) == 8+crc32.Size && sumHolds(v):
				version = int(binary.BigEndian.Uint64(v))
				return nil
			case v != nil:
				version = noVersion
				return nil
			}
		}
		return nil
	})
	return version
}

// Sealed says whether the file at path may hold what only its key opens: all but
// none at all and one of version 1.
func Sealed(path string) bool {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if soundPages(path, readAtOpening) != nil {
		return true
	}
	sealed := true
	h := sheltered(func() {
		db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, ReadOnly: true})
		if err == nil {
			version := versionOf(db)
			sealed = db.Close() != nil || version != 1
		}
	})
	return h != nil || sealed
}

// mark tells the key of a file from others: what a word hashes to under it. The
// checksum tells another key from a damaged mark.
func (s *Store) mark() []byte {
	hash := s.box.Word("otklik")
	return summed(hash[:])
}

// opens says whether nothing speaks for the file being sealed under another key.
func (s *Store) opens(mark []byte) bool {
	return !sumHolds(mark) || bytes.Equal(mark, s.mark())
}

// summed appends a checksum.
func summed(b []byte) []byte { return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b)) }

// sumHolds says whether it is right.
func sumHolds(b []byte) bool {
	n := len(b) - crc32.Size
	return n > 0 && binary.BigEndian.Uint32(b[n:]) == crc32.ChecksumIEEE(b[:n])
}
