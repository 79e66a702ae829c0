package topics

import (
	"context"
	"math"

	"otklik/app"
)

// learnFrom is how many texts it takes to learn anything.
const learnFrom = 100

// smoothing is how often every stem is taken to have been met beyond what it was.
const smoothing = 1

// sureFolds is into how many parts texts are divided to see how sure the model may be.
const sureFolds = 5

// sureMost is how many texts are enough to see it.
const sureMost = 5000

// Learn makes a model of the examples, nil where they are too few.
func (x *Examples) Learn(ctx context.Context) (*Model, error) {
	if x.Len() < learnFrom || len(x.groups.names) < 2 {
		return nil, nil
	}
	group, topic, err := x.sureness(ctx)
	if err != nil {
		return nil, err
	}
	m, err := x.fit(ctx, 0, 0)
	if err != nil {
		return nil, err
	}
	m.groups.sure, m.topics.sure = group, topic
	return m, nil
}

// fit learns from all texts but a stretch of them.
func (x *Examples) fit(ctx context.Context, from, to int) (*Model, error) {
	v, column := x.vocabulary(from, to)
	m := &Model{vocabulary: v, names: x.topics.names, groupNames: x.groups.names, groupOf: x.groupOf}
	m.groups = newTable(len(v.idf), len(x.groups.names))
	m.topics = newTable(len(v.idf), len(x.topics.names))
	var vector []feature
	for i := range x.Len() {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, app.Fail(app.CodeCancelled)
		}
		if i >= from && i < to {
			continue
		}
		vector = x.vector(i, &v, column, vector[:0])
		m.groups.add(vector, x.groupOf[x.classes[i]])
		m.topics.add(vector, x.classes[i])
	}
	m.groups.weigh()
	m.topics.weigh()
	return m, nil
}

// vector appends the text as a model with this vocabulary sees it.
func (x *Examples) vector(i int, v *vocabulary, column []uint32, out []feature) []feature {
	for _, p := range x.texts[i] {
		if c := column[p>>timesBits]; c != none {
			out = append(out, feature{c, float32(p & timesMost)})
		}
	}
	return v.weigh(out)
}

// table is complement naive Bayes (Rennie et al., 2003): what speaks for a class is
// how rare a stem is in all the others, which are many where the class is small. That
// is linear in the stems of a text.
type table struct {
	classes int
	weights []float32 // by column, then class
	sure    float64   // by what scores have to be multiplied to be believed
}

func newTable(columns, classes int) table {
	return table{classes, make([]float32, columns*classes), 1}
}

// row gives the weights of a column.
func (t *table) row(column uint32) []float32 {
	return t.weights[int(column)*t.classes:][:t.classes]
}

// add counts a text of the class.
func (t *table) add(vector []feature, class int) {
	for _, f := range vector {
		t.row(f.column)[class] += f.weight
	}
}

// weigh turns sums into weights.
func (t *table) weigh() {
	totals, all := make([]float64, t.classes), 0.0
	columns := len(t.weights) / t.classes
	for c := range columns {
		for class, w := range t.row(uint32(c)) {
			totals[class] += float64(w)
			all += float64(w)
		}
	}
	for c := range columns {
		row, sum := t.row(uint32(c)), float32(0)
		for _, w := range row {
			sum += w
		}
		for class, w := range row {
			others := max(0, float64(sum-w)) + smoothing
			row[class] = -float32(math.Log(others / (all - totals[class] + smoothing*float64(columns))))
		}
	}
}

// score adds up what speaks for each class.
func (t *table) score(vector []feature) []float32 {
	out := make([]float32, t.classes)
	for _, f := range vector {
		for class, w := range t.row(f.column) {
			out[class] += f.weight * w
		}
	}
	return out
}

// sureness is how sure a model of these examples may be of groups, and of the topics
// of a group. It is found on texts the model has not seen: a stretch of them at a
// time, since texts that are much alike come one after the other.
func (x *Examples) sureness(ctx context.Context) (group, topic float64, err error) {
	var groups, topics []scored
	var vector []feature
	for fold := range sureFolds {
		from, to := x.Len()*fold/sureFolds, x.Len()*(fold+1)/sureFolds
		m, err := x.fit(ctx, from, to)
		if err != nil {
			return 0, 0, err
		}
		_, column := x.vocabulary(from, to)
		for i := from; i < to; i += 1 + x.Len()/sureMost {
			vector = x.vector(i, &m.vocabulary, column, vector[:0])
			class := x.classes[i]
			groups = append(groups, scored{m.groups.score(vector), x.groupOf[class]})
			if within, right := m.within(m.topics.score(vector), class); len(within) > 1 {
				topics = append(topics, scored{within, right})
			}
		}
	}
	return believed(groups), believed(topics), nil
}

// within gives the scores of the topics that are of one group with a topic, and the
// place of that among them.
func (m *Model) within(scores []float32, topic int) (out []float32, place int) {
	for other, score := range scores {
		if m.groupOf[other] != m.groupOf[topic] {
			continue
		}
		if other == topic {
			place = len(out)
		}
		out = append(out, score)
	}
	return out, place
}

// scored are the scores of a text and which of them was to be the highest.
type scored struct {
	scores []float32
	right  int
}

// believed is the factor under which what was right was likeliest: times it scores
// make shares that come true as often as they say (temperature scaling; Guo et al.,
// 2017).
func believed(all []scored) float64 {
	if len(all) == 0 {
		return 1
	}
	var share []float32
	loss := func(factor float64) float64 {
		total := 0.0
		for _, s := range all {
			share = append(share[:0], s.scores...)
			softmax(share, factor)
			total -= math.Log(max(float64(share[s.right]), 1e-9))
		}
		return total
	}
	low, high := math.Log(0.05), math.Log(100) // with one valley between
	for high-low > 0.005 {
		a, b := low+(high-low)*0.382, low+(high-low)*0.618
		if loss(math.Exp(a)) < loss(math.Exp(b)) {
			high = b
		} else {
			low = a
		}
	}
	return math.Exp((low + high) / 2)
}
