package bulletin

import (
	"cmp"
	"slices"
)

// tenths are how many parts of a whole a share is written in: 100,0 %.
const tenths = 1000

// Shares are the parts the counts make of their sum, 0…1, rounded to tenths of a percent
// so that what is written adds up to 100,0 % (by the largest remainder; among equals the
// first has it). Of no counts at all every part is 0.
func Shares(counts []int) []float64 {
	out := make([]float64, len(counts))
	sum := 0
	for _, n := range counts {
		sum += n
	}
	if sum == 0 {
		return out
	}
	left, order := tenths, make([]int, len(counts))
	rest := make([]int, len(counts))
	parts := make([]int, len(counts))
	for i, n := range counts {
		order[i] = i
		parts[i], rest[i] = n*tenths/sum, n*tenths%sum
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order[:left] {
		parts[i]++
	}
	for i, n := range parts {
		out[i] = float64(n) / tenths
	}
	return out
}
