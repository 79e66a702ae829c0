package store

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"
)

// ForgetKey takes the device's key out of the file, where earlier versions kept
// it; the caller has put it into a safer place before. Not even the pages that
// the database no longer uses hold it afterwards. Cut off anywhere it leaves a
// sound file and can be repeated.
func (s *Store) ForgetKey() error {
	d, ok, err := s.Device()
	if err != nil || !ok || len(d.Key) == 0 {
		return err
	}
	key := d.Key
	d.Key = nil
	// Two transactions: bbolt falls back to the state before the last one when
	// that was not written whole, and the pages of that state stay untouched.
	for range 2 {
		if err := s.SaveDevice(d); err != nil {
			return err
		}
	}
	// Within a transaction, so that nobody takes the unused pages meanwhile.
	err = s.db.Update(func(*bolt.Tx) error { return s.blot([]byte(base64.StdEncoding.EncodeToString(key))) })
	return writeFailed(s.path, err)
}

// blot overwrites the text wherever it stands in the file. It must stand only in
// pages that no transaction refers to.
func (s *Store) blot(text []byte) (err error) {
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	blank := bytes.Repeat([]byte("A"), len(text))
	window := make([]byte, 1<<20)
	for at, kept := int64(0), 0; ; {
		n, err := f.ReadAt(window[kept:], at+int64(kept))
		if err != nil && err != io.EOF {
			return err
		}
		seen := window[:kept+n]
		for from := 0; ; {
			i := bytes.Index(seen[from:], text)
			if i < 0 {
				break
			}
			from += i
			if _, err := f.WriteAt(blank, at+int64(from)); err != nil {
				return err
			}
			from += len(text)
		}
		if err == io.EOF {
			return f.Sync()
		}
		// The text may lie across two windows.
		kept = copy(window, seen[len(seen)-len(text)+1:])
		at += int64(len(seen) - kept)
	}
}
