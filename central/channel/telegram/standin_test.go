package telegram

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	token  = "6543210987:AAfZ_abcdefghijklmnopqrstuvwxyz0123" // of nobody's bot
	secret = "s3cret_of-the-webhook"
)

// asked is one call the stand-in got.
type asked struct {
	Method string
	Body   string
}

// standIn speaks the Bot API as far as the platform uses it.
type standIn struct {
	*httptest.Server
	mu      sync.Mutex
	calls   []asked
	says    map[string][]string // by method: replies of the next calls, "hang" for none
	updates []json.RawMessage   // of getUpdates
	hook    string              // result of getWebhookInfo
	sent    int64
}

func newStandIn(t *testing.T) *standIn {
	s := &standIn{says: map[string][]string{}, hook: `{"url":"https://region.example/channels/tg","has_custom_certificate":false,"pending_update_count":0}`}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /bot"+token+"/{method}", s.call)
	mux.HandleFunc("GET /file/bot"+token+"/photos/file_1.jpg", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(picture)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { // as the real one says to a wrong token
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"ok":false,"error_code":401,"description":"Unauthorized"}`)
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

var picture = []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00")

func (s *standIn) call(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	method := r.PathValue("method")
	s.mu.Lock()
	s.calls = append(s.calls, asked{method, string(body)})
	var next string
	if queue := s.says[method]; len(queue) > 0 {
		next, s.says[method] = queue[0], queue[1:]
	}
	s.mu.Unlock()
	if next == "hang" {
		<-r.Context().Done()
		return
	}
	if next == "" {
		next = s.result(method, body)
	}
	var said struct {
		Code int `json:"error_code"`
	}
	_ = json.Unmarshal([]byte(next), &said)
	w.Header().Set("Content-Type", "application/json")
	if said.Code != 0 {
		w.WriteHeader(said.Code)
	}
	fmt.Fprint(w, next)
}

func (s *standIn) result(method string, body []byte) string {
	ok := func(result string) string { return `{"ok":true,"result":` + result + `}` }
	var q struct {
		Offset int64           `json:"offset"`
		Chat   json.RawMessage `json:"chat_id"`
		Text   string          `json:"text"`
	}
	_ = json.Unmarshal(body, &q)
	switch method {
	case "getMe":
		return ok(`{"id":6543210987,"is_bot":true,"first_name":"Бот","username":"region_bot"}`)
	case "getWebhookInfo":
		return ok(s.hook)
	case "getFile":
		return ok(`{"file_id":"F","file_unique_id":"U","file_size":11,"file_path":"photos/file_1.jpg"}`)
	case "getChatMemberCount":
		return ok("4217")
	case "getChat":
		return ok(`{"id":-1001234567890,"type":"channel","title":"Канаш","accent_color_id":1,"max_reaction_count":1,"photo":{"small_file_id":"a","small_file_unique_id":"b","big_file_id":"c","big_file_unique_id":"d"},"accepted_gift_types":{}}`)
	case "sendMessage":
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sent++
		text, _ := json.Marshal(q.Text)
		return ok(fmt.Sprintf(`{"message_id":%d,"date":1700000000,"chat":{"id":%s,"type":"private"},"text":%s}`, 9000+s.sent, q.Chat, text))
	case "getUpdates":
		return ok(string(s.after(q.Offset)))
	}
	return `{"ok":false,"error_code":404,"description":"Not Found: method not found"}`
}

// after gives the updates from the offset on; those before it are confirmed. Where
// there is none it waits a little, as a poll does.
func (s *standIn) after(offset int64) []byte {
	for range 10 {
		s.mu.Lock()
		left := []json.RawMessage{}
		for _, u := range s.updates {
			var n update
			if json.Unmarshal(u, &n) == nil && *n.ID >= offset {
				left = append(left, u)
			}
		}
		s.updates = left
		s.mu.Unlock()
		if len(left) > 0 {
			b, _ := json.Marshal(left)
			return b
		}
		time.Sleep(5 * time.Millisecond)
	}
	return []byte("[]")
}

// next says what the method replies to its next calls.
func (s *standIn) next(method string, replies ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says[method] = append(s.says[method], replies...)
}

// of gives the bodies of the calls of a method.
func (s *standIn) of(method string) (bodies []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if c.Method == method {
			bodies = append(bodies, c.Body)
		}
	}
	return bodies
}

func (s *standIn) config() Config { return Config{BaseURL: s.URL, Token: token, Secret: secret} }

// fail is a refusal as the Bot API words it.
func fail(code int, description string) string {
	return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, code, description)
}

// hasToken finds the secret part of the token.
func hasToken(s string) bool { return strings.Contains(s, "AAfZ_") }
