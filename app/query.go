package app

import (
	"context"
	"io"
	"time"
)

// Queue is a standing question about appeals.
type Queue string

// Queues, in the order they are shown.
const (
	QueueNeeds    Queue = "needs"    // the next step is an answer, and none was given yet
	QueueMine     Queue = "mine"     // open, assigned to me
	QueueSoon     Queue = "soon"     // open, the deadline is within the hour
	QueueOverdue  Queue = "overdue"  // open, past the deadline
	QueueApproval Queue = "approval" // waits for the approver
	QueueReturned Queue = "returned" // sent back for rework
	QueueCheck    Queue = "check"    // to come back to: see Appeal.Attention
	QueueUnsent   Queue = "unsent"   // holds changes the server has not judged
	QueueOpen     Queue = "open"     // everything that still asks something of us
	QueueArchive  Queue = "archive"  // closed, rejected, merged
	QueueAll      Queue = "all"      // open and archive: what a figure counts
)

// Queues lists all queues.
var Queues = []Queue{
	QueueNeeds, QueueMine, QueueSoon, QueueOverdue, QueueApproval, QueueReturned, QueueCheck, QueueUnsent, QueueOpen, QueueArchive, QueueAll,
}

// SoonWithin is how near the deadline of an appeal in QueueSoon is.
const SoonWithin = time.Hour

// Filter narrows appeals. Values of one field are alternatives, "" among them for
// appeals without one; fields are conditions that all hold. An empty field does not
// narrow.
type Filter struct {
	Sources        []Source `json:"sources,omitempty"`
	Groups         []string `json:"groups,omitempty"`
	Topics         []string `json:"topics,omitempty"`
	Municipalities []string `json:"municipalities,omitempty"`
	Executors      []string `json:"executors,omitempty"`
	Assignees      []string `json:"assignees,omitempty"`
	Page           string   `json:"page,omitempty"` // ID of the page the appeal was left on
	// Place is the key of a place: see Place.Key. That of a street is any house of it.
	Place string    `json:"place,omitempty"`
	Since time.Time `json:"since,omitzero"` // the clock began then or later
	Until time.Time `json:"until,omitzero"` // and before this moment
	Kinds []Kind    `json:"kinds,omitempty"`
	// Networks are where an appeal was left: its source, or the network of its page.
	Networks []Source `json:"networks,omitempty"`
	// What follows narrows to the appeals behind a point of a chart.
	Closed Moments   `json:"closed,omitzero"` // the appeal ended
	Took   *Lengths  `json:"took,omitempty"`  // its first response
	Hour   *WeekHour `json:"hour,omitempty"`  // its clock began
	Late   bool      `json:"late,omitempty"`  // its first answer came late, or is overdue
}

// Order is what a list of appeals is ordered by.
type Order string

// Orders of appeals.
const (
	OrderQueue  Order = ""       // as the queue is worked: by deadline, the archive and all newest first
	OrderDue    Order = "due"    // nearest deadline first, those without one last
	OrderNewest Order = "newest" // latest start first
)

// Query asks for a list of appeals.
type Query struct {
	Queue Queue `json:"queue"`
	Filter
	// Own narrows to what is Me's matter: assigned to Me or, where it is assigned to
	// nobody, of one of the Places, of any where there are none.
	Own bool `json:"own,omitempty"`
	// Words is what was typed into the search line: words that all have to occur, in
	// any form, the last one perhaps not typed to its end; "phrases"; -exclusions;
	// numbers of appeals or their beginnings.
	Words string `json:"words,omitempty"`
	Order Order  `json:"order,omitempty"`

	Me     string    `json:"-"` // whose queue «Мои» is
	Places []string  `json:"-"` // Me's municipalities
	Now    time.Time `json:"-"`
	// Gone, where it is not nil, is closed when nobody waits for the answer any more:
	// it may end with CodeCancelled then.
	Gone <-chan struct{} `json:"-"`
}

// Found answers a Query.
type Found struct {
	Records []uint64 // dense record numbers in the order of display, at most ListLimit
	Total   int      // also beyond the limit
	Counts  Counts
	// Cut says that the phrase asked for was looked for in the latest appeals only:
	// its words occur in too many.
	Cut bool
}

// ListLimit bounds a list: beyond it a person narrows the filter.
const ListLimit = 100_000

// Counts of the current result by facet. A facet's own choice is left out of
// its counts, so the other values stay reachable.
type Counts struct {
	Queues         map[Queue]int
	Sources        map[Source]int
	Groups         map[string]int // "": of appeals without one, as in all that follow
	Topics         map[string]int
	Municipalities map[string]int
	Executors      map[string]int
	Assignees      map[string]int
}

