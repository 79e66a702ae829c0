package app

import (
	"cmp"
	"errors"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
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
	seconds       []uint32
	off           []uncertain // those of seconds that may be off
	timed, inTime int
}

// uncertain is a response time, by its place, and the seconds it may be off by.
type uncertain struct{ at, by uint32 }

// add takes in a row; now is in Unix seconds.
func (g *gathering) add(p *FactPart, row int, now uint32) {
	start, reply, due := p.Start[row], p.Reply[row], p.AnswerDue[row]
	if start != 0 && reply >= start {
		if off := p.Off[row]; off > 0 {
			g.off = append(g.off, uncertain{uint32(len(g.seconds)), uint32(off) * 60})
		}
		g.seconds = append(g.seconds, reply-start)
	}
	if due == 0 || reply == 0 && (due > now || !openCode[p.Status[row]]) {
		return
	}
	g.timed++
	if reply != 0 && reply <= due {
		g.inTime++
	}
}

// openCode says of a code in FactPart.Status whether such an appeal still asks
// something of us.
var openCode = func() (open [256]bool) {
	for i, s := range Statuses {
		open[i+1] = s.Open()
	}
	return open
}()

// join takes in what was gathered elsewhere.
func (g *gathering) join(o *gathering) {
	for _, u := range o.off {
		g.off = append(g.off, uncertain{u.at + uint32(len(g.seconds)), u.by})
	}
	g.seconds = append(g.seconds, o.seconds...)
	g.timed += o.timed
	g.inTime += o.inTime
}

// summary may put the seconds into another order; it is the last thing done.
func (g *gathering) summary() Summary {
	s := Summary{N: len(g.seconds), Timed: g.timed, InTime: g.inTime}
	if s.N == 0 {
		return s
	}
	low, high := g.bounds()
	var sum uint64
	for _, v := range g.seconds {
		sum += uint64(v)
	}
	s.Mean = seconds(float64(sum) / float64(s.N))
	q := quantiles(g.seconds, 0.1, 0.5, 0.9)
	s.P10, s.Median, s.P90 = q[0], q[1], q[2]
	if low != nil {
		s.Off = max(s.Median-quantiles(low, 0.5)[0], quantiles(high, 0.5)[0]-s.Median)
	}
	return s
}

// bounds gives the times as they are at the least and at the most: the true
// median lies between theirs. Both are nil where every time is known.
func (g *gathering) bounds() (low, high []uint32) {
	if len(g.off) == 0 {
		return nil, nil
	}
	low, high = slices.Clone(g.seconds), slices.Clone(g.seconds)
	for _, u := range g.off {
		low[u.at] -= min(low[u.at], u.by)
		high[u.at] += min(math.MaxUint32-high[u.at], u.by)
	}
	return low, high
}

func seconds(v float64) time.Duration { return time.Duration(math.Round(v)) * time.Second }

// quantiles gives those asked for: linear between neighbours (the definition of
// spreadsheets and of NumPy's default).
func quantiles(v []uint32, asked ...float64) []time.Duration {
	out := make([]time.Duration, len(asked))
	r := newRanks(v)
	for i, q := range asked {
		pos := q * float64(len(v)-1)
		at := int(pos)
		value := float64(r.at(at))
		if part := pos - float64(at); part > 0 {
			value += part * (float64(r.at(at+1)) - value)
		}
		out[i] = seconds(value)
	}
	return out
}

// ranks gives numbers by their place in order. They are counted by ranges of
// values, and only the ranges that are asked for are looked into: exact, and far
// less work than sorting all.
type ranks struct {
	v      []uint32 // sorted where starts is nil
	least  uint32
	shift  int     // a range is of 1<<shift values
	starts []int32 // by range: how many stand before it
	open   int     // the range that was looked into
	within *ranks  // its numbers
}

// newRanks may put v into another order.
func newRanks(v []uint32) *ranks {
	if len(v) <= 64 {
		slices.Sort(v)
		return &ranks{v: v}
	}
	least, most := v[0], v[0]
	for _, x := range v {
		least, most = min(least, x), max(most, x)
	}
	r := &ranks{v: v, least: least, open: -1}
	r.shift = max(0, bits.Len32(most-least)-min(12, bits.Len(uint(len(v)/8))))
	r.starts = make([]int32, (most-least)>>r.shift+2)
	for _, x := range v {
		r.starts[(x-least)>>r.shift+1]++
	}
	for i := range r.starts[1:] {
		r.starts[i+1] += r.starts[i]
	}
	return r
}

