package channeltest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central/channel"
)

// name of the line under test.
const name = "line"

// suite is one case: a world with one line, and the platform it speaks with.
type suite struct {
	*World
	t     *testing.T
	spec  Spec
	there *standIn
	line  channel.Line
	begun time.Time // when the first citizen wrote
}

// Run puts a platform to the test: what comes in, and what goes out.
func Run(t *testing.T, spec Spec) {
	for what, test := range map[string]func(*suite){
		"a message is an appeal":                           (*suite).message,
		"a picture comes along":                            (*suite).picture,
		"an unknown type is kept":                          (*suite).unknown,
		"nothing written is nothing":                       (*suite).empty,
		"fifty at once are one":                            (*suite).fifty,
		"a later message comes first":                      (*suite).order,
		"not kept and repeated":                            (*suite).notKept,
		"killed between keeping and acknowledging":         (*suite).killedBeforeReply,
		"killed between acknowledging and reading":         (*suite).killedAfterReply,
		"what is not signed is refused":                    (*suite).forged,
		"a signature is over the bytes":                    (*suite).rewritten,
		"an answer goes out once":                          (*suite).answer,
		"an answer waits as long as it is asked to":        (*suite).waits,
		"an answer that is refused stops":                  (*suite).refused,
		"an answer nobody knows of":                        (*suite).hangsUp,
		"an answer the region does not let out stays here": (*suite).off,
	} {
		t.Run(what, func(t *testing.T) {
			test(&suite{t: t, spec: spec, begun: time.Now().Add(-time.Hour).UTC().Truncate(time.Second)})
		})
	}
}

// start brings the world up; the platform answers what goes out as told.
func (s *suite) start(o channel.Options, next ...Outcome) {
	s.t.Helper()
	s.there = newStandIn(s.t, s.spec, next...)
	s.line = s.spec.New(s.there.URL)
	s.line.Name, s.line.Title, s.line.Greeting, s.line.Accepted = name, "Бот", "", ""
	s.World = NewWorld(s.t, o, s.line)
}

func (s *suite) wrote(n int) []byte {
	return s.spec.Message(n, s.at(n), "Нет света на улице")
}

func (s *suite) at(n int) time.Time { return s.begun.Add(time.Duration(n) * time.Minute) }

func (s *suite) posted(body []byte) Post {
	if s.spec.Post == nil {
		return Post{Body: body}
	}
	return s.spec.Post(body)
}

func (s *suite) post(p Post) (status int, reply string) {
	s.t.Helper()
	return s.Deliver(name, p.Header, p.Query, p.Body)
}

// taken delivers what has to be acknowledged.
func (s *suite) taken(body []byte) {
	s.t.Helper()
	if status, reply := s.post(s.posted(body)); status != http.StatusOK || reply != s.spec.Reply {
		s.t.Fatalf("%d %q, want 200 %q", status, reply, s.spec.Reply)
	}
}

// one waits until everything is read, of which there is one appeal then.
func (s *suite) one() *app.Appeal {
	s.t.Helper()
	a := s.Appeal()
	s.allRead()
	if n := len(s.Appeals()); n != 1 {
		s.t.Fatalf("%d appeals of one message", n)
	}
	return a
}

func (s *suite) allRead() {
	s.t.Helper()
	s.Until("everything is read", func() bool { return len(s.Shelf("inbox/"+name)) == 0 })
}

func (s *suite) message() {
	s.start(channel.Options{})
	s.Run()
	s.taken(s.wrote(1))
	a := s.one()
	if a.Text != "Нет света на улице" || a.Source != s.line.Platform.Source() || a.Channel != name || a.Status != app.StatusNew {
		s.t.Errorf("%+v", a)
	}
	if start, ok := a.Start(); !ok || !start.At.Equal(s.at(1)) {
		s.t.Errorf("the clock begins at %s, the citizen wrote at %s", start.At, s.at(1))
	}
	s.taken(s.wrote(1))
	s.one()
}

func (s *suite) picture() {
	if s.spec.Picture == nil {
		s.t.Skip("no pictures come this way")
	}
	s.start(channel.Options{})
	s.Run()
	s.taken(s.spec.Picture(1, s.at(1), s.there.URL))
	a := s.one()
	files := 0
	for _, e := range a.Events {
		files += len(e.Files)
		if e.Type == app.EventNote {
			s.t.Errorf("%s", e.Text)
		}
	}
	if files != 1 {
		s.t.Errorf("%d files", files)
	}
}

