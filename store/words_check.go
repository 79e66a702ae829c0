package store

import (
	"maps"
	"slices"
)

// wordsCheck compares postings with the words of the records, of one window of
// records after the other: what the words of a whole chunk take is too much.
type wordsCheck struct {
	*checking
	changes map[place][]lowChange // that no block has
	window  uint32
	want    map[term][]uint32 // lows of the chunk
	spare   []uint32
}

const (
	windowBits    = 16
	windowRecords = 1 << windowBits
)

func (c *checking) words() *wordsCheck {
	w := &wordsCheck{checking: c, changes: map[place][]lowChange{}, want: map[term][]uint32{}}
	_ = c.each(bucketNewWords, func(_, v []byte) error {
		d := delta{rest: v}
		more, err := d.next()
		for ; more; more, err = d.next() {
			w.changes[d.place] = append(w.changes[d.place], d.lows...)
		}
		if err != nil {
			c.problem("changes of words: %v", err)
		}
		return nil
	})
	return w
}

// chunk is the one the window is of.
func (w *wordsCheck) chunk() uint32 { return w.window >> (chunkBits - windowBits) }

// record notes the words of a record; records come in their order.
func (w *wordsCheck) record(n uint64, terms []term) {
	for w.window < uint32(n>>windowBits) {
		w.compare()
		w.window++
	}
	for _, t := range terms {
		w.want[t] = append(w.want[t], uint32(n%chunkRecords))
	}
}

// end compares what is left.
func (w *wordsCheck) end() {
	last := w.chunk()
	if k, _ := w.Bucket(bucketWords).Bucket.Cursor().Last(); k != nil {
		at, _ := keyBlock(k)
		last = max(last, at)
	}
	for p := range w.changes {
		last = max(last, p.chunk)
	}
	for ; w.chunk() <= last; w.window++ {
		w.compare()
	}
}

// compare looks for what a window has too much and too little.
func (w *wordsCheck) compare() {
	chunk := w.chunk()
	from := w.window << windowBits % chunkRecords
	missing, extra := map[uint32]bool{}, map[uint32]bool{}
	unread := map[term]bool{} // of changes
	for p := range w.changes {
		if p.chunk == chunk {
			unread[p.term] = true
		}
	}
	posting := func(t term, e entry) {
		has, err := w.lows(e, w.changes[place{chunk, t}])
		if err != nil {
			w.problem("postings of chunk %d: %v", chunk, err)
			return
		}
		begin, _ := slices.BinarySearch(has, from)
		end, _ := slices.BinarySearch(has, from+windowRecords)
		differ(has[begin:end], w.want[t], extra, missing)
		delete(w.want, t)
		delete(unread, t)
	}
	b := w.Bucket(bucketWords)
	cursor := b.Bucket.Cursor()
	for k, sealed := cursor.Seek(blockKey(chunk, 0)); k != nil; k, sealed = cursor.Next() {
		if at, _ := keyBlock(k); at != chunk {
			break
		}
		block, err := b.plain(k, sealed)
		for err == nil && len(block) > 0 {
			var e entry
			if e, block, err = nextEntry(block); err == nil {
				posting(e.term, e)
			}
		}
		if err != nil {
			w.problem("postings of chunk %d: %v", chunk, err)
		}
	}
	for t := range unread {
		posting(t, entry{})
	}
	for t := range w.want {
		posting(t, entry{})
	}
	for _, low := range slices.Sorted(maps.Keys(missing)) {
		w.problem("record %d is not found by one of its words", chunk<<chunkBits+low)
	}
	for _, low := range slices.Sorted(maps.Keys(extra)) {
		w.problem("record %d is found by a word it does not have", chunk<<chunkBits+low)
	}
}

// lows gives what a posting holds with the changes that no block has, until it is
// called again.
func (w *wordsCheck) lows(e entry, changes []lowChange) (lows []uint32, err error) {
	if !e.dense && len(changes) == 0 {
		w.spare, err = decodeLows(e.set, w.spare[:0])
		return w.spare, err
	}
	var set bitset
	if err := decodeSet(e.set, e.dense, &set); err != nil {
		return nil, err
	}
	set.change(changes)
	w.spare = set.lows(w.spare[:0])
	return w.spare, nil
}

// differ notes what only one of two sorted lists has.
func differ(a, b []uint32, onlyA, onlyB map[uint32]bool) {
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			onlyA[a[0]] = true
			a = a[1:]
		case len(a) == 0 || b[0] < a[0]:
			onlyB[b[0]] = true
			b = b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
}
