package central_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

// restart puts a server with other options over the office's storage.
func (o *office) restart(opts central.Options) {
	o.t.Helper()
	o.server.Stop()
	o.http.Close()
	opts.Now = o.clock
	var err error
	if o.server, err = central.New(o.storage, opts); err != nil {
		o.t.Fatal(err)
	}
	o.http = httptest.NewServer(o.server.Handler())
}

func zstdOf(t testing.TB, plain []byte, opts ...zstd.EOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, opts...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t testing.TB, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packed sends a body under a Content-Encoding.
func (o *office) packed(path, token, encoding string, body []byte) (*http.Response, wire.Problem) {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), "POST", o.http.URL+path, bytes.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", wire.TypeJSON)
	r.Header.Set("Content-Encoding", encoding)
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer reply.Body.Close()
	var p wire.Problem
	if err := json.NewDecoder(reply.Body).Decode(&p); err != nil {
		o.t.Fatal(err)
	}
	return reply, p
}

func TestPackedBodies(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	push := func() []byte { return app.Encode(wire.Push{Ops: []app.Op{s.create()}}) }
	for encoding, body := range map[string][]byte{
		"zstd": zstdOf(t, push()), "gzip": gzipOf(t, push()), "identity": push(),
	} {
		if reply, p := o.packed(wire.PathOps, s.token, encoding, body); reply.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %+v", encoding, reply.StatusCode, p)
		}
	}
	bomb := bytes.Repeat([]byte(" "), 16<<20)
	wide := zstdOf(t, bomb[:3<<20], zstd.WithWindowSize(16<<20))
	for _, c := range []struct {
		path, encoding string
		body           []byte
		status         int
		code           app.Code
	}{
		{wire.PathOps, "zstd", zstdOf(t, bomb), 413, wire.CodeTooLarge},
		{wire.PathOps, "gzip", gzipOf(t, bomb), 413, wire.CodeTooLarge},
		{wire.PathEnrol, "zstd", zstdOf(t, bomb), 413, wire.CodeTooLarge},
		{wire.PathEnrol, "gzip", gzipOf(t, bomb[:9<<10]), 413, wire.CodeTooLarge},
		{wire.PathOps, "zstd", wide, 413, wire.CodeTooLarge},
		{wire.PathOps, "zstd", []byte("no frame"), 400, wire.CodeMalformed},
		{wire.PathOps, "zstd", zstdOf(t, push())[:40], 400, wire.CodeMalformed},
		{wire.PathOps, "gzip", gzipOf(t, push())[:40], 400, wire.CodeMalformed},
		{wire.PathOps, "gzip", push(), 400, wire.CodeMalformed},
		{wire.PathOps, "br", push(), 415, wire.CodeEncoding},
	} {
		reply, p := o.packed(c.path, s.token, c.encoding, c.body)
		if reply.StatusCode != c.status || p.Code != c.code {
			t.Errorf("%s %s of %d bytes: %d %s, want %d %s", c.encoding, c.path, len(c.body), reply.StatusCode, p.Code, c.status, c.code)
		}
	}
	// A decoder that was misused serves the next request as well.
	if reply, _ := o.packed(wire.PathOps, s.token, "zstd", zstdOf(t, push())); reply.StatusCode != http.StatusOK ||
		reply.Header.Get(wire.HeaderAccepts) != wire.Encodings {
		t.Errorf("%d %v", reply.StatusCode, reply.Header)
	}
	if n := len(s.pull()); n != 4 {
		t.Errorf("%d changes, want 4", n)
	}
}

func TestRateOfDevices(t *testing.T) {
	o := newOffice(t)
	one, two := o.station("Оператор 1"), o.station("Оператор 2")
	o.restart(central.Options{PerDevice: central.Rate{PerSecond: 0.5, Burst: 3}})
	for range 3 {
		one.page("", 10, 0)
	}
	o.problem("GET", wire.PathChanges, one.token, nil, 429, wire.CodeTooMany)
	two.page("", 10, 0) // the others do not suffer
	r, _ := http.NewRequestWithContext(t.Context(), "GET", o.http.URL+wire.PathChanges, nil)
	r.Header.Set("Authorization", "Bearer "+one.token)
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	if after := reply.Header.Get("Retry-After"); after != "2" {
		t.Errorf("Retry-After %q", after)
	}
	o.pass(2 * time.Second)
	one.page("", 10, 0)
}

