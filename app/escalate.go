package app

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// The program marks a term that has passed a threshold. Marks older than
// markedWithin are not made: the workstation was not there, or the appeal came with
// a term long over, and nobody could act on them.
const (
	markedWithin = 24 * time.Hour
	soonestMost  = 20_000 // open appeals that are watched, those that are due first
	readMost     = 500    // appeals read in one turn
)

// Soon is an open appeal and when it is due.
type Soon struct {
	Record uint64
	Due    int64 // Unix seconds
}

// watch remembers when the next threshold of an appeal passes, so that a turn reads
// none but those that are new or changed their term.
type watch struct {
	mu   sync.Mutex
	next map[uint64]passing
}

type passing struct {
	due int64     // the term it was reckoned for
	at  time.Time // zero: none is left
}

// Escalate marks the open appeals whose terms have passed a threshold, once each,
// and gives their number. The identifier of a mark follows from the appeal, its
// clock and the threshold: two workstations that see the same make the same mark.
// Without a connection nothing is marked: somebody else may have answered.
func (d *Desk) Escalate(ctx context.Context) (marked int, err error) {
	if x := d.Exchange(); x == nil || x.State().Link != LinkOnline {
		return 0, nil
	}
	now := d.now().UTC().Truncate(time.Millisecond)
	soonest, err := d.store.Soonest(now.Add(-markedWithin), soonestMost)
	if err != nil {
		return 0, err
	}
	d.watch.mu.Lock()
	defer d.watch.mu.Unlock()
	known := d.watch.next
	d.watch.next = make(map[uint64]passing, len(soonest))
	var ops []Op
	read := 0
	for _, s := range soonest {
		p, ok := known[s.Record]
		if ok = ok && p.due == s.Due; ok && (p.at.IsZero() || p.at.After(now)) || read == readMost {
			if ok {
				d.watch.next[s.Record] = p
			}
			continue
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		read++
		a, err := d.store.AppealAt(s.Record)
		if CodeOf(err) == CodeNotFound {
			continue // it has gone since
		}
		if err != nil {
			return 0, err
		}
		mark, next := d.Terms().mark(a, now)
		d.watch.next[s.Record] = passing{s.Due, next}
		if mark.Type != "" {
			ops = append(ops, Op{ID: mark.ID, Ent: a.ID, Kind: OpEvent, At: now, Schema: Schema, Payload: Encode(mark)})
		}
	}
	if len(ops) == 0 {
		return 0, nil
	}
	return len(ops), d.store.Perform(ops)
}

// mark gives the mark that is to be made now, without a type where none is, and
// when the next one will be. Of several thresholds that passed meanwhile the
// greatest tells all.
func (t Terms) mark(a *Appeal, now time.Time) (mark Event, next time.Time) {
	marked := a.Marked()
	for i, at := range t.Passings(a) {
		percent := Thresholds[i]
		switch {
		case at.IsZero() || percent <= marked:
		case at.After(now):
			if next.IsZero() {
				next = at
			}
		case now.Sub(at) <= markedWithin:
			mark = Event{
				ID: markID(a, percent), Type: EventEscalated, Percent: percent, At: at.UTC().Truncate(time.Millisecond),
			}
		}
	}
	return mark, next
}

// markID names the mark of a threshold: each reopening and each interim answer has
// begun another clock.
func markID(a *Appeal, percent int) string {
	clocks := 0
	for _, e := range a.Events {
		if e.Type == EventReopened || e.Type == EventInterim {
			clocks++
		}
	}
	return IDFrom("escalated", a.ID, strconv.Itoa(clocks), strconv.Itoa(percent))
}
