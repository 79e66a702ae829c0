package simulate

import (
	"slices"
	"time"

	"otklik/app"
)

// Bug is a mistake an exchange is easily made with. It is planted from outside:
// in the storage under the server or in the store under the engine, so that the
// code under test holds no trace of it.
type Bug string

// Planted bugs, each to be found by the simulation.
const (
	NoDedupe          Bug = "server judges a repeated operation again"
	AckByCount        Bug = "as many operations leave the outbox as there are verdicts"
	CursorBeforeData  Bug = "cursor stored before the data"
	SplitTransaction  Bug = "operation leaves the outbox in another transaction than its change"
	DroppedConflict   Bug = "conflict taken for done"
	VerdictWithoutSeq Bug = "verdict without a place in the feed"
	NoEpoch           Bug = "a restored server keeps its epoch"
	NoRequeue         Bug = "what a restored server has lost is not sent again"
	NoScope           Bug = "server shows every device the whole region"
	NoGone            Bug = "what leaves the scope of a station stays there"
	GoneFeed          Bug = "change that moves an appeal is told as it is"
)

// Bugs lists them.
var Bugs = []Bug{NoDedupe, AckByCount, CursorBeforeData, SplitTransaction, DroppedConflict, VerdictWithoutSeq, NoEpoch, NoRequeue, NoScope, NoGone, GoneFeed}

// apply is the store's ApplyChanges, or what a planted bug makes of it.
func (d *disk) apply(page app.FeedPage, received time.Time) error {
	write := func(changes []app.Change, next string, noted func()) error {
		one := app.FeedPage{Changes: changes, Next: next, Safe: page.Safe}
		return d.commit(func() error { return d.Store.ApplyChanges(one, received) }, noted)
	}
	changes, next := page.Changes, page.Next
	switch d.s.w.run.Bug {
	case CursorBeforeData:
		if err := write(nil, next, nil); err != nil {
			return err
		}
	case SplitTransaction:
		cursor, err := d.Cursor()
		if err != nil {
			return err
		}
		if left := d.leaving(changes); len(left) > 0 {
			if err := write(left, cursor, nil); err != nil {
				return err
			}
		}
	case AckByCount:
		var err error
		if changes, err = d.countedOff(changes); err != nil {
			return err
		}
	case NoGone:
		changes = slices.DeleteFunc(slices.Clone(changes), func(c app.Change) bool { return c.Kind == app.ChangeGone && c.Op == "" })
	case DroppedConflict:
		changes = slices.Clone(changes)
		for i := range changes {
			if c := &changes[i]; c.Verdict == app.VerdictConflict {
				c.Verdict, c.Body = app.VerdictSuperseded, nil
			}
		}
	}
	return write(changes, next, func() { d.seen(page.Changes, next) })
}

// leaving gives the verdicts on this station's operations without what they
// change.
func (d *disk) leaving(changes []app.Change) (left []app.Change) {
	for _, c := range changes {
		if c.Dev == d.s.device.ID && c.Kind != app.OpResolve {
			c.Verdict, c.Body = app.VerdictSuperseded, nil
			left = append(left, c)
		}
	}
	return left
}

// countedOff names, in the place of each of this station's own operations, the
// one that stands there in the outbox.
func (d *disk) countedOff(changes []app.Change) ([]app.Change, error) {
	waiting, err := d.waiting()
	if err != nil {
		return nil, err
	}
	changes = slices.Clone(changes)
	for i := range changes {
		if c := &changes[i]; c.Dev == d.s.device.ID && len(waiting) > 0 {
			c.Op, waiting = waiting[0].ID, waiting[1:]
		}
	}
	return changes, nil
}
