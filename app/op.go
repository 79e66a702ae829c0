package app

import (
	"encoding/json"
	"time"
)

// OpKind names what an operation asks for, and the shape of its payload.
type OpKind string

// Kinds of operations.
const (
	OpCreate  OpKind = "appeal.create"    // Appeal
	OpEvent   OpKind = "appeal.event"     // Event
	OpAmend   OpKind = "appeal.amend"     // Amendment
	OpPage    OpKind = "page.put"         // Page
	OpCount   OpKind = "counters.put"     // Counters
	OpResolve OpKind = "conflict.resolve" // Resolution
	OpTable   OpKind = "table.put"        // Table; its Ent is the table's name
	OpBack    OpKind = "appeal.takeback"  // TakenBack
)

// AboutAppeal says whether operations of the kind are about an appeal, and not
// about what is the whole region's.
func (k OpKind) AboutAppeal() bool { return k != OpPage && k != OpCount && k != OpTable }

// OpExport stands in the journal alone, for an export to a file; it is never sent.
const OpExport OpKind = "outbox.export" // Export

// OpDisclosed stands in the journal alone: personal data of an appeal were given out.
const OpDisclosed OpKind = "appeal.disclosed" // Disclosure

// Export is the payload of OpExport: of the outbox, of a list, or of a document.
type Export struct {
	Ops int `json:"ops,omitempty"`
	// Rows of a list, whose name in the journal was once of appeals alone.
	Rows     int    `json:"appeals,omitempty"`
	List     string `json:"list,omitempty"`     // what is listed; "" of old: appeals
	Form     string `json:"form,omitempty"`     // "xlsx"
	Filter   string `json:"filter,omitempty"`   // in words, nothing personal among them
	Personal bool   `json:"personal,omitempty"` // with what is personal of them
	By       string `json:"by,omitempty"`       // who works at the workstation
	// Document is the name of a document of figures, which holds nothing personal.
	Document string `json:"document,omitempty"`
}

// Kinds of changes that are no operations: what a device is told instead of one
// that takes an appeal into its scope or out of it.
const (
	ChangeEntered OpKind = "appeal.entered" // Entered
	ChangeGone    OpKind = "appeal.gone"    // nothing
)

// Entered is an appeal whole, as it stands after the change that took it into
// the scope of a device.
type Entered struct {
	Appeal    Appeal     `json:"appeal"`
	Conflicts []Conflict `json:"conflicts,omitempty"`
}

// Schema is the version of payloads this program writes.
const Schema = 1

// Op is what somebody at this workstation did and the server has yet to judge.
type Op struct {
	ID      string          `json:"id"`   // ULID
	Dev     string          `json:"dev"`  // device
	Inc     uint32          `json:"inc"`  // incarnation of the client's file
	N       uint64          `json:"n"`    // number within the incarnation
	Ent     string          `json:"ent"`  // ID of the record it is about
	Kind    OpKind          `json:"kind"` //
	Base    uint64          `json:"base"` // revision of the register the person saw
	At      time.Time       `json:"at"`   // by the clock of the device
	AgeMS   int64           `json:"age_ms"`
	OffMS   int64           `json:"off_ms,omitempty"` // the most the age may be off; 0: not known
	After   time.Time       `json:"after,omitzero"`   // time of the server that had passed, where OffMS is not known
	Schema  int             `json:"schema"`
	Files   []File          `json:"files,omitempty"` // attachments of the event it brings
	Payload json.RawMessage `json:"payload"`
	// Gone says that the device was told that the appeal has left its scope, so
	// that there is nothing to wait for where the server does not know it.
	Gone bool `json:"gone,omitempty"`

	Made Stamp `json:"-"` // what was known of the time; it stays at the workstation
}

// Amendment adds to an appeal what its source says meanwhile.
type Amendment struct {
	Fields Appeal  `json:"fields"` // non-empty fields replace; Events is empty
	Events []Event `json:"events,omitempty"`
}

