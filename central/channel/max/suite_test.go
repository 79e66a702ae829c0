package max

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

// far is where a float no longer tells one number from the next.
const far = 1 << 53

func TestTheSuiteOfAllChannels(t *testing.T) {
	there := newStandIn(t) // pictures, of which the suite knows nothing
	signed := func(given string) func([]byte) channeltest.Post {
		return func(body []byte) channeltest.Post {
			return channeltest.Post{Header: http.Header{secretHeader: {given}}, Body: body}
		}
	}
	said := func(n int, at time.Time, text, attachments string) []byte {
		words, _ := json.Marshal(text)
		return fmt.Appendf(nil, `{"update_type":"message_created","timestamp":%d,"message":{"recipient":{"chat_id":%d,"chat_type":"dialog"},"timestamp":%[1]d,
			"sender":{"user_id":%[2]d,"name":"Анна"},"body":{"mid":"mid.%d","seq":%[2]d,"text":%[4]s,"attachments":[%[5]s]}}}`, at.UnixMilli(), far+101+2*n, n, words, attachments)
	}
	channeltest.Run(t, channeltest.Spec{
		New: func(base string) channel.Line {
			return channel.Line{Platform: New(Config{BaseURL: base, Token: token, Secret: secret}), Rate: Rate}
		},
		Message: func(n int, at time.Time, text string) []byte { return said(n, at, text, "") },
		Chat:    func(n int) string { return fmt.Sprint(far + 101 + 2*n) },
		Picture: func(n int, at time.Time, base string) []byte {
			return said(n, at, "Яма", `{"type":"image","payload":{"photo_id":9007199254740993,"token":"t","url":"`+base+`/i/photo"}}`)
		},
		Unknown: []byte(`{"update_type":"moonshot","chat_id":9007199254740993,"timestamp":1775025604499}`),
		Empty:   said(4, time.Now(), "", `{"type":"sticker","payload":{"code":"x"}}`),
		Post:    signed(secret),
		Forged: map[string]func([]byte) channeltest.Post{
			"another secret": signed("another"),
			"no secret":      func(body []byte) channeltest.Post { return channeltest.Post{Body: body} },
		},
		Sent: func(r *http.Request, body []byte) (channeltest.Sent, bool) {
			var q newMessage
			ok := r.URL.Path == "/messages" && r.Header.Get("Authorization") == token && json.Unmarshal(body, &q) == nil
			return channeltest.Sent{Chat: r.URL.Query().Get("chat_id"), Text: q.Text}, ok
		},
		Other: there.Config.Handler,
		Say: func(w http.ResponseWriter, how channeltest.Outcome) {
			switch how {
			case channeltest.Accepts:
				_, _ = io.WriteString(w, `{"message":{"recipient":{"chat_id":182182182,"chat_type":"dialog"},"timestamp":1775026671403,"body":{"mid":"mid.9","seq":1,"text":""}}}`)
			case channeltest.Waits:
				w.Header().Set("Retry-After", "2")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, `{"code":"too.many.requests","message":""}`)
			case channeltest.Refuses:
				w.WriteHeader(http.StatusForbidden)
				_, _ = io.WriteString(w, `{"code":"chat.denied","message":"error.dialog.suspended"}`)
			}
		},
		Busy:    2 * time.Second,
		Refusal: channel.ReasonBlocked,
	})
}
