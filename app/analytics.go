package app

import (
	"cmp"
	"errors"
	"math"
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

	Now, Before, YearAgo Tally         // the period, the one before it, the same a year ago
	Steps                []StepFigures // by Step, up to today

	// Appeals of the period by facet, the most first; "" names those without a value
	// and is last. Where there are any, the region's municipalities are all there.
	Municipalities, Executors, Groups, Topics, Sources, Kinds []Share

	Heat       [7][24]int // Monday first; appeals by the hour they began
	Took       []Bin      // first responses of the period by their length
	Unanswered []Survival // from 1 down; empty where nothing was watched

	Audience  Audience
	Occasions []Occasion // of the period and of the filter's municipalities, by day
}

// Tally is what is said of a stretch of time as a whole.
type Tally struct {
	Period   Period
	Appeals  int // whose clock began
	Closed   int // that ended: closed, rejected, merged; whenever they began
	Backlog  int // open at the end, or now where that is earlier; whenever they began
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
	Growth      int64           // over the period, of the pages counted at both its ends
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

// Leading is how many pages stand among the leaders, and among the losers.
const Leading = 10

// Analytics computes the figures of the period for the appeals that match the
// filter, and for the pages that match what of it can be said of pages: see
// Filter.OfPages. A whole period is from the first day that is known to today.
func (d *Desk) Analytics(q Inquiry) (*Analytics, error) {
	region, at := d.Region(), d.now()
	today := DayOf(at.In(region.Location()))
	if q.Period.Whole() {
		known, err := d.Known()
		if err != nil {
			return nil, err
		}
		q.Period = known
	}
	if q.Step == "" {
		q.Step = StepFor(q.Period)
	}
	out := &Analytics{
		Inquiry: q, At: at, Partial: q.Period.To >= today, Goal: region.Goal(), Occasions: region.occasions(q),
	}
	// Where one of the two waits, the other works.
	var counted sync.WaitGroup
	var failed error
	counted.Go(func() { failed = d.audience(out) })
	err := d.store.Facts(q.Filter, at, func(f *Facts) {
		newStudy(out, region.Location(), today).read(f).tell(f, region)
	})
	counted.Wait()
	if err := errors.Join(err, failed); err != nil {
		return nil, err
	}
	return out, nil
}

// Known is the stretch of days from the first of which anything is known to today.
func (d *Desk) Known() (Period, error) {
	zone := d.Region().Location()
	today := DayOf(d.now().In(zone))
	first, _, ok, err := d.store.Days()
	if err != nil || !ok {
		first = today
	}
	least := uint32(math.MaxUint32)
	err = errors.Join(err, d.store.Facts(Filter{}, d.now(), func(f *Facts) {
		for i := range f.Parts {
			for row := range f.Parts[i].Rows() {
				if start := f.Parts[i].Start[row]; start != 0 {
					least = min(least, start)
				}
			}
		}
	}))
	if least != math.MaxUint32 {
		first = min(first, DayOf(time.Unix(int64(least), 0).In(zone)))
	}
	return Period{min(first, today), today}, err
}

// occasions gives those of the period and of the municipalities asked for, by day.
func (r *Region) occasions(q Inquiry) (out []Occasion) {
	for _, o := range r.Occasions {
		if o.Date >= q.Period.From && o.Date <= q.Period.To && (o.Municipality == "" ||
			len(q.Filter.Municipalities) == 0 || slices.Contains(q.Filter.Municipalities, o.Municipality)) {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b Occasion) int { return cmp.Compare(a.Date, b.Date) })
	return out
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
