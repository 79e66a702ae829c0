package central_test

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/central"
	"otklik/central/embedded"
	"otklik/sync/wire"
)

// contract is openapi.yaml, loaded once.
var contract = sync.OnceValues(func() (routers.Router, error) {
	openapi3filter.RegisterBodyDecoder(wire.TypeLines, decodeLines)
	doc, err := openapi3.NewLoader().LoadFromData(wire.OpenAPI)
	if err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
})

// decodeLines reads NDJSON as the array the contract describes it by.
func decodeLines(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
	out := []any{}
	for d := json.NewDecoder(body); ; {
		var v any
		if err := d.Decode(&v); err == io.EOF {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

func TestContractIsOpenAPI31(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(wire.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil || doc.OpenAPI != "3.1.0" {
		t.Fatalf("openapi %s: %v", doc.OpenAPI, err)
	}
}

// office is a server with a clock of its own, and the workstations around it.
type office struct {
	t       *testing.T
	storage central.Storage
	server  *central.Server
	http    *httptest.Server
	path    string

	mu  sync.Mutex
	now time.Time
}

var noon = time.Date(2026, 7, 15, 9, 0, 0, 0, time.UTC)

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, now: noon, path: filepath.Join(t.TempDir(), "central.db")}
	o.start()
	t.Cleanup(o.stop)
	return o
}

func (o *office) start() {
	o.t.Helper()
	var err error
	if o.storage, err = embedded.Open(o.path); err != nil {
		o.t.Fatal(err)
	}
	o.over(o.storage)
}

// over puts the server over a storage, which may stand before the real one.
func (o *office) over(s central.Storage) {
	o.t.Helper()
	var err error
	if o.server, err = central.New(s, central.Options{Region: "Проба", Now: o.clock}); err != nil {
		o.t.Fatal(err)
	}
	o.http = httptest.NewServer(o.server.Handler())
}

func (o *office) stop() {
	o.server.Stop()
	o.http.Close()
	if err := o.storage.Close(); err != nil {
		o.t.Error(err)
	}
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

// send makes a request and holds the answer, and the request where it was
// answered with success, against the contract.
func (o *office) send(method, path, token string, body any) (status int, answer []byte) {
	o.t.Helper()
	var sent []byte
	switch b := body.(type) {
	case nil:
	case []byte:
		sent = b
	default:
		sent = app.Encode(b)
	}
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.http.URL+path, bytes.NewReader(sent))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set(wire.HeaderProto, strconv.Itoa(wire.Proto))
	if sent != nil {
		r.Header.Set("Content-Type", wire.TypeJSON)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer reply.Body.Close()
	if answer, err = io.ReadAll(reply.Body); err != nil {
		o.t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	o.check(r, reply, answer)
	return reply.StatusCode, answer
}

func (o *office) check(r *http.Request, reply *http.Response, answer []byte) {
	o.t.Helper()
	router, err := contract()
	if err != nil {
		o.t.Fatal(err)
	}
	r.URL.Scheme, r.URL.Host = "", ""
	route, params, err := router.FindRoute(r)
	if err != nil {
		o.t.Fatalf("%s %s is not in the contract: %v", r.Method, r.URL.Path, err)
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if reply.StatusCode == http.StatusOK {
		if err := openapi3filter.ValidateRequest(o.t.Context(), in); err != nil {
			o.t.Errorf("request %s %s: %v", r.Method, r.URL.Path, err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: reply.StatusCode, Header: reply.Header}
	out.SetBodyBytes(answer)
	if err := openapi3filter.ValidateResponse(o.t.Context(), out); err != nil {
		o.t.Errorf("answer %d of %s %s: %v\n%s", reply.StatusCode, r.Method, r.URL.Path, err, answer)
	}
}

// problem sends what has to be refused.
func (o *office) problem(method, path, token string, body any, status int, code app.Code) wire.Problem {
	o.t.Helper()
	got, answer := o.send(method, path, token, body)
	var p wire.Problem
	if err := json.Unmarshal(answer, &p); err != nil {
		o.t.Fatalf("%s %s: %d %s", method, path, got, answer)
	}
	if got != status || p.Code != code {
		o.t.Errorf("%s %s: %d %s, want %d %s", method, path, got, p.Code, status, code)
	}
	return p
}

func get[T any](o *office, method, path, token string, body any) (v T) {
	o.t.Helper()
	status, answer := o.send(method, path, token, body)
	if status != http.StatusOK {
		o.t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if err := json.Unmarshal(answer, &v); err != nil {
		o.t.Fatal(err)
	}
	return v
}

// station is a workstation that has enrolled.
type station struct {
	*office
	id    string
	key   ed25519.PrivateKey
	token string
	n     int
}

var everything = []app.Role{app.RoleOperator, app.RoleCurator, app.RoleCoordinator, app.RoleApprover, app.RoleExecutor}

func (o *office) station(name string, roles ...app.Role) *station {
	o.t.Helper()
	if roles == nil {
		roles = everything
	}
	code, err := o.server.IssueCode(app.Identity{Name: name, Roles: roles})
	if err != nil {
		o.t.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		o.t.Fatal(err)
	}
	reply := get[wire.EnrolReply](o, "POST", wire.PathEnrol, "", wire.EnrolRequest{Code: code, PublicKey: public, DeviceName: name})
	s := &station{office: o, id: reply.Device, key: private}
	s.authenticate()
	return s
}

func (s *station) ask(at time.Time, nonce string) wire.TokenRequest {
	q := wire.TokenRequest{Device: s.id, At: at.Format(time.RFC3339), Nonce: nonce}
	q.Signature = ed25519.Sign(s.key, q.Message())
	return q
}

func (s *station) authenticate() {
	s.t.Helper()
	q := s.ask(s.clock(), rand.Text())
	s.token = get[wire.TokenReply](s.office, "POST", wire.PathToken, "", q).Token
}

func (s *station) push(ops ...app.Op) wire.PushReply {
	s.t.Helper()
	return get[wire.PushReply](s.office, "POST", wire.PathOps, s.token, wire.Push{Ops: ops, Limit: wire.MaxPage})
}

// pull gives the whole feed.
func (s *station) pull() (all []app.Change) {
	s.t.Helper()
	for after := ""; ; {
		changes, end := s.page(after, 100, 0)
		all = append(all, changes...)
		if len(changes) == 0 {
			return all
		}
		after = end.Next
	}
}

func (s *station) page(after string, limit, wait int) (changes []app.Change, end wire.End) {
	s.t.Helper()
	path := fmt.Sprintf("%s?after=%s&limit=%d&wait=%d", wire.PathChanges, after, limit, wait)
	status, answer := s.send("GET", path, s.token, nil)
	if status != http.StatusOK {
		s.t.Fatalf("pull: %d %s", status, answer)
	}
	lines := strings.Split(strings.TrimSpace(string(answer)), "\n")
	for _, l := range lines[:len(lines)-1] {
		var c app.Change
		if err := json.Unmarshal([]byte(l), &c); err != nil {
			s.t.Fatal(err)
		}
		changes = append(changes, c)
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &end); err != nil || end.Next == "" {
		s.t.Fatalf("the last line is %q: %v", lines[len(lines)-1], err)
	}
	return changes, end
}

func (s *station) appeal(id string) app.Appeal {
	s.t.Helper()
	return get[app.Appeal](s.office, "GET", wire.PathAppeals+id, s.token, nil)
}

func (s *station) id26() string {
	s.n++
	return app.IDFrom(s.id, strconv.Itoa(s.n))
}

// op makes an operation; the payload may be anything.
func (s *station) op(kind app.OpKind, id, ent string, base uint64, payload any) app.Op {
	return app.Op{
		ID: id, Dev: s.id, Inc: 1, N: uint64(s.n), Ent: ent, Kind: kind, Base: base,
		At: s.clock(), Schema: app.Schema, Payload: app.Encode(payload),
	}
}

func (s *station) create() app.Op {
	id := s.id26()
	return s.op(app.OpCreate, id, id, 0, app.Appeal{
		ID: id, Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма на дороге", Status: app.StatusNew,
		Group: "Дороги", Topic: "Ямы и выбоины", Municipality: "г. Чебоксары",
		Events: []app.Event{{ID: s.id26(), Type: app.EventDetected, At: s.clock()}},
	})
}

func (s *station) event(ent string, base uint64, e app.Event) app.Op {
	e.ID = s.id26()
	return s.op(app.OpEvent, e.ID, ent, base, e)
}

// does pushes events one after another, each knowing of all before it.
func (s *station) does(ent string, events ...app.Event) {
	s.t.Helper()
	for _, e := range events {
		reply := s.push(s.event(ent, 1<<40, e))
		if v := reply.Verdicts[0]; v.Verdict != app.VerdictApplied {
			s.t.Fatalf("%s: %+v", e.Type, v)
		}
	}
}

// An answer is packed as the client reads it, where it is long enough.
func TestAnswersArePacked(t *testing.T) {
	s := newOffice(t).station("Оператор 1")
	push := app.Encode(wire.Push{Ops: []app.Op{s.create(), s.create(), s.create(), s.create()}})
	for _, c := range []struct{ method, path, asked, got string }{
		{"POST", wire.PathOps, "zstd, gzip", "zstd"},
		{"POST", wire.PathOps, "br, gzip", "gzip"},
		{"POST", wire.PathOps, "zstd;q=0", ""},
		{"GET", wire.PathChanges, "gzip, zstd", "zstd"},
		{"GET", wire.PathChanges, "br, gzip", "gzip"},
		{"GET", wire.PathChanges, "identity", ""},
		{"GET", wire.PathChanges + "?limit=1", "zstd", ""}, // shorter packed, by less than a header
	} {
		r, _ := http.NewRequestWithContext(t.Context(), c.method, s.http.URL+c.path, bytes.NewReader(push))
		r.Header.Set("Authorization", "Bearer "+s.token)
		r.Header.Set("Accept-Encoding", c.asked) // set by hand, the transport does not unpack
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := reply.Header.Get("Content-Encoding"); got != c.got {
			t.Errorf("%s asked for %q and got %q", c.path, c.asked, got)
		}
		var plain io.Reader = reply.Body
		switch c.got {
		case "gzip":
			plain, err = gzip.NewReader(reply.Body)
		case "zstd":
			plain, err = zstd.NewReader(reply.Body)
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(plain)
		if err := errors.Join(err, reply.Body.Close()); err != nil || !bytes.Contains(text, []byte(`"next":`)) {
			t.Errorf("%s as %q: %q %v", c.path, c.got, text, err)
		}
	}
}