func (r *ranks) at(place int) uint32 {
	if r.starts == nil {
		return r.v[place]
	}
	// The last range that begins at or before the place.
	n := sort.Search(len(r.starts), func(i int) bool { return int(r.starts[i]) > place }) - 1
	if r.shift == 0 {
		return r.least + uint32(n)
	}
	if n != r.open {
		inside := make([]uint32, 0, r.starts[n+1]-r.starts[n])
		for _, x := range r.v {
			if int((x-r.least)>>r.shift) == n {
				inside = append(inside, x)
			}
		}
		r.open, r.within = n, newRanks(inside)
	}
	return r.within.at(place - int(r.starts[n]))
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

// unix32 is a moment in the range of the columns of facts.
func unix32(sec int64) uint32 { return uint32(min(max(sec, 0), math.MaxUint32)) }

// Stats computes the figures for the appeals that began within the period;
// appeals whose beginning is unknown count only over all time.
func (d *Desk) Stats(p Period) (Stats, error) {
	var s Stats
	s.Appeals.BySource = map[Source]int{}
	s.Appeals.ByTopicGroup = map[string]int{}
	s.Appeals.ByMunicipality = map[string]int{}
	s.Pages.ByNetwork = map[Source]int{}
	from, to := p.bounds(d.region.Location())
	now := unix32(d.now().Unix())
	var g gathering
	err := d.store.Facts(Filter{}, func(f *Facts) {
		var sources [256]int
		groups, places := make([]int, len(f.Groups)), make([]int, len(f.Municipalities))
		for i := range f.Parts {
			part := &f.Parts[i]
			for row := range part.Rows() {
				if start := int64(part.Start[row]); !p.Whole() && (start < from || start >= to || start == 0) {
					continue
				}
				s.Appeals.Total++
				if openCode[part.Status[row]] {
					s.Appeals.Open++
				}
				if part.Reply[row] != 0 {
					s.Appeals.Answered++
				}
				sources[part.Source[row]]++
				groups[part.Group[row]]++
				places[part.Municipality[row]]++
				g.add(part, row, now)
			}
		}
		for i, source := range Sources {
			if n := sources[i+1]; n > 0 {
				s.Appeals.BySource[source] = n
			}
		}
		named(s.Appeals.ByTopicGroup, f.Groups, groups)
		named(s.Appeals.ByMunicipality, f.Municipalities, places)
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

// named enters counts by code under the words of the codes.
func named(to map[string]int, words []string, counts []int) {
	for code, n := range counts {
		if n > 0 && words[code] != "" {
			to[words[code]] = n
		}
	}
}

func (d *Desk) pageStats(s *Stats, p Period) error {
	pages, err := d.store.PageFacts()
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
	var latest []uint32
	if ok && first <= last {
		if latest, err = d.store.Latest(last, int(last-first)); err != nil {
			return err
		}
	}
	for n, known := range pages.Known {
		if !known {
			continue
		}
		s.Pages.Total++
		s.Pages.ByNetwork[pages.Networks[pages.Network[n]]]++
		if pages.Linked[n] {
			s.Pages.WithLink++
		}
		if n < len(latest) && latest[n] != Missing {
			s.Pages.Subscribers += int64(latest[n])
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

// Analytics computes the figures of the period for the appeals that match the
// filter, and for the pages that match what of it can be said of pages: their
// network, their municipality, the page itself.
func (d *Desk) Analytics(p Period, filter Filter) (*Analytics, error) {
	out := &Analytics{Period: p, Goal: d.region.Goal()}
	span := newStretch(p, d.region.Location())
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
		place := &r.places[p.Municipality[row]]
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
	daily := make([]DayResponse, span.period.Days())
	rows := make([]MunicipalityResponse, len(municipalities))
	var now, before []*gathering
	for _, r := range all {
		for i := range r.places {
			p := &r.places[i]
			out.Appeals += p.n
			out.AppealsBefore += p.nBefore
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
		func() { out.Response = joined(now...).summary() },
		func() { out.ResponseBefore = joined(before...).summary() },
	}
	for i := range rows {
		work = append(work, func() {
			rows[i].Name = municipalities[i]
			rows[i].Summary = each(func(r *responses) *gathering { return &r.places[i].now })
			rows[i].Before = each(func(r *responses) *gathering { return &r.places[i].before })
		})
	}
	for i := range daily {
		work = append(work, func() {
			daily[i] = DayResponse{span.period.From + Day(i), each(func(r *responses) *gathering { return &r.days[i] })}
		})
	}
	both(len(work), func(next func() (int, bool)) {
		for i, ok := next(); ok; i, ok = next() {
			work[i]()
		}
	})
	out.Daily = daily
	out.Municipalities = slices.DeleteFunc(rows, func(m MunicipalityResponse) bool { return m.Name == "" || m.Appeals == 0 })
	slices.SortFunc(out.Municipalities, func(a, b MunicipalityResponse) int {
		return cmp.Or(cmp.Compare(b.Appeals, a.Appeals), cmp.Compare(a.Name, b.Name))
	})
}

// countBefore is for how many days before a period a page's count is looked for that it
// begins with.
const countBefore = 31

// growth adds the subscribers by network.
func (d *Desk) growth(out *Analytics, filter Filter) error {
	pages, err := d.store.PageFacts()
	if err != nil {
		return err
	}
	wanted, err := d.wanted(pages, filter)
	if err != nil {
		return err
	}
	n := out.Period.Days()
	type totals struct {
		days    [][]int64 // by network, nil where none has a page
		counted []bool
		every   bool // each day is counted
	}
	fresh := func() *totals {
		return &totals{days: make([][]int64, len(pages.Networks)), counted: make([]bool, n)}
	}
	var parts []*totals
	var mu sync.Mutex
	err = d.store.Counts(out.Period.From-countBefore, out.Period.To, wanted, func() func(uint32, []uint32) {
		mine := fresh()
		mu.Lock()
		parts = append(parts, mine)
		mu.Unlock()
		return func(page uint32, series []uint32) {
			days := mine.days[pages.Network[page]]
			if days == nil {
				days = make([]int64, n)
				mine.days[pages.Network[page]] = days
			}
			last := uint32(0)
			for _, v := range series[:countBefore] {
				if v != Missing {
					last = v
				}
			}
			series = series[countBefore:]
			gap := false
			for i, v := range series {
				if v == Missing {
					v, gap = last, true
				}
				last = v
				days[i] += int64(v)
			}
			mine.every = mine.every || !gap
			for i, v := range series {
				if mine.every {
					break
				}
				mine.counted[i] = mine.counted[i] || v != Missing
			}
		}
	})
	if err != nil {
		return err
	}
	sum := fresh()
	for _, part := range parts {
		for network, days := range part.days {
			if days != nil && sum.days[network] == nil {
				sum.days[network] = make([]int64, n)
			}
			for i, v := range days {
				sum.days[network][i] += v
			}
		}
		for i, c := range part.counted {
			sum.counted[i] = sum.counted[i] || c || part.every
		}
	}
	firstDay, lastDay := slices.Index(sum.counted, true), -1
	for i, c := range sum.counted {
		if c {
			lastDay = i
		}
	}
	for _, network := range Sources {
		code := slices.Index(pages.Networks, network)
		if code < 0 || sum.days[code] == nil || lastDay < 0 {
			continue
		}
		days := sum.days[code]
		out.Subscribers += days[lastDay]
		out.Growth += days[lastDay] - days[firstDay]
		for i := range days {
			if !sum.counted[i] {
				days[i] = -1
			}
		}
		out.Networks = append(out.Networks, NetworkSeries{Network: network, Days: days})
	}
	slices.SortStableFunc(out.Networks, func(a, b NetworkSeries) int {
		return cmp.Compare(b.Days[lastDay], a.Days[lastDay])
	})
	return nil
}

// wanted says which pages match the filter.
func (d *Desk) wanted(pages PageFacts, filter Filter) (func(page uint32) bool, error) {
	networks, places := make([]bool, len(pages.Networks)), make([]bool, len(pages.Municipalities))
	for i, n := range pages.Networks {
		networks[i] = len(filter.Sources) == 0 || slices.Contains(filter.Sources, n)
	}
	for i, m := range pages.Municipalities {
		places[i] = len(filter.Municipalities) == 0 || slices.Contains(filter.Municipalities, m)
	}
	one := uint32(0)
	if filter.Page != "" {
		n, ok, err := d.store.PageNumber(filter.Page)
		if err != nil {
			return nil, err
		}
		if !ok {
			return func(uint32) bool { return false }, nil
		}
		one = n
	}
	return func(page uint32) bool {
		return int(page) < len(pages.Known) && pages.Known[page] && networks[pages.Network[page]] &&
			places[pages.Municipality[page]] && (one == 0 || page == one)
	}, nil
}

// PageGrowth is by how much the subscribers of a page have grown.
type PageGrowth struct {
	Page
	From, To uint32
}

// growthGap is for how many days a count stands for those after it that were not
// counted, where growth is asked for.
const growthGap = 3

// TopGrowth gives the pages that have grown most from the first day of the period
// to its last, at most so many, among those the filter leaves. A page that was not
// counted for more than three days at either end has no growth that could be told.
func (d *Desk) TopGrowth(p Period, filter Filter, most int) ([]PageGrowth, error) {
	pages, err := d.store.PageFacts()
	if err != nil {
		return nil, err
	}
	counts, err := d.wanted(pages, filter)
	if err != nil {
		return nil, err
	}
	then, err := d.store.Latest(p.From, growthGap)
	if err != nil {
		return nil, err
	}
	now, err := d.store.Latest(p.To, growthGap)
	if err != nil {
		return nil, err
	}
	if most < 1 {
		return nil, nil
	}
	type grown struct {
		page uint32
		by   int64
	}
	order := func(a, b grown) int { return cmp.Or(cmp.Compare(b.by, a.by), cmp.Compare(a.page, b.page)) }
	var top []grown // sorted; no longer than asked for
	for n := range min(len(then), len(now)) {
		if then[n] == Missing || now[n] == Missing || !counts(uint32(n)) {
			continue
		}
		g := grown{uint32(n), int64(now[n]) - int64(then[n])}
		if len(top) == most && order(g, top[most-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, g, order)
		top = slices.Insert(top, at, g)[:min(len(top)+1, most)]
	}
	out := make([]PageGrowth, len(top))
	for i, g := range top {
		page, err := d.store.PageAt(g.page)
		if err != nil {
			return nil, err
		}
		out[i] = PageGrowth{page, then[g.page], now[g.page]}
	}
	return out, nil
}
