package app

import (
	"cmp"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Analytics is everything the screen «Аналитика» draws, and what reports and
// `otklik stats` say: one computation for all of them.
type Analytics struct {
	Inquiry
	At      time.Time // when it was reckoned: what is open is open then
	Partial bool      // the last day is not over
	Goal    time.Duration

	Now, Before, YearAgo Tally // the period, the one before it, the same a year ago
	Steps                []StepFigures

	// Appeals of the period by facet, the most first; "" names those without a value
	// and is last.
	Municipalities, Executors, Groups, Topics, Sources, Kinds []Share

	Heat       [7][24]int // Monday first; appeals by the hour they began
	Took       []Bin      // first responses of the period by their length
	Unanswered []Survival // from 1 down

	Audience  Audience
	Occasions []Occasion // of the period and of the filter's municipalities, by day
}

// Tally is what is said of a stretch of time as a whole.
type Tally struct {
	Period   Period
	Appeals  int // whose clock began
	Closed   int // that ended, whenever they began
	Backlog  int // open at the end, whenever they began
	Response Summary
}

// StepFigures is what a point of a chart in time says.
type StepFigures struct {
	Tally
	Partial bool // the step is cut by the period or is not over
}

// Share is the part of the appeals that has one value of a facet.
type Share struct {
	Name            string // of a source and a kind its code
	Appeals         int
	Part            float64 // of all appeals of the period, 0…1
	AppealsBefore   int
	AppealsYearAgo  int
	Response        Summary
	Before, YearAgo Summary
	Residents       int // municipalities only; 0: not known
	Tile            *Tile
}

// PerThousand is the number of appeals per 1,000 residents; ok is false where they
// are not known.
func (s Share) PerThousand() (n float64, ok bool) {
	if s.Residents <= 0 {
		return 0, false
	}
	return 1000 * float64(s.Appeals) / float64(s.Residents), true
}

// Bin counts the first responses of one stretch of lengths.
type Bin struct {
	Lengths
	N int
}

// Survival is a point of the curve of those still unanswered (Kaplan–Meier: an
// appeal that is open and unanswered, or ended without an answer, counts for as long
// as it was watched).
type Survival struct {
	After  time.Duration
	Share  float64 // 0…1 of those still unanswered
	AtRisk int     // appeals watched for that long
}

// Audience is what is said of the pages' subscribers. A sum of subscribers is not a
// number of people.
type Audience struct {
	Networks    []NetworkSeries // by subscribers, the most first
	Pages       int             // counted
	Subscribers int64           // latest sum
	Growth      int64           // over the period
	Known       bool            // anything was counted
	Of          Day             // the last day that was counted
	Before      *int64          // growth over the period before; nil: not known
	YearAgo     *int64
	Leaders     []PageGrowth // grown most
	Losers      []PageGrowth // fallen most
}

// NetworkSeries is the sum of subscribers of all pages of a network, day by
// day. A page's gap is bridged by its last known count, so that a page not
// counted for a day is no fall; a day on which no page was counted is a gap.
type NetworkSeries struct {
	Network Source
	Days    []int64 // sums; -1 for a gap
}

// Analytics computes the figures of the period for the appeals that match the
// filter, and for the pages that match what of it can be said of pages: their
// network, their municipality, the page itself.
func (d *Desk) Analytics(q Inquiry) (*Analytics, error) {
	p, filter := q.Period, q.Filter
	out := &Analytics{Inquiry: q, At: d.now(), Goal: d.Region().Goal()}
	span := newStretch(p, d.Region().Location())
	now := unix32(d.now().Unix())
	// Where one of the two waits, the other works.
	var counted sync.WaitGroup
	var failed error
	counted.Go(func() { failed = d.growth(out, filter) })
	err := d.store.Facts(filter, func(f *Facts) {
		var all []*responses
		var mu sync.Mutex
		both(len(f.Parts), func(next func() (int, bool)) {
			mine := newResponses(span, len(f.Municipalities))
			for i, ok := next(); ok; i, ok = next() {
				mine.add(&f.Parts[i], now)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, mine)
		})
		out.tell(span, all, f.Municipalities)
	})
	counted.Wait()
	if err := errors.Join(err, failed); err != nil {
		return nil, err
	}
	return out, nil
}

// both has work done on all processors; next gives the numbers below n, each to
// one of them.
func both(n int, work func(next func() (int, bool))) {
	var taken atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			work(func() (int, bool) {
				i := int(taken.Add(1)) - 1
				return i, i < n
			})
		})
	}
	all.Wait()
}

