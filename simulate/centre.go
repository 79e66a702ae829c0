package simulate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/embedded"
	"otklik/sync/wire"
)

// centre is the server: the real one over a real file, called without a
// network.
type centre struct {
	w       *world
	path    string
	storage central.Storage // of the file, without accidents
	overlay *overlay
	handler http.Handler // nil while the server is down

	backup   []byte // of the file
	restores int
	stays    *stays // where appeals have been, as far as it was asked for
}

// crash is thrown where a program dies.
type crash struct{}

var errDown = errors.New("simulate: connection refused")

func newCentre(w *world) *centre {
	c := &centre{w: w, path: filepath.Join(w.run.Dir, "central.db")}
	c.overlay = &overlay{w: w}
	c.open()
	must(c.storage.Update(context.Background(), func(tx central.Tx) error {
		return errors.Join(
			tx.PutLineage([]wire.Descent{{Epoch: w.newID()}}),
			tx.PutSecret("tokens", c.secret()),
		)
	}))
	c.start()
	return c
}

// secret gives what the server signs tokens with, from the run's own source.
func (c *centre) secret() []byte {
	sum := sha256.Sum256([]byte(c.w.newID()))
	return sum[:]
}

func (c *centre) open() {
	var err error
	c.storage, err = embedded.OpenWith(c.path, embedded.Options{NoSync: true})
	must(err)
	c.overlay.Storage = c.storage
}

// start puts the server over the open file.
func (c *centre) start() {
	c.overlay.strike = never // a start that fails is no news to a station
	server, err := central.New(c.overlay, central.Options{
		Now: func() time.Time { return c.w.now }, Frames: filepath.Join(c.w.run.Dir, "frames"),
	})
	must(err)
	c.handler = server.Handler()
}

func (c *centre) close() {
	if c.storage != nil {
		must(c.storage.Close())
		c.storage = nil
	}
}

// stop takes the server down; after the time it comes back.
func (c *centre) stop(d time.Duration) {
	c.handler = nil
	c.close()
	c.w.after(d, "server starts", c.restart)
}

func (c *centre) restart() {
	if c.handler != nil {
		return
	}
	c.open()
	c.start()
}

// answer hands the request to the server. body, where it is not nil, is what
// arrives of the request's own.
func (c *centre) answer(m *message, body io.Reader) (r *reply, err error) {
	if c.handler == nil {
		return nil, errDown
	}
	if body == nil {
		body = bytes.NewReader(m.body)
	}
	request := httptest.NewRequestWithContext(context.Background(), m.request.Method, m.request.URL.String(), body)
	request.Header = m.request.Header.Clone()
	recorder := httptest.NewRecorder()
	defer func() {
		switch v := recover().(type) {
		case nil:
		case crash:
			c.w.note("server crashes")
			c.stop(c.w.upTo(5 * time.Minute))
			r, err = nil, errReset
		default:
			panic(v)
		}
	}()
	who := c.scope(m.device)
	c.handler.ServeHTTP(recorder, request)
	r = &reply{recorder.Code, recorder.Result().Header, recorder.Body.Bytes()}
	c.w.checkScope(m.from, who, m, r)
	return r, nil
}

// admit makes a station's device known, as its enrolment would.
func (c *centre) admit(d central.Device) {
	must(c.storage.Update(context.Background(), func(tx central.Tx) error { return tx.PutDevice(d) }))
}

// revoke shuts a device out or lets it in again.
func (c *centre) revoke(device string, revoked bool) {
	c.rewrite(device, func(d *central.Device) { d.Revoked = revoked })
}

// rewrite changes what the server knows of a device.
func (c *centre) rewrite(device string, f func(*central.Device)) {
	if c.handler == nil {
		c.restart()
	}
	must(c.storage.Update(context.Background(), func(tx central.Tx) error {
		d, ok, err := tx.Device(device)
		if err != nil || !ok {
			return errors.Join(err, app.Fail(app.CodeNotFound, device))
		}
		f(&d)
		return tx.PutDevice(d)
	}))
}

// forgetTokens restarts the server with another secret.
func (c *centre) forgetTokens() {
	if c.handler == nil {
		c.restart()
	}
	must(c.storage.Update(context.Background(), func(tx central.Tx) error {
		return tx.PutSecret("tokens", c.secret())
	}))
	c.start()
}

// keepBackup copies the file as a backup of a night would.
func (c *centre) keepBackup() {
	if c.handler == nil {
		return
	}
	var err error
	c.backup, err = os.ReadFile(c.path)
	must(err)
}

// restore puts the last backup in the place of the file.
func (c *centre) restore() {
	c.handler = nil
	c.close()
	must(os.WriteFile(c.path, c.backup, 0o600))
	c.restores++
	for _, s := range c.w.stations {
		if c.w.on[Stale] {
			s.line.flying = s.line.last[wire.PathOps]
		}
	}
	c.overlay.oldest = 0
	c.open()
	// A new epoch, as central.BeginEpoch makes it, under a name of this run.
	must(c.storage.Update(context.Background(), func(tx central.Tx) error {
		l, err := tx.Lineage()
		if err != nil || c.w.run.Bug == NoEpoch {
			return err
		}
		if l[len(l)-1].Upto, err = tx.Head(); err != nil {
			return err
		}
		return tx.PutLineage(append(l, wire.Descent{Epoch: c.w.newID()}))
	}))
	c.start()
}

func (c *centre) heal() {
	c.overlay.heal()
	c.restart()
}

// view asks the file itself, past accidents and planted bugs.
func (c *centre) view(f func(central.Reader) error) {
	must(c.storage.View(context.Background(), f))
}
