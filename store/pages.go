package store

import (
	"bytes"
	"maps"
	"slices"
	"sync"

	"otklik/app"
)

func (t *tx) putPage(p app.Page) error {
	if p.Undone {
		return t.putPageRaw(p.ID, nil)
	}
	raw, err := packJSON(p)
	if err != nil {
		return err
	}
	return t.putPageRaw(p.ID, raw)
}

// putPageRaw keeps the packed page; out of the registry, its number stays its own.
func (t *tx) putPageRaw(id string, raw []byte) error {
	t.changed.Pages = true
	key, err := t.pageKey(id)
	if err != nil {
		return err
	}
	n := uint32(keyNumber(key))
	if len(raw) == 0 {
		t.pages[n] = pageFacts{}
		return t.Bucket(bucketPages).Delete(key)
	}
	var p app.Page
	if err := unpackJSON(raw, &p); err != nil {
		return err
	}
	if err := t.setPage(n, p); err != nil {
		return err
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
func (t *tx) merge(column []uint32, c app.Counters) ([]uint32, error) {
	for _, page := range slices.Sorted(maps.Keys(c.Counts)) {
		key, err := t.pageKey(page)
		if err != nil {
			return nil, err
		}
		column = put(column, int(keyNumber(key)), c.Counts[page])
	}
	return column, nil
}

func put(column []uint32, at int, v uint32) []uint32 {
	if more := at + 1 - len(column); more > 0 {
		column = append(column, gaps(more)...)
	}
	column[at] = v
	return column
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
		first, last, ok = days(tx)
		return nil
	})
	return first, last, ok, err
}

func days(tx reader) (first, last app.Day, ok bool) {
	c := tx.Tx.Bucket(bucketDays).Cursor()
	k, _ := c.First()
	if k == nil {
		return 0, 0, false
	}
	first = keyDay(k)
	k, _ = c.Last()
	return first, keyDay(k), true
}

// Columns gives the counters of all pages by page ID; pages without a count in
// the stretch are absent.
func (s *Store) Columns(from, to app.Day) (map[string]app.Series, error) {
	var mu sync.Mutex
	counted := map[uint32][]uint32{}
	err := s.Counts(from, to, func(uint32) bool { return true }, func() func(uint32, []uint32) {
		return func(page uint32, counts []uint32) {
			own := slices.Clone(counts)
			mu.Lock()
			counted[page] = own
			mu.Unlock()
		}
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]app.Series, len(counted))
	err = s.view(func(tx reader) error {
		return tx.Bucket(bucketPageIDs).ForEach(func(id, key []byte) error {
			counts := counted[uint32(keyNumber(key))]
			if counts != nil && tx.Bucket(bucketPages).Has(key) {
				out[string(id)] = app.Series{First: from, Values: counts}
			}
			return nil
		})
	})
	return out, err
}

func gaps(n int) []uint32 { return slices.Repeat([]uint32{app.Missing}, max(n, 0)) }
