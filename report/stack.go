package report

import (
	"slices"

	"otklik/app"
)

// stack are the layers of Networks that are drawn, the lowest first.
type stack struct {
	networks []app.NetworkSeries
	layers   []int // places in networks
	known    int   // days that all layers list
	days     int   // of the longest
}

func newStack(networks []app.NetworkSeries, hidden Hidden) stack {
	s := stack{networks: networks}
	for k, net := range networks {
		s.days = max(s.days, len(net.Days))
		if !hidden.Has(k) {
			s.layers = append(s.layers, k)
		}
	}
	for i, k := range s.layers {
		if n := len(networks[k].Days); i == 0 || n < s.known {
			s.known = n
		}
	}
	return s
}

// whole says whether every layer knows the day: half a sum would look like a fall, so
// that any gap is a gap in all.
func (s stack) whole(day int) bool {
	if day < 0 || day >= s.known {
		return false
	}
	for _, k := range s.layers {
		if s.networks[k].Days[day] < 0 {
			return false
		}
	}
	return true
}

// top is the sum of the lowest n layers on a day that is whole.
func (s stack) top(n, day int) int64 {
	var sum int64
	for _, k := range s.layers[:n] {
		sum += s.networks[k].Days[day]
	}
	return sum
}

func (s stack) total(day int) float64 { return float64(s.top(len(s.layers), day)) }

// last is the latest day that is whole, -1 for none.
func (s stack) last() int {
	for day := s.known - 1; day >= 0; day-- {
		if s.whole(day) {
			return day
		}
	}
	return -1
}

// scan keeps the days of the least and the greatest sum; see thin. It goes layer by
// layer, as the memory lies, and looks for gaps only where there are any.
func (s stack) scan() func(from, to int) []int {
	var kept []int
	var sums []int64
	return func(from, to int) []int {
		for to = min(to, s.known); from < to && !s.whole(from); {
			from++
		}
		for from < to && !s.whole(to-1) {
			to--
		}
		if from >= to {
			return nil
		}
		kept = append(kept[:0], from, to-1)
		if to-from <= 2 {
			return sorted(kept)
		}
		sums = append(sums[:0], s.networks[s.layers[0]].Days[from:to]...)
		negative := int64(0)
		for _, n := range sums {
			negative |= n
		}
		for _, k := range s.layers[1:] {
			layer := s.networks[k].Days[from:to]
			sums := sums[:len(layer)]
			for i, n := range layer {
				negative |= n
				sums[i] += n
			}
		}
		least, most := sums[0], sums[0]
		if negative < 0 {
			for i, n := range sums {
				if s.whole(from + i) {
					least, most = min(least, n), max(most, n)
				} else {
					sums[i] = -1 // not to be taken for the least
				}
			}
		} else {
			for _, n := range sums {
				least, most = min(least, n), max(most, n)
			}
		}
		kept = append(kept, from+slices.Index(sums, least), from+slices.Index(sums, most))
		return sorted(kept)
	}
}
