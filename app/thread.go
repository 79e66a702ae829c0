package app

// Attention says why somebody has to come back to an appeal that was dealt with.
type Attention string

// Attentions.
const (
	AttentionWrote   Attention = "wrote"   // the citizen wrote after the last thing done
	AttentionUnsaid  Attention = "unsaid"  // the last answer did not reach the citizen
	AttentionUnknown Attention = "unknown" // nobody knows whether it did
)

// Attention looks at what came by the channel since somebody last did something.
// Whatever is done with the appeal, a note included, answers it. That somebody has
// opened it does not: the list opens whatever one passes with the arrow keys, and the
// mark is everybody's, so that a message nobody has read would be marked as read for
// the whole shift.
func (a *Appeal) Attention() (why Attention) {
	for i := len(a.Events) - 1; i >= 0; i-- {
		switch e := a.Events[i]; {
		case e.Type == EventNote || a.Registers.Of(e.Type) != nil && e.Type != EventClarified:
			return why
		case why != "":
		case e.Type == EventMessage:
			why = AttentionWrote
		case e.Type == EventDelivery && e.Delivery == DeliveryUnknown:
			why = AttentionUnknown
		case e.Type == EventDelivery && (e.Delivery == DeliveryRefused || e.Delivery == DeliveryOff):
			why = AttentionUnsaid
		}
	}
	return "" // nobody has dealt with it yet
}

// Sent gives the event that tells what became of the words of another; without one
// yet its Delivery is DeliveryQueued. It is false where the words go no way of their own.
func (a *Appeal) Sent(e Event) (told Event, ok bool) {
	if a.Channel == "" || !e.GoesOut() {
		return told, false
	}
	for i := len(a.Events) - 1; i >= 0; i-- {
		if d := a.Events[i]; d.Type == EventDelivery && d.Target == e.ID {
			return d, true
		}
	}
	return Event{Type: EventDelivery, Target: e.ID, Delivery: DeliveryQueued}, true
}

// Edited gives the later texts of an event of the citizen, each of which replaced the
// one before; none where the first words stand.
func (a *Appeal) Edited(e Event) (later []Event) {
	for from := e.ID; ; {
		next, ok := a.edit(from)
		if !ok || len(later) == len(a.Events) { // a ring of edits has no end
			return later
		}
		later, from = append(later, next), next.ID
	}
}

func (a *Appeal) edit(of string) (Event, bool) {
	for _, e := range a.Events {
		if e.Type == EventMessage && e.Target == of && of != "" {
			return e, true
		}
	}
	return Event{}, false
}
