package central

import "otklik/app"

// lastWriter finds the last event that wrote the register of the appeal.
func lastWriter(a *app.Appeal, r *app.Revision) (app.Event, bool) {
	for i := len(a.Events) - 1; i >= 0; i-- {
		if a.Registers.Of(a.Events[i].Type) == r {
			return a.Events[i], true
		}
	}
	return app.Event{}, false
}

// reached says whether the appeal already stands where the event would lead it,
// or further on the same way. An event whose text says something new is never
// taken for done: its text would be lost.
func reached(a *app.Appeal, e, winner app.Event) bool {
	switch e.Type {
	case app.EventAssigned:
		return a.Assignee == e.Target
	case app.EventClassified:
		return a.Group == e.Group && a.Topic == e.Target
	case app.EventPlaced:
		return a.Municipality == e.Target
	case app.EventGraded:
		return a.Severity == e.Severity
	case app.EventExtended:
		return winner.FinalBy.Equal(e.FinalBy) && winner.Text == e.Text
	case app.EventUnmerged:
		return a.Status != app.StatusMerged
	case app.EventMerged:
		return a.Status == app.StatusMerged && a.Parent == e.Target
	case app.EventRouted, app.EventRedirected:
		if a.Executor != e.Target {
			return false
		}
	}
	if e.Text != "" && e.Text != winner.Text {
		return false
	}
	to := leadsTo(e.Type)
	return a.Status == to || further(a.Status, to)
}

// told says whether the event tells of a fact that is there already, or that nobody
// needs any more, so that its author need not be bothered: marks of a term are the
// program's, and an appeal is registered once.
func told(a *app.Appeal, e app.Event) bool {
	if e.Type == app.EventRegistered {
		_, registered := a.Last(app.EventRegistered)
		return registered
	}
	return e.Type == app.EventEscalated
}

// leadsTo gives the status an event leads to by the table.
func leadsTo(t app.EventType) app.Status {
	for _, tr := range app.Transitions {
		if tr.Event == t {
			return tr.To
		}
	}
	return ""
}

// way is how far along its life an appeal is; statuses beside the way are not
// listed.
var way = map[app.Status]int{
	app.StatusRouted: 1, app.StatusInProgress: 2, app.StatusApproval: 3, app.StatusInterim: 4,
	app.StatusAnswered: 5, app.StatusClosed: 6,
}

func further(stands, asked app.Status) bool {
	is, onWay := way[stands]
	goal, has := way[asked]
	return onWay && has && is > goal
}
