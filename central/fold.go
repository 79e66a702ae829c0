package central

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"otklik/app"
)

// enter puts a change at the end of the feed, after what it does to the kept
// state.
func enter(tx Tx, c *app.Change) error {
	head, err := tx.Head()
	if err != nil {
		return err
	}
	c.Seq = head + 1
	reach := Reach{Author: TagOf(c.Dev), Before: TagNobody, After: TagNobody}
	if err := fold(tx, c, &reach); err != nil {
		return fmt.Errorf("fold %s: %w", c.Kind, err)
	}
	if err := tx.Append(c, reach); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if !reach.moves() {
		return nil
	}
	line, err := entered(tx, c)
	if err != nil {
		return err
	}
	return tx.PutEntered(c.Seq, line)
}

// fold writes what a change of the feed does to the kept state, and finds out
// whom it is a matter of. The state is nothing but the fold of the feed, here as
// on every workstation.
func fold(tx Tx, c *app.Change, reach *Reach) error {
	if c.Verdict == app.VerdictConflict {
		return foldBody(c, func(k app.Conflict) error {
			a, ok, err := tx.Appeal(c.Ent)
			if ok {
				reach.Before = TagOf(a.Municipality)
				reach.After = reach.Before
			}
			return errors.Join(err, tx.PutConflict(k))
		})
	}
	if c.Verdict != app.VerdictApplied {
		return nil
	}
	switch c.Kind {
	case app.OpCreate:
		return foldBody(c, func(a app.Appeal) error {
			reach.Before, reach.After = TagNowhere, TagOf(a.Municipality)
			if err := raiseNumber(tx, a.Number); err != nil {
				return err
			}
			return tx.PutAppeal(&a)
		})
	case app.OpEvent:
		return foldBody(c, func(e app.Event) error {
			return foldAppeal(tx, c.Ent, reach, func(a *app.Appeal) {
				a.Apply(e)
				if r := a.Registers.Of(e.Type); r != nil {
					*r = app.Revision{Seq: c.Seq, Dev: c.Dev, Inc: c.Inc, At: c.At}
				}
			})
		})
	case app.OpAmend:
		return foldBody(c, func(m app.Amendment) error {
			return foldAppeal(tx, c.Ent, reach, func(a *app.Appeal) { a.Amend(m) })
		})
	case app.OpBack:
		return foldBody(c, func(b app.TakenBack) error {
			return foldAppeal(tx, c.Ent, reach, func(a *app.Appeal) { a.TakeBack(b) })
		})
	case app.OpPage:
		reach.Before, reach.After = TagEveryone, TagEveryone
		return foldBody(c, tx.PutPage)
	case app.OpTable:
		reach.Before, reach.After = TagEveryone, TagEveryone
		return foldBody(c, tx.PutTable)
	case app.OpCount:
		reach.Before, reach.After = TagEveryone, TagEveryone
		return foldBody(c, func(n app.Counters) error { return foldCounters(tx, n) })
	case app.OpResolve:
		return foldBody(c, func(r app.Resolution) error { return foldResolution(tx, c, reach, r) })
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

func foldAppeal(tx Tx, id string, reach *Reach, f func(*app.Appeal)) error {
	a, ok, err := tx.Appeal(id)
	if err != nil {
		return err
	}
	if !ok {
		return app.Fail(app.CodeNotFound, id)
	}
	was := a.Municipality
	f(a)
	reach.Before = TagOf(was)
	if reach.After = reach.Before; a.Municipality != was {
		reach.After = TagOf(a.Municipality)
	}
	return tx.PutAppeal(a)
}

func foldCounters(tx Tx, fresh app.Counters) error {
	day, ok, err := tx.Counters(fresh.Day)
	if err != nil {
		return err
	}
	if !ok || day.Counts == nil {
		day = app.Counters{Day: fresh.Day, Counts: map[string]uint32{}}
	}
	day.Merge(fresh)
	return tx.PutCounters(day)
}

func foldResolution(tx Tx, c *app.Change, reach *Reach, r app.Resolution) error {
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
	return foldAppeal(tx, c.Ent, reach, func(a *app.Appeal) {
		if r.Choice != app.ChoiceDrop {
			a.Apply(r.Event)
		}
	})
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
