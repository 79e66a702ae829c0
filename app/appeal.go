package app

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Kind decides which clock and which law applies to an appeal.
type Kind string

// Kinds of appeals.
const (
	KindIncident Kind = "incident" // from social networks; 59-ФЗ does not apply
	KindPOS      Kind = "pos"      // from «Госуслуги. Решаем вместе»
	KindFormal   Kind = "formal"   // written appeal under 59-ФЗ
)

// Kinds lists all kinds; the order is stored on disk and only ever grows.
var Kinds = []Kind{KindIncident, KindPOS, KindFormal}

// Source is the channel an appeal came in by, and also the network of a page.
type Source string

// Sources of appeals.
const (
	SourcePOS      Source = "pos"     // «Госуслуги. Решаем вместе»
	SourceIM       Source = "im"      // «Инцидент Менеджмент»
	SourceVK       Source = "vk"      // ВКонтакте
	SourceOK       Source = "ok"      // Одноклассники
	SourceTelegram Source = "tg"      // Telegram
	SourceViber    Source = "vb"      // Viber
	SourceMAX      Source = "max"     // MAX
	SourceFile     Source = "file"    // a spreadsheet that names no channel
	SourceOpen311  Source = "open311" // an app of citizens, by GeoReport v2
)

// Sources lists all sources; the order is stored on disk and only ever grows.
var Sources = []Source{SourcePOS, SourceIM, SourceVK, SourceOK, SourceTelegram, SourceViber, SourceMAX, SourceFile, SourceOpen311}

// Status is the place of an appeal in its life.
type Status string

// Statuses. Which may follow which is said by the table in transition.go alone.
const (
	StatusNew        Status = "new"
	StatusRouted     Status = "routed"
	StatusClarifying Status = "clarifying"
	StatusInProgress Status = "in_progress"
	StatusApproval   Status = "approval"
	StatusRework     Status = "rework"
	StatusInterim    Status = "interim"
	StatusAnswered   Status = "answered"
	StatusClosed     Status = "closed"
	StatusReopened   Status = "reopened"
	StatusRejected   Status = "rejected"
	StatusMerged     Status = "merged"
)

// Statuses lists all statuses; the order is stored on disk and only ever grows.
var Statuses = []Status{
	StatusNew, StatusRouted, StatusClarifying, StatusInProgress, StatusApproval, StatusRework,
	StatusInterim, StatusAnswered, StatusClosed, StatusReopened, StatusRejected, StatusMerged,
}

// Open says whether the appeal still asks something of us.
func (s Status) Open() bool {
	return s != StatusClosed && s != StatusRejected && s != StatusMerged
}

// NeedsAnswer says whether the next step is an answer to the citizen.
func (s Status) NeedsAnswer() bool {
	switch s {
	case StatusNew, StatusRouted, StatusInProgress, StatusRework, StatusReopened:
		return true
	}
	return false
}

// Severity of an incident, 0 (not an incident) to 4 (critical).
type Severity uint8

// MaxSeverity is critical.
const MaxSeverity Severity = 4

// Outcome says how a closed appeal ended.
type Outcome string

// Outcomes.
const (
	OutcomeSolved    Outcome = "solved"    // решено
	OutcomeNotSolved Outcome = "unsolved"  // не решено
	OutcomePostponed Outcome = "postponed" // отложено
	OutcomeExplained Outcome = "explained" // разъяснено
)

// Outcomes lists all outcomes; the order is stored on disk and only ever grows.
var Outcomes = []Outcome{OutcomeSolved, OutcomeNotSolved, OutcomePostponed, OutcomeExplained}

// Appeal is one appeal of a citizen: what was said, where, and everything that
// happened since. Status, Assignee and the other fields below Events are the
// fold of Events and are changed by Apply alone.
type Appeal struct {
	ID       string `json:"id"`     // ULID
	Number   string `json:"number"` // for people, e.g. "2026-118437"
	Kind     Kind   `json:"kind"`
	Source   Source `json:"source"`
	External string `json:"external,omitempty"` // number in the source system

	Title   string `json:"title,omitempty"`
	Text    string `json:"text"`
	Author  string `json:"author,omitempty"`
	Contact string `json:"contact,omitempty"` // address of the author in the source
	Place   string `json:"place,omitempty"`   // street address the appeal is about
	Page    string `json:"page,omitempty"`    // ID of the public page it was left on
	Link    string `json:"link,omitempty"`    // post or message
	Channel string `json:"channel,omitempty"` // of the server, by which answers go out by themselves

	// Forgotten says that this workstation has kept it for long enough: see Forget.
	Forgotten bool `json:"forgotten,omitempty"`
	// Undone says, on the server, that the import which created it was undone: for
	// everybody it is not there.
	Undone bool `json:"undone,omitempty"`

	Municipality string   `json:"municipality,omitempty"`
	Severity     Severity `json:"severity,omitempty"`
	// Due is a term named by the source itself; it goes before the rule table.
	Due time.Time `json:"due,omitzero"`

	Events []Event `json:"events"`

	Group    string  `json:"group,omitempty"`
	Topic    string  `json:"topic,omitempty"`
	Executor string  `json:"executor,omitempty"`
	Assignee string  `json:"assignee,omitempty"`
	Status   Status  `json:"status"`
	Outcome  Outcome `json:"outcome,omitempty"`
	Hops     int     `json:"hops,omitempty"` // redirections so far
	Parent   string  `json:"parent,omitempty"`

	Registers Registers `json:"registers,omitzero"`
}

