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
	groups, topics table

	groupNames []string
	names      []app.TopicName
	groupOf    []int // of each topic
}

// softmax turns scores, times a factor, into shares of one.
func softmax(scores []float32, factor float64) {
	top := slices.Max(scores)
	sum := 0.0
	for i, s := range scores {
		e := math.Exp(float64(s-top) * factor)
		scores[i] = float32(e)
		sum += e
	}
	for i := range scores {
		scores[i] = float32(float64(scores[i]) / sum)
	}
}

// Suggest gives the groups a text looks like, the likeliest first; a topic of it is
// named where it is likelier than all else together. A text without a word the model
// knows looks like nothing.
func (m *Model) Suggest(text string) []app.Suggestion {
	vector := m.vector(text)
	if len(vector) == 0 {
		return nil
	}
	shares := m.groups.score(vector)
	softmax(shares, m.groups.sure)
	out := make([]app.Suggestion, len(shares))
	for g, share := range shares {
		out[g] = app.Suggestion{TopicName: app.TopicName{Group: m.groupNames[g]}, Share: float64(share)}
	}
	slices.SortFunc(out, func(a, b app.Suggestion) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Group, b.Group))
	})
	if topic, share := m.topicOf(out[0].Group, vector); share*out[0].Share > 0.5 {
		out[0].TopicName, out[0].Share = topic, share*out[0].Share
	}
	return out
}

// topicOf gives the likeliest topic of a group, and its share within.
func (m *Model) topicOf(group string, vector []feature) (app.TopicName, float64) {
	var of []app.TopicName
	var shares []float32
	for topic, score := range m.topics.score(vector) {
		if m.names[topic].Group == group {
			of, shares = append(of, m.names[topic]), append(shares, score)
		}
	}
	softmax(shares, m.topics.sure)
	best := slices.Index(shares, slices.Max(shares))
	return of[best], float64(shares[best])
}
