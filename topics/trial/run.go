package trial

import (
	"math"
	"slices"
)

// Score is how often a method was right.
type Score struct {
	Top1, Top3 float64
	Bins       [bins]Bin // of the first by how sure it was
}

// bins divide how sure a method is into tenths.
const bins = 10

// Bin is how sure a method was and how often it was right then.
type Bin struct {
	N           int
	Sure, Right float64 // sums
}

// Error is how far shares are from what came true, on the average of all answers.
func (s Score) Error() float64 {
	n, off := 0, 0.0
	for _, b := range s.Bins {
		n += b.N
		off += math.Abs(b.Sure - b.Right)
	}
	return off / float64(n)
}

// Scores are those of a method, one a seed.
type Scores struct {
	Method string
	Scores []Score
}

// Figure is a mean over seeds with its spread.
type Figure struct{ Mean, Deviation, Least, Most float64 }

// Over gives a figure of all seeds.
func (s Scores) Over(of func(Score) float64) Figure {
	values := make([]float64, len(s.Scores))
	for i, score := range s.Scores {
		values[i] = of(score)
	}
	f := Figure{Least: slices.Min(values), Most: slices.Max(values)}
	for _, v := range values {
		f.Mean += v / float64(len(values))
	}
	for _, v := range values {
		f.Deviation += (v - f.Mean) * (v - f.Mean)
	}
	if len(values) > 1 {
		f.Deviation = math.Sqrt(f.Deviation / float64(len(values)-1))
	}
	return f
}

// Run cross-validates all methods. What they learn, words and their rarity included,
// they learn within a fold; each row is asked for once a seed.
func Run(rows []Row, parts int, seeds []uint64) ([]Scores, error) {
	together := clusters(rows)
	out := make([]Scores, len(methods))
	for i, m := range methods {
		out[i].Method = m.name
	}
	for _, seed := range seeds {
		scores := make([]Score, len(methods))
		for _, held := range folds(together, parts, seed) {
			var seen []Row
			for i, r := range rows {
				if _, out := slices.BinarySearch(held, i); !out {
					seen = append(seen, r)
				}
			}
			for n, m := range methods {
				rank, err := m.learn(seen, seed)
				if err != nil {
					return nil, err
				}
				for _, i := range held {
					scores[n].add(rank(rows[i].Text), rows[i].Category, float64(len(rows)))
				}
			}
		}
		for i := range methods {
			out[i].Scores = append(out[i].Scores, scores[i])
		}
	}
	return out, nil
}

func (s *Score) add(r Ranking, right string, of float64) {
	place := slices.Index(r.Categories, right)
	b := &s.Bins[min(bins-1, int(r.Sure*bins))]
	b.N++
	b.Sure += r.Sure
	if place == 0 {
		s.Top1 += 1 / of
		b.Right++
	}
	if place >= 0 && place < 3 {
		s.Top3 += 1 / of
	}
}
