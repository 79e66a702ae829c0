package sync

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/sync/wire"
)

// load takes one step of a first load or of one begun anew: the manifest, or the
// frames. done is true where there is nothing to load.
func (e *Engine) load(ctx context.Context) (done bool, err error) {
	l, loading, err := e.o.Store.Load()
	if err != nil {
		return false, err
	}
	switch {
	case loading && l.Frames < len(l.Snapshot.Frames):
		return false, e.frames(ctx, l)
	case loading: // of an empty server
		return false, e.o.Store.EndLoad()
	}
	must, since, err := e.o.Store.MustLoad()
	if err != nil || !must {
		return !must, err
	}
	shared, err := e.o.Store.Shared()
	if err != nil {
		return false, err
	}
	shot, err := e.client.snapshot(ctx, since)
	if err != nil {
		return false, err
	}
	if ok, err := e.sameHistory(ctx, shared, shot.Next); err != nil || !ok {
		return false, err
	}
	if seqOf(shot.Next) < since {
		return false, e.older(ctx, since, shared)
	}
	if err := e.o.Store.BeginLoad(shot); err != nil {
		return false, err
	}
	e.loaded(app.Load{Snapshot: shot})
	return false, nil
}

// older is told of a snapshot from before what this side has seen: of a server
// that has lost its end, or in an answer to an earlier request.
func (e *Engine) older(ctx context.Context, since uint64, shared string) error {
	m, err := e.client.meta(ctx)
	if err != nil {
		return err
	}
	if m.Head < since {
		return e.rewind(m.Head, shared)
	}
	return app.Fail(app.CodeServerAnswer, e.client.server, "snapshot")
}

// incoming is a frame on its way.
type incoming struct {
	load   app.Load // before it
	frame  app.Frame
	part   []byte // of it, where it was cut off
	about  int    // rows about appeals
	take   func() error
	err    error
	down   chan struct{} // closed when it is here and read
	cancel context.CancelFunc
}

// fetch asks for the next frame and reads it.
func (e *Engine) fetch(ctx context.Context, l app.Load) *incoming {
	ctx, cancel := context.WithCancel(ctx)
	in := &incoming{load: l, frame: l.Snapshot.Frames[l.Frames], down: make(chan struct{}), cancel: cancel}
	if e.partOf == in.frame.SHA256 {
		in.part = e.part
	}
	e.part, e.partOf = nil, ""
	e.o.Spawn(func() {
		defer close(in.down)
		if in.part, in.err = e.client.frame(ctx, in.frame, in.part); in.err != nil {
			return
		}
		rows, err := unpackFrame(in.part, in.frame)
		if in.part = nil; err != nil {
			in.err = app.Fail(app.CodeServerAnswer, e.client.server, "snapshot").Because(err)
			return
		}
		for _, r := range rows {
			if r.Kind == app.RowAppeal || r.Kind == app.RowConflict {
				in.about++
			}
		}
		in.take, in.err = e.o.Store.ReadFrame(rows)
	})
	return in
}

// frames takes in frame after frame. While one is being written down the next is
// on its way.
func (e *Engine) frames(ctx context.Context, l app.Load) (err error) {
	for in := e.fetch(ctx, l); in != nil && err == nil; {
		in, err = e.arrived(ctx, in)
	}
	return err
}

// arrived takes a frame in, after it has asked for the next, if there is one.
func (e *Engine) arrived(ctx context.Context, in *incoming) (next *incoming, err error) {
	<-in.down
	in.cancel()
	if p := (*problem)(nil); errors.As(in.err, &p) && p.status == http.StatusNotFound {
		_, since, err := e.o.Store.MustLoad()
		if err != nil {
			return nil, err
		}
		return nil, e.o.Store.Anew(since) // the server has another snapshot by now
	}
	if in.err != nil {
		e.part, e.partOf = in.part, in.frame.SHA256 // the next try goes on after it
		return nil, in.err
	}
	l := in.load
	l.Frames++
	l.Rows += in.frame.Rows
	if l.Frames < len(l.Snapshot.Frames) && e.mayGoOn(ctx) {
		next = e.fetch(ctx, l)
	}
	if err := in.take(); err != nil {
		if next != nil {
			next.cancel()
			<-next.down
		}
		return nil, err
	}
	e.received(in.frame.Rows, in.about)
	e.loaded(l)
	return next, nil
}

