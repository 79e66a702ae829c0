package trial

import (
	"math"
	"math/rand/v2"
)

// What the regression was tuned to on these very rows, in its favour.
const (
	epochs   = 40
	rate     = 4.0
	strength = 50.0 // the penalty of weights is one in so many times the rows
)

// learnRegression is multinomial logistic regression by stochastic gradient descent,
// the other linear model that was considered.
func learnRegression(rows []Row, seed uint64) (func(string) Ranking, error) {
	weigh := weigher(rows)
	usual := byFrequency(rows)
	vectors := make([]vector, len(rows))
	stems := map[string][]float64{}
	for i, r := range rows {
		vectors[i] = weigh(r.Text)
		for s := range vectors[i] {
			stems[s] = make([]float64, len(usual))
		}
	}
	share := make([]float64, len(usual))
	// Weights are kept apart from a factor they all have in common, so that a step of
	// the penalty need not touch them all.
	factor := 1.0
	score := func(v vector) {
		clear(share)
		for s, w := range v {
			for c, weight := range stems[s] {
				share[c] += w * weight * factor
			}
		}
	}
	penalty := 1 / (strength * float64(len(rows)))
	rnd := rand.New(rand.NewPCG(seed, 1))
	for step := range epochs * len(rows) {
		i := rnd.IntN(len(rows))
		score(vectors[i])
		sum := 0.0
		for c := range share {
			share[c] = math.Exp(share[c])
			sum += share[c]
		}
		eta := rate / (1 + rate*penalty*float64(step))
		factor *= 1 - eta*penalty
		for c, name := range usual {
			g := share[c] / sum
			if name == rows[i].Category {
				g--
			}
			for s, w := range vectors[i] {
				stems[s][c] -= eta / factor * g * w
			}
		}
	}
	return func(text string) Ranking {
		score(weigh(text))
		of := map[string]float64{}
		for c, name := range usual {
			of[name] = share[c]
		}
		return Ranking{Categories: ranked(of)}
	}, nil
}
