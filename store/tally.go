package store

import (
	"math"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// facets is how many facets are counted: the source and those of words.
const facets = 1 + wordFacets

// tallies are counts by the code of a value, for each facet.
type tallies [facets][]int

// facetFields are the facets in the order in which they are counted.
var facetFields = [facets]fieldName{bySource, byGroup, byTopic, byMunicipality, byExecutor, byAssignee}

// tally counts the values that records have in some of the facets. Of a small part
// of all records it looks at each; else sets are laid over each other, those of each
// facet beside the others.
func (ix *index) tally(records *roaring.Bitmap, which [facets]bool, to *tallies) {
	add := func(i int, code uint16, n int) {
		for len(to[i]) <= int(code) {
			to[i] = append(to[i], make([]int, int(code)+1-len(to[i]))...)
		}
		to[i][code] += n
	}
	if records.GetCardinality() <= uint64(max(1000, ix.len()/16)) {
		for it := records.Iterator(); it.HasNext(); {
			for i, code := range ix.codes(it.Next()) {
				if which[i] {
					add(i, code, 1)
				}
			}
		}
		return
	}
	var all sync.WaitGroup
	for i, field := range facetFields {
		if which[i] {
			all.Go(func() {
				for facet, set := range ix.sets {
					if facet.field == field {
						add(i, facet.code, overlap(set, records))
					}
				}
			})
		}
	}
	all.Wait()
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
