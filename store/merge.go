package store

import (
	"cmp"
	"container/heap"
	"encoding/binary"
	"slices"
)

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
		if i%blocksHeld == blocksHeld-1 {
			t.giveBack()
		}
	}
	return nil
}

// blocksHeld is after how many blocks those that were read are given back.
const blocksHeld = 64

// blockWriter writes the blocks of one chunk.
type blockWriter struct {
	b     *bucket
	chunk uint32
	set   bitset
	lows  []uint32
	spare []uint32
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
const fewRecords = 8192

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
		case last < 0 || w.lows[last] < lows[0].low(): // as of an import
			for _, c := range lows {
				if c.in() {
					w.lows = append(w.lows, c.low())
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
func changeLows(out, lows []uint32, changes []lowChange) []uint32 {
	for _, c := range changes {
		for len(lows) > 0 && lows[0] < c.low() {
			out, lows = append(out, lows[0]), lows[1:]
		}
		if len(lows) > 0 && lows[0] == c.low() {
			lows = lows[1:]
		}
		if c.in() {
			out = append(out, c.low())
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
