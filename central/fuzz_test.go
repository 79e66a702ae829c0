package central_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"otklik/app"
	"otklik/central"
	"otklik/central/embedded"
	"otklik/sync/wire"
)

// hostile is a server that strangers' bytes are thrown at, and one workstation
// of it.
type hostile struct {
	handler http.Handler
	server  *central.Server
	device  string
	key     ed25519.PrivateKey
	token   string
}

func newHostile(f *testing.F) *hostile {
	f.Helper()
	storage, err := embedded.Open(filepath.Join(f.TempDir(), "central.db"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = storage.Close() })
	server, err := central.New(storage, central.Options{})
	if err != nil {
		f.Fatal(err)
	}
	h := &hostile{handler: server.Handler(), server: server}
	code, err := server.IssueCode(app.Identity{Name: "Оператор 2", Roles: everything})
	if err != nil {
		f.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	h.key = private
	var enrolled wire.EnrolReply
	h.decode(f, h.throw("POST", wire.PathEnrol, "", app.Encode(wire.EnrolRequest{Code: code, PublicKey: public})), &enrolled)
	h.device = enrolled.Device
	var meta wire.Meta
	h.decode(f, h.throw("GET", wire.PathMeta, "", nil), &meta)
	q := wire.TokenRequest{Device: h.device, At: meta.Time.Format("2006-01-02T15:04:05Z07:00"), Nonce: "sixteen letters and more"}
	q.Signature = ed25519.Sign(private, q.Message())
	var token wire.TokenReply
	h.decode(f, h.throw("POST", wire.PathToken, "", app.Encode(q)), &token)
	h.token = token.Token
	return h
}

func (h *hostile) throw(method, path, encoding string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+h.token)
	if encoding != "" {
		r.Header.Set("Content-Encoding", encoding)
	}
	a := httptest.NewRecorder()
	h.handler.ServeHTTP(a, r)
	return a
}

func (h *hostile) decode(t testing.TB, a *httptest.ResponseRecorder, v any) {
	t.Helper()
	if err := json.Unmarshal(a.Body.Bytes(), v); err != nil || a.Code != http.StatusOK {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
}

// sound asserts that an answer is a success or a refusal with a code; never a
// failure of the server.
func sound(t *testing.T, a *httptest.ResponseRecorder) (ok bool) {
	t.Helper()
	if a.Code == http.StatusOK {
		return true
	}
	var p wire.Problem
	if err := json.Unmarshal(a.Body.Bytes(), &p); err != nil || p.Code == "" || a.Code < 400 || a.Code >= 500 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	return false
}

// pushed asserts what holds after every push, whatever was in it: a verdict for
// each operation, and a feed that has grown by those that have a place in it.
func (h *hostile) pushed(t *testing.T, encoding string, body []byte) {
	t.Helper()
	before, err := h.server.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := h.throw("POST", wire.PathOps, encoding, body)
	stored := uint64(0)
	if sound(t, a) {
		var reply wire.PushReply
		h.decode(t, a, &reply)
		for _, v := range reply.Verdicts {
			switch {
			case v.Verdict == app.VerdictRetry && !bytes.Contains(bytes.ToLower(body), []byte("files")) && encoding == "":
				t.Fatalf("an operation is held back: %+v", v)
			case v.Seq > before:
				if v.Verdict != app.VerdictDuplicate {
					stored++
				}
			}
		}
		var asked struct{ Ops []json.RawMessage }
		if encoding == "" && json.Unmarshal(body, &asked) == nil && len(asked.Ops) != len(reply.Verdicts) {
			t.Fatalf("%d verdicts on %d operations", len(reply.Verdicts), len(asked.Ops))
		}
	}
	after, err := h.server.Head(t.Context())
	if err != nil || after != before+stored {
		t.Fatalf("%d operations stored, the head went from %d to %d (%v)", stored, before, after, err)
	}
}

// seedOps gives bodies of pushes that reach every kind of operation.
func seedOps() (bodies [][]byte) {
	id := func(name string) string { return app.IDFrom("fuzz", name) }
	op := func(kind app.OpKind, name, ent string, payload any) app.Op {
		return app.Op{ID: id(name), Ent: ent, Kind: kind, Schema: app.Schema, At: noon, Payload: app.Encode(payload)}
	}
	appeal := app.Appeal{
		ID: id("a"), Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма", Status: app.StatusNew,
		Events: []app.Event{{ID: id("e0"), Type: app.EventDetected, At: noon}},
	}
	note := app.Event{ID: id("e1"), Type: app.EventNote, Text: "н"}
	assigned := app.Event{ID: id("e2"), Type: app.EventAssigned, Target: "Первый"}
	for _, ops := range [][]app.Op{
		{},
		{op(app.OpCreate, "a", id("a"), appeal), op(app.OpEvent, "e1", id("a"), note), op(app.OpEvent, "e2", id("a"), assigned)},
		{op(app.OpAmend, "m", id("a"), app.Amendment{Fields: app.Appeal{Text: "Яма и лужа"}, Events: []app.Event{note}})},
		{op(app.OpPage, "p", id("p"), app.Page{ID: id("p"), Name: "Школа"})},
		{op(app.OpCount, "c", "2026-07-15", app.Counters{Day: app.DayOf(noon), Counts: map[string]uint32{id("p"): 7}})},
		{op(app.OpResolve, "r", id("a"), app.Resolution{Conflict: id("e2"), Choice: app.ChoiceNote, Event: app.Event{ID: id("r")}})},
	} {
		bodies = append(bodies, app.Encode(wire.Push{Ops: ops}))
	}
	return append(bodies, []byte(`{"ops":[{"id":5},7,null,"x",{"id":"`+id("x")+`","n":-1}]}`), []byte("{"), nil)
}

func FuzzPush(f *testing.F) {
	h := newHostile(f)
	for _, b := range seedOps() {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) { h.pushed(t, "", body) })
}