// Row is one appeal in a list.
type Row struct {
	Record       uint64
	ID           string
	Number       string
	Heading      string
	Snippet      string
	Source       Source
	Status       Status
	Group        string
	Municipality string
	Assignee     string
	Start        time.Time // zero: not known
	Due          time.Time // zero: no term, or its clock stands
	Unit         Unit      // the term is counted in
	Standing     bool      // the clock stands, with Left of the term
	Left         time.Duration
	Marked       int // see Appeal.Marked
	Attention    Attention
	Pending      bool // holds changes the server has not judged
	Draft        bool
	Forgotten    bool // see Appeal.Forget
}

// Card is one appeal with all that its screen shows.
type Card struct {
	Appeal   *Appeal
	Record   uint64
	Deadline Deadline
	PageName string
	Pending  int // operations not judged yet
	Conflict *Conflict
	Offers   []EventType
	Draft    Draft
	Files    []Attachment // the latest first
	// Suggested are topics it looks like, the likeliest first, where nobody has given it
	// one and this person may.
	Suggested []Suggestion
}

// Draft is what a person has typed and not sent; it stays on this workstation.
type Draft struct {
	Answer string `json:"answer,omitempty"`
	Note   string `json:"note,omitempty"`
	Link   string `json:"link,omitempty"` // of the published answer
	// Ticked are the points of the checklist the answer has passed.
	Ticked []string `json:"ticked,omitempty"`
	// Begun are the words of questions that were not answered yet, by the event.
	Begun map[EventType]Begun `json:"begun,omitempty"`
	At    time.Time           `json:"at,omitzero"`
}

// Begun is what a person has typed into a question.
type Begun struct {
	Text string `json:"text,omitempty"`
	Date string `json:"date,omitempty"` // as typed
}

// Empty says whether there is nothing to keep; ticks without a text are nothing.
func (d Draft) Empty() bool {
	return d.Answer == "" && d.Note == "" && d.Link == "" && len(d.Begun) == 0
}

// Entry is one operation of the outbox or the journal of exchange.
type Entry struct {
	Op       Op
	State    EntryState
	Reason   Code
	Attempts int
	Sent     time.Time // verdict received
	Number   string    // of the appeal
	Heading  string
}

// EntryState is where an operation stands.
type EntryState string

// States of operations.
const (
	EntryWaiting  EntryState = "waiting"
	EntrySent     EntryState = "sent"
	EntryRefused  EntryState = "refused"
	EntryConflict EntryState = "conflict"
	EntryExported EntryState = "exported" // no operation: something was written to a file
	// EntryDisclosed is no operation either: personal data were given out.
	EntryDisclosed EntryState = "disclosed"
	// EntryWithdrawn is one the person took back before it was sent.
	EntryWithdrawn EntryState = "withdrawn"
)

