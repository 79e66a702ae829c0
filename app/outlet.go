package app

import (
	"strings"
	"unicode/utf8"
)

// mostLetters is how many letters the platforms take in one answer; one that is not
// here says no number.
var mostLetters = map[Source]int{SourceTelegram: 4096, SourceVK: 9000, SourceViber: 7000, SourceMAX: 4000, SourceOK: 4000}

// Outlet is how an answer to an appeal leaves the house.
type Outlet struct {
	Itself bool   // the channel takes it to the citizen, where the appeal came from
	Shut   string // the region's reason where it came by a channel that lets no answers out
	Most   int    // letters of an answer that leaves by itself; 0: as many as are written
}

// Outlet says how an answer to the appeal leaves.
func (r *Region) Outlet(a *Appeal) Outlet {
	if a.Channel == "" {
		return Outlet{}
	}
	if x, _ := r.Restricted(a.Source); !x.Answers {
		return Outlet{Shut: x.Reason}
	}
	return Outlet{Itself: true, Most: mostLetters[a.Source]}
}

// GoesOut says whether the event is something said to the citizen that a channel takes
// along: what was published or told by hand is not said twice.
func (e Event) GoesOut() bool {
	switch e.Type {
	case EventAnswered, EventInterim, EventClarifying:
		return strings.TrimSpace(e.Text) != "" && !e.ByHand && e.Link == ""
	}
	return false
}

// Allow refuses what would not reach the citizen: an answer that nobody publishes where
// the channel is shut, and one that is longer than the channel takes. The server has no
// tables of the region in its guards; that is the desk's to ask.
func (o Outlet) Allow(a *Appeal, e Event) error {
	if a.Channel == "" || !e.GoesOut() {
		return nil
	}
	if !o.Itself && e.Type == EventAnswered {
		return Fail(CodeNeedsField, "link")
	}
	if n := utf8.RuneCountInString(e.Text); o.Most > 0 && n > o.Most {
		return Fail(CodeAnswerLong, o.Most, n-o.Most)
	}
	return nil
}

// Outlet says how an answer to the appeal leaves now.
func (d *Desk) Outlet(a *Appeal) Outlet { return d.Region().Outlet(a) }

// Answer gives the events that lead to an answer by this person, as Answer does; where
// the channel takes it along it is not by hand.
func (d *Desk) Answer(a *Appeal, text, link string) []Event {
	events := Answer(a, text, link)
	if d.Outlet(a).Itself {
		events[len(events)-1].ByHand = false
	}
	return events
}

// AsksLink says whether a link of the published answer is asked for.
func (d *Desk) AsksLink(a *Appeal) bool {
	o := d.Outlet(a)
	return !o.Itself && (a.Published() || o.Shut != "")
}
