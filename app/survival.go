package app

import "time"

// customary are the lengths between which first responses are counted, and at which
// the curve of the unanswered always has a point.
var customary = []time.Duration{
	15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour,
	24 * time.Hour, 2 * 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 10 * 24 * time.Hour, 30 * 24 * time.Hour,
}

// curvePoints is how many points the curve of the unanswered has at most, apart from
// those at customary lengths and its ends.
const curvePoints = 180

// wait is how many seconds an appeal waited for its first answer, twice that and one
// more where it was answered then; otherwise it was watched for so long.
type wait uint64

func (w wait) seconds() uint32 { return uint32(w >> 1) }
func (w wait) answered() bool  { return w&1 == 1 }

// firstResponse is the time to the first reply in seconds.
func firstResponse(p *FactPart, row int) (seconds uint32, ok bool) {
	start, reply := p.Start[row], p.Reply[row]
	return reply - start, start != 0 && reply >= start
}

// watch notes how long an appeal waited. One whose answer or end came at a moment
// that is not known says nothing.
func (g *glance) watch(p *FactPart, row int, now uint32) {
	start := p.Start[row]
	if took, ok := firstResponse(p, row); ok {
		g.waits = append(g.waits, wait(took)<<1|1)
		return
	}
	end := now
	if !openCode[p.Status[row]] {
		end = p.Closed[row]
	}
	if p.Reply[row] == 0 && !answeredCode[p.Status[row]] && end >= start {
		g.waits = append(g.waits, wait(end-start)<<1)
	}
}

// answeredCode says of a code in FactPart.Status whether such an appeal was answered,
// though nobody may know when.
var answeredCode = func() (answered [256]bool) {
	for i, s := range Statuses {
		answered[i+1] = s == StatusAnswered || s == StatusInterim
	}
	return answered
}()

// survival enters the first responses by their length, and the curve.
func (s *study) survival() {
	var all []wait
	for _, g := range s.glances {
		all = append(all, g.waits...)
	}
	all = sortWaits(all)
	s.out.Took, s.out.Unanswered = bins(all), curve(all)
}

// bins counts those answered.
func bins(all []wait) []Bin {
	out := make([]Bin, len(customary)+1)
	for i := range customary {
		out[i].Below, out[i+1].AtLeast = customary[i], customary[i]
	}
	at := 0
	for _, w := range all {
		for out[at].Below != 0 && time.Duration(w.seconds())*time.Second >= out[at].Below {
			at++
		}
		if w.answered() {
			out[at].N++
		}
	}
	return out
}

// curve is the estimate of Kaplan and Meier. Those watched for exactly as long as
// others took are still at risk when those are answered.
func curve(all []wait) []Survival {
	if len(all) == 0 {
		return nil
	}
	out := []Survival{{Share: 1, AtRisk: len(all)}}
	share, told := 1.0, 1.0
	bounds := customary
	for i := 0; i < len(all); {
		after := time.Duration(all[i].seconds()) * time.Second
		for len(bounds) > 0 && bounds[0] < after {
			out = append(out, Survival{bounds[0], share, len(all) - i})
			bounds, told = bounds[1:], share
		}
		atRisk, answered, first := len(all)-i, 0, all[i].seconds()
		for ; i < len(all) && all[i].seconds() == first; i++ {
			if all[i].answered() {
				answered++
			}
		}
		share *= 1 - float64(answered)/float64(atRisk)
		at := len(bounds) > 0 && bounds[0] == after
		if at {
			bounds = bounds[1:]
		}
		if at || i == len(all) || told-share >= 1.0/curvePoints {
			out, told = append(out, Survival{after, share, atRisk}), share
		}
	}
	return out
}

// sortWaits sorts them, by digits: they are many and have few that differ.
func sortWaits(all []wait) []wait {
	const width = 11
	most := wait(0)
	for _, w := range all {
		most = max(most, w)
	}
	next := make([]wait, len(all))
	for shift := 0; most>>shift > 0; shift += width {
		var ends [1<<width + 1]int
		for _, w := range all {
			ends[w>>shift&(1<<width-1)+1]++
		}
		for i := range 1 << width {
			ends[i+1] += ends[i]
		}
		for _, w := range all {
			digit := w >> shift & (1<<width - 1)
			next[ends[digit]] = w
			ends[digit]++
		}
		all, next = next, all
	}
	return all
}
