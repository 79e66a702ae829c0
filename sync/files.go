package sync

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"otklik/app"
	"otklik/sync/wire"
)

// Sizes of the parts an upload is sent in: like batches they begin small, grow
// on quick answers and shrink when an answer does not come.
const (
	chunkFirst = 64 << 10
	chunkLeast = 16 << 10
	chunkMost  = wire.MaxChecked
)

// chunkTime bounds the sending of a part and the fetching of a file; what came
// until then is kept.
const chunkTime = 2 * time.Minute

// carrier carries files, one after another and beside the exchange, so that
// neither waits for the other. StepFiles is called by one goroutine at a time;
// what the mutex guards may be used from anywhere.
type carrier struct {
	client client
	pauses backoff.BackOff
	chunk  int
	rested time.Time // the server asked for no request before

	// The upload under way.
	sha    string
	offset int64
	known  bool // the offset was told by the server

	wake chan struct{} // of one slot

	// Guarded by the engine's mutex.
	wanted    []app.File // to be fetched, in the order they were asked for
	transfers map[string]app.Transfer
	interrupt context.CancelFunc // ends the request under way, nil while there is none
}

// Fetch asks for a file; it comes before what is being sent. One that could not
// be had is tried again.
func (e *Engine) Fetch(f app.File) {
	e.mu.Lock()
	if t, waits := e.files.transfers[f.SHA256]; !waits || t.Reason != "" {
		e.files.wanted = append(e.files.wanted, f)
		e.files.transfers[f.SHA256] = app.Transfer{Fetching: true}
	}
	e.mu.Unlock()
	e.files.ask()
	e.tell()
}

// Transfers gives the files on their way by their hashes.
func (e *Engine) Transfers() map[string]app.Transfer {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.files.transfers)
}

func (c *carrier) ask() {
	select {
	case c.wake <- struct{}{}:
	default: // it was asked already
	}
}

// moving notes how far a file is.
func (e *Engine) moving(f app.File, t app.Transfer) {
	e.mu.Lock()
	e.files.transfers[f.SHA256] = t
	e.mu.Unlock()
	e.tell()
}

// fileDone forgets the journey of a file.
func (e *Engine) fileDone(f app.File) {
	e.mu.Lock()
	delete(e.files.transfers, f.SHA256)
	e.mu.Unlock()
	e.tell()
}

func (e *Engine) tell() {
	if e.o.Changed != nil {
		e.o.Changed()
	}
}

// runFiles carries files until the context ends.
func (e *Engine) runFiles(ctx context.Context) {
	for ctx.Err() == nil {
		pause := e.StepFiles(ctx)
		if pause <= 0 {
			continue
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-e.files.wake:
		}
		timer.Stop()
	}
}

// idleFiles is how long nobody looks for files unless somebody asks.
const idleFiles = time.Hour

// StepFiles does one thing about files, such as sending a part of one, and says
// how long to pause before the next unless somebody asks for it.
func (e *Engine) StepFiles(ctx context.Context) (pause time.Duration) {
	c := &e.files
	ctx, cancel := context.WithTimeout(ctx, chunkTime)
	defer cancel()
	e.mu.Lock()
	off := e.off
	c.interrupt = cancel
	var wanted app.File
	fetch := len(c.wanted) > 0
	if fetch {
		wanted = c.wanted[0]
	}
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		c.interrupt = nil
		e.mu.Unlock()
	}()
	if off {
		return idleFiles
	}
	if left := c.rested.Sub(e.o.Now()); left > 0 {
		return left
	}
	unsent, send, err := e.o.Store.Unsent(e.o.Now())
	switch {
	case err != nil:
		return c.pauses.NextBackOff()
	case !fetch && !send:
		return idleFiles
	}
	if _, _, err = c.client.authorise(ctx); err == nil {
		if fetch {
			err = e.fetchFile(ctx, wanted)
		} else {
			err = e.sendFile(ctx, unsent)
		}
	}
	if err == nil {
		c.pauses.Reset()
		return 0
	}
	c.known = false
	if p := (*problem)(nil); errors.As(err, &p) {
		if p.after > 0 {
			c.rested = e.o.Now().Add(p.after)
		}
		if p.Code == wire.CodeBadToken {
			c.client.token = ""
		}
	}
	if ctx.Err() != nil && e.isOff() {
		return 0 // switched off, not failed
	}
	if fetch {
		e.moving(wanted, app.Transfer{Fetching: true, Done: e.o.Store.Part(wanted)})
	} else {
		c.chunk = max(c.chunk/2, chunkLeast)
		e.moving(unsent.File, app.Transfer{Done: c.offset, Reason: reasonOf(err)})
	}
	return c.pauses.NextBackOff()
}

func (e *Engine) isOff() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.off
}

// reasonOf is the code of an error for people.
func reasonOf(err error) app.Code {
	if p := (*problem)(nil); errors.As(err, &p) {
		return p.Code
	}
	return cmp.Or(app.CodeOf(err), app.CodeNoServer)
}

