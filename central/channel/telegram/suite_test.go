package telegram

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

// far is where a float no longer tells one number from the next.
const far = 1 << 53

func TestTheSuiteOfAllChannels(t *testing.T) {
	there := newStandIn(t) // files, of which the suite knows nothing
	signed := func(given string) func([]byte) channeltest.Post {
		return func(body []byte) channeltest.Post {
			return channeltest.Post{Header: http.Header{secretHeader: {given}}, Body: body}
		}
	}
	said := func(n int, at time.Time, rest string) []byte {
		return fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private"},"from":{"id":%[4]d,"first_name":"Анна"}%s}}`,
			far+1+2*n, n, at.Unix(), far+101+2*n, rest)
	}
	channeltest.Run(t, channeltest.Spec{
		New: func(base string) channel.Line {
			return channel.Line{Platform: New(Config{BaseURL: base, Token: token, Secret: secret}), Rate: Rate, PerChat: PerChat}
		},
		Message: func(n int, at time.Time, text string) []byte {
			words, _ := json.Marshal(text)
			return said(n, at, `,"text":`+string(words))
		},
		Chat: func(n int) string { return fmt.Sprint(far + 101 + 2*n) },
		Picture: func(n int, at time.Time, _ string) []byte {
			return said(n, at, `,"caption":"Яма","photo":[{"file_id":"F","width":9,"height":9}]`)
		},
		Unknown: []byte(`{"update_id":3,"moonshot":{"id":9007199254740993}}`),
		Empty:   said(4, time.Now(), `,"sticker":{"file_id":"s"}`),
		Post:    signed(secret),
		Forged: map[string]func([]byte) channeltest.Post{
			"another secret": signed("another"),
			"no secret":      func(body []byte) channeltest.Post { return channeltest.Post{Body: body} },
		},
		Sent: func(r *http.Request, body []byte) (channeltest.Sent, bool) {
			var q sendMessage
			ok := strings.HasSuffix(r.URL.Path, "/sendMessage") && json.Unmarshal(body, &q) == nil
			return channeltest.Sent{Chat: fmt.Sprint(q.Chat), Text: q.Text}, ok
		},
		Other: there.Config.Handler,
		Say: func(w http.ResponseWriter, how channeltest.Outcome) {
			switch how {
			case channeltest.Accepts:
				_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":9001,"date":1700000000,"chat":{"id":42,"type":"private"}}}`)
			case channeltest.Waits:
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 2","parameters":{"retry_after":2}}`)
			case channeltest.Refuses:
				w.WriteHeader(http.StatusForbidden)
				_, _ = io.WriteString(w, fail(403, "Forbidden: bot was blocked by the user"))
			}
		},
		Busy:    2 * time.Second,
		Refusal: channel.ReasonBlocked,
	})
}
