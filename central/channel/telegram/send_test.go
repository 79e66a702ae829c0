package telegram

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v5"

	"otklik/app"
	"otklik/central/channel"
)

func TestAnAnswerIsAReplyInItsConversation(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	for _, c := range []struct {
		answer channel.Answer
		body   string
	}{
		{channel.Answer{Chat: "42", Thread: "7", Text: "Свет *дадут* к_вечеру"}, `{"chat_id":42,"text":"Свет *дадут* к_вечеру","reply_parameters":{"message_id":7,"allow_sending_without_reply":true}}`},
		{channel.Answer{Chat: "-1001234567890", Thread: "7", Text: "Да", Public: true}, `{"chat_id":-1001234567890,"text":"Да","reply_parameters":{"message_id":7}}`},
		{channel.Answer{Chat: "9007199254740993", Text: "Здравствуйте"}, `{"chat_id":9007199254740993,"text":"Здравствуйте"}`},
	} {
		id, err := p.Send(t.Context(), c.answer)
		bodies := s.of("sendMessage")
		if err != nil || bodies[len(bodies)-1] != c.body || !strings.HasPrefix(id, c.answer.Chat+"/900") {
			t.Errorf("%q %v\ngot  %s\nwant %s", id, err, bodies[len(bodies)-1], c.body)
		}
	}
}

