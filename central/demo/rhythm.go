package demo

import (
	"math"
	"sort"
	"time"
)

// hours of a work day and of a day off: how many of those who write do so in
// each hour.
var (
	workHours = [24]float64{1, .6, .4, .3, .4, .8, 2, 4, 6.5, 9, 9.5, 9, 7, 6.5, 6.3, 6, 6, 6.5, 8, 8.5, 8, 6, 4, 2}
	freeHours = [24]float64{1.5, 1, .6, .4, .4, .6, 1, 2, 4, 6, 7.5, 8, 7.5, 7, 6.5, 6, 6, 6.5, 7.5, 8, 7.5, 6, 4, 2.5}
	weekdays  = [7]float64{.55, 1.12, 1.1, 1.05, 1.02, .98, .62} // Sunday first
)

// factor of a season in a month.
func (s season) factor(m time.Month) float64 {
	in := false
	switch s {
	case snow:
		in = m == time.December || m <= time.March
	case heat:
		in = m >= time.September && m <= time.November
	case warm:
		in = m >= time.May && m <= time.September
	case thaw:
		in = m >= time.March && m <= time.May
	case school:
		in = m >= time.August && m <= time.October
	default:
		return 1
	}
	if in {
		return 2.4
	}
	return 0.45
}

// arrivals spreads n moments over the year before now, in their order.
func (g *generator) arrivals(n int) []time.Time {
	const days = 365
	zone := g.region.Location()
	first := time.Date(g.now.In(zone).Year(), g.now.In(zone).Month(), g.now.In(zone).Day()-days+1, 0, 0, 0, 0, zone)
	weight := make([]float64, days)
	sum := 0.0
	for d := range weight {
		day := first.AddDate(0, 0, d)
		grown := 0.85 + 0.3*float64(d)/days
		weight[d] = weekdays[day.Weekday()] * grown * math.Exp(0.12*g.rnd.NormFloat64())
		sum += weight[d]
	}
	// The last hour and a half belongs to the queue alone: nobody answers sooner.
	latest := g.now.Add(-90 * time.Minute)
	out := make([]time.Time, 0, n)
	due := 0.0
	for d := range weight {
		due += float64(n) * weight[d] / sum
		day := first.AddDate(0, 0, d)
		table := &workHours
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
			table = &freeHours
		}
		for float64(len(out)) < due-0.5 && len(out) < n {
			at := day.Add(time.Duration(g.pick(table[:]))*time.Hour + time.Duration(g.rnd.IntN(3600))*time.Second)
			if at.After(latest) {
				// What would fall into the future is moved over the days before.
				at = first.Add(time.Duration(g.rnd.Int64N(int64(latest.Sub(first)))).Truncate(time.Second))
			}
			out = append(out, at)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Before(out[j]) })
	return out
}

// pick draws an index by weight.
func (g *generator) pick(weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := g.rnd.Float64() * sum
	for i, w := range weights {
		if x < w {
			return i
		}
		x -= w
	}
	return len(weights) - 1
}

func (g *generator) chance(share float64) bool { return g.rnd.Float64() < share }

// around draws a log-normal duration with the median.
func (g *generator) around(median time.Duration, spread float64) time.Duration {
	return time.Duration(float64(median) * math.Exp(spread*g.rnd.NormFloat64())).Truncate(time.Second)
}

func one(g *generator, from []string) string { return from[g.rnd.IntN(len(from))] }
