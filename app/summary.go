package app

import (
	"math"
	"math/bits"
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
	n             int // appeals
	seconds       []uint32
	off           []uncertain // those of seconds that may be off
	timed, inTime int
}

// uncertain is a response time, by its place, and the seconds it may be off by.
type uncertain struct{ at, by uint32 }

// add takes in a row; now is in Unix seconds.
func (g *gathering) add(p *FactPart, row int, now uint32) {
	g.n++
	if took, ok := firstResponse(p, row); ok {
		if off := p.Off[row]; off > 0 {
			g.off = append(g.off, uncertain{uint32(len(g.seconds)), uint32(off) * 60})
		}
		g.seconds = append(g.seconds, took)
	}
	timed, inTime := judged(p, row, now)
	if timed {
		g.timed++
	}
	if inTime {
		g.inTime++
	}
}

// judged says whether an appeal had a term for its first answer that has run out or
// was met, and whether it was answered in time.
func judged(p *FactPart, row int, now uint32) (timed, inTime bool) {
	reply, due := p.Reply[row], p.AnswerDue[row]
	if due == 0 || reply == 0 && (due > now || !openCode[p.Status[row]]) {
		return false, false
	}
	return true, reply != 0 && reply <= due
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
	g.n += o.n
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
// spreadsheets and of NumPy's default). It may put v into another order.
func quantiles(v []uint32, asked ...float64) []time.Duration {
	places := make([]int, 0, 2*len(asked))
	for _, q := range asked {
		at := int(q * float64(len(v)-1))
		places = append(places, at, min(at+1, len(v)-1))
	}
	found := inOrder(v, places)
	out := make([]time.Duration, len(asked))
	for i, q := range asked {
		low, high := float64(found[2*i]), float64(found[2*i+1])
		pos := q * float64(len(v)-1)
		out[i] = seconds(low + (pos-math.Floor(pos))*(high-low))
	}
	return out
}

// inOrder gives the numbers that stand at the places in their order. They are counted
// by ranges of values, and only the ranges that are asked for are looked into: exact,
// and far less work than sorting all. It may put v into another order.
func inOrder(v []uint32, places []int) []uint32 {
	out := make([]uint32, len(places))
	if len(v) <= 64 {
		slices.Sort(v)
		for i, at := range places {
			out[i] = v[at]
		}
		return out
	}
	least, most := v[0], v[0]
	for _, x := range v {
		least, most = min(least, x), max(most, x)
	}
	// A range is of 1<<shift values.
	shift := max(0, bits.Len32(most-least)-min(12, bits.Len(uint(len(v)/8))))
	starts := make([]int32, (most-least)>>shift+2) // by range: how many stand before it
	for _, x := range v {
		starts[(x-least)>>shift+1]++
	}
	for i := range starts[1:] {
		starts[i+1] += starts[i]
	}
	ranges := make([]int, len(places))   // of each place
	wanted := make([]uint8, len(starts)) // places in inside, from 1
	var inside [][]uint32
	for i, place := range places {
		ranges[i] = sort.Search(len(starts), func(n int) bool { return int(starts[n]) > place }) - 1
		if n := ranges[i]; wanted[n] == 0 {
			inside = append(inside, make([]uint32, 0, starts[n+1]-starts[n]))
			wanted[n] = uint8(len(inside))
		}
	}
	if shift == 0 {
		for i, n := range ranges {
			out[i] = least + uint32(n)
		}
		return out
	}
	for _, x := range v {
		if n := wanted[(x-least)>>shift]; n != 0 {
			inside[n-1] = append(inside[n-1], x)
		}
	}
	for i, n := range ranges {
		out[i] = inOrder(inside[wanted[n]-1], []int{places[i] - int(starts[n])})[0]
	}
	return out
}