// sendFile takes one step of an upload: to begin it, to ask how far it is, or a part
// of it.
func (e *Engine) sendFile(ctx context.Context, u app.Unsent) error {
	c, f := &e.files, u.File
	if c.sha != f.SHA256 {
		c.sha, c.offset, c.known = f.SHA256, 0, false
	}
	var err error
	switch {
	case u.Place == "":
		var place string
		if place, c.offset, err = c.client.beginUpload(ctx, f); err == nil {
			c.known = true
			err = e.o.Store.Placed(f.SHA256, place)
		}
	case !c.known:
		c.offset, err = c.client.askUpload(ctx, u.Place)
		c.known = err == nil
	default:
		err = e.sendPart(ctx, u)
	}
	if err != nil {
		return e.uploadFailed(err, u)
	}
	if c.offset < f.Size {
		e.moving(f, app.Transfer{Done: c.offset})
		return nil
	}
	if err := e.o.Store.Uploaded(f.SHA256); err != nil {
		return err
	}
	c.sha = ""
	e.fileDone(f)
	e.Wake() // the operation waits no more
	return nil
}

func (e *Engine) sendPart(ctx context.Context, u app.Unsent) error {
	c := &e.files
	b, err := e.o.Store.Chunk(u.File, c.offset, c.chunk)
	if err != nil {
		return err
	}
	began := e.o.Now()
	if c.offset, err = c.client.sendPart(ctx, u.Place, c.offset, b); err == nil && e.o.Now().Sub(began) < quick {
		c.chunk = min(2*c.chunk, chunkMost)
	}
	return err
}

// uploadFailed tells what passes from what does not. A file the server will never
// take is the end of its operation, which is kept with the reason.
func (e *Engine) uploadFailed(err error, u app.Unsent) error {
	c := &e.files
	refuse := func(reason app.Code) error {
		c.sha = ""
		e.fileDone(u.File)
		return e.o.Store.Refuse(u.Op, reason, e.o.Now())
	}
	p := (*problem)(nil)
	switch {
	case app.CodeOf(err) == app.CodeAttachDamaged && u.Kind != app.OpEvent:
		// It is another's, whose author is bringing it back to a restored server.
		c.sha = ""
		e.fileDone(u.File)
		return errors.Join(e.o.Store.Hold([]string{u.Op}, e.o.Now().Add(time.Minute)), e.o.Store.Uploaded(u.File.SHA256))
	case app.CodeOf(err) == app.CodeAttachDamaged:
		return refuse(app.CodeAttachDamaged)
	case !errors.As(err, &p):
		return err
	case p.status == http.StatusNotFound, p.status == http.StatusGone:
		c.known = false
		return e.o.Store.Placed(u.File.SHA256, "") // begin again
	case p.status == http.StatusConflict:
		c.known = false // ask where to go on
		return nil
	case p.status == http.StatusUnsupportedMediaType:
		return refuse(app.CodeAttachType)
	case p.status == http.StatusRequestEntityTooLarge && u.Place == "":
		return refuse(app.CodeAttachLarge)
	case p.status == wire.StatusChecksum:
		c.known = false
		// Damaged on the way, or on this disk, where trying again is no use.
		if e.o.Store.CheckFile(u.File) != nil {
			return refuse(app.CodeAttachDamaged)
		}
	}
	return err
}

// fetchFile fetches a file, going on after the part that is here.
func (e *Engine) fetchFile(ctx context.Context, f app.File) error {
	at := e.o.Store.Part(f)
	if e.o.Store.HasFile(f) {
		e.fetched(f, "")
		return nil
	}
	e.moving(f, app.Transfer{Fetching: true, Done: at})
	err := e.files.client.fetch(ctx, f, at, func(at int64, body io.Reader) error {
		return e.o.Store.AddPart(f, at, &counted{from: body, at: at, tell: func(done int64) {
			e.moving(f, app.Transfer{Fetching: true, Done: done})
		}})
	})
	p := (*problem)(nil)
	switch {
	case err == nil && e.o.Store.HasFile(f):
		e.fetched(f, "")
		return nil
	case err == nil:
		return io.ErrUnexpectedEOF // cut off; what came is kept
	case errors.As(err, &p) && (p.status == http.StatusNotFound || p.status == http.StatusForbidden):
		e.fetched(f, app.CodeAttachAway)
		return nil
	case app.CodeOf(err) == app.CodeDiskFull, app.CodeOf(err) == app.CodeNoFolder:
		e.fetched(f, app.CodeOf(err))
		return nil
	}
	return err // CodeAttachDamaged too: it begins anew
}

// fetched takes a file off the list: it is here, or cannot be had for a reason.
func (e *Engine) fetched(f app.File, reason app.Code) {
	e.mu.Lock()
	if w := e.files.wanted; len(w) > 0 && w[0].SHA256 == f.SHA256 {
		e.files.wanted = w[1:]
	}
	e.mu.Unlock()
	if reason == "" {
		e.fileDone(f)
		return
	}
	e.moving(f, app.Transfer{Fetching: true, Reason: reason})
}

