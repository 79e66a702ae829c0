package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"otklik/app"
)

// A table of the region that differs from the one shipped stands in the file as it
// is shown, and beside it, while this workstation has a change of it that was not
// sent yet, as the server confirmed it, an empty value where it confirmed none.
// What it was before stays, too: whoever writes last has it, and the other can
// still be read.

// Keys of bucketMeta, before the name of a table.
const (
	tablePrefix     = "table:"      // the table in force
	tableBasePrefix = "table-base:" // as confirmed
	tableWasPrefix  = "table-was:"  // the name, NUL, number: as it was before
)

// tablesKept is how many earlier versions of one table stay.
const tablesKept = 30

// performTable lets a table of this workstation be in force at once.
func (t *tx) performTable(table app.Table) error {
	name := string(table.Name)
	if err := t.keepTable(name); err != nil {
		return err
	}
	raw, err := packJSON(table)
	if err != nil {
		return err
	}
	return t.putTable(name, raw)
}

// keepTable keeps the table in force as what was confirmed, where nothing is kept
// yet.
func (t *tx) keepTable(name string) error {
	meta := t.Bucket(bucketMeta)
	return t.keepBase(bucketMeta, []byte(tableBasePrefix+name), meta.Get([]byte(tablePrefix+name)))
}

// applyTable moves the confirmed table where the change was accepted, and puts
// over it what this workstation has not sent yet.
func (t *tx) applyTable(c app.Change) error {
	meta, base := t.Bucket(bucketMeta), []byte(tableBasePrefix+c.Ent)
	raw := bytes.Clone(meta.Get(base))
	if raw == nil {
		raw = bytes.Clone(meta.Get([]byte(tablePrefix + c.Ent)))
	}
	if c.Verdict == app.VerdictApplied {
		table, err := app.Decode[app.Table](c.Body)
		if err == nil {
			raw, err = packJSON(table)
		}
		if err != nil {
			return err
		}
	}
	return t.showTable(c.Ent, raw)
}

// showTable keeps a confirmed table and puts in force what the outbox makes of it.
func (t *tx) showTable(name string, confirmed []byte) error {
	meta, base := t.Bucket(bucketMeta), []byte(tableBasePrefix+name)
	pending, err := t.pendingOps(name)
	if err != nil {
		return err
	}
	if len(pending) == 0 {
		if err := meta.Delete(base); err != nil {
			return err
		}
		return t.putTable(name, confirmed)
	}
	if err := meta.Put(base, append([]byte{}, confirmed...)); err != nil {
		return err
	}
	table, err := app.Decode[app.Table](pending[len(pending)-1].Payload)
	if err != nil {
		return err
	}
	raw, err := packJSON(table)
	if err != nil {
		return err
	}
	// The confirmed one may be somebody else's, which ours is to take the place of.
	if err := t.keepBefore(name, confirmed, raw); err != nil {
		return err
	}
	return t.putTable(name, raw)
}

// putTable puts a table in force, or with nothing the one shipped.
func (t *tx) putTable(name string, raw []byte) error {
	meta, key := t.Bucket(bucketMeta), []byte(tablePrefix+name)
	old := bytes.Clone(meta.Get(key))
	if bytes.Equal(old, raw) {
		return nil
	}
	if err := t.keepBefore(name, old, raw); err != nil {
		return err
	}
	t.changed.Tables = true
	var err error
	if len(raw) == 0 {
		err = meta.Delete(key)
	} else {
		err = meta.Put(key, raw)
	}
	if err != nil {
		return err
	}
	return t.followTables()
}

// keepBefore keeps what the table was, unless it says the same as what it becomes
// or as what was kept last.
func (t *tx) keepBefore(name string, old, raw []byte) error {
	if len(old) == 0 {
		return nil
	}
	var was, is app.Table
	if err := unpackJSON(old, &was); err != nil {
		return err
	}
	if len(raw) > 0 {
		if err := unpackJSON(raw, &is); err != nil {
			return err
		}
		if was.SameRows(is) {
			return nil
		}
	}
	meta, prefix := t.Bucket(bucketMeta), []byte(tableWasPrefix+name+"\x00")
	var keys [][]byte
	c := meta.Bucket.Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	next := uint64(1)
	if n := len(keys); n > 0 {
		last := keys[n-1]
		next = binary.BigEndian.Uint64(last[len(prefix):]) + 1
		var before app.Table
		if err := unpackJSON(meta.Get(last), &before); err != nil {
			return err
		}
		if before.SameRows(was) && before.At.Equal(was.At) {
			return nil
		}
	}
	for _, k := range keys[:max(0, len(keys)+1-tablesKept)] {
		if err := meta.Delete(k); err != nil {
			return err
		}
	}
	return meta.Put(append(prefix, number(next)...), old)
}

// dropTables takes away what a snapshot did not hold: the server does not know of
// it. What this workstation has yet to send stays.
func (t *tx) dropTables(held map[string]bool) error {
	var gone []string
	for _, table := range t.tables() {
		if name := string(table.Name); !held[name] {
			gone = append(gone, name)
		}
	}
	for _, name := range gone {
		if err := t.showTable(name, nil); err != nil {
			return err
		}
	}
	return nil
}

// tables reads the tables in force that differ from those shipped.
func (r reader) tables() (out []app.Table) {
	meta, prefix := r.Bucket(bucketMeta), []byte(tablePrefix)
	c := meta.Bucket.Cursor()
	for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
		var table app.Table
		unharmed(unpackJSON(meta.must(k, v), &table))
		out = append(out, table)
	}
	return out
}

// Tables gives the tables of the region that differ from those shipped.
func (s *Store) Tables() (out []app.Table, err error) {
	err = s.view(func(tx reader) error {
		out = tx.tables()
		return nil
	})
	return out, err
}

// TablesBefore gives what a table was before, the latest first.
func (s *Store) TablesBefore(name app.TableName) (out []app.Table, err error) {
	err = s.view(func(tx reader) error {
		meta, prefix := tx.Bucket(bucketMeta), []byte(tableWasPrefix+string(name)+"\x00")
		c := meta.Bucket.Cursor()
		for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
			var table app.Table
			if err := unpackJSON(meta.must(k, v), &table); err != nil {
				return err
			}
			out = append(out, table)
		}
		slices.Reverse(out)
		return nil
	})
	return out, err
}

// termsBy gives the terms by the tables.
func (s *Store) termsBy(tables []app.Table) *app.Terms {
	terms := s.base
	if terms.Book != nil {
		_, terms = terms.Book(tables)
	}
	return &terms
}

// followTables lets what the transaction writes from here on have the terms of the
// tables as they are now.
func (t *tx) followTables() error {
	now := t.s.termsBy(t.tables())
	if now.Version == t.terms().Version {
		return nil
	}
	t.newTerms = now
	return t.setReckoned(0)
}

// terms are those in force within the transaction.
func (t *tx) terms() *app.Terms { return cmp.Or(t.newTerms, t.s.terms.Load()) }
