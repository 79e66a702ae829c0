package app

import (
	"math"
	"sync"
	"time"
)

// study reads the columns of appeals for Analytics: once over all rows, on all
// processors, and then facet by facet over those of the period, the one before it and
// the same a year ago.
type study struct {
	out      *Analytics
	now      uint32 // Unix seconds
	spans    [spans]stretch
	twin     bool // a year ago was the period before
	midnight []int64
	stepOf   []uint16 // by day of the period
	zone     *time.Location
	glances  []*glance // of each goroutine
}

// Stretches of time that are looked at.
const (
	spanNow = iota
	spanBefore
	spanYearAgo
	spans
)

// stretch is a stretch of time in Unix seconds: from the first on, before the second.
type stretch struct{ from, to int64 }

func (s stretch) has(sec int64) bool { return sec >= s.from && sec < s.to }

func newStudy(out *Analytics, zone *time.Location, today Day) *study {
	p := out.Period
	s := &study{out: out, now: unix32(out.At.Unix()), zone: zone}
	out.Now.Period, out.Before.Period, out.YearAgo.Period = p, p.Before(), p.YearAgo()
	for i, p := range [spans]Period{p, p.Before(), p.YearAgo()} {
		s.spans[i].from, s.spans[i].to = p.bounds(zone)
	}
	s.twin = p.Before() == p.YearAgo()
	// Nothing can be said of days to come.
	last := min(p.To, max(today, p.From))
	s.spans[spanNow].to = (last + 1).In(zone).Unix()
	for day := p.From; day <= last+1; day++ {
		s.midnight = append(s.midnight, day.In(zone).Unix())
	}
	for i, step := range (Period{p.From, last}).Steps(out.Step) {
		whole := out.Step.around(step.From)
		step.To = min(whole.To, p.To)
		out.Steps = append(out.Steps, StepFigures{Tally: Tally{Period: step}, Partial: step != whole || step.To >= today})
		for range min(step.To, last) - step.From + 1 {
			s.stepOf = append(s.stepOf, uint16(i))
		}
	}
	return s
}

// step gives the step of a moment within the period.
func (s *study) step(sec int64) uint16 {
	day := min(int((sec-s.midnight[0])/86400), len(s.stepOf)-1)
	for sec < s.midnight[day] { // a day may have 23 hours, or 25
		day--
	}
	for sec >= s.midnight[day+1] {
		day++
	}
	return s.stepOf[day]
}

// glance is what one goroutine has seen.
type glance struct {
	tallies [spans]struct{ appeals, closed, backlog int }
	steps   []struct{ appeals, closed, opened, ended int }
	hours   [7 * 24]int
	hits    [spans]hits
	waits   []wait
}

// read looks at all rows.
func (s *study) read(f *Facts) *study {
	var mu sync.Mutex
	both(len(f.Parts), func(next func() (int, bool)) {
		g := &glance{steps: make([]struct{ appeals, closed, opened, ended int }, len(s.out.Steps))}
		clock := NewWeekClock(s.zone)
		for i, ok := next(); ok; i, ok = next() {
			g.add(s, &f.Parts[i], clock)
		}
		mu.Lock()
		defer mu.Unlock()
		s.glances = append(s.glances, g)
	})
	return s
}

func (g *glance) add(s *study, p *FactPart, clock *WeekClock) {
	for row := range p.Rows() {
		start, ended := int64(p.Start[row]), int64(p.Closed[row])
		open := openCode[p.Status[row]]
		if ended != 0 {
			g.end(s, ended)
		}
		if start == 0 {
			continue // it belongs to no day
		}
		if open || ended >= start {
			if open {
				ended = math.MaxInt64
			}
			g.stand(s, start, ended)
		}
		for i := range s.spans {
			if !s.spans[i].has(start) || i == spanYearAgo && s.twin {
				continue
			}
			g.tallies[i].appeals++
			step := uint16(0)
			if i == spanNow {
				step = s.step(start)
				g.steps[step].appeals++
				g.hours[clock.WeekHour(start)]++
				g.watch(p, row, s.now)
			}
			g.hits[i].add(p, row, s.now, step)
		}
	}
}

// end counts an end.
func (g *glance) end(s *study, at int64) {
	for i := range s.spans {
		if s.spans[i].has(at) {
			g.tallies[i].closed++
		}
	}
	if s.spans[spanNow].has(at) {
		g.steps[s.step(at)].closed++
	}
}

// stand counts an appeal into the backlog for as long as it was open.
func (g *glance) stand(s *study, start, ended int64) {
	for i := range s.spans {
		if to := s.spans[i].to; start < to && ended >= to {
			g.tallies[i].backlog++
		}
	}
	now := s.spans[spanNow]
	if start >= now.to || ended < now.from {
		return
	}
	g.steps[s.step(max(start, now.from))].opened++
	if ended < now.to {
		g.steps[s.step(ended)].ended++
	}
}

// tell enters the figures.
func (s *study) tell(f *Facts, region *Region) {
	out := s.out
	tallies := [spans]*Tally{&out.Now, &out.Before, &out.YearAgo}
	for _, g := range s.glances {
		for i, t := range tallies {
			t.Appeals += g.tallies[i].appeals
			t.Closed += g.tallies[i].closed
			t.Backlog += g.tallies[i].backlog
		}
		for hour, n := range g.hours {
			out.Heat[hour/24][hour%24] += n
		}
	}
	backlog := 0
	for i := range out.Steps {
		step := &out.Steps[i]
		for _, g := range s.glances {
			step.Appeals += g.steps[i].appeals
			step.Closed += g.steps[i].closed
			backlog += g.steps[i].opened - g.steps[i].ended
		}
		step.Backlog = backlog
	}
	shares := s.shares(f, region)
	work := []func(){s.survival}
	for i, t := range tallies {
		work = append(work, func() { t.Response = s.by(i, facetWhole, 1)[0].summary() })
	}
	work = append(work, func() {
		for i, sum := range s.by(spanNow, facetStep, len(out.Steps)) {
			out.Steps[i].Response = sum.summary()
		}
	})
	for _, of := range shares {
		for i := range spans {
			work = append(work, func() { of.reckon(s, i) })
		}
	}
	both(len(work), func(next func() (int, bool)) {
		for i, ok := next(); ok; i, ok = next() {
			work[i]()
		}
	})
	if s.twin {
		out.YearAgo = out.Before
	}
	for _, of := range shares {
		of.tell(s)
	}
}
