package channel

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"otklik/app"
)

// Platform speaks one platform's language. What it can do besides is said by the
// other interfaces it implements: Poller, Sender, Counter.
type Platform interface {
	Source() app.Source
	// Verify asks whether a request comes from the platform, on its raw bytes and before
	// anything is kept. Errors: ErrForged.
	Verify(Delivery) error
	// Take says under which keys a delivery is kept, and what the platform wants to hear.
	// An error is of a delivery that cannot be read at all.
	Take(body []byte) (Taken, error)
	// Read tells what people wrote in a delivery that was taken. What it does not know
	// tells nothing and is no error.
	Read(body []byte) ([]Message, error)
	// Check asks the platform whether the credentials work, and says what is wrong in a
	// sentence for the administrator.
	Check(ctx context.Context) error
}

// ErrForged says that a delivery does not come from the platform.
var ErrForged = errors.New("the delivery is not signed as the platform signs")

// Delivery is one request of a platform as it came.
type Delivery struct {
	Header http.Header
	Query  url.Values
	From   string // address of the sender
	Body   []byte
}

// Taken says what to do with a delivery.
type Taken struct {
	// Keys are what it is known by on the platform: where one of them was taken before,
	// the delivery is a repetition. None: nothing is kept (a check of the address).
	Keys  []string
	Reply Reply
}

// Reply is what the platform wants to hear once the delivery is kept; the zero Reply
// is 200 with an empty body.
type Reply struct {
	Status int
	Type   string
	Body   string
}

// Message is what a citizen wrote.
type Message struct {
	Key  string // unique on the platform: the same one again is the same message
	Chat string // the conversation an answer goes to
	// Thread is what an answer is put under: a message, a comment, a post; in the
	// platform's own words, read by its Sender alone.
	Thread string
	// Album joins messages that are one, however many deliveries they come in.
	Album   string
	ReplyTo string // Key of the message it answers
	// Edits is the Key of the message whose text this one replaces.
	Edits string

	Author  string // as the platform shows the name
	Contact string // address of the author, or of the conversation, on the platform
	Text    string
	At      time.Time
	Link    string // where it can be read
	Page    string // the page it was left on, by its address as the registry's IDs are made: "vk.com/club7"
	Public  bool   // a comment, and not a private message
	Hello   bool   // somebody opened the conversation and wrote nothing yet
	Files   []Enclosure

	// Report tells what became of an answer of ours; then this is no message. nil: it is.
	Report *Report

	// What a platform that knows more says of an appeal.
	Number       string // in the platform, by which its answers are asked for
	Group, Topic string
	Municipality string
	Place        string
	Kind         app.Kind // "": an incident
	Due          time.Time
}

// Report is what a platform tells later of an answer it took.
type Report struct {
	ID  string // that Send gave
	How app.Delivery
	Why Reason // where it is refused after all
}

// Enclosure is a file of a message. Links expire: it is fetched at once.
type Enclosure struct {
	Name string
	// Ref is a link, or what Fetch of the platform takes for one.
	Ref  string
	Size int64 // 0: not told
}

// Fetcher is a platform whose files need more than a link.
type Fetcher interface {
	Fetch(ctx context.Context, e Enclosure, most int64) ([]byte, error)
}

// Poller is a platform that can be asked for what is new.
type Poller interface {
	// Poll gives the deliveries after the cursor, waiting for them as long as the
	// platform lets it, and the cursor that confirms them. Lost says that the platform
	// has dropped some meanwhile.
	Poll(ctx context.Context, cursor string) (Polled, error)
}

// Polled is what a poll has brought.
type Polled struct {
	Bodies [][]byte
	Next   string
	Lost   bool
}

// Sender is a platform that takes answers.
type Sender interface {
	// Send sends an answer once. The id is the Key by which a citizen's reply names what
	// was sent, and by which a Report does; "" where the platform does not tell. Errors: *Wait where it has to come later, *Refused
	// where it never will, ErrNotSent where it surely did not leave; after any other
	// error nobody knows.
	Send(ctx context.Context, a Answer) (id string, err error)
	// Again is for how long sending the same answer again is one answer to the citizen,
	// from the first time on; 0: each is another one.
	Again() time.Duration
	// Most is how many letters an answer may have.
	Most() int
}

// Answer on its way to a citizen.
type Answer struct {
	ID     string // of the event
	Random int64  // follows from ID, not 0: what platforms know repetitions by
	Chat   string
	Thread string
	Public bool
	Text   string
}

// Wait says that the platform wants the answer later.
type Wait struct{ For time.Duration }

func (w *Wait) Error() string { return "the platform asks to wait " + w.For.String() }

// Refused says that the platform will never take the answer, with its reason for the
// operator.
type Refused struct {
	Code   string // of the platform: "403"
	Reason Reason
}

func (r *Refused) Error() string { return "the platform refuses the answer: " + r.Code }

// Reason of a refusal, put into words by the workstation.
type Reason string

// Reasons.
const (
	ReasonBlocked Reason = "blocked" // the citizen has blocked us or never wrote
	ReasonGone    Reason = "gone"    // the conversation, post or comment is not there any more
	ReasonClosed  Reason = "closed"  // comments are closed, or the rights are missing
	ReasonText    Reason = "text"    // the platform does not take the text
	ReasonAccess  Reason = "access"  // the credentials are wrong
	ReasonDevice  Reason = "device"  // the citizen's device shows no such messages
	ReasonLine    Reason = "line"    // the line is not served any more; said by the hub
	ReasonOther   Reason = "other"   //
)

// ErrNotSent says that the answer surely did not leave: nobody was reached.
var ErrNotSent = errors.New("the platform was not reached")

// Counter is a platform that tells how many subscribers pages have.
type Counter interface {
	// Batch is how many pages one call asks for.
	Batch() int
	// Count gives what is known of the pages, by their IDs here. A page that is absent
	// was not counted: a failure is a gap, never a zero.
	Count(ctx context.Context, pages []app.Page) (map[string]Counted, error)
}

// Counted is what a platform tells of a page.
type Counted struct {
	Subscribers uint32
	// What else it tells; nil, zero and "" where it does not.
	PostsWeek *int
	LastPost  time.Time
	Marks     map[string]bool // by app.Mark…: there or not
	External  string          // number of the page on the network
}
