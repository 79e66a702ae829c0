package store

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// delta is what one commit changed, or what is left of it to read.
type delta struct {
	rest  []byte
	order int // among deltas: later ones hold
	place place
	lows  []lowChange
}

// place is one posting: the order of all of them is that of blocks.
type place struct {
	chunk uint32
	term  term
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.chunk, q.chunk), cmp.Compare(p.term, q.term))
}

// lowChange is a record of a chunk, shifted by a bit that says whether it is in.
type lowChange uint32

func changeOf(low uint32, in bool) lowChange {
	if in {
		return lowChange(low<<1 | 1)
	}
	return lowChange(low << 1)
}

func (c lowChange) low() uint32 { return uint32(c >> 1) }
func (c lowChange) in() bool    { return c&1 == 1 }

// encodeDelta brings changes into their order and writes them; of those of one
// record under one term the last holds. It returns how many there are.
func encodeDelta(changes []postingChange) (raw []byte, n int) {
	changes = ordered(changes)
	var gaps []byte
	for len(changes) > 0 {
		at, count, last := place{changes[0].chunk(), changes[0].term}, 0, -1
		gaps = gaps[:0]
		for len(changes) > 0 && changes[0].term == at.term && changes[0].chunk() == at.chunk {
			c := changes[0]
			changes = changes[1:]
			if len(changes) > 0 && changes[0].record == c.record && changes[0].term == c.term {
				continue
			}
			low := int(c.record % chunkRecords)
			gap := uint64(low-last-1) << 1
			if c.in {
				gap |= 1
			}
			gaps, last = binary.AppendUvarint(gaps, gap), low
			count++
		}
		raw = binary.BigEndian.AppendUint32(raw, at.chunk)
		raw = binary.BigEndian.AppendUint64(raw, uint64(at.term))
		raw = append(binary.AppendUvarint(raw, uint64(count)), gaps...)
		n += count
	}
	return raw, n
}

// ordered gives changes in the order of postings and of records, those of one
// record under one term as they came.
func ordered(changes []postingChange) []postingChange {
	byRecord := func(a, b postingChange) int { return cmp.Compare(a.record, b.record) }
	if !slices.IsSortedFunc(changes, byRecord) {
		slices.SortStableFunc(changes, byRecord)
	}
	order := make([]uint32, len(changes))
	for i := range order {
		order[i] = uint32(i)
	}
	order = radix(order, func(i uint32) uint32 { return uint32(changes[i].term) })
	order = radix(order, func(i uint32) uint32 { return uint32(changes[i].term >> 32) })
	order = radix(order, func(i uint32) uint32 { return changes[i].chunk() })
	out := make([]postingChange, len(changes))
	for i, at := range order {
		out[i] = changes[at]
	}
	return out
}

// next reads the next posting.
func (d *delta) next() (more bool, err error) {
	if len(d.rest) == 0 {
		return false, nil
	}
	if len(d.rest) < 13 {
		return false, errPosting
	}
	d.place = place{binary.BigEndian.Uint32(d.rest), term(binary.BigEndian.Uint64(d.rest[4:]))}
	d.rest = d.rest[12:]
	count, n := binary.Uvarint(d.rest)
	if n <= 0 || count > chunkRecords {
		return false, errPosting
	}
	d.rest, d.lows = d.rest[n:], d.lows[:0]
	last := uint64(0)
	for range count {
		gap, n := binary.Uvarint(d.rest)
		low := last + gap>>1
		if n <= 0 || gap > 2*chunkRecords || low >= chunkRecords {
			return false, errPosting
		}
		d.lows = append(d.lows, changeOf(uint32(low), gap&1 == 1))
		d.rest, last = d.rest[n:], low+1
	}
	return true, nil
}

// recent are the changes that no block has, in memory for whoever searches: those
// that were there when the first search came, in their order, and later ones.
type recent struct {
	places []place
	ends   []int32 // of the changes of each place
	lows   []lowChange
	later  map[place][]lowChange
}

func newRecent() *recent { return &recent{later: map[place][]lowChange{}} }

// take brings all changes of a merge into their order. It is done once.
func (n *recent) take(m *merge) error {
	for m.Len() > 0 {
		if at := m.place(); len(n.places) == 0 || n.places[len(n.places)-1] != at {
			n.places, n.ends = append(n.places, at), append(n.ends, 0)
		}
		n.lows = append(n.lows, m.deltas[0].lows...)
		n.ends[len(n.ends)-1] = int32(len(n.lows))
		if err := m.next(); err != nil {
			return err
		}
	}
	return nil
}

// add takes a later delta.
func (n *recent) add(raw []byte) error {
	d := delta{rest: raw}
	for {
		more, err := d.next()
		if err != nil || !more {
			return err
		}
		n.later[d.place] = append(n.later[d.place], d.lows...)
	}
}

// of gives the changes of a posting, in two parts.
func (n *recent) of(at place) (first, then []lowChange) {
	if i, found := slices.BinarySearchFunc(n.places, at, place.compare); found {
		begin := int32(0)
		if i > 0 {
			begin = n.ends[i-1]
		}
		first = n.lows[begin:n.ends[i]]
	}
	return first, n.later[at]
}

// recentWords sees to it that the changes that no block has are in memory.
func (s *Store) recentWords() error {
	s.mu.RLock()
	has := s.recent != nil
	s.mu.RUnlock()
	if has {
		return nil
	}
	// Under the lock, so that no commit is followed by memory meanwhile.
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view(func(tx reader) error {
		s.recent = tx.recent()
		return nil
	})
}

// recent reads the changes that no block has.
func (r reader) recent() *recent {
	n, m := newRecent(), &merge{}
	_ = r.Bucket(bucketNewWords).ForEach(func(_, v []byte) error {
		unharmed(m.add(v))
		return nil
	})
	unharmed(n.take(m))
	return n
}

// followWords lets memory follow a commit. The lock is held.
func (s *Store) followWords(t *tx) {
	if s.met.forget(t.postings); t.indexed != nil && *t.indexed == 0 {
		s.met = newMetWords()
	}
	switch {
	case s.recent == nil:
	case t.merged:
		s.recent = newRecent()
	default:
		unharmed(s.recent.add(t.delta)) // as it was just written
	}
}

// unharmed ends the transaction where postings do not read.
func unharmed(err error) {
	if err != nil {
		panic(damage{err})
	}
}