// Registers are the guarded parts of an appeal, each with its own revision:
// two people may work on different ones without a conflict.
type Registers struct {
	Status   Revision `json:"status,omitzero"`
	Assignee Revision `json:"assignee,omitzero"`
	Topic    Revision `json:"topic,omitzero"`
	Place    Revision `json:"place,omitzero"` // the municipality
	Severity Revision `json:"severity,omitzero"`
	Term     Revision `json:"term,omitzero"` // what puts it off
}

// Revision says which change of the feed touched a register last.
type Revision struct {
	Seq uint64 `json:"seq,omitempty"`
	Dev string `json:"dev,omitempty"`
	Inc uint32 `json:"inc,omitempty"` // incarnation of the device's file
	// At is when the server accepted that change: who has seen it acts later.
	At time.Time `json:"at,omitzero"`
}

// Of gives the register an event writes to, or nil for events that can never
// conflict (notes, marks).
func (r *Registers) Of(t EventType) *Revision {
	switch t {
	case EventNote, EventMessage, EventDelivery, EventAutoReply, EventEscalated, EventPublished, EventDetected, EventRegistered:
		return nil
	case EventAssigned:
		return &r.Assignee
	case EventClassified:
		return &r.Topic
	case EventPlaced:
		return &r.Place
	case EventGraded:
		return &r.Severity
	case EventExtended:
		return &r.Term
	}
	return &r.Status
}

// headingLen is how long a heading made from the text may be, in letters.
const headingLen = 70

// Heading is the title, or the first sentence of the text where a source gives
// no titles.
func (a *Appeal) Heading() string {
	if a.Title != "" {
		return a.Title
	}
	return Cut(firstSentence(a.Text), headingLen)
}

// abbreviations whose dot ends no sentence.
var abbreviations = map[string]bool{
	"ул": true, "д": true, "г": true, "пр": true, "пер": true, "наб": true, "кв": true, "им": true, "стр": true,
	"корп": true, "обл": true, "р": true, "пос": true, "с": true, "дер": true, "тел": true, "т": true, "п": true,
	"мкр": true, "бул": true, "руб": true, "тыс": true, "млн": true, "ст": true, "н": true, "е": true,
}

// firstSentence ends at a mark after which a new sentence begins, or where it is too
// long for a heading.
func firstSentence(text string) string {
	var words []string
	length := 0
	for next := range strings.FieldsSeq(text) {
		if n := len(words); n > 2 { // a greeting alone says nothing
			w := words[n-1]
			last := w[len(w)-1]
			ends := last == '!' || last == '?' || last == '.' && !abbreviations[strings.ToLower(strings.Trim(w, ".(«"))]
			if first, _ := utf8.DecodeRuneInString(next); ends && !unicode.IsLower(first) || length > headingLen {
				break
			}
		}
		words = append(words, next)
		length += utf8.RuneCountInString(next)
	}
	return strings.TrimSuffix(strings.Join(words, " "), ".")
}

// Cut gives the text on one line, at most n letters long, cut between words.
func Cut(text string, n int) string {
	r := make([]rune, 0, n+1)
	for word := range strings.FieldsSeq(text) {
		if len(r) > 0 {
			r = append(r, ' ')
		}
		for _, letter := range word {
			if r = append(r, letter); len(r) > n {
				break
			}
		}
		if len(r) > n {
			break
		}
	}
	if len(r) <= n {
		return string(r)
	}
	cut := r[:n]
	for j := len(cut) - 1; j > n/2; j-- {
		if cut[j] == ' ' {
			cut = cut[:j]
			break
		}
	}
	return strings.TrimRight(string(cut), " ,;:-") + "…"
}

// HasEvent says whether the event with this ID is already in the history.
func (a *Appeal) HasEvent(id string) bool {
	return slices.ContainsFunc(a.Events, func(e Event) bool { return e.ID == id })
}

// Clone is a copy that shares nothing that Apply changes.
func (a *Appeal) Clone() *Appeal {
	c := *a
	c.Events = slices.Clone(a.Events)
	return &c
}
