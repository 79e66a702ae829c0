package conform

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// device is one workstation of the run.
type device struct {
	*trial
	id     string
	key    ed25519.PrivateKey
	token  string
	issued uint64   // operations made
	scope  []string // municipalities it may see; none: all
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// maxAnswer bounds an answer: a page of the greatest size is far smaller.
const maxAnswer = 64 << 20

// attempts is how often a request is made that the server asks to repeat later.
const attempts = 10

// send makes a request. body is sent as it is when it is bytes, otherwise as
// JSON. It waits where the server says 429.
func (t *trial) send(ctx context.Context, method, path, token string, body any, header ...string) (answer, error) {
	raw, is := body.([]byte)
	if body != nil && !is {
		raw = app.Encode(body)
	}
	for n := 1; ; n++ {
		r, err := http.NewRequestWithContext(ctx, method, t.options.URL+path, bytes.NewReader(raw))
		if err != nil {
			return answer{}, err
		}
		r.Header.Set(wire.HeaderProto, strconv.Itoa(wire.Proto))
		r.Header.Set("Content-Type", wire.TypeJSON)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		a, err := t.read(r)
		if err != nil || a.status != http.StatusTooManyRequests || n == attempts {
			return a, err
		}
		after, err := strconv.Atoi(a.header.Get("Retry-After"))
		if err != nil || after < 1 {
			return a, fmt.Errorf("429 with Retry-After %q", a.header.Get("Retry-After"))
		}
		select {
		case <-ctx.Done():
			return a, ctx.Err()
		case <-time.After(time.Duration(after) * time.Second):
		}
	}
}

func (t *trial) read(r *http.Request) (answer, error) {
	reply, err := t.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer reply.Body.Close()
	b, err := io.ReadAll(io.LimitReader(reply.Body, maxAnswer))
	return answer{reply.StatusCode, reply.Header, b}, err
}

// into reads the JSON of a success.
func (a answer) into(v any) error {
	if a.status != http.StatusOK {
		return fmt.Errorf("expected 200, got %s", a)
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		return fmt.Errorf("the body of a 200 is not the JSON of the contract: %w", err)
	}
	return nil
}

// refused asserts a problem of that status and code.
func (a answer) refused(status int, code app.Code) (p wire.Problem, err error) {
	kind := a.header.Get("Content-Type")
	if !strings.HasPrefix(kind, wire.TypeProblem) || json.Unmarshal(a.body, &p) != nil || a.status != status || p.Code != code {
		return p, fmt.Errorf("expected a problem %d %s, got %s", status, code, a)
	}
	return p, nil
}

func (a answer) String() string {
	const shown = 200
	return fmt.Sprintf("%d %s %.*q", a.status, a.header.Get("Content-Type"), shown, a.body)
}

// refuse sends what has to be refused.
func (t *trial) refuse(ctx context.Context, method, path, token string, body any, status int, code app.Code) error {
	a, err := t.send(ctx, method, path, token, body)
	if err == nil {
		_, err = a.refused(status, code)
	}
	return err
}

// enrol makes a workstation known.
func (t *trial) enrol(ctx context.Context, code string) (*device, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	a, err := t.send(ctx, "POST", wire.PathEnrol, "", wire.EnrolRequest{Code: code, PublicKey: public, DeviceName: "conformance"})
	if err != nil {
		return nil, err
	}
	var reply wire.EnrolReply
	if err := a.into(&reply); err != nil {
		return nil, err
	}
	if reply.Device == "" || reply.Identity.Name == "" {
		return nil, fmt.Errorf("the reply names no device or nobody: %+v", reply)
	}
	return &device{trial: t, id: reply.Device, key: private, scope: reply.Identity.Municipalities}, nil
}

// request signs a request for a token by the server's clock, so much off.
func (d *device) request(ctx context.Context, off time.Duration) (wire.TokenRequest, error) {
	a, err := d.send(ctx, "GET", wire.PathMeta, "", nil)
	if err != nil {
		return wire.TokenRequest{}, err
	}
	var m wire.Meta
	if err := a.into(&m); err != nil {
		return wire.TokenRequest{}, err
	}
	q := wire.TokenRequest{Device: d.id, At: m.Time.Add(off).UTC().Format(time.RFC3339), Nonce: rand.Text()}
	q.Signature = ed25519.Sign(d.key, q.Message())
	return q, nil
}

func (d *device) authenticate(ctx context.Context) error {
	q, err := d.request(ctx, 0)
	if err != nil {
		return err
	}
	a, err := d.send(ctx, "POST", wire.PathToken, "", q)
	if err != nil {
		return err
	}
	var reply wire.TokenReply
	if err := a.into(&reply); err != nil {
		return err
	}
	if reply.Token == "" || !reply.Expires.After(reply.Time) {
		return fmt.Errorf("a token %q that holds from %s to %s", reply.Token, reply.Time, reply.Expires)
	}
	d.token = reply.Token
	return nil
}

// push sends operations and gives their verdicts, one for each in their order.
func (d *device) push(ctx context.Context, ops ...app.Op) ([]wire.Judged, error) {
	reply, err := d.pushAfter(ctx, "", ops...)
	return reply.Verdicts, err
}

func (d *device) pushAfter(ctx context.Context, after string, ops ...app.Op) (reply wire.PushReply, err error) {
	a, err := d.send(ctx, "POST", wire.PathOps, d.token, wire.Push{Ops: ops, After: after, Limit: 1})
	if err != nil {
		return reply, err
	}
	if err := a.into(&reply); err != nil {
		return reply, err
	}
	if len(reply.Verdicts) != len(ops) {
		return reply, fmt.Errorf("%d verdicts on %d operations", len(reply.Verdicts), len(ops))
	}
	for i, v := range reply.Verdicts {
		if v.ID != ops[i].ID {
			return reply, fmt.Errorf("verdict %d is on %s, the operation is %s", i, v.ID, ops[i].ID)
		}
	}
	return reply, nil
}

// pull gives one page of the feed.
func (d *device) pull(ctx context.Context, after string, limit, wait int) (page wire.Page, err error) {
	q := url.Values{wire.ParamAfter: {after}, wire.ParamLimit: {strconv.Itoa(limit)}, wire.ParamWait: {strconv.Itoa(wait)}}
	a, err := d.send(ctx, "GET", wire.PathChanges+"?"+q.Encode(), d.token, nil)
	if err != nil {
		return page, err
	}
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), wire.TypeLines) {
		return page, fmt.Errorf("expected a page of lines, got %s", a)
	}
	for line := range bytes.Lines(a.body) {
		if page.Next != "" {
			return page, errors.New("something follows the line that ends the page")
		}
		var l struct {
			app.Change
			wire.End
		}
		if err := json.Unmarshal(line, &l); err != nil {
			return page, fmt.Errorf("a line of the page: %w", err)
		}
		if l.Next != "" {
			page.Next, page.Head = l.Next, l.Head
			continue
		}
		page.Changes = append(page.Changes, l.Change)
	}
	if page.Next == "" {
		return page, errors.New("the page has no line that ends it")
	}
	return page, nil
}

// end gives the cursor at the head of the feed, and the change of each operation
// in what was read on the way.
func (d *device) end(ctx context.Context, after string) (cursor string, seen map[string][]app.Change, err error) {
	seen = map[string][]app.Change{}
	for {
		page, err := d.pull(ctx, after, wire.MaxPage, 0)
		if err != nil {
			return "", nil, err
		}
		for _, c := range page.Changes {
			seen[c.Op] = append(seen[c.Op], c)
		}
		if len(page.Changes) == 0 {
			return page.Next, seen, nil
		}
		after = page.Next
	}
}
