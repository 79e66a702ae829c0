package viber

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"otklik/central/channel"
)

const (
	token = "44dafb7e0f40021e-61a47a1e6778d187-f2c5a676a07050b3"
	body  = `{"event":"webhook","timestamp":4977069964384421269,"message_token":1478683725125}`
	sig   = "d21b343448c8aee33b8e93768ef6ceb64a6ba6163099973a2b8bd028fea510ef"
)

func TestVerify(t *testing.T) {
	p := New(Config{Token: token})
	h := http.Header{"X-Viber-Content-Signature": {sig}}
	for name, c := range map[string]struct {
		d  channel.Delivery
		ok bool
	}{
		"header":        {channel.Delivery{Header: h, Body: []byte(body)}, true},
		"query":         {channel.Delivery{Query: url.Values{"sig": {sig}}, Body: []byte(body)}, true},
		"none":          {channel.Delivery{Body: []byte(body)}, false},
		"re-serialised": {channel.Delivery{Header: h, Body: []byte(strings.ReplaceAll(body, ",", ", "))}, false},
	} {
		if err := p.Verify(c.d); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReads(t *testing.T) {
	p := New(Config{Token: token})
	if k, err := p.Take([]byte(body)); err != nil || len(k.Keys) != 0 {
		t.Errorf("webhook: %v %v", k, err)
	}
	text := []byte(`{"event":"message","timestamp":1457764197627,"message_token":18446744073709551615,"sender":{"id":"u=","name":"N"},"message":{"type":"text","text":"Яма"}}`)
	k, err := p.Take(text)
	if err != nil || len(k.Keys) != 1 || k.Keys[0] != "18446744073709551615" {
		t.Errorf("a token above 2⁵³: %v %v", k, err)
	}
	m, err := p.Read(text)
	if err != nil || len(m) != 1 || m[0].Text != "Яма" || m[0].Chat != "u=" {
		t.Errorf("text: %+v %v", m, err)
	}
	for event, n := range map[string]int{"conversation_started": 1, "delivered": 0, "odd": 0} {
		m, err := p.Read([]byte(`{"event":"` + event + `","message_token":7,"user":{"id":"u"}}`))
		if err != nil || len(m) != n || n == 1 && !m[0].Hello {
			t.Errorf("%s: %+v %v", event, m, err)
		}
	}
}

func TestSend(t *testing.T) {
	reply := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/pa/send_message" || r.Header.Get("X-Viber-Auth-Token") != token {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, reply)
	}))
	p := New(Config{BaseURL: s.URL, Token: token, Name: "ЦУР", Client: s.Client()})
	send := func(with string) (string, error) {
		reply = with
		return p.Send(t.Context(), channel.Answer{Chat: "u=", Text: "Готово"})
	}
	if id, err := send(`{"status":0,"message_token":5741311803571721087}`); err != nil || id != "5741311803571721087" {
		t.Errorf("sent: %q %v", id, err)
	}
	var wait *channel.Wait
	if _, err := send(`{"status":12}`); !errors.As(err, &wait) {
		t.Errorf("too many: %v", err)
	}
	var no *channel.Refused
	if _, err := send(`{"status":6}`); !errors.As(err, &no) || no.Reason != channel.ReasonBlocked {
		t.Errorf("not subscribed: %v", err)
	}
	if _, err := send(`{}`); err == nil {
		t.Error("a reply without a status is taken for a success")
	}
	s.Close()
	if _, err := send(""); !errors.Is(err, channel.ErrNotSent) {
		t.Errorf("nobody there: %v", err)
	}
}