// Store is what the desk needs from the place where data is kept. Every write
// is one transaction.
type Store interface {
	Find(Query) (Found, error)
	// Indexing says of how many appeals the words are indexed, and of how many they
	// are to be: until both are the same, a search finds a part.
	Indexing() (done, total int)
	Row(record uint64) (Row, error)
	Appeal(id string) (*Appeal, error)
	AppealAt(record uint64) (*Appeal, error)
	Record(id string) (uint64, bool)
	// Alike gives the appeals that look like this one, the most alike first.
	Alike(record uint64) ([]Alike, error)
	// Located says where appeals are; what has gone is not among the answers.
	Located(records []uint64) ([]Located, error)
	// History gives what is known of all appeals at a place, by its key.
	History(place string) ([]Trace, error)
	// Soonest gives at most so many open appeals that are due at the moment or later,
	// those that are due first.
	Soonest(from time.Time, most int) ([]Soon, error)
	// Facts calls f with the appeals that match the filter; now decides what is late.
	Facts(filter Filter, now time.Time, f func(*Facts)) error

	Pages() ([]Page, error)
	Page(id string) (Page, bool, error)
	// PageFacts, PageNumber and PageAt know pages by the numbers of this file.
	PageFacts() (PageFacts, error)
	PageNumber(id string) (n uint32, ok bool, err error)
	PageAt(n uint32) (Page, error)
	// Columns gives the counters of all pages by page ID.
	Columns(from, to Day) (map[string]Series, error)
	// Counts gives the counts of a stretch of days of every page that is wanted and
	// has any, on several goroutines; each asks for a worker of its own.
	Counts(from, to Day, wanted func(page uint32) bool, worker func() func(page uint32, counts []uint32)) error
	// Totals adds up the counts of pages, by group and day. group gives the group of a
	// page, below groups, or -1 where it is not asked for. On a day that is not counted
	// a page stands with its last count, which may lie so many days before the period.
	Totals(from, to Day, before, groups int, group func(page uint32) int) (Totals, error)
	// Latest gives, by page number, the last count at or before the day that is not
	// older than so many days, Missing where there is none.
	Latest(day Day, within int) ([]uint32, error)
	// Series gives all counts of one page.
	Series(page string) (Series, error)
	// Days gives the first and the last day that has counters.
	Days() (first, last Day, ok bool, err error)

	// Perform writes the operations, their effects and their outbox entries.
	Perform(ops []Op) error
	// Withdraw takes operations back that nobody else can know of, each withdrawal
	// whole or not at all, in one transaction; done says which were.
	Withdraw(all []Withdrawal, at time.Time) (done []bool, err error)
	PendingFor(appeal string) (int, error)
	// Entries gives the outbox, oldest first, then the journal, newest first.
	Entries(limit int) ([]Entry, error)
	Conflicts() ([]Conflict, error)
	// Exported enters into the journal what was written to a file.
	Exported(x Export, at time.Time) error

	// KeepFile takes a copy of what is to be attached.
	KeepFile(name string, from io.Reader) (File, error)
	HasFile(File) bool
	// FilesUnsent gives the hashes of the files that are not on the server yet.
	FilesUnsent() (map[string]bool, error)
	// Shown gives the path of a copy for other programs, SaveFile writes one where a
	// person wants it; both check the hash first.
	Shown(File) (string, error)
	SaveFile(f File, to string) error
	// ShowSheet keeps a page for the browser until the program ends; Disclosed enters
	// into the journal that personal data of an appeal were given out.
	ShowSheet(page []byte) (path string, err error)
	Disclosed(appeal, how string, at time.Time) error

	// Forget forgets at most so many appeals that ended before the moment, see
	// Appeal.Forget.
	Forget(before time.Time, most int) (int, error)

	Draft(appeal string) (Draft, error)
	SaveDraft(appeal string, d Draft) error

	// Tables gives the region's tables that differ from those shipped, and
	// TablesBefore what one of them was before, the latest first.
	Tables() ([]Table, error)
	TablesBefore(name TableName) ([]Table, error)
	// Reckoning says of how many appeals the terms are reckoned by the tables in
	// force, and of how many they are to be.
	Reckoning() (done, total int)

	Setting(name string) (string, error)
	SaveSetting(name, value string) error

	// Size of the database on disk, in bytes.
	Size() int64
	Upkeep() Upkeep
	// Path of the database.
	Path() string
	// OnCommit names the listener for committed changes.
	OnCommit(func(Changed))
}

// Waiting is the state of the outbox in figures.
type Waiting struct {
	Pending   int // operations without a verdict
	Held      int // of them: the server waits for what they build on
	Refused   int
	Conflicts int       // that wait for a choice
	Oldest    time.Time // of the pending
}

// Changed says what a committed transaction touched.
type Changed struct {
	Appeals, Pages, Outbox, Exchange, Settings bool
	Index                                      bool // more words are indexed
	Tables                                     bool // other tables of the region are in force
	Terms                                      bool // the terms of more appeals are reckoned by them
}

// Link is the state of the connection with the central API.
type Link string

// States of the link.
const (
	LinkConnecting Link = "connecting" // not known yet
	LinkOnline     Link = "online"
	LinkOffline    Link = "offline" // no connection
	LinkOff        Link = "off"     // work offline was chosen
	LinkRefused    Link = "refused" // the server does not let this device in
)

// ExchangeState is the truth about the exchange, as far as this side knows it.
type ExchangeState struct {
	Link      Link
	Server    string
	Reason    Code      // why the link is down
	Last      time.Time // last completed exchange
	Latency   time.Duration
	Cursor    uint64 // last change applied
	Head      uint64 // last change the server has told of
	Received  int    // changes received today
	ReceivedA int    // of them about appeals
	Rows      int    // of a snapshot that is being taken in; 0 while none is
	RowsDone  int    // of them taken in
	Pending   int
	Held      int       // of the pending: wait for what they build on
	Oldest    time.Time // oldest pending operation
	Refused   int
	Conflicts int
}

// Loading says whether a snapshot is being taken in.
func (s ExchangeState) Loading() bool { return s.Rows > 0 }

// Exchange is what the desk needs from the exchange engine.
type Exchange interface {
	State() ExchangeState
	// Wake asks for an exchange now.
	Wake()
	// WorkOffline switches the exchange off and on.
	WorkOffline(bool)
	// Fetch asks for a file that an appeal names.
	Fetch(File)
	// Transfers gives the files on their way, by their hashes.
	Transfers() map[string]Transfer
	// Beside tells the server what is open here, and gives who else has it open.
	Beside(ctx context.Context, appeal string, doing Doing) ([]Companion, error)
}
