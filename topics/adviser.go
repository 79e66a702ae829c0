package topics

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"otklik/app"
)

// learnMost is from how many appeals is learnt, the latest ones: what people wrote
// about years ago says little of today.
const learnMost = 50_000

// Pauses of the background work. The first minute after a start belongs to the
// person; while there is nothing to learn from it may come any time, as a first load.
const (
	firstLook = time.Minute
	nextLook  = 10 * time.Minute
)

// freshShare of the appeals have to have a new topic for learning anew to be worth
// its while.
const freshShare = 0.02

// Adviser finds topics by words and learns what appeals look like. Its methods may be
// called from any goroutine.
type Adviser struct {
	model atomic.Pointer[Model]

	mu     sync.Mutex
	finder *Finder
	region *app.Region // the finder is of
}

// Find implements app.Adviser.
func (a *Adviser) Find(region *app.Region, words string) []app.TopicHit {
	a.mu.Lock()
	if a.region != region {
		a.finder, a.region = NewFinder(region), region
	}
	finder := a.finder
	a.mu.Unlock()
	return finder.Find(words)
}

// Suggest implements app.Adviser.
func (a *Adviser) Suggest(appeal *app.Appeal) []app.Suggestion {
	if m := a.model.Load(); m != nil {
		return m.Suggest(TextOf(appeal))
	}
	return nil
}

// TextOf is what a topic is told by: what the citizen wrote, not the place or person.
func TextOf(a *app.Appeal) string { return a.Title + "\n" + a.Text }

// Follow learns from the classified appeals of the desk now and again, until the
// context ends. Nothing that goes wrong here stands in a person's way: it is tried
// again.
func (a *Adviser) Follow(ctx context.Context, desk *app.Desk) {
	var learnt []app.Classified
	wait := firstLook
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = firstLook
		now, err := desk.Classified(learnMost)
		if err != nil {
			continue // appeals are shut away, or the like
		}
		if fresh(learnt, now) > freshShare*float64(len(now)) {
			if a.Learn(ctx, desk, now) != nil {
				continue
			}
			learnt = now
		}
		if a.model.Load() != nil {
			wait = nextLook
		}
	}
}

// fresh is how many appeals have another topic than they had, both in the order of
// records.
func fresh(before, now []app.Classified) (n float64) {
	for _, c := range now {
		for len(before) > 0 && before[0].Record < c.Record {
			before = before[1:]
		}
		if len(before) == 0 || before[0] != c {
			n++
		}
	}
	return n
}

// Learn learns from the given appeals of the desk.
func (a *Adviser) Learn(ctx context.Context, desk *app.Desk, from []app.Classified) error {
	x := NewExamples()
	for _, c := range from {
		if ctx.Err() != nil {
			return app.Fail(app.CodeCancelled)
		}
		appeal, err := desk.AppealAt(c.Record)
		if err != nil {
			return err
		}
		if !appeal.Forgotten {
			x.Add(c.TopicName, TextOf(appeal))
		}
	}
	m, err := x.Learn(ctx)
	if err != nil {
		return err
	}
	a.model.Store(m)
	return nil
}
