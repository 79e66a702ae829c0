package telegram

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mymmrac/telego"
	"github.com/mymmrac/telego/telegoapi"

	"otklik/app"
	"otklik/central/channel"
)

func oracle(t *testing.T, s *standIn) *telego.Bot {
	bot, err := telego.NewBot(token, telego.WithAPIServer(s.URL), telego.WithAPICaller(telegoapi.HTTPCaller{Client: s.Client()}), telego.WithDiscardLogger())
	if err != nil {
		t.Fatal(err)
	}
	return bot
}

// Telego and the platform make the same calls of the same stand-in, and each
// understands what it replies: what ours would be alone with, telego refuses.
func TestAForeignClientMakesTheSameCalls(t *testing.T) {
	s := newStandIn(t)
	bot, p := oracle(t, s), NewPolling(s.config())
	p.wait = time.Second
	post := []json.RawMessage{json.RawMessage(`{"update_id":70,"message":{"message_id":1,"date":1700000000,"chat":{"id":42,"type":"private"},"text":"Нет воды"}}`)}
	for name, c := range map[string]struct {
		method       string
		theirs, ours func() (any, error)
	}{
		"an answer": {
			"sendMessage",
			func() (any, error) {
				m, err := bot.SendMessage(t.Context(), &telego.SendMessageParams{
					ChatID: telego.ChatID{ID: 42}, Text: "Да",
					ReplyParameters: &telego.ReplyParameters{MessageID: 7, AllowSendingWithoutReply: true},
				})
				if err != nil {
					return "", err
				}
				return m.Chat.ID == 42 && m.MessageID > 9000 && m.Text == "Да", nil
			},
			func() (any, error) {
				id, err := p.Send(t.Context(), channel.Answer{Chat: "42", Thread: "7", Text: "Да"})
				return strings.HasPrefix(id, "42/900"), err
			},
		},
		"a poll": {
			"getUpdates",
			func() (any, error) {
				got, err := bot.GetUpdates(t.Context(), &telego.GetUpdatesParams{Offset: 70, Limit: 100, Timeout: 1, AllowedUpdates: []string{"message", "edited_message"}})
				return len(got) == 1 && got[0].UpdateID == 70 && got[0].Message.Text == "Нет воды", err
			},
			func() (any, error) {
				got, err := p.Poll(t.Context(), "70")
				return len(got.Bodies) == 1 && got.Next == "71", err
			},
		},
		"a file": {
			"getFile",
			func() (any, error) {
				f, err := bot.GetFile(t.Context(), &telego.GetFileParams{FileID: "F"})
				if err != nil {
					return "", err
				}
				data, err := channel.Get(t.Context(), s.Client(), bot.FileDownloadURL(f.FilePath), 100)
				return string(data), err
			},
			func() (any, error) {
				data, err := p.Fetch(t.Context(), channel.Enclosure{Ref: "F"}, 100)
				return string(data), err
			},
		},
		"subscribers": {
			"getChatMemberCount",
			func() (any, error) {
				n, err := bot.GetChatMemberCount(t.Context(), &telego.GetChatMemberCountParams{ChatID: telego.ChatID{Username: "@kanash_news"}})
				return uint32(*n), err
			},
			func() (any, error) {
				got, err := p.Count(t.Context(), []app.Page{{ID: "1", Link: "https://t.me/kanash_news"}})
				return got["1"].Subscribers, err
			},
		},
		"marks": {
			"getChat",
			func() (any, error) {
				c, err := bot.GetChat(t.Context(), &telego.GetChatParams{ChatID: telego.ChatID{Username: "@kanash_news"}})
				return map[string]bool{app.MarkAvatar: c.Photo != nil, app.MarkDescription: c.Description != ""}, err
			},
			func() (any, error) {
				got, err := p.Count(t.Context(), []app.Page{{ID: "1", Link: "https://t.me/kanash_news"}})
				return got["1"].Marks, err
			},
		},
		"the webhook": {
			"getWebhookInfo",
			func() (any, error) {
				w, err := bot.GetWebhookInfo(t.Context())
				return w.URL, err
			},
			func() (any, error) {
				w, err := p.webhook(t.Context())
				return w.URL, err
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.updates = post
			s.calls = nil
			theirs, err := c.theirs()
			if err != nil {
				t.Fatal(err)
			}
			ours, err := c.ours()
			calls := s.of(c.method)
			if err != nil || !reflect.DeepEqual(theirs, ours) || len(calls) != 2 || !sameJSON(calls[0], calls[1]) {
				t.Errorf("%v\ntelego %v\nours   %v\n%q", err, theirs, ours, calls)
			}
		})
	}
}

// sameJSON compares what two calls mean. Telego writes "" for a chat that is not
// named, and null where there is nothing to say.
func sameJSON(a, b string) bool {
	meant := func(body string) (v map[string]any) {
		_ = json.Unmarshal([]byte(strings.ReplaceAll(body, `"chat_id":"",`, "")), &v)
		return v
	}
	x, y := meant(a), meant(b)
	return len(x) == 0 && len(y) == 0 || reflect.DeepEqual(x, y)
}

// What we send is read by telego's types whole: every name is one of the Bot API.
func TestOurAnswersAreReadByAForeignClient(t *testing.T) {
	s := newStandIn(t)
	if _, err := New(s.config()).Send(t.Context(), channel.Answer{Chat: "-1001234567890", Thread: "7", Public: true, Text: "«Да» <b>_*"}); err != nil {
		t.Fatal(err)
	}
	var q telego.SendMessageParams
	d := json.NewDecoder(strings.NewReader(s.of("sendMessage")[0]))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil || q.ChatID.ID != -1001234567890 || q.Text != "«Да» <b>_*" || q.ParseMode != "" ||
		q.ReplyParameters.MessageID != 7 || q.ReplyParameters.AllowSendingWithoutReply {
		t.Errorf("%+v %v", q, err)
	}
}

// Updates that telego writes are read by us as telego means them.
func TestForeignUpdatesAreRead(t *testing.T) {
	p := New(Config{Token: token})
	body, err := json.Marshal(telego.Update{UpdateID: 9007199254740993, EditedMessage: &telego.Message{
		MessageID: 7, Date: 1700000000, EditDate: 1700000060, Chat: telego.Chat{ID: 4503599627370497, Type: telego.ChatTypePrivate},
		From: &telego.User{ID: 4503599627370497, FirstName: "Анна"}, Caption: "Яма", MediaGroupID: "13",
		Photo:          []telego.PhotoSize{{FileID: "s", Width: 90, Height: 90}, {FileID: "l", Width: 800, Height: 800}},
		ReplyToMessage: &telego.Message{MessageID: 5, Chat: telego.Chat{ID: 4503599627370497}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	taken, err := p.Take(body)
	if err != nil || !reflect.DeepEqual(taken.Keys, []string{"update/6543210987/9007199254740993", "message/4503599627370497/7/1700000060"}) {
		t.Errorf("%v %v", taken.Keys, err)
	}
	got, err := p.Read(body)
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	m := got[0]
	if m.Edits != "4503599627370497/7" || m.Text != "Яма" || m.Album != "4503599627370497/13" || m.ReplyTo != "4503599627370497/5" ||
		len(m.Files) != 1 || m.Files[0].Ref != "l" || m.At.Unix() != 1700000060 || m.Contact != "tg://user?id=4503599627370497" {
		t.Errorf("%+v", m)
	}
}
