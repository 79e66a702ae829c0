package max

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v5"

	"otklik/central/channel"
)

func TestAnAnswerIsAReplyInItsConversation(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	for i, c := range []struct {
		answer channel.Answer
		want   asked
	}{
		{channel.Answer{Chat: "chat_id=-9007199254740993", Thread: "mid.7", Text: "Свет *дадут* к_вечеру"}, asked{"POST /messages", "chat_id=-9007199254740993", `{"text":"Свет *дадут* к_вечеру","link":{"type":"reply","mid":"mid.7"}}`}},
		{channel.Answer{Chat: "user_id=123456789", Text: "Здравствуйте"}, asked{"POST /messages", "user_id=123456789", `{"text":"Здравствуйте"}`}},
	} {
		id, err := p.Send(t.Context(), c.answer)
		if got := s.of("POST /messages"); err != nil || !strings.HasPrefix(id, "mid.sent") || len(got) != i+1 || got[i] != c.want {
			t.Errorf("%q %v\ngot  %+v\nwant %+v", id, err, got, c.want)
		}
	}
}

func TestWhatMAXSaysOfAnAnswer(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	for _, c := range []struct {
		says   string
		public bool
		code   string // "": nobody knows what became of it
		reason channel.Reason
	}{
		{`403 {"code":"chat.denied","message":"error.dialog.suspended"}`, false, "403 chat.denied", channel.ReasonBlocked},
		{`403 {"code":"chat.denied","message":"chat.send.msg.no.permission.because.not.admin"}`, true, "403 chat.denied", channel.ReasonClosed},
		{`404 {"code":"chat.not.found","message":"Chat 182182182 not found"}`, false, "404 chat.not.found", channel.ReasonGone},
		{`400 {"code":"proto.payload","message":"Property text must be less than 4000"}`, false, "400 proto.payload", channel.ReasonText},
		{`401 {"code":"verify.token","message":"Invalid access_token"}`, false, "401 verify.token", channel.ReasonAccess},
		{`400 {"code":"something.new","message":""}`, false, "400 something.new", channel.ReasonOther},
		{`500 {"code":"internal.error","message":"Internal error"}`, false, "", ""},
		{`200 {"success":false,"message":"no"}`, false, "", ""},
		{`503 <html>a proxy</html>`, false, "", ""},
		{`403 <html>a filter</html>`, false, "", ""},
	} {
		s.next("POST /messages", c.says)
		_, err := p.Send(t.Context(), channel.Answer{Chat: "chat_id=1", Text: "Да", Public: c.public})
		var r *channel.Refused
		switch is := errors.As(err, &r); {
		case err == nil, errors.Is(err, channel.ErrNotSent), is != (c.code != ""), is && (r.Code != c.code || r.Reason != c.reason):
			t.Errorf("%s: %v %+v", c.says, err, r)
		}
	}
	s.next("POST /messages", `429 {"code":"too.many.requests","message":"Rate limit exceeded"}`)
	_, err := p.Send(t.Context(), channel.Answer{Chat: "chat_id=1", Text: "Да"})
	var w *channel.Wait
	if !errors.As(err, &w) || w.For != 3*time.Second {
		t.Error(err)
	}
}

func TestNobodyKnowsWhatBecameOfAnAnswerThatTookTooLong(t *testing.T) {
	s := newStandIn(t)
	s.next("POST /messages", "hang")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	p := New(s.config())
	_, err := p.Send(ctx, channel.Answer{Chat: "chat_id=1", Text: "Да"})
	var r *channel.Refused
	if err == nil || errors.Is(err, channel.ErrNotSent) || errors.As(err, &r) {
		t.Error(err)
	}
	s.Close()
	if _, err := p.Send(t.Context(), channel.Answer{Chat: "chat_id=1", Text: "Да"}); !errors.Is(err, channel.ErrNotSent) {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestPollsGoOnWhereTheyStopped(t *testing.T) {
	s := newStandIn(t)
	p := NewPolling(s.config())
	p.wait = time.Second
	got, err := p.Poll(t.Context(), "")
	if err != nil || len(got.Bodies) != 0 || got.Next != "" {
		t.Errorf("%+v %v", got, err)
	}
	for _, u := range []string{`{"update_type":"message_created","message":{"body":{"mid":"mid.1"}}}`, `{"update_type":"moonshot"}`} {
		s.updates = append(s.updates, []byte(u))
	}
	if got, err = p.Poll(t.Context(), got.Next); err != nil || len(got.Bodies) != 2 || got.Next != "9007199254740995" {
		t.Fatalf("%+v %v", got, err)
	}
	if got, err = p.Poll(t.Context(), got.Next); err != nil || len(got.Bodies) != 0 || got.Next != "9007199254740995" {
		t.Errorf("%+v %v", got, err)
	}
	if q := s.of("GET /updates")[2].Query; q != "limit=100&marker=9007199254740995&timeout=1&types=message_created%2Cmessage_edited%2Cbot_started" {
		t.Error(q)
	}
	if err := p.Verify(channel.Delivery{Header: http.Header{secretHeader: {secret}}}); err == nil {
		t.Error("who polls believes a webhook")
	}
}

func TestFilesAreFetched(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	for _, ref := range []string{s.URL + "/i/photo", "video:FILM"} {
		data, err := p.Fetch(t.Context(), channel.Enclosure{Ref: ref}, 100)
		if err != nil || string(data) != string(picture) {
			t.Errorf("%s: %q %v", ref, data, err)
		}
	}
	s.next("GET /videos/FILM", `200 {"token":"FILM","urls":null}`)
	var never *backoff.PermanentError
	for _, e := range []channel.Enclosure{{Ref: "video:FILM"}, {Ref: "video:GONE"}, {Ref: s.URL + "/i/photo", Size: 101}} {
		if _, err := p.Fetch(t.Context(), e, 100); !errors.As(err, &never) || strings.Contains(err.Error(), "GONE") {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

func TestACheckSaysWhatIsWrong(t *testing.T) {
	s := newStandIn(t)
	p, polling := New(s.config()), NewPolling(s.config())
	for _, c := range []struct {
		hooks, webhook, poll string // words of what is wrong
	}{
		{`[{"url":"https://region.example/channels/max/SECRET","time":1,"update_types":null}]`, "", "a webhook is subscribed, to region.example: "},
		{`[{"url":"https://region.example/x","time":1,"update_types":["bot_added"]}]`, "message_created", "a webhook is subscribed"},
		{`[{"url":"https://region.example/x","time":1,"update_types":["message_created"]}]`, "", "a webhook is subscribed"},
		{`[]`, "unsubscribes without a word", ""},
	} {
		s.hooks = c.hooks
		for _, said := range []struct {
			want string
			err  error
		}{{c.webhook, p.Check(t.Context())}, {c.poll, polling.Check(t.Context())}} {
			if (said.err == nil) != (said.want == "") || said.err != nil && (!strings.Contains(said.err.Error(), said.want) || strings.Contains(said.err.Error(), "SECRET")) {
				t.Errorf("%s: %v", c.hooks, said.err)
			}
		}
	}
	foreign := s.config()
	foreign.Token = "FOREIGN"
	if err := New(foreign).Check(t.Context()); err == nil || !strings.Contains(err.Error(), "none MAX knows") || strings.Contains(err.Error(), "FOREIGN") {
		t.Error(err)
	}
	mute := s.config()
	mute.Secret = ""
	if err := New(mute).Check(t.Context()); err == nil || !strings.Contains(err.Error(), "needs a secret") {
		t.Error(err)
	}
}
