package app

import (
	"context"
	"slices"
)

// What a person did can be undone: withdrawn, where nobody else can know of it yet,
// or answered by an event that leads back, where the table of transitions has one.
// An event that only looks like a way back is none: reopening starts a clock anew,
// and a clarification that was never given would be a lie in the history.

// deedsKept is how many gestures can be undone one after the other, and stepsKept of
// how many appeals together: what they stand for is kept in memory.
const (
	deedsKept = 20
	stepsKept = ListLimit
)

// deed is what a person did in one gesture, to one appeal or to many.
type deed struct {
	steps []step
	final OpKind // of what cannot be undone, "" otherwise
}

// step is what a deed did to one appeal.
type step struct {
	appeal string
	acts   []act
	before standing
	after  Status
	draft  Draft // what was typed for it
}

// act is one event of a step, as far as it matters to a way back.
type act struct {
	op            string // ID of the operation, and of the event
	what          EventType
	target, group string
	severity      Severity
}

// standing is what a way back leads to.
type standing struct {
	status                                       Status
	group, topic, municipality, assignee, parent string
	severity                                     Severity
}

func standingOf(a *Appeal) standing {
	return standing{a.Status, a.Group, a.Topic, a.Municipality, a.Assignee, a.Parent, a.Severity}
}

// Withdrawal names the operations of one gesture about one record, to be taken back.
type Withdrawal struct {
	Record string   // as in Op.Ent
	Ops    []string // IDs
	// Draft is what was typed for them, to be typed on.
	Draft Draft
}

// typed gives the words of the events that a person would not want to lose with
// them.
func typed(events []Event) (d Draft) {
	for _, e := range events {
		switch e.Type {
		case EventAnswered, EventSubmitted, EventInterim:
			d.Answer = e.Text
		case EventNote:
			d.Note = e.Text
		}
	}
	return d
}

// did remembers a deed.
func (d *Desk) did(one *deed) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.deeds); n > 0 && one.final != "" && d.deeds[n-1].final == one.final {
		return // one says as much as many
	}
	d.deeds = append(d.deeds, one)
	all := 0
	for i, old := range slices.Backward(d.deeds) {
		if all += len(old.steps); len(d.deeds)-i > deedsKept || all > stepsKept && i < len(d.deeds)-1 {
			d.deeds = slices.Delete(d.deeds, 0, i+1)
			return
		}
	}
}

func (d *Desk) lastDeed() *deed {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.deeds) == 0 {
		return nil
	}
	return d.deeds[len(d.deeds)-1]
}

// MayUndo says whether there is a deed that can be undone, as far as can be said
// without trying: on line nearly everything has been sent at once.
func (d *Desk) MayUndo() bool {
	last := d.lastDeed()
	if last == nil || last.final != "" {
		return false
	}
	if d.Exchange() == nil || d.Exchange().State().Link != LinkOnline {
		return true
	}
	return slices.ContainsFunc(last.steps, func(s step) bool {
		return !slices.ContainsFunc(s.acts, func(a act) bool { return !leadsBack[a.what] })
	})
}

// Undo undoes the last deed of this person at this workstation, as far as it can
// be: what is refused is named in the report. It can be stopped between
// transactions; what is left is undone by another Undo. A deed of which nothing can
// be undone stays the last one. Errors beside those of the store:
// CodeNothingToUndo, CodeNoUndo.
func (d *Desk) Undo(ctx context.Context, progress func(done, of int)) (ManyReport, error) {
	last := d.lastDeed()
	if last == nil {
		return ManyReport{}, Fail(CodeNothingToUndo)
	}
	if last.final != "" {
		return ManyReport{}, Fail(CodeNoUndo, last.final)
	}
	r := ManyReport{Asked: len(last.steps), Events: eventsOf(last.steps)}
	left := last.steps
	var err error
	for len(left) > 0 && err == nil && !r.Stopped {
		n := min(manyStep, len(left))
		if err = d.undo(&r, left[len(left)-n:]); err == nil {
			left = left[:len(left)-n]
			progress(r.Asked-len(left), r.Asked)
		}
		r.Stopped = len(left) > 0 && ctx.Err() != nil
	}
	if r.Done > 0 || r.Stopped {
		d.undone(last, left)
	}
	return r, err
}

