package bulletin

import (
	"time"

	"otklik/app"
)

// Every is how often a document is made.
type Every string

// How often.
const (
	EveryDay   Every = "day"
	EveryWeek  Every = "week"
	EveryMonth Every = "month"
)

// Everies lists them in the order they are offered.
var Everies = []Every{EveryDay, EveryWeek, EveryMonth}

// Schedule has a document made by the clock and put into a folder. The period is the
// usual one of the day it falls due.
type Schedule struct {
	ID      string        `json:"id"`
	Kind    Kind          `json:"kind"`
	Format  Format        `json:"format"`
	Folder  string        `json:"folder"`
	Every   Every         `json:"every"`
	Weekday int           `json:"weekday,omitempty"` // of EveryWeek: 0 is Monday
	Day     int           `json:"day,omitempty"`     // of EveryMonth: 1…31; the last day of a shorter month
	At      app.TimeOfDay `json:"at"`                // in the time of the region
	On      bool          `json:"on"`
	// Since is when it was set: what would have been due before is not made.
	Since time.Time `json:"since"`
}

// wrongClock is how far ahead a moment lies that no clock put right explains: what was
// made then was made by a clock that was wrong, and must not silence the schedule.
const wrongClock = 32 * 24 * time.Hour

// Due says whether a document is to be made now, and for which moment. last is the
// moment of the last one that was made, zero for none. Of several that were missed only
// the latest is due: those before it say what has passed. Where the clock was set back
// nothing is due until it has come again to where it was.
func (s Schedule) Due(now, last time.Time) (at time.Time, due bool) {
	if last.After(now.Add(wrongClock)) {
		last = time.Time{}
	}
	if s.Since.After(last) && !s.Since.After(now.Add(wrongClock)) {
		last = s.Since
	}
	at = s.near(now, -1)
	return at, s.On && at.After(last)
}

// Next is the first moment after now at which a document falls due.
func (s Schedule) Next(now time.Time) time.Time { return s.near(now, 1) }

// near is the last moment at or before now (way −1), or the first one after it (way 1).
func (s Schedule) near(now time.Time, way int) time.Time {
	fits := func(at time.Time) bool { return at.After(now) == (way > 0) }
	// One step more than enough: now itself may be on either side of the moment.
	from := 0
	for fits(s.moment(now, from-way)) {
		from -= way
	}
	for {
		if at := s.moment(now, from); fits(at) {
			return at
		}
		from += way
	}
}

// moment is when it is due in the day, week or month that lies so many after that of
// now. A time the clocks leap over is as far after the midnight before as on other
// days; of one that comes twice it is the first.
func (s Schedule) moment(now time.Time, after int) time.Time {
	y, m, d := now.Date()
	switch s.Every {
	case EveryWeek:
		d += 7*after + s.Weekday - (int(now.Weekday())+6)%7
	case EveryMonth:
		m += time.Month(after)
		d = min(max(s.Day, 1), time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day())
	default:
		d += after
	}
	return time.Date(y, m, d, int(s.At)/60, int(s.At)%60, 0, 0, now.Location())
}
