package channel

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"

	"otklik/app"
	"otklik/central"
)

// Daily says when pages are counted.
type Daily struct {
	At   app.TimeOfDay  // from this time of the day on, once
	Zone *time.Location // whose day it is
	Done func(Tally)    // told of every count; nil: nobody is
}

// Tally is what a count of a day has brought, by the names of the lines that count.
type Tally struct {
	Day     app.Day   `json:"day"`
	At      time.Time `json:"at"`
	Counted int       `json:"counted"`
	// Lines have counted pages, gaps, which are pages that were asked for and not counted,
	// and those of the counted ones whose posts of a week are known.
	Lines map[string]LineTally `json:"lines"`
	// Nobody is how many pages are on networks that no line counts.
	Nobody int `json:"nobody"`
}

// LineTally is what one line has counted.
type LineTally struct {
	Counted int `json:"counted"`
	Gaps    int `json:"gaps"`
	Posts   int `json:"posts"`
}

// countEvery is how often somebody looks whether it is time to count. Short steps
// instead of one long sleep: clocks are set, machines are suspended.
const countEvery = time.Minute

// countLease is how long a count may take: one that was begun longer ago was cut off,
// and is begun again.
const countLease = time.Hour

// countID is the one thing on shelfCount.
const countID = "last"

// counting is the latest count that was begun.
type counting struct {
	Day   app.Day   `json:"day"`
	Begun time.Time `json:"begun"`
	Done  bool      `json:"done"`
}

// ErrCounting says that a count is under way, here or on another node.
var ErrCounting = errors.New("pages are being counted just now")

