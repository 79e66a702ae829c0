package e2e

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// speech is what a platform says and hears, as far as the tests of accidents need it: one
// row of speeches adds a platform to all of them.
type speech struct {
	name, platform string // of the line, and in the file of channels
	settings       string // the rest of its entry in the file
	// wrote is the delivery of what citizen n wrote; with a picture where one is given.
	wrote func(n int, text, picture string) []byte
	// sign gives the headers of a delivery; nil: none.
	sign  func(body []byte) (header, value string)
	query string // of the address it delivers to
	// polled says that the platform delivers nothing: it is asked by getUpdates.
	polled bool
	// sent reads an answer out of a call: where it goes, and by what repetitions of it are
	// known, "" where the platform does not know them.
	sent func(r *http.Request, body []byte) (text, number string, ok bool)
	says string // when it takes an answer
}

const platformSecret = "a-secret"

var speeches = []speech{
	{
		name: "telegram", platform: "telegram", wrote: telegramWrote, sent: telegramSent, says: telegramSays,
		sign: func([]byte) (string, string) { return "X-Telegram-Bot-Api-Secret-Token", platformSecret },
	},
	{name: "telegram-asked", platform: "telegram", settings: `"poll":true,`, wrote: telegramWrote, sent: telegramSent, says: telegramSays, polled: true},
	{name: "vk", platform: "vk", settings: `"settings":{"group":"7"},`, wrote: vkWrote, sent: vkSent, says: `{"response":7}`},
	{name: "viber", platform: "viber", settings: `"settings":{"sender":"Бот"},`, wrote: viberWrote, sign: viberSign, sent: viberSent, says: `{"status":0,"message_token":5741311803571721087}`},
	{
		name: "max", platform: "max", wrote: maxWrote, sent: maxSent,
		sign: func([]byte) (string, string) { return "X-Max-Bot-Api-Secret", platformSecret },
		says: `{"message":{"recipient":{"chat_id":1,"chat_type":"dialog"},"timestamp":1775026671403,"body":{"mid":"mid.ours","seq":1,"text":""}}}`,
	},
	{
		name: "ok", platform: "ok", settings: `"settings":{"networks":"127.0.0.1/32"},`, query: "?secret=" + platformSecret,
		wrote: okWrote, sent: okSent, says: `{"success":true,"message_id":"mid.ours"}`,
	},
}

const telegramSays = `{"ok":true,"result":{"message_id":9001,"date":1700000000,"chat":{"id":42,"type":"private"}}}`

// quoted is JSON of a text.
func quoted(text string) string {
	b, _ := json.Marshal(text) // a string always is
	return string(b)
}

func telegramWrote(n int, text, picture string) []byte {
	words := `"text":` + quoted(text)
	if picture != "" {
		words = `"caption":` + quoted(text) + `,"photo":[{"file_id":"F","width":9,"height":9}]`
	}
	return fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private"},"from":{"id":%[4]d,"first_name":"N"},%s}}`,
		1000+n, n, time.Now().Unix(), 5000+n, words)
}

func telegramSent(r *http.Request, body []byte) (text, number string, ok bool) {
	var q struct {
		Text string `json:"text"`
	}
	err := json.Unmarshal(body, &q)
	return q.Text, "", err == nil && strings.HasSuffix(r.URL.Path, "/sendMessage")
}

func vkWrote(n int, text, picture string) []byte {
	attached := ""
	if picture != "" {
		attached = fmt.Sprintf(`,"attachments":[{"type":"photo","photo":{"id":1,"owner_id":2,"sizes":[{"type":"x","url":%q,"width":9,"height":9}]}}]`, picture)
	}
	return fmt.Appendf(nil, `{"group_id":7,"type":"message_new","event_id":"e%d","v":"5.199","secret":%q,"object":{"message":
		{"id":%[1]d,"conversation_message_id":%[1]d,"date":%[3]d,"from_id":%[4]d,"peer_id":%[4]d,"out":0,"text":%[5]s%[6]s},"client_info":{}}}`,
		n, platformSecret, time.Now().Unix(), 5000+n, quoted(text), attached)
}

