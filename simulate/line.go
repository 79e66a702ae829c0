package simulate

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// line carries the requests of one station to the server. It stands where the
// engine has a network otherwise.
type line struct {
	w *world
	s *station
	// up and down say that requests and replies do not get through.
	up, down bool
	// last is the latest answer to a push and to a pull, by path; flying is one to
	// a push that left a server before it was restored and has not come yet.
	last   map[string]*reply
	flying *reply
}

// message is a request on its way.
type message struct {
	from    *station
	device  string // the station's, then: its file may be another's when a late request arrives
	request *http.Request
	body    []byte
}

// reply is an answer on its way back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

var (
	errLost  = errors.New("simulate: no answer came")
	errReset = errors.New("simulate: connection reset")
)

// RoundTrip implements http.RoundTripper.
func (l *line) RoundTrip(request *http.Request) (*http.Response, error) {
	m := &message{from: l.s, device: l.s.device.ID, request: request}
	if request.Body != nil {
		var err error
		if m.body, err = io.ReadAll(request.Body); err != nil {
			return nil, err
		}
	}
	l.w.requests++
	l.w.now = l.w.now.Add(l.w.between(5*time.Millisecond, 400*time.Millisecond))
	r, err := l.carry(m)
	if err != nil {
		l.w.note("%s %s %s: %v", l.s.name, request.Method, shown(request.URL.Path), err)
		return nil, err
	}
	l.w.note("%s %s %s: %d", l.s.name, request.Method, shown(request.URL.Path), r.status)
	if r.status == http.StatusGone {
		l.s.disk.mayRestart = true
	}
	return &http.Response{
		Status: http.StatusText(r.status), StatusCode: r.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.header, Body: io.NopCloser(bytes.NewReader(r.body)), ContentLength: int64(len(r.body)), Request: request,
	}, nil
}

// shown is the path without the identifier the server has made for an upload,
// which is another in every run.
func shown(path string) string {
	if strings.HasPrefix(path, wire.PathFiles+"/") {
		return wire.PathFiles + "/…"
	}
	return path
}

func (l *line) carry(m *message) (*reply, error) {
	if l.up {
		return nil, errLost
	}
	if l.down {
		return l.dropReply(m)
	}
	if l.flying != nil && m.request.URL.Path == wire.PathOps {
		r := l.flying
		l.flying = nil
		l.w.struck(Fault{Name: Stale}.on(wire.PathOps))
		return l.deliver(r), nil
	}
	if f := l.w.troubled(); f != nil {
		l.w.struck(f.on(m.request.URL.Path))
		return f.carry(l, m)
	}
	return l.ask(m)
}

// ask hands the request to the server and remembers the answer.
func (l *line) ask(m *message) (*reply, error) {
	r, err := l.w.centre.answer(m, nil)
	if err == nil && r.status == http.StatusOK {
		l.last[m.request.URL.Path] = r
	}
	return r, err
}

func (l *line) dropRequest(*message) (*reply, error) { return nil, errLost }

func (l *line) dropReply(m *message) (*reply, error) {
	if _, err := l.ask(m); err != nil {
		return nil, err
	}
	return nil, errLost
}

// cutRequest lets the server see a part of the body and then a broken
// connection, over which no answer can come back.
func (l *line) cutRequest(m *message) (*reply, error) {
	if len(m.body) == 0 {
		return nil, errReset
	}
	part := m.body[:l.w.rand.IntN(len(m.body))]
	_, err := l.w.centre.answer(m, io.MultiReader(bytes.NewReader(part), broken{}))
	return nil, errors.Join(errReset, err)
}

// broken is the rest of a body that does not come.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// cutReply ends the answer early: as a broken connection that the client's
// library notices, or, with a proxy between them, as if that were all.
func (l *line) cutReply(m *message) (*reply, error) {
	r, err := l.w.centre.answer(m, nil)
	if err != nil || len(r.body) == 0 {
		return r, err
	}
	r.body = r.body[:l.w.rand.IntN(len(r.body))]
	return r, nil
}

// double delivers the request twice, as a proxy that retries does; the client
// gets the second answer.
func (l *line) double(m *message) (*reply, error) {
	if _, err := l.w.centre.answer(m, nil); err != nil {
		return nil, err
	}
	return l.w.centre.answer(m, nil)
}

// late delivers the request when the client has long given it up, and perhaps
// after others it has sent since.
func (l *line) late(m *message) (*reply, error) {
	l.w.after(l.w.upTo(10*time.Minute), l.s.name+": a late request arrives", func() {
		_, err := l.w.centre.answer(m, nil)
		l.w.note("nobody hears the answer, error %v", err)
	})
	return nil, errLost
}

// stale brings an answer to an earlier push or pull in the place of one to this,
// which is lost. What the server tells of itself is asked for to get to know how
// things are: an old answer to that would be believed.
func (l *line) stale(m *message) (*reply, error) {
	if p := m.request.URL.Path; p != wire.PathOps && p != wire.PathChanges {
		return l.ask(m)
	}
	r := l.last[m.request.URL.Path]
	if r == nil {
		return nil, errLost
	}
	return l.deliver(r), nil
}

// deliver brings an answer that is late, where a planted bug takes what it says
// for the answer to this request.
func (l *line) deliver(r *reply) *reply {
	if l.w.run.Bug == StaleEpochAck {
		l.s.disk.acknowledged(r.plain())
	}
	return r
}

// portal answers as the login page of a network does that lets nobody out yet.
func (l *line) portal(*message) (*reply, error) {
	return &reply{
		http.StatusOK,
		http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		[]byte("<!doctype html><title>Wi-Fi</title><p>Войдите в сеть"),
	}, nil
}

// gone calls the cursor expired though nothing was trimmed, as a server does
// that changed its mind about scopes: all is told again from the beginning.
func (l *line) gone(m *message) (*reply, error) {
	return l.withoutCursor(m, http.StatusGone, wire.CodeCursorExpired)
}

// noCursor is a server that took over from one with other cursors.
func (l *line) noCursor(m *message) (*reply, error) {
	return l.withoutCursor(m, http.StatusBadRequest, wire.CodeBadCursor)
}

func (l *line) withoutCursor(m *message, status int, code app.Code) (*reply, error) {
	if p := m.request.URL.Path; p != wire.PathOps && p != wire.PathChanges {
		return l.w.centre.answer(m, nil)
	}
	l.s.disk.mayRestart = true
	return &reply{status, http.Header{"Content-Type": {wire.TypeProblem}}, app.Encode(wire.Problem{Code: code})}, nil
}
