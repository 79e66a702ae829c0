package app

import "slices"

// Role is what a person may do.
type Role string

// Roles.
const (
	RoleOperator    Role = "operator"
	RoleCurator     Role = "curator"
	RoleCoordinator Role = "coordinator"
	RoleExecutor    Role = "executor"
	RoleApprover    Role = "approver"
	RoleManager     Role = "manager"
)

// Transition is one row of the table of an appeal's life.
type Transition struct {
	From  []Status
	Event EventType
	To    Status // "" keeps the status
	Roles []Role // nil: anyone
	Guard func(a *Appeal, e Event) error
}

var (
	curators  = []Role{RoleCurator, RoleCoordinator}
	executors = []Role{RoleExecutor, RoleOperator}
	approvers = []Role{RoleApprover}
	operators = []Role{RoleOperator}
	programs  = []Role(nil)
	anyone    = []Role(nil)
	openOnes  = []Status{
		StatusNew, StatusRouted, StatusClarifying, StatusInProgress, StatusApproval,
		StatusRework, StatusInterim, StatusAnswered, StatusReopened,
	}
)

// Transitions is the one table of an appeal's life. The window asks it what to
// offer, the desk what to allow, the server what to accept.
var Transitions = []Transition{
	{[]Status{StatusNew, StatusReopened}, EventRouted, StatusRouted, curators, guardRouting},
	{[]Status{StatusNew}, EventRejected, StatusRejected, curators, needText},
	{[]Status{StatusNew, StatusRouted}, EventMerged, StatusMerged, curators, guardParent},
	{[]Status{StatusMerged}, EventUnmerged, StatusNew, curators, nil},
	{[]Status{StatusNew}, EventClarifying, StatusClarifying, curators, needText},
	{[]Status{StatusClarifying}, EventClarified, StatusNew, anyone, nil},
	{[]Status{StatusRouted}, EventRedirected, StatusRouted, []Role{RoleExecutor, RoleCoordinator}, guardRedirect},
	{[]Status{StatusNew, StatusRouted, StatusRework, StatusInterim, StatusReopened}, EventStarted, StatusInProgress, executors, nil},
	{[]Status{StatusInProgress, StatusRework}, EventSubmitted, StatusApproval, executors, needText},
	{[]Status{StatusApproval}, EventReturned, StatusRework, approvers, needText},
	{[]Status{StatusApproval}, EventInterim, StatusInterim, approvers, guardInterim},
	{[]Status{StatusApproval}, EventAnswered, StatusAnswered, approvers, guardAnswer},
	{[]Status{StatusInProgress}, EventAnswered, StatusAnswered, operators, guardAnswer},
	{[]Status{StatusAnswered}, EventClosed, StatusClosed, []Role{RoleCurator, RoleOperator}, guardOutcome},
	{[]Status{StatusAnswered, StatusClosed}, EventReopened, StatusReopened, anyone, nil},
	{openOnes, EventAssigned, "", []Role{RoleOperator, RoleCurator, RoleCoordinator, RoleExecutor}, nil},
	{openOnes, EventClassified, "", []Role{RoleOperator, RoleCurator, RoleCoordinator}, guardTopic},
	{openOnes, EventEscalated, "", programs, guardThreshold},
	{openOnes, EventAutoReply, "", programs, nil},
	{Statuses, EventNote, "", anyone, guardNote},
}

// statusAfter gives the status an event leads to, "" where it leads nowhere.
func statusAfter(t EventType) Status {
	for _, tr := range Transitions {
		if tr.Event == t {
			return tr.To
		}
	}
	return ""
}

// Judge says whether a person with these roles may do this to the appeal now.
// The same judgement is made at the desk, before writing, and on the server,
// before accepting.
func Judge(a *Appeal, e Event, roles []Role) error {
	mayOther := false
	for _, tr := range Transitions {
		if tr.Event != e.Type || !slices.Contains(tr.From, a.Status) {
			continue
		}
		if tr.Roles != nil && !slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(tr.Roles, r) }) {
			mayOther = true
			continue
		}
		if tr.Guard != nil {
			return tr.Guard(a, e)
		}
		return nil
	}
	if mayOther {
		return Fail(CodeWrongRole, e.Type)
	}
	return Fail(CodeNotAllowed, e.Type, a.Status)
}

// Offers lists the events that may be offered for the appeal to a person with
// these roles; guards are asked later, when the fields are filled.
func Offers(a *Appeal, roles []Role) []EventType {
	var out []EventType
	for _, tr := range Transitions {
		if !slices.Contains(tr.From, a.Status) || slices.Contains(out, tr.Event) {
			continue
		}
		if tr.Event == EventEscalated || tr.Event == EventAutoReply {
			continue
		}
		if tr.Roles == nil || slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(tr.Roles, r) }) {
			out = append(out, tr.Event)
		}
	}
	return out
}

func needText(_ *Appeal, e Event) error {
	if e.Text == "" {
		return Fail(CodeEmptyText)
	}
	return nil
}

// guardNote lets a picture speak for itself.
func guardNote(a *Appeal, e Event) error {
	if len(e.Files) > 0 {
		return nil
	}
	return needText(a, e)
}

func guardRouting(a *Appeal, e Event) error {
	switch {
	case e.Target == "":
		return Fail(CodeNeedsField, "executor")
	case a.Group == "":
		return Fail(CodeNeedsField, "topic")
	case a.Municipality == "":
		return Fail(CodeNeedsField, "municipality")
	}
	return nil
}

func guardRedirect(a *Appeal, e Event) error {
	if e.Target == "" {
		return Fail(CodeNeedsField, "executor")
	}
	return needText(a, e)
}

func guardParent(a *Appeal, e Event) error {
	if e.Target == "" || e.Target == a.ID {
		return Fail(CodeNeedsField, "parent")
	}
	return nil
}

func guardInterim(a *Appeal, e Event) error {
	if e.FinalBy.IsZero() {
		return Fail(CodeNeedsField, "final_by")
	}
	return needText(a, e)
}

func guardAnswer(a *Appeal, e Event) error {
	if e.Link == "" && !e.ByHand {
		return Fail(CodeNeedsField, "link")
	}
	return needText(a, e)
}

func guardOutcome(_ *Appeal, e Event) error {
	if !slices.Contains(Outcomes, e.Outcome) {
		return Fail(CodeNeedsField, "outcome")
	}
	return nil
}

func guardTopic(_ *Appeal, e Event) error {
	if e.Group == "" {
		return Fail(CodeNeedsField, "topic")
	}
	return nil
}

// guardThreshold lets each threshold pass once per clock.
func guardThreshold(a *Appeal, e Event) error {
	if e.Percent != 50 && e.Percent != 80 && e.Percent != 100 {
		return Fail(CodeNeedsField, "percent")
	}
	for _, old := range a.round() {
		if old.Type == EventEscalated && old.Percent == e.Percent {
			return Fail(CodeNotAllowed, e.Type, a.Status)
		}
	}
	return nil
}
