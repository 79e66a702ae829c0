package topics

import (
	"context"
	"math"
	"math/rand/v2"

	"otklik/app"
)

// What the learning was tuned to; see docs/decisions/0022-topics.md.
var (
	// steps is how many texts are looked at in all; few texts are looked at again and
	// again, at least epochsMost times at most, at least epochsLeast.
	steps       = 60_000
	epochsLeast = 4
	epochsMost  = 100
	rate        = 4.0 // of the first step
	strength    = 20.0
)

// learnFrom is how many texts it takes to learn anything.
const learnFrom = 100

// sureFolds is into how many parts texts are divided to see how sure the model may
// be; where there are more than sureMost texts, one part in place of all tells enough.
const (
	sureFolds = 5
	sureMost  = 5000
)

// Learn makes a model of the examples, nil where they are too few. The seed decides
// in which order they are looked at.
func (x *Examples) Learn(ctx context.Context, seed uint64) (*Model, error) {
	if x.Len() < learnFrom || len(x.names) < 2 {
		return nil, nil
	}
	sure, err := x.sureness(ctx, seed)
	if err != nil {
		return nil, err
	}
	all := make([]int, x.Len())
	for i := range all {
		all[i] = i
	}
	m, err := x.fit(ctx, all, seed)
	if err != nil {
		return nil, err
	}
	m.sure = sure
	return m, nil
}

// fit makes a multinomial logistic regression of the given texts by stochastic
// gradient descent; its shares are not to be believed yet.
func (x *Examples) fit(ctx context.Context, texts []int, seed uint64) (*Model, error) {
	v, column := x.vocabulary(texts)
	k := len(x.names)
	m := &Model{vocabulary: v, names: x.names, weights: make([]float32, len(v.idf)*k), bias: make([]float32, k), sure: 1}

	vectors := make([][]feature, len(texts))
	for i, text := range texts {
		for _, f := range x.text(text) {
			if c := column[f.column]; c != none {
				vectors[i] = append(vectors[i], feature{c, f.weight})
			}
		}
		v.weigh(vectors[i])
	}

	// Weights are kept apart from a factor they all have in common, so that a step of
	// the penalty need not touch them all.
	penalty := 1 / (strength * float64(len(texts)))
	factor := 1.0
	rnd := rand.New(rand.NewPCG(seed, uint64(len(texts))))
	order := rnd.Perm(len(texts))
	share := make([]float32, k)
	epochs := min(epochsMost, max(epochsLeast, steps/len(texts)))
	step := 0
	for range epochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for n, i := range order {
			if n%256 == 0 && ctx.Err() != nil {
				return nil, app.Fail(app.CodeCancelled)
			}
			eta := rate / (1 + rate*penalty*float64(step))
			step++
			m.score(vectors[i], float32(factor), share)
			softmax(share, 1)
			share[x.classes[texts[i]]]--
			factor *= 1 - eta*penalty
			by := float32(eta / factor)
			for _, f := range vectors[i] {
				row := m.weights[int(f.column)*k:][:k]
				g := by * f.weight
				for c, s := range share {
					row[c] -= g * s
				}
			}
			for c, s := range share {
				m.bias[c] -= float32(eta) * 0.1 * s
			}
		}
	}
	for i := range m.weights {
		m.weights[i] *= float32(factor)
	}
	return m, nil
}

// sureness is by what the model's scores have to be multiplied for its shares to be
// right as often as they say. It is found on texts the model has not seen: a stretch
// of them, since those that are much alike come one after the other.
func (x *Examples) sureness(ctx context.Context, seed uint64) (float64, error) {
	n, folds := x.Len(), sureFolds
	var scores [][]float32
	var right []int
	first := 0
	if n > sureMost {
		first = folds - 1
	}
	for fold := first; fold < folds; fold++ {
		from, to := n*fold/folds, n*(fold+1)/folds
		var seen []int
		for i := range n {
			if i < from || i >= to {
				seen = append(seen, i)
			}
		}
		m, err := x.fit(ctx, seen, seed)
		if err != nil {
			return 0, err
		}
		_, column := x.vocabulary(seen)
		for i := from; i < to; i++ {
			var vector []feature
			for _, f := range x.text(i) {
				if c := column[f.column]; c != none {
					vector = append(vector, feature{c, f.weight})
				}
			}
			s := make([]float32, len(x.names))
			m.score(m.weigh(vector), 1, s)
			scores, right = append(scores, s), append(right, x.classes[i])
		}
	}
	return x.fitting(scores, right), nil
}

// fitting searches for the factor under which what was right was likeliest. Groups
// are what is shown first, so it is their shares that have to be right.
func (x *Examples) fitting(scores [][]float32, right []int) float64 {
	loss := func(sure float64) float64 {
		total := 0.0
		share := make([]float32, len(x.names))
		for i, s := range scores {
			copy(share, s)
			softmax(share, sure)
			p := 0.0
			for c, name := range x.names {
				if name.Group == x.names[right[i]].Group {
					p += float64(share[c])
				}
			}
			total -= math.Log(max(p, 1e-9))
		}
		return total
	}
	// The loss has one valley.
	low, high := math.Log(0.05), math.Log(20)
	for range 40 {
		a, b := low+(high-low)*0.382, low+(high-low)*0.618
		if loss(math.Exp(a)) < loss(math.Exp(b)) {
			high = b
		} else {
			low = a
		}
	}
	return math.Exp((low + high) / 2)
}
