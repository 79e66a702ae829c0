package viber

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"otklik/app"
	"otklik/central/channel"
	"otklik/central/channel/channeltest"
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
	for event, n := range map[string]int{"conversation_started": 1, "subscribed": 0, "odd": 0} {
		m, err := p.Read([]byte(`{"event":"` + event + `","message_token":7,"user":{"id":"u"}}`))
		if err != nil || len(m) != n || n == 1 && !m[0].Hello {
			t.Errorf("%s: %+v %v", event, m, err)
		}
	}
}

// TestStatusesAreTheVendors: each of them that a bot may get ends the answer with a reason.
func TestStatusesAreTheVendors(t *testing.T) {
	for status, want := range map[int]channel.Reason{
		2: channel.ReasonAccess, 3: channel.ReasonText, 5: channel.ReasonGone, 6: channel.ReasonBlocked, 7: channel.ReasonAccess,
		9: channel.ReasonAccess, 11: channel.ReasonDevice, 13: channel.ReasonDevice, 14: channel.ReasonOther, 99: channel.ReasonOther,
	} {
		if got := reason(status); got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
	}
}

// TestTellsWhatBecameOfAnAnswer: the vendor's callbacks name the answer by the token that
// Send gave.
func TestTellsWhatBecameOfAnAnswer(t *testing.T) {
	p := New(Config{Token: token})
	for event, want := range map[string]channel.Report{
		"delivered": {ID: "5741311803571721087", How: app.DeliveryDelivered},
		"seen":      {ID: "5741311803571721087", How: app.DeliveryDelivered},
		"failed":    {ID: "5741311803571721087", How: app.DeliveryRefused, Why: channel.ReasonDevice},
	} {
		m, err := p.Read([]byte(`{"event":"` + event + `","timestamp":1457764197627,"message_token":5741311803571721087,"user_id":"u=","desc":"failure description"}`))
		if err != nil || len(m) != 1 || m[0].Report == nil || *m[0].Report != want {
			t.Errorf("%s: %+v %v", event, m, err)
		}
	}
}

// TestDeliveredAndSeenReachTheHistory: the operator sees that the citizen has the answer,
// once, and that a device has refused it.
func TestDeliveredAndSeenReachTheHistory(t *testing.T) {
	for event, want := range map[string]app.Delivery{"delivered": app.DeliveryDelivered, "failed": app.DeliveryRefused} {
		t.Run(event, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `{"status":0,"message_token":5741311803571721087}`)
			}))
			t.Cleanup(s.Close)
			w := channeltest.NewWorld(t, channel.Options{}, channel.Line{Name: "viber", Title: "Viber", Platform: New(Config{BaseURL: s.URL, Token: token, Name: "N"})})
			w.Run()
			tell := func(body string) {
				p := signed(token, []byte(body))
				if status, _ := w.Deliver("viber", p.Header, "", p.Body); status != http.StatusOK {
					t.Fatalf("%d", status)
				}
			}
			tell(`{"event":"message","timestamp":1457764197627,"message_token":7,"sender":{"id":"u=","name":"N"},"message":{"type":"text","text":"Яма"}}`)
			a := w.Appeal()
			answer := w.Operator().Answers(a, "Готово")
			w.Delivered(a.ID, answer)
			for range 2 { // callbacks are repeated
				tell(`{"event":"` + event + `","timestamp":1457764197628,"message_token":5741311803571721087,"user_id":"u="}`)
			}
			tell(`{"event":"seen","timestamp":1457764197629,"message_token":9,"user_id":"u="}`) // of what nobody here has sent
			w.Until("all callbacks are read", func() bool { return len(w.Shelf("inbox/viber")) == 0 })
			var got []app.Delivery
			for _, e := range w.Find(a.ID).Events {
				if e.Type == app.EventDelivery && e.Target == answer {
					got = append(got, e.Delivery)
				}
			}
			if !slices.Equal(got, []app.Delivery{app.DeliverySent, want}) {
				t.Errorf("%q", got)
			}
		})
	}
}

// TestRealCallbacks reads what was recorded of the platform.
func TestRealCallbacks(t *testing.T) {
	recorded, err := os.ReadFile("../../../../shared/data/bots/viber/viber_callbacks.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no recorded callbacks beside the sources: ../shared/data/bots/viber")
	}
	if err != nil {
		t.Fatal(err)
	}
	p := New(Config{Token: token})
	var got []string
	for line := range bytes.Lines(recorded) {
		k, err := p.Take(line)
		m, wrong := p.Read(line)
		if err != nil || wrong != nil {
			t.Errorf("%s: %v %v", line, err, wrong)
		}
		what := "nothing"
		switch {
		case len(k.Keys) == 0:
			what = "not kept"
		case len(m) == 1 && m[0].Report != nil:
			what = string(m[0].Report.How) + " " + m[0].Report.ID
		case len(m) == 1 && m[0].Hello:
			what = "hello " + m[0].Chat
		case len(m) == 1:
			what = "wrote " + m[0].Chat + " " + k.Keys[0]
		}
		got = append(got, what)
	}
	want := []string{
		"wrote 01234567890A= 4912661846655238145", "nothing", "delivered 5466297578174182639", "delivered 5466297467809468529",
		"hello 0000000000000000000000==", "nothing", "not kept",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
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
