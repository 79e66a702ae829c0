package store

import (
	"bytes"
	"encoding/binary"
	"slices"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

// A day of counters is one value: a little-endian count for every page number,
// app.Missing where the page was not counted.
const countLen = 4

func (t *tx) putPage(p app.Page) error {
	t.changed.Pages = true
	ids := t.Bucket(bucketPageIDs)
	key := bytes.Clone(ids.Get([]byte(p.ID)))
	b := t.Bucket(bucketPages)
	if key == nil {
		n, err := b.NextSequence()
		if err != nil {
			return err
		}
		key = number(n)
		if err := ids.Put([]byte(p.ID), key); err != nil {
			return err
		}
	}
	raw, err := t.s.packJSON(p)
	if err != nil {
		return err
	}
	return b.Put(key, raw)
}

// putCounters merges a day's counts into its column; counts of pages that are
// not in the registry have nowhere to stand and are left out.
func (t *tx) putCounters(c app.Counters) error {
	t.changed.Pages = true
	days, ids := t.Bucket(bucketDays), t.Bucket(bucketPageIDs)
	column := slices.Clone(days.Get(dayKey(c.Day)))
	for page, n := range c.Counts {
		key := ids.Get([]byte(page))
		if key == nil {
			continue
		}
		at := int(keyNumber(key)) * countLen
		for len(column) < at+countLen {
			column = binary.LittleEndian.AppendUint32(column, app.Missing)
		}
		binary.LittleEndian.PutUint32(column[at:], n)
	}
	if len(column) == 0 {
		return nil
	}
	return days.Put(dayKey(c.Day), column)
}

// Pages gives the registry.
func (s *Store) Pages() (out []app.Page, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketPages).ForEach(func(_, v []byte) error {
			var p app.Page
			if err := s.unpackJSON(v, &p); err != nil {
				return err
			}
			out = append(out, p)
			return nil
		})
	})
	return out, err
}

// Page gives one page.
func (s *Store) Page(id string) (p app.Page, ok bool, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		key := tx.Bucket(bucketPageIDs).Get([]byte(id))
		if key == nil {
			return nil
		}
		ok = true
		return s.unpackJSON(tx.Bucket(bucketPages).Get(key), &p)
	})
	return p, ok, err
}

// Days gives the first and the last day that has counters.
func (s *Store) Days() (first, last app.Day, ok bool, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucketDays).Cursor()
		k, _ := c.First()
		if k == nil {
			return nil
		}
		first, ok = keyDay(k), true
		k, _ = c.Last()
		last = keyDay(k)
		return nil
	})
	return first, last, ok, err
}

// Columns gives the counters of all pages by page ID; pages without a count in
// the stretch are absent.
func (s *Store) Columns(from, to app.Day) (map[string]app.Series, error) {
	out := map[string]app.Series{}
	if to < from {
		return out, nil
	}
	err := s.db.View(func(tx *bolt.Tx) error {
		var series [][]uint32
		err := eachDay(tx, from, to, func(day app.Day, column []byte) {
			for n := 0; n*countLen < len(column); n++ {
				v := binary.LittleEndian.Uint32(column[n*countLen:])
				if v == app.Missing {
					continue
				}
				for len(series) <= n {
					series = append(series, nil)
				}
				if series[n] == nil {
					series[n] = gaps(int(to-from) + 1)
				}
				series[n][day-from] = v
			}
		})
		if err != nil {
			return err
		}
		return tx.Bucket(bucketPageIDs).ForEach(func(id, key []byte) error {
			if n := keyNumber(key); n < uint64(len(series)) && series[n] != nil {
				out[string(id)] = app.Series{First: from, Values: series[n]}
			}
			return nil
		})
	})
	return out, err
}

// Series gives all counts of one page.
func (s *Store) Series(page string) (app.Series, error) {
	first, last, ok, err := s.Days()
	if err != nil || !ok {
		return app.Series{}, err
	}
	out := app.Series{First: first, Values: gaps(int(last-first) + 1)}
	err = s.db.View(func(tx *bolt.Tx) error {
		key := tx.Bucket(bucketPageIDs).Get([]byte(page))
		if key == nil {
			return nil
		}
		at := int(keyNumber(key)) * countLen
		return eachDay(tx, first, last, func(day app.Day, column []byte) {
			if at+countLen <= len(column) && int(day-first) < len(out.Values) {
				out.Values[day-first] = binary.LittleEndian.Uint32(column[at:])
			}
		})
	})
	return out, err
}

func eachDay(tx *bolt.Tx, from, to app.Day, f func(app.Day, []byte)) error {
	c := tx.Bucket(bucketDays).Cursor()
	for k, v := c.Seek(dayKey(from)); k != nil && keyDay(k) <= to; k, v = c.Next() {
		f(keyDay(k), v)
	}
	return nil
}

func gaps(n int) []uint32 { return slices.Repeat([]uint32{app.Missing}, n) }