func (s *suite) unknown() {
	s.start(channel.Options{})
	s.taken(s.spec.Unknown)
	if kept := s.Shelf("inbox/" + name); len(kept) != 1 || !bytes.Equal(kept[0], s.spec.Unknown) {
		s.t.Fatalf("kept %q", kept)
	}
	s.Run()
	s.allRead()
	if kept := s.Shelf("odd/" + name); len(kept) != 1 || !bytes.Equal(kept[0], s.spec.Unknown) {
		s.t.Errorf("kept %q", kept)
	}
	if n := len(s.Appeals()); n != 0 {
		s.t.Errorf("%d appeals", n)
	}
}

func (s *suite) empty() {
	s.start(channel.Options{})
	s.Run()
	s.taken(s.spec.Empty)
	s.allRead()
	if n := len(s.Appeals()); n != 0 {
		s.t.Errorf("%d appeals", n)
	}
}

func (s *suite) fifty() {
	s.start(channel.Options{})
	s.Run()
	body := s.wrote(1)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			p := s.posted(body)
			if status, reply, err := s.deliver(name, p.Header, p.Query, p.Body); err != nil || status != http.StatusOK || reply != s.spec.Reply {
				s.t.Errorf("%d %q %v", status, reply, err)
			}
		})
	}
	all.Wait()
	s.one()
}

// order: platforms promise none, and nothing may be left out because something later
// was there before.
func (s *suite) order() {
	s.start(channel.Options{})
	s.Run()
	s.taken(s.wrote(2))
	s.one()
	s.taken(s.wrote(1))
	s.Until("both are appeals", func() bool { return len(s.Appeals()) == 2 })
	begun := map[time.Time]bool{}
	for _, a := range s.Appeals() {
		start, _ := a.Start()
		begun[start.At.UTC()] = true
	}
	if !begun[s.at(1)] || !begun[s.at(2)] {
		s.t.Errorf("they begin at %v", begun)
	}
}

func (s *suite) notKept() {
	s.start(channel.Options{})
	s.FailNext(false)
	if status, _ := s.post(s.posted(s.wrote(1))); status != http.StatusServiceUnavailable {
		s.t.Fatalf("%d of what was not kept", status)
	}
	s.Run()
	s.taken(s.wrote(1))
	s.one()
}

func (s *suite) killedBeforeReply() {
	s.start(channel.Options{})
	s.FailNext(true)
	if status, _ := s.post(s.posted(s.wrote(1))); status != http.StatusServiceUnavailable {
		s.t.Fatalf("%d before it is known to be kept", status)
	}
	s.Kill()
	s.Start()
	s.Run()
	s.taken(s.wrote(1))
	s.one()
}

// killedAfterReply: the platform believes us, and will not repeat. Acknowledged is what
// nobody has begun to read, however long that takes.
func (s *suite) killedAfterReply() {
	s.start(channel.Options{})
	s.taken(s.wrote(1))
	if n := len(s.Appeals()); n != 0 {
		s.t.Fatalf("%d appeals before anything is read", n)
	}
	s.Kill()
	s.Start()
	s.Run()
	s.one()
}

func (s *suite) forged() {
	if len(s.spec.Forged) == 0 {
		s.t.Skip("the platform signs nothing")
	}
	s.start(channel.Options{})
	for what, forge := range s.spec.Forged {
		if status, _ := s.post(forge(s.wrote(1))); status != http.StatusForbidden {
			s.t.Errorf("%s: %d", what, status)
		}
	}
	s.noneKept()
	s.Run()
	s.taken(s.wrote(1)) // the true one is not held for a repetition
	s.one()
}

func (s *suite) rewritten() {
	if !s.spec.Signed {
		s.t.Skip("the platform does not sign the bytes")
	}
	s.start(channel.Options{})
	p := s.posted(s.wrote(1))
	var again bytes.Buffer
	if err := json.Indent(&again, p.Body, "", "\t"); err != nil {
		s.t.Fatal(err)
	}
	p.Body = again.Bytes()
	if status, _ := s.post(p); status != http.StatusForbidden {
		s.t.Errorf("%d", status)
	}
	s.noneKept()
}

func (s *suite) noneKept() {
	s.t.Helper()
	for _, shelf := range []string{"inbox/", "seen/", "odd/"} {
		if kept := s.Shelf(shelf + name); len(kept) != 0 {
			s.t.Errorf("%s holds %d", shelf, len(kept))
		}
	}
}
