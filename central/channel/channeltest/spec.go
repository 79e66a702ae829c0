package channeltest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"otklik/central/channel"
)

// Spec is what only a platform knows of itself.
type Spec struct {
	// New gives a line of the platform that finds it at base.
	New func(base string) channel.Line

	// Message is a delivery of what a citizen wrote at the moment. Each n is a message of
	// a conversation of its own; the same n again is the same message. IDs are beyond 2⁵³
	// wherever the platform's own go so far.
	Message func(n int, at time.Time, text string) []byte
	// Chat is the conversation of Message n, as Sent tells it.
	Chat func(n int) string
	// Picture is a message with one picture, which the platform has at base: Other gives
	// it out. nil: none come this way.
	Picture func(n int, at time.Time, base string) []byte
	Unknown []byte // an event of a type nobody has heard of
	Empty   []byte // a message without a text and without files

	// Post says how the platform delivers a body; nil: the body alone.
	Post func(body []byte) Post
	// Forged are deliveries that are not the platform's, by what is wrong with them: the
	// secret, or that it is missing.
	Forged map[string]func(body []byte) Post
	Signed bool   // the signature is over the bytes of the body
	Reply  string // what the platform wants to hear

	// Sent reads an answer out of a call; ok is false where the call is another one,
	// which Other replies to. Both are nil where no answers go out.
	Sent  func(r *http.Request, body []byte) (s Sent, ok bool)
	Other http.Handler
	// Say replies to an answer as the platform does.
	Say func(w http.ResponseWriter, how Outcome)
	// Busy is for how long the line has to be still after Say has said so.
	Busy time.Duration
	// Refusal is the reason the operator sees once Say has refused.
	Refusal channel.Reason
}

// Post is one delivery.
type Post struct {
	Header http.Header
	Query  string
	Body   []byte
}

// Sent is an answer the platform got.
type Sent struct {
	Chat, Text string
	// Number is what the platform knows repetitions by; "" where it does not.
	Number string
	At     time.Time // set by the suite
}

// Outcome is what becomes of an answer at the platform.
type Outcome int

// Outcomes.
const (
	Accepts Outcome = iota
	Waits           // too many: later
	Refuses         // never
	hangsUp         // no reply; nobody knows
)

// standIn is the platform as far as a line sees it.
type standIn struct {
	*httptest.Server
	spec Spec

	mu   sync.Mutex
	next []Outcome
	sent []Sent
}

func newStandIn(t *testing.T, spec Spec, next ...Outcome) *standIn {
	s := &standIn{spec: spec, next: next}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if s.spec.Sent != nil {
		if sent, ok := s.spec.Sent(r, body); ok {
			s.answer(w, sent)
			return
		}
	}
	if s.spec.Other == nil {
		http.NotFound(w, r)
		return
	}
	s.spec.Other.ServeHTTP(w, r)
}

func (s *standIn) answer(w http.ResponseWriter, sent Sent) {
	sent.At = time.Now()
	how := Accepts
	s.mu.Lock()
	s.sent = append(s.sent, sent)
	if len(s.next) > 0 {
		how, s.next = s.next[0], s.next[1:]
	}
	s.mu.Unlock()
	if how == hangsUp {
		panic(http.ErrAbortHandler)
	}
	s.spec.Say(w, how)
}

func (s *standIn) got() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Sent{}, s.sent...)
}
