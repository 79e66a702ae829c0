package ok

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"otklik/app"
	"otklik/central/channel"
)

func TestSign(t *testing.T) {
	q := url.Values{
		"application_key": {"CBAJKLMNOP"}, "fields": {"members_count"}, "format": {"json"}, "method": {"group.getInfo"},
		"uids": {"50582132228315"}, "access_token": {"tkn1abc"},
	}
	if got := (Application{Token: "tkn1abc", Secret: "APPSECRET"}).sign(q); got != "fc6c1b6ef41b280305e6c77dbebef2e7" {
		t.Error(got)
	}
}

func TestWhoeverConnectsIsTheSenderWithoutABalancer(t *testing.T) {
	p := New(Config{Secret: secret})
	q := url.Values{"secret": {secret}}
	h := http.Header{"X-Forwarded-For": {"217.20.145.193"}}
	for from, believed := range map[string]bool{
		"217.20.145.193": true, "217.20.151.175": true, "::ffff:217.20.153.48": true,
		"217.20.145.208": false, "192.0.2.1": false, "": false,
	} {
		if err := p.Verify(channel.Delivery{From: from, Query: q, Header: h}); (err == nil) != believed {
			t.Errorf("%q: %v", from, err)
		}
	}
	if err := New(Config{}).Verify(channel.Delivery{From: "217.20.145.193"}); err == nil {
		t.Error("without a secret everything is believed")
	}
	own, err := ParseNetworks("192.0.2.0/24, 2001:db8::/32,")
	if err != nil || len(own) != 2 {
		t.Fatalf("%v %v", own, err)
	}
	p = New(Config{Secret: secret, Networks: own})
	if p.Verify(channel.Delivery{From: "192.0.2.1", Query: q}) != nil || p.Verify(channel.Delivery{From: "217.20.145.193", Query: q}) == nil {
		t.Error("the networks of the configuration do not count")
	}
	if _, err := ParseNetworks("192.0.2.1"); err == nil {
		t.Error("an address is taken for a network")
	}
}

func written(mid, rest string) []byte {
	return []byte(`{"webhookType":"MESSAGE_CREATED","sender":{"user_id":"user:9007199254740993","name":"Анна"},"recipient":{"chat_id":"chat:C3ecb9d02a600"},` +
		`"message":{"seq":98211023614189660,"mid":` + mid + `,` + rest + `},"timestamp":1498581292941}`)
}

func TestKeys(t *testing.T) {
	p := New(Config{})
	keys := map[string]string{}
	for name, body := range map[string][]byte{
		"number": written(`18446744073709551615`, `"text":"Яма"`),
		"string": written(`"18446744073709551615"`, `"text":"Яма"`),
		"next":   written(`18446744073709551614`, `"text":"Яма"`),
		"none":   written(`""`, `"text":"Яма"`),
		"old":    []byte(strings.Replace(string(written(`18446744073709551615`, `"text":"Яма"`)), `"webhookType":"MESSAGE_CREATED",`, "", 1)),
	} {
		k, err := p.Take(body)
		m, err2 := p.Read(body)
		if err != nil || err2 != nil || len(k.Keys) != 1 || len(m) != 1 || k.Keys[0] != typeCreated+"/"+m[0].Key {
			t.Fatalf("%s: %v %v %v %v", name, k, m, err, err2)
		}
		keys[name] = m[0].Key
	}
	if keys["number"] != "18446744073709551615" || keys["number"] != keys["string"] || keys["number"] != keys["old"] || keys["number"] == keys["next"] || keys["none"] != "chat:C3ecb9d02a600/98211023614189660" {
		t.Errorf("%v", keys)
	}
	for _, body := range []string{`{}`, `[`, `{"webhookType":"MESSAGE_CREATED","message":{"mid":{}}}`} {
		if _, err := p.Take([]byte(body)); err == nil {
			t.Errorf("%s is taken", body)
		}
	}
}

func TestReads(t *testing.T) {
	p := New(Config{})
	m, err := p.Read(written(`"mid:C.2"`, `"text":"Яма","reply_to":"mid:C.1","attachments":[{"type":"IMAGE","payload":{"url":"https://i.mycdn.me/1"}},`+
		`{"type":"IMAGE","payload":{"url":"https://i.mycdn.me/2"}},{"type":"LOCATION","payload":{"latitude":56.1,"longitude":47.25}}]`))
	if err != nil || len(m) != 1 || len(m[0].Files) != 2 || m[0].ReplyTo != "mid:C.1" || m[0].Thread != "mid:C.2" || m[0].Place != "56.1, 47.25" ||
		m[0].Text != "Яма" || m[0].Contact != "https://ok.ru/profile/9007199254740993" || m[0].At.UnixMilli() != 1498581292941 {
		t.Errorf("%+v %v", m, err)
	}
	for what, body := range map[string]string{
		"a place":    `"attachment":{"type":"LOCATION","payload":{"latitude":56.1,"longitude":47.25}}`,
		"a link":     `"attachments":[{"type":"SHARE","payload":{"url":"https://ya.ru/"}}]`,
		"an unknown": `"text":"x","attachments":[{"type":"ODD","payload":{"url":"https://ya.ru/"}}]`,
	} {
		if m, err := p.Read(written(`7`, body)); err != nil || len(m) != 1 || m[0].Text == "" || len(m[0].Files) != 0 {
			t.Errorf("%s: %+v %v", what, m, err)
		}
	}
	group := strings.Replace(string(written(`7`, `"text":"x"`)), "user:", "group:", 1)
	for _, body := range []string{group, `{"webhookType":"CHAT_SYSTEM"}`, strings.Replace(group, "MESSAGE_CREATED", "MESSAGE_CALLBACK", 1)} {
		if m, err := p.Read([]byte(body)); err != nil || len(m) != 0 {
			t.Errorf("%s: %+v %v", body, m, err)
		}
	}
}

