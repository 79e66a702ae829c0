package links

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"otklik/app"
)

// sites answers for all hosts; it counts the requests of each method.
type sites struct {
	mu    sync.Mutex
	asked map[string]int
	reply func(w http.ResponseWriter, r *http.Request)
}

// RoundTrip implements http.RoundTripper without a network.
func (s *sites) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.URL.Hostname() == "nowhere.example" || r.URL.Path == "/unplugged" {
		return nil, &net.DNSError{Err: "no such host", Name: r.URL.Hostname(), IsNotFound: true}
	}
	if r.URL.Path == "/broken" {
		return nil, errors.New("connection reset")
	}
	s.mu.Lock()
	s.asked[r.Method]++
	s.mu.Unlock()
	w := httptest.NewRecorder()
	s.reply(w, r)
	reply := w.Result()
	reply.Request = r
	return reply, nil
}

func answering(reply func(w http.ResponseWriter, r *http.Request)) (*Opener, *sites) {
	s := &sites{asked: map[string]int{}, reply: reply}
	o := New()
	o.every = time.Millisecond
	o.Through(s)
	return o, s
}

func TestWhatAnswersMean(t *testing.T) {
	o, _ := answering(func(w http.ResponseWriter, r *http.Request) {
		redirect := func(to string) { http.Redirect(w, r, to, http.StatusFound) }
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusNotFound)
		case "/removed":
			w.WriteHeader(http.StatusGone)
		case "/forbidden":
			w.WriteHeader(http.StatusForbidden)
		case "/busy":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/failing":
			w.WriteHeader(http.StatusBadGateway)
		case "/court":
			w.WriteHeader(http.StatusUnavailableForLegalReasons)
		case "/old":
			redirect("https://vk.com/new")
		case "/public1":
			redirect("https://m.vk.com/club1")
		case "/private":
			redirect("https://vk.com/login?to=1")
		case "/front":
			redirect("https://vk.com/")
		case "/circle":
			redirect("/circle")
		case "/get":
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		case "/headless":
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusNotFound)
			}
		}
	})
	for link, want := range map[string]app.LinkCheck{
		"https://vk.com/school":     {State: app.LinkOpens, Code: 200},
		"http://vk.com/school":      {State: app.LinkOpens, Code: 200},
		"https://vk.com/public1":    {State: app.LinkOpens, Code: 200},
		"https://vk.com/get":        {State: app.LinkOpens, Code: 200},
		"https://vk.com/headless":   {State: app.LinkOpens, Code: 200},
		"https://vk.com/gone":       {State: app.LinkGone, Code: 404},
		"https://vk.com/removed":    {State: app.LinkGone, Code: 410},
		"https://vk.com/old":        {State: app.LinkMoved, Code: 200, To: "https://vk.com/new"},
		"https://vk.com/private":    {State: app.LinkClosed, Code: 200},
		"https://vk.com/front":      {State: app.LinkClosed, Code: 200},
		"https://vk.com/court":      {State: app.LinkClosed, Code: 451},
		"https://vk.com/forbidden":  {State: app.LinkUnsure, Code: 403},
		"https://vk.com/busy":       {State: app.LinkUnsure, Code: 429},
		"https://vk.com/failing":    {State: app.LinkUnsure, Code: 502},
		"https://vk.com/circle":     {State: app.LinkUnsure, Code: 302},
		"https://vk.com/broken":     {State: app.LinkUnsure},
		"https://vk.com/unplugged":  {State: app.LinkUnsure},
		"https://nowhere.example/x": {State: app.LinkNoHost},
		"ftp://vk.com/school":       {State: app.LinkNowhere},
		"https:///school":           {State: app.LinkNowhere},
	} {
		if got, err := o.Open(t.Context(), link); err != nil || got != want {
			t.Errorf("%s: %+v %v", link, got, err)
		}
	}
}

func TestOneSiteIsNotPressed(t *testing.T) {
	o, s := answering(func(http.ResponseWriter, *http.Request) {})
	o.every = 30 * time.Millisecond
	began := time.Now()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if _, err := o.Open(t.Context(), fmt.Sprintf("https://vk.com/club%d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if took := time.Since(began); took < 6*30*time.Millisecond-10*time.Millisecond || s.asked[http.MethodHead] != 8 || s.asked[http.MethodGet] != 0 {
		t.Errorf("%v in %v", s.asked, took)
	}
}

func TestStopping(t *testing.T) {
	o, _ := answering(func(http.ResponseWriter, *http.Request) {})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := o.Open(ctx, "https://vk.com/school"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got, err := New().Open(t.Context(), "https://vk.com/school"); err != nil || got.State != app.LinkUnsure {
		t.Errorf("without a way: %+v %v", got, err)
	}
}
