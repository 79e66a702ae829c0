package app

import (
	"math"
	"slices"
	"sort"
	"time"
)

// Period is a stretch of days, both ends included. The zero Period is all time.
type Period struct{ From, To Day }

// Whole says whether the period is all time.
func (p Period) Whole() bool { return p == Period{} }

// Days is the length of the period.
func (p Period) Days() int { return int(p.To-p.From) + 1 }

// Before is the period of the same length that ends where p begins.
func (p Period) Before() Period {
	n := Day(p.Days())
	return Period{p.From - n, p.To - n}
}

func (p Period) bounds(zone *time.Location) (from, to int64) {
	if p.Whole() {
		return math.MinInt64, math.MaxInt64
	}
	return p.From.In(zone).Unix(), (p.To + 1).In(zone).Unix()
}

// Summary of response times. All times are calendar time from the first known
// of published, detected, registered to the first reply of a person.
type Summary struct {
	N                      int
	Mean, Median, P10, P90 time.Duration
	Off                    time.Duration // the most the median may be off
	Timed                  int           // answers or missed terms that had a term
	InTime                 int           // of them answered in time
}

// Share of those in time, 0…1; ok is false where nothing had a term.
func (s Summary) Share() (share float64, ok bool) {
	if s.Timed == 0 {
		return 0, false
	}
	return float64(s.InTime) / float64(s.Timed), true
}

// Overdue counts the answers that came too late or are still missing.
func (s Summary) Overdue() int { return s.Timed - s.InTime }

// gathering collects response times for a Summary.
type gathering struct {
	seconds       []int64
	off           map[int]int64 // of those that may be off, by their place in seconds
	timed, inTime int
}

func (g *gathering) add(f Fact, now int64) {
	if f.Start != 0 && f.Reply >= f.Start {
		if f.Off > 0 {
			if g.off == nil {
				g.off = map[int]int64{}
			}
			g.off[len(g.seconds)] = f.Off
		}
		g.seconds = append(g.seconds, f.Reply-f.Start)
	}
	if f.AnswerDue == 0 || f.Reply == 0 && (f.AnswerDue > now || !f.Status.Open()) {
		return
	}
	g.timed++
	if f.Reply != 0 && f.Reply <= f.AnswerDue {
		g.inTime++
	}
}

func (g *gathering) summary() Summary {
	s := Summary{N: len(g.seconds), Timed: g.timed, InTime: g.inTime}
	if s.N == 0 {
		return s
	}
	low, high := g.bounds()
	slices.Sort(g.seconds)
	var sum float64
	for _, v := range g.seconds {
		sum += float64(v)
	}
	s.Mean = seconds(sum / float64(s.N))
	s.Median = Quantile(g.seconds, 0.5)
	if low != nil {
		s.Off = max(s.Median-Quantile(low, 0.5), Quantile(high, 0.5)-s.Median)
	}
	s.P10 = Quantile(g.seconds, 0.1)
	s.P90 = Quantile(g.seconds, 0.9)
	return s
}

// bounds gives the times as they are at the least and at the most, each sorted:
// the true median lies between theirs. Both are nil where every time is known.
func (g *gathering) bounds() (low, high []int64) {
	if len(g.off) == 0 {
		return nil, nil
	}
	low, high = slices.Clone(g.seconds), slices.Clone(g.seconds)
	for i, off := range g.off {
		low[i], high[i] = max(low[i]-off, 0), high[i]+off
	}
	slices.Sort(low)
	slices.Sort(high)
	return low, high
}

func seconds(v float64) time.Duration { return time.Duration(math.Round(v)) * time.Second }

// Quantile of sorted seconds, linear between neighbours (the definition of
// spreadsheets and of NumPy's default).
func Quantile(sorted []int64, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	pos := q * float64(len(sorted)-1)
	i := int(pos)
	v := float64(sorted[i])
	if i+1 < len(sorted) {
		v += (pos - float64(i)) * float64(sorted[i+1]-sorted[i])
	}
	return seconds(v)
}

