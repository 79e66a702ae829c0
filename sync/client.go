package sync

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/sync/wire"
)

// client speaks to one server. It is used by one goroutine.
type client struct {
	http    *http.Client
	server  string
	device  string
	key     ed25519.PrivateKey
	now     func() time.Time
	time    *app.Timekeeper // told the server's time; nil: nobody asks for it
	save    func(app.Anchor) error
	token   string
	expires time.Time
	packs   bool // the server reads bodies packed as zstd
}

// answerTimeout bounds a request beyond the time it was asked to wait.
const answerTimeout = 30 * time.Second

// longestAfter is the longest a server can keep this side waiting.
const longestAfter = 10 * time.Minute

// packFrom is the size from which packing a body is worth its header.
const packFrom = 1 << 10

// packer serves all clients: EncodeAll keeps no state between calls.
var packer, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))

// encode writes a body as JSON, packed where that is worth it and the server has
// said that it reads it.
func (c *client) encode(body any) (send io.Reader, packed bool, err error) {
	if body == nil {
		return nil, false, nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, false, err
	}
	if packed = c.packs && len(raw) > packFrom; packed {
		raw = packer.EncodeAll(raw, nil)
	}
	return bytes.NewReader(raw), packed, nil
}

// problem is an answer that is not a success.
type problem struct {
	status int
	wire.Problem
	after time.Duration // the server asks to wait
}

func (p *problem) Error() string { return fmt.Sprintf("%d %s: %s", p.status, p.Code, p.Message) }

// do sends a request and hands the body of a success to read. A failure of the
// network, an answer of another program (a captive portal, a proxy) and a
// problem of the server are told apart by their codes.
func (c *client) do(ctx context.Context, method, path string, body any, read func(io.Reader) error) error {
	send, packed, err := c.encode(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, c.server+path, send)
	if err != nil {
		return app.Fail(app.CodeNoServer, c.server).Because(err)
	}
	req.Header.Set("Content-Type", wire.TypeJSON)
	if packed {
		req.Header.Set("Content-Encoding", wire.EncodingZstd)
	}
	req.Header.Set("Accept-Encoding", wire.Encodings)
	resp, err := c.send(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	plain, done, err := unpacking(resp)
	if err != nil {
		return app.Fail(app.CodeServerAnswer, c.server, resp.Header.Get("Content-Encoding")).Because(err)
	}
	defer done()
	if resp.StatusCode != http.StatusOK {
		return c.refusal(resp, plain)
	}
	kind := resp.Header.Get("Content-Type")
	if !strings.HasPrefix(kind, wire.TypeJSON) && !strings.HasPrefix(kind, wire.TypeLines) {
		return app.Fail(app.CodeServerAnswer, c.server, kind)
	}
	if err := read(plain); err != nil {
		var network interface{ Timeout() bool }
		if errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || ctx.Err() != nil {
			return app.Fail(app.CodeNoServer, c.server).Because(err)
		}
		return app.Fail(app.CodeServerAnswer, c.server, "JSON").Because(err)
	}
	return nil
}

// send makes the request in the name of this device.
func (c *client) send(req *http.Request) (*http.Response, error) {
	req.Header.Set(wire.HeaderProto, strconv.Itoa(wire.Proto))
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	var asked app.Instant
	if c.time != nil {
		asked = c.time.Instant()
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(c.server, err)
	}
	if err := c.hear(resp, asked); err != nil {
		resp.Body.Close()
		return nil, err
	}
	c.packs = strings.Contains(resp.Header.Get(wire.HeaderAccepts), wire.EncodingZstd)
	return resp, nil
}

// maxAnswer bounds what an answer is unpacked to.
const maxAnswer = 64 << 20

var unpackers = sync.Pool{New: func() any {
	d, _ := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20)) // the options are known to be valid
	return d
}}

// unpacking gives the plain body of an answer, until done is called.
func unpacking(resp *http.Response) (plain io.Reader, done func(), err error) {
	done = func() {}
	switch resp.Header.Get("Content-Encoding") {
	case "", "identity":
		plain = resp.Body
	case wire.EncodingZstd:
		d := unpackers.Get().(*zstd.Decoder)
		done = func() {
			_ = d.Reset(nil) // lets go of the answer
			unpackers.Put(d)
		}
		plain, err = d, d.Reset(resp.Body)
	case wire.EncodingGzip:
		plain, err = gzip.NewReader(resp.Body)
	default:
		err = errors.New("an encoding nobody asked for")
	}
	return io.LimitReader(plain, maxAnswer), done, err
}