func FuzzPacked(f *testing.F) {
	h := newHostile(f)
	for _, b := range seedOps() {
		f.Add("gzip", gzipOf(f, b))
		f.Add("zstd", zstdOf(f, b))
		f.Add("identity", b)
	}
	f.Add("zstd", zstdOf(f, bytes.Repeat([]byte(" "), 8<<20)))
	f.Fuzz(func(t *testing.T, encoding string, body []byte) { h.pushed(t, encoding, body) })
}

func FuzzToken(f *testing.F) {
	h := newHostile(f)
	f.Add(h.device, "2026-07-15T09:00:00Z", "sixteen letters and more", []byte("signature"), true)
	f.Add(h.device, "", "", []byte(nil), true)
	f.Add("x", "2026-07-15T09:00:00+99:99", strings.Repeat("n", 65), make([]byte, 64), false)
	f.Fuzz(func(t *testing.T, device, at, nonce string, signature []byte, sign bool) {
		q := wire.TokenRequest{Device: device, At: at, Nonce: nonce, Signature: signature}
		if sign { // gets further than bytes alone could
			q.Signature = ed25519.Sign(h.key, q.Message())
		}
		a := h.throw("POST", wire.PathToken, "", app.Encode(q))
		if sound(t, a) && (!sign || device != h.device) {
			t.Fatalf("a token without the key of the device: %s", a.Body)
		}
		sound(t, h.throw("POST", wire.PathToken, "", signature))
	})
}

func FuzzEnrol(f *testing.F) {
	h := newHostile(f)
	f.Add([]byte(`{"code":"AAAA-BBBB-CCCC","public_key":"AAAA","device_name":"x"}`))
	f.Add([]byte(app.Encode(wire.EnrolRequest{Code: "AAAA-BBBB-CCCC", PublicKey: make([]byte, 32), DeviceName: "АРМ"})))
	f.Add([]byte("[]"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if a := h.throw("POST", wire.PathEnrol, "", body); sound(t, a) {
			t.Fatalf("enrolled without a code: %s", a.Body)
		}
	})
}

func FuzzCursor(f *testing.F) {
	h := newHostile(f)
	for _, b := range seedOps() {
		h.throw("POST", wire.PathOps, "", b)
	}
	var m wire.Meta
	h.decode(f, h.throw("GET", wire.PathMeta, "", nil), &m)
	for _, c := range []string{"", "x", "a.b.c", m.Epoch + ".all.0", m.Epoch + ".all.2", m.Epoch + ".all.18446744073709551615", "..", "é.é.1"} {
		f.Add(c, "10")
		f.Add(c, "")
	}
	f.Fuzz(func(t *testing.T, after, limit string) {
		q := url.Values{wire.ParamAfter: {after}, wire.ParamLimit: {limit}}
		a := h.throw("GET", wire.PathChanges+"?"+q.Encode(), "", nil)
		if sound(t, a) && !bytes.Contains(a.Body.Bytes(), []byte(`"next":"`+m.Epoch)) {
			t.Fatalf("a page without its end: %s", a.Body)
		}
	})
}