func TestRateOfStrangers(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	o.restart(central.Options{PerAddress: central.Rate{PerSecond: 1, Burst: 4}})
	guess := wire.EnrolRequest{Code: "AAAA-BBBB-CCCC", PublicKey: make([]byte, 32)}
	o.problem("POST", wire.PathEnrol, "", guess, 403, app.CodeEnrolCode)
	o.problem("GET", wire.PathChanges, "no token", nil, 401, wire.CodeBadToken)
	get[wire.Meta](o, "GET", wire.PathMeta, "", nil)
	reply, err := http.Get(o.http.URL + "/nothing/here")
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	o.problem("POST", wire.PathEnrol, "", guess, 429, wire.CodeTooMany)
	o.problem("GET", wire.PathChanges, "no token", nil, 429, wire.CodeTooMany)
	s.page("", 10, 0) // who has a token is known and is not counted by address
	o.send("GET", wire.PathHealth, "", nil)
	o.pass(time.Second)
	o.problem("POST", wire.PathEnrol, "", guess, 403, app.CodeEnrolCode)
}

// figures is a Meter that adds up.
type figures struct {
	mu      sync.Mutex
	lines   map[string]int
	waiting int
	longest int
}

func (f *figures) count(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lines[fmt.Sprintf(format, args...)]++
}

func (f *figures) Answered(route string, status int, _ time.Duration) {
	f.count("%s %d", route, status)
}
func (f *figures) Judged(v app.Verdict) { f.count("%s", v) }

func (f *figures) Waiting(delta int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting += delta
	f.longest = max(f.longest, f.waiting)
}

// TestWatching pushes planted words through every door and asserts that neither
// the log nor the names of figures hold any of them.
func TestWatching(t *testing.T) {
	var log bytes.Buffer
	f := &figures{lines: map[string]int{}}
	o := newOffice(t)
	s := o.station("Оператор 1")
	o.restart(central.Options{Meter: f, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	const planted = "ПЛАНТ"
	create := s.create()
	a, err := app.Decode[app.Appeal](create.Payload)
	if err != nil {
		t.Fatal(err)
	}
	a.Text, a.Author, a.Contact, a.Place, a.Title = planted, planted, planted, planted, planted
	create.Payload = app.Encode(a)
	broken := s.event(create.Ent, 0, app.Event{Type: planted, Text: planted})
	foreign := s.op(planted, s.id26(), planted, 0, planted)
	s.push(create, s.event(create.Ent, 0, app.Event{Type: app.EventNote, Text: planted}), broken, foreign)
	_, end := s.page("", 10, 0)
	s.page(end.Next, 10, 1)
	for _, path := range []string{"/" + planted, wire.PathAppeals + planted, wire.PathChanges + "?after=" + planted, wire.PathMeta + "?" + planted} {
		for _, method := range []string{"GET", "POST"} {
			r, err := http.NewRequestWithContext(t.Context(), method, o.http.URL+path, strings.NewReader(planted))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+s.token)
			r.Header.Set("User-Agent", planted)
			r.Header.Set(wire.HeaderProto, strconv.Itoa(wire.Proto))
			reply, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, reply.Body)
			reply.Body.Close()
		}
	}
	for _, path := range []string{wire.PathEnrol, wire.PathToken, wire.PathOps} {
		o.send("POST", path, s.token, []byte(planted))
	}
	o.send("POST", wire.PathEnrol, "", wire.EnrolRequest{Code: planted, PublicKey: make([]byte, 32), DeviceName: planted})
	o.stop()
	o.start()
	if log.Len() == 0 || bytes.Contains(log.Bytes(), []byte(planted)) || bytes.Contains(log.Bytes(), []byte(`\u041f`)) {
		t.Errorf("the log holds what citizens wrote:\n%s", log.String())
	}
	for line := range f.lines {
		if strings.Contains(line, planted) {
			t.Errorf("a figure is named %q", line)
		}
	}
	for _, want := range []string{"GET /v1/changes 200", "GET /v1/changes 400", "POST /v1/ops 200", "POST /v1/enrol 403", "/ 404", "applied", "rejected"} {
		if f.lines[want] == 0 {
			t.Errorf("no figure %q in %v", want, f.lines)
		}
	}
	if f.waiting != 0 || f.longest != 1 {
		t.Errorf("%d wait now, %d waited at most", f.waiting, f.longest)
	}
}
