package store

import (
	"math"
	"math/bits"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// tallies are counts by the code of a value, for each facet.
type tallies [app.Facets][]int

// tally counts the values that records have in some of the facets.
func (ix *index) tally(records *roaring.Bitmap, which [app.Facets]bool, to *tallies) {
	if records.GetCardinality() <= tallyAlone {
		ix.tallyFew(records, which, to)
		return
	}
	bits := records.ToDense()
	var shares []*tallies
	const words = partRows / 64
	// What a worker gives cannot fail.
	_ = everywhere((len(bits)+words-1)/words, func() func(int) error {
		mine, rows := &tallies{}, make([]uint16, 0, partRows)
		shares = append(shares, mine)
		return func(n int) error {
			if rows = rowsOf(bits[n*words:min(len(bits), (n+1)*words)], rows[:0]); len(rows) > 0 {
				mine.add(ix.columns[n], rows, &which)
			}
			return nil
		}
	})
	for _, share := range shares {
		to.join(share)
	}
}

// tallyAlone is up to how many records are counted by one goroutine.
const tallyAlone = 20_000

// tallyFew looks for no parts in which no record is.
func (ix *index) tallyFew(records *roaring.Bitmap, which [app.Facets]bool, to *tallies) {
	rows := make([]uint16, 0, 64)
	for left := records.ToArray(); len(left) > 0; {
		part := left[0] / partRows
		rows = rows[:0]
		for len(left) > 0 && left[0]/partRows == part {
			rows = append(rows, uint16(left[0]%partRows))
			left = left[1:]
		}
		to.add(ix.columns[part], rows, &which)
	}
}

// rowsOf lists the rows that are set.
func rowsOf(set []uint64, rows []uint16) []uint16 {
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			rows = append(rows, uint16(i<<6+bits.TrailingZeros64(w)))
		}
	}
	return rows
}

// add counts rows of a part, one facet after the other: the codes of a record are
// near from the first on.
func (t *tallies) add(p *part, rows []uint16, which *[app.Facets]bool) {
	for i, wanted := range which {
		if wanted {
			t[i] = countCodes(t[i], &p.codes, rows, i)
		}
	}
}

func countCodes(to []int, codes *[partRows]app.Codes, rows []uint16, facet int) []int {
	for _, row := range rows {
		code := int(codes[row%partRows][facet])
		if code >= len(to) {
			to = append(to, make([]int, code+1-len(to))...)
		}
		to[code]++
	}
	return to
}

// join adds what was counted elsewhere.
func (t *tallies) join(o *tallies) {
	for i, counted := range o {
		if more := len(counted) - len(t[i]); more > 0 {
			t[i] = append(t[i], make([]int, more)...)
		}
		for code, n := range counted {
			t[i][code] += n
		}
	}
}

// late are the open appeals that are past their deadline. Time passes without a
// write, so they are those of a moment, which serve until the next deadline.
type late struct {
	mu         sync.Mutex
	set        *roaring.Bitmap // nil: of no moment
	from, till int64           // the moments at which it is right
}

// forget finds them anew when they are asked for. No reader is at work.
func (l *late) forget() { l.set = nil }

// changed notes that a record has changed; the index knows it already. No reader is
// at work.
func (l *late) changed(ix *index, n uint32) {
	if l.set == nil {
		return
	}
	l.set.Remove(n)
	if due := ix.due(n); due == 0 || !ix.of(facet{byFlag, flagOpen}).Contains(n) || due >= l.till {
		return
	} else if due < l.from {
		l.set.Add(n)
	} else {
		l.set = nil // late at one moment and not yet at another
	}
}

// at gives those of a moment; callers must not change them.
func (l *late) at(ix *index, now int64) *roaring.Bitmap {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.set != nil && l.from <= now && now < l.till {
		return l.set
	}
	l.set, l.from, l.till = roaring.New(), math.MinInt64, math.MaxInt64
	for it := ix.of(facet{byFlag, flagOpen}).Iterator(); it.HasNext(); {
		n := it.Next()
		switch due := ix.due(n); {
		case due == 0:
		case due < now:
			l.set.Add(n)
			l.from = max(l.from, due+1)
		default:
			l.till = min(l.till, due+1)
		}
	}
	return l.set
}
