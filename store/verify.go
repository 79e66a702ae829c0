package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

// verify reads a database file whole that nobody has open: every page, every
// value, and whether they agree. Words are read and not looked up record by
// record: that takes minutes where this takes seconds, and they can be made anew.
func (s *Store) verify(ctx context.Context, path string) error {
	if err := soundPages(path, nil); err != nil {
		return err
	}
	var db *bolt.DB
	var err error
	if h := sheltered(func() {
		db, err = bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	}); h != nil {
		return h.err
	}
	if err != nil {
		return err
	}
	if v := versionOf(db); v != version {
		return errors.Join(fmt.Errorf("a layout of version %d", v), db.Close())
	}
	copied := &Store{path: path, box: s.box, base: s.base, stems: s.stems, o: s.o, db: newDatabase(db, func() {})}
	defer db.Close() // only read
	err = copied.view(func(tx reader) (err error) {
		for _, name := range buckets {
			if tx.Tx.Bucket(name) == nil {
				return fmt.Errorf("there is no bucket %q", name)
			}
		}
		if err := copied.loadLearned(tx); err != nil {
			return err
		}
		copied.index = &index{}
		if copied.index.dicts, err = readDicts(tx); err == nil {
			copied.tally, err = count(tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	report, err := copied.check(ctx, false, func(int, int) {})
	if err == nil && len(report.Problems) > 0 {
		err = errors.New(report.Problems[0])
	}
	return err
}

// rest reads what the other steps of a check do not.
func (c *checking) rest() error {
	for _, known := range []struct {
		bucket []byte
		read   func(k, v []byte) error
	}{
		{bucketWords, func(_, _ []byte) error { return nil }},
		{bucketSent, readJSON[sentEntry]},
		{bucketJournal, readJSON[app.Entry]},
		{bucketRefused, readJSON[app.Entry]},
		{bucketFiles, readJSON[waitingFile]},
		{bucketBase, func(_, v []byte) error {
			if len(v) == 0 {
				return nil
			}
			_, err := c.s.decodeRecord(v)
			return err
		}},
		{bucketPageBase, func(_, v []byte) error {
			if len(v) == 0 {
				return nil
			}
			return unpackJSON(v, &app.Page{})
		}},
		{bucketIDs, func(_, v []byte) error { return isNumeral(v) }},
		{bucketPageIDs, func(_, v []byte) error { return isNumeral(v) }},
	} {
		if err := c.each(known.bucket, func(k, v []byte) error {
			if err := known.read(k, v); err != nil {
				c.problem("%s: %v", known.bucket, err)
			}
			return c.ctx.Err()
		}); err != nil {
			return err
		}
	}
	return nil
}

func isNumeral(v []byte) error {
	if len(v) != 8 {
		return fmt.Errorf("a number of %d bytes", len(v))
	}
	return nil
}

func readJSON[V any](_, v []byte) error {
	return json.Unmarshal(v, new(V))
}
