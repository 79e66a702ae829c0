package topics

import (
	"cmp"
	"math"
	"slices"

	"otklik/app"
)

// feature is a stem of a text and how much it weighs there.
type feature struct {
	column uint32
	weight float32
}

// Examples gathers classified texts to learn from. Texts are not kept.
type Examples struct {
	forms   map[string]uint32 // form → number of its stem, none for what says nothing
	stems   map[string]uint32 // stem → number
	df      []uint32          // in how many texts, by the number of the stem
	counts  []feature         // of all texts, one after the other
	ends    []int             // of each text in counts
	topics  map[app.TopicName]int
	names   []app.TopicName
	classes []int // of each text
}

// none is the number of a form that is no feature.
const none = math.MaxUint32

// NewExamples starts an empty collection.
func NewExamples() *Examples {
	return &Examples{forms: map[string]uint32{}, stems: map[string]uint32{}, topics: map[app.TopicName]int{}}
}

// Len is how many texts were added.
func (x *Examples) Len() int { return len(x.classes) }

// Add adds a text somebody has given the topic.
func (x *Examples) Add(topic app.TopicName, text string) {
	from := len(x.counts)
	for w := range words(text) {
		if n := x.number(w); n != none {
			x.counts = append(x.counts, feature{n, 1})
		}
	}
	slices.SortFunc(x.counts[from:], func(a, b feature) int { return cmp.Compare(a.column, b.column) })
	x.counts = x.counts[:from+len(sum(x.counts[from:]))]
	for _, f := range x.counts[from:] {
		x.df[f.column]++
	}
	x.ends = append(x.ends, len(x.counts))
	class, known := x.topics[topic]
	if !known {
		class = len(x.names)
		x.topics[topic], x.names = class, append(x.names, topic)
	}
	x.classes = append(x.classes, class)
}

// sum makes one feature of those of the same column; they are sorted.
func sum(features []feature) []feature {
	out := features[:0]
	for _, f := range features {
		if n := len(out); n > 0 && out[n-1].column == f.column {
			out[n-1].weight += f.weight
			continue
		}
		out = append(out, f)
	}
	return out
}

// number gives the number of the stem of a form. A region writes with a few hundred
// thousand forms, so each is stemmed once.
func (x *Examples) number(form string) uint32 {
	if n, known := x.forms[form]; known {
		return n
	}
	n := uint32(none)
	if says(form) {
		s := stem(form)
		known := false
		if n, known = x.stems[s]; !known {
			n = uint32(len(x.df))
			x.stems[s], x.df = n, append(x.df, 0)
		}
	}
	x.forms[form] = n
	return n
}

// text gives the counts of the stems of a text.
func (x *Examples) text(i int) []feature {
	from := 0
	if i > 0 {
		from = x.ends[i-1]
	}
	return x.counts[from:x.ends[i]]
}

// vocabulary is which stems are features, and how rare each is.
type vocabulary struct {
	columns map[string]uint32
	idf     []float32
}

// rare is in how many texts a stem has to occur: what one citizen alone has written
// tells nothing of others, and may be a name.
const rare = 2

// vocabulary is made of the given texts alone.
func (x *Examples) vocabulary(texts []int) (v vocabulary, column []uint32) {
	df := x.df
	if len(texts) < x.Len() {
		df = make([]uint32, len(x.df))
		for _, i := range texts {
			for _, f := range x.text(i) {
				df[f.column]++
			}
		}
	}
	v.columns = map[string]uint32{}
	column = make([]uint32, len(df))
	for n := range column {
		column[n] = none
	}
	for s, n := range x.stems {
		if df[n] >= rare {
			column[n] = 0
			v.columns[s] = n
		}
	}
	// In the order of numbers, so that the same texts make the same model.
	for n := range column {
		if column[n] != none {
			column[n] = uint32(len(v.idf))
			v.idf = append(v.idf, float32(math.Log(float64(len(texts)+1)/float64(df[n]+1))+1))
		}
	}
	for s, n := range v.columns {
		v.columns[s] = column[n]
	}
	return v, column
}

// weigh turns counts into a vector of length one: what is frequent in the text and
// rare among all weighs most.
func (v *vocabulary) weigh(features []feature) []feature {
	square := 0.0
	for i := range features {
		f := &features[i]
		f.weight = (1 + float32(math.Log(float64(f.weight)))) * v.idf[f.column]
		square += float64(f.weight) * float64(f.weight)
	}
	length := float32(math.Sqrt(square))
	for i := range features {
		features[i].weight /= length
	}
	return features
}

// vector gives the text as the model sees it.
func (v *vocabulary) vector(text string) []feature {
	var out []feature
	for s := range Stems(text) {
		if c, known := v.columns[s]; known {
			out = append(out, feature{c, 1})
		}
	}
	slices.SortFunc(out, func(a, b feature) int { return cmp.Compare(a.column, b.column) })
	return v.weigh(sum(out))
}
