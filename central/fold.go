package central

import (
	"fmt"
	"strconv"
	"strings"

	"otklik/app"
)

// fold writes what a change of the feed does to the kept state. The state is
// nothing but the fold of the feed, here as on every workstation.
func fold(tx Tx, c *app.Change) error {
	if c.Verdict == app.VerdictConflict {
		return foldBody(c, tx.PutConflict)
	}
	if c.Verdict != app.VerdictApplied {
		return nil
	}
	switch c.Kind {
	case app.OpCreate:
		return foldBody(c, func(a app.Appeal) error {
			if err := raiseNumber(tx, a.Number); err != nil {
				return err
			}
			return tx.PutAppeal(&a)
		})
	case app.OpEvent:
		return foldBody(c, func(e app.Event) error {
			return foldAppeal(tx, c.Ent, func(a *app.Appeal) {
				a.Apply(e)
				if r := a.Registers.Of(e.Type); r != nil {
					*r = app.Revision{Seq: c.Seq, Dev: c.Dev, Inc: c.Inc, At: c.At}
				}
			})
		})
	case app.OpAmend:
		return foldBody(c, func(m app.Amendment) error {
			return foldAppeal(tx, c.Ent, func(a *app.Appeal) { a.Amend(m) })
		})
	case app.OpPage:
		return foldBody(c, tx.PutPage)
	case app.OpCount:
		return foldBody(c, func(n app.Counters) error { return foldCounters(tx, n) })
	case app.OpResolve:
		return foldBody(c, func(r app.Resolution) error { return foldResolution(tx, c, r) })
	}
	return nil
}

func foldBody[T any](c *app.Change, f func(T) error) error {
	v, err := app.Decode[T](c.Body)
	if err != nil {
		return fmt.Errorf("body of change %d: %w", c.Seq, err)
	}
	return f(v)
}

func foldAppeal(tx Tx, id string, f func(*app.Appeal)) error {
	a, ok, err := tx.Appeal(id)
	if err != nil {
		return err
	}
	if !ok {
		return app.Fail(app.CodeNotFound, id)
	}
	f(a)
	return tx.PutAppeal(a)
}

func foldCounters(tx Tx, fresh app.Counters) error {
	day, ok, err := tx.Counters(fresh.Day)
	if err != nil {
		return err
	}
	if !ok || day.Counts == nil {
		return tx.PutCounters(fresh)
	}
	for page, n := range fresh.Counts {
		day.Counts[page] = n
	}
	return tx.PutCounters(day)
}

func foldResolution(tx Tx, c *app.Change, r app.Resolution) error {
	k, ok, err := tx.Conflict(c.Ent, r.Conflict)
	if err != nil {
		return err
	}
	if !ok {
		return app.Fail(app.CodeNotFound, r.Conflict)
	}
	k.Choice, k.Settled = r.Choice, c.At
	if err := tx.PutConflict(k); err != nil {
		return err
	}
	if r.Choice == app.ChoiceDrop {
		return nil
	}
	return foldAppeal(tx, c.Ent, func(a *app.Appeal) { a.Apply(r.Event) })
}

// raiseNumber moves the count of the year on where the number is one of ours.
// Only the next one counts: a number made up elsewhere must not eat up a year.
func raiseNumber(tx Tx, number string) error {
	y, n, ok := strings.Cut(number, "-")
	year, err := strconv.Atoi(y)
	if !ok || err != nil || len(y) != 4 || len(n) < 6 {
		return nil
	}
	count, err := strconv.ParseUint(n, 10, 63)
	if err != nil {
		return nil
	}
	last, err := tx.Number(year)
	if err != nil || count != last+1 {
		return err
	}
	return tx.PutNumber(year, count)
}
