package max

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	maxbot "github.com/max-messenger/max-bot-api-client-go"
	"github.com/max-messenger/max-bot-api-client-go/schemes"

	"otklik/app"
	"otklik/central/channel"
)

func oracle(t *testing.T, s *standIn) *maxbot.Api {
	api, err := maxbot.New(token, maxbot.WithBaseURL(s.URL+"/"), maxbot.WithPauseTimeout(time.Millisecond), maxbot.WithApiTimeout(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// MAX's own client and the platform make the same calls of the same stand-in, and each
// understands what it replies.
func TestAForeignClientMakesTheSameCalls(t *testing.T) {
	s := newStandIn(t)
	s.posts = fmt.Sprint(time.Now().UnixMilli()-1, time.Now().AddDate(0, 0, -6).UnixMilli(), time.Now().AddDate(0, 0, -8).UnixMilli())
	api, p := oracle(t, s), New(s.config())
	for name, c := range map[string]struct {
		call         string
		theirs, ours func() (any, error)
	}{
		"an answer": {
			"POST /messages",
			func() (any, error) {
				m, err := api.Messages.SendWithResult(t.Context(), maxbot.NewMessage().SetChat(-9007199254740993).SetText("Да").SetReply("Да", "mid.7"))
				if err != nil {
					return "", err
				}
				return strings.HasPrefix(m.Body.Mid, "mid.sent") && m.Body.Text == "Да", nil
			},
			func() (any, error) {
				id, err := p.Send(t.Context(), channel.Answer{Chat: "chat_id=-9007199254740993", Thread: "mid.7", Text: "Да"})
				return strings.HasPrefix(id, "mid.sent"), err
			},
		},
		"members": {
			"GET /chats/-70000000000005",
			func() (any, error) {
				c, err := api.Chats.GetChat(t.Context(), -70000000000005)
				return uint32(c.ParticipantsCount), err
			},
			func() (any, error) {
				got, err := p.Count(t.Context(), []app.Page{{ID: "1", Link: "https://web.max.ru/-70000000000005"}})
				return got["1"].Subscribers, err
			},
		},
		"posts": {
			"GET /messages",
			func() (any, error) {
				all, err := api.Messages.GetMessages(t.Context(), -70000000000005, nil, 0, 0, 100)
				n := 0
				for _, m := range all.Messages {
					if time.UnixMilli(m.Timestamp).After(time.Now().AddDate(0, 0, -7)) {
						n++
					}
				}
				return n, err
			},
			func() (any, error) {
				var c channel.Counted
				p.posts(t.Context(), -70000000000005).Tell(&c)
				return *c.PostsWeek, nil
			},
		},
		"subscriptions": {
			"GET /subscriptions",
			func() (any, error) {
				all, err := api.Subscriptions.GetSubscriptions(t.Context())
				return all.Subscriptions[0].Url, err
			},
			func() (any, error) {
				all, err := p.subscriptions(t.Context())
				return all[0].URL, err
			},
		},
		"who the bot is": {
			"GET /me",
			func() (any, error) {
				me, err := api.Bots.GetBot(t.Context())
				return me.UserId == 229229229, err
			},
			func() (any, error) { return true, p.Check(t.Context()) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.calls = nil
			theirs, err := c.theirs()
			if err != nil {
				t.Fatal(err)
			}
			ours, err := c.ours()
			calls := s.of(c.call)
			if err != nil || !reflect.DeepEqual(theirs, ours) || len(calls) != 2 || calls[0].Query != calls[1].Query || !sameJSON(calls[0].Body, calls[1].Body) {
				t.Errorf("%v\nMAX's %v\nours  %v\n%+v", err, theirs, ours, calls)
			}
		})
	}
}

// sameJSON compares what two calls mean. MAX's client names attachments where
// there are none.
func sameJSON(a, b string) bool {
	meant := func(body string) (v map[string]any) {
		_ = json.Unmarshal([]byte(strings.ReplaceAll(body, `"attachments":[],`, "")), &v)
		return v
	}
	return reflect.DeepEqual(meant(a), meant(b))
}

// What we send is read by the types of MAX's client whole: every name is one of the
// bot API.
func TestOurAnswersAreReadByAForeignClient(t *testing.T) {
	s := newStandIn(t)
	if _, err := New(s.config()).Send(t.Context(), channel.Answer{Chat: "chat_id=1", Thread: "mid.7", Text: "«Да» <b>_*"}); err != nil {
		t.Fatal(err)
	}
	var q schemes.NewMessageBody
	d := json.NewDecoder(strings.NewReader(s.of("POST /messages")[0].Body))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil || q.Text != "«Да» <b>_*" || q.Format != "" || q.Link.Type != schemes.REPLY || q.Link.Mid != "mid.7" {
		t.Errorf("%+v %v", q, err)
	}
}

// MAX's client polls the stand-in and is delivered by webhook what our platform reads,
// and sees the same in it.
func TestAForeignClientReadsTheSameUpdates(t *testing.T) {
	s := newStandIn(t)
	body := `{"update_type":"message_edited","timestamp":1775025604499,"message":{` + inDialog + `,"body":{"mid":"mid.7","seq":116327994376978687,"text":"Нет воды",
		"attachments":[{"type":"image","payload":{"photo_id":9007199254740993,"token":"t","url":"https://i.oneme.ru/i?r=1"}}]},"link":{"type":"reply","message":{"mid":"mid.5","seq":1}}}}`
	s.updates = []json.RawMessage{json.RawMessage(body)}
	api := oracle(t, s)
	got, err := New(s.config()).Read([]byte(body))
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	same := func(u schemes.UpdateInterface) {
		t.Helper()
		e, is := u.(*schemes.MessageEditedUpdate)
		if !is {
			t.Fatalf("%T", u)
		}
		m := got[0]
		photo, is := e.Message.Body.Attachments[0].(*schemes.PhotoAttachment)
		if e.Message.Body.Mid != m.Edits || e.Message.Body.Text != m.Text || e.Message.Sender.Name != m.Author || e.Message.Link.Message.Mid != m.ReplyTo ||
			int64(e.Timestamp) != m.At.UnixMilli() || !is || photo.Payload.Url != m.Files[0].Ref || e.Message.Recipient.ChatId != 182182182 || m.Chat != "chat_id=182182182" {
			t.Errorf("%+v\n%+v", e.Message, m)
		}
	}
	select {
	case u := <-api.GetUpdates(t.Context()):
		same(u)
	case <-time.After(5 * time.Second):
		t.Fatal("no update came")
	}
	came := make(chan schemes.UpdateInterface, 1)
	q := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	q.Header.Set(maxbot.SecretHeader, secret)
	if err := New(s.config()).Verify(channel.Delivery{Header: q.Header}); err != nil {
		t.Error(err)
	}
	api.GetUpdateHandler(came, secret)(httptest.NewRecorder(), q)
	same(<-came)
}