// Stats are the figures of `otklik stats`.
type Stats struct {
	Appeals struct {
		Total          int            `json:"total"`
		Open           int            `json:"open"`
		Answered       int            `json:"answered"`
		BySource       map[Source]int `json:"by_source"`
		ByTopicGroup   map[string]int `json:"by_topic_group"`
		ByMunicipality map[string]int `json:"by_municipality"`
	} `json:"appeals"`
	FirstResponse struct {
		N       int      `json:"n"`
		MeanS   int64    `json:"mean_s"`
		MedianS int64    `json:"median_s"`
		P90S    int64    `json:"p90_s"`
		InTime  *float64 `json:"in_time"` // share 0…1 of those that had a term, null where none had
	} `json:"first_response"`
	Pages struct {
		Total       int            `json:"total"`
		WithLink    int            `json:"with_link"`
		ByNetwork   map[Source]int `json:"by_network"`
		Subscribers int64          `json:"subscribers"` // sum of the latest counts; not a number of people
	} `json:"pages"`
}

// Stats computes the figures for the appeals that began within the period;
// appeals whose beginning is unknown count only over all time.
func (d *Desk) Stats(p Period) (Stats, error) {
	var s Stats
	s.Appeals.BySource = map[Source]int{}
	s.Appeals.ByTopicGroup = map[string]int{}
	s.Appeals.ByMunicipality = map[string]int{}
	s.Pages.ByNetwork = map[Source]int{}
	from, to := p.bounds(d.region.Location())
	now := d.now().Unix()
	var g gathering
	err := d.store.Facts(func(f Fact) bool {
		if !p.Whole() && (f.Start < from || f.Start >= to || f.Start == 0) {
			return true
		}
		s.Appeals.Total++
		if f.Status.Open() {
			s.Appeals.Open++
		}
		if f.Reply != 0 {
			s.Appeals.Answered++
		}
		s.Appeals.BySource[f.Source]++
		if f.Group != "" {
			s.Appeals.ByTopicGroup[f.Group]++
		}
		if f.Municipality != "" {
			s.Appeals.ByMunicipality[f.Municipality]++
		}
		g.add(f, now)
		return true
	})
	if err != nil {
		return s, err
	}
	sum := g.summary()
	s.FirstResponse.N = sum.N
	s.FirstResponse.MeanS = int64(sum.Mean / time.Second)
	s.FirstResponse.MedianS = int64(sum.Median / time.Second)
	s.FirstResponse.P90S = int64(sum.P90 / time.Second)
	if share, ok := sum.Share(); ok {
		s.FirstResponse.InTime = &share
	}
	return s, d.pageStats(&s, p)
}

func (d *Desk) pageStats(s *Stats, p Period) error {
	pages, err := d.store.Pages()
	if err != nil {
		return err
	}
	first, last, ok, err := d.store.Days()
	if err != nil {
		return err
	}
	if !p.Whole() && p.To < last {
		last = p.To
	}
	columns := map[string]Series{}
	if ok && first <= last {
		if columns, err = d.store.Columns(first, last); err != nil {
			return err
		}
	}
	for _, page := range pages {
		s.Pages.Total++
		s.Pages.ByNetwork[page.Network]++
		if page.Link != "" {
			s.Pages.WithLink++
		}
		if n, _, ok := columns[page.ID].LastKnown(last); ok {
			s.Pages.Subscribers += int64(n)
		}
	}
	return nil
}

// Analytics is everything the screen «Аналитика» draws.
type Analytics struct {
	Period         Period
	Goal           time.Duration
	Appeals        int
	AppealsBefore  int
	Response       Summary
	ResponseBefore Summary
	Daily          []DayResponse
	Municipalities []MunicipalityResponse
	Heat           [7][24]int // Monday first; appeals by the hour they began
	Networks       []NetworkSeries
	Subscribers    int64 // latest sum
	Growth         int64 // over the period
}

// DayResponse is the first response to appeals that began on the day.
type DayResponse struct {
	Day Day
	Summary
}

// MunicipalityResponse is one row of the table of municipalities.
type MunicipalityResponse struct {
	Name    string
	Appeals int
	Summary
	Before Summary // the period before, for the trend
}

