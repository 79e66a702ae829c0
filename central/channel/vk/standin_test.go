package vk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	ours    = 9007199254740993 // above 2⁵³
	token   = "vk1.a.TOKEN-of-nobodys-community"
	person  = "vk1.a.TOKEN-of-a-person"
	service = "TOKEN-of-a-service"
	secret  = "aaQ13axAPQEcczQa"
)

// asked is one call the stand-in got, its token taken out.
type asked struct {
	Method string
	Params url.Values
}

// standIn speaks the API and Long Poll as far as the platform uses them.
type standIn struct {
	*httptest.Server
	t       *testing.T
	mu      sync.Mutex
	calls   []asked
	says    map[string][]string // by method: replies of the next calls, "hang", "500"
	events  []json.RawMessage   // of Long Poll
	first   int64               // ts of the first of them
	key     int                 // of Long Poll
	sent    map[string]int      // by random_id and guid
	walls   map[int64]string    // JSON of posts by the number of the community, or the code of its refusal
	quota   int                 // calls of wall.get left today
	servers string
	set     string
}

func newStandIn(t *testing.T) *standIn {
	s := &standIn{
		t: t, says: map[string][]string{}, first: 100, key: 1, sent: map[string]int{}, walls: map[int64]string{ours: `[]`}, quota: 5000,
		servers: `{"count":2,"items":[{"id":1,"title":"CRM","creator_id":5,"url":"https://other.example","secret_key":"other","status":"failed"},
			{"id":2,"title":"Отклик","creator_id":5,"url":"https://region.example/channels/vk","secret_key":"` + secret + `","status":"ok"}]}`,
		set: `{"api_version":"5.199","is_enabled":true,"events":{"message_new":1,"message_edit":1,"message_reply":0,"wall_reply_new":1,"wall_reply_edit":1,"board_post_new":1,"board_post_edit":1}}`,
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

var picture = []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00")

func (s *standIn) serve(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.URL.String(), "TOKEN") {
		s.t.Error("a token stands in an address")
	}
	switch r.URL.Path {
	case "/photo.jpg":
		_, _ = w.Write(picture)
		return
	case "/whp/7":
		s.mu.Lock()
		said := s.says["/whp/7"]
		s.mu.Unlock()
		if len(said) > 0 {
			_, _ = fmt.Fprint(w, said[0])
			return
		}
		_, _ = fmt.Fprint(w, s.after(r.URL.Query()))
		return
	}
	method := strings.TrimPrefix(r.URL.Path, "/method/")
	_ = r.ParseForm()
	by := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if by == "" {
		by = r.PostForm.Get("access_token")
	}
	r.PostForm.Del("access_token")
	s.mu.Lock()
	s.calls = append(s.calls, asked{method, r.PostForm})
	said := ""
	if queue := s.says[method]; len(queue) > 0 {
		said, s.says[method] = queue[0], queue[1:]
	}
	s.mu.Unlock()
	switch {
	case said == "hang":
		s.result(method, by, r.PostForm)
		<-r.Context().Done()
		return
	case said == "500":
		s.result(method, by, r.PostForm)
		w.WriteHeader(http.StatusInternalServerError)
		return
	case said == "429":
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case said != "":
	case by != token && by != person && by != service:
		said = refusal(5, "User authorization failed: invalid access_token (4).")
	default:
		said = s.result(method, by, r.PostForm)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = fmt.Fprint(w, said)
}

func refusal(code int, words string) string {
	return fmt.Sprintf(`{"error":{"error_code":%d,"error_msg":%q,"request_params":[{"key":"access_token","value":%q}]}}`, code, words, token)
}

func (s *standIn) result(method, by string, q url.Values) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	response := ""
	switch method {
	case "messages.send":
		response = s.once(q.Get("random_id"))
	case "wall.createComment":
		response = `{"comment_id":` + s.once(q.Get("guid")) + `,"parents_stack":[]}`
	case "board.createComment":
		if by != person {
			return refusal(27, "Group authorization failed: method is unavailable with group auth.")
		}
		response = s.once(q.Get("guid"))
	case "users.get":
		if by != person {
			response = `[]`
			break
		}
		response = `[{"id":5,"first_name":"Анна","last_name":"Ильина"}]`
	case "groups.getById":
		return s.communities(q.Get("group_ids"))
	case "groups.getLongPollServer":
		response = fmt.Sprintf(`{"key":"KEY%d","server":"%s/whp/7","ts":"%d"}`, s.key, s.URL, s.first)
	case "groups.getCallbackServers":
		response = s.servers
	case "groups.getCallbackSettings", "groups.getLongPollSettings", "groups.setLongPollSettings":
		response = s.set
		if method == "groups.setLongPollSettings" {
			response = "1"
		}
	case "execute":
		return s.execute(by, q.Get("code"))
	default:
		return refusal(3, "Unknown method passed")
	}
	return `{"response":` + response + `}`
}

// once gives the same ID to the same random number, as VK does.
func (s *standIn) once(random string) string {
	if s.sent[random] == 0 {
		s.sent[random] = len(s.sent) + 1
	}
	return strconv.Itoa(s.sent[random])
}

var wallGet = regexp.MustCompile(`w=API\.wall\.get\((\{[^}]*\})\);if\(w\)\{r\.push\(\[w\.items@\.id,w\.items@\.date\]\);\}else\{r\.push\(false\);\}`)

// execute runs a program that reads walls, and none else. Each wall.get counts for itself.
func (s *standIn) execute(by, code string) string {
	calls := wallGet.FindAllStringSubmatch(code, -1)
	if len(calls) > 25 {
		return refusal(13, "Runtime error occurred during code invocation: Too many API calls")
	}
	if rest := wallGet.ReplaceAllString(code, ""); rest != "var r=[];var w;return r;" {
		return refusal(12, "Unable to compile code")
	}
	var results, failures []string
	for _, c := range calls {
		var q struct {
			Owner  int64  `json:"owner_id"`
			Offset int    `json:"offset"`
			Count  int    `json:"count"`
			Filter string `json:"filter"`
		}
		if err := json.Unmarshal([]byte(c[1]), &q); err != nil {
			return refusal(12, "Unable to compile code")
		}
		refused, wall := 0, s.walls[-q.Owner]
		var all []struct {
			ID, Date int64
		}
		switch {
		case by == token:
			refused = 27
		case s.quota == 0:
			refused = 29
		case q.Owner >= 0 || q.Count > 100 || q.Filter != "owner" || wall == "":
			refused = 100
		case json.Unmarshal([]byte(wall), &all) != nil:
			_ = json.Unmarshal([]byte(wall), &refused)
		}
		if refused != 0 {
			results = append(results, "false")
			failures = append(failures, fmt.Sprintf(`{"method":"wall.get","error_code":%d,"error_msg":"Access denied"}`, refused))
			continue
		}
		s.quota--
		ids, dates := []int64{}, []int64{}
		for _, p := range all[min(q.Offset, len(all)):min(q.Offset+q.Count, len(all))] {
			ids, dates = append(ids, p.ID), append(dates, p.Date)
		}
		b, _ := json.Marshal([][]int64{ids, dates})
		results = append(results, string(b))
	}
	said := `{"response":[` + strings.Join(results, ",") + `]`
	if len(failures) > 0 {
		said += `,"execute_errors":[` + strings.Join(failures, ",") + `]`
	}
	return said + "}"
}

// communities in the shape of 5.199; of those asked for, the ones there are.
func (s *standIn) communities(ids string) string {
	all := map[string]string{
		"":           fmt.Sprintf(`{"id":%d,"name":"Канаш","screen_name":"kanash_gos"}`, int64(ours)),
		"kanash_gos": `{"id":17683660,"name":"Канаш","screen_name":"Kanash_gos","is_closed":0,"type":"page","members_count":4217,"description":"Новости","has_photo":1,"cover":{"enabled":0}}`,
		"637247":     `{"id":637247,"name":"Школа","screen_name":"club637247","is_closed":1,"type":"group","members_count":0,"description":"","has_photo":0,"cover":{"enabled":1,"images":[]}}`,
		"66464944":   `{"id":66464944,"name":"Закрыта","screen_name":"club66464944","deactivated":"banned","type":"page"}`,
	}
	var found []string
	for id := range strings.SplitSeq(ids, ",") {
		if id == "wrong.name" {
			return refusal(100, "One of the parameters specified was missing or invalid: group_ids")
		}
		if g := all[id]; g != "" {
			found = append(found, g)
		} else if len(id) == 4 { // one of many
			found = append(found, `{"id":`+id+`,"screen_name":"club`+id+`","members_count":7}`)
		}
	}
	return `{"response":{"groups":[` + strings.Join(found, ",") + `],"profiles":[]}}`
}

// after gives the events from ts on; where there is none it waits a little, as a poll
// does.
func (s *standIn) after(q url.Values) string {
	at, err := strconv.ParseInt(q.Get("ts"), 10, 64)
	if err != nil || q.Get("act") != "a_check" || q.Get("wait") == "" {
		return `{"failed":3}`
	}
	for range 10 {
		s.mu.Lock()
		key, first, left := fmt.Sprintf("KEY%d", s.key), s.first, slices.Clone(s.events)
		s.mu.Unlock()
		next := first + int64(len(left))
		switch {
		case q.Get("key") != key:
			return `{"failed":2}`
		case at < first:
			return fmt.Sprintf(`{"failed":1,"ts":%d}`, first) // a number here
		case at < next:
			b, _ := json.Marshal(left[at-first:])
			return fmt.Sprintf(`{"ts":"%d","updates":%s}`, next, b)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Sprintf(`{"ts":"%d","updates":[]}`, at)
}

// next says what the next calls are told.
func (s *standIn) next(method string, replies ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says[method] = append(s.says[method], replies...)
}

// happens adds events to Long Poll.
func (s *standIn) happens(events ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range events {
		s.events = append(s.events, json.RawMessage(e))
	}
}

// of gives the parameters of the calls of one method.
func (s *standIn) of(method string) (all []url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if c.Method == method {
			all = append(all, c.Params)
		}
	}
	return all
}

func (s *standIn) config() Config {
	return Config{
		BaseURL: s.URL + "/method/", Group: ours, Token: token, UserToken: person, ServiceToken: service, Secret: secret, Confirmation: "8fe3a1c2",
		Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
	}
}
