package channel_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"otklik/central/channel"
)

func TestWhatSurelyDidNotLeaveIsToldFromWhatNobodyKnows(t *testing.T) {
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)
	secure := httptest.NewTLSServer(http.NotFoundHandler()) // whose certificate nobody knows
	defer secure.Close()
	shut, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	shut.Close()
	for name, c := range map[string]struct {
		address string
		client  *http.Client
		notSent bool
	}{
		"nobody listens":                 {"http://" + shut.Addr().String(), http.DefaultClient, true},
		"no such name":                   {"http://nowhere.invalid", http.DefaultClient, true},
		"a foreign authority":            {secure.URL, http.DefaultClient, true},
		"no reply in time":               {slow.URL, http.DefaultClient, false},
		"a transport that does not tell": {"http://nowhere.invalid", &http.Client{Transport: mute{}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			q, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address+"/bot42:TOKEN/sendMessage", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = channel.Call(c.client, q)
			if err == nil || errors.Is(err, channel.ErrNotSent) != c.notSent || strings.Contains(err.Error(), "TOKEN") {
				t.Error(err)
			}
		})
	}
}

type mute struct{}

func (mute) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("gone") }