// mayGoOn says whether a request may follow in the same turn.
func (e *Engine) mayGoOn(ctx context.Context) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !e.off && ctx.Err() == nil && e.client.authorised()
}

// loaded tells how far the load is.
func (e *Engine) loaded(l app.Load) {
	e.mu.Lock()
	e.state.Rows, e.state.RowsDone = l.Snapshot.Rows, l.Rows
	if l.Frames == len(l.Snapshot.Frames) {
		e.state.Rows, e.state.RowsDone = 0, 0
		e.state.Cursor = seqOf(l.Snapshot.Next)
	}
	e.state.Head = max(e.state.Head, seqOf(l.Snapshot.Next))
	e.state.Last = e.o.Now()
	e.mu.Unlock()
	e.recount(app.LinkOnline, "")
}

// maxFrame bounds a frame when it is unpacked.
const maxFrame = 32 << 20

var frames, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxFrame)) // the options are known to be valid

func unpackFrame(packed []byte, f app.Frame) ([]app.SnapshotRow, error) {
	if sum := sha256.Sum256(packed); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, errors.New("a frame is not the one its hash names")
	}
	plain, err := frames.DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	rows := make([]app.SnapshotRow, 0, min(f.Rows, 1<<16))
	for line := range bytes.Lines(plain) {
		var r app.SnapshotRow
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	if len(rows) != f.Rows {
		return nil, fmt.Errorf("a frame has %d rows of %d", len(rows), f.Rows)
	}
	return rows, nil
}

// snapshot asks for the manifest of one that is not older than since.
func (c *client) snapshot(ctx context.Context, since uint64) (shot app.Snapshot, err error) {
	ctx, cancel := context.WithTimeout(ctx, 4*answerTimeout) // the server may have to make one
	defer cancel()
	err = c.do(ctx, http.MethodGet, fmt.Sprintf("%s?%s=%d", wire.PathSnapshot, wire.ParamSince, since), nil, decodeInto(&shot))
	return shot, err
}

// meta asks what the server is.
func (c *client) meta(ctx context.Context) (m wire.Meta, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	err = c.do(ctx, http.MethodGet, wire.PathMeta, nil, decodeInto(&m))
	return m, err
}

// frame receives a frame, going on after the part that is there. With an error
// it gives what has arrived so far.
func (c *client) frame(ctx context.Context, f app.Frame, part []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 4*answerTimeout)
	defer cancel()
	if int64(len(part)) >= f.Bytes {
		part = nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.server+wire.PathSnapshot+"/"+f.SHA256, nil)
	if err != nil {
		return part, app.Fail(app.CodeNoServer, c.server).Because(err)
	}
	req.Header.Set("Accept-Encoding", "identity") // it is packed, and its parts have to fit
	if len(part) > 0 {
		req.Header.Set("Range", "bytes="+strconv.Itoa(len(part))+"-")
	}
	resp, err := c.send(req)
	if err != nil {
		return part, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusOK:
		part = nil // the whole of it, whatever was asked for
	case resp.StatusCode != http.StatusPartialContent:
		return part, c.refusal(resp, resp.Body)
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), wire.TypeFrame) {
		return nil, app.Fail(app.CodeServerAnswer, c.server, resp.Header.Get("Content-Type"))
	}
	rest, err := io.ReadAll(io.LimitReader(resp.Body, f.Bytes-int64(len(part))))
	part = append(part, rest...)
	if err != nil || int64(len(part)) < f.Bytes {
		return part, app.Fail(app.CodeNoServer, c.server).Because(errors.Join(err, io.ErrUnexpectedEOF))
	}
	return part, nil
}