// hear learns the time of the server. A captive portal may tell any time: only
// what speaks the protocol is believed.
func (c *client) hear(resp *http.Response, asked app.Instant) error {
	told, err := time.Parse(wire.TimeFormat, resp.Header.Get(wire.HeaderTime))
	if c.time == nil || err != nil {
		return nil
	}
	anchor, save := c.time.Heard(told, asked, c.time.Instant())
	if !save {
		return nil
	}
	return c.save(anchor)
}

// refusal reads an answer that is not a success.
func (c *client) refusal(resp *http.Response, plain io.Reader) error {
	p := &problem{status: resp.StatusCode}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), wire.TypeProblem) ||
		json.NewDecoder(io.LimitReader(plain, 64<<10)).Decode(&p.Problem) != nil {
		return app.Fail(app.CodeServerAnswer, c.server, resp.StatusCode)
	}
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && n > 0 {
		p.after = min(time.Duration(n)*time.Second, longestAfter)
	}
	return p
}

func decodeInto(v any) func(io.Reader) error {
	return func(r io.Reader) error { return json.NewDecoder(r).Decode(v) }
}

// authorised says whether the token holds for the next request.
func (c *client) authorised() bool { return c.token != "" && c.now().Before(c.expires) }

// authorise sees to a token that holds for the next request.
func (c *client) authorise(ctx context.Context) (who app.Identity, fresh bool, err error) {
	if c.authorised() {
		return who, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	nonce := make([]byte, 18)
	if _, err := rand.Read(nonce); err != nil {
		return who, false, err
	}
	r := wire.TokenRequest{
		Device: c.device, At: c.now().UTC().Format(time.RFC3339), Nonce: base64.RawURLEncoding.EncodeToString(nonce),
	}
	r.Signature = ed25519.Sign(c.key, r.Message())
	var reply wire.TokenReply
	c.token = ""
	err = c.do(ctx, http.MethodPost, wire.PathToken, r, decodeInto(&reply))
	if p := (*problem)(nil); errors.As(err, &p) && p.Code == wire.CodeClockSkew && !p.Time.IsZero() {
		// This machine's clock is wrong: sign with the server's.
		r.At = p.Time.UTC().Format(time.RFC3339)
		r.Nonce += "s"
		r.Signature = ed25519.Sign(c.key, r.Message())
		err = c.do(ctx, http.MethodPost, wire.PathToken, r, decodeInto(&reply))
	}
	if err != nil {
		return who, false, err
	}
	c.token = reply.Token
	// Life is reckoned by the server's clocks and measured by ours, with a
	// minute to spare.
	c.expires = c.now().Add(reply.Expires.Sub(reply.Time) - time.Minute)
	return reply.Identity, true, nil
}

// push sends operations and receives the page after the cursor.
func (c *client) push(ctx context.Context, ops []app.Op, after string) (wire.PushReply, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	var reply wire.PushReply
	err := c.do(ctx, http.MethodPost, wire.PathOps, wire.Push{Ops: ops, After: after, Limit: pageLimit, Sent: c.time.Passed().UTC().Truncate(time.Millisecond)}, decodeInto(&reply))
	return reply, err
}

// pull receives the page after the cursor, waiting for one where there is none.
func (c *client) pull(ctx context.Context, after string, wait time.Duration) (page wire.Page, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout+wait)
	defer cancel()
	q := url.Values{
		wire.ParamAfter: {after}, wire.ParamLimit: {strconv.Itoa(pageLimit)},
		wire.ParamWait: {strconv.Itoa(int(wait / time.Second))},
	}
	err = c.do(ctx, http.MethodGet, wire.PathChanges+"?"+q.Encode(), nil, func(r io.Reader) error {
		page, err = readPage(r)
		return err
	})
	return page, err
}

// maxLine bounds one change of the feed.
const maxLine = 16 << 20

// readPage reads changes up to the line that ends the page. A page without that
// line was cut off and is not applied: its cursor is not known.
func readPage(r io.Reader) (page wire.Page, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for lines.Scan() {
		var line struct {
			app.Change
			wire.End
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return page, err
		}
		if line.Next != "" {
			page.After, page.Next, page.Head, page.Safe = line.After, line.Next, line.Head, line.Safe
			return page, nil
		}
		page.Changes = append(page.Changes, line.Change)
	}
	if err := lines.Err(); err != nil {
		return page, err
	}
	return page, io.ErrUnexpectedEOF
}
