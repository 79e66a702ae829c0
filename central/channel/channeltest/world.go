package channeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/channel"
	"otklik/central/embedded"
)

// World is a server with lines. It can be killed: what was not committed is gone then.
type World struct {
	t       *testing.T
	path    string // of the embedded storage
	open    func() (central.Storage, error)
	lines   []channel.Line
	options channel.Options

	storage  central.Storage
	broken   *breaking
	Server   *central.Server
	Hub      *channel.Hub
	web      *httptest.Server
	stop     context.CancelFunc
	stopped  *sync.WaitGroup
	operator *Operator
}

// NewWorld starts a server with the lines. Its hub runs once Run is called.
func NewWorld(t *testing.T, o channel.Options, lines ...channel.Line) *World {
	t.Helper()
	path := filepath.Join(t.TempDir(), "central.db")
	w := NewWorldOver(t, func() (central.Storage, error) {
		return embedded.OpenWith(path, embedded.Options{NoSync: true})
	}, o, lines...)
	w.path = path
	return w
}

// NewWorldOver starts a server over a storage that it opens and closes: several may
// share what is in it. It cannot be killed.
func NewWorldOver(t *testing.T, open func() (central.Storage, error), o channel.Options, lines ...channel.Line) *World {
	t.Helper()
	w := &World{t: t, open: open, lines: lines, options: o}
	if w.options.Pause == 0 {
		w.options.Pause = 20 * time.Millisecond
	}
	w.Start()
	t.Cleanup(w.Stop)
	return w
}

// Start opens the storage and serves, without reading or sending anything yet.
func (w *World) Start() {
	w.t.Helper()
	disk, err := w.open()
	if err != nil {
		w.t.Fatal(err)
	}
	w.broken = &breaking{Storage: disk}
	w.storage = w.broken
	if w.Hub, err = channel.New(w.lines, w.options); err != nil {
		w.t.Fatal(err)
	}
	if w.Server, err = central.New(w.storage, central.Options{Applied: w.Hub.Applied, Now: w.options.Now}); err != nil {
		w.t.Fatal(err)
	}
	w.Hub.Serve(w.storage, w.Server)
	mux := http.NewServeMux()
	mux.Handle(channel.PathPrefix, w.Hub.Handler())
	mux.Handle("/", w.Server.Handler())
	w.web = httptest.NewServer(mux)
	w.stopped = &sync.WaitGroup{}
}

// Run lets the hub poll, read and send.
func (w *World) Run() {
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	w.stopped.Go(func() { w.Hub.Run(ctx) })
}

// Lines says which lines the next Start serves.
func (w *World) Lines(lines ...channel.Line) { w.lines = lines }

// Stop ends everything; Start begins again over what is on disk.
func (w *World) Stop() {
	if w.storage == nil {
		return
	}
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
	w.stopped.Wait()
	w.Server.Stop()
	w.web.Close()
	if err := w.storage.Close(); err != nil {
		w.t.Error(err)
	}
	w.storage = nil
}

// Kill ends everything as SIGKILL does while nothing is being written: Start goes on
// with what stood on disk at this moment, and not with what an orderly end adds.
func (w *World) Kill() {
	w.t.Helper()
	left, err := os.ReadFile(w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Stop()
	if err := os.WriteFile(w.path, left, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Shelf gives what stands on a shelf, in its order.
func (w *World) Shelf(shelf string) (bodies [][]byte) {
	w.t.Helper()
	err := w.storage.View(context.Background(), func(tx central.Reader) error {
		ids, err := tx.Shelf(shelf, "", 1000)
		for _, id := range ids {
			body, _, err := tx.Item(shelf, id)
			if err != nil {
				return err
			}
			bodies = append(bodies, bytes.Clone(body))
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return bodies
}

// Storage is what the server keeps its data in.
func (w *World) Storage() central.Storage { return w.storage }

// Address is where the line's deliveries go.
func (w *World) Address(line string) string { return w.web.URL + channel.PathPrefix + line }

// Deliver posts a body to the line, as its platform would.
func (w *World) Deliver(line string, header http.Header, query string, body []byte) (status int, reply string) {
	w.t.Helper()
	status, reply, err := w.deliver(line, header, query, body)
	if err != nil {
		w.t.Fatal(err)
	}
	return status, reply
}

func (w *World) deliver(line string, header http.Header, query string, body []byte) (status int, reply string, err error) {
	address := w.Address(line)
	if query != "" {
		address += "?" + query
	}
	q, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	for k, v := range header {
		q.Header[k] = v
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0, "", err
	}
	defer r.Body.Close()
	said, err := io.ReadAll(r.Body)
	return r.StatusCode, string(said), err
}

// Appeals gives all appeals of the server.
func (w *World) Appeals() []*app.Appeal {
	w.t.Helper()
	return AppealsOf(w.t, w.storage)
}

// AppealsOf gives all appeals of a storage.
func AppealsOf(t testing.TB, s central.Storage) (all []*app.Appeal) {
	t.Helper()
	err := s.View(context.Background(), func(tx central.Reader) error {
		return tx.Rows(func(kind app.RowKind, line []byte) error {
			if kind != app.RowAppeal {
				return nil
			}
			a, err := app.Decode[app.Appeal](bytes.Clone(line))
			all = append(all, &a)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Until waits for what other goroutines bring about; it fails the test after ten
// seconds.
func (w *World) Until(what string, holds func() bool) {
	w.t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("waited in vain: %s", what)
		}
	}
}

// Appeal waits for the one appeal there is.
func (w *World) Appeal() *app.Appeal {
	w.t.Helper()
	var all []*app.Appeal
	w.Until("one appeal", func() bool { all = w.Appeals(); return len(all) == 1 })
	return all[0]
}

// Claim leaves every answer of the line as one leaves it who dies while he sends it.
func (w *World) Claim(line string) error {
	shelf := "out/" + line
	return w.storage.Update(context.Background(), func(tx central.Tx) error {
		ids, err := tx.Shelf(shelf, "", 100)
		for _, id := range ids {
			body, _, err := tx.Item(shelf, id)
			if err != nil {
				return err
			}
			var parcel map[string]json.RawMessage
			if err := json.Unmarshal(body, &parcel); err != nil {
				return err
			}
			parcel["leaving"] = app.Encode(w.options.Now())
			if err := tx.PutItem(shelf, id, app.Encode(parcel)); err != nil {
				return err
			}
		}
		return err
	})
}
