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
	// RoleChannel is the server's own, of what comes and goes by a channel; no person
	// has it.
	RoleChannel Role = "channel"
)

// Transition is one row of the table of an appeal's life.
type Transition struct {
	From  []Status
	Event EventType
	To    Status // "" keeps the status
	Roles []Role // nil: anyone
	Guard func(a *Appeal, e Event) error
	Kind  Kind // "": of every kind
}

var (
	curators  = []Role{RoleCurator, RoleCoordinator}
	executors = []Role{RoleExecutor, RoleOperator}
	approvers = []Role{RoleApprover}
	operators = []Role{RoleOperator}
	takers    = []Role{RoleOperator, RoleCurator, RoleCoordinator}
	channels  = []Role{RoleChannel}
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
	{[]Status{StatusNew, StatusReopened}, EventRouted, StatusRouted, curators, guardRouting, ""},
	{[]Status{StatusNew}, EventRejected, StatusRejected, curators, needText, ""},
	{[]Status{StatusNew, StatusRouted}, EventMerged, StatusMerged, curators, guardParent, ""},
	{[]Status{StatusMerged}, EventUnmerged, StatusNew, curators, nil, ""},
	{[]Status{StatusNew}, EventClarifying, StatusClarifying, curators, needText, ""},
	{[]Status{StatusClarifying}, EventClarified, StatusNew, anyone, nil, ""},
	{[]Status{StatusRouted}, EventRedirected, StatusRouted, []Role{RoleExecutor, RoleCoordinator}, guardRedirect, ""},
	{[]Status{StatusNew, StatusRouted, StatusRework, StatusInterim, StatusReopened}, EventStarted, StatusInProgress, executors, nil, ""},
	{[]Status{StatusInProgress, StatusRework}, EventSubmitted, StatusApproval, executors, needText, ""},
	{[]Status{StatusApproval}, EventReturned, StatusRework, approvers, needText, ""},
	{[]Status{StatusApproval}, EventInterim, StatusInterim, approvers, guardInterim, ""},
	{[]Status{StatusApproval}, EventAnswered, StatusAnswered, approvers, guardAnswer, ""},
	{[]Status{StatusInProgress}, EventAnswered, StatusAnswered, operators, guardAnswer, ""},
	{[]Status{StatusAnswered}, EventClosed, StatusClosed, []Role{RoleCurator, RoleOperator}, guardOutcome, ""},
	{[]Status{StatusAnswered, StatusClosed}, EventReopened, StatusReopened, anyone, nil, ""},
	{openOnes, EventAssigned, "", []Role{RoleOperator, RoleCurator, RoleCoordinator, RoleExecutor}, nil, ""},
	{openOnes, EventClassified, "", takers, guardTopic, ""},
	{openOnes, EventPlaced, "", takers, guardPlace, ""},
	{openOnes, EventGraded, "", takers, guardSeverity, ""},
	{openOnes, EventRegistered, "", takers, guardRegistered, KindFormal},
	{openOnes, EventExtended, "", []Role{RoleCurator, RoleCoordinator, RoleApprover}, guardExtended, KindFormal},
	{openOnes, EventEscalated, "", programs, guardThreshold, ""},
	{openOnes, EventAutoReply, "", programs, nil, ""},
	{Statuses, EventNote, "", anyone, guardNote, ""},
	{Statuses, EventMessage, "", channels, guardNote, ""},
	{Statuses, EventDelivery, "", channels, guardDelivery, ""},
}

// statusAfter gives the status an event leads to, "" where it leads nowhere. What
// was merged goes back to where it stood, see beforeMerge.
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
		if tr.Event != e.Type || !tr.fits(a) {
			continue
		}
		if !tr.open(roles) {
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

// ByItself says whether no person makes the event happen.
func (t EventType) ByItself() bool {
	switch t {
	case EventEscalated, EventAutoReply, EventMessage, EventDelivery:
		return true
	}
	return false
}

// fits says whether the row is about the appeal as it stands now.
func (tr *Transition) fits(a *Appeal) bool {
	return slices.Contains(tr.From, a.Status) && (tr.Kind == "" || tr.Kind == a.Kind)
}

// open says whether one of the roles may take the row.
func (tr *Transition) open(roles []Role) bool {
	return tr.Roles == nil || slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(tr.Roles, r) })
}

