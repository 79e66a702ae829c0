package store

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// having gives the records that have every word, each given by the terms any of which
// stands for it, as of the last commit. The lock is held by a reader; callers must
// not change what they get.
func (s *Store) having(words [][]term, waits waiting) (*roaring.Bitmap, error) {
	sets := make([]wordSet, len(words))
	for i, terms := range words {
		var err error
		if sets[i], err = s.met.set(terms, func(terms []term) (wordSet, error) { return s.readSet(terms, waits) }); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(sets, func(a, b wordSet) int { return cmp.Compare(a.n, b.n) })
	rare := sets[0].bitmap()
	for _, set := range sets[1:] {
		rare = set.and(rare)
	}
	return rare, nil
}

// readSet reads the records that have any of the terms.
func (s *Store) readSet(terms []term, waits waiting) (set wordSet, err error) {
	return set, s.view(func(tx reader) error {
		set, err = tx.wordSet(terms, waits)
		return err
	})
}

// waiting says whether somebody waits for the answer still: the channel is closed
// when nobody does, and nil where it is not known.
type waiting <-chan struct{}

func (w waiting) err() error {
	select {
	case <-w:
		return app.Fail(app.CodeCancelled)
	default:
		return nil
	}
}

// patience is after how many terms it is looked whether somebody waits still.
const patience = 64

// lookupRoom is memory that reading sets needs, and the next one can use.
type lookupRoom struct {
	found []uint64
	spare bitset
	block []byte
}

var lookupRooms = sync.Pool{New: func() any { return &lookupRoom{} }}

func (r reader) wordSet(terms []term, waits waiting) (wordSet, error) {
	const n = len(bitset{})
	room := lookupRooms.Get().(*lookupRoom)
	defer lookupRooms.Put(room)
	chunks := r.s.index.chunks()
	if len(room.found) < chunks*n {
		room.found = make([]uint64, chunks*n)
	}
	found := room.found[:chunks*n]
	clear(found)
	b := blocks{c: r.Bucket(bucketWords).Cursor(), plain: room.block}
	for chunk := range chunks {
		for i, w := range terms {
			if i%patience == 0 {
				if err := waits.err(); err != nil {
					room.block = b.plain
					return wordSet{}, err
				}
			}
			room.add(&b, r.s.recent, (*bitset)(found[chunk*n:]), place{uint32(chunk), w})
		}
	}
	room.block = b.plain
	return newWordSet(found), nil
}

// add adds the records of a posting.
func (room *lookupRoom) add(b *blocks, recent *recent, to *bitset, at place) {
	first, then := recent.of(at)
	if len(first)+len(then) == 0 {
		b.addTo(to, at.chunk, at.term)
		return
	}
	room.spare = bitset{}
	b.addTo(&room.spare, at.chunk, at.term)
	room.spare.change(first)
	room.spare.change(then)
	for i := range to {
		to[i] |= room.spare[i]
	}
}

// wordSet is the records of a word. Those of a frequent one are bits, which are
// looked into without searching.
type wordSet struct {
	n    int
	rare *roaring.Bitmap
	bits []uint64
}

// frequent is in one of how many records a word occurs for that: the most memory it
// takes is three times the other's then.
const frequent = 64

func newWordSet(found []uint64) wordSet {
	n := 0
	for _, w := range found {
		n += bits.OnesCount64(w)
	}
	if n > len(found)*64/frequent {
		return wordSet{n: n, bits: slices.Clone(found)}
	}
	return wordSet{n: n, rare: roaring.FromDense(found, true)}
}

func (s wordSet) bitmap() *roaring.Bitmap {
	if s.bits != nil {
		return roaring.FromDense(s.bits, true)
	}
	return s.rare
}

// and gives those of the records that have the word.
func (s wordSet) and(records *roaring.Bitmap) *roaring.Bitmap {
	if s.bits == nil {
		return roaring.And(records, s.rare)
	}
	all := records.ToArray()
	both := all[:0]
	for _, record := range all {
		if s.bits[record>>6]>>(record&63)&1 == 1 {
			both = append(both, record)
		}
	}
	return roaring.BitmapOf(both...)
}

// bytes is how much memory it takes.
func (s wordSet) bytes() int {
	if s.bits != nil {
		return 8 * len(s.bits)
	}
	return int(s.rare.GetSizeInBytes())
}

// metWords are the records of words that were looked for: whoever types a question
// looks for its words at every key, and again with every choice of a facet.
type metWords struct {
	mu    sync.Mutex // of readers among each other
	sets  map[term]wordSet
	bytes int
}

// metMost is how many bytes of them are kept; beyond it they start anew.
const metMost = 24 << 20

func newMetWords() *metWords { return &metWords{sets: map[term]wordSet{}} }

// set gives the records of a word. Those of one term are kept; a word that is being
// typed has many.
func (m *metWords) set(terms []term, read func([]term) (wordSet, error)) (wordSet, error) {
	if len(terms) != 1 {
		return read(terms)
	}
	w := terms[0]
	m.mu.Lock()
	set, known := m.sets[w]
	m.mu.Unlock()
	if known {
		return set, nil
	}
	set, err := read(terms)
	if err != nil {
		return set, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.sets[w]; known {
		return set, nil // by another meanwhile
	}
	if m.bytes += set.bytes(); m.bytes > metMost {
		m.sets, m.bytes = map[term]wordSet{}, set.bytes()
	}
	m.sets[w] = set
	return set, nil
}

// forget drops what a commit has changed. No reader is at work.
func (m *metWords) forget(changed []postingChange) {
	for _, c := range changed {
		if set, known := m.sets[c.term]; known {
			m.bytes -= set.bytes()
			delete(m.sets, c.term)
		}
	}
}
