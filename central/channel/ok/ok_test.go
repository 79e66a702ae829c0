package ok

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/time/rate"

	"otklik/app"
	"otklik/central/channel"
)

func TestSign(t *testing.T) {
	q := url.Values{
		"application_key": {"CBAJKLMNOP"}, "fields": {"members_count"}, "format": {"json"}, "method": {"group.getInfo"},
		"uids": {"50582132228315"}, "access_token": {"tkn1abc"},
	}
	a := Application{Token: "tkn1abc", Secret: "APPSECRET"}
	const want = "fc6c1b6ef41b280305e6c77dbebef2e7"
	if got := a.sign(q); got != want {
		t.Error(got)
	}
	q.Set("sig", want)
	if got := a.sign(q); got != want {
		t.Errorf("the signature signs itself: %s", got)
	}
	for name, changed := range map[string]url.Values{
		"another value":         {"uids": {"50582132228314"}},
		"the same, not as sent": {"fields": {"members_count "}},
		"one more":              {"lang": {"ru"}},
		"another name":          {"uids": nil, "uid": {"50582132228315"}},
	} {
		other := maps.Clone(q)
		maps.Copy(other, changed)
		maps.DeleteFunc(other, func(_ string, v []string) bool { return v == nil })
		if got := a.sign(other); got == want {
			t.Errorf("%s: the signature is the same", name)
		}
	}
	for _, other := range []Application{{Token: "tkn1abd", Secret: "APPSECRET"}, {Token: "tkn1abc", Secret: "APPSECRE"}} {
		if other.sign(q) == want {
			t.Errorf("%+v signs the same", other)
		}
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

// says is the API: what it replies depends on what it is asked for.
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
	const ours = `{"subscriptions":[{"longPolling":true},{"url":"https://other.example/?secret=x"},{"url":"https://region.example/channels/ok?secret=` + secret + `","time":1}]}`
	for name, c := range map[string]struct{ secret, said, want string }{
		"all is well":            {secret, ours, ""},
		"no secret":              {"", ours, "needs a secret"},
		"no subscription":        {secret, `{"subscriptions":[]}`, "eight hours"},
		"of another server":      {secret, `{"subscriptions":[{"url":"https://region.example/channels/ok?secret=x"}]}`, "no address with this secret"},
		"without a secret":       {secret, `{"subscriptions":[{"url":"https://region.example/channels/ok"}]}`, "no address with this secret"},
		"a token nobody knows":   {secret, `{"error_code":102}`, "none Odnoklassniki knows"},
		"not there for a moment": {secret, `{"error_code":2}`, "error 2"},
	} {
		s := says(t, func(url.Values) string { return c.said })
		err := New(Config{BaseURL: s.URL, Token: token, Secret: c.secret}).Check(t.Context())
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A group that is taken amiss is a gap, and the others are counted.
func TestCount(t *testing.T) {
	a := Application{Key: "CBAJKLMNOP", Token: "tkn1abc", Secret: "APPSECRET"}
	calls := 0
	s := says(t, func(q url.Values) string {
		calls++
		if q.Get("method") == "url.getInfo" {
			return `{"type":"UNKNOWN"}`
		}
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

// TestWhatANameStandsFor: groups known by name are counted by the number it stands for,
// and what cannot be told is a gap of its own.
func TestWhatANameStandsFor(t *testing.T) {
	a := Application{Key: "CBAJKLMNOP", Token: "tkn1abc", Secret: "APPSECRET"}
	var links []string
	busy := false
	s := says(t, func(q url.Values) string {
		if q.Get("sig") != a.sign(q) {
			return `{"error_code":104,"error_msg":"PARAM_SIGNATURE"}`
		}
		if q.Get("method") == "group.getInfo" {
			var all []string
			for n := range strings.SplitSeq(q.Get("uids"), ",") {
				all = append(all, `{"uid":"`+n+`","members_count":7}`)
			}
			return `[` + strings.Join(all, ",") + `]`
		}
		links = append(links, q.Get("url"))
		switch name := strings.TrimSuffix(q.Get("url"), "/"); {
		case busy:
			return `{"error_code":11}`
		case strings.HasSuffix(name, "/kanash"):
			return `{"type":"GROUP","objectId":9007199254740993,"objectIdStr":"9007199254740993","objectIdEncoded":"x"}`
		case strings.HasSuffix(name, "/old.name"):
			return `{"type":"GROUP","objectId":9007199254740995}`
		case strings.HasSuffix(name, "/person"):
			return `{"type":"PROFILE","objectId":1}`
		}
		return `{"error_code":100,"error_msg":"PARAM : Invalid parameter url value"}`
	})
	pages := []app.Page{
		{ID: "number", Link: "https://ok.ru/group5"},
		{ID: "known", Link: "https://ok.ru/known", External: "6"},
		{ID: "none", Link: "https://ok.ru/nobody"},
		{ID: "name", Link: "https://ok.ru/kanash"},
		{ID: "old", Link: "https://www.odnoklassniki.ru/old.name/"},
		{ID: "person", Link: "https://ok.ru/person"},
		{ID: "profile", Link: "https://ok.ru/profile/17"},
		{ID: "front", Link: "https://ok.ru/"},
	}
	c := NewCounting(Config{BaseURL: s.URL}, a)
	c.names.SetLimit(rate.Inf)
	got, err := c.Count(t.Context(), pages)
	want := map[string]string{"number": "", "known": "", "name": "9007199254740993", "old": "9007199254740995"}
	if err != nil || len(got) != len(want) || len(links) != 4 {
		t.Errorf("%+v %v %v", got, links, err)
	}
	for id, n := range want {
		if c, is := got[id]; !is || c.Subscribers != 7 || c.External != n {
			t.Errorf("%s: %+v", id, c)
		}
	}
	busy, links = true, nil
	if got, err := c.Count(t.Context(), pages); err != nil || len(got) != 2 || len(links) != 1 {
		t.Errorf("those known by number are counted all the same, and nobody asks on: %+v %v %v", got, links, err)
	}
}
