package store

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// orders keeps all records in each order a list may have, so that a list is put in
// order by looking places up and not by comparing.
type orders struct{ newest, due order }

// changed notes that a record may have to find its place anew. No reader is at work.
func (o *orders) changed(n uint32, was, is header) {
	newest := was.live() != is.live() || was.start != is.start
	for _, one := range []struct {
		order *order
		moved bool
	}{{&o.newest, newest}, {&o.due, newest || was.due != is.due}} {
		if one.moved && one.order.ranked != nil {
			one.order.stale.Add(n)
		}
	}
}

// forget makes both anew when they are needed. No reader is at work.
func (o *orders) forget() { o.newest.ranked, o.due.ranked = nil, nil }

// order is all records in one order, made when it is first needed.
type order struct {
	mu     sync.Mutex // readers bring it up to date
	ranked []uint32   // never changed: who walks it may go on
	places []uint32   // by record number: where it stands in ranked; nil until asked for
	stale  *roaring.Bitmap
}

// Of a result with one record in so many of all the places are marked, and the marks
// read in their order. Those of a smaller one are sorted; for a larger one all
// records are walked through, until the list is full.
const (
	markedFrom = 1000
	walkedFrom = 8
)

// order gives the records of a result in the order that was asked for, as many as
// a list holds.
func (f *finding) order(result *roaring.Bitmap) []uint64 {
	n := int(result.GetCardinality())
	out := make([]uint64, 0, min(n, app.ListLimit))
	if n == 0 {
		return out
	}
	o, byDue, compare := f.ordering()
	ranked, places := o.all(f.ix, byDue, compare, n <= f.ix.len()/walkedFrom)
	if places == nil {
		bits := result.ToDense()
		for _, n := range ranked {
			if int(n>>6) < len(bits) && bits[n>>6]>>(n&63)&1 == 1 {
				if out = append(out, uint64(n)); len(out) == cap(out) {
					break
				}
			}
		}
		return out
	}
	if n < len(ranked)/markedFrom {
		own := result.ToArray()
		for i, record := range own {
			own[i] = places[record]
		}
		slices.Sort(own)
		for _, at := range own[:cap(out)] {
			out = append(out, uint64(ranked[at]))
		}
		return out
	}
	return inMarks(result, ranked, places, out)
}

// marks are bits for places, kept for the next list.
type marks struct {
	bits []uint64
	some [1024]uint32
}

var markRooms = sync.Pool{New: func() any { return &marks{} }}

// inMarks fills out.
func inMarks(result *roaring.Bitmap, ranked, places []uint32, out []uint64) []uint64 {
	room := markRooms.Get().(*marks)
	defer markRooms.Put(room)
	n := len(ranked)/64 + 1
	if n > len(room.bits) {
		room.bits = make([]uint64, n)
	}
	marked := room.bits[:n]
	clear(marked)
	for it := result.ManyIterator(); ; {
		n := it.NextMany(room.some[:])
		if n == 0 {
			break
		}
		for _, record := range room.some[:n] {
			at := places[record]
			marked[at>>6] |= 1 << (at & 63)
		}
	}
	for i, set := range marked {
		for ; set != 0; set &= set - 1 {
			if len(out) == cap(out) {
				return out
			}
			out = append(out, uint64(ranked[i<<6+bits.TrailingZeros64(set)]))
		}
	}
	return out
}

// ordering says how the result is ordered: as a person chose, or as its queue is
// worked: by deadline, nearest first and those without one last; what is not only
// open newest first.
func (f *finding) ordering() (o *order, byDue bool, compare func(a, b uint32) int) {
	ix := f.ix
	newest := func(a, b uint32) int { return cmp.Or(cmp.Compare(ix.start(b), ix.start(a)), cmp.Compare(b, a)) }
	if f.q.Order == app.OrderNewest || f.q.Order == "" && (f.q.Queue == app.QueueArchive || f.q.Queue == app.QueueAll) {
		return &f.orders.newest, false, newest
	}
	return &f.orders.due, true, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(ix.term(a), ix.term(b)), newest(a, b))
	}
}

// term is the deadline of a record by which it is ordered; those without one come
// last.
func (ix *index) term(n uint32) uint32 {
	if due := ix.due(n); due != 0 {
		return uint32(due)
	}
	return math.MaxUint32
}

// all gives all records in this order, and the place of each where they are asked for.
func (o *order) all(ix *index, byDue bool, compare func(a, b uint32) int, asked bool) (ranked, places []uint32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.ranked == nil:
		o.ranked, o.places, o.stale = ix.ranked(byDue), nil, roaring.New()
	case !o.stale.IsEmpty():
		o.ranked, o.places, o.stale = ix.merged(o.ranked, o.stale, compare), nil, roaring.New()
	}
	if !asked {
		return o.ranked, nil
	}
	if o.places == nil {
		o.places = large[uint32](ix.len())
		for at, n := range o.ranked {
			o.places[n] = uint32(at)
		}
	}
	return o.ranked, o.places
}

// ranked sorts all records: the newest first, or by deadline.
func (ix *index) ranked(byDue bool) []uint32 {
	all := large[uint32](ix.len())[:0]
	for n := ix.len() - 1; n >= 0; n-- {
		if ix.alive(uint32(n)) {
			all = append(all, uint32(n))
		}
	}
	all = radix(all, func(n uint32) uint32 { return ^uint32(ix.start(n)) })
	if byDue {
		all = radix(all, ix.term)
	}
	return all
}

// radix sorts by a key; what has the same stays in its order. Keys have few digits
// that differ, so this is several times as fast as comparing.
func radix(all []uint32, key func(n uint32) uint32) []uint32 {
	const width = 11
	now, next := large[uint64](len(all)), large[uint64](len(all)) // the key and what has it
	least, most := uint32(math.MaxUint32), uint32(0)
	for i, n := range all {
		k := key(n)
		now[i] = uint64(k)<<32 | uint64(n)
		least, most = min(least, k), max(most, k)
	}
	for shift := 0; len(all) > 0 && (most-least)>>shift > 0; shift += width {
		var ends [1<<width + 1]int
		for _, v := range now {
			ends[(uint32(v>>32)-least)>>shift&(1<<width-1)+1]++
		}
		for i := range 1 << width {
			ends[i+1] += ends[i]
		}
		for _, v := range now {
			digit := (uint32(v>>32) - least) >> shift & (1<<width - 1)
			next[ends[digit]] = v
			ends[digit]++
		}
		now, next = next, now
	}
	for i, v := range now {
		all[i] = uint32(v)
	}
	return all
}

// merged brings the stale among ranked records to their new places.
func (ix *index) merged(ranked []uint32, stale *roaring.Bitmap, compare func(a, b uint32) int) []uint32 {
	moved := slices.DeleteFunc(stale.ToArray(), func(n uint32) bool { return !ix.alive(n) })
	slices.SortFunc(moved, compare)
	rest := make([]uint32, 0, len(ranked))
	gone := stale.ToDense()
	for _, n := range ranked {
		if int(n>>6) >= len(gone) || gone[n>>6]>>(n&63)&1 == 0 {
			rest = append(rest, n)
		}
	}
	out := make([]uint32, 0, len(rest)+len(moved))
	for _, n := range moved {
		at, _ := slices.BinarySearchFunc(rest, n, compare)
		out, rest = append(append(out, rest[:at]...), n), rest[at:]
	}
	return append(out, rest...)
}
