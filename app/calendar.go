package app

import (
	"encoding/json"
	"fmt"
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
	years map[int]bool
	Hours Hours
}

// NewCalendar reads files of production calendars, one a year, in the shape
// {"year":2026,"days":{"2026-01-01":"off", …}}. Later files go before earlier
// ones, so regional holidays come last.
func NewCalendar(hours Hours, files ...[]byte) (*Calendar, error) {
	c := &Calendar{days: map[Day]DayKind{}, years: map[int]bool{}, Hours: hours}
	for _, f := range files {
		var year struct {
			Year int             `json:"year"`
			Days map[Day]DayKind `json:"days"`
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
		}
		c.years[year.Year] = true
	}
	return c, nil
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

// AddWork gives the moment by which d of working time has passed since t.
func (c *Calendar) AddWork(t time.Time, d time.Duration) time.Time {
	zone := t.Location()
	for day, n := DayOf(t), 0; n < farthest; day, n = day+1, n+1 {
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
	return t
}

// WorkBetween gives the working time between two moments, negative when they
// stand the other way round.
func (c *Calendar) WorkBetween(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.WorkBetween(b, a)
	}
	zone := a.Location()
	var sum time.Duration
	for day, n := DayOf(a), 0; n < farthest && day <= DayOf(b.In(zone)); day, n = day+1, n+1 {
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

// AddWorkDays gives the end of the n-th work day after the day of t.
func (c *Calendar) AddWorkDays(t time.Time, n int) time.Time {
	zone := t.Location()
	day := DayOf(t)
	for walked := 0; n > 0 && walked < farthest; walked++ {
		day++
		if c.Kind(day) != DayOff {
			n--
		}
	}
	s := c.spans(day, zone)
	if len(s) == 0 {
		return (day + 1).In(zone)
	}
	return s[len(s)-1].to
}

// DaysOff counts the days between two moments that are not work days.
func (c *Calendar) DaysOff(a, b time.Time) int {
	n := 0
	for day := DayOf(a); day <= DayOf(b); day++ {
		if c.Kind(day) == DayOff {
			n++
		}
	}
	return n
}