// TakenBack is what undoes an import of an appeal. It holds only where the appeal
// stands as it was seen: what people did since is theirs.
type TakenBack struct {
	Seen string `json:"seen"` // Appeal.Sum
	// Before holds the fields the source said before; nil: the import created the
	// appeal, which goes.
	Before *Appeal  `json:"before,omitempty"`
	Drop   []string `json:"drop,omitempty"` // IDs of the events the import brought
}

// Choice ends a conflict.
type Choice string

// Choices a person has in a conflict.
const (
	ChoiceSend Choice = "send" // my answer goes out as a clarification
	ChoiceNote Choice = "note" // my text stays as a note
	ChoiceDrop Choice = "drop" // I withdraw my text
)

// Resolution is the payload of OpResolve; its Ent is the appeal.
type Resolution struct {
	Conflict string `json:"conflict"` // ID of the operation that lost
	Choice   Choice `json:"choice"`
	Event    Event  `json:"event"` // note of the choice, made part of the history
}

// Verdict of the server on an operation.
type Verdict string

// Verdicts. All but VerdictRetry are final and stored.
const (
	VerdictApplied    Verdict = "applied"
	VerdictDuplicate  Verdict = "duplicate"
	VerdictSuperseded Verdict = "superseded" // somebody already reached that goal
	VerdictConflict   Verdict = "conflict"
	VerdictRejected   Verdict = "rejected"
	VerdictRetry      Verdict = "retry"
)

// Change is one entry of the feed: a fact, or a verdict that changed nothing
// but must reach its author in order. A device whose scope an appeal leaves
// receives Seq, Kind and Ent alone, and as the author of the operation its
// verdict, too.
type Change struct {
	Seq     uint64          `json:"seq"`
	Op      string          `json:"op"`  // operation it comes from
	Dev     string          `json:"dev"` // device of the operation
	Inc     uint32          `json:"inc,omitempty"`
	At      time.Time       `json:"at"` // time of the server
	Kind    OpKind          `json:"kind"`
	Ent     string          `json:"ent"`
	Verdict Verdict         `json:"verdict"`
	Reason  Code            `json:"reason,omitempty"` // of a rejection
	Body    json.RawMessage `json:"body,omitempty"`   // payload as accepted; Conflict for a conflict
}

// FeedPage is a stretch of the feed and where it leads.
type FeedPage struct {
	Changes []Change
	Next    string // cursor
	Safe    uint64 // up to this seq the server's feed stands in a verified backup
}

// Conflict is a replicated record: what was asked, what stands instead.
type Conflict struct {
	Op      string    `json:"op"` // ID of the operation that lost
	Appeal  string    `json:"appeal"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Mine    Event     `json:"mine"`   // the loser's full content
	Winner  Event     `json:"winner"` // what the server holds
	Status  Status    `json:"status"` // of the appeal on the server
	Choice  Choice    `json:"choice,omitempty"`
	Settled time.Time `json:"settled,omitzero"`
}

// Decode reads a payload or a body.
func Decode[T any](raw json.RawMessage) (T, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err
}

// Encode writes a payload or a body. The types of this package always encode.
func Encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("app: payload does not encode: " + err.Error())
	}
	return b
}

// Amend applies the amendment.
func (a *Appeal) Amend(m Amendment) {
	set := func(to *string, from string) {
		if from != "" {
			*to = from
		}
	}
	f := m.Fields
	set(&a.Title, f.Title)
	set(&a.Text, f.Text)
	set(&a.Author, f.Author)
	set(&a.Contact, f.Contact)
	set(&a.Place, f.Place)
	set(&a.Link, f.Link)
	set(&a.Municipality, f.Municipality)
	set(&a.Group, f.Group)
	set(&a.Topic, f.Topic)
	set(&a.Executor, f.Executor)
	if !f.Due.IsZero() {
		a.Due = f.Due
	}
	for _, e := range m.Events {
		a.Apply(e)
	}
	// The source knows best where the appeal stands now: its events may have
	// come in any order.
	if f.Status != "" {
		a.Status, a.Outcome = f.Status, f.Outcome
	}
}
