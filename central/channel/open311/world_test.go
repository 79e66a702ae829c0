package open311

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/channel/channeltest"
	"otklik/central/embedded"
)

// world is a server with an endpoint, at a time of its own.
type world struct {
	t   testing.TB
	e   *Endpoint
	now time.Time
}

const goodKey = "key-of-an-app"

func newWorld(t testing.TB) *world {
	t.Helper()
	region, _, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, now: time.Date(2026, 7, 6, 9, 0, 0, 0, time.UTC)}
	storage, err := embedded.OpenWith(filepath.Join(t.TempDir(), "central.db"), embedded.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	server, err := central.New(storage, central.Options{Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Stop()
		if err := storage.Close(); err != nil {
			t.Error(err)
		}
	})
	w.e = New(Config{
		Server: server, Storage: storage, Region: region, Keys: []string{"another", goodKey}, Jurisdiction: "cap.ru",
		URL: "https://centre.example/", Contact: "dev@centre.example", PerSecond: 1e6, Now: func() time.Time { return w.now },
	})
	return w
}

func (w *world) do(q *http.Request) (status int, body string) {
	w.t.Helper()
	r := httptest.NewRecorder()
	w.e.ServeHTTP(r, q)
	want := "text/xml; charset=utf-8"
	if strings.HasSuffix(q.URL.Path, ".json") {
		want = "application/json; charset=utf-8"
	}
	if kind := r.Header().Get("Content-Type"); kind != want {
		w.t.Errorf("%s: Content-Type %q", q.URL.Path, kind)
	}
	return r.Code, r.Body.String()
}

func (w *world) get(path string) (status int, body string) {
	w.t.Helper()
	return w.do(httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, Prefix+path, nil))
}

// requests reads requests in JSON.
func (w *world) requests(path string) (all []request) {
	w.t.Helper()
	status, body := w.get(path)
	if status != http.StatusOK {
		w.t.Fatalf("%s: %d %s", path, status, body)
	}
	if err := json.Unmarshal([]byte(body), &all); err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) post(path string, fields url.Values, header ...string) (status int, body string) {
	w.t.Helper()
	q := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, Prefix+path, strings.NewReader(fields.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if len(header) == 2 {
		q.Header.Set(header[0], header[1])
	}
	return w.do(q)
}

// multipart posts a form with a picture.
func (w *world) multipart(fields url.Values, picture []byte) (status int, body string) {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, all := range fields {
		for _, v := range all {
			if err := m.WriteField(name, v); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	f, err := m.CreateFormFile("media", "яма.png")
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := f.Write(picture); err != nil {
		w.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		w.t.Fatal(err)
	}
	q := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, Prefix+"requests.json", io.Reader(&b))
	q.Header.Set("Content-Type", m.FormDataContentType())
	return w.do(q)
}

// handed posts a request that is good, and gives its number.
func (w *world) handed(fields url.Values) string {
	w.t.Helper()
	status, body := w.post("requests.json", fields)
	var all []request
	if err := json.Unmarshal([]byte(body), &all); err != nil || status != http.StatusOK || len(all) != 1 || all[0].ID == "" {
		w.t.Fatalf("%d %s", status, body)
	}
	return all[0].ID
}

func (w *world) appeals() []*app.Appeal {
	w.t.Helper()
	return channeltest.AppealsOf(w.t, w.e.Storage)
}

// good is a request everything is right in.
func good() url.Values {
	return url.Values{
		"api_key": {goodKey}, "jurisdiction_id": {"cap.ru"}, "service_code": {codeOf("Дороги", "Ямы и выбоины")},
		"address_string": {"г. Чебоксары, ул. Гагарина, д. 17, кв. 42"}, "lat": {"56.1234567"}, "long": {"47.2345678"},
		"description": {"Глубокая яма"},
	}
}

// with gives the fields with some changed; "" takes one out.
func with(fields url.Values, changes ...string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		fields.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			fields.Del(changes[i])
		}
	}
	return fields
}
