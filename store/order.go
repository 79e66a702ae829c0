package store

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// orders keeps all records in each order a list may have, so that a list of most
// of a million records is a walk and not a sort.
type orders struct{ newest, due order }

// changed notes that a record has to find its place anew. No reader is at work.
func (o *orders) changed(n uint32) {
	for _, one := range []*order{&o.newest, &o.due} {
		if one.ranked != nil {
			one.stale.Add(n)
		}
	}
}

// forget makes both anew when they are needed. No reader is at work.
func (o *orders) forget() { o.newest.ranked, o.due.ranked = nil, nil }

// order is all records in one order, made when it is first needed.
type order struct {
	mu     sync.Mutex // readers bring it up to date
	ranked []uint32   // never changed: who walks it may go on
	stale  *roaring.Bitmap
}

// sortedMost is of how many records a result is sorted for itself; beyond it, of a
// 256th of all records. Tests make it smaller.
var sortedMost = 1000

// order gives the records of a result in the order that was asked for, as many as
// a list holds.
func (f *finding) order(result *roaring.Bitmap) []uint64 {
	o, byDue, compare := f.ordering()
	if n := result.GetCardinality(); n <= uint64(max(sortedMost, f.ix.len()/256)) {
		records := result.ToArray()
		slices.SortFunc(records, compare)
		return numbers(records)
	}
	bits := result.ToDense()
	out := make([]uint64, 0, min(result.GetCardinality(), app.ListLimit))
	for _, n := range o.all(f.ix, byDue, compare) {
		if int(n>>6) < len(bits) && bits[n>>6]>>(n&63)&1 == 1 {
			if out = append(out, uint64(n)); len(out) == cap(out) {
				break
			}
		}
	}
	return out
}

func numbers(records []uint32) []uint64 {
	out := make([]uint64, min(len(records), app.ListLimit))
	for i := range out {
		out[i] = uint64(records[i])
	}
	return out
}

// ordering says how the result is ordered: as a person chose, or as its queue is
// worked: by deadline, nearest first and those without one last; the archive newest
// first.
func (f *finding) ordering() (o *order, byDue bool, compare func(a, b uint32) int) {
	ix := f.ix
	newest := func(a, b uint32) int { return cmp.Or(cmp.Compare(ix.start(b), ix.start(a)), cmp.Compare(b, a)) }
	if f.q.Order == app.OrderNewest || f.q.Order == "" && f.q.Queue == app.QueueArchive {
		return &f.orders.newest, false, newest
	}
	return &f.orders.due, true, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(ix.term(a), ix.term(b)), newest(a, b))
	}
}

// term is the deadline of a record by which it is ordered; those without one come
// after all years people write.
func (ix *index) term(n uint32) int64 {
	if due := ix.due(n); due != 0 {
		return due
	}
	return 1 << 40
}

// all gives all records in this order.
func (o *order) all(ix *index, byDue bool, compare func(a, b uint32) int) []uint32 {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.ranked == nil:
		o.ranked, o.stale = ix.ranked(byDue), roaring.New()
	case !o.stale.IsEmpty():
		o.ranked, o.stale = ix.merged(o.ranked, o.stale, compare), roaring.New()
	}
	return o.ranked
}

// ranked sorts all records: the newest first, or by deadline.
func (ix *index) ranked(byDue bool) []uint32 {
	all := make([]uint32, 0, ix.len())
	for n := ix.len() - 1; n >= 0; n-- {
		if ix.alive(uint32(n)) {
			all = append(all, uint32(n))
		}
	}
	all = radix(all, func(n uint32) uint64 { return math.MaxUint64 - rising(ix.start(n)) })
	if byDue {
		all = radix(all, func(n uint32) uint64 { return rising(ix.term(n)) })
	}
	return all
}

// rising gives numbers without a sign in the order of those with one.
func rising(v int64) uint64 { return uint64(v) ^ 1<<63 }

// radix sorts by a key; what has the same stays in its order. Keys of moments have
// few bytes that differ, so this is several times as fast as comparing.
func radix(all []uint32, key func(n uint32) uint64) []uint32 {
	const bits = 11
	type pair struct {
		key uint64
		n   uint32
	}
	now, next := make([]pair, len(all)), make([]pair, len(all))
	least, most := uint64(math.MaxUint64), uint64(0)
	for i, n := range all {
		k := key(n)
		now[i] = pair{k, n}
		least = min(least, k)
		most = max(most, k)
	}
	for i := range now {
		now[i].key -= least
	}
	for shift := 0; shift < 64 && len(all) > 0 && (most-least)>>shift > 0; shift += bits {
		var ends [1<<bits + 1]int
		for _, p := range now {
			ends[p.key>>shift&(1<<bits-1)+1]++
		}
		for i := range 1 << bits {
			ends[i+1] += ends[i]
		}
		for _, p := range now {
			digit := p.key >> shift & (1<<bits - 1)
			next[ends[digit]] = p
			ends[digit]++
		}
		now, next = next, now
	}
	for i, p := range now {
		all[i] = p.n
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
