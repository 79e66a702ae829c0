package app

import "time"

// rounds cuts the history at each reopening: every round has a clock of its
// own, and the clocks of earlier rounds stay as they were.
func (a *Appeal) rounds() [][]Event {
	var out [][]Event
	from := 0
	for i, e := range a.Events {
		if e.Type == EventReopened {
			out = append(out, a.Events[from:i])
			from = i
		}
	}
	return append(out, a.Events[from:])
}

// round is the current one.
func (a *Appeal) round() []Event {
	r := a.rounds()
	return r[len(r)-1]
}

// clock is the part of the round since the clock in force began: an interim answer
// starts another one.
func (a *Appeal) clock() []Event {
	r := a.round()
	for i := len(r) - 1; i >= 0; i-- {
		if r[i].Type == EventInterim {
			return r[i:]
		}
	}
	return r
}

// Thresholds are the percents of a term at which it is marked.
var Thresholds = []int{50, 80, 100}

// Marked is the greatest threshold that is marked on the clock in force, 0 where
// none is.
func (a *Appeal) Marked() int {
	most := 0
	for _, e := range a.clock() {
		if e.Type == EventEscalated {
			most = max(most, e.Percent)
		}
	}
	return most
}

// Start gives the event that the response time is counted from: the moment the
// citizen wrote where it is known, otherwise the moment the centre learnt of it.
func (a *Appeal) Start() (Event, bool) {
	for _, t := range []EventType{EventPublished, EventDetected, EventRegistered} {
		if e, ok := firstOf(a.Events, t); ok && !e.At.IsZero() {
			return e, true
		}
	}
	return Event{}, false
}

// Reply gives the first answer a person gave, interim or final. A bot's
// automatic reply is not one.
func (a *Appeal) Reply() (Event, bool) {
	return firstOf(a.Events, EventInterim, EventAnswered)
}

// FirstResponse is the calendar time from Start to Reply; ok is false while
// there is no reply or the moments are not known.
func (a *Appeal) FirstResponse() (d time.Duration, ok bool) {
	start, has := a.Start()
	reply, replied := a.Reply()
	if !has || !replied || reply.At.IsZero() || reply.At.Before(start.At) {
		return 0, false
	}
	return reply.At.Sub(start.At), true
}

// FirstResponseOff is the most the time that FirstResponse gives may be off.
func (a *Appeal) FirstResponseOff() time.Duration {
	start, _ := a.Start()
	reply, _ := a.Reply()
	return start.Off() + reply.Off()
}

// OffMatters says whether a time is to be shown with what it may be off: from a
// minute on, the least that is shown, and from a twentieth of the time itself.
func OffMatters(d, off time.Duration) bool { return off >= time.Minute && off*20 >= d }

// Resolution is the calendar time from Start to the first closing.
func (a *Appeal) Resolution() (d time.Duration, ok bool) {
	start, has := a.Start()
	closed, is := firstOf(a.Events, EventClosed)
	if !has || !is || closed.At.IsZero() || closed.At.Before(start.At) {
		return 0, false
	}
	return closed.At.Sub(start.At), true
}

// AwaitsReply says whether the next step is the first answer of the current
// clock.
func (a *Appeal) AwaitsReply() bool {
	if !a.Status.NeedsAnswer() {
		return false
	}
	_, replied := firstOf(a.round(), EventInterim, EventAnswered)
	return !replied
}

// Ended gives the event that ended the appeal: it was closed, rejected or merged
// into another. ok is false where it is open, or open again.
func (a *Appeal) Ended() (e Event, ok bool) {
	switch a.Status {
	case StatusClosed:
		return a.Last(EventClosed)
	case StatusRejected:
		return a.Last(EventRejected)
	case StatusMerged:
		return a.Last(EventMerged)
	}
	return Event{}, false
}
