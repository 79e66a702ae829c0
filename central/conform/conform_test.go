package conform_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/conform"
	"otklik/central/embedded"
	"otklik/sync/wire"
)

// try runs the checks against our own server behind the wrapper, and gives the
// names of those that failed.
func try(t *testing.T, wrap func(http.Handler) http.Handler, codes int) (failed []string, total conform.Total) {
	t.Helper()
	storage, err := embedded.Open(filepath.Join(t.TempDir(), "central.db"))
	if err != nil {
		t.Fatal(err)
	}
	server, err := central.New(storage, central.Options{
		PerDevice: central.Rate{PerSecond: 1000, Burst: 50}, PerAddress: central.Rate{PerSecond: 1000, Burst: 50},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(wrap(server.Handler()))
	defer func() {
		server.Stop()
		h.Close()
		if err := storage.Close(); err != nil {
			t.Error(err)
		}
	}()
	var all []string
	for i := range codes {
		who := app.Identity{Name: "Проверка", Roles: []app.Role{app.RoleOperator}}
		if i == 2 {
			who.Municipalities = []string{"г. Канаш", "г. Шумерля"}
		}
		code, err := server.IssueCode(who)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, code)
	}
	total = conform.Run(t.Context(), conform.Options{URL: h.URL + "/", Codes: all, Now: time.Now}, func(r conform.Result) {
		if r.Outcome == conform.Failed {
			t.Logf("%s: %s", r.Name, r.Why)
			failed = append(failed, r.Name)
		}
	})
	return failed, total
}

func asItIs(h http.Handler) http.Handler { return h }

func TestOwnServerConforms(t *testing.T) {
	if failed, total := try(t, asItIs, 3); len(failed) > 0 || total.Passed < 30 || total.Skipped != 0 {
		t.Errorf("failed %q, %+v", failed, total)
	}
	if failed, total := try(t, asItIs, 1); len(failed) > 0 || total.Skipped != 4 {
		t.Errorf("with one code: failed %q, %+v", failed, total)
	}
}

// rewrite lets a wrong server change an answer of the right one.
func rewrite(path string, change func(r *http.Request, body []byte, a *httptest.ResponseRecorder)) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, path) {
				h.ServeHTTP(w, r)
				return
			}
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			r.Header.Del("Accept-Encoding")
			a := httptest.NewRecorder()
			h.ServeHTTP(a, r)
			change(r, body, a)
			for k, v := range a.Header() {
				w.Header()[k] = v
			}
			w.WriteHeader(a.Code)
			_, _ = w.Write(a.Body.Bytes())
		})
	}
}

// replace puts another text into an answer.
func replace(path, old, fresh string) func(http.Handler) http.Handler {
	return rewrite(path, func(_ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		b := bytes.ReplaceAll(a.Body.Bytes(), []byte(old), []byte(fresh))
		a.Body.Reset()
		a.Body.Write(b)
	})
}

// ask lets a wrong server change the request instead.
func ask(change func(*http.Request)) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			change(r)
			h.ServeHTTP(w, r)
		})
	}
}

// without takes a parameter out of a request.
func without(name string) func(http.Handler) http.Handler {
	return ask(func(r *http.Request) {
		q := r.URL.Query()
		// Out of range it still has to be refused.
		if v := q.Get(name); v != "" && v != "0" && v != "x" && v != "-1" && v != "26" && v != "2001" {
			q.Del(name)
			r.URL.RawQuery = q.Encode()
		}
	})
}

// forgetful gives the token again for a nonce that was used.
func forgetful(h http.Handler) http.Handler {
	var mu sync.Mutex
	given := map[string][]byte{}
	return rewrite(wire.PathToken, func(_ *http.Request, body []byte, a *httptest.ResponseRecorder) {
		mu.Lock()
		defer mu.Unlock()
		var p wire.Problem
		_ = json.Unmarshal(a.Body.Bytes(), &p)
		if old := given[string(body)]; p.Code == wire.CodeReplayed && old != nil {
			a.Code = http.StatusOK
			a.Header().Set("Content-Type", wire.TypeJSON)
			a.Body.Reset()
			a.Body.Write(old)
		}
		if a.Code == http.StatusOK {
			given[string(body)] = slices.Clone(a.Body.Bytes())
		}
	})(h)
}

// TestWrongServersAreFoundOut: a server that breaks one rule fails the check of
// that rule, and no other.
func TestWrongServersAreFoundOut(t *testing.T) {
	for want, wrap := range map[string]func(http.Handler) http.Handler{
		"meta tells epoch, protocol and limits": replace(wire.PathMeta, `"lineage":[]`, `"lineage":null`),
		"the protocol version is told and asked for": ask(func(r *http.Request) {
			r.Header.Del(wire.HeaderProto)
		}),
		"an unknown path is a problem, not a page": rewrite("/index.html", func(_ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
			a.Code = http.StatusOK
		}),
		"a replayed nonce gives none": forgetful,
		"a clock too far off is told the time": rewrite(wire.PathToken, func(_ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
			var p wire.Problem
			if json.Unmarshal(a.Body.Bytes(), &p) == nil && p.Code == wire.CodeClockSkew {
				p.Time = time.Time{}
				a.Body.Reset()
				_ = json.NewEncoder(a.Body).Encode(p)
			}
		}),
		"the same operation again has one effect":             replace(wire.PathOps, `"verdict":"duplicate"`, `"verdict":"applied"`),
		"an identifier with other content is refused":         replace(wire.PathOps, `"id_reused"`, `"malformed"`),
		"a number used again is told to be a copy's":          replace(wire.PathOps, `"device_forked"`, `"malformed"`),
		"a snapshot holds what the feed tells":                replace(wire.PathSnapshot, `"rows":`, `"rows":1`),
		"a long-poll ends when something comes":               without(wire.ParamWait),
		"a page keeps to its limit and its cursor goes on":    without(wire.ParamLimit),
		"a push brings the next page":                         replace(wire.PathOps, `"page":{"changes":[{`, `"page":{"changes":[],"ignored":[{`),
		"a guarded register gives a conflict with both sides": replace(wire.PathChanges, `"to":"Второй"`, `"to":""`),
		"a file travels in parts and belongs to an appeal":    replace(wire.PathBlobs, "не вложение", "не вложения"),
		"a conflict ends once": rewrite(wire.PathOps, func(_ *http.Request, body []byte, a *httptest.ResponseRecorder) {
			if bytes.Contains(body, []byte(app.OpResolve)) {
				b := bytes.ReplaceAll(a.Body.Bytes(), []byte(`"superseded"`), []byte(`"applied"`))
				a.Body.Reset()
				a.Body.Write(b)
			}
		}),
		"what is out of a scope is not told": rewrite(wire.PathChanges, func(_ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
			kept := slices.DeleteFunc(bytes.SplitAfter(a.Body.Bytes(), []byte("\n")), func(line []byte) bool {
				return bytes.Contains(line, []byte(app.ChangeGone))
			})
			b := bytes.Join(kept, nil)
			a.Body.Reset()
			a.Body.Write(b)
		}),
		"bodies are read in every encoding that is named": ask(func(r *http.Request) {
			if r.Header.Get("Content-Encoding") != "" {
				r.Header.Set("Content-Encoding", "br")
			}
		}),
	} {
		t.Run(want, func(t *testing.T) {
			if failed, _ := try(t, wrap, 3); !slices.Equal(failed, []string{want}) {
				t.Errorf("failed %q", failed)
			}
		})
	}
}
