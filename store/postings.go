package store

import (
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// The words of appeals stand in the file as postings: which records hold a term,
// by chunks of 65,536 records. Postings lie in blocks of a few kilobytes, in the
// order of terms; a block is one value, so sealing and bbolt cost little a posting.
//
// A write touches some hundreds of postings all over the file. So it appends its
// changes as one small value, and when these have become many they are merged into
// the blocks at once, in the same transaction. What is found is the blocks with the
// changes over them: exact after each commit.

// A block: for each term its 8 bytes, the length of its set shifted by a bit that
// says how the set is written, and the set.
const chunkRecords = 1 << 16

// Sizes, which tests make smaller.
var (
	blockLen = 4000    // of a block, in bytes; a longer one is split
	mergeAt  = 2 << 20 // so many changes are merged into the blocks
)

var errPosting = errors.New("postings do not read")

// bitset holds the records of one chunk.
type bitset [chunkRecords / 64]uint64

func (s *bitset) add(low uint16)    { s[low>>6] |= 1 << (low & 63) }
func (s *bitset) remove(low uint16) { s[low>>6] &^= 1 << (low & 63) }

// postingChange says whether a record is under a term from now on.
type postingChange struct {
	term   term
	record uint32
	in     bool
}

// encodeSet appends a set, given as sorted low halves of record numbers: as gaps,
// or as bits where that is shorter.
func encodeSet(b []byte, lows []uint16) []byte {
	size, last := 0, -1
	for _, low := range lows {
		size += uvarintLen(uint64(int(low) - last - 1))
		last = int(low)
	}
	if words := last>>6 + 1; size > 8*words {
		var set bitset
		for _, low := range lows {
			set.add(low)
		}
		b = binary.AppendUvarint(b, uint64(8*words)<<1|1)
		for _, w := range set[:words] {
			b = binary.LittleEndian.AppendUint64(b, w)
		}
		return b
	}
	b = binary.AppendUvarint(b, uint64(size)<<1)
	last = -1
	for _, low := range lows {
		b = binary.AppendUvarint(b, uint64(int(low)-last-1))
		last = int(low)
	}
	return b
}

func uvarintLen(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }

// decodeSet adds a set to another.
func decodeSet(raw []byte, dense bool, to *bitset) error {
	if dense {
		if len(raw)%8 != 0 || len(raw) > 8*len(to) {
			return errPosting
		}
		for i := range len(raw) / 8 {
			to[i] |= binary.LittleEndian.Uint64(raw[8*i:])
		}
		return nil
	}
	low, ok := 0, true
	for next := 0; len(raw) > 0; next = low + 1 {
		if low, raw, ok = nextLow(raw, next); !ok {
			return errPosting
		}
		to.add(uint16(low))
	}
	return nil
}

// decodeLows lists the records of a set that is written as gaps.
func decodeLows(raw []byte, out []uint16) ([]uint16, error) {
	low, ok := 0, true
	for next := 0; len(raw) > 0; next = low + 1 {
		if low, raw, ok = nextLow(raw, next); !ok {
			return nil, errPosting
		}
		out = append(out, uint16(low))
	}
	return out, nil
}

// nextLow reads a gap.
func nextLow(raw []byte, next int) (low int, rest []byte, ok bool) {
	gap, n := uint64(raw[0]), 1
	if gap >= 0x80 {
		gap, n = binary.Uvarint(raw)
	}
	if n <= 0 || gap >= uint64(chunkRecords-next) {
		return 0, nil, false
	}
	return next + int(gap), raw[n:], true
}

func (s *bitset) change(changes []lowChange) {
	for _, c := range changes {
		if c.in {
			s.add(c.low)
		} else {
			s.remove(c.low)
		}
	}
}

// lows lists the records of a set in their order.
func (s *bitset) lows(out []uint16) []uint16 {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			out = append(out, uint16(i<<6+bits.TrailingZeros64(w)))
		}
	}
	return out
}

// entry is one posting in a block, its set as it is written.
type entry struct {
	term  term
	dense bool
	set   []byte
	raw   []byte // all of it
}

// nextEntry reads the first entry of what is left of a block.
func nextEntry(b []byte) (e entry, rest []byte, err error) {
	if len(b) < 9 {
		return e, nil, errPosting
	}
	e.term = term(binary.BigEndian.Uint64(b))
	head, n := binary.Uvarint(b[8:])
	if n <= 0 || head>>1 > uint64(len(b)-8-n) {
		return e, nil, errPosting
	}
	end := 8 + n + int(head>>1)
	e.dense, e.set, e.raw = head&1 == 1, b[8+n:end], b[:end]
	return e, b[end:], nil
}

// blockKey is where a block stands: its chunk and its first term.
func blockKey(chunk uint32, first term) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(nil, chunk), uint64(first))
}

func keyBlock(k []byte) (chunk uint32, first term) {
	if len(k) != 12 {
		panic(damage{errPosting})
	}
	return binary.BigEndian.Uint32(k), term(binary.BigEndian.Uint64(k[4:]))
}