// stretch is a period of days and the one before it, as seconds.
type stretch struct {
	period   Period
	zone     *time.Location
	before   int64   // where the period before begins
	midnight []int64 // where each day of the period begins, and the last one ends
}

func newStretch(p Period, zone *time.Location) *stretch {
	s := &stretch{period: p, zone: zone, midnight: make([]int64, p.Days()+1)}
	s.before, _ = p.Before().bounds(zone)
	for i := range s.midnight {
		s.midnight[i] = (p.From + Day(i)).In(zone).Unix()
	}
	return s
}

// at gives the day of a moment within the period, by its number, and its hour.
func (s *stretch) at(sec int64) (day, hour int) {
	day = min(int((sec-s.midnight[0])/86400), len(s.midnight)-2)
	for sec < s.midnight[day] {
		day--
	}
	for sec >= s.midnight[day+1] {
		day++
	}
	if s.midnight[day+1]-s.midnight[day] == 86400 {
		return day, int(sec-s.midnight[day]) / 3600
	}
	return day, time.Unix(sec, 0).In(s.zone).Hour() // the clocks are put forward or back
}

// responses are the response times of a period and of the one before it.
type responses struct {
	span   *stretch
	days   []gathering
	places []place // by the code of the municipality
	heat   [7][24]int
}

type place struct {
	now, before gathering
	n, nBefore  int
}

func newResponses(s *stretch, places int) *responses {
	return &responses{span: s, days: make([]gathering, s.period.Days()), places: make([]place, places)}
}

func (r *responses) add(p *FactPart, now uint32) {
	from, to := r.span.midnight[0], r.span.midnight[len(r.span.midnight)-1]
	for row := range p.Rows() {
		start := int64(p.Start[row])
		if start < r.span.before || start >= to || start == 0 {
			continue
		}
		place := &r.places[p.Codes[row][FacetMunicipality]]
		if start < from {
			place.nBefore++
			place.before.add(p, row, now)
			continue
		}
		place.n++
		place.now.add(p, row, now)
		day, hour := r.span.at(start)
		r.days[day].add(p, row, now)
		r.heat[(r.span.period.From + Day(day)).weekday()][hour]++
	}
}

// joined gives what was gathered in all the places.
func joined(from ...*gathering) *gathering {
	n := 0
	for _, g := range from {
		n += len(g.seconds)
	}
	out := &gathering{seconds: make([]uint32, 0, n)}
	for _, g := range from {
		out.join(g)
	}
	return out
}

// tell enters the figures, from what each goroutine has gathered.
func (out *Analytics) tell(span *stretch, all []*responses, municipalities []string) {
	daily := make([]StepFigures, span.period.Days())
	rows := make([]Share, len(municipalities))
	var now, before []*gathering
	for _, r := range all {
		for i := range r.places {
			p := &r.places[i]
			out.Now.Appeals += p.n
			out.Before.Appeals += p.nBefore
			rows[i].Appeals += p.n
			now, before = append(now, &p.now), append(before, &p.before)
		}
		for day := range r.heat {
			for hour, n := range r.heat[day] {
				out.Heat[(day+6)%7][hour] += n // Monday first
			}
		}
	}
	each := func(pick func(*responses) *gathering) Summary {
		parts := make([]*gathering, len(all))
		for i, r := range all {
			parts[i] = pick(r)
		}
		return joined(parts...).summary()
	}
	// The summaries are the greater part of the work.
	work := []func(){
		func() { out.Now.Response = joined(now...).summary() },
		func() { out.Before.Response = joined(before...).summary() },
	}
	for i := range rows {
		work = append(work, func() {
			rows[i].Name = municipalities[i]
			rows[i].Response = each(func(r *responses) *gathering { return &r.places[i].now })
			rows[i].Before = each(func(r *responses) *gathering { return &r.places[i].before })
		})
	}
	for i := range daily {
		work = append(work, func() {
			day := span.period.From + Day(i)
			daily[i].Period = Period{day, day}
			daily[i].Response = each(func(r *responses) *gathering { return &r.days[i] })
		})
	}
	both(len(work), func(next func() (int, bool)) {
		for i, ok := next(); ok; i, ok = next() {
			work[i]()
		}
	})
	out.Steps = daily
	out.Municipalities = slices.DeleteFunc(rows, func(m Share) bool { return m.Name == "" || m.Appeals == 0 })
	slices.SortFunc(out.Municipalities, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Appeals, a.Appeals), cmp.Compare(a.Name, b.Name))
	})
}