func TestWhatTelegramSaysOfAnAnswer(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	for _, c := range []struct {
		says   string
		public bool
		code   string // "": nobody knows what became of it
		reason channel.Reason
	}{
		{fail(403, "Forbidden: bot was blocked by the user"), false, "403", channel.ReasonBlocked},
		{fail(403, "Forbidden: bot can't initiate conversation with a user"), false, "403", channel.ReasonBlocked},
		{fail(403, "Forbidden: bot was kicked from the supergroup chat"), true, "403", channel.ReasonClosed},
		{fail(400, "Bad Request: chat not found"), false, "400", channel.ReasonGone},
		{fail(400, "Bad Request: message to be replied not found"), true, "400", channel.ReasonGone},
		{fail(400, "Bad Request: PEER_ID_INVALID"), false, "400", channel.ReasonGone},
		{fail(400, "Bad Request: not enough rights to send text messages to the chat"), true, "400", channel.ReasonClosed},
		{fail(400, "Bad Request: TOPIC_CLOSED"), true, "400", channel.ReasonClosed},
		{fail(400, "Bad Request: message is too long"), false, "400", channel.ReasonText},
		{fail(400, "Bad Request: message text is empty"), false, "400", channel.ReasonText},
		{fail(401, "Unauthorized"), false, "401", channel.ReasonAccess},
		{fail(400, "Bad Request: something new"), false, "400", channel.ReasonOther},
		{fail(500, "Internal Server Error"), false, "", ""},
		{fail(502, "Bad Gateway"), false, "", ""},
		{`<html>a proxy</html>`, false, "", ""},
	} {
		s.next("sendMessage", c.says)
		_, err := p.Send(t.Context(), channel.Answer{Chat: "42", Text: "Да", Public: c.public})
		var r *channel.Refused
		switch is := errors.As(err, &r); {
		case err == nil, errors.Is(err, channel.ErrNotSent), is != (c.code != ""), is && (r.Code != c.code || r.Reason != c.reason), hasToken(err.Error()):
			t.Errorf("%s: %v %+v", c.says, err, r)
		}
	}
	s.next("sendMessage", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 3","parameters":{"retry_after":3}}`)
	_, err := p.Send(t.Context(), channel.Answer{Chat: "42", Text: "Да"})
	var w *channel.Wait
	if !errors.As(err, &w) || w.For != 3*time.Second {
		t.Error(err)
	}
}

func TestNobodyKnowsWhatBecameOfAnAnswerThatTookTooLong(t *testing.T) {
	s := newStandIn(t)
	s.next("sendMessage", "hang")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	p := New(s.config())
	_, err := p.Send(ctx, channel.Answer{Chat: "42", Text: "Да"})
	var r *channel.Refused
	if err == nil || errors.Is(err, channel.ErrNotSent) || errors.As(err, &r) || hasToken(err.Error()) {
		t.Error(err)
	}
	s.Close()
	if _, err := p.Send(t.Context(), channel.Answer{Chat: "42", Text: "Да"}); !errors.Is(err, channel.ErrNotSent) || hasToken(err.Error()) {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestPollsGoOnWhereTheyStopped(t *testing.T) {
	s := newStandIn(t)
	p := NewPolling(s.config())
	p.wait = time.Second
	for _, u := range []string{`{"update_id":9007199254740993,"message":{"message_id":1}}`, `{"update_id":9007199254740994,"moonshot":{}}`} {
		s.updates = append(s.updates, []byte(u))
	}
	got, err := p.Poll(t.Context(), "")
	if err != nil || len(got.Bodies) != 2 || got.Next != "9007199254740995" {
		t.Fatalf("%+v %v", got, err)
	}
	if got, err = p.Poll(t.Context(), got.Next); err != nil || len(got.Bodies) != 0 || got.Next != "9007199254740995" {
		t.Errorf("%+v %v", got, err)
	}
	if q := s.of("getUpdates")[1]; q != `{"offset":9007199254740995,"limit":100,"timeout":1,"allowed_updates":["message","edited_message"]}` {
		t.Error(q)
	}
	s.next("getUpdates", fail(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"))
	if _, err := p.Poll(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "another program polls") {
		t.Error(err)
	}
	if err := p.Verify(channel.Delivery{Header: http.Header{secretHeader: {secret}}}); err == nil {
		t.Error("who polls believes a webhook")
	}
}

func TestFilesAreFetchedByTheirNumber(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	data, err := p.Fetch(t.Context(), channel.Enclosure{Ref: "F"}, 100)
	if err != nil || string(data) != string(picture) || s.of("getFile")[0] != `{"file_id":"F"}` {
		t.Errorf("%q %v", data, err)
	}
	var never *backoff.PermanentError
	for name, says := range map[string]string{
		"too large":      fail(400, "Bad Request: file is too big"),
		"without a path": `{"ok":true,"result":{"file_id":"F"}}`,
		"gone":           `{"ok":true,"result":{"file_id":"F","file_path":"photos/gone.jpg"}}`,
	} {
		s.next("getFile", says)
		if _, err := p.Fetch(t.Context(), channel.Enclosure{Ref: "F"}, 100); !errors.As(err, &never) || hasToken(err.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Fetch(t.Context(), channel.Enclosure{Ref: "F", Size: 101}, 100); !errors.As(err, &never) || len(s.of("getFile")) != 4 {
		t.Error(err)
	}
}

func TestSubscribersAreCountedAndFailuresAreGaps(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	pages := func(links ...string) (out []app.Page) {
		for _, l := range links {
			out = append(out, app.Page{ID: l, Link: l})
		}
		return out
	}
	got, err := p.Count(t.Context(), pages("https://t.me/Kanash_News", "https://t.me/s/kanash_two", "t.me/kanash_three", "https://t.me/+AbCdEf", "https://t.me/joinchat/AAAA", "", "https://t.me/"))
	if err != nil || len(got) != 3 || s.of("getChatMemberCount")[0] != `{"chat_id":"@Kanash_News"}` {
		t.Fatalf("%+v %v", got, err)
	}
	for _, c := range got {
		if c.Subscribers != 4217 || !c.Marks[app.MarkAvatar] || c.Marks[app.MarkDescription] || c.PostsWeek != nil {
			t.Errorf("%+v", c)
		}
	}
	s.next("getChatMemberCount", fail(400, "Bad Request: chat not found"))
	if got, err := p.Count(t.Context(), pages("https://t.me/nobody_here")); err != nil || len(got) != 0 {
		t.Errorf("%+v %v", got, err)
	}
	s.next("getChat", fail(403, "Forbidden: bot is not a member of the channel chat"))
	if got, err := p.Count(t.Context(), pages("https://t.me/Kanash_News")); err != nil || len(got) != 1 || got["https://t.me/Kanash_News"].Marks != nil {
		t.Errorf("%+v %v", got, err)
	}
	s.next("getChatMemberCount", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 9","parameters":{"retry_after":9}}`)
	var w *channel.Wait
	if _, err := p.Count(t.Context(), pages("https://t.me/Kanash_News")); !errors.As(err, &w) || w.For != 9*time.Second {
		t.Error(err)
	}
}

func TestACheckSaysWhatIsWrong(t *testing.T) {
	s := newStandIn(t)
	p, polling := New(s.config()), NewPolling(s.config())
	for _, c := range []struct {
		hook, webhook, poll string // words of what is wrong
	}{
		{`{"url":"https://region.example/channels/tg/SECRET","pending_update_count":0}`, "", "a webhook is set, to region.example: "},
		{`{"url":"https://region.example/x","pending_update_count":12,"last_error_date":1700000000,"last_error_message":"Wrong response from the webhook: 403 Forbidden"}`, "Wrong response from the webhook: 403 Forbidden\", 12 updates wait", "a webhook is set"},
		{`{"url":"https://region.example/x","pending_update_count":0,"last_error_message":"Connection timed out"}`, "", "a webhook is set"},
		{`{"url":"https://region.example/x","allowed_updates":["poll"]}`, `without "message"`, "a webhook is set"},
		{`{"url":"","pending_update_count":3}`, "no webhook is set", ""},
	} {
		s.hook = c.hook
		for _, said := range []struct {
			want string
			err  error
		}{{c.webhook, p.Check(t.Context())}, {c.poll, polling.Check(t.Context())}} {
			if (said.err == nil) != (said.want == "") || said.err != nil && (!strings.Contains(said.err.Error(), said.want) || strings.Contains(said.err.Error(), "SECRET")) {
				t.Errorf("%s: %v", c.hook, said.err)
			}
		}
	}
	foreign := s.config()
	foreign.Token = "1:AAfZ_foreign"
	if err := New(foreign).Check(t.Context()); err == nil || !strings.Contains(err.Error(), "none Telegram knows") || hasToken(err.Error()) {
		t.Error(err)
	}
	mute := s.config()
	mute.Secret = ""
	if err := New(mute).Check(t.Context()); err == nil || !strings.Contains(err.Error(), "needs a secret") {
		t.Error(err)
	}
}