// says replies the same to every call, and keeps what it was asked for.
func says(t *testing.T, reply func(url.Values) string) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, said := 0, reply(r.URL.Query())
		if _, err := fmt.Sscanf(said, "HTTP %d", &status); err == nil {
			w.WriteHeader(status)
			return
		}
		_, _ = io.WriteString(w, said)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestErrorsOfAnAnswer(t *testing.T) {
	reply := ""
	s := says(t, func(url.Values) string { return reply })
	for said, want := range map[string]string{
		`{"success":true,"message_id":9007199254740993}`:         "9007199254740993",
		`{"error_code":2,"error_msg":"SERVICE"}`:                 "wait 1m0s",
		`{"error_code":8}`:                                       "wait 2s",
		`{"error_code":11}`:                                      "wait 1m0s",
		`HTTP 429`:                                               "wait 2s",
		`{"error_code":9}`:                                       "access 9",
		`{"error_code":10,"error_msg":"PERMISSION_DENIED"}`:      "blocked 10",
		`{"error_code":100}`:                                     "other 100",
		`{"error_code":102,"error_msg":"PARAM_SESSION_EXPIRED"}`: "access 102",
		`{"error_code":140}`:                                     "gone 140",
		`HTTP 401`:                                               "access HTTP 401",
		`{"success":false}`:                                      "other success=false",
		`{"error_code":1}`:                                       "unknown",
		`{"error_code":9999}`:                                    "unknown",
		`HTTP 502`:                                               "unknown",
		`{}`:                                                     "unknown",
		`<html>`:                                                 "unknown",
	} {
		reply = said
		got, err := New(Config{BaseURL: s.URL, Token: token}).Send(t.Context(), channel.Answer{Chat: "chat:C1", Thread: "mid:1", Text: "Да"})
		var w *channel.Wait
		var no *channel.Refused
		switch {
		case errors.As(err, &w):
			got = "wait " + w.For.String()
		case errors.As(err, &no):
			got = string(no.Reason) + " " + no.Code
		case err != nil:
			got = "unknown"
			if errors.Is(err, channel.ErrNotSent) || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "C1") {
				t.Error(err)
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", said, got, want)
		}
	}
	s.Close()
	if _, err := New(Config{BaseURL: s.URL, Token: token}).Send(t.Context(), channel.Answer{Chat: "chat:C1"}); !errors.Is(err, channel.ErrNotSent) || strings.Contains(err.Error(), token) {
		t.Error(err)
	}
}

func TestCheck(t *testing.T) {
	for said, want := range map[string]string{
		`{"subscriptions":[{"url":"https://region.example/channels/ok?secret=SECRET"}]}`: "",
		`{"subscriptions":[]}`: "eight hours",
		`{"error_code":102}`:   "none Odnoklassniki knows",
		`{"error_code":2}`:     "error 2",
	} {
		s := says(t, func(url.Values) string { return said })
		err := New(Config{BaseURL: s.URL, Token: token, Secret: secret}).Check(t.Context())
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", said, err)
		}
	}
}

// A group that is taken amiss is a gap, and the others are counted.
func TestCount(t *testing.T) {
	a := Application{Key: "CBAJKLMNOP", Token: "tkn1abc", Secret: "APPSECRET"}
	calls := 0
	s := says(t, func(q url.Values) string {
		calls++
		if q.Get("sig") != a.sign(q) || q.Get("method") != "group.getInfo" || q.Get("access_token") != a.Token {
			return `{"error_code":104,"error_msg":"PARAM_SIGNATURE"}`
		}
		if strings.Contains(q.Get("uids"), "666") {
			return `{"error_code":160,"error_msg":"PARAM_GROUP_ID"}`
		}
		list := `[{"uid":"50582132228315","members_count":4217,"description":"","main_photo":{"id":1}},{"uid":9007199254740993,"members_count":"12"},{"uid":"5"}]`
		if calls%2 == 0 {
			return `{"groups":` + list + `}`
		}
		return list
	})
	pages := []app.Page{
		{ID: "a", Link: "https://ok.ru/group/50582132228315"},
		{ID: "b", Link: "https://ok.ru/kanash", External: "9007199254740993"},
		{ID: "bad", Link: "https://ok.ru/group666"},
		{ID: "name", Link: "https://ok.ru/somebody"},
		{ID: "five", Link: "https://m.ok.ru/group5/topics"},
	}
	c := NewCounting(Config{BaseURL: s.URL}, a)
	got, err := c.Count(t.Context(), pages)
	if err != nil || len(got) != 2 || got["a"].Subscribers != 4217 || got["b"].Subscribers != 12 ||
		!got["a"].Marks[app.MarkAvatar] || got["a"].Marks[app.MarkDescription] || len(got["b"].Marks) != 0 {
		t.Errorf("%+v %v", got, err)
	}
	c.a.Secret = "ANOTHER"
	a.Secret = "APPSECRET"
	if got, err := c.Count(t.Context(), pages); err == nil || len(got) != 0 {
		t.Errorf("a wrong signature: %+v %v", got, err)
	}
	busy := says(t, func(url.Values) string { return `{"error_code":11}` })
	var w *channel.Wait
	if _, err := NewCounting(Config{BaseURL: busy.URL}, a).Count(t.Context(), pages); !errors.As(err, &w) {
		t.Error(err)
	}
}
