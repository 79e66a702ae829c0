package store

// wordsCheck compares the postings of one chunk after the other with the words of
// the records.
type wordsCheck struct {
	*checking
	changes map[place][]lowChange // that no block has
	chunk   uint32
	want    map[term][]uint16
}

func (c *checking) words() *wordsCheck {
	w := &wordsCheck{checking: c, changes: map[place][]lowChange{}, want: map[term][]uint16{}}
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

// record notes the words of a record; records come in their order.
func (w *wordsCheck) record(n uint64, terms []term) {
	for w.chunk < uint32(n>>16) {
		w.compare()
		w.chunk++
	}
	for _, t := range terms {
		w.want[t] = append(w.want[t], uint16(n))
	}
}

// end compares what is left.
func (w *wordsCheck) end() {
	last := w.chunk
	if k, _ := w.Bucket(bucketWords).Bucket.Cursor().Last(); k != nil {
		at, _ := keyBlock(k)
		last = max(last, at)
	}
	for p := range w.changes {
		last = max(last, p.chunk)
	}
	for ; w.chunk <= last; w.chunk++ {
		w.compare()
	}
}

// compare looks for what a chunk has too much and too little.
func (w *wordsCheck) compare() {
	var missing, extra bitset
	posting := func(t term, e entry) {
		var has, want bitset
		if err := decodeSet(e.set, e.dense, &has); err != nil {
			w.problem("postings of chunk %d: %v", w.chunk, err)
			return
		}
		here := place{w.chunk, t}
		has.change(w.changes[here])
		for _, low := range w.want[t] {
			want.add(low)
		}
		for i := range has {
			missing[i] |= want[i] &^ has[i]
			extra[i] |= has[i] &^ want[i]
		}
		delete(w.want, t)
		delete(w.changes, here)
	}
	b := w.Bucket(bucketWords)
	cursor := b.Bucket.Cursor()
	for k, sealed := cursor.Seek(blockKey(w.chunk, 0)); k != nil; k, sealed = cursor.Next() {
		if at, _ := keyBlock(k); at != w.chunk {
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
			w.problem("postings of chunk %d: %v", w.chunk, err)
		}
	}
	for p := range w.changes {
		if p.chunk == w.chunk {
			posting(p.term, entry{})
		}
	}
	for t := range w.want {
		posting(t, entry{})
	}
	for _, low := range missing.lows(nil) {
		w.problem("record %d is not found by one of its words", w.chunk<<16+uint32(low))
	}
	for _, low := range extra.lows(nil) {
		w.problem("record %d is found by a word it does not have", w.chunk<<16+uint32(low))
	}
}
