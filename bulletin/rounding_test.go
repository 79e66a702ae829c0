package bulletin

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSharesAddUp(t *testing.T) {
	if got := Shares([]int{1, 1, 1}); !slices.Equal(got, []float64{0.334, 0.333, 0.333}) {
		t.Errorf("thirds: %v", got)
	}
	if got := Shares([]int{0, 0}); !slices.Equal(got, []float64{0, 0}) {
		t.Errorf("of nothing: %v", got)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		counts := make([]int, 1+r.IntN(30))
		sum := 0
		for i := range counts {
			counts[i] = r.IntN(1 + r.IntN(1_000_000))
			sum += counts[i]
		}
		if sum == 0 {
			continue
		}
		whole := 0
		for i, part := range Shares(counts) {
			whole += int(math.Round(part * 1000))
			if exact := float64(counts[i]) / float64(sum); math.Abs(part-exact) >= 0.001 {
				t.Fatalf("%d of %d is written as %v", counts[i], sum, part)
			}
		}
		if whole != 1000 {
			t.Fatalf("%v add up to %d tenths of a percent", counts, whole)
		}
	}
}
