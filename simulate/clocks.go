package simulate

import (
	"time"

	"otklik/app"
)

const year = 365 * 24 * time.Hour

// clocks are those of a station's machine.
type clocks struct {
	w *world

	// The wall clock was off by skew at the moment since, and gains as much of
	// every second after it.
	skew  time.Duration
	since time.Time
	gain  float64

	// The other clock runs from the start of the machine and nobody sets it.
	boot   string // "": the system does not tell it
	booted time.Time
	fast   float64 // gain of it
}

func newClocks(w *world) clocks {
	c := clocks{w: w, since: w.now, booted: w.now, fast: (w.rand.Float64() - 0.5) / 1500}
	if w.chance(0.85) {
		c.boot = w.newID()
	}
	return c
}

func (c *clocks) wall() time.Time {
	return c.w.now.Add(c.skew + time.Duration(float64(c.w.now.Sub(c.since))*c.gain)).Truncate(time.Microsecond)
}

// now reads the clocks, or what a planted bug takes for them.
func (c *clocks) now() app.Instant {
	i := app.Instant{Wall: c.wall()}
	if c.boot == "" {
		return i
	}
	up := c.w.now.Sub(c.booted)
	i.Up, i.Boot = up+time.Duration(float64(up)*c.fast), c.boot
	if c.w.run.Bug == AgeByWallClock {
		i.Up = i.Wall.Sub(firstMoment)
	}
	return i
}

// set sets the wall clock off by as much.
func (c *clocks) set(skew time.Duration, gain float64) {
	c.skew, c.since, c.gain = skew, c.w.now, gain
}

// wrongly draws how wrong a clock is set, or right again from wrong.
func (w *world) wrongly() time.Duration {
	return pick(w, []time.Duration{
		year, -year, 0, 3 * time.Hour, -3 * time.Hour, w.upTo(time.Minute), -w.upTo(time.Minute),
	})
}

func (w *world) wrongClock() {
	c := &pick(w, w.stations).clocks
	c.set(w.wrongly(), c.gain)
}

// drifting is a clock that is fast or slow by up to two minutes in a hundred.
func (w *world) drifting() {
	c := &pick(w, w.stations).clocks
	c.set(c.wall().Sub(w.now), (w.rand.Float64()-0.5)/25)
}

// rebooted starts a machine anew, perhaps with another time.
func (w *world) rebooted() {
	s := pick(w, w.stations)
	s.close()
	w.after(w.upTo(time.Hour), s.name+": the machine starts", func() {
		c := &s.clocks
		c.booted = w.now
		if c.boot != "" {
			c.boot = w.newID()
		}
		if w.chance(0.3) {
			c.set(w.wrongly(), c.gain)
		}
		s.start()
	})
}

// checkClocks asks that everything happened when it is said to have, give or
// take what is said, and that steps stand in the order they were taken.
func (w *world) checkClocks(feed []app.Change, st state) {
	last := map[string]time.Time{}
	for _, c := range feed {
		e, own := made(c)
		if !own {
			continue
		}
		w.checkMoment(c.Op, e)
		if c.Kind != app.OpEvent || c.Verdict != app.VerdictApplied {
			continue
		}
		if r := new(app.Registers); r.Of(e.Type) == &r.Status {
			if e.At.Before(last[c.Ent]) {
				w.violate("order", "%s stands before the step it follows, %s after it", c.Op, last[c.Ent].Sub(e.At))
			}
			last[c.Ent] = e.At
		}
	}
	for id, a := range st.appeals {
		w.checkResponse(id, a)
	}
}

// made gives the event of a change that a person made at a station; what a source
// tells happened when the source says.
func made(c app.Change) (e app.Event, own bool) {
	var err error
	switch {
	case c.Verdict == app.VerdictConflict:
		k, failed := app.Decode[app.Conflict](c.Body)
		e, own, err = k.Mine, true, failed
	case c.Verdict != app.VerdictApplied:
	case c.Kind == app.OpEvent:
		e, err = app.Decode[app.Event](c.Body)
		own = true
	case c.Kind == app.OpResolve:
		r, failed := app.Decode[app.Resolution](c.Body)
		e, own, err = r.Event, true, failed
	case c.Kind == app.OpCreate:
		a, failed := app.Decode[app.Appeal](c.Body)
		err = failed
		if len(a.Events) > 0 && a.Events[0].ID == c.Op {
			e, own = a.Events[0], true
		}
	}
	must(err)
	return e, own
}

func (w *world) checkMoment(op string, e app.Event) {
	least := time.Duration(1<<63 - 1)
	for _, truth := range w.issued[op] {
		least = min(least, e.At.Sub(truth).Abs())
	}
	if least > e.Off() {
		w.violate("clocks", "%s is wrong by %s and says %s", op, least, e.Off())
	}
}

// checkResponse asks that the response time is what it says it is.
func (w *world) checkResponse(id string, a *app.Appeal) {
	got, ok := a.FirstResponse()
	if !ok {
		return
	}
	start, _ := a.Start()
	reply, _ := a.Reply()
	truth := func(e app.Event) time.Time {
		if all := w.issued[e.ID]; len(all) == 1 && e.Timing != (app.Timing{}) {
			return all[0]
		}
		return e.At
	}
	if wrong := (got - truth(reply).Sub(truth(start))).Abs(); wrong > a.FirstResponseOff() {
		w.violate("clocks", "the response time of %s is wrong by %s and says %s", id, wrong, a.FirstResponseOff())
	}
}
