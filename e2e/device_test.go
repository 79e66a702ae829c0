package e2e

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/sync/wire"
)

// device speaks the published contract by itself, and goes on whatever happens to
// the server. It is used by one goroutine.
type device struct {
	url    string
	id     string
	key    ed25519.PrivateKey
	token  string
	client *http.Client
	n      uint64 // of the last operation
}

// newDevice enrols; the server has to be there.
func newDevice(t testing.TB, url, code string) *device {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := &device{url: url, key: private, client: &http.Client{Transport: &http.Transport{}, Timeout: 40 * time.Second}}
	t.Cleanup(d.client.CloseIdleConnections)
	var reply wire.EnrolReply
	ask := wire.EnrolRequest{Code: code, PublicKey: public, DeviceName: "device"}
	if err := d.send(t.Context(), http.MethodPost, wire.PathEnrol, ask, &reply); err != nil {
		t.Fatal(err)
	}
	d.id = reply.Device
	return d
}

// send makes one request.
func (d *device) send(ctx context.Context, method, path string, body, answer any) error {
	var raw []byte
	if body != nil {
		raw = app.Encode(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, d.url+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	if d.token != "" {
		r.Header.Set("Authorization", "Bearer "+d.token)
	}
	reply, err := d.client.Do(r)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode == http.StatusUnauthorized {
		d.token = ""
	}
	if reply.StatusCode != http.StatusOK {
		var p wire.Problem
		_ = json.NewDecoder(reply.Body).Decode(&p) // the status is enough
		return fmt.Errorf("%s: %d %s", path, reply.StatusCode, p.Code)
	}
	if lines, ok := answer.(*[]feedLine); ok {
		for in := json.NewDecoder(reply.Body); ; {
			var l feedLine
			if err := in.Decode(&l); err != nil {
				return err // a page without its end was cut off
			}
			*lines = append(*lines, l)
			if l.Next != "" {
				return nil
			}
		}
	}
	return json.NewDecoder(reply.Body).Decode(answer)
}

// feedLine is a change or, with Next, the end of a page.
type feedLine struct {
	app.Change
	wire.End
}

// authorise sees to a token.
func (d *device) authorise(ctx context.Context) error {
	if d.token != "" {
		return nil
	}
	q := wire.TokenRequest{Device: d.id, At: time.Now().UTC().Format(time.RFC3339), Nonce: rand.Text()}
	q.Signature = ed25519.Sign(d.key, q.Message())
	var reply wire.TokenReply
	err := d.send(ctx, http.MethodPost, wire.PathToken, q, &reply)
	d.token = reply.Token
	return err
}

// create makes an operation that takes an appeal in.
func (d *device) create() app.Op {
	d.n++
	id := ulid.Make().String()
	a := app.Appeal{
		ID: id, Kind: app.KindIncident, Source: app.SourceVK, Status: app.StatusNew, Text: "Яма на дороге у дома, прошу заделать.",
		Events: []app.Event{{ID: ulid.Make().String(), Type: app.EventDetected, At: time.Now().UTC()}},
	}
	return app.Op{
		ID: id, Inc: 1, N: d.n, Ent: id, Kind: app.OpCreate, At: time.Now().UTC(), Schema: app.Schema, Payload: app.Encode(a),
	}
}

// write pushes batches until told to stop, each again and again until it is
// answered, with a pause between them. It gives what it issued and what of it was acknowledged; only the last
// batch may be issued and not acknowledged.
func (d *device) write(stop context.Context, batch int, pause time.Duration) (issued, acknowledged []string) {
	for stop.Err() == nil {
		ops := make([]app.Op, batch)
		for i := range ops {
			ops[i] = d.create()
			issued = append(issued, ops[i].ID)
		}
		for stop.Err() == nil {
			var reply wire.PushReply
			err := d.authorise(stop)
			if err == nil {
				err = d.send(stop, http.MethodPost, wire.PathOps, wire.Push{Ops: ops, Limit: 1}, &reply)
			}
			if err != nil {
				time.Sleep(20 * time.Millisecond)
				continue
			}
			for _, v := range reply.Verdicts {
				if v.Verdict == app.VerdictApplied || v.Verdict == app.VerdictDuplicate && v.First == app.VerdictApplied {
					acknowledged = append(acknowledged, v.ID)
				}
			}
			break
		}
		time.Sleep(pause)
	}
	return issued, acknowledged
}

// follow reads the feed, waiting for news, until told to stop and nothing is left.
// It gives the operations in their order, and an error where the feed has a gap.
func (d *device) follow(stop context.Context) (ops []string, err error) {
	cursor, last := "", uint64(0)
	for idle := 0; idle < 2; {
		wait := 5
		if stop.Err() != nil {
			wait = 0
		}
		var lines []feedLine
		ctx, cancel := context.WithTimeout(context.WithoutCancel(stop), 20*time.Second)
		err := d.authorise(ctx)
		if err == nil {
			err = d.send(ctx, http.MethodGet, wire.PathChanges+"?limit=1000&wait="+strconv.Itoa(wait)+"&after="+cursor, nil, &lines)
		}
		cancel()
		if err != nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		if len(lines) == 1 && stop.Err() != nil {
			idle++
		}
		for _, l := range lines {
			if l.Next != "" {
				cursor = l.Next
				continue
			}
			if l.Change.Seq != last+1 {
				return ops, fmt.Errorf("the feed goes from %d to %d", last, l.Change.Seq)
			}
			last = l.Change.Seq
			ops = append(ops, l.Op)
		}
	}
	return ops, nil
}

// load is work of several devices on a server, and one that follows it live.
type load struct {
	t        testing.TB
	stop     context.CancelFunc
	running  sync.WaitGroup
	mu       sync.Mutex
	issued   map[string]bool
	acked    map[string]bool
	seen     []string
	followed error
}

// startLoad lets all devices but the first write, and the first follow.
func startLoad(t testing.TB, devices []*device, batch int, pause time.Duration) *load {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	l := &load{t: t, stop: stop, issued: map[string]bool{}, acked: map[string]bool{}}
	t.Cleanup(func() {
		stop()
		l.running.Wait()
	})
	l.running.Go(func() { l.seen, l.followed = devices[0].follow(ctx) })
	for _, d := range devices[1:] {
		l.running.Go(func() {
			issued, acked := d.write(ctx, batch, pause)
			l.mu.Lock()
			defer l.mu.Unlock()
			for _, id := range issued {
				l.issued[id] = true
			}
			for _, id := range acked {
				l.acked[id] = true
			}
		})
	}
	return l
}

// end stops the load and asserts of what the live reader has seen that it is all
// that was acknowledged, each once, and nothing that nobody issued; also may be
// there what others wrote, by the identifiers of their operations.
func (l *load) end(others map[string]bool) {
	l.t.Helper()
	l.stop()
	l.running.Wait()
	if l.followed != nil {
		l.t.Fatal(l.followed)
	}
	times := map[string]int{}
	for _, op := range l.seen {
		if times[op]++; times[op] > 1 {
			l.t.Errorf("%s took effect %d times", op, times[op])
		}
		if !l.issued[op] && others != nil && !others[op] {
			l.t.Errorf("%s was never issued", op)
		}
	}
	lost := 0
	for op := range l.acked {
		if times[op] == 0 {
			lost++
		}
	}
	l.t.Logf("%d operations acknowledged of %d issued; %d changes, dense; %d lost", len(l.acked), len(l.issued), len(l.seen), lost)
	if lost > 0 || len(l.acked) == 0 {
		l.t.Errorf("%d of %d acknowledged operations are lost", lost, len(l.acked))
	}
}
