package report

import (
	"math"
	"time"

	"otklik/app"
)

// axis is a range of values and the round values in it that get a line.
type axis struct {
	min, max, step float64
	ticks          []float64
}

// roundStep gives the least of 1, 2, 5 × 10ⁿ not below v.
func roundStep(v float64) float64 {
	if v <= 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*ten >= v*(1-1e-9) {
			return m * ten
		}
	}
	return 10 * ten
}

// roundTime gives the least customary stretch not below v, both in hours.
func roundTime(v float64) float64 {
	for _, minutes := range []float64{1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440} {
		if minutes/60 >= v {
			return minutes / 60
		}
	}
	return 24 * roundStep(v/24)
}

// fromZero is an axis for areas: from zero to the first round value not below
// most, with about n stretches.
func fromZero(most float64, n int, round func(float64) float64) axis {
	a := axis{step: round(most / float64(max(n, 1)))}
	k := max(1, math.Ceil(most/a.step-1e-9))
	a.max = k * a.step
	for i := 0.0; i <= k; i++ {
		a.ticks = append(a.ticks, i*a.step)
	}
	return a
}

// around is an axis for a line of counts: close round the values, so that small
// changes show, and never below zero.
func around(least, most float64, n int) axis {
	delta := most - least
	if delta == 0 {
		// A level page: the line in the middle of a narrow field.
		delta = max(2, most/500)
		least, most = least-delta/2, most+delta/2
	}
	a := axis{min: max(0, least-delta*0.06), max: most + delta*0.06}
	// A round step may leave a single line, or none, within the field.
	for want := float64(max(n, 1)); ; want *= 2 {
		a.step = max(1, roundStep((a.max-a.min)/want))
		wide := a.widened()
		a.ticks = a.ticks[:0]
		for v := math.Ceil(wide.min/a.step) * a.step; v <= wide.max; v += a.step {
			a.ticks = append(a.ticks, v)
		}
		if len(a.ticks) >= 2 || a.step == 1 || n < 2 {
			wide.ticks = a.ticks
			return wide
		}
	}
}

// widened moves either end out to a round value that is near, so that the line
// ends under a value and not just short of it.
func (a axis) widened() axis {
	near := (a.max - a.min) / 5
	if low := math.Floor(a.min/a.step) * a.step; a.min-low <= near {
		a.min = low
	}
	if high := math.Ceil(a.max/a.step) * a.step; high-a.max <= near {
		a.max = high
	}
	return a
}

// tickKind says by which format a day on the axis is written.
type tickKind int

const (
	tickDay tickKind = iota
	tickMonth
	tickYear
)

type dayTick struct {
	day  app.Day
	kind tickKind
}

// text writes the tick in the caller's words.
func (t dayTick) text(l Labels) string {
	switch t.kind {
	case tickMonth:
		return l.Month(t.day)
	case tickYear:
		return l.Year(t.day)
	default:
		return l.Day(t.day)
	}
}

// longestByDays is the longest axis, in days, that is marked by days; longer
// ones are marked by months.
const longestByDays = 62

// dayTicks marks the axis from…to with at most about fit days.
func dayTicks(from, to app.Day, fit int) []dayTick {
	n := int(to) - int(from)
	only := []dayTick{{from, tickDay}}
	if n <= longestByDays {
		for _, step := range []int{1, 2, 7, 14, 28} {
			if n/step+1 > fit {
				continue
			}
			var out []dayTick
			for d := 0; d <= n; d += step {
				out = append(out, dayTick{from + app.Day(d), tickDay})
			}
			return out
		}
		return only
	}
	for _, step := range []int{1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12000, 120000} {
		if float64(n)/(30.44*float64(step)) > float64(fit) {
			continue
		}
		if out := monthTicks(from, to, step, n > 300); len(out) > 0 {
			return out
		}
		break
	}
	return only
}

// monthTicks marks the first day of every step-th month, counted from January
// of year 0.
func monthTicks(from, to app.Day, step int, years bool) []dayTick {
	var out []dayTick
	y, m, d := from.In(time.UTC).Date()
	month := 12*y + int(m) - 1
	if d > 1 {
		month++
	}
	for month%step != 0 {
		month++
	}
	for ; ; month += step {
		first := time.Date(month/12, time.Month(month%12+1), 1, 0, 0, 0, 0, time.UTC)
		if first.Unix()/86400 > int64(to) {
			return out
		}
		kind := tickMonth
		if years && month%12 == 0 {
			kind = tickYear
		}
		out = append(out, dayTick{app.DayOf(first), kind})
	}
}
