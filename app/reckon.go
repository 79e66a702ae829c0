package app

import (
	"slices"
	"time"
)

// reckon lets the clock of a rule run from its start, between the pauses. now ends
// a pause that lasts; zero: it stands.
func (t Terms) reckon(a *Appeal, r Rule, start Event, round []Event, now time.Time) Deadline {
	at := start.At.In(t.Zone(a.Municipality))
	d := Deadline{Rule: r, Start: start}
	switch stood := pauses(round, r.PauseOn); r.Unit {
	case UnitHours, UnitWorkHours:
		t.inHours(a, &d, at, stood, now)
	case UnitDays, UnitWorkDays:
		t.inDays(a, &d, at, stood, now)
	}
	if r.Working() && !d.Due.IsZero() {
		d.DaysOff = t.calendar(a.Municipality).DaysOff(at, d.Due)
	}
	return d
}

// inHours reckons a term in hours: what is left of it shrinks while the clock
// runs.
func (t Terms) inHours(a *Appeal, d *Deadline, at time.Time, stood []Pause, now time.Time) {
	c, zone, work := t.calendar(a.Municipality), at.Location(), d.Rule.Unit == UnitWorkHours
	passed := func(from, to time.Time) time.Duration {
		if work {
			return c.WorkBetween(from, to)
		}
		return to.Sub(from)
	}
	left := d.Rule.hours()
	for _, p := range stood {
		if p.From.Before(at) {
			p.From = at // it stood already when it would have started
		}
		if !p.To.IsZero() && !p.To.After(p.From) {
			continue
		}
		ran := passed(at, p.From)
		if ran >= left {
			break // it was over before
		}
		left -= ran
		d.Pauses = append(d.Pauses, p)
		if d.Standing = p.To.IsZero(); d.Standing {
			d.Left = left
			if now.IsZero() {
				return
			}
			p.To = later(now, p.From)
		}
		d.Paused += p.To.Sub(p.From)
		at = p.To.In(zone)
	}
	if d.Due = at.Add(left); work {
		d.Due = c.AddWork(at, left)
	}
}

// inDays reckons a term in days: each day that ends while the clock stands is one
// more, so that the term still ends with a day.
func (t Terms) inDays(a *Appeal, d *Deadline, at time.Time, stood []Pause, now time.Time) {
	c, work := t.calendar(a.Municipality), d.Rule.Unit == UnitWorkDays
	days := func(from, to time.Time) int {
		first, last := DayOf(from), DayOf(to.In(at.Location()))
		if work {
			return c.WorkDays(first, last)
		}
		return int(last - first)
	}
	more := 0
	d.Due = t.add(a, at, d.Rule, 0)
	for _, p := range stood {
		from := p.From.In(at.Location())
		if from.Before(at) {
			from = at
		}
		if from.After(d.Due) {
			break
		}
		if !p.To.IsZero() && !p.To.After(from) {
			continue
		}
		p.From = from
		d.Pauses = append(d.Pauses, p)
		if d.Standing = p.To.IsZero(); d.Standing {
			d.Left = time.Duration(int(d.Rule.Length)+more-days(at, from)) * 24 * time.Hour
			if now.IsZero() {
				d.Due = time.Time{}
				return
			}
			p.To = later(now, from)
		}
		d.Paused += p.To.Sub(from)
		more += days(from, p.To)
		d.Due = t.add(a, at, d.Rule, more)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// hours is the length of a term in hours.
func (r Rule) hours() time.Duration {
	return time.Duration(r.Length * float64(time.Hour)).Round(time.Second)
}

// add gives the end of a rule's length after a moment, with so many days more.
func (t Terms) add(a *Appeal, at time.Time, r Rule, more int) time.Time {
	c := t.calendar(a.Municipality)
	switch r.Unit {
	case UnitWorkHours:
		return c.AddWork(at, r.hours())
	case UnitHours:
		return at.Add(r.hours())
	case UnitWorkDays:
		return c.AddWorkDays(at, int(r.Length)+more)
	case UnitDays:
		return c.endOfDays(DayOf(at), Day(r.Length)+Day(more), r.OffDay, at.Location())
	}
	return time.Time{}
}

// endOfDays is the last second of the n-th day after the first, or of the nearest
// work day where the rule lets no term end on a day off; the one before only where
// it is after the first.
func (c *Calendar) endOfDays(first, n Day, off OffDay, zone *time.Location) time.Time {
	day := first + n
	if off == OffDayBefore {
		for day > first && c.Kind(day) == DayOff {
			day--
		}
		if day == first {
			day, off = first+n, OffDayAfter
		}
	}
	for walked := 0; off == OffDayAfter && c.Kind(day) == DayOff; walked++ {
		if walked == farthest {
			return time.Time{}
		}
		day++
	}
	return (day + 1).In(zone).Add(-time.Second)
}

// pauses finds the stretches the appeal spent in one of the statuses; an open
// one has a zero end.
func pauses(round []Event, in []Status) []Pause {
	var out []Pause
	if len(in) == 0 {
		return nil
	}
	for _, e := range round {
		s := statusAfter(e.Type)
		if s == "" || e.At.IsZero() {
			continue
		}
		standing := slices.Contains(in, s)
		open := len(out) > 0 && out[len(out)-1].To.IsZero()
		switch {
		case standing && !open:
			out = append(out, Pause{From: e.At, Status: s})
		case !standing && open:
			out[len(out)-1].To = e.At
		}
	}
	return out
}
