package viber

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
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

func signed(with string, b []byte) channeltest.Post {
	mac := hmac.New(sha256.New, []byte(with))
	mac.Write(b)
	return channeltest.Post{Header: http.Header{"X-Viber-Content-Signature": {hex.EncodeToString(mac.Sum(nil))}}, Body: b}
}

func TestConforms(t *testing.T) {
	said := func(n int, at time.Time, message string) []byte {
		return fmt.Appendf(nil, `{"event":"message","timestamp":%d,"message_token":%d,"sender":{"id":"u%d=","name":"N"},"message":%s}`,
			at.UnixMilli(), uint64(5466297578174182639)+uint64(n), n, message)
	}
	channeltest.Run(t, channeltest.Spec{
		New: func(base string) channel.Line {
			return channel.Line{Name: "viber", Title: "Viber", Platform: New(Config{BaseURL: base, Token: token, Name: "N"})}
		},
		Message: func(n int, at time.Time, text string) []byte {
			q, _ := json.Marshal(text)
			return said(n, at, `{"type":"text","text":`+string(q)+`}`)
		},
		Picture: func(n int, at time.Time, base string) []byte {
			return said(n, at, `{"type":"picture","media":"`+base+`/picture.png"}`)
		},
		Chat:    func(n int) string { return fmt.Sprintf("u%d=", n) },
		Unknown: []byte(`{"event":"odd","timestamp":1,"message_token":5466297578174182000}`),
		Empty:   said(900, time.Now(), `{"type":"sticker","sticker_id":46105}`),
		Post:    func(b []byte) channeltest.Post { return signed(token, b) },
		Forged: map[string]func([]byte) channeltest.Post{
			"another token": func(b []byte) channeltest.Post { return signed("other", b) },
			"none":          func(b []byte) channeltest.Post { return channeltest.Post{Body: b} },
		},
		Signed: true,
		Sent: func(r *http.Request, b []byte) (channeltest.Sent, bool) {
			var m struct {
				Receiver string `json:"receiver"`
				Text     string `json:"text"`
			}
			err := json.Unmarshal(b, &m)
			return channeltest.Sent{Chat: m.Receiver, Text: m.Text}, err == nil && r.URL.Path == "/pa/send_message"
		},
		Say: func(w http.ResponseWriter, how channeltest.Outcome) {
			status := map[channeltest.Outcome]int{channeltest.Waits: 12, channeltest.Refuses: 6}[how]
			_, _ = io.WriteString(w, fmt.Sprintf(`{"status":%d,"message_token":5741311803571721087}`, status))
		},
		Busy: pause,
		Other: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_ = png.Encode(w, image.NewGray(image.Rect(0, 0, 8, 8)))
		}),
		Refusal: channel.ReasonBlocked,
	})
}
