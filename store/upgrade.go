package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
	"otklik/disk"
	"otklik/seal"
)

// A file of version 1 was not sealed. It is not changed in place, where unused
// pages would go on being readable: all it holds is written to a new file, which
// takes its place when it has been proved sound.

// copied are the buckets whose values are taken over as they are; what is not
// here is derived.
var copied = [][]byte{
	bucketPageIDs, bucketPageBase, bucketOutbox, bucketOutboxIDs, bucketOutboxEnt,
	bucketJournal, bucketRefused, bucketConflicts, bucketSent, bucketFiles, bucketDrafts, bucketSettings,
}

// upgradeBatch is how many values one transaction takes over.
const upgradeBatch = 1000

// upgrade brings a file of version 1 to the present one. Cut off anywhere it leaves
// the old file or the new one.
func upgrade(path string, box *seal.Box, terms app.Terms) (err error) {
	old, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, ReadOnly: true})
	if err != nil {
		return openFailed(path, err)
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	part := path + ".upgrade"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return writeFailed(path, err)
	}
	s, err := OpenWith(part, box, terms, Options{NoSync: true}) // it is synced whole
	if err != nil {
		return err
	}
	err = old.View(func(tx *bolt.Tx) error { return s.takeOver(tx) })
	if err == nil {
		var r Report
		if r, err = s.Check(); err == nil && len(r.Problems) > 0 {
			err = app.Fail(app.CodeDamagedStore, path).Because(errors.New(r.Problems[0]))
		}
	}
	if err == nil {
		err = s.sealFiles(strings.TrimSuffix(path, filepath.Ext(path)) + ".files")
	}
	if err = errors.Join(err, s.db.file.Load().Sync(), s.Close(), os.RemoveAll(s.beside(".journal")), os.RemoveAll(s.beside(".lock"))); err != nil {
		return writeFailed(path, errors.Join(err, os.Remove(part)))
	}
	if err := os.Rename(part, path); err != nil {
		return writeFailed(path, err)
	}
	disk.SyncFolder(filepath.Dir(path))
	return nil
}

// takeOver writes all that the old file holds.
func (s *Store) takeOver(old *bolt.Tx) error {
	for _, name := range copied {
		if err := s.each(old, name, func(t *tx, k, v []byte) error { return t.Bucket(name).Put(k, v) }); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	steps := []struct {
		name []byte
		put  func(t *tx, k, v []byte) error
	}{
		{bucketMeta, func(t *tx, k, v []byte) error {
			if bytes.Equal(k, keyVersion) || bytes.HasPrefix(k, []byte(dictPrefix)) {
				return nil
			}
			return t.Bucket(bucketMeta).Put(k, v)
		}},
		{bucketPages, func(t *tx, k, v []byte) error {
			var p app.Page
			if err := unpackJSON(v, &p); err != nil {
				return err
			}
			return errors.Join(t.setPage(uint32(keyNumber(k)), p), t.Bucket(bucketPages).Put(k, v))
		}},
		{bucketDays, func(t *tx, k, v []byte) error { return t.putDay(keyDay(k), countsOf1(v)) }},
		{bucketDayBase, func(t *tx, k, v []byte) error { return t.putDayBase(keyDay(k), countsOf1(v)) }},
		{bucketIDs, func(t *tx, k, v []byte) error { return t.Bucket(bucketIDs).Put(k, v) }},
		{bucketAppeals, func(t *tx, k, v []byte) error {
			a, err := t.s.decodeRecord(v)
			if err != nil {
				return err
			}
			return t.putAppeal(keyNumber(k), a)
		}},
		{bucketBase, func(t *tx, k, v []byte) error { return t.Bucket(bucketBase).Put(k, v) }},
	}
	for _, step := range steps {
		if err := s.each(old, step.name, step.put); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return s.load() // counts what was put past the ways of a running program
}

// countsOf1 reads a day of version 1: a count for every page number.
func countsOf1(v []byte) []uint32 {
	out := make([]uint32, len(v)/4)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(v[4*i:])
	}
	return out
}

// each calls put with every value of the old bucket, many in a transaction, and
// takes over how far it has counted.
func (s *Store) each(from *bolt.Tx, name []byte, put func(t *tx, k, v []byte) error) error {
	old := from.Bucket(name)
	if old == nil {
		return nil
	}
	c := old.Cursor()
	k, v := c.First()
	for first := true; k != nil || first; first = false {
		err := s.update(func(t *tx) error {
			if err := t.Bucket(name).SetSequence(old.Sequence()); err != nil {
				return err
			}
			for n := 0; k != nil && n < upgradeBatch; n++ {
				if err := put(t, k, append([]byte{}, v...)); err != nil {
					return err
				}
				k, v = c.Next()
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sealFiles seals the attachments that lie in the folder as they are.
func (s *Store) sealFiles(folder string) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.IsDir():
			return nil
		case len(d.Name()) != 2*sha256.Size:
			return os.Remove(path) // a part, or a copy for another program
		}
		return s.sealFile(path)
	})
}

func (s *Store) sealFile(path string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close() // only read
	sum := sha256.New()
	if _, err := io.Copy(sum, from); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != filepath.Base(path) {
		return nil // sealed already, before the last attempt was cut off, or damaged
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return err
	}
	var sealed bytes.Buffer // no attachment is larger than the memory of a workstation
	w := s.box.NewFileWriter(&sealed, 0)
	if _, err := io.Copy(w, from); err != nil {
		return err
	}
	if err := w.End(); err != nil {
		return err
	}
	return disk.WriteWhole(path, sealed.Bytes())
}