// blocks reads postings, terms in rising order within a chunk.
type blocks struct {
	c     cursor
	chunk uint32
	rest  []byte // of the block that is being read
	have  bool
	now   entry // valid where have is set
}

func (r reader) blocks() *blocks { return &blocks{c: r.Bucket(bucketWords).Cursor()} }

// addTo adds the set of a term to another. Damage ends the transaction.
func (b *blocks) addTo(to *bitset, chunk uint32, w term) {
	if !b.have || b.chunk != chunk || b.now.term > w || !b.walk(w) {
		if !b.seek(chunk, w) || !b.walk(w) {
			return
		}
	}
	if b.now.term == w {
		unharmed(decodeSet(b.now.set, b.now.dense, to))
	}
}

// walk goes to the first entry of this block that does not come before the term;
// there may be none.
func (b *blocks) walk(w term) bool {
	for b.now.term < w {
		if len(b.rest) == 0 {
			b.have = false
			return false
		}
		b.read()
	}
	return true
}

func (b *blocks) read() {
	e, rest, err := nextEntry(b.rest)
	unharmed(err)
	b.now, b.rest, b.have = e, rest, true
}

// seek opens the block in which the term would stand.
func (b *blocks) seek(chunk uint32, w term) bool {
	key := blockKey(chunk, w)
	k, v := b.c.Cursor.Seek(key)
	if string(k) != string(key) {
		if k == nil {
			k, v = b.c.Cursor.Last()
		} else {
			k, v = b.c.Cursor.Prev()
		}
	}
	b.have = false
	if k == nil {
		return false
	}
	if at, _ := keyBlock(k); at != chunk {
		return false
	}
	_, b.rest = b.c.pair(k, v)
	b.chunk = chunk
	b.read()
	return true
}

// A change is written for each posting as chunk, term, the number of records and
// these as gaps, each shifted by a bit that says whether the record is in.

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

type lowChange struct {
	low uint16
	in  bool
}

