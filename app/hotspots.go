package app

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"
)

// Located is where an appeal is and what it is about.
type Located struct {
	Place
	In, Group, Topic string // In is the municipality as it is written
	Start            time.Time
}

// Trace is what is left of an appeal at a place for those who count.
type Trace struct {
	Start, Closed int64 // Unix seconds, 0 where not known
	Topic         string
	Solved        bool
}

// Hotspot is a place with more open appeals than is usual there: a house, a street,
// or a topic in a municipality.
type Hotspot struct {
	Place
	In, Group, Topic string // Group and Topic only where there is no place
	Open             int
	Usual            float64 // appeals in as long a time before; below 0: not known
	Topics           []TopicCount
	First, Last      time.Time
	Again            int // of the open: solved not long before, and complained of again
	Filter           Filter
}

// TopicCount is how many appeals are about a topic.
type TopicCount struct {
	Topic string
	Count int
}

// Above is by how much there are more than usual.
func (h Hotspot) Above() float64 { return float64(h.Open) - max(0, h.Usual) }

// Hotspots are all of them, those with the most above the usual first.
type Hotspots struct {
	Spots []Hotspot
	Since time.Time
	Open  int // appeals that are open and began since
	Read  int // of them looked at: fewer where it was stopped
	Again int // of them
}

// HotspotDays are the periods on offer.
var HotspotDays = []int{1, 7, 30}

const (
	usualDays  = 180 // before the period, from which the usual is taken
	readAtOnce = 500
)

// How many open appeals make a hot spot at least: one by chance is nothing to see.
const (
	leastHouse  = 3
	leastStreet = 4
	leastTopic  = 5
)

// unusual says whether so many are more than chance makes of the usual: twice as many,
// and by the likelihood of counts (Poisson) clearly more.
func unusual(open int, usual float64) bool {
	const leastUsual, clear = 0.25, 2.5
	n, e := float64(open), max(usual, leastUsual)
	return n >= 2*e && n*math.Log(n/e)-(n-e) >= clear
}

// Hotspots finds where there are more open appeals of the last days than usual. It
// reads the addresses of these appeals; progress, which may be nil, is told how many
// were read. Stopped by the context it gives what it has found in those.
func (d *Desk) Hotspots(ctx context.Context, days int, progress func(done, total int)) (*Hotspots, error) {
	now := d.now()
	since := now.AddDate(0, 0, -days)
	found, err := d.store.Find(Query{Queue: QueueOpen, Filter: Filter{Since: since}, Order: OrderNewest, Now: now})
	if err != nil {
		return nil, err
	}
	search := &spotSearch{desk: d, out: &Hotspots{Since: since, Open: len(found.Records)}, days: days, history: map[string][]Trace{}}
	if err := search.usual(); err != nil {
		return nil, err
	}
	for part := range slices.Chunk(found.Records, readAtOnce) {
		if ctx.Err() != nil {
			break
		}
		if err := search.read(part); err != nil {
			return nil, err
		}
		if progress != nil {
			progress(search.out.Read, search.out.Open)
		}
	}
	return search.out, search.rank()
}

// topicOf is a topic in a municipality.
type topicOf struct{ in, group, topic string }

// spotSearch is the work on one question for hot spots.
type spotSearch struct {
	desk    *Desk
	out     *Hotspots
	days    int
	covered float64 // days before the period of which something is known, at most usualDays
	topics  map[topicOf]int
	open    []Located
	again   []bool // by the order of open
	history map[string][]Trace
}

func (s *spotSearch) from() int64 { return s.out.Since.AddDate(0, 0, -usualDays).Unix() }

// usual counts topics in municipalities before the period, and finds out how far back
// the data goes.
func (s *spotSearch) usual() error {
	return s.desk.store.Facts(Filter{}, s.desk.now(), func(f *Facts) {
		since, from := s.out.Since.Unix(), s.from()
		oldest := since
		counts := map[Codes]int{}
		for i := range f.Parts {
			p := &f.Parts[i]
			for row := range p.Rows() {
				start := int64(p.Start[row])
				if start == 0 || start >= since {
					continue
				}
				if oldest = min(oldest, start); start >= from {
					c := p.Codes[row]
					counts[Codes{FacetGroup: c[FacetGroup], FacetTopic: c[FacetTopic], FacetMunicipality: c[FacetMunicipality]}]++
				}
			}
		}
		s.topics = make(map[topicOf]int, len(counts))
		for c, n := range counts {
			s.topics[topicOf{word(f.Municipalities, c[FacetMunicipality]), word(f.Groups, c[FacetGroup]), word(f.Topics, c[FacetTopic])}] = n
		}
		s.covered = min(usualDays, float64(since-oldest)/(24*60*60))
	})
}

func word(words []string, code uint16) string {
	if int(code) < len(words) {
		return words[code]
	}
	return ""
}

