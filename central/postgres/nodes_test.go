package postgres_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"otklik/app"
	"otklik/central"
	"otklik/central/postgrestest"
	"otklik/sync/wire"
)

// node is one of several servers over one database.
type node struct {
	name    string
	storage central.Storage
	server  *central.Server
	http    *httptest.Server
	waits   chan struct{} // told whenever the node begins to watch for growth
}

// watched is a storage that tells when it is watched.
type watched struct {
	central.Shared
	waits chan struct{}
}

func (w watched) Watch(ctx context.Context, grown func()) {
	select {
	case w.waits <- struct{}{}:
	default:
	}
	w.Shared.Watch(ctx, grown)
}

func startNode(t *testing.T, address, name string) *node {
	t.Helper()
	n := &node{name: name, storage: open(t, address+"&application_name="+name), waits: make(chan struct{}, 1)}
	var err error
	if n.server, err = central.New(watched{n.storage.(central.Shared), n.waits}, central.Options{Region: "Проба"}); err != nil {
		t.Fatal(err)
	}
	n.http = httptest.NewServer(n.server.Handler())
	return n
}

func (n *node) stop(t *testing.T) {
	t.Helper()
	n.server.Stop()
	n.http.CloseClientConnections()
	n.http.Close()
	if err := n.storage.Close(); err != nil {
		t.Error(err)
	}
}

