package trial

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"otklik/app"
	"otklik/topics"
)

// Ranking is the categories a text looks like, the likeliest first, and how sure the
// first is, 0 where the method does not say.
type Ranking struct {
	Categories []string
	Sure       float64
}

// method learns from rows and ranks the categories of texts it has not seen.
type method struct {
	name  string
	learn func(rows []Row, seed uint64) (func(text string) Ranking, error)
}

// Names of the methods.
const (
	Model    = "model"
	Majority = "majority"
	Nearest  = "nearest"
	Vote     = "vote"
	Rival    = "regression"
)

var methods = []method{
	{Model, learnModel}, {Majority, learnMajority}, {Nearest, learnNearest(1)}, {Vote, learnNearest(7)}, {Rival, learnRegression},
}

func learnModel(rows []Row, _ uint64) (func(string) Ranking, error) {
	x := topics.NewExamples()
	for _, r := range rows {
		x.Add(app.TopicName{Group: r.Category}, r.Text)
	}
	m, err := x.Learn(context.Background())
	if err != nil {
		return nil, err
	}
	usual := byFrequency(rows)
	return func(text string) Ranking {
		var r Ranking
		for _, s := range m.Suggest(text) {
			r.Categories = append(r.Categories, s.Group)
			r.Sure = max(r.Sure, s.Share)
		}
		if len(r.Categories) == 0 {
			r.Categories = usual
		}
		return r
	}, nil
}

func learnMajority(rows []Row, _ uint64) (func(string) Ranking, error) {
	usual := byFrequency(rows)
	return func(string) Ranking { return Ranking{Categories: usual} }, nil
}

func byFrequency(rows []Row) []string {
	n := map[string]int{}
	for _, r := range rows {
		n[r.Category]++
	}
	return slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(n[b]-n[a], cmp.Compare(a, b)) })
}

// vector is a text by its stems, of length one.
type vector map[string]float64

// weigher weighs stems as rows have them: by their number in the text and their
// rarity among the texts.
func weigher(rows []Row) func(text string) vector {
	df := map[string]float64{}
	for _, r := range rows {
		for s := range counts(r.Text) {
			df[s]++
		}
	}
	return func(text string) vector {
		v, square := vector(counts(text)), 0.0
		for s, n := range v {
			if df[s] == 0 {
				delete(v, s)
				continue
			}
			v[s] = (1 + math.Log(n)) * (math.Log(float64(len(rows)+1)/(df[s]+1)) + 1)
			square += v[s] * v[s]
		}
		for s := range v {
			v[s] /= math.Sqrt(square)
		}
		return v
	}
}

func counts(text string) map[string]float64 {
	out := map[string]float64{}
	for s := range topics.Stems(text) {
		out[s]++
	}
	return out
}

// learnNearest has the k nearest texts by the cosine vote, each by how near it is;
// what none of them is of follows by its nearest text.
func learnNearest(k int) func([]Row, uint64) (func(string) Ranking, error) {
	return func(rows []Row, _ uint64) (func(string) Ranking, error) {
		weigh := weigher(rows)
		known := make([]vector, len(rows))
		for i, r := range rows {
			known[i] = weigh(r.Text)
		}
		return func(text string) Ranking {
			v := weigh(text)
			type near struct {
				category string
				cosine   float64
			}
			all := make([]near, len(rows))
			for i, other := range known {
				all[i].category = rows[i].Category
				for s, w := range v {
					all[i].cosine += w * other[s]
				}
			}
			slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(b.cosine, a.cosine) })
			votes := map[string]float64{}
			for i, n := range all {
				if i < k {
					votes[n.category] += n.cosine + 1 // more than any that has no vote
				} else if _, has := votes[n.category]; !has {
					votes[n.category] = n.cosine
				}
			}
			return Ranking{Categories: ranked(votes)}
		}, nil
	}
}

func ranked(score map[string]float64) []string {
	return slices.SortedFunc(maps.Keys(score), func(a, b string) int {
		return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b))
	})
}