// NetworkSeries is the sum of subscribers of all pages of a network, day by
// day. A page's gap is bridged by its last known count, so that a page not
// counted for a day is no fall; a day on which no page was counted is a gap.
type NetworkSeries struct {
	Network Source
	Days    []int64 // sums; -1 for a gap
}

// Analytics computes the figures of the period, for one municipality or, with
// "", for all.
func (d *Desk) Analytics(p Period, municipality string) (*Analytics, error) {
	zone := d.region.Location()
	now := d.now().Unix()
	before := p.Before()
	from, to := p.bounds(zone)
	bFrom, _ := before.bounds(zone)
	out := &Analytics{Period: p, Goal: d.region.Goal()}
	daily := make([]gathering, p.Days())
	type pair struct {
		now, before gathering
		n           int
	}
	places := map[string]*pair{}
	var all, allBefore gathering
	err := d.store.Facts(func(f Fact) bool {
		if f.Start < bFrom || f.Start >= to || f.Start == 0 || municipality != "" && f.Municipality != municipality {
			return true
		}
		place := places[f.Municipality]
		if place == nil {
			place = &pair{}
			places[f.Municipality] = place
		}
		if f.Start < from {
			out.AppealsBefore++
			allBefore.add(f, now)
			place.before.add(f, now)
			return true
		}
		out.Appeals++
		place.n++
		all.add(f, now)
		place.now.add(f, now)
		t := time.Unix(f.Start, 0).In(zone)
		daily[DayOf(t)-p.From].add(f, now)
		out.Heat[(int(t.Weekday())+6)%7][t.Hour()]++
		return true
	})
	if err != nil {
		return nil, err
	}
	out.Response, out.ResponseBefore = all.summary(), allBefore.summary()
	for i := range daily {
		out.Daily = append(out.Daily, DayResponse{p.From + Day(i), daily[i].summary()})
	}
	for name, place := range places {
		if name != "" && place.n > 0 {
			out.Municipalities = append(out.Municipalities,
				MunicipalityResponse{name, place.n, place.now.summary(), place.before.summary()})
		}
	}
	sort.Slice(out.Municipalities, func(i, j int) bool {
		a, b := out.Municipalities[i], out.Municipalities[j]
		if a.Appeals != b.Appeals {
			return a.Appeals > b.Appeals
		}
		return a.Name < b.Name
	})
	return out, d.growth(out, municipality)
}

// growth adds the subscribers by network.
func (d *Desk) growth(out *Analytics, municipality string) error {
	pages, err := d.store.Pages()
	if err != nil {
		return err
	}
	// A month before the period gives each page a count to start from.
	columns, err := d.store.Columns(out.Period.From-31, out.Period.To)
	if err != nil {
		return err
	}
	n := out.Period.Days()
	sums := map[Source][]int64{}
	counted := make([]bool, n)
	for _, page := range pages {
		s, ok := columns[page.ID]
		if !ok || municipality != "" && page.Municipality != municipality {
			continue
		}
		if sums[page.Network] == nil {
			sums[page.Network] = make([]int64, n)
		}
		last, known := uint32(0), false
		for day := out.Period.From - 31; day <= out.Period.To; day++ {
			v, has := s.At(day)
			if has {
				last, known = v, true
			}
			if i := int(day - out.Period.From); i >= 0 {
				counted[i] = counted[i] || has
				if known {
					sums[page.Network][i] += int64(last)
				}
			}
		}
	}
	firstDay, lastDay := -1, -1
	for i, c := range counted {
		if c {
			if firstDay < 0 {
				firstDay = i
			}
			lastDay = i
		}
	}
	for _, network := range Sources {
		days := sums[network]
		if days == nil || lastDay < 0 {
			continue
		}
		out.Subscribers += days[lastDay]
		out.Growth += days[lastDay] - days[firstDay]
		for i := range days {
			if !counted[i] {
				days[i] = -1
			}
		}
		out.Networks = append(out.Networks, NetworkSeries{Network: network, Days: days})
	}
	sort.SliceStable(out.Networks, func(i, j int) bool {
		return out.Networks[i].Days[lastDay] > out.Networks[j].Days[lastDay]
	})
	return nil
}
