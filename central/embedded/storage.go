package embedded

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"otklik/app"
	"otklik/central"
)

// format is the version of the file this program writes. In a file of version 1
// changes have no heads; those written since have, and both are read.
const format = 2

// lockTime is how long Open waits for another process to let go of the file.
const lockTime = time.Second

// Names of buckets, and the shape of their keys.
var (
	bucketMeta       = []byte("meta")       // name
	bucketFeed       = []byte("feed")       // seq, 8 bytes big-endian
	bucketEntered    = []byte("entered")    // seq, 8 bytes big-endian
	bucketJudgements = []byte("judgements") // ID of the operation
	bucketIssued     = []byte("issued")     // device, incarnation 4 bytes, number 8 bytes
	bucketAppeals    = []byte("appeals")    // ID
	bucketPages      = []byte("pages")      // ID
	bucketTables     = []byte("tables")     // name
	bucketCounters   = []byte("counters")   // day, YYYY-MM-DD
	bucketConflicts  = []byte("conflicts")  // ID of the appeal, ID of the operation
	bucketNumbers    = []byte("numbers")    // year, 8 bytes
	bucketUploads    = []byte("uploads")    // ID of the device
	bucketBlobs      = []byte("blobs")      // SHA-256
	bucketPieces     = []byte("pieces")     // ID of the upload, number 4 bytes; the value is the piece itself
	bucketItems      = []byte("items")      // shelf, NUL, ID
	bucketDevices    = []byte("devices")    // ID
	bucketSecrets    = []byte("secrets")    // name
	bucketCodes      = []byte("codes")      // hash
	bucketNonces     = []byte("nonces")     // device, nonce
	bucketNonceEnds  = []byte("nonce_ends") // Unix second, device, nonce

	buckets = [][]byte{
		bucketMeta, bucketFeed, bucketEntered, bucketJudgements, bucketIssued, bucketAppeals, bucketPages, bucketTables, bucketCounters, bucketConflicts,
		bucketNumbers, bucketUploads, bucketBlobs, bucketPieces, bucketItems, bucketDevices, bucketSecrets, bucketCodes, bucketNonces, bucketNonceEnds,
	}
	keyFormat  = []byte("format")
	keyLineage = []byte("lineage")
	keySafe    = []byte("safe")
	keyBackups = []byte("backups")
)

type storage struct{ db *bolt.DB }

// Options of opening; the zero value is what a server needs.
type Options struct {
	// NoSync leaves to the system when writes reach the disk, so that a power cut
	// may damage the file. It is for tests, whose files nobody needs afterwards.
	NoSync bool
}

// Open opens the file, and makes it where there is none. Errors: CodeLocked
// when another process has it open, CodeNewerStore when a newer program wrote
// it, CodeDamagedStore when it cannot be read.
func Open(path string) (central.Storage, error) { return OpenWith(path, Options{}) }

// OpenWith is Open with options.
func OpenWith(path string, o Options) (central.Storage, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{
		Timeout: lockTime, NoSync: o.NoSync, PageSize: 16 << 10, FreelistType: bolt.FreelistMapType,
	})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, app.Fail(app.CodeLocked, path)
	case errors.Is(err, os.ErrNotExist):
		return nil, app.Fail(app.CodeNoFolder, path).Because(err)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return nil, app.Fail(app.CodeDamagedStore, path).Because(err)
	case err != nil:
		return nil, fmt.Errorf("open central storage: %w", err)
	}
	s := &storage{db}
	if err := s.prepare(path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *storage) prepare(path string) error {
	return s.db.Update(func(tx *bolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return fmt.Errorf("make bucket %s: %w", name, err)
			}
		}
		meta := tx.Bucket(bucketMeta)
		if v := meta.Get(keyFormat); len(v) == 8 {
			if n := binary.BigEndian.Uint64(v); n > format {
				return app.Fail(app.CodeNewerStore, path, n, format)
			} else if n == format {
				return nil
			}
		}
		return meta.Put(keyFormat, number(format))
	})
}

// View implements central.Storage.
func (s *storage) View(ctx context.Context, f func(central.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.db.View(func(tx *bolt.Tx) error { return f(reader{tx}) })
}

// Update implements central.Storage.
func (s *storage) Update(ctx context.Context, f func(central.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.db.Update(func(tx *bolt.Tx) error { return f(writer{reader{tx}}) })
}

// Close implements central.Storage.
func (s *storage) Close() error { return s.db.Close() }

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
