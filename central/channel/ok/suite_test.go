package ok

import (
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"testing"
	"time"

	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

const (
	token  = "tkn-of-nobodys-group"
	secret = "s3cret-of-the-address"
)

// far is where a float no longer tells one number from the next.
const far = 1 << 53

// behind is a group behind a balancer that names the sender's address.
func behind(base string) Config {
	return Config{BaseURL: base, Token: token, Secret: secret, AddressHeader: "X-Forwarded-For"}
}

func TestTheSuiteOfAllChannels(t *testing.T) {
	post := func(given, from string) func([]byte) channeltest.Post {
		return func(b []byte) channeltest.Post {
			return channeltest.Post{Header: http.Header{"X-Forwarded-For": {from}}, Query: "secret=" + given, Body: b}
		}
	}
	said := func(n int, at time.Time, text, attachments string) []byte {
		words, _ := json.Marshal(text)
		return fmt.Appendf(nil, `{"webhookType":"MESSAGE_CREATED","sender":{"user_id":"user:%d","name":"Анна"},"recipient":{"chat_id":"chat:C%d"},
			"message":{"text":%s,"seq":%[1]d,"mid":%[1]d,"attachments":[%[4]s]},"timestamp":%[5]d}`, far+101+2*n, n, words, attachments, at.UnixMilli())
	}
	channeltest.Run(t, channeltest.Spec{
		New: func(base string) channel.Line {
			return channel.Line{Platform: New(behind(base)), Rate: 10}
		},
		Message: func(n int, at time.Time, text string) []byte { return said(n, at, text, "") },
		Chat:    func(n int) string { return fmt.Sprintf("chat:C%d", n) },
		Picture: func(n int, at time.Time, base string) []byte {
			return said(n, at, "Яма", `{"type":"IMAGE","payload":{"url":"`+base+`/picture.png"}}`)
		},
		Unknown: []byte(`{"webhookType":"MOONSHOT","timestamp":1498581292941}`),
		Empty:   said(4, time.Now(), "", `{"type":"STICKER","payload":{}}`),
		Post:    post(secret, "217.20.145.193"),
		Forged: map[string]func([]byte) channeltest.Post{
			"another secret":                post("another", "217.20.145.193"),
			"no secret":                     post("", "217.20.145.193"),
			"another network":               post(secret, "192.0.2.1"),
			"an address of one's own words": post(secret, "217.20.145.193, 192.0.2.1"),
			"no address":                    func(b []byte) channeltest.Post { return channeltest.Post{Query: "secret=" + secret, Body: b} },
		},
		Sent: func(r *http.Request, b []byte) (channeltest.Sent, bool) {
			var q answer
			err := json.Unmarshal(b, &q)
			ok := err == nil && r.Method == http.MethodPost && r.URL.Path == "/graph/"+q.Recipient.Chat+"/messages" && r.URL.Query().Get("access_token") == token
			return channeltest.Sent{Chat: q.Recipient.Chat, Text: q.Message.Text}, ok
		},
		Say: func(w http.ResponseWriter, how channeltest.Outcome) {
			_, _ = io.WriteString(w, map[channeltest.Outcome]string{
				channeltest.Accepts: `{"success":true,"message_id":"mid:C1.15cea67d78d2059"}`,
				channeltest.Waits:   `{"error_code":8,"error_msg":"FLOOD_BLOCKED","error_data":null}`,
				channeltest.Refuses: `{"error_code":10,"error_msg":"PERMISSION_DENIED","error_data":null}`,
			}[how])
		},
		Busy: pause,
		Other: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_ = png.Encode(w, image.NewGray(image.Rect(0, 0, 8, 8)))
		}),
		Refusal: channel.ReasonBlocked,
	})
}
