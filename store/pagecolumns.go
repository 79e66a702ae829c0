package store

import (
	"errors"
	"math"
	"slices"

	"otklik/app"
)

// pageFacts is what figures need of a page; the zero value: no page has the
// number.
type pageFacts struct {
	flags                 uint8
	network, municipality uint16 // codes
}

const (
	pageKnown  = 1 << iota // it is in the registry
	pageLinked             // it has a link
)

// pageColumns are the facts of all pages by page number, kept as the columns of
// appeals are.
type pageColumns struct {
	flags                 []uint8
	network, municipality []uint16
}

func (c *pageColumns) grow(n int) {
	if more := n - len(c.flags); more > 0 {
		c.flags = append(c.flags, make([]uint8, more)...)
		c.network = append(c.network, make([]uint16, more)...)
		c.municipality = append(c.municipality, make([]uint16, more)...)
	}
}

func (c *pageColumns) set(changed map[uint32]pageFacts) {
	for n, p := range changed {
		c.grow(int(n) + 1)
		c.flags[n], c.network[n], c.municipality[n] = p.flags, p.network, p.municipality
	}
}

func (c *pageColumns) clone() pageColumns {
	return pageColumns{slices.Clone(c.flags), slices.Clone(c.network), slices.Clone(c.municipality)}
}

// setPage notes what the columns are to hold of a page.
func (t *tx) setPage(number uint32, p app.Page) error {
	f := pageFacts{flags: pageKnown}
	if p.Link != "" {
		f.flags |= pageLinked
	}
	var err, err2 error
	f.network, err = t.code("network", string(p.Network))
	f.municipality, err2 = t.code("municipality", p.Municipality)
	t.pages[number] = f
	return errors.Join(err, err2)
}

// flushPageColumns writes the stretches of the columns in which a page has
// changed: three runs each.
func (t *tx) flushPageColumns() error {
	if len(t.pages) == 0 {
		return nil
	}
	now := t.s.index.pages.clone()
	now.set(t.pages)
	b := t.Bucket(bucketPageFacts)
	written := map[int]bool{}
	for n := range t.pages {
		from := int(n) / partRows * partRows
		if written[from] {
			continue
		}
		written[from] = true
		to := min(from+partRows, len(now.flags))
		plain := []byte{byte(to - from), byte((to - from) >> 8)}
		plain = packRun(plain, now.flags[from:to])
		plain = packRun(plain, now.network[from:to])
		plain = packRun(plain, now.municipality[from:to])
		plain = append(plain, make([]byte, padding)...)
		key := number(uint64(from / partRows))
		if err := b.Put(key, plain); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) loadPageColumns(tx reader) (c pageColumns, err error) {
	err = tx.Bucket(bucketPageFacts).ForEach(func(k, v []byte) error {
		b := v
		if len(b) < 2 {
			return errShort
		}
		n := int(b[0]) | int(b[1])<<8
		if n > partRows || len(k) != 8 || keyNumber(k) > math.MaxUint32/partRows {
			return errShort
		}
		from := int(keyNumber(k)) * partRows
		c.grow(from + n)
		if b, err = unpackRun(b[2:], c.flags[from:from+n]); err == nil {
			b, err = unpackRun(b, c.network[from:from+n])
		}
		if err == nil {
			_, err = unpackRun(b, c.municipality[from:from+n])
		}
		return err
	})
	return c, err
}

// PageFacts gives all pages as figures see them.
func (s *Store) PageFacts() (app.PageFacts, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := s.index.pages.clone()
	out := app.PageFacts{
		Known: make([]bool, len(c.flags)), Linked: make([]bool, len(c.flags)),
		Network: c.network, Municipality: c.municipality, Municipalities: s.index.words("municipality"),
	}
	for _, w := range s.index.words("network") {
		out.Networks = append(out.Networks, app.Source(w))
	}
	for i, f := range c.flags {
		out.Known[i], out.Linked[i] = f&pageKnown != 0, f&pageLinked != 0
	}
	return out, nil
}

// PageNumber gives the number of a page.
func (s *Store) PageNumber(id string) (n uint32, ok bool, err error) {
	err = s.view(func(tx reader) error {
		if key := tx.Bucket(bucketPageIDs).Get([]byte(id)); key != nil {
			n, ok = uint32(keyNumber(key)), true
		}
		return nil
	})
	return n, ok, err
}

// PageAt gives the page with the number.
func (s *Store) PageAt(n uint32) (p app.Page, err error) {
	err = s.view(func(tx reader) error {
		raw := tx.Bucket(bucketPages).Get(number(uint64(n)))
		if raw == nil {
			return app.Fail(app.CodeNotFound, "page")
		}
		return unpackJSON(raw, &p)
	})
	return p, err
}
