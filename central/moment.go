package central

import (
	"encoding/json"
	"time"

	"otklik/app"
)

// oldestAge is the most an operation may have waited; an older one says only
// that a clock was never set.
const oldestAge = 10 * 366 * 24 * time.Hour

// moment is when something happened, as far as it can be known: at is the best
// guess, and the truth is not before low and not after high.
type moment struct{ at, low, high time.Time }

// off is the most the guess may be wrong.
func (m moment) off() time.Duration { return max(m.at.Sub(m.low), m.high.Sub(m.at)) }

// age is what the workstation says of the operation's age; 0 is none.
func (j *judge) age() time.Duration {
	if j.op.AgeMS < 0 || j.op.AgeMS > oldestAge.Milliseconds() {
		return 0
	}
	return time.Duration(j.op.AgeMS) * time.Millisecond
}

// wall is what the clock of the workstation said; ok is false where that is no
// date at all.
func (j *judge) wall() (at time.Time, ok bool) {
	at = j.op.At.UTC().Truncate(time.Millisecond)
	return at, at.Year() > 0 && at.Year() < 10_000 && !at.IsZero()
}

// occurred says when the operation was made: its age before it came, but not
// before the fact that its author has seen and not after it came.
func (j *judge) occurred(seen time.Time) moment {
	guess := j.now.Add(-j.age())
	m := moment{low: guess.Add(-j.age()), high: j.now} // nobody vouches for anything
	wall, known := j.wall()
	switch {
	case j.op.OffMS > 0 && j.op.OffMS < oldestAge.Milliseconds():
		off := time.Duration(j.op.OffMS) * time.Millisecond
		m = moment{low: guess.Add(-off - j.underway()), high: guess.Add(off)}
	case !j.op.After.IsZero():
		m.low = j.op.After
	case j.op.AgeMS == 0 && known:
		doubt := j.now.Sub(wall).Abs()
		if wall.Before(j.now) && doubt < oldestAge {
			guess = wall
		}
		m.low = guess.Add(-doubt)
	}
	m.low = latest(m.low, j.now.Add(-oldestAge))
	if m.high = earliest(m.high, j.now); seen.After(m.high) {
		// The fact goes before what the workstation says; one of them is wrong.
		guess, m.high = seen, earliest(seen, j.now)
	} else {
		m.low = latest(m.low, seen)
	}
	m.low = earliest(m.low, m.high)
	m.at = earliest(latest(guess, m.low), m.high)
	return m
}

// underway is how long the request may have been on its way.
func (j *judge) underway() time.Duration {
	if j.sent.IsZero() {
		return 0
	}
	return max(j.now.Sub(j.sent), 0)
}

// seen is the time of the server at which the fact was accepted that the author
// of the operation had before them; zero where it cannot be told.
func (j *judge) seen(r *app.Revision) (time.Time, error) {
	switch {
	case r == nil || j.op.Base == 0:
		return time.Time{}, nil
	case r.Seq == j.op.Base && !r.At.IsZero():
		return r.At, nil
	}
	entries, err := j.tx.Feed(j.op.Base-1, 1, 1, nil)
	if err != nil || len(entries) == 0 || entries[0].Seq != j.op.Base {
		return time.Time{}, err // of a feed that was cut short since
	}
	var c struct{ At time.Time }
	return c.At, json.Unmarshal(entries[0].Line, &c)
}

// date writes the moment into an event, with what is known of it.
func (j *judge) date(e *app.Event, m moment) {
	e.At = m.at.UTC().Truncate(time.Millisecond)
	e.Timing = app.Timing{AgeMS: j.age().Milliseconds(), OffMS: m.off().Milliseconds() + 2} // what is cut off here
	if wall, ok := j.wall(); ok {
		e.Timing.Wall = wall
	}
}

// undated takes out of a payload what only the server writes.
func undated(events []app.Event) {
	for i := range events {
		events[i].Timing = app.Timing{}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
