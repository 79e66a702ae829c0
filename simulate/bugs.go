package simulate

import (
	"cmp"
	"slices"
	"time"

	"otklik/app"
	"otklik/sync/wire"
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
	StaleEpochAck     Bug = "an acknowledgement of another epoch is taken"
	AgeByWallClock    Bug = "age by the wall clock"
	WallClockBelieved Bug = "the wall clock of a station is taken for the server's time"
	NoScope           Bug = "server shows every device the whole region"
	NoGone            Bug = "what leaves the scope of a station stays there"
	GoneFeed          Bug = "change that moves an appeal is told as it is"
)

// Bugs lists them.
var Bugs = []Bug{
	NoDedupe, AckByCount, CursorBeforeData, SplitTransaction, DroppedConflict, VerdictWithoutSeq, NoEpoch, NoRequeue,
	StaleEpochAck, AgeByWallClock, WallClockBelieved, NoScope, NoGone, GoneFeed,
}

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

// Leaving is the store's, or what a planted bug makes of it.
func (d *disk) Leaving(after uint64, maxOps, maxBytes int, now time.Time) ([]app.Op, error) {
	ops, err := d.Store.Leaving(after, maxOps, maxBytes, now)
	if d.s.w.run.Bug == WallClockBelieved {
		for i := range ops {
			wall := ops[i].Made.Wall
			ops[i].Made = app.Stamp{Instant: app.Instant{Wall: wall}, Server: wall}
		}
	}
	return ops, err
}

// acknowledged takes the verdicts of an answer to a push where they are of another
// epoch than this station's.
func (d *disk) acknowledged(answer []byte) {
	cursor, err := d.Cursor()
	must(err)
	r, err := app.Decode[wire.PushReply](answer)
	if err != nil || cursor == "" || epochOf(r.Page.Next) == epochOf(cursor) {
		return // an answer to a pull, or of this epoch
	}
	for _, v := range r.Verdicts {
		if v.Seq > 0 {
			must(d.Settle(v.ID, app.Change{Seq: v.Seq, Verdict: cmp.Or(v.First, v.Verdict), Reason: v.Reason}, d.s.w.now))
		}
	}
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
