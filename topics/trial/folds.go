package trial

import (
	"math/rand/v2"
	"slices"

	"otklik/topics"
)

// alike is from what share of common stems on two texts are nearly the same.
const alike = 0.5

// clusters puts together the rows whose texts are nearly the same, also by way of
// others.
func clusters(rows []Row) [][]int {
	stems := make([]map[string]bool, len(rows))
	for i, r := range rows {
		stems[i] = map[string]bool{}
		for s := range topics.Stems(r.Text) {
			stems[i][s] = true
		}
	}
	head := make([]int, len(rows))
	for i := range head {
		head[i] = i
	}
	of := func(i int) int {
		for head[i] != i {
			i = head[i]
		}
		return i
	}
	for i := range rows {
		for j := range i {
			if common(stems[i], stems[j]) >= alike {
				head[of(i)] = of(j)
			}
		}
	}
	var out [][]int
	place := map[int]int{}
	for i := range rows {
		h := of(i)
		n, known := place[h]
		if !known {
			n = len(out)
			place[h], out = n, append(out, nil)
		}
		out[n] = append(out[n], i)
	}
	return out
}

// common is how much of what two texts have together they have both.
func common(a, b map[string]bool) float64 {
	both := 0
	for s := range a {
		if b[s] {
			both++
		}
	}
	if all := len(a) + len(b) - both; all > 0 {
		return float64(both) / float64(all)
	}
	return 1
}

// folds deals the clusters out, as the seed has it, each to the smallest part.
func folds(clusters [][]int, n int, seed uint64) [][]int {
	rnd := rand.New(rand.NewPCG(seed, 5))
	out := make([][]int, n)
	for _, c := range rnd.Perm(len(clusters)) {
		at := 0
		for i := range out {
			if len(out[i]) < len(out[at]) {
				at = i
			}
		}
		out[at] = append(out[at], clusters[c]...)
	}
	for _, f := range out {
		slices.Sort(f)
	}
	return out
}
