package central

import (
	"slices"
	"strings"

	"otklik/app"
	"otklik/sync/wire"
)

// maxEvents bounds the history one payload may bring.
const maxEvents = 1000

// validID says whether the text is in the form of a ULID.
func validID(id string) bool {
	if len(id) != 26 {
		return false
	}
	for i := range len(id) {
		if strings.IndexByte(crockford, id[i]) < 0 {
			return false
		}
	}
	return true
}

// short says whether no text is longer than any text may be.
func short(texts ...string) bool {
	return !slices.ContainsFunc(texts, func(s string) bool { return len(s) > wire.MaxText })
}

// eventTypes are the types the table knows and those only a source tells of.
var eventTypes = func() map[app.EventType]bool {
	known := map[app.EventType]bool{app.EventPublished: true, app.EventDetected: true, app.EventRegistered: true}
	for _, t := range app.Transitions {
		known[t.Event] = true
	}
	return known
}()

func validEvent(e app.Event) bool {
	return validID(e.ID) && eventTypes[e.Type] && validOutcome(e.Outcome) &&
		e.Severity <= app.MaxSeverity && len(e.Files) == 0 &&
		(e.Delivery == "" || slices.Contains(app.Deliveries, e.Delivery)) && short(e.By, e.Text, e.Target, e.Group, e.Link)
}

// validFiles says whether the operation may bring the files it names. Only what
// becomes one event of an appeal has attachments.
func validFiles(op app.Op) bool {
	if len(op.Files) == 0 {
		return true
	}
	return (op.Kind == app.OpEvent || op.Kind == app.OpResolve) && len(op.Files) <= app.MaxFiles &&
		!slices.ContainsFunc(op.Files, func(f app.File) bool { return !f.Valid() })
}

func validEvents(events []app.Event) bool {
	return len(events) <= maxEvents &&
		!slices.ContainsFunc(events, func(e app.Event) bool { return !validEvent(e) })
}

func validOutcome(o app.Outcome) bool { return o == "" || slices.Contains(app.Outcomes, o) }

func validAppeal(a *app.Appeal) bool {
	return validID(a.ID) && slices.Contains(app.Kinds, a.Kind) && slices.Contains(app.Sources, a.Source) &&
		slices.Contains(app.Statuses, a.Status) && a.Severity <= app.MaxSeverity && a.Hops >= 0 && len(a.Number) <= 64 &&
		validOutcome(a.Outcome) && validEvents(a.Events) && validTexts(a)
}

func validTexts(a *app.Appeal) bool {
	return short(a.External, a.Channel, a.Title, a.Text, a.Author, a.Contact, a.Place, a.Page, a.Link,
		a.Municipality, a.Group, a.Topic, a.Executor, a.Assignee, a.Parent)
}

func validAmendment(m app.Amendment) bool {
	s := m.Fields.Status
	return (s == "" || slices.Contains(app.Statuses, s)) && validOutcome(m.Fields.Outcome) &&
		validTexts(&m.Fields) && validEvents(m.Events)
}

func validTakenBack(b app.TakenBack) bool {
	return len(b.Drop) <= maxEvents && (b.Before == nil || slices.Contains(app.Statuses, b.Before.Status) &&
		validOutcome(b.Before.Outcome) && validTexts(b.Before))
}

func validPage(p app.Page) bool {
	return validID(p.ID) && slices.Contains(app.Sources, p.Network) && p.Name != "" &&
		len(p.Spheres) <= 20 && len(p.Marks) <= 20 && len(p.Looked) <= 20 && short(p.Spheres...) && short(p.Marks...) && short(p.Looked...) &&
		short(p.Name, p.Link, p.External, p.Founder, p.OGRN, p.Municipality, p.Level, p.Status, p.NotKept, p.Keeper)
}

// days that a count may be of: before networks existed nothing was counted.
var firstDay, lastDay = mustDay("2000-01-01"), mustDay("2199-12-31")

func mustDay(s string) app.Day {
	d, err := app.ParseDay(s)
	if err != nil {
		panic("central: " + s)
	}
	return d
}

func validCounters(c app.Counters) bool {
	if c.Day < firstDay || c.Day > lastDay {
		return false
	}
	for page := range c.Counts {
		if !validID(page) {
			return false
		}
	}
	return true
}

func validResolution(r app.Resolution) bool {
	known := r.Choice == app.ChoiceSend || r.Choice == app.ChoiceNote || r.Choice == app.ChoiceDrop
	return known && validID(r.Conflict) && validID(r.Event.ID) && len(r.Event.Files) == 0 &&
		short(r.Event.By, r.Event.Text, r.Event.Target, r.Event.Group, r.Event.Link)
}
