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
	texts   [][]uint32        // the stems of each and how often it has them: see packed
	topics  codes[app.TopicName]
	groups  codes[string]
	groupOf []int // of each topic
	classes []int // the topic of each text
	room    []uint32
}

// codes numbers names as they are met.
type codes[N comparable] struct {
	of    map[N]int
	names []N
}

func (c *codes[N]) code(name N) int {
	n, known := c.of[name]
	if !known {
		n = len(c.names)
		c.of[name], c.names = n, append(c.names, name)
	}
	return n
}

// none is the number of a form that is no feature.
const none = math.MaxUint32

// NewExamples starts an empty collection.
func NewExamples() *Examples {
	return &Examples{
		forms: map[string]uint32{}, stems: map[string]uint32{},
		topics: codes[app.TopicName]{of: map[app.TopicName]int{}}, groups: codes[string]{of: map[string]int{}},
	}
}

// Len is how many texts were added.
func (x *Examples) Len() int { return len(x.classes) }

// packed holds the number of a stem and in its lowest bits how often a text has it:
// beyond that many it makes no difference.
const (
	timesBits = 6
	timesMost = 1<<timesBits - 1
)

// Add adds a text somebody has given the topic.
func (x *Examples) Add(topic app.TopicName, text string) {
	x.room = x.room[:0]
	for w := range words(text) {
		if n := x.number(w); n != none {
			x.room = append(x.room, n)
		}
	}
	slices.Sort(x.room)
	packed := x.room[:0]
	for _, n := range x.room {
		if last := len(packed) - 1; last >= 0 && packed[last]>>timesBits == n {
			packed[last] = min(packed[last]+1, n<<timesBits|timesMost)
			continue
		}
		packed = append(packed, n<<timesBits|1)
		x.df[n]++
	}
	x.texts = append(x.texts, slices.Clone(packed))
	class := x.topics.code(topic)
	if class == len(x.groupOf) {
		x.groupOf = append(x.groupOf, x.groups.code(topic.Group))
	}
	x.classes = append(x.classes, class)
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

// vocabulary is which stems are features, and how rare each is.
type vocabulary struct {
	columns map[string]uint32
	idf     []float32
}

// rare is in how many texts a stem has to occur: what one citizen alone has written
// tells nothing of others, and may be a name.
const rare = 2

// vocabulary is made of all texts but a stretch of them; column leads from the
// numbers of stems to their columns.
func (x *Examples) vocabulary(from, to int) (v vocabulary, column []uint32) {
	df := slices.Clone(x.df)
	for i := from; i < to; i++ {
		for _, p := range x.texts[i] {
			df[p>>timesBits]--
		}
	}
	texts := x.Len() - (to - from)
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
			v.idf = append(v.idf, float32(math.Log(float64(texts+1)/float64(df[n]+1))+1))
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
		if f.weight > 1 {
			f.weight = 1 + float32(math.Log(float64(f.weight)))
		}
		f.weight *= v.idf[f.column]
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
	once := out[:0]
	for _, f := range out {
		if last := len(once) - 1; last >= 0 && once[last].column == f.column {
			once[last].weight = min(once[last].weight+1, timesMost)
			continue
		}
		once = append(once, f)
	}
	return v.weigh(once)
}
