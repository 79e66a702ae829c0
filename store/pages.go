package store

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"

	"otklik/app"
)

// A day of counters is one value: a little-endian count for every page number,
// app.Missing where the page was not counted.
const countLen = 4

func (t *tx) putPage(p app.Page) error {
	raw, err := packJSON(p)
	if err != nil {
		return err
	}
	return t.putPageRaw(p.ID, raw)
}

// putPageRaw keeps the packed page; nothing takes it out of the registry, where
// its number stays its own.
func (t *tx) putPageRaw(id string, raw []byte) error {
	t.changed.Pages = true
	key, err := t.pageKey(id)
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		return t.Bucket(bucketPages).Delete(key)
	}
	return t.Bucket(bucketPages).Put(key, raw)
}

// pageKey gives the number of the page, a new one where it has none.
func (t *tx) pageKey(id string) ([]byte, error) {
	ids := t.Bucket(bucketPageIDs)
	if key := bytes.Clone(ids.Get([]byte(id))); key != nil {
		return key, nil
	}
	n, err := t.Bucket(bucketPages).NextSequence()
	if err != nil {
		return nil, err
	}
	return number(n), ids.Put([]byte(id), number(n))
}

// merge puts a day's counts into its column. Counts may come before their page:
// they show when it is there.
func (t *tx) merge(column []byte, c app.Counters) ([]byte, error) {
	for _, page := range slices.Sorted(maps.Keys(c.Counts)) {
		key, err := t.pageKey(page)
		if err != nil {
			return nil, err
		}
		at := int(keyNumber(key)) * countLen
		for len(column) < at+countLen {
			column = binary.LittleEndian.AppendUint32(column, app.Missing)
		}
		binary.LittleEndian.PutUint32(column[at:], c.Counts[page])
	}
	return column, nil
}

func (t *tx) putDay(d app.Day, column []byte) error {
	t.changed.Pages = true
	if len(column) == 0 {
		return t.Bucket(bucketDays).Delete(dayKey(d))
	}
	return t.Bucket(bucketDays).Put(dayKey(d), column)
}

// Pages gives the registry.
func (s *Store) Pages() (out []app.Page, err error) {
	err = s.view(func(tx reader) error {
		return tx.Bucket(bucketPages).ForEach(func(_, v []byte) error {
			var p app.Page
			if err := unpackJSON(v, &p); err != nil {
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
	err = s.view(func(tx reader) error {
		key := tx.Bucket(bucketPageIDs).Get([]byte(id))
		if key == nil {
			return nil
		}
		raw := tx.Bucket(bucketPages).Get(key)
		if raw == nil {
			return nil
		}
		ok = true
		return unpackJSON(raw, &p)
	})
	return p, ok, err
}

// Days gives the first and the last day that has counters.
func (s *Store) Days() (first, last app.Day, ok bool, err error) {
	err = s.view(func(tx reader) error {
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
	err := s.view(func(tx reader) error {
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
			n := keyNumber(key)
			if n < uint64(len(series)) && series[n] != nil && tx.Bucket(bucketPages).Has(key) {
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
	err = s.view(func(tx reader) error {
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

func eachDay(tx reader, from, to app.Day, f func(app.Day, []byte)) error {
	c := tx.Bucket(bucketDays).Cursor()
	for k, v := c.Seek(dayKey(from)); k != nil && keyDay(k) <= to; k, v = c.Next() {
		f(keyDay(k), v)
	}
	return nil
}

func gaps(n int) []uint32 { return slices.Repeat([]uint32{app.Missing}, n) }