// countDaily counts when it is time, until the context ends.
func (h *Hub) countDaily(ctx context.Context) {
	next := time.NewTicker(countEvery)
	defer next.Stop()
	for {
		if _, _, err := h.CountDue(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, ErrCounting) {
			h.opts.Log.Error("channel", "work", "count", "err", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
	}
}

// CountDue counts pages where the hour has come and nobody has counted them today.
func (h *Hub) CountDue(ctx context.Context) (t Tally, done bool, err error) {
	d := h.opts.Daily
	now := h.opts.Now().In(d.Zone)
	y, m, day := now.Date()
	// An hour that a change of clocks leaves out is the one it is moved to; one that
	// comes twice is of one day still.
	if now.Before(time.Date(y, m, day, int(d.At)/60, int(d.At)%60, 0, 0, d.Zone)) {
		return t, false, nil
	}
	var last counting
	err = h.storage.View(ctx, func(tx central.Reader) (err error) {
		last, _, err = item[counting](tx, shelfCount, countID)
		return err
	})
	if err != nil || last.Done && last.Day == app.DayOf(now) {
		return t, false, err
	}
	return h.count(ctx, false)
}

// CountNow counts pages whatever the hour and whatever was counted today; of two
// counts of a page the later one stands. Errors: ErrCounting.
func (h *Hub) CountNow(ctx context.Context) (Tally, error) {
	t, _, err := h.count(ctx, true)
	return t, err
}

func (h *Hub) count(ctx context.Context, again bool) (t Tally, done bool, err error) {
	c, ok, err := h.beginCount(ctx, again)
	if err != nil || !ok {
		return t, false, err
	}
	kept := false
	defer func() {
		if !kept { // it may be begun again at once
			err = errors.Join(err, h.storage.Update(context.WithoutCancel(ctx), func(tx central.Tx) error {
				return tx.DropItem(shelfCount, countID)
			}))
		}
	}()
	pages, err := h.pages(ctx)
	if err != nil {
		return t, false, err
	}
	t = Tally{Day: c.Day, At: c.Begun, Lines: map[string]LineTally{}}
	found := map[string]Counted{}
	for _, name := range slices.Sorted(maps.Keys(h.lines)) {
		l := h.lines[name]
		counter, is := l.Platform.(Counter)
		mine := pages[l.Platform.Source()]
		if !is {
			continue
		}
		delete(pages, l.Platform.Source()) // of two lines on a network one counts
		told := h.askAll(ctx, l, counter, mine)
		if ctx.Err() != nil {
			return t, false, ctx.Err()
		}
		maps.Copy(found, told)
		posts := 0
		for _, c := range told {
			if c.PostsWeek != nil {
				posts++
			}
		}
		t.Lines[name] = LineTally{Counted: len(told), Gaps: len(mine) - len(told), Posts: posts}
	}
	for _, left := range pages {
		t.Nobody += len(left)
	}
	t.Counted = len(found)
	if err := h.keepCount(ctx, c, found); err != nil {
		return t, false, err
	}
	kept = true
	h.opts.Log.Info("pages counted", "day", t.Day.String(), "counted", t.Counted, "lines", t.Lines, "nobody", t.Nobody)
	if d := h.opts.Daily; d != nil && d.Done != nil {
		d.Done(t)
	}
	return t, true, nil
}

// beginCount takes the count of the day, in a transaction: of two nodes one counts.
func (h *Hub) beginCount(ctx context.Context, again bool) (c counting, ok bool, err error) {
	zone := time.UTC
	if h.opts.Daily != nil {
		zone = h.opts.Daily.Zone
	}
	err = h.storage.Update(ctx, func(tx central.Tx) error {
		ok = false
		now := h.opts.Now()
		last, known, err := item[counting](tx, shelfCount, countID)
		if err != nil {
			return err
		}
		c = counting{Day: app.DayOf(now.In(zone)), Begun: now.UTC()}
		switch {
		case known && !last.Done && now.Sub(last.Begun) < countLease:
			return ErrCounting
		case known && last.Done && last.Day == c.Day && !again:
			return nil
		}
		ok = true
		return putItem(tx, shelfCount, countID, c)
	})
	return c, ok, err
}

// Bounds of asking: how long one call takes, how often it is made, and after how many
// calls in vain a line is given up for the day.
const (
	countTime  = time.Minute
	countTries = 3
	countVain  = 16
)

// asking is a line that is asked for its pages.
type asking struct {
	hub     *Hub
	line    *Line
	counter Counter
	limit   *rate.Limiter
	vain    int // calls in a row that brought nothing
	found   map[string]Counted
}

// askAll gives what the line tells of the pages. One it does not tell of is a gap.
func (h *Hub) askAll(ctx context.Context, l *Line, c Counter, pages []app.Page) map[string]Counted {
	limit := l.Counts
	if limit == 0 {
		limit = 1
	}
	a := &asking{hub: h, line: l, counter: c, limit: rate.NewLimiter(limit, 1), found: map[string]Counted{}}
	for some := range slices.Chunk(pages, max(1, c.Batch())) {
		a.ask(ctx, some)
	}
	return a.found
}

// ask asks for pages in one call; where that fails for good, in halves, so that a page
// the platform chokes on is a gap alone.
func (a *asking) ask(ctx context.Context, pages []app.Page) {
	if a.vain >= countVain || ctx.Err() != nil {
		return
	}
	told, err := backoff.Retry(ctx, func() (map[string]Counted, error) { return a.call(ctx, pages) },
		backoff.WithMaxTries(countTries))
	if err == nil {
		a.vain = 0
		for _, p := range pages {
			if c, ok := told[p.ID]; ok && c.Subscribers != app.Missing {
				a.found[p.ID] = c
			}
		}
		return
	}
	a.vain++
	if r := (*Refused)(nil); errors.As(err, &r) && r.Reason == ReasonAccess {
		a.vain = countVain // no page would fare better
	}
	if ctx.Err() == nil {
		a.hub.opts.Log.Warn("channel", "line", a.line.Name, "work", "count", "pages", len(pages), "err", withoutAddress(err).Error())
	}
	if half := len(pages) / 2; half > 0 {
		a.ask(ctx, pages[:half])
		a.ask(ctx, pages[half:])
	}
}

func (a *asking) call(ctx context.Context, pages []app.Page) (map[string]Counted, error) {
	if err := a.limit.Wait(ctx); err != nil {
		return nil, backoff.Permanent(err)
	}
	ctx, cancel := context.WithTimeout(ctx, countTime)
	defer cancel()
	told, err := a.counter.Count(ctx, pages)
	var later *Wait
	var never *Refused
	switch {
	case errors.As(err, &later):
		return nil, &backoff.RetryAfterError{Duration: later.For}
	case errors.As(err, &never):
		return nil, backoff.Permanent(err)
	}
	return told, err
}
