package topics

import (
	"cmp"
	"math"
	"slices"

	"otklik/app"
)

// Model says what an appeal looks like. It does not change, so any goroutine may
// ask it.
type Model struct {
	vocabulary
	names   []app.TopicName
	weights []float32 // by column, then topic
	bias    []float32 // by topic
	sure    float64
}

// score adds up what speaks for each topic; weights are times the factor.
func (m *Model) score(vector []feature, factor float32, out []float32) {
	copy(out, m.bias)
	for _, f := range vector {
		row := m.weights[int(f.column)*len(out):][:len(out)]
		w := f.weight * factor
		for c := range out {
			out[c] += w * row[c]
		}
	}
}

// softmax turns scores into shares of one.
func softmax(scores []float32, sure float64) {
	top := slices.Max(scores)
	sum := 0.0
	for i, s := range scores {
		e := math.Exp(float64(s-top) * sure)
		scores[i] = float32(e)
		sum += e
	}
	for i := range scores {
		scores[i] = float32(float64(scores[i]) / sum)
	}
}

// Suggest gives the groups a text looks like, the likeliest first; a topic of a group
// is named where it is likelier than all else together. A text without a word the
// model knows looks like nothing.
func (m *Model) Suggest(text string) []app.Suggestion {
	vector := m.vector(text)
	if len(vector) == 0 {
		return nil
	}
	share := make([]float32, len(m.names))
	m.score(vector, 1, share)
	softmax(share, m.sure)
	groups := map[string]float64{}
	for c, name := range m.names {
		groups[name.Group] += float64(share[c])
	}
	out := make([]app.Suggestion, 0, len(groups))
	for c, name := range m.names {
		if share[c] > 0.5 {
			out = append(out, app.Suggestion{TopicName: name, Share: float64(share[c])})
			delete(groups, name.Group)
		}
	}
	for group, share := range groups {
		out = append(out, app.Suggestion{TopicName: app.TopicName{Group: group}, Share: share})
	}
	slices.SortFunc(out, func(a, b app.Suggestion) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Group, b.Group))
	})
	return out
}
