package channeltest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// Operator is a person at a workstation, who may do everything.
type Operator struct {
	w      *World
	token  string
	issued uint64
}

// Operator enrols the one operator of the world; a server that was started anew knows
// him still.
func (w *World) Operator() *Operator {
	w.t.Helper()
	if w.operator != nil {
		return w.operator
	}
	who := app.Identity{Name: "Оператор 2", Roles: []app.Role{app.RoleOperator, app.RoleCurator, app.RoleCoordinator, app.RoleApprover}}
	if err := w.Server.AcceptCode("CODE-CODE", who); err != nil {
		w.t.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	o := &Operator{w: w}
	var enrolled wire.EnrolReply
	o.post(wire.PathEnrol, wire.EnrolRequest{Code: "CODE-CODE", PublicKey: public, DeviceName: "channeltest"}, &enrolled)
	now := time.Now()
	if w.options.Now != nil {
		now = w.options.Now()
	}
	q := wire.TokenRequest{Device: enrolled.Device, At: now.UTC().Format(time.RFC3339), Nonce: rand.Text()}
	q.Signature = ed25519.Sign(private, q.Message())
	var token wire.TokenReply
	o.post(wire.PathToken, q, &token)
	o.token, w.operator = token.Token, o
	return o
}

func (o *Operator) post(path string, body, reply any) {
	o.w.t.Helper()
	q, err := http.NewRequestWithContext(o.w.t.Context(), http.MethodPost, o.w.web.URL+path, bytes.NewReader(app.Encode(body)))
	if err != nil {
		o.w.t.Fatal(err)
	}
	q.Header.Set("Content-Type", wire.TypeJSON)
	if o.token != "" {
		q.Header.Set("Authorization", "Bearer "+o.token)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		o.w.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		o.w.t.Fatalf("%s: %d %s %v", path, r.StatusCode, b, err)
	}
	if err := json.Unmarshal(b, reply); err != nil {
		o.w.t.Fatal(err)
	}
}

// Does makes the event happen to the appeal, and gives the ID of the event.
func (o *Operator) Does(a *app.Appeal, e app.Event) string {
	o.w.t.Helper()
	o.issued++
	e.ID, e.At = app.IDFrom("channeltest", a.ID, rand.Text()), time.Now()
	base := uint64(0)
	fresh := o.w.Find(a.ID)
	if r := fresh.Registers.Of(e.Type); r != nil {
		base = r.Seq
	}
	op := app.Op{ID: e.ID, Inc: 1, N: o.issued, Ent: a.ID, Kind: app.OpEvent, Base: base, At: e.At, Schema: app.Schema, Payload: app.Encode(e)}
	var reply wire.PushReply
	o.post(wire.PathOps, wire.Push{Ops: []app.Op{op}, Limit: 1}, &reply)
	if v := reply.Verdicts[0]; v.Verdict != app.VerdictApplied {
		o.w.t.Fatalf("%s: %+v", e.Type, v)
	}
	return e.ID
}

// Answers takes the appeal through work to an answer that goes out, and gives the ID of
// the answer.
func (o *Operator) Answers(a *app.Appeal, text string) string {
	o.w.t.Helper()
	o.Does(a, app.Event{Type: app.EventStarted})
	return o.Does(a, app.Event{Type: app.EventAnswered, Text: text})
}

// Find gives the appeal as it is by now.
func (w *World) Find(id string) *app.Appeal {
	w.t.Helper()
	for _, a := range w.Appeals() {
		if a.ID == id {
			return a
		}
	}
	w.t.Fatalf("no appeal %s", id)
	return nil
}

// Delivered waits until it is known what became of an answer.
func (w *World) Delivered(appeal, answer string) app.Event {
	w.t.Helper()
	var found app.Event
	w.Until("what became of the answer", func() bool {
		for _, e := range w.Find(appeal).Events {
			if e.Type == app.EventDelivery && e.Target == answer {
				found = e
				return true
			}
		}
		return false
	})
	return found
}
