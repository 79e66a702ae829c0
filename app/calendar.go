package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// Day is a calendar date, counted in days since 1 January 1970. It has no zone:
// the date on the wall of the region.
type Day int32

// DayOf gives the date at the moment t in the zone of t.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, Fail(CodeBadArgument, s, "ГГГГ-ММ-ДД")
	}
	return DayOf(t), nil
}

// In gives the first moment of the day in the zone.
func (d Day) In(zone *time.Location) time.Time {
	t := time.Unix(int64(d)*86400, 0).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

func (d Day) String() string { return d.In(time.UTC).Format(time.DateOnly) }

// MarshalText writes YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Day) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDay(string(b))
	return err
}

// DayKind says how a date differs from its weekday.
type DayKind string

// Kinds of days in a production calendar.
const (
	DayWork  DayKind = "work"  // five-day week says so
	DayShort DayKind = "short" // work day one hour shorter
	DayOff   DayKind = "off"   // weekend, holiday, day moved away
	DayMoved DayKind = "moved" // a weekend day made a work day
)

// TimeOfDay is a time of day in minutes since midnight, written "09:00".
type TimeOfDay int

// UnmarshalText reads HH:MM.
func (c *TimeOfDay) UnmarshalText(b []byte) error {
	var h, m int
	if _, err := fmt.Sscanf(string(b), "%d:%d", &h, &m); err != nil || h < 0 || h > 24 || m < 0 || m > 59 {
		return Fail(CodeBadArgument, string(b), "ЧЧ:ММ")
	}
	*c = TimeOfDay(h*60 + m)
	return nil
}

// MarshalText writes HH:MM.
func (c TimeOfDay) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%02d:%02d", int(c)/60, int(c)%60), nil
}

// Hours is the working day of the region.
type Hours struct {
	Start      TimeOfDay `json:"start"`
	End        TimeOfDay `json:"end"`
	LunchStart TimeOfDay `json:"lunch_start"`
	LunchEnd   TimeOfDay `json:"lunch_end"`
}

// Calendar is a production calendar: which dates are work days and how long
// they last. Dates not listed follow the five-day week.
type Calendar struct {
	days  map[Day]DayKind
	moved map[Day]Day // a day off → the one it was moved from
	years map[int]bool
	Hours Hours
}

// NewCalendar reads files of production calendars, one a year, in the shape
// {"year":2026,"days":{"2026-01-01":"off", …},"moved":{"2026-01-09":"2026-01-03"}}.
// Later files go before earlier ones, so regional holidays come last. What was
// moved only explains a day that is off anyway.
func NewCalendar(hours Hours, files ...[]byte) (*Calendar, error) {
	c := &Calendar{days: map[Day]DayKind{}, moved: map[Day]Day{}, years: map[int]bool{}, Hours: hours}
	for _, f := range files {
		var year struct {
			Year  int             `json:"year"`
			Days  map[Day]DayKind `json:"days"`
			Moved map[Day]Day     `json:"moved"`
		}
		if err := json.Unmarshal(f, &year); err != nil {
			return nil, fmt.Errorf("production calendar: %w", err)
		}
		for d, k := range year.Days {
			switch k {
			case DayWork, DayShort, DayOff, DayMoved:
			default:
				return nil, fmt.Errorf("production calendar %d: %s: unknown kind of day %q", year.Year, d, k)
			}
			c.days[d] = k
			delete(c.moved, d)
		}
		maps.Copy(c.moved, year.Moved)
		c.years[year.Year] = true
	}
	return c, nil
}

// With is the calendar with other hours.
func (c *Calendar) With(hours Hours) *Calendar {
	other := *c
	other.Hours = hours
	return &other
}

// Knows says whether the calendar of the year was loaded; other years follow
// the bare five-day week.
func (c *Calendar) Knows(year int) bool { return c.years[year] }

// Kind gives the kind of the day.
func (c *Calendar) Kind(d Day) DayKind {
	if k, ok := c.days[d]; ok {
		return k
	}
	if w := d.weekday(); w == time.Saturday || w == time.Sunday {
		return DayOff
	}
	return DayWork
}

func (d Day) weekday() time.Weekday {
	return time.Weekday(((int(d)+4)%7 + 7) % 7) // 1 January 1970 was a Thursday
}

// span is a stretch of working time within one day.
type span struct{ from, to time.Time }

