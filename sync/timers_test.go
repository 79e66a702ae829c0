package sync_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/embedded"
	"otklik/store"
	"otklik/sync"
	"otklik/sync/wire"
)

// called is a server without a network: time stands still while it works.
type called struct {
	handler http.Handler
	asked   []asked // in the order of asking
	down    bool
}

type asked struct {
	path string
	at   time.Time
}

func (c *called) RoundTrip(r *http.Request) (*http.Response, error) {
	c.asked = append(c.asked, asked{r.URL.Path, time.Now()})
	if c.down {
		return nil, errors.New("nobody answers")
	}
	w := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), r.Body)
	if r.Body == nil {
		request.Body = io.NopCloser(http.NoBody)
	}
	request.Header = r.Header
	c.handler.ServeHTTP(w, request)
	return w.Result(), r.Context().Err()
}

// times gives when a path was asked for, counted from the moment.
func (c *called) times(path string, from time.Time) (out []time.Duration) {
	for _, a := range c.asked {
		if a.path == path && !a.at.Before(from) {
			out = append(out, a.at.Sub(from))
		}
	}
	return out
}

// inTime runs an engine against a server, both by a clock that only moves when
// all wait, and plays f meanwhile.
func inTime(t *testing.T, f func(c *called, e *sync.Engine, server *central.Server)) {
	t.Helper()
	dir := t.TempDir()
	// What packages keep for all must not be made inside the bubble.
	outside := newRegion(t).station("Оператор 2")
	outside.take("Яма")
	outside.once()
	synctest.Test(t, func(t *testing.T) {
		storage, err := embedded.OpenWith(filepath.Join(dir, "central.db"), embedded.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer storage.Close()
		server, err := central.New(storage, central.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := &called{handler: server.Handler()}
		code, err := server.IssueCode(app.Identity{Name: "Оператор 1", Roles: allRoles})
		if err != nil {
			t.Fatal(err)
		}
		device, err := sync.EnrolOver(t.Context(), c, "http://centre", code, "test")
		if err != nil {
			t.Fatal(err)
		}
		_, terms, err := assets.Region()
		if err != nil {
			t.Fatal(err)
		}
		s, err := store.OpenWith(filepath.Join(dir, "otklik.db"), box(t), terms, store.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.SaveDevice(store.Device{Server: device.Server, ID: device.Device, Inc: 1, Identity: device.Identity}); err != nil {
			t.Fatal(err)
		}
		e := sync.New(sync.Options{Store: s, Device: device, Now: time.Now, Transport: c})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); e.Run(ctx) }()
		synctest.Wait()
		f(c, e, server)
		cancel()
		server.Stop()
		<-done
	})
}

func TestLongPollWaitsAsLongAsAllowed(t *testing.T) {
	inTime(t, func(c *called, e *sync.Engine, _ *central.Server) {
		time.Sleep(time.Minute)
		synctest.Wait()
		began := time.Now()
		time.Sleep(4*wire.MaxWait + time.Second)
		synctest.Wait()
		polls := c.times(wire.PathChanges, began)
		if len(polls) != 4 {
			t.Errorf("polls at %v", polls)
		}
		for i := range polls[1:] {
			if gap := polls[i+1] - polls[i]; gap != wire.MaxWait {
				t.Errorf("%s between polls", gap)
			}
		}
		// Who is woken does not wait the poll out.
		began = time.Now()
		e.Wake()
		synctest.Wait()
		if woken := c.times(wire.PathChanges, began); len(woken) == 0 || woken[0] != 0 {
			t.Errorf("polls after a wake at %v", woken)
		}
	})
}

func TestTokenIsRenewedBeforeItEnds(t *testing.T) {
	inTime(t, func(c *called, _ *sync.Engine, _ *central.Server) {
		began := time.Now()
		time.Sleep(time.Hour)
		synctest.Wait()
		renewed := c.times(wire.PathToken, began.Add(time.Second))
		if len(renewed) != 4 {
			t.Errorf("renewed after %v", renewed)
		}
		last := began
		for _, a := range c.asked {
			if a.path != wire.PathToken || !a.at.After(began) {
				continue
			}
			if life := a.at.Sub(last); life >= wire.TokenLife || life < wire.TokenLife-time.Minute {
				t.Errorf("a token was used for %s", life)
			}
			last = a.at
		}
	})
}

func TestPausesGrowAndEndWithAWake(t *testing.T) {
	inTime(t, func(c *called, e *sync.Engine, _ *central.Server) {
		c.down = true
		e.Wake()
		began := time.Now()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		tries := c.times(wire.PathChanges, began)
		// Half a second doubled up to a minute, each by half more or less.
		if len(tries) < 10 || len(tries) > 40 {
			t.Fatalf("%d tries", len(tries))
		}
		var gaps []time.Duration
		for i := range tries[1:] {
			gaps = append(gaps, tries[i+1]-tries[i])
		}
		if longest := slices.Max(gaps); longest > 90*time.Second || gaps[1] > 2*time.Second || longest < 30*time.Second {
			t.Errorf("pauses %v", gaps)
		}
		c.down = false
		began = time.Now()
		e.Wake()
		synctest.Wait()
		if state := e.State(); state.Link != app.LinkOnline || len(c.times(wire.PathChanges, began)) == 0 {
			t.Errorf("%+v", state)
		}
	})
}
