package app

import "time"

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