// done says whether what happens once in a round has happened in this one.
func (a *Appeal) done(t EventType) bool {
	_, done := firstOf(a.round(), t)
	return done && (t == EventRegistered || t == EventExtended)
}

// Offers lists the events that may be offered for the appeal to a person with
// these roles; guards are asked later, when the fields are filled.
func Offers(a *Appeal, roles []Role) []EventType {
	var out []EventType
	for _, tr := range Transitions {
		if tr.Event.ByItself() || slices.Contains(out, tr.Event) {
			continue
		}
		if tr.fits(a) && tr.open(roles) && !a.done(tr.Event) {
			out = append(out, tr.Event)
		}
	}
	return out
}

// Refusal says why an event is not offered.
type Refusal struct {
	Event EventType
	// From are the statuses it could be done from, where that is what stands in the
	// way; otherwise By are the roles that could do it now.
	From []Status
	By   []Role
	Done bool // it happens once, and has happened
}

// Refusals lists the events that Offers leaves out, in the order of the table: what
// could never be done to an appeal of this kind is not among them.
func Refusals(a *Appeal, roles []Role) []Refusal {
	var out []Refusal
	offered := Offers(a, roles)
	for _, tr := range Transitions {
		if tr.Event.ByItself() || slices.Contains(offered, tr.Event) ||
			tr.Kind != "" && tr.Kind != a.Kind {
			continue
		}
		i := slices.IndexFunc(out, func(r Refusal) bool { return r.Event == tr.Event })
		if i < 0 {
			i = len(out)
			out = append(out, Refusal{Event: tr.Event, Done: a.done(tr.Event)})
		}
		if tr.fits(a) {
			out[i].By = appendNew(out[i].By, tr.Roles)
		} else {
			out[i].From = appendNew(out[i].From, tr.From)
		}
	}
	for i := range out {
		if len(out[i].By) > 0 {
			out[i].From = nil
		}
	}
	return out
}

func appendNew[V comparable](to, more []V) []V {
	for _, v := range more {
		if !slices.Contains(to, v) {
			to = append(to, v)
		}
	}
	return to
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

// guardDelivery asks what became of which answer.
func guardDelivery(a *Appeal, e Event) error {
	switch {
	case !slices.Contains(Deliveries, e.Delivery):
		return Fail(CodeNeedsField, "delivery")
	case !a.HasEvent(e.Target):
		return Fail(CodeNotFound, e.Target)
	}
	return nil
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
	if e.Link == "" && !e.ByHand && a.Channel == "" { // a channel takes it to the citizen itself
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

func guardPlace(_ *Appeal, e Event) error {
	if e.Target == "" {
		return Fail(CodeNeedsField, "municipality")
	}
	return nil
}

func guardSeverity(_ *Appeal, e Event) error {
	if e.Severity > MaxSeverity {
		return Fail(CodeNeedsField, "severity")
	}
	return nil
}

func guardRegistered(a *Appeal, e Event) error {
	if a.done(e.Type) {
		return Fail(CodeNotAllowed, e.Type, a.Status)
	}
	return nil
}

// guardExtended asks for the day and for what the citizen was told; it is done
// once.
func guardExtended(a *Appeal, e Event) error {
	switch {
	case a.done(e.Type):
		return Fail(CodeNotAllowed, e.Type, a.Status)
	case e.FinalBy.IsZero():
		return Fail(CodeNeedsField, "extended_to")
	}
	return needText(a, e)
}

// guardThreshold lets each threshold pass once per clock.
func guardThreshold(a *Appeal, e Event) error {
	if !slices.Contains(Thresholds, e.Percent) {
		return Fail(CodeNeedsField, "percent")
	}
	if a.Marked() >= e.Percent {
		return Fail(CodeNotAllowed, e.Type, a.Status)
	}
	return nil
}
