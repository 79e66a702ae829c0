package report

// run is a stretch of known values, both ends included.
type run struct{ from, to int }

// runs gives the stretches of 0…n-1 between gaps.
func runs(n int, known func(i int) bool) []run {
	var out []run
	open := false
	for i := range n {
		switch k := known(i); {
		case k && open:
			out[len(out)-1].to = i
		case k:
			out = append(out, run{i, i})
		}
		open = known(i)
	}
	return out
}

// thin chooses which indices of the run to draw when it has more than two
// values a pixel column: the lowest and the highest of each column by every
// key, so that a spike of one day stays. The ends are always kept.
func thin(r run, columns int, keys ...func(i int) float64) []int {
	n := r.to - r.from + 1
	columns = max(columns, 1)
	if n <= 2*columns {
		out := make([]int, n)
		for i := range out {
			out[i] = r.from + i
		}
		return out
	}
	out := make([]int, 0, 2*len(keys)*columns+2)
	add := func(i int) {
		if len(out) == 0 || out[len(out)-1] < i {
			out = append(out, i)
		}
	}
	add(r.from)
	for c := range columns {
		lo, hi := r.from+c*n/columns, r.from+(c+1)*n/columns
		kept := make(map[int]bool, 2*len(keys))
		for _, key := range keys {
			least, most := lo, lo
			for i := lo; i < hi; i++ {
				if key(i) < key(least) {
					least = i
				}
				if key(i) > key(most) {
					most = i
				}
			}
			kept[least], kept[most] = true, true
		}
		for i := lo; i < hi; i++ {
			if kept[i] {
				add(i)
			}
		}
	}
	add(r.to)
	return out
}