func vkSent(r *http.Request, body []byte) (text, number string, ok bool) {
	q, err := url.ParseQuery(string(body))
	return q.Get("message"), q.Get("random_id"), err == nil && r.URL.Path == "/messages.send"
}

func viberWrote(n int, text, picture string) []byte {
	message := `{"type":"text","text":` + quoted(text) + `}`
	if picture != "" {
		message = fmt.Sprintf(`{"type":"picture","text":%s,"media":%q}`, quoted(text), picture)
	}
	return fmt.Appendf(nil, `{"event":"message","timestamp":%d,"message_token":%d,"sender":{"id":"u%d=","name":"N"},"message":%s}`,
		time.Now().UnixMilli(), uint64(5466297578174182639)+uint64(n), n, message)
}

func viberSign(body []byte) (header, value string) {
	mac := hmac.New(sha256.New, []byte("a-token"))
	mac.Write(body)
	return "X-Viber-Content-Signature", hex.EncodeToString(mac.Sum(nil))
}

func viberSent(r *http.Request, body []byte) (text, number string, ok bool) {
	text, _, _ = telegramSent(r, body)
	return text, "", r.URL.Path == "/pa/send_message"
}

func okWrote(n int, text, picture string) []byte {
	attached := ""
	if picture != "" {
		attached = fmt.Sprintf(`{"type":"IMAGE","payload":{"url":%q}}`, picture)
	}
	return fmt.Appendf(nil, `{"webhookType":"MESSAGE_CREATED","sender":{"user_id":"user:%d","name":"N"},"recipient":{"chat_id":"chat:C%[1]d"},
		"message":{"text":%[2]s,"seq":%[3]d,"mid":"mid.%[1]d","attachments":[%[4]s]},"timestamp":%[5]d}`,
		n, quoted(text), int64(1)<<53+int64(n), attached, time.Now().UnixMilli())
}

func okSent(r *http.Request, body []byte) (text, number string, ok bool) {
	var q struct {
		Message struct {
			Text string `json:"text"`
		} `json:"message"`
	}
	err := json.Unmarshal(body, &q)
	return q.Message.Text, "", err == nil && strings.HasPrefix(r.URL.Path, "/graph/chat:") && strings.HasSuffix(r.URL.Path, "/messages")
}

func maxWrote(n int, text, picture string) []byte {
	attached := ""
	if picture != "" {
		attached = fmt.Sprintf(`{"type":"image","payload":{"photo_id":1,"token":"t","url":%q}}`, picture)
	}
	return fmt.Appendf(nil, `{"update_type":"message_created","timestamp":%d,"message":{"recipient":{"chat_id":%d,"chat_type":"dialog"},"timestamp":%[1]d,
		"sender":{"user_id":%[2]d,"name":"N"},"body":{"mid":"mid.%[2]d","seq":1,"text":%[3]s,"attachments":[%[4]s]}}}`,
		time.Now().UnixMilli(), 5000+n, quoted(text), attached)
}

func maxSent(r *http.Request, body []byte) (text, number string, ok bool) {
	text, _, _ = telegramSent(r, body)
	return text, "", r.URL.Path == "/messages"
}

// there is a platform as far as a line sees it. It outlives the server.
type there struct {
	*httptest.Server
	speech
	line string // address it delivers to

	mu      sync.Mutex
	updates []json.RawMessage   // that are asked for and not confirmed yet
	sent    map[string][]string // by text: the numbers it came with
	hold    chan struct{}       // no picture and no reply to an answer until it is closed; nil: at once
	asked   chan struct{}       // told when one is held
}

func newThere(t *testing.T, s speech) *there {
	p := &there{speech: s, sent: map[string][]string{}, asked: make(chan struct{}, 100)}
	p.Server = httptest.NewServer(p)
	t.Cleanup(func() {
		p.release()
		p.Close()
	})
	return p
}

// picture is the address of one.
func (p *there) picture() string { return p.URL + "/picture.png" }

// holds makes whoever asks for a picture or sends an answer wait for release.
func (p *there) holds() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = make(chan struct{})
}

func (p *there) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hold != nil {
		close(p.hold)
		p.hold = nil
	}
}

func (p *there) wait() {
	p.mu.Lock()
	hold := p.hold
	p.mu.Unlock()
	if hold != nil {
		p.asked <- struct{}{}
		<-hold
	}
}