// kill ends the node as a power cut would: its connections to the database break
// off in the middle of whatever they do, and nobody gets an answer.
func (n *node) kill(t *testing.T, db *pgx.Conn) {
	t.Helper()
	const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1`
	if _, err := db.Exec(t.Context(), cut, n.name); err != nil {
		t.Error(err)
	}
	n.stop(t)
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	db, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	return db
}

// station is a workstation that has enrolled; its token holds at every node.
type station struct {
	device, token string
	made          int
}

func enrol(t *testing.T, n *node) *station {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	code, err := n.server.IssueCode(app.Identity{Name: "Оператор", Roles: []app.Role{app.RoleOperator}})
	if err != nil {
		t.Fatal(err)
	}
	s := &station{}
	var enrolled wire.EnrolReply
	if err := s.post(n, wire.PathEnrol, wire.EnrolRequest{Code: code, PublicKey: public}, &enrolled); err != nil {
		t.Fatal(err)
	}
	s.device = enrolled.Device
	q := wire.TokenRequest{Device: s.device, At: time.Now().UTC().Format(time.RFC3339), Nonce: rand.Text()}
	q.Signature = ed25519.Sign(private, q.Message())
	var token wire.TokenReply
	if err := s.post(n, wire.PathToken, q, &token); err != nil {
		t.Fatal(err)
	}
	s.token = token.Token
	return s
}

func (s *station) post(n *node, path string, body, into any) error {
	r, err := http.NewRequest(http.MethodPost, n.http.URL+path, bytes.NewReader(app.Encode(body)))
	if err != nil {
		return err
	}
	return s.send(r, func(reply *http.Response) error { return json.NewDecoder(reply.Body).Decode(into) })
}

func (s *station) send(r *http.Request, read func(*http.Response) error) error {
	r.Header.Set("Authorization", "Bearer "+s.token)
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", r.Method, r.URL.Path, reply.Status)
	}
	return read(reply)
}

// pull gives the changes after the cursor, and the cursor after them.
func (s *station) pull(ctx context.Context, n *node, after string, wait int) (out []app.Change, next string, err error) {
	url := fmt.Sprintf("%s%s?after=%s&wait=%d", n.http.URL, wire.PathChanges, after, wait)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, "", err
	}
	err = s.send(r, func(reply *http.Response) error {
		lines := bufio.NewScanner(reply.Body)
		for lines.Scan() {
			var line struct {
				app.Change
				wire.End
			}
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				return err
			}
			if line.Next != "" {
				next = line.Next
				break
			}
			out = append(out, line.Change)
		}
		return lines.Err()
	})
	if err == nil && next == "" {
		err = fmt.Errorf("the page was cut off")
	}
	return out, next, err
}

func (s *station) id() string {
	s.made++
	return app.IDFrom(s.device, strconv.Itoa(s.made))
}

func (s *station) op(kind app.OpKind, id, ent string, payload any) app.Op {
	return app.Op{
		ID: id, Dev: s.device, Inc: 1, N: uint64(s.made), Ent: ent, Kind: kind,
		At: time.Now(), Schema: app.Schema, Payload: app.Encode(payload),
	}
}

func (s *station) create() app.Op {
	id := s.id()
	return s.op(app.OpCreate, id, id, app.Appeal{
		ID: id, Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма на дороге", Status: app.StatusNew,
		Events: []app.Event{{ID: s.id(), Type: app.EventDetected, At: time.Now()}},
	})
}

func (s *station) note(appeal string) app.Op {
	id := s.id()
	return s.op(app.OpEvent, id, appeal, app.Event{ID: id, Type: app.EventNote, Text: "Проверено"})
}

func TestNodesWakeEachOther(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	a, b := startNode(t, address, "a"), startNode(t, address, "b")
	defer a.stop(t)
	defer b.stop(t)
	s := enrol(t, a)
	const hung = 20 * time.Second // less than the wait asked for, at whose end the page would come unasked
	ctx, cancel := context.WithTimeout(t.Context(), hung)
	defer cancel()
	for after, round := "", 0; round < 3; round++ {
		var push sync.WaitGroup
		push.Go(func() {
			<-b.waits
			var reply wire.PushReply
			if err := s.post(a, wire.PathOps, wire.Push{Ops: []app.Op{s.create()}}, &reply); err != nil {
				t.Error(err)
			}
		})
		got, next, err := s.pull(ctx, b, after, int(wire.MaxWait/time.Second))
		if err != nil || len(got) != 1 {
			t.Fatalf("what was pushed to one node did not come from the other: %v, %v", got, err)
		}
		push.Wait()
		after = next
	}
}

// TestNodesLoseNothing: workstations write through two nodes, each of which is
// killed again and again in the middle of things. What was sent stands in the
// feed once, and every appeal has a number of its own.
func TestNodesLoseNothing(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	var nodes [2]atomic.Pointer[node]
	for i := range nodes {
		nodes[i].Store(startNode(t, address, "node"+strconv.Itoa(i)))
	}
	const stations, pushes, kills = 4, 60, 8
	all := make([]*station, stations)
	for i := range all {
		all[i] = enrol(t, nodes[0].Load())
	}
	shared := all[0].create()
	if err := all[0].post(nodes[0].Load(), wire.PathOps, wire.Push{Ops: []app.Op{shared}}, &wire.PushReply{}); err != nil {
		t.Fatal(err)
	}
	sent := make([]map[string]bool, stations)
	var pushed, failed atomic.Int64
	var writers sync.WaitGroup
	for i, s := range all {
		sent[i] = map[string]bool{}
		writers.Go(func() {
			for n := range pushes {
				ops := []app.Op{s.create(), s.note(shared.Ent)}
				reply, again := pushAnywhere(t, &nodes, s, n, ops)
				for _, v := range reply.Verdicts {
					sent[i][v.ID] = v.Verdict == app.VerdictApplied || v.Verdict == app.VerdictDuplicate
				}
				failed.Add(int64(again))
				pushed.Add(1)
			}
		})
	}
	db := connect(t, address)
	for k := range kills {
		// Kills stand evenly in the work, however quick the machine.
		for pushed.Load() < int64((k+1)*stations*pushes/(kills+2)) {
			time.Sleep(time.Millisecond)
		}
		old := nodes[k%2].Load()
		old.kill(t, db)
		nodes[k%2].Store(startNode(t, address, old.name))
	}
	writers.Wait()
	t.Logf("%d pushes, %d kills, %d pushes broken off and repeated", pushed.Load(), kills, failed.Load())
	defer nodes[0].Load().stop(t)
	defer nodes[1].Load().stop(t)
	checkFeed(t, all[0], nodes[1].Load(), sent, shared)
}

// pushAnywhere sends the operations to one node after the other until one answers,
// and says how many did not.
func pushAnywhere(t *testing.T, nodes *[2]atomic.Pointer[node], s *station, first int, ops []app.Op) (reply wire.PushReply, failed int) {
	const most = 1000
	for {
		err := s.post(nodes[(first+failed)%2].Load(), wire.PathOps, wire.Push{Ops: ops}, &reply)
		if err == nil {
			return reply, failed
		}
		if failed++; failed == most {
			t.Errorf("pushed %d times in vain: %v", most, err)
			return reply, failed
		}
		time.Sleep(10 * time.Millisecond) // a node that is dead answers so at once
	}
}

// checkFeed holds the whole feed against what was sent.
func checkFeed(t *testing.T, s *station, n *node, sent []map[string]bool, first app.Op) {
	t.Helper()
	times, numbers, seq := map[string]int{}, map[string]bool{}, uint64(0)
	for after := ""; ; {
		got, next, err := s.pull(t.Context(), n, after, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 {
			break
		}
		after = next
		for _, c := range got {
			if seq++; c.Seq != seq || c.Verdict != app.VerdictApplied {
				t.Fatalf("change %d of the feed is %d, %s %s", seq, c.Seq, c.Verdict, c.Reason)
			}
			times[c.Op]++
			if c.Kind == app.OpCreate {
				a, err := app.Decode[app.Appeal](c.Body)
				if err != nil || a.Number == "" || numbers[a.Number] {
					t.Errorf("number %q was given twice, %v", a.Number, err)
				}
				numbers[a.Number] = true
			}
		}
	}
	all := 1
	for _, ops := range sent {
		all += len(ops)
		for op, ok := range ops {
			if !ok || times[op] != 1 {
				t.Errorf("%s: verdict good %v, %d times in the feed", op, ok, times[op])
			}
		}
	}
	if len(times) != all || times[first.ID] != 1 {
		t.Errorf("%d operations were sent, %d stand in the feed", all, len(times))
	}
}
