package vk

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/SevereCloud/vksdk/v3/api"
	"github.com/SevereCloud/vksdk/v3/callback"
	"github.com/SevereCloud/vksdk/v3/events"
	longpoll "github.com/SevereCloud/vksdk/v3/longpoll-bot"

	"otklik/app"
	"otklik/central/channel"
)

func oracle(s *standIn, token string) *api.VK {
	vk := api.NewVK(token)
	vk.MethodURL = s.URL + "/method/"
	return vk
}

// sentID is the number VK gave, out of the Key.
func sentID(key string, err error) (any, error) {
	return strings.TrimPrefix(key[strings.LastIndexByte(key, '/')+1:], "id"), err
}

// A foreign client and the platform make the same calls of the same stand-in, and each
// understands what it replies.
func TestAForeignClientMakesTheSameCalls(t *testing.T) {
	s := newStandIn(t)
	vk, user, p := oracle(s, token), oracle(s, person), New(s.config())
	for name, c := range map[string]struct {
		method       string
		theirs, ours func() (any, error)
	}{
		"a message": {
			"messages.send",
			func() (any, error) {
				id, err := vk.MessagesSend(api.Params{"peer_id": 9007199254740995, "message": "Да & <b>", "random_id": 77})
				return fmt.Sprint(id), err
			},
			func() (any, error) {
				return sentID(p.Send(t.Context(), channel.Answer{Random: 77, Chat: "9007199254740995", Text: "Да & <b>"}))
			},
		},
		"a comment": {
			"wall.createComment",
			func() (any, error) {
				r, err := vk.WallCreateComment(api.Params{
					"owner_id": -7, "post_id": 6, "reply_to_comment": 9, "from_group": int64(ours), "message": "Да", "guid": "78",
				})
				return fmt.Sprint(r.CommentID), err
			},
			func() (any, error) {
				return sentID(p.Send(t.Context(), channel.Answer{Random: 78, Thread: "wall/-7/6/9", Public: true, Text: "Да"}))
			},
		},
		"an entry": {
			"board.createComment",
			func() (any, error) {
				id, err := user.BoardCreateComment(api.Params{"group_id": int64(ours), "topic_id": 6, "from_group": true, "message": "Да", "guid": "79"})
				return fmt.Sprint(id), err
			},
			func() (any, error) {
				return sentID(p.Send(t.Context(), channel.Answer{Random: 79, Thread: "board/-7/6/9", Public: true, Text: "Да"}))
			},
		},
		"members": {
			"groups.getById",
			func() (any, error) {
				r, err := vk.GroupsGetByID(api.Params{"group_ids": []string{"kanash_gos"}, "fields": []string{"members_count", "description", "cover", "has_photo"}})
				return uint32(r.Groups[0].MembersCount), err
			},
			func() (any, error) {
				got, err := p.Count(t.Context(), []app.Page{{ID: "1", Link: "https://vk.com/kanash_gos"}})
				return got["1"].Subscribers, err
			},
		},
		"settings": {
			"groups.getCallbackServers",
			func() (any, error) {
				r, err := vk.GroupsGetCallbackServers(api.Params{"group_id": int64(ours)})
				return r.Items[1].SecretKey == secret, err
			},
			func() (any, error) { return true, p.Check(t.Context()) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(s.of(c.method))
			theirs, err := c.theirs()
			if err != nil {
				t.Fatal(err)
			}
			ours, err := c.ours()
			calls := s.of(c.method)[before:]
			if err != nil || !reflect.DeepEqual(theirs, ours) || len(calls) != 2 {
				t.Fatalf("%v\ntheirs %v\nours   %v\n%+v", err, theirs, ours, calls)
			}
			if !reflect.DeepEqual(meant(calls[0]), meant(calls[1])) {
				t.Errorf("\ntheirs %v\nours   %v", calls[0], calls[1])
			}
		})
	}
}

// meant leaves out what a foreign client sends empty.
func meant(q url.Values) url.Values {
	out := url.Values{}
	for k, v := range q {
		if v[0] != "" {
			out[k] = v
		}
	}
	return out
}

const commented = `{"id":9,"from_id":123,"date":1533403427,"text":"Яма","post_owner_id":-9007199254740993,"post_id":6,"reply_to_comment":7}`

