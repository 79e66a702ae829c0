package report

import (
	"math"
	"time"
)

// stops are the customary lengths of a wait. They stand at equal distances on an
// axis of waits, which people answer in minutes and in months alike: on a plain axis
// all but the longest would be one line.
var stops = []time.Duration{
	0, 15 * time.Minute, time.Hour, 4 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 10 * 24 * time.Hour,
	30 * 24 * time.Hour, 90 * 24 * time.Hour, 365 * 24 * time.Hour, 3 * 365 * 24 * time.Hour, 10 * 365 * 24 * time.Hour,
}

// wait gives the place of the length on such an axis: its stop's number, and from one
// stop to the next by the logarithm.
func wait(d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	for i := 1; i < len(stops); i++ {
		switch under := stops[i-1]; {
		case d >= stops[i]:
		case under == 0:
			return float64(d) / float64(stops[i])
		default:
			return float64(i-1) + math.Log(float64(d)/float64(under))/math.Log(float64(stops[i])/float64(under))
		}
	}
	return float64(len(stops) - 1)
}

// waited gives the length at a place of such an axis.
func waited(at float64) time.Duration {
	i := min(max(int(at), 0), len(stops)-2)
	share := at - float64(i)
	if i == 0 {
		return time.Duration(share * float64(stops[1]))
	}
	return time.Duration(float64(stops[i]) * math.Pow(float64(stops[i+1])/float64(stops[i]), share))
}

// waits is the axis of lengths up to most, with a line at every stop.
func waits(most time.Duration) axis {
	a := axis{max: max(1, wait(most)), step: 1}
	for i := 0.0; i <= a.max; i++ {
		a.ticks = append(a.ticks, i)
	}
	return a
}

// stops writes the lengths below the plot, each under its line.
func (p *plot) stops(a axis) {
	p.below(a.ticks, func(v float64) string { return p.length(stops[int(v)]) })
}

// length writes a length on an axis.
func (p *plot) length(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	return p.labels.Time(d)
}