// encodeDelta brings changes into their order and writes them; of those of one
// record under one term the last holds. It returns how many there are.
func encodeDelta(changes []postingChange) (raw []byte, n int) {
	changes = ordered(changes)
	var gaps []byte
	for len(changes) > 0 {
		at, count, last := place{changes[0].record >> 16, changes[0].term}, 0, -1
		gaps = gaps[:0]
		for len(changes) > 0 && changes[0].term == at.term && changes[0].record>>16 == at.chunk {
			c := changes[0]
			changes = changes[1:]
			if len(changes) > 0 && changes[0].record == c.record && changes[0].term == c.term {
				continue
			}
			low := int(uint16(c.record))
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
	order = radix(order, func(i uint32) uint64 { return uint64(changes[i].term) })
	order = radix(order, func(i uint32) uint64 { return uint64(changes[i].record >> 16) })
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
		d.lows = append(d.lows, lowChange{uint16(low), gap&1 == 1})
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

// flushWords writes the noted changes.
func (t *tx) flushWords() error {
	if err := t.flushForms(); err != nil {
		return err
	}
	if len(t.postings) == 0 {
		return nil
	}
	raw, n := encodeDelta(t.postings)
	t.delta = raw
	b := t.Bucket(bucketNewWords)
	b.FillPercent = 0.9
	total := uint64(n)
	if k, _ := b.Bucket.Cursor().Last(); k != nil { // the key is how many changes there are up to it
		total += keyNumber(k)
	}
	if err := b.Put(number(total), raw); err != nil {
		return err
	}
	if total < uint64(mergeAt) {
		return nil
	}
	return t.mergeWords()
}

// mergeWords brings all changes into the blocks.
func (t *tx) mergeWords() error {
	t.merged = true
	m := &merge{}
	b := t.Bucket(bucketNewWords)
	var keys [][]byte
	_ = b.ForEach(func(k, v []byte) error {
		keys = append(keys, slices.Clone(k))
		unharmed(m.add(v))
		return nil
	})
	for m.Len() > 0 {
		if err := t.mergeChunk(m, m.place().chunk); err != nil {
			return err
		}
	}
	for _, k := range keys {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return t.packForms()
}

// mergeChunk merges the changes of one chunk into its blocks.
func (t *tx) mergeChunk(m *merge, chunk uint32) error {
	b := t.Bucket(bucketWords)
	b.FillPercent = 0.9
	var firsts []term
	c := b.Bucket.Cursor()
	for k, _ := c.Seek(blockKey(chunk, 0)); k != nil; k, _ = c.Next() {
		at, first := keyBlock(k)
		if at != chunk {
			break
		}
		firsts = append(firsts, first)
	}
	w := blockWriter{b: b, chunk: chunk}
	for i := range max(1, len(firsts)) {
		end := place{chunk + 1, 0}
		if i+1 < len(firsts) {
			end = place{chunk, firsts[i+1]}
		}
		if m.Len() == 0 || m.place().compare(end) >= 0 {
			continue
		}
		var old []byte
		if len(firsts) > 0 {
			key := blockKey(chunk, firsts[i])
			old = b.Get(key)
			if err := b.Delete(key); err != nil {
				return err
			}
		}
		if err := w.merge(old, m, end); err != nil {
			return err
		}
	}
	return nil
}

// blockWriter writes the blocks of one chunk.
type blockWriter struct {
	b     *bucket
	chunk uint32
	set   bitset
	lows  []uint16
	spare []uint16
	out   []byte
	ends  []int // of the entries in out
}

// merge writes a block, or more, from an old one and the changes before end.
func (w *blockWriter) merge(old []byte, m *merge, end place) error {
	w.out, w.ends = w.out[:0], w.ends[:0]
	for len(old) > 0 || m.Len() > 0 && m.place().compare(end) < 0 {
		var e entry
		rest := old
		if len(old) > 0 {
			var err error
			e, rest, err = nextEntry(old)
			unharmed(err)
		}
		if m.Len() == 0 || m.place().compare(end) >= 0 || len(old) > 0 && e.term < m.place().term {
			w.out = append(w.out, e.raw...)
			w.ends = append(w.ends, len(w.out))
			old = rest
			continue
		}
		at := m.place().term
		if len(old) == 0 || e.term != at {
			e = entry{}
		} else {
			old = rest
		}
		w.change(e, at, m)
	}
	return w.flush()
}

// fewRecords is up to how many records of a set changes are merged into a list of
// them; beyond it bits are quicker.
const fewRecords = 2048

// change writes the entry of one term with its changes.
func (w *blockWriter) change(e entry, at term, m *merge) {
	w.lows = w.lows[:0]
	var err error
	dense := e.dense || len(e.set) > fewRecords
	if dense {
		w.set = bitset{}
		err = decodeSet(e.set, e.dense, &w.set)
	} else {
		w.lows, err = decodeLows(e.set, w.lows)
	}
	unharmed(err)
	here := place{w.chunk, at}
	for m.Len() > 0 && m.place() == here {
		lows := m.deltas[0].lows
		switch last := len(w.lows) - 1; {
		case dense:
			w.set.change(lows)
		case last < 0 || w.lows[last] < lows[0].low: // as of an import
			for _, c := range lows {
				if c.in {
					w.lows = append(w.lows, c.low)
				}
			}
		default:
			w.spare = changeLows(w.spare[:0], w.lows, lows)
			w.lows, w.spare = w.spare, w.lows
		}
		unharmed(m.next())
	}
	if dense {
		w.lows = w.set.lows(w.lows)
	}
	if len(w.lows) == 0 {
		return
	}
	w.out = binary.BigEndian.AppendUint64(w.out, uint64(at))
	w.out = encodeSet(w.out, w.lows)
	w.ends = append(w.ends, len(w.out))
}

// changeLows appends a list of records with changes to it, both in their order.
func changeLows(out, lows []uint16, changes []lowChange) []uint16 {
	for _, c := range changes {
		for len(lows) > 0 && lows[0] < c.low {
			out, lows = append(out, lows[0]), lows[1:]
		}
		if len(lows) > 0 && lows[0] == c.low {
			lows = lows[1:]
		}
		if c.in {
			out = append(out, c.low)
		}
	}
	return append(out, lows...)
}

// flush writes what was gathered, in blocks of about the same length.
func (w *blockWriter) flush() error {
	parts := (len(w.out) + blockLen - 1) / blockLen
	begin := 0
	for i, end := range w.ends {
		last := i+1 == len(w.ends)
		if !last && end-begin < len(w.out)/parts {
			continue
		}
		block := w.out[begin:end]
		first := term(binary.BigEndian.Uint64(block))
		if err := w.b.Put(blockKey(w.chunk, first), block); err != nil {
			return err
		}
		begin = end
	}
	return nil
}

// merge goes through deltas side by side, in the order of postings and, within
// one, of commits.
type merge struct{ deltas []*delta }

func (m *merge) add(raw []byte) error {
	d := &delta{rest: raw, order: len(m.deltas)}
	more, err := d.next()
	if more {
		heap.Push(m, d)
	}
	return err
}

func (m *merge) place() place { return m.deltas[0].place }

// next goes on to the next posting of the delta that comes first.
func (m *merge) next() error {
	more, err := m.deltas[0].next()
	if more {
		heap.Fix(m, 0)
	} else {
		heap.Pop(m)
	}
	return err
}

// Len, Less, Swap, Push and Pop are those of a heap.
func (m *merge) Len() int { return len(m.deltas) }

func (m *merge) Less(i, j int) bool {
	a, b := m.deltas[i], m.deltas[j]
	return cmp.Or(a.place.compare(b.place), cmp.Compare(a.order, b.order)) < 0
}
func (m *merge) Swap(i, j int) { m.deltas[i], m.deltas[j] = m.deltas[j], m.deltas[i] }
func (m *merge) Push(x any)    { m.deltas = append(m.deltas, x.(*delta)) }
func (m *merge) Pop() any {
	last := m.deltas[len(m.deltas)-1]
	m.deltas = m.deltas[:len(m.deltas)-1]
	return last
}
