package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

// compactStep is how many bytes go into one transaction of a compacted file.
const compactStep = 16 << 20

// Compact writes the database anew without its unused pages and gives the bytes it
// had and has. It tells how many bytes of about how many are written. Stopped
// anywhere it leaves the file as it was. Nobody else may work with the store
// meanwhile. Errors: CodeDiskFull, CodeNoFolder, CodeCancelled, CodeDamagedStore.
func (s *Store) Compact(ctx context.Context, told func(done, of int64)) (before, after int64, err error) {
	before = s.Size()
	part := s.beside(".compact")
	if free, known := room(filepath.Dir(s.path)); known && free < before {
		return before, before, app.Fail(app.CodeDiskFull, s.path)
	}
	err = s.copyPacked(ctx, part, func(n int64) { told(min(n, before), before) })
	if err == nil {
		s.point("compact verify")
		if err = s.verify(ctx, part); err != nil && ctx.Err() == nil {
			err = app.Fail(app.CodeDamagedStore, s.path).Because(err)
		}
	}
	if err != nil {
		if ctx.Err() != nil {
			err = app.Fail(app.CodeCancelled).Because(err)
		}
		return before, before, errors.Join(writeFailed(s.path, err), os.Remove(part))
	}
	err = s.db.Close()
	s.point("compact rename")
	if err == nil {
		err = os.Rename(part, s.path)
		s.syncFolder()
	}
	s.point("compacted")
	db, again := s.openDatabase()
	if again == nil {
		s.db.file.Store(db.file.Load())
	}
	return before, s.Size(), writeFailed(s.path, errors.Join(err, again))
}

// copyPacked copies bucket by bucket, in the order of keys, and has it on the disk
// when it returns nil. bolt.Compact does so, too, but cannot be stopped.
func (s *Store) copyPacked(ctx context.Context, path string, told func(n int64)) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	to, err := bolt.Open(path, 0o600, &bolt.Options{
		NoSync: true, PageSize: s.db.file.Load().Info().PageSize, FreelistType: bolt.FreelistMapType,
	})
	if err != nil {
		return err
	}
	s.point("compact write")
	done := int64(0)
	err = s.db.View(func(from *bolt.Tx) error {
		return from.ForEach(func(name []byte, b *bolt.Bucket) error {
			c := b.Cursor()
			k, v := c.First()
			for first := true; first || k != nil; first = false {
				if err := ctx.Err(); err != nil {
					return err
				}
				err := to.Update(func(tx *bolt.Tx) error {
					into, err := tx.CreateBucketIfNotExists(name)
					if err == nil {
						err = into.SetSequence(b.Sequence())
					}
					if err != nil {
						return err
					}
					into.FillPercent = 0.9
					for size := 0; k != nil && size < compactStep; k, v = c.Next() {
						if err := into.Put(k, v); err != nil {
							return err
						}
						size += len(k) + len(v)
						done += int64(len(k) + len(v))
					}
					return nil
				})
				if err != nil {
					return err
				}
				told(done)
			}
			return nil
		})
	})
	if err == nil && !s.o.NoSync {
		err = to.Sync()
	}
	return errors.Join(err, to.Close())
}