// expected is how many appeals come in a period where so many came before it.
func (s *spotSearch) expected(before int) float64 {
	if s.covered < float64(s.days) {
		return -1
	}
	return float64(before) * float64(s.days) / s.covered
}

// read finds out where records are, and which of them are complained of again.
func (s *spotSearch) read(records []uint64) error {
	all, err := s.desk.store.Located(records)
	if err != nil {
		return err
	}
	for _, l := range all {
		again := false
		if key := l.Key(); key != "" && l.Topic != "" && !l.Start.IsZero() {
			traces, err := s.traces(key)
			if err != nil {
				return err
			}
			again = slices.ContainsFunc(traces, func(t Trace) bool {
				return t.Solved && t.Topic == l.Topic && SolvedBefore(t.Closed, l.Start.Unix())
			})
		}
		if again {
			s.out.Again++
		}
		s.open, s.again = append(s.open, l), append(s.again, again)
	}
	s.out.Read += len(records)
	return nil
}

func (s *spotSearch) traces(key string) ([]Trace, error) {
	traces, had := s.history[key]
	if had {
		return traces, nil
	}
	traces, err := s.desk.store.History(key)
	s.history[key] = traces
	return traces, err
}

// rank makes hot spots of what was read: houses first, of what is left streets, of
// what is left topics in municipalities.
func (s *spotSearch) rank() error {
	taken := make([]bool, len(s.open))
	house := func(l Located) Place {
		if l.House == "" {
			return Place{}
		}
		return l.Place
	}
	for _, level := range []struct {
		of    func(Located) Place
		least int
	}{{house, leastHouse}, {func(l Located) Place { return l.OfStreet() }, leastStreet}} {
		if err := s.places(level.of, level.least, taken); err != nil {
			return err
		}
	}
	s.rankTopics(taken)
	slices.SortStableFunc(s.out.Spots, func(a, b Hotspot) int {
		return cmp.Or(cmp.Compare(b.Above(), a.Above()), cmp.Compare(b.Open, a.Open), b.Last.Compare(a.Last))
	})
	return nil
}

func (s *spotSearch) places(of func(Located) Place, least int, taken []bool) error {
	rows := map[string][]int{}
	var order []string
	for i, l := range s.open {
		if key := of(l).Key(); key != "" {
			if rows[key] == nil {
				order = append(order, key)
			}
			rows[key] = append(rows[key], i)
		}
	}
	for _, key := range order {
		if left(rows[key], taken) < least {
			continue
		}
		traces, err := s.traces(key)
		if err != nil {
			return err
		}
		before, from, since := 0, s.from(), s.out.Since.Unix()
		for _, t := range traces {
			if t.Start >= from && t.Start < since {
				before++
			}
		}
		first := s.open[rows[key][0]]
		s.add(Hotspot{Place: of(first), In: first.In, Filter: Filter{Place: key}}, before, rows[key], taken)
	}
	return nil
}

func (s *spotSearch) rankTopics(taken []bool) {
	rows := map[topicOf][]int{}
	var order []topicOf
	for i, l := range s.open {
		if key := (topicOf{l.In, l.Group, l.Topic}); l.In != "" && l.Group != "" {
			if rows[key] == nil {
				order = append(order, key)
			}
			rows[key] = append(rows[key], i)
		}
	}
	for _, key := range order {
		if left(rows[key], taken) < leastTopic {
			continue
		}
		s.add(Hotspot{In: key.in, Group: key.group, Topic: key.topic, Filter: Filter{
			Municipalities: []string{key.in}, Groups: []string{key.group}, Topics: []string{key.topic},
		}}, s.topics[key], rows[key], taken)
	}
}

// left counts the rows that no other hot spot has taken.
func left(rows []int, taken []bool) (n int) {
	for _, i := range rows {
		if !taken[i] {
			n++
		}
	}
	return n
}

// add adds a hot spot, if it is one.
func (s *spotSearch) add(h Hotspot, before int, rows []int, taken []bool) {
	h.Open, h.Usual = len(rows), s.expected(before)
	if !unusual(h.Open, h.Usual) {
		return
	}
	h.Filter.Since = s.out.Since
	topics := map[string]int{}
	for _, i := range rows {
		taken[i] = true
		l := s.open[i]
		name := l.Topic
		if name == "" {
			name = l.Group
		}
		topics[name]++
		if s.again[i] {
			h.Again++
		}
		if h.First.IsZero() || l.Start.Before(h.First) {
			h.First = l.Start
		}
		if l.Start.After(h.Last) {
			h.Last = l.Start
		}
	}
	for name, n := range topics {
		h.Topics = append(h.Topics, TopicCount{name, n})
	}
	slices.SortFunc(h.Topics, func(a, b TopicCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Topic, b.Topic)) })
	s.out.Spots = append(s.out.Spots, h)
}