// undone leaves of a deed the steps that are to be undone yet.
func (d *Desk) undone(one *deed, left []step) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.Index(d.deeds, one)
	switch {
	case i < 0:
	case len(left) == 0:
		d.deeds = slices.Delete(d.deeds, i, i+1)
	default:
		d.deeds[i] = &deed{steps: left}
	}
}

// undo withdraws what can be withdrawn of the steps, and leads back from the rest.
func (d *Desk) undo(r *ManyReport, steps []step) error {
	all := make([]Withdrawal, len(steps))
	for i, s := range steps {
		all[i] = Withdrawal{Record: s.appeal, Draft: s.draft}
		for _, a := range s.acts {
			all[i].Ops = append(all[i].Ops, a.op)
		}
	}
	withdrawn, err := d.store.Withdraw(all, d.now())
	if err != nil {
		return err
	}
	disputed, err := d.disputed()
	if err != nil {
		return err
	}
	var ops []Op
	answered := 0
	for i, s := range steps {
		if withdrawn[i] {
			r.Done++
			r.Withdrawn++
			continue
		}
		record, _ := d.store.Record(s.appeal)
		a, err := d.store.Appeal(s.appeal)
		if CodeOf(err) == CodeNotFound {
			r.refuse(record, "", err)
			continue
		}
		if err != nil {
			return err
		}
		events, err := s.back(a)
		var more []Op
		if err == nil {
			_, more, err = d.ask(a.Clone(), disputed[a.ID], events)
		}
		if err != nil {
			r.refuse(record, a.Number, err)
			continue
		}
		ops = append(ops, more...)
		answered++
	}
	if len(ops) > 0 {
		if err := d.store.Perform(ops); err != nil {
			return err
		}
	}
	r.Done += answered
	return nil
}

// leadsBack are the events that another event takes back.
var leadsBack = map[EventType]bool{
	EventAssigned: true, EventClassified: true, EventPlaced: true, EventGraded: true, EventMerged: true, EventUnmerged: true,
}

// back gives the events that lead the appeal back to where it stood before the
// step. CodeUndoSent: there is no way back; CodeUndoChanged: somebody has gone on
// from there.
func (s *step) back(a *Appeal) ([]Event, error) {
	var events []Event
	to := a.Clone()
	for _, one := range slices.Backward(s.acts) {
		var e Event
		stands := true
		switch one.what {
		case EventAssigned:
			e, stands = Event{Type: EventAssigned, Target: s.before.assignee}, to.Assignee == one.target
		case EventClassified:
			if s.before.group == "" {
				return nil, Fail(CodeUndoSent, one.what)
			}
			e = Event{Type: EventClassified, Group: s.before.group, Target: s.before.topic}
			stands = to.Group == one.group && to.Topic == one.target
		case EventPlaced:
			if s.before.municipality == "" {
				return nil, Fail(CodeUndoSent, one.what)
			}
			e, stands = Event{Type: EventPlaced, Target: s.before.municipality}, to.Municipality == one.target
		case EventGraded:
			e, stands = Event{Type: EventGraded, Severity: s.before.severity}, to.Severity == one.severity
		case EventMerged:
			e, stands = Event{Type: EventUnmerged}, to.Status == StatusMerged && to.Parent == one.target
		case EventUnmerged:
			e = Event{Type: EventMerged, Target: s.before.parent}
			stands = to.Status == s.after && to.Parent == ""
		default:
			return nil, Fail(CodeUndoSent, one.what)
		}
		if !stands {
			return nil, Fail(CodeUndoChanged, one.what)
		}
		moves := statusAfter(e.Type) != ""
		e.ID = "back " + one.op
		to.Apply(e)
		if moves && to.Status != s.before.status { // it leads elsewhere
			return nil, Fail(CodeUndoSent, one.what)
		}
		e.ID = ""
		events = append(events, e)
	}
	return events, nil
}