// spans gives the working stretches of the day in the zone; a short day ends an
// hour earlier.
func (c *Calendar) spans(d Day, zone *time.Location) []span {
	k := c.Kind(d)
	if k == DayOff {
		return nil
	}
	end := c.Hours.End
	if k == DayShort {
		end -= 60
	}
	y, m, day := d.In(zone).Date()
	at := func(x TimeOfDay) time.Time { return time.Date(y, m, day, int(x)/60, int(x)%60, 0, 0, zone) }
	h := c.Hours
	if h.LunchEnd <= h.LunchStart || h.LunchStart >= end {
		return []span{{at(h.Start), at(end)}}
	}
	return []span{{at(h.Start), at(h.LunchStart)}, {at(h.LunchEnd), at(end)}}
}

// farthest bounds walks over the calendar: nobody's term is longer.
const farthest = 5 * 366

// AddWork gives the moment by which d of working time has passed since t, or a
// zero time where no working time comes for years.
func (c *Calendar) AddWork(t time.Time, d time.Duration) time.Time {
	zone := t.Location()
	for day, n := DayOf(t), 0; n < farthest; day, n = day+1, n+1 {
		if whole := c.length(day); n > 0 && whole < d {
			d -= whole
			continue
		}
		for _, s := range c.spans(day, zone) {
			from := s.from
			if from.Before(t) {
				from = t
			}
			if !from.Before(s.to) {
				continue
			}
			if left := s.to.Sub(from); left >= d {
				return from.Add(d)
			} else {
				d -= left
			}
		}
	}
	return time.Time{}
}

// length is the working time of the day.
func (c *Calendar) length(d Day) time.Duration {
	k := c.Kind(d)
	if k == DayOff {
		return 0
	}
	return c.Hours.length(k == DayShort)
}

// length is the working time of a day with these hours.
func (h Hours) length(short bool) time.Duration {
	end := h.End
	if short {
		end -= 60
	}
	minutes := end - h.Start
	if h.LunchEnd > h.LunchStart && h.LunchStart < end {
		minutes = h.LunchStart - h.Start + max(end-h.LunchEnd, 0)
	}
	return time.Duration(max(minutes, 0)) * time.Minute
}

// WorkBetween gives the working time between two moments, negative when they
// stand the other way round.
func (c *Calendar) WorkBetween(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.WorkBetween(b, a)
	}
	zone := a.Location()
	first, last := DayOf(a), DayOf(b.In(zone))
	var sum time.Duration
	for day, n := first, 0; n < farthest && day <= last; day, n = day+1, n+1 {
		if day > first && day < last {
			sum += c.length(day)
			continue
		}
		for _, s := range c.spans(day, zone) {
			from, to := s.from, s.to
			if from.Before(a) {
				from = a
			}
			if to.After(b) {
				to = b
			}
			if from.Before(to) {
				sum += to.Sub(from)
			}
		}
	}
	return sum
}

// AddWorkDays gives the end of the n-th work day after the day of t, or a zero
// time where no work day comes for years.
func (c *Calendar) AddWorkDays(t time.Time, n int) time.Time {
	day := DayOf(t)
	for walked := 0; n > 0; walked++ {
		if walked == farthest {
			return time.Time{}
		}
		day++
		if c.Kind(day) != DayOff {
			n--
		}
	}
	return c.EndOf(day, t.Location())
}

// EndOf is when work ends on the day, or the day itself where it is off.
func (c *Calendar) EndOf(day Day, zone *time.Location) time.Time {
	s := c.spans(day, zone)
	if len(s) == 0 {
		return (day + 1).In(zone)
	}
	return s[len(s)-1].to
}

// WorkDays counts the work days after the day of a, up to that of b.
func (c *Calendar) WorkDays(a, b Day) int {
	n := 0
	for day := a + 1; day <= b; day++ {
		if c.Kind(day) != DayOff {
			n++
		}
	}
	return n
}

// DayReason says why nobody works on a day.
type DayReason string

// Reasons of days off.
const (
	ReasonWeekend DayReason = "weekend"
	ReasonHoliday DayReason = "holiday" // named by the calendar
	ReasonMoved   DayReason = "moved"   // another day off was moved here
)

// Rest is a day off and why it is one.
type Rest struct {
	Day    Day
	Reason DayReason
	From   Day // where it was moved from
}

// Rests lists the days between two moments that are not work days.
func (c *Calendar) Rests(a, b time.Time) []Rest {
	var out []Rest
	for day := DayOf(a); day <= DayOf(b.In(a.Location())) && len(out) < farthest; day++ {
		if c.Kind(day) != DayOff {
			continue
		}
		r := Rest{Day: day, Reason: ReasonWeekend}
		if from, ok := c.moved[day]; ok {
			r.Reason, r.From = ReasonMoved, from
		} else if _, named := c.days[day]; named {
			r.Reason = ReasonHoliday
		}
		out = append(out, r)
	}
	return out
}

// DaysOff counts them.
func (c *Calendar) DaysOff(a, b time.Time) int { return len(c.Rests(a, b)) }
