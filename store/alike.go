package store

import (
	"cmp"
	"container/heap"
	"math"
	"math/bits"
	"slices"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// A place is a term of its own, under its key: an appeal is found by the house and by
// the street it is at. The mark is startLen long, so that places lie together and
// their beginnings tell nothing.
const placeMark = "@@\n"

// place gives the term of a place by its key.
func (s *stemmer) place(key string) term {
	s.mu.Lock() // of the beginnings
	defer s.mu.Unlock()
	return s.hash(placeMark + key)
}

// places gives the terms of where an appeal is, in order.
func (s *stemmer) places(a *app.Appeal) (all []term) {
	at := a.Where()
	if at.Street == "" {
		return nil
	}
	all = append(all, s.place(at.OfStreet().Key()))
	if at.House != "" {
		all = append(all, s.place(at.Key()))
	}
	slices.Sort(all)
	return all
}

// joined gives the terms of both, in order.
func joined(a, b []term) []term {
	if len(b) == 0 {
		return a
	}
	all := append(a, b...)
	slices.Sort(all)
	return slices.Compact(all)
}

// at gives the appeals at a place, by its key; nil where none is asked for.
func (s *Store) at(key string) (*roaring.Bitmap, error) {
	if key == "" {
		return nil, nil
	}
	if err := s.recentWords(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.having([][]term{{s.stems.place(key)}}, nil)
}

// History gives what is known of all appeals at a place, by its key. Nothing is opened
// for it: the index holds it all.
func (s *Store) History(key string) (all []app.Trace, err error) {
	if err := s.recentWords(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	set, err := s.readSet([]term{s.stems.place(key)}, nil) // not kept: one who counts asks for thousands
	if err != nil {
		return nil, err
	}
	solved := code(app.Outcomes, app.OutcomeSolved)
	for it := set.bitmap().Iterator(); it.HasNext(); {
		h := s.index.header(uint64(it.Next()))
		all = append(all, app.Trace{
			Start: h.start, Closed: h.closed, Topic: s.index.word("topic", h.topic),
			Solved: h.outcome == solved && decode(app.Statuses, h.status) == app.StatusClosed,
		})
	}
	return all, nil
}

// Located says where appeals are; those that are gone are passed over.
func (s *Store) Located(records []uint64) ([]app.Located, error) {
	numbers := make([]uint32, len(records))
	for i, n := range records {
		numbers[i] = uint32(n)
	}
	found := make([]*app.Located, len(numbers))
	err := s.view(func(tx reader) error {
		tx.read(numbers, func(i int, a *app.Appeal) {
			l := app.Located{Place: a.Where(), In: a.Municipality, Group: a.Group, Topic: a.Topic}
			if e, ok := a.Start(); ok {
				l.Start = e.At
			}
			found[i] = &l
		})
		return nil
	})
	out := make([]app.Located, 0, len(found))
	for _, l := range found {
		if l != nil {
			out = append(out, *l)
		}
	}
	return out, err
}

const (
	askedTerms   = 16 // of an appeal, the rarest, by which look-alikes are looked for
	comparedMost = 64 // look-alikes that are opened and compared word by word
	// A place weighs as much as these shares of all words that are asked for.
	houseShare, streetShare = 1, 0.25
	// So much has to be the same of what is asked for before an appeal is opened.
	candidateLeast = 0.2
	tooOften       = 20 // a term of more than one in so many records finds nothing
)

// Alike gives the appeals that look like this one, the most alike first. The index
// names candidates: appeals of the same place or with the rarest of its words, near
// in time. The best of them are opened and compared.
func (s *Store) Alike(record uint64) ([]app.Alike, error) {
	a, err := s.AppealAt(record)
	if err != nil || a.Forgotten {
		return nil, err
	}
	if err := s.recentWords(); err != nil {
		return nil, err
	}
	subject := app.NewSubject(a)
	words := s.stems.content(a)
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []app.Alike
	err = s.view(func(tx reader) error {
		weights := tx.weigh(record, words)
		candidates := tx.candidates(record, subject, weights)
		all := make([]*app.Alike, len(candidates))
		tx.read(candidates, func(i int, other *app.Appeal) {
			if other.Forgotten || other.Status == app.StatusMerged {
				return
			}
			o := app.NewSubject(other)
			l := subject.Compare(o)
			if l.Words = weights.same(s.stems.content(other)); l.Alike() {
				all[i] = &app.Alike{Record: uint64(candidates[i]), Appeal: other, Start: o.Start, Likeness: l}
			}
		})
		for _, one := range all {
			if one != nil {
				out = append(out, *one)
			}
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b app.Alike) int {
		return cmp.Or(b.Likeness.Compare(a.Likeness), cmp.Compare(b.Record, a.Record))
	})
	return out[:min(len(out), app.AlikeMost)], err
}

// content gives the distinct terms of what an appeal says, in order: without numbers
// that nobody else would write.
func (s *stemmer) content(a *app.Appeal) []term {
	c := collector{s, make([]term, 0, 128)}
	s.mu.RLock()
	for _, text := range []string{a.Title, a.Text} {
		for w := range wordsIn(text) {
			switch {
			case !isNumber(w):
				c.add(w)
			case len(w) <= knownNumber:
				c.digits(string(w))
			}
		}
	}
	s.mu.RUnlock()
	slices.Sort(c.out)
	return slices.Compact(c.out)
}

// weights are how much each word of an appeal tells.
type weights struct {
	terms []term // in order
	of    []float64
	often []bool // in too many records to be asked for
	sum   float64
}

// weigh says how much each term tells: the fewer records have it, the more. That is
// taken from the chunk of the record, where also its neighbours in time are.
func (r reader) weigh(record uint64, terms []term) *weights {
	w := &weights{terms: terms, of: make([]float64, len(terms)), often: make([]bool, len(terms))}
	chunk := uint32(record >> chunkBits)
	records := max(1, min(r.s.index.len()-int(chunk)*chunkRecords, chunkRecords))
	b := blocks{c: r.Bucket(bucketWords).Cursor()}
	for i, t := range terms {
		first, then := r.s.recent.of(place{chunk, t})
		n := min(max(1, b.size(chunk, t)+len(first)+len(then)), records+1)
		w.of[i] = math.Log(1 + float64(records)/float64(n))
		w.often[i] = n > 100 && n > records/tooOften
		w.sum += w.of[i]
	}
	return w
}

// size is about how many records of a chunk have the term: as many as its set has
// bytes.
func (b *blocks) size(chunk uint32, w term) int {
	if !b.have || b.chunk != chunk || b.now.term > w || !b.walk(w) {
		if !b.seek(chunk, w) || !b.walk(w) {
			return 0
		}
	}
	if b.now.term != w {
		return 0
	}
	return len(b.now.set)
}

// same says how much of the words of both is the same, 0–1. What the other has for
// itself weighs as much as a word of this one does on average.
func (w *weights) same(other []term) float64 {
	if len(w.terms) == 0 || len(other) == 0 {
		return 0
	}
	both, n := 0.0, 0
	for i, t := range w.terms {
		if hasTerm(other, t) {
			both += w.of[i]
			n++
		}
	}
	own := float64(len(other)-n) * w.sum / float64(len(w.terms))
	return 2 * both / (w.sum + both + own)
}

// asked gives the rarest terms, with their weights.
func (w *weights) asked() (terms []term, of []float64) {
	order := make([]int, 0, len(w.terms))
	for i := range w.terms {
		if !w.often[i] {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(w.of[b], w.of[a]) })
	for _, i := range order[:min(len(order), askedTerms)] {
		terms, of = append(terms, w.terms[i]), append(of, w.of[i])
	}
	return terms, of
}

// tallyRoom is memory to add up the weights of candidates, which the next one can use.
type tallyRoom struct {
	set   bitset
	spare lookupRoom
	score [chunkRecords]float32
}

var tallyRooms = sync.Pool{New: func() any { return &tallyRoom{} }}

// candidates gives the records that have most of what is asked for, near in time, at
// most comparedMost, in their order.
func (r reader) candidates(record uint64, subject app.Subject, w *weights) []uint32 {
	terms, of := w.asked()
	total := 0.0
	for _, v := range of {
		total += v
	}
	if total == 0 {
		total = 1
	}
	if at := subject.At; at.Street != "" {
		terms, of = append(terms, r.s.stems.place(at.OfStreet().Key())), append(of, streetShare*total)
		if at.House != "" {
			terms, of = append(terms, r.s.stems.place(at.Key())), append(of, houseShare*total)
		}
	}
	ix := r.s.index
	from, to := int64(0), int64(math.MaxUint32) // where it is not known when it began: all
	if !subject.Start.IsZero() {
		within := int64(app.AlikeWithin / time.Second)
		from, to = subject.Start.Unix()-within, subject.Start.Unix()+within
	}
	near := ix.between(from, to)
	room := tallyRooms.Get().(*tallyRoom)
	defer tallyRooms.Put(room)
	b := blocks{c: r.Bucket(bucketWords).Cursor(), plain: room.spare.block}
	var best bestOf
	own := ix.header(record)
	for chunk := range ix.chunks() {
		window := near[chunk*len(bitset{}) : min(len(near), (chunk+1)*len(bitset{}))]
		if !slices.ContainsFunc(window, func(bits uint64) bool { return bits != 0 }) {
			continue
		}
		clear(room.score[:])
		for i, t := range terms {
			room.set = bitset{}
			room.spare.add(&b, r.s.recent, &room.set, place{uint32(chunk), t})
			for at, inTime := range window {
				for set := room.set[at] & inTime; set != 0; set &= set - 1 {
					room.score[at<<6+bits.TrailingZeros64(set)] += float32(of[i])
				}
			}
		}
		for low, score := range room.score {
			n := uint32(chunk)<<chunkBits + uint32(low)
			if score == 0 || uint64(n) == record {
				continue
			}
			if v := float64(score)/total + ix.kinship(own, n); v >= candidateLeast {
				best.offer(candidate{n, v})
			}
		}
	}
	room.spare.block = b.plain
	out := make([]uint32, len(best))
	for i, c := range best {
		out[i] = c.record
	}
	slices.Sort(out)
	return out
}

// kinship is what the headers of two records add to their likeness.
func (ix *index) kinship(own header, n uint32) (v float64) {
	p, i := ix.columns.part(n)
	c := &p.codes[i]
	switch in := c[app.FacetMunicipality]; {
	case in == own.municipality && in != 0:
		v += 0.1
	case in != 0 && own.municipality != 0:
		v -= 0.3
	}
	if topic := c[app.FacetTopic]; topic == own.topic && topic != 0 {
		v += 0.1
	}
	return v
}

type candidate struct {
	record uint32
	value  float64
}

// bestOf keeps the best candidates; the worst of them stands first.
type bestOf []candidate

func (b bestOf) Len() int           { return len(b) }
func (b bestOf) Less(i, j int) bool { return b[i].value < b[j].value }
func (b bestOf) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// Push and Pop are part of heap.Interface.
func (b *bestOf) Push(c any) { *b = append(*b, c.(candidate)) }

// Pop takes the last one away.
func (b *bestOf) Pop() any {
	last := (*b)[len(*b)-1]
	*b = (*b)[:len(*b)-1]
	return last
}

func (b *bestOf) offer(c candidate) {
	switch {
	case len(*b) < comparedMost:
		heap.Push(b, c)
	case c.value > (*b)[0].value:
		(*b)[0] = c
		heap.Fix(b, 0)
	}
}