func (p *there) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // whoever asked was killed
	}
	w.Header().Set("Content-Type", "application/json")
	if text, number, ok := p.speech.sent(r, body); ok {
		p.mu.Lock()
		p.sent[text] = append(p.sent[text], number)
		p.mu.Unlock()
		p.wait()
		_, _ = io.WriteString(w, p.says)
		return
	}
	switch {
	case strings.HasSuffix(r.URL.Path, ".png"):
		p.wait()
		_ = png.Encode(w, image.NewGray(image.Rect(0, 0, 8, 8)))
	case strings.HasSuffix(r.URL.Path, "/getFile"):
		_, _ = io.WriteString(w, `{"ok":true,"result":{"file_id":"F","file_path":"picture.png"}}`)
	case strings.HasSuffix(r.URL.Path, "/getUpdates"):
		p.give(w, r, body)
	default:
		_, _ = io.WriteString(w, `{}`)
	}
}

// give answers a poll: with what it does not confirm, as soon as there is something.
func (p *there) give(w http.ResponseWriter, r *http.Request, body []byte) {
	var q struct {
		Offset int64 `json:"offset"`
	}
	if json.Unmarshal(body, &q) != nil {
		return
	}
	var left []json.RawMessage
	for end := time.Now().Add(5 * time.Second); len(left) == 0 && time.Now().Before(end) && r.Context().Err() == nil; time.Sleep(10 * time.Millisecond) {
		p.mu.Lock()
		for len(p.updates) > 0 && number(p.updates[0]) < q.Offset {
			p.updates = p.updates[1:]
		}
		left = append(left, p.updates...)
		p.mu.Unlock()
	}
	out, _ := json.Marshal(left) // is JSON already
	if len(left) == 0 {
		out = []byte("[]")
	}
	_, _ = fmt.Fprintf(w, `{"ok":true,"result":%s}`, out)
}

func number(update []byte) int64 {
	var u struct {
		ID int64 `json:"update_id"`
	}
	_ = json.Unmarshal(update, &u) // written by telegramWrote
	return u.ID
}

// deliver gives a delivery out once; it says whether it is acknowledged.
func (p *there) deliver(body []byte) (acknowledged bool) {
	if p.polled {
		p.mu.Lock()
		p.updates = append(p.updates, body)
		p.mu.Unlock()
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			p.mu.Lock()
			confirmed := len(p.updates) == 0 || number(p.updates[0]) > number(body)
			p.mu.Unlock()
			if confirmed {
				return true
			}
		}
		return false
	}
	q, err := http.NewRequest(http.MethodPost, p.line+p.query, bytes.NewReader(body))
	if err != nil {
		return false
	}
	if p.sign != nil {
		q.Header.Set(p.sign(body))
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, r.Body)
	_ = r.Body.Close()
	return err == nil && r.StatusCode == http.StatusOK
}

// insist delivers until it is acknowledged, as platforms do, only sooner.
func (p *there) insist(body []byte) bool {
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if p.deliver(body) {
			return true
		}
	}
	return false
}

// came gives the numbers with which a text has come, one for each time.
func (p *there) came(text string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.sent[text]...)
}

// lines writes a file of channels with a line to each, and gives its path.
func lines(t *testing.T, all ...*there) string {
	t.Helper()
	dir := t.TempDir()
	var entries []string
	for _, p := range all {
		secrets := `"token":{"file":"token"}`
		if p.platform != "viber" {
			secrets += `,"secret":{"file":"secret"}`
		}
		if p.platform == "vk" {
			secrets += `,"confirmation":{"file":"secret"}`
		}
		entries = append(entries, fmt.Sprintf(`{"name":%q,"platform":%q,"title":"Бот",%s"base_url":%q,"accepted":"Принято, номер {number}","secrets":{%s}}`,
			p.name, p.platform, p.settings, p.URL, secrets))
	}
	path := filepath.Join(dir, "channels.json")
	for name, content := range map[string]string{
		path: `{"lines":[` + strings.Join(entries, ",") + `]}`, filepath.Join(dir, "token"): "a-token", filepath.Join(dir, "secret"): platformSecret,
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}
