package vk

import (
	"strings"
	"testing"

	"otklik/central/channel"
)

func TestPolls(t *testing.T) {
	s := newStandIn(t)
	p := NewPolling(s.config())
	poll := func(p *Polling, cursor string) channel.Polled {
		t.Helper()
		got, err := p.Poll(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := poll(p, "")
	if first.Next != "100" || len(first.Bodies) != 0 || first.Lost {
		t.Errorf("nothing yet: %+v", first)
	}
	s.happens(string(envelope("message_new", `{}`)), string(envelope("moonshot", `{}`)))
	got := poll(p, first.Next)
	if got.Next != "102" || len(got.Bodies) != 2 || !strings.Contains(string(got.Bodies[0]), "message_new") {
		t.Errorf("%+v", got)
	}
	if len(s.of("groups.getLongPollServer")) != 1 {
		t.Error("the key is asked for once")
	}
	// After a restart the cursor is all there is.
	if again := poll(NewPolling(s.config()), "101"); len(again.Bodies) != 1 || again.Next != "102" {
		t.Errorf("%+v", again)
	}
	s.key++
	if again := poll(p, "101"); len(again.Bodies) != 1 || again.Lost {
		t.Errorf("with a new key: %+v", again)
	}
	if old := poll(p, "7"); old.Next != "100" || !old.Lost || len(old.Bodies) != 0 {
		t.Errorf("from too long ago: %+v", old)
	}
	if lost := poll(p, "no number"); lost.Next != "100" || !lost.Lost {
		t.Errorf("all is lost: %+v", lost)
	}
}

func TestPollsFail(t *testing.T) {
	s := newStandIn(t)
	p := NewPolling(s.config())
	s.next("groups.getLongPollServer", refusal(15, "Access denied: Long Poll is off"), `{"response":{"key":"STALE","server":"`+s.URL+`/whp/7","ts":"1"}}`, `{"response":{"key":"STALE","server":"`+s.URL+`/whp/7","ts":"1"}}`)
	if _, err := p.Poll(t.Context(), ""); err == nil || strings.Contains(err.Error(), "TOKEN") {
		t.Errorf("%v", err)
	}
	if _, err := p.Poll(t.Context(), ""); err == nil {
		t.Error("a key that is never taken is an error, and no loop")
	}
	if _, err := p.Poll(t.Context(), ""); err != nil {
		t.Error(err)
	}
	s.Close()
	if _, err := p.Poll(t.Context(), "100"); err == nil || strings.Contains(err.Error(), "KEY") {
		t.Errorf("%v", err)
	}
}

// What VK's own clients are tested with is read as it is meant.
func TestFailuresOfFixtures(t *testing.T) {
	for name, failed := range map[string]int{"Failed1": 1, "Failed1Ts": 1, "Failed2": 2, "Failed3": 3} {
		s := newStandIn(t)
		body := fixture(t, "GetBotsLongPollHistory_"+name)
		s.says["/whp/7"] = []string{string(body)}
		p := NewPolling(s.config())
		q, err := p.queue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.ask(t.Context(), q, "100")
		if err != nil || got.Failed != failed || failed == 1 && got.TS != "10" {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}
