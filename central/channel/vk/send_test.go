package vk

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"otklik/central/channel"
)

func TestAnswers(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	for name, c := range map[string]struct {
		a      channel.Answer
		method string
		want   url.Values
	}{
		"a message": {
			channel.Answer{Random: 77, Chat: "9007199254740995", Text: "Да & <b>"},
			"messages.send",
			url.Values{"peer_id": {"9007199254740995"}, "message": {"Да & <b>"}, "random_id": {"77"}, "v": {"5.199"}},
		},
		"to a conversation of several": {
			channel.Answer{Random: 78, Chat: "2000000003", Thread: "chat/2000000003/8", Text: "Да"},
			"messages.send",
			url.Values{
				"peer_id": {"2000000003"}, "message": {"Да"}, "random_id": {"78"}, "v": {"5.199"},
				"forward": {`{"peer_id":2000000003,"conversation_message_ids":[8],"is_reply":1}`},
			},
		},
		"under a post": {
			channel.Answer{Random: 79, Chat: "wall-7_6", Thread: "wall/-9007199254740993/6/9", Public: true, Text: "Да"},
			"wall.createComment",
			url.Values{
				"owner_id": {"-9007199254740993"}, "post_id": {"6"}, "reply_to_comment": {"9"}, "from_group": {"9007199254740993"},
				"message": {"Да"}, "guid": {"79"}, "v": {"5.199"},
			},
		},
		"in a discussion": {
			channel.Answer{Random: 80, Chat: "topic-7_6", Thread: "board/-9007199254740993/6/9", Public: true, Text: "Да"},
			"board.createComment",
			url.Values{"group_id": {"9007199254740993"}, "topic_id": {"6"}, "from_group": {"1"}, "message": {"Да"}, "guid": {"80"}, "v": {"5.199"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			id, err := p.Send(t.Context(), c.a)
			again, errAgain := p.Send(t.Context(), c.a)
			if err != nil || errAgain != nil || id == "" || id != again {
				t.Errorf("%q %v, again %q %v", id, err, again, errAgain)
			}
			got := s.of(c.method)
			if len(got) < 2 || !maps.EqualFunc(got[len(got)-1], c.want, func(a, b []string) bool { return a[0] == b[0] }) {
				t.Errorf("%v", got)
			}
		})
	}
	if p.Again() <= 0 || p.Most() != 9000 {
		t.Error("VK knows repetitions, and takes 9000 letters")
	}
}

func TestWithoutAPersonDiscussionsAreClosed(t *testing.T) {
	s := newStandIn(t)
	c := s.config()
	c.UserToken = ""
	_, err := New(c).Send(t.Context(), channel.Answer{Thread: "board/-7/6/9", Random: 1, Public: true, Text: "Да"})
	var no *channel.Refused
	if !errors.As(err, &no) || no.Reason != channel.ReasonClosed || len(s.of("board.createComment")) != 0 {
		t.Errorf("%v", err)
	}
}

func TestWhatBecomesOfAnAnswer(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	send := func(said string) error {
		s.next("messages.send", said)
		_, err := p.Send(t.Context(), channel.Answer{Chat: "5", Random: 7, Text: "Да"})
		if err != nil && strings.Contains(err.Error(), "TOKEN") {
			t.Errorf("a token is shown: %v", err)
		}
		return err
	}
	for code, pause := range map[int]time.Duration{6: time.Second, 9: time.Minute, 29: 10 * time.Minute} {
		var w *channel.Wait
		if err := send(refusal(code, "Too many requests per second")); !errors.As(err, &w) || w.For != pause {
			t.Errorf("%d: %v", code, err)
		}
	}
	var w *channel.Wait
	if err := send("429"); !errors.As(err, &w) {
		t.Errorf("429: %v", err)
	}
	for code, reason := range map[int]channel.Reason{
		900: channel.ReasonBlocked, 901: channel.ReasonBlocked, 902: channel.ReasonBlocked, 7: channel.ReasonClosed, 15: channel.ReasonClosed,
		212: channel.ReasonClosed, 213: channel.ReasonClosed, 27: channel.ReasonAccess, 5: channel.ReasonAccess, 914: channel.ReasonText,
		917: channel.ReasonGone, 100: channel.ReasonOther, 14: channel.ReasonOther,
	} {
		var no *channel.Refused
		if err := send(refusal(code, "no")); !errors.As(err, &no) || no.Reason != reason {
			t.Errorf("%d: %v", code, err)
		}
	}
	for _, said := range []string{"500", refusal(1, "Unknown error occurred"), refusal(10, "Internal server error"), "<html>", `{}`} {
		var no *channel.Refused
		var w *channel.Wait
		if err := send(said); err == nil || errors.As(err, &no) || errors.As(err, &w) || errors.Is(err, channel.ErrNotSent) {
			t.Errorf("%s: nobody knows, %v", said, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	s.next("messages.send", "hang")
	if _, err := p.Send(ctx, channel.Answer{Chat: "5", Random: 7, Text: "Да"}); err == nil || errors.Is(err, channel.ErrNotSent) {
		t.Errorf("a time-out: %v", err)
	}
	s.Close()
	if err := send(""); !errors.Is(err, channel.ErrNotSent) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestAFixtureOfARefusalShowsNothingSecret(t *testing.T) {
	body := string(fixture(t, "14"))
	s := newStandIn(t)
	s.next("messages.send", body)
	_, err := New(s.config()).Send(t.Context(), channel.Answer{Chat: "5", Random: 7, Text: "Да"})
	var no *channel.Refused
	if !errors.As(err, &no) || no.Code != "14" || strings.Contains(err.Error(), "1fe7889c") {
		t.Errorf("%v", err)
	}
}

func TestTheAddressMayBeNone(t *testing.T) {
	c := Config{BaseURL: "://", Token: token, Client: http.DefaultClient}
	if _, err := New(c).Send(t.Context(), channel.Answer{Chat: "5", Text: "Да"}); !errors.Is(err, channel.ErrNotSent) {
		t.Errorf("%v", err)
	}
}
