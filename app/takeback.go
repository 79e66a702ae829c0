package app

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Sum is a short form of what people and sources have said about the appeal: whoever
// would take something back compares it with what they saw. Marks of terms, numbers
// and the server's own revisions are no part of it.
func (a *Appeal) Sum() string {
	var due int64
	if !a.Due.IsZero() {
		due = a.Due.Unix()
	}
	var events []string
	for _, e := range a.Events {
		if e.Type != EventEscalated {
			events = append(events, e.ID)
		}
	}
	slices.Sort(events)
	sum := sha256.Sum256(Encode([]any{
		a.Kind, a.Source, a.External, a.Title, a.Text, a.Author, a.Contact, a.Place, a.Page, a.Link, a.Municipality,
		a.Group, a.Topic, a.Executor, due, a.Status, a.Outcome, a.Assignee, a.Parent, a.Severity, a.Hops, a.Forgotten, events,
	}))
	return hex.EncodeToString(sum[:])
}

// TakeBack applies what undoes an import. Of an appeal the import created nothing
// stays but what says that it was here.
func (a *Appeal) TakeBack(b TakenBack) {
	if b.Before == nil {
		*a = Appeal{ID: a.ID, Kind: a.Kind, Source: a.Source, Status: a.Status, Municipality: a.Municipality, Undone: true}
		return
	}
	a.said(b.Before)
	a.Events = slices.DeleteFunc(slices.Clone(a.Events), func(e Event) bool { return slices.Contains(b.Drop, e.ID) })
}

// said takes over all that an import may change but the history.
func (a *Appeal) said(by *Appeal) {
	a.Title, a.Text, a.Author, a.Contact, a.Place, a.Link = by.Title, by.Text, by.Author, by.Contact, by.Place, by.Link
	a.Municipality, a.Group, a.Topic, a.Executor = by.Municipality, by.Group, by.Topic, by.Executor
	a.Due, a.Status, a.Outcome = by.Due, by.Status, by.Outcome
	a.Assignee, a.Parent, a.Severity, a.Hops = by.Assignee, by.Parent, by.Severity, by.Hops
}