const withPhoto = `{"message":{"id":985,"conversation_message_id":614,"date":1572809816,"from_id":9007199254740995,"out":0,"peer_id":9007199254740995,"text":"Яма",
	"attachments":[{"type":"photo","photo":{"id":1,"owner_id":2,"sizes":[{"type":"s","url":"https://vk/s","width":75,"height":46},{"type":"z","url":"https://vk/z","width":1080,"height":664}]}}]},"client_info":{}}`

// The handler of a foreign client is delivered what our platform is delivered, by the
// same secret, and sees the same in it.
func TestAForeignHandlerReadsTheSameEvents(t *testing.T) {
	p := New(Config{Group: ours, Secret: secret, Confirmation: "8fe3a1c2"})
	cb := callback.NewCallback()
	cb.SecretKey, cb.ConfirmationKey = secret, "8fe3a1c2"
	cb.ErrorSLog = slog.New(slog.DiscardHandler)
	var message events.MessageNewObject
	var comment events.WallReplyNewObject
	cb.MessageNew(func(_ context.Context, o events.MessageNewObject) { message = o })
	cb.WallReplyNew(func(_ context.Context, o events.WallReplyNewObject) { comment = o })
	deliver := func(body []byte) (theirs, our string) {
		t.Helper()
		w := httptest.NewRecorder()
		cb.HandleFunc(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(body))))
		if err := p.Verify(channel.Delivery{Body: body}); (err == nil) != (w.Code == http.StatusOK) {
			t.Errorf("we believe: %v, they: %d", err, w.Code)
		}
		taken, err := p.Take(body)
		if err != nil {
			t.Error(err)
		}
		return w.Body.String(), taken.Reply.Body
	}
	for _, body := range [][]byte{
		envelope("confirmation", "null"), envelope("message_new", withPhoto), envelope("wall_reply_new", commented), envelope("moonshot", "{}"),
	} {
		if theirs, our := deliver(body); theirs != our {
			t.Errorf("they say %q, we %q", theirs, our)
		}
	}
	deliver([]byte(strings.Replace(string(envelope("message_new", withPhoto)), secret, "x", 1)))

	m := read(t, "message_new", withPhoto)
	photo := message.Message.Attachments[0].Photo
	if number(int64(message.Message.PeerID)) != m.Chat || message.Message.Text != m.Text || int64(message.Message.Date) != m.At.Unix() || photo.MaxSize().URL != m.Files[0].Ref {
		t.Errorf("\n%+v\n%+v", message.Message, m)
	}
	c := read(t, "wall_reply_new", commented)
	if wallKey(int64(comment.PostOwnerID), int64(comment.ID)) != c.Key || wallKey(int64(comment.PostOwnerID), int64(comment.ReplyToComment)) != c.ReplyTo || comment.Text != c.Text {
		t.Errorf("\n%+v\n%+v", comment, c)
	}
}

// A foreign client polls the stand-in and is brought what our platform is.
func TestAForeignClientPollsTheSameEvents(t *testing.T) {
	s := newStandIn(t)
	lp, err := longpoll.NewLongPoll(oracle(s, token), ours)
	if err != nil {
		t.Fatal(err)
	}
	p := NewPolling(s.config())
	first, err := p.Poll(t.Context(), "")
	if err != nil || first.Next != lp.Ts {
		t.Fatalf("%+v, they begin at %s: %v", first, lp.Ts, err)
	}
	s.happens(string(envelope("wall_reply_new", commented)))
	s.key++ // both have to ask for the new key
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	came := make(chan string, 1)
	lp.WallReplyNew(func(ctx context.Context, o events.WallReplyNewObject) {
		came <- fmt.Sprintf("%s %s %d", events.EventIDFromContext(ctx), o.Text, o.PostOwnerID)
		stop()
	})
	go func() { _ = lp.RunWithContext(ctx) }()
	got, err := p.Poll(t.Context(), first.Next)
	if err != nil || len(got.Bodies) != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	read, err := p.Read(got.Bodies[0])
	if err != nil || len(read) != 1 {
		t.Fatalf("%+v %v", read, err)
	}
	select {
	case theirs := <-came:
		if our := fmt.Sprintf("e1 %s -9007199254740993", read[0].Text); theirs != our {
			t.Errorf("they read %q, we %q", theirs, our)
		}
	case <-time.After(5 * time.Second):
		t.Error("nothing came to the foreign client")
	}
}
