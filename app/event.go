package app

import (
	"sort"
	"time"
)

// EventType says what happened.
type EventType string

// Types of events. The first three start clocks; the others move an appeal
// through its life or stand beside it.
const (
	EventPublished  EventType = "published"  // the citizen wrote
	EventDetected   EventType = "detected"   // the centre learnt of it
	EventRegistered EventType = "registered" // entered as a written appeal; Target: its number there

	EventRouted     EventType = "routed"     // Target: executor
	EventRejected   EventType = "rejected"   // Text: reason
	EventMerged     EventType = "merged"     // Target: parent appeal
	EventUnmerged   EventType = "unmerged"   //
	EventClarifying EventType = "clarifying" // Text: question
	EventClarified  EventType = "clarified"  // Text: what the citizen added
	EventRedirected EventType = "redirected" // Target: executor, Text: reason
	EventStarted    EventType = "started"    // taken into work
	EventSubmitted  EventType = "submitted"  // Text: proposed answer
	EventReturned   EventType = "returned"   // Text: reason from the list
	EventInterim    EventType = "interim"    // Text: answer, FinalBy
	EventAnswered   EventType = "answered"   // Text: answer, Link or ByHand
	EventClosed     EventType = "closed"     // Outcome
	EventReopened   EventType = "reopened"   // Text: what the citizen says

	EventAssigned   EventType = "assigned"   // Target: person, "" to nobody
	EventClassified EventType = "classified" // Group, Target: topic
	EventPlaced     EventType = "placed"     // Target: municipality
	EventGraded     EventType = "graded"     // Severity
	EventExtended   EventType = "extended"   // FinalBy, Text: what the citizen was told
	EventNote       EventType = "note"       // Text, inside the house only
	EventAutoReply  EventType = "auto_reply" // a bot's answer; stops no clock
	EventEscalated  EventType = "escalated"  // Percent of the term

	// What the channel tells that an appeal came by.
	EventMessage  EventType = "message"  // Text: what the citizen wrote more; Target: the event whose text it replaces
	EventDelivery EventType = "delivery" // Target: the event whose text was sent; Delivery, Text: the reason
)

// Delivery is what became of an answer that went out through a channel.
type Delivery string

// Deliveries. All but queued are told by events.
const (
	DeliveryQueued    Delivery = "queued"    // waits for its turn
	DeliverySent      Delivery = "sent"      // the platform has it
	DeliveryDelivered Delivery = "delivered" // the citizen has it
	DeliveryRefused   Delivery = "refused"   // for good; the event says why
	DeliveryUnknown   Delivery = "unknown"   // no answer came and the platform cannot be asked: never sent again by itself
	DeliveryOff       Delivery = "off"       // the region does not let answers out through the channel
)

// Deliveries lists those that events tell of.
var Deliveries = []Delivery{DeliverySent, DeliveryDelivered, DeliveryRefused, DeliveryUnknown, DeliveryOff}

// Event is one entry of the append-only history of an appeal.
type Event struct {
	ID   string    `json:"id"` // of the operation that made it; ULID
	Type EventType `json:"type"`
	At   time.Time `json:"at,omitzero"` // zero: the source does not say when
	By   string    `json:"by,omitempty"`

	Text     string    `json:"text,omitempty"`
	Target   string    `json:"to,omitempty"`
	Group    string    `json:"group,omitempty"`
	Outcome  Outcome   `json:"outcome,omitempty"`
	FinalBy  time.Time `json:"final_by,omitzero"` // promised date of the final answer, or what the term was put off to
	Link     string    `json:"link,omitempty"`    // of the published answer
	ByHand   bool      `json:"by_hand,omitempty"` // answered outside the program
	Percent  int       `json:"percent,omitempty"` // of the term
	Severity Severity  `json:"severity,omitempty"`
	Delivery Delivery  `json:"delivery,omitempty"`
	Timing   Timing    `json:"timing,omitzero"` // of an event made at a workstation, once the server has it
	// Files are attachments. In an operation they stand in Op.Files alone.
	Files []File `json:"files,omitempty"`
}

// Apply folds the event into the appeal. It is total: what the server has
// accepted is a fact, whatever this side thinks of it. Applying the same event
// twice changes nothing.
func (a *Appeal) Apply(e Event) {
	if a.HasEvent(e.ID) {
		return
	}
	a.insert(e)
	if s := statusAfter(e.Type); s != "" {
		a.Status = s
	}
	switch e.Type {
	case EventRouted, EventRedirected:
		if e.Target != "" {
			a.Executor = e.Target
		}
		if e.Type == EventRedirected {
			a.Hops++
		}
	case EventAssigned:
		a.Assignee = e.Target
	case EventStarted:
		if a.Assignee == "" {
			a.Assignee = e.By
		}
	case EventClassified:
		a.Group, a.Topic = e.Group, e.Target
	case EventMerged:
		a.Parent = e.Target
	case EventPlaced:
		if e.Target != "" {
			a.Municipality = e.Target
		}
	case EventGraded:
		a.Severity = e.Severity
	case EventUnmerged:
		a.Parent, a.Status = "", a.beforeMerge()
	case EventClosed:
		a.Outcome = e.Outcome
	case EventReopened:
		a.Outcome = ""
	}
}

// beforeMerge is the status the appeal had when it was last merged.
func (a *Appeal) beforeMerge() Status {
	merged := false
	for i := len(a.Events) - 1; i >= 0; i-- {
		s := statusAfter(a.Events[i].Type)
		if merged && s != "" && s != StatusMerged {
			return s
		}
		merged = merged || s == StatusMerged
	}
	return StatusNew
}

// insert keeps history in the order of time; events without a time keep the
// place they were told in.
func (a *Appeal) insert(e Event) {
	i := len(a.Events)
	if !e.At.IsZero() {
		i = sort.Search(len(a.Events), func(i int) bool {
			return a.Events[i].At.After(e.At)
		})
	}
	a.Events = append(a.Events, Event{})
	copy(a.Events[i+1:], a.Events[i:])
	a.Events[i] = e
}

// Last gives the latest event of one of the types.
func (a *Appeal) Last(types ...EventType) (Event, bool) {
	for i := len(a.Events) - 1; i >= 0; i-- {
		for _, t := range types {
			if a.Events[i].Type == t {
				return a.Events[i], true
			}
		}
	}
	return Event{}, false
}
