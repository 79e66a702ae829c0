package report

import "otklik/app"

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
// layer, as the memory lies.
func (s stack) scan() func(from, to int) []int {
	var kept []int
	var sums []int64
	return func(from, to int) []int {
		to = min(to, s.known)
		if from >= to {
			return nil
		}
		sums = append(sums[:0], s.networks[s.layers[0]].Days[from:to]...)
		for _, k := range s.layers[1:] {
			for i, n := range s.networks[k].Days[from:to] {
				if sums[i] |= n >> 63; sums[i] >= 0 { // a gap stays one
					sums[i] += n
				}
			}
		}
		first, last, least, most := -1, -1, -1, -1
		for i, n := range sums {
			if n < 0 {
				continue
			}
			if last = i; first < 0 {
				first, least, most = i, i, i
			}
			if n < sums[least] {
				least = i
			}
			if n > sums[most] {
				most = i
			}
		}
		if first < 0 {
			return nil
		}
		kept = append(kept[:0], from+first, from+last, from+least, from+most)
		return sorted(kept)
	}
}
