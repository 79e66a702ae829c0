package app

import (
	"math"
	"time"
)

// Inquiry asks for figures.
type Inquiry struct {
	Period Period `json:"period"`
	Filter Filter `json:"filter,omitzero"`
	Step   Step   `json:"step,omitempty"` // "": as StepFor
}

// Step is the stretch of time a point of a chart stands for.
type Step string

// Steps.
const (
	StepDay   Step = "day"
	StepWeek  Step = "week" // from Monday
	StepMonth Step = "month"
)

// Steps lists all steps.
var Steps = []Step{StepDay, StepWeek, StepMonth}

// StepFor is the step that leaves a chart of the period readable.
func StepFor(p Period) Step {
	switch n := p.Days(); {
	case n <= 92:
		return StepDay
	case n <= 550:
		return StepWeek
	default:
		return StepMonth
	}
}

// YearAgo is the same stretch of the calendar a year before: from the same date to
// the same date, 29 February counting as 28.
func (p Period) YearAgo() Period { return Period{p.From.yearAgo(), p.To.yearAgo()} }

func (d Day) yearAgo() Day {
	at := d.In(time.UTC)
	y, m, day := at.Date()
	if m == time.February && day == 29 {
		day = 28
	}
	return DayOf(time.Date(y-1, m, day, 0, 0, 0, 0, time.UTC))
}

// Moments are a stretch of time: from From on, before To; a zero end is open.
type Moments struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// Lengths are a stretch of lengths of time: AtLeast and more, less than Below; Below 0 is open.
type Lengths struct {
	AtLeast time.Duration `json:"at_least,omitempty"`
	Below   time.Duration `json:"below,omitempty"`
}

// WeekHour is an hour of the week in the region's time zone.
type WeekHour struct {
	Weekday int `json:"weekday"` // 0 is Monday
	Hour    int `json:"hour"`    // 0…23
}

// Steps cuts the period at the ends of days, weeks or months: its first and last
// pieces may be shorter than a step.
func (p Period) Steps(s Step) []Period {
	var out []Period
	for from := p.From; from <= p.To; {
		to := min(s.last(from), p.To)
		out = append(out, Period{from, to})
		from = to + 1
	}
	return out
}

// around is the whole step the day lies in.
func (s Step) around(d Day) Period {
	switch s {
	case StepWeek:
		return Period{d - Day(d.weekday()+6)%7, s.last(d)}
	case StepMonth:
		return Period{d - Day(d.In(time.UTC).Day()-1), s.last(d)}
	}
	return Period{d, d}
}

// last is the last day of the step the day lies in.
func (s Step) last(d Day) Day {
	switch s {
	case StepWeek:
		return d + Day(7-d.weekday())%7
	case StepMonth:
		at := d.In(time.UTC)
		return DayOf(time.Date(at.Year(), at.Month()+1, 0, 0, 0, 0, 0, time.UTC))
	}
	return d
}

// WeekClock tells the hour of the week in a time zone by Unix seconds, of millions of
// moments in turn. It is for one goroutine.
type WeekClock struct {
	zone     *time.Location
	from, to int64 // for which the difference holds
	off      int64 // seconds to add
}

// NewWeekClock gives a clock of the zone.
func NewWeekClock(zone *time.Location) *WeekClock { return &WeekClock{zone: zone} }

// WeekHour gives the hour of the week, counted from 0 on Monday to 167.
func (c *WeekClock) WeekHour(sec int64) int {
	if sec < c.from || sec >= c.to {
		c.turn(sec)
	}
	hours := (sec + c.off) / 3600 // 1 January 1970 was a Thursday
	return int((hours + 3*24) % (7 * 24))
}

// turn finds the difference that holds at the moment.
func (c *WeekClock) turn(sec int64) {
	at := time.Unix(sec, 0).In(c.zone)
	_, off := at.Zone()
	c.from, c.to, c.off = math.MinInt64, math.MaxInt64, int64(off)
	from, to := at.ZoneBounds()
	if !from.IsZero() {
		c.from = from.Unix()
	}
	if !to.IsZero() {
		c.to = to.Unix()
	}
}
