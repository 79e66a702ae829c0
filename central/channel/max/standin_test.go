package max

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	token  = "f9LHodD0cOJ-TOKEN-of-nobodys-bot"
	secret = "s3cret_of-the-webhook"
)

// asked is one call the stand-in got.
type asked struct {
	Call  string // "POST /messages"
	Query string
	Body  string
}

// standIn speaks the bot API as far as the platform uses it, in the shapes of the
// fixtures that MAX's own clients are tested with.
type standIn struct {
	*httptest.Server
	mu      sync.Mutex
	calls   []asked
	says    map[string][]string // by call: "429 {…}" of the next calls, "hang" for none
	updates []json.RawMessage
	first   int64 // marker of the first of them
	hooks   string
	posts   string // those of the channel, the latest first: their moments in milliseconds, "" where the bot is not in it
	sent    int
}

func newStandIn(t *testing.T) *standIn {
	s := &standIn{
		says: map[string][]string{}, first: 9007199254740993,
		hooks: `[{"url":"https://region.example/channels/max/SECRET","time":1775025604499,"update_types":null}]`,
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

var picture = []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00")

func (s *standIn) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/i/photo" { // where pictures are, no token is wanted or shown
		if r.Header.Get("Authorization") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = w.Write(picture)
		return
	}
	body, _ := io.ReadAll(r.Body)
	call := r.Method + " " + r.URL.Path
	s.mu.Lock()
	s.calls = append(s.calls, asked{call, r.URL.Query().Encode(), string(body)})
	said := ""
	if queue := s.says[call]; len(queue) > 0 {
		said, s.says[call] = queue[0], queue[1:]
	}
	s.mu.Unlock()
	switch {
	case said == "hang":
		<-r.Context().Done()
		return
	case said != "":
	case r.Header.Get("Authorization") != token:
		said = `401 {"code":"verify.token","message":"Invalid access_token"}`
	default:
		said = s.result(call, r, body)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	status, said, _ := strings.Cut(said, " ")
	code, _ := strconv.Atoi(status)
	if code == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "3")
	}
	w.WriteHeader(code)
	fmt.Fprint(w, said)
}

func (s *standIn) result(call string, r *http.Request, body []byte) string {
	switch call {
	case "GET /me":
		return `200 {"user_id":229229229,"first_name":"Бот","username":"region_bot","is_bot":true,"last_activity_time":1774677196913,"name":"Бот"}`
	case "GET /subscriptions":
		return `200 {"subscriptions":` + s.hooks + `}`
	case "GET /chats/-70000000000005", "GET /chats/kanash_gos":
		return `200 {"chat_id":-70000000000005,"type":"channel","status":"active","title":"Канаш","icon":{"url":"https://i.oneme.ru/i?r=1"},"last_event_time":1775626919577,"participants_count":4217,"is_public":true,"description":null,"link":"https://max.ru/kanash_gos"}`
	case "GET /messages":
		return s.history(r.URL.Query())
	case "GET /videos/FILM":
		return `200 {"token":"FILM","urls":{"mp4_1080":null,"mp4_480":"` + s.URL + `/i/photo","hls":"https://v.example/x.m3u8"},"width":640,"height":480,"duration":3}`
	case "POST /messages":
		var q struct {
			Text string `json:"text"`
		}
		_ = json.Unmarshal(body, &q)
		text, _ := json.Marshal(q.Text)
		chat := r.URL.Query().Get("chat_id")
		if chat == "" {
			chat = "182182182"
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sent++
		return fmt.Sprintf(`200 {"message":{"recipient":{"chat_id":%s,"chat_type":"dialog","user_id":123456789},"timestamp":1775026671403,`+
			`"body":{"mid":"mid.sent%d","seq":116328147937082782,"text":%s},"sender":{"user_id":229229229,"is_bot":true,"name":"Бот"}}}`, chat, s.sent, text)
	case "GET /updates":
		return "200 " + s.after(r.URL.Query().Get("marker"))
	}
	return `404 {"code":"not.found","message":"Chat not found"}`
}

// history gives the posts of the channel up to a moment, the latest first.
func (s *standIn) history(q url.Values) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.posts == "" || q.Get("chat_id") != "-70000000000005" {
		return `403 {"code":"chat.denied","message":"Bot is not in the chat"}`
	}
	most, err := strconv.Atoi(q.Get("count"))
	if err != nil || most > 100 {
		return `400 {"code":"proto.payload","message":"count"}`
	}
	from := int64(math.MaxInt64)
	if q.Has("from") {
		from, _ = strconv.ParseInt(q.Get("from"), 10, 64)
	}
	out := []string{}
	for i, at := range strings.Fields(s.posts) {
		if n, _ := strconv.ParseInt(at, 10, 64); n <= from && len(out) < most {
			out = append(out, fmt.Sprintf(`{"recipient":{"chat_id":-70000000000005,"chat_type":"channel","user_id":null},"timestamp":%d,"body":{"mid":"mid.%d","seq":116328147937082782,"text":"Новость"},"stat":{"views":7},"url":"https://max.ru/c/1"}`, n, i))
		}
	}
	return `200 {"messages":[` + strings.Join(out, ",") + `]}`
}

// after gives the updates from the marker on, which confirms those before it, and the
// marker of the next one. Where there is none it waits a little, as a poll does.
func (s *standIn) after(marker string) string {
	at, _ := strconv.ParseInt(marker, 10, 64)
	for range 10 {
		s.mu.Lock()
		for len(s.updates) > 0 && s.first < at {
			s.updates, s.first = s.updates[1:], s.first+1
		}
		left, next := s.updates, s.first+int64(len(s.updates))
		s.mu.Unlock()
		if len(left) > 0 {
			b, _ := json.Marshal(left)
			return fmt.Sprintf(`{"updates":%s,"marker":%d}`, b, next)
		}
		time.Sleep(5 * time.Millisecond)
	}
	if at == 0 {
		return `{"updates":[],"marker":null}`
	}
	return fmt.Sprintf(`{"updates":[],"marker":%d}`, at)
}

// next says what the next calls are told.
func (s *standIn) next(call string, replies ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says[call] = append(s.says[call], replies...)
}

// of gives the calls of one kind.
func (s *standIn) of(call string) (all []asked) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if c.Call == call {
			all = append(all, c)
		}
	}
	return all
}

func (s *standIn) config() Config { return Config{BaseURL: s.URL, Token: token, Secret: secret} }
