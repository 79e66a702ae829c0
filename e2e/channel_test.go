package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"otklik/app"
)

// onLine is how soon what a citizen writes is before the operator.
const onLine = 2 * time.Second

// messenger is a stand-in for MAX as far as a bot speaks with it.
type messenger struct {
	*httptest.Server
	mu   sync.Mutex
	sent []string
}

func newMessenger(t *testing.T) *messenger {
	m := &messenger{}
	m.Server = httptest.NewServer(http.HandlerFunc(m.serve))
	t.Cleanup(m.Close)
	return m
}

func (m *messenger) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.Method + " " + r.URL.Path {
	case "POST /messages":
		var q struct {
			Text string `json:"text"`
		}
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &q)
		m.mu.Lock()
		m.sent = append(m.sent, r.URL.Query().Get("chat_id")+" "+q.Text)
		m.mu.Unlock()
		_, _ = io.WriteString(w, `{"message":{"recipient":{"chat_id":182182182,"chat_type":"dialog"},"timestamp":1775026671403,"body":{"mid":"mid.sent","seq":1,"text":""}}}`)
	case "GET /subscriptions":
		_, _ = io.WriteString(w, `{"subscriptions":[]}`)
	default:
		_, _ = io.WriteString(w, `{"user_id":229229229,"first_name":"Бот","username":"region_bot","is_bot":true,"name":"Бот"}`)
	}
}

func (m *messenger) said() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sent)
}

// channels writes a file of one bot and gives its path.
func (m *messenger) channels(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "channels.json")
	for name, content := range map[string]string{
		path: fmt.Sprintf(`{"lines":[{"name":"max","platform":"max","title":"Бот в MAX","base_url":%q,"accepted":"Принято, номер {number}",
			"secrets":{"token":{"file":"token"},"secret":{"file":"secret"}}}]}`, m.URL),
		filepath.Join(dir, "token"): "a-token", filepath.Join(dir, "secret"): "a-secret",
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// written delivers what a citizen wrote a minute ago.
func (s *shift) written(text string) {
	s.t.Helper()
	at := time.Now().Add(-time.Minute).UnixMilli()
	body := fmt.Sprintf(`{"update_type":"message_created","timestamp":%d,"message":{"recipient":{"chat_id":182182182,"chat_type":"dialog"},
		"sender":{"user_id":123456789,"name":"Анна"},"timestamp":%d,"body":{"mid":"mid.1","seq":116327994376978687,"text":%q}}}`, at, at, text)
	q, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/channels/max", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	q.Header.Set("X-Max-Bot-Api-Secret", "a-secret")
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = r.Body.Close()
	if r.StatusCode != http.StatusOK {
		s.t.Fatalf("the delivery is answered %d", r.StatusCode)
	}
}

// TestRoundTripThroughABot: what a citizen writes to a bot is before the operator in a
// real window in two seconds; what the operator types arrives in the same conversation
// once, and the time of the answer counts: the bot's own words do not.
func TestRoundTripThroughABot(t *testing.T) {
	const answer = "Яму заделаем завтра"
	m := newMessenger(t)
	s := newShift(t, "--channels", m.channels(t))
	for range 3 { // the platform repeats
		s.written("Яма на дороге")
	}
	time.Sleep(onLine)
	s.press("Home", "Ctrl+J") // takes into work what the window shows by now
	ids := s.see.ids()
	if len(ids) != 1 {
		t.Fatalf("%d appeals", len(ids))
	}
	for id := range ids {
		s.id = id
	}
	s.reach(app.StatusInProgress)
	s.write(answer)
	s.press("Ctrl+Enter", "Ctrl+Enter") // the checklist has been looked through
	s.reach(app.StatusClosed)
	eventually(t, 10*time.Second, "the history tells that the answer was sent", func() bool {
		a, err := s.see.appeal(s.id)
		if err != nil {
			return false
		}
		e, ok := a.Last(app.EventAnswered)
		told, goes := a.Sent(e)
		return ok && goes && told.Delivery == app.DeliverySent
	})
	time.Sleep(time.Second) // for what would come twice
	s.press("Ctrl+Q")
	ends(t, s.win)
	a, _, _ := s.stored()
	want := []string{"182182182 Принято, номер " + a.Number, "182182182 " + answer}
	if got := m.said(); !slices.Equal(got, want) {
		t.Errorf("the citizen was told %q, not %q", got, want)
	}
	if a.Source != app.SourceMAX || a.Channel != "max" || a.Text != "Яма на дороге" {
		t.Errorf("%+v", a)
	}
	e, _ := a.Last(app.EventAnswered)
	start, _ := a.Start()
	if took, ok := a.FirstResponse(); !ok || took != e.At.Sub(start.At) || took < time.Minute {
		t.Errorf("answered after %v, %v", took, ok)
	}
	figures := printed[struct {
		Analytics app.PrintedFigures `json:"analytics"`
	}](t, otklik(t, "stats", "--json", "--data", s.data)).Analytics
	if figures.Now.Response.N != 1 {
		t.Errorf("%d answers count", figures.Now.Response.N)
	}
}
