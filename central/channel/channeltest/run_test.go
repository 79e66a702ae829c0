package channeltest_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"otklik/app"
	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

// model is the platform as we would have made it.
type model struct {
	base  string
	again bool
}

type modelEvent struct {
	ID   uint64    `json:"id"`
	Type string    `json:"type"`
	Chat uint64    `json:"chat"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	File string    `json:"file,omitempty"`
}

type modelAnswer struct {
	Number int64  `json:"number"`
	Chat   string `json:"chat"`
	Text   string `json:"text"`
}

func (*model) Source() app.Source          { return app.SourceVK }
func (*model) Check(context.Context) error { return nil }
func (*model) Most() int                   { return 1000 }

func (m *model) Again() time.Duration {
	if m.again {
		return time.Hour
	}
	return 0
}

func (*model) Verify(d channel.Delivery) error {
	if !hmac.Equal([]byte(d.Header.Get("Signature")), []byte(modelSign(d.Body))) {
		return channel.ErrForged
	}
	return nil
}

func modelSign(body []byte) string {
	sum := hmac.New(sha256.New, []byte("secret"))
	sum.Write(body)
	return hex.EncodeToString(sum.Sum(nil))
}

func (*model) Take(body []byte) (channel.Taken, error) {
	var e modelEvent
	err := json.Unmarshal(body, &e)
	return channel.Taken{Keys: []string{strconv.FormatUint(e.ID, 10)}, Reply: channel.Reply{Body: "ok"}}, err
}

func (*model) Read(body []byte) ([]channel.Message, error) {
	var e modelEvent
	if err := json.Unmarshal(body, &e); err != nil || e.Type != "message" {
		return nil, err
	}
	m := channel.Message{Key: strconv.FormatUint(e.ID, 10), Chat: strconv.FormatUint(e.Chat, 10), Text: e.Text, At: e.At}
	if e.File != "" {
		m.Files = []channel.Enclosure{{Name: "яма.png", Ref: e.File}}
	}
	return []channel.Message{m}, nil
}

func (m *model) Send(ctx context.Context, a channel.Answer) (string, error) {
	q := modelAnswer{a.Random, a.Chat, a.Text}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.base+"/send", bytes.NewReader(app.Encode(q)))
	if err != nil {
		return "", err
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	b, err := io.ReadAll(reply.Body)
	switch {
	case err != nil:
		return "", err
	case reply.StatusCode == http.StatusTooManyRequests:
		return "", &channel.Wait{For: time.Second}
	case reply.StatusCode == http.StatusForbidden:
		return "", &channel.Refused{Code: "403", Reason: channel.ReasonBlocked}
	case reply.StatusCode != http.StatusOK:
		return "", errors.New("status")
	}
	return string(b), nil
}

func modelSpec(again bool) channeltest.Spec {
	const far = 1 << 53
	encode := func(e modelEvent) []byte { return app.Encode(e) }
	signed := func(body []byte) channeltest.Post {
		return channeltest.Post{Header: http.Header{"Signature": {modelSign(body)}}, Body: body}
	}
	return channeltest.Spec{
		New: func(base string) channel.Line { return channel.Line{Platform: &model{base, again}} },
		Message: func(n int, at time.Time, text string) []byte {
			return encode(modelEvent{ID: far + 1 + 2*uint64(n), Type: "message", Chat: far + 101 + 2*uint64(n), Text: text, At: at})
		},
		Chat: func(n int) string { return strconv.Itoa(far + 101 + 2*n) },
		Picture: func(n int, at time.Time, base string) []byte {
			return encode(modelEvent{ID: uint64(n), Type: "message", Chat: 5, At: at, File: base + "/file"})
		},
		Unknown: encode(modelEvent{ID: 3, Type: "wink"}),
		Empty:   encode(modelEvent{ID: 4, Type: "message", Chat: 5}),
		Post:    signed,
		Forged: map[string]func(body []byte) channeltest.Post{
			"bad": func(body []byte) channeltest.Post {
				p := signed([]byte("another"))
				p.Body = body
				return p
			},
			"missing": func(body []byte) channeltest.Post { return channeltest.Post{Body: body} },
		},
		Signed: true,
		Reply:  "ok",
		Sent: func(r *http.Request, body []byte) (channeltest.Sent, bool) {
			var a modelAnswer
			ok := r.URL.Path == "/send" && json.Unmarshal(body, &a) == nil
			return channeltest.Sent{Chat: a.Chat, Text: a.Text, Number: fmt.Sprint(a.Number)}, ok
		},
		Say: func(w http.ResponseWriter, how channeltest.Outcome) {
			w.WriteHeader(map[channeltest.Outcome]int{channeltest.Accepts: 200, channeltest.Waits: 429, channeltest.Refuses: 403}[how])
		},
		Other: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
		}),
		Busy:    time.Second,
		Refusal: channel.ReasonBlocked,
	}
}

func TestTheModelPasses(t *testing.T) {
	for _, again := range []bool{false, true} {
		t.Run(fmt.Sprint(again), func(t *testing.T) { channeltest.Run(t, modelSpec(again)) })
	}
}
