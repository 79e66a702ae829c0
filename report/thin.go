package report

import (
	"slices"

	"otklik/app"
)

// thin chooses which of n values to draw when they are more than two a pixel column:
// of each column the first, the last, and those scan keeps, so that a spike of one
// day stays. It gives the places of the chosen by stretches, between which lie gaps;
// of those too narrow to be seen it says nothing.
//
// scan gives the places from…to-1 to keep in their order, the first and the last
// known value among them, none where none is known; its result is good until it is
// called again.
func thin(n, columns int, scan func(from, to int) []int) [][]int {
	columns = max(columns, 1)
	if n <= 2*columns {
		columns = n
	}
	var out [][]int
	last := -1
	for c := range columns {
		kept := scan(c*n/columns, (c+1)*n/columns)
		if len(kept) == 0 {
			continue
		}
		if last < 0 || kept[0]-last > n/columns {
			out = append(out, nil)
		}
		s := &out[len(out)-1]
		*s = append(*s, kept...)
		last = kept[len(kept)-1]
	}
	return out
}

// sorted gives the places in their order, each once, in the same memory.
func sorted(places []int) []int {
	slices.Sort(places)
	return slices.Compact(places)
}

// extremes scans values that have several numbers each: the least and the greatest by
// every one are kept.
func extremes(known func(i int) bool, keys ...func(i int) float64) func(from, to int) []int {
	var kept []int
	return func(from, to int) []int {
		kept = kept[:0]
		for from < to && !known(from) {
			from++
		}
		for from < to && !known(to-1) {
			to--
		}
		if from == to {
			return nil
		}
		kept = append(kept, from, to-1)
		if to-from <= 2 {
			return sorted(kept)
		}
		for _, key := range keys {
			low, least := key(from), from
			high, most := low, from
			for i := from + 1; i < to; i++ {
				switch v := key(i); {
				case v < low && known(i):
					low, least = v, i
				case v > high && known(i):
					high, most = v, i
				}
			}
			kept = append(kept, least, most)
		}
		return sorted(kept)
	}
}

// scanSeries scans the counts of a page. A page may have a million of them in a test of
// patience: hence two loops without a branch.
func scanSeries(values []uint32) func(from, to int) []int {
	var kept []int
	return func(from, to int) []int {
		for from < to && values[from] == app.Missing {
			from++
		}
		for from < to && values[to-1] == app.Missing {
			to--
		}
		if from == to {
			return nil
		}
		column := values[from:to]
		kept = append(kept[:0], from, to-1)
		if len(column) > 2 {
			// Missing is the greatest number there is; one more is zero.
			least, most := app.Missing, uint32(0)
			for _, v := range column {
				least, most = min(least, v), max(most, v+1)
			}
			kept = append(kept, from+slices.Index(column, least), from+slices.Index(column, most-1))
		}
		return sorted(kept)
	}
}

// bounds gives the least and the greatest of the chosen values.
func bounds(stretches [][]int, value func(i int) float64) (least, most float64) {
	least, most = value(stretches[0][0]), value(stretches[0][0])
	for _, s := range stretches {
		for _, i := range s {
			least, most = min(least, value(i)), max(most, value(i))
		}
	}
	return least, most
}