// counted tells of what has come, not too often.
type counted struct {
	from     io.Reader
	at, told int64
	tell     func(int64)
}

const tellEvery = 256 << 10

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	if c.at += int64(n); c.at-c.told >= tellEvery {
		c.told = c.at
		c.tell(c.at)
	}
	return n, err
}

// tus makes a request of an upload and gives the offset of the answer.
func (c *client) tus(ctx context.Context, method, path string, body []byte, status int, header ...string) (*http.Response, int64, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.server+path, bytes.NewReader(body))
	if err != nil {
		return nil, 0, app.Fail(app.CodeNoServer, c.server).Because(err)
	}
	req.Header.Set(wire.HeaderTus, wire.TusVersion)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.send(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != status {
		if resp.Header.Get(wire.HeaderTus) != "" && resp.StatusCode >= http.StatusBadRequest {
			// The body of an answer to HEAD is empty, and servers of tus that are not ours
			// write what they like.
			p := &problem{status: resp.StatusCode}
			_ = errors.As(c.refusal(resp, resp.Body), &p)
			return nil, 0, p
		}
		return nil, 0, c.refusal(resp, resp.Body)
	}
	offset, err := strconv.ParseInt(cmp.Or(resp.Header.Get(wire.HeaderUploadOffset), "0"), 10, 64)
	if err != nil || resp.Header.Get(wire.HeaderTus) == "" {
		return nil, 0, app.Fail(app.CodeServerAnswer, c.server, "tus")
	}
	return resp, offset, nil
}

// beginUpload gives where on the server the upload is, and how much of it is
// there already.
func (c *client) beginUpload(ctx context.Context, f app.File) (place string, offset int64, err error) {
	resp, offset, err := c.tus(ctx, http.MethodPost, wire.PathFiles, nil, http.StatusCreated,
		wire.HeaderUploadLength, strconv.FormatInt(f.Size, 10), wire.HeaderUploadMetadata, wire.EncodeMetadata(f.SHA256, f.Type))
	if err != nil {
		return "", 0, err
	}
	place, err = placeOf(resp)
	return place, offset, err
}

// placeOf reads Location, which has to be on the same server: the token goes
// there.
func placeOf(resp *http.Response) (string, error) {
	to, err := url.Parse(resp.Header.Get("Location"))
	if err == nil {
		to = resp.Request.URL.ResolveReference(to)
	}
	if err != nil || to.Host != resp.Request.URL.Host || to.Scheme != resp.Request.URL.Scheme || to.Path == resp.Request.URL.Path {
		return "", app.Fail(app.CodeServerAnswer, resp.Request.URL.Host, "Location").Because(err)
	}
	return to.RequestURI(), nil
}

func (c *client) askUpload(ctx context.Context, place string) (offset int64, err error) {
	_, offset, err = c.tus(ctx, http.MethodHead, place, nil, http.StatusOK)
	return offset, err
}

// sendPart sends bytes that belong at the offset and gives the next one.
func (c *client) sendPart(ctx context.Context, place string, at int64, b []byte) (offset int64, err error) {
	_, offset, err = c.tus(ctx, http.MethodPatch, place, b, http.StatusNoContent, "Content-Type", wire.TypeChunk,
		wire.HeaderUploadOffset, strconv.FormatInt(at, 10), wire.HeaderUploadChecksum, wire.EncodeChecksum(b))
	if err == nil && offset != at+int64(len(b)) {
		err = app.Fail(app.CodeServerAnswer, c.server, fmt.Sprintf("%s %d", wire.HeaderUploadOffset, offset))
	}
	if err != nil {
		return at, err
	}
	return offset, nil
}

// fetch receives a file from the offset on, or from its beginning where the
// server chooses so, and hands it to take.
func (c *client) fetch(ctx context.Context, f app.File, at int64, take func(at int64, body io.Reader) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.server+wire.PathBlobs+f.SHA256, nil)
	if err != nil {
		return app.Fail(app.CodeNoServer, c.server).Because(err)
	}
	req.Header.Set("Accept-Encoding", "identity") // or there are no parts of it
	if at > 0 && at < f.Size {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(at, 10)+"-")
		req.Header.Set("If-Range", `"`+f.SHA256+`"`)
	}
	resp, err := c.send(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		at = 0
	case http.StatusPartialContent:
		if !strings.HasPrefix(resp.Header.Get("Content-Range"), "bytes "+strconv.FormatInt(at, 10)+"-") {
			return app.Fail(app.CodeServerAnswer, c.server, "Content-Range")
		}
	case http.StatusRequestedRangeNotSatisfiable:
		return take(0, strings.NewReader("")) // what is here is no part of it
	default:
		return c.refusal(resp, resp.Body)
	}
	if resp.Header.Get("ETag") != `"`+f.SHA256+`"` {
		return app.Fail(app.CodeServerAnswer, c.server, resp.Header.Get("Content-Type")) // some other program
	}
	return take(at, resp.Body)
}
