package central_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

type reader = central.Reader

func TestMetaAndHealth(t *testing.T) {
	o := newOffice(t)
	o.send("GET", wire.PathHealth, "", nil)
	m := get[wire.Meta](o, "GET", wire.PathMeta, "", nil)
	if m.Epoch == "" || m.Region != "Проба" || m.Limits.Ops != 500 || !m.Time.Equal(noon) || m.Head != 0 {
		t.Errorf("%+v", m)
	}
	s := o.station("Оператор 1")
	s.push(s.create())
	if m = get[wire.Meta](o, "GET", wire.PathMeta, "", nil); m.Head != 1 || m.Oldest != 1 {
		t.Errorf("%+v", m)
	}
}

func TestAccess(t *testing.T) {
	o := newOffice(t)
	key := make([]byte, 32)
	o.problem("POST", wire.PathEnrol, "", wire.EnrolRequest{Code: "AAAA-BBBB-CCCC", PublicKey: key}, 403, app.CodeEnrolCode)
	code, err := o.server.IssueCode(app.Identity{Name: "Оператор 2", Roles: everything})
	if err != nil {
		t.Fatal(err)
	}
	o.problem("POST", wire.PathEnrol, "", wire.EnrolRequest{Code: code, PublicKey: key[:5]}, 400, wire.CodeMalformed)
	typed := " " + strings.ToLower(strings.ReplaceAll(code, "-", " "))
	if r := get[wire.EnrolReply](o, "POST", wire.PathEnrol, "", wire.EnrolRequest{Code: typed, PublicKey: key}); r.Identity.Name != "Оператор 2" {
		t.Errorf("%+v", r)
	}
	o.problem("POST", wire.PathEnrol, "", wire.EnrolRequest{Code: code, PublicKey: key}, 403, app.CodeEnrolCode)

	s := o.station("Оператор 1")
	q := s.ask(noon, rand.Text())
	get[wire.TokenReply](o, "POST", wire.PathToken, "", q)
	o.problem("POST", wire.PathToken, "", q, 401, wire.CodeReplayed)
	p := o.problem("POST", wire.PathToken, "", s.ask(noon.Add(11*time.Minute), rand.Text()), 401, wire.CodeClockSkew)
	if !p.Time.Equal(noon) {
		t.Errorf("the server's time is missing: %+v", p)
	}
	forged := s.ask(noon, rand.Text())
	forged.Nonce = rand.Text()
	o.problem("POST", wire.PathToken, "", forged, 401, wire.CodeBadSignature)
	unknown := s.ask(noon, rand.Text())
	unknown.Device = app.IDFrom("nobody")
	o.problem("POST", wire.PathToken, "", unknown, 401, wire.CodeUnknownDevice)

	last := "A"
	if strings.HasSuffix(s.token, last) {
		last = "Q"
	}
	for _, bad := range []string{"", "x", s.token[:20], s.token[:len(s.token)-3] + "AA" + last, "A" + s.token[1:]} {
		o.problem("GET", wire.PathChanges, bad, nil, 401, wire.CodeBadToken)
	}
	o.pass(14 * time.Minute)
	s.pull()
	o.pass(time.Minute)
	o.problem("GET", wire.PathChanges, s.token, nil, 401, wire.CodeBadToken)
	s.authenticate()
	if err := o.server.Revoke(s.id); err != nil {
		t.Fatal(err)
	}
	o.problem("GET", wire.PathChanges, s.token, nil, 403, app.CodeRevoked)
	o.problem("POST", wire.PathToken, "", s.ask(o.clock(), rand.Text()), 403, app.CodeRevoked)
}

func TestHostileBodies(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	for _, path := range []string{wire.PathEnrol, wire.PathToken, wire.PathOps} {
		for _, body := range []string{"", "{", "[]", "null x", `{"ops":{}}` + "x", "<html>"} {
			o.problem("POST", path, s.token, []byte(body), 400, wire.CodeMalformed)
		}
	}
	huge := bytes.Repeat([]byte(" "), wire.MaxOpBytes+1)
	o.problem("POST", wire.PathOps, s.token, huge, 413, wire.CodeTooLarge)
	o.problem("POST", wire.PathEnrol, "", huge, 413, wire.CodeTooLarge)
	many := make([]app.Op, wire.MaxOps+1)
	for i := range many {
		many[i] = s.create()
	}
	o.problem("POST", wire.PathOps, s.token, wire.Push{Ops: many}, 413, wire.CodeTooLarge)
	for _, q := range []string{"limit=0", "limit=2001", "limit=x", "wait=26", "wait=-1"} {
		o.problem("GET", wire.PathChanges+"?"+q, s.token, nil, 400, wire.CodeMalformed)
	}
	m := get[wire.Meta](o, "GET", wire.PathMeta, "", nil)
	o.problem("GET", wire.PathChanges+"?after=x", s.token, nil, 400, wire.CodeBadCursor)
	o.problem("GET", wire.PathChanges+"?after="+m.Epoch+".all.-1", s.token, nil, 400, wire.CodeBadCursor)
	o.problem("GET", wire.PathChanges+"?after=other.all.1", s.token, nil, 410, wire.CodeCursorExpired)
	o.problem("GET", wire.PathChanges+"?after="+m.Epoch+".all.99", s.token, nil, 410, wire.CodeCursorExpired)
	o.problem("POST", wire.PathOps, s.token, wire.Push{Ops: []app.Op{}, After: "other.all.1"}, 410, wire.CodeCursorExpired)
	o.problem("GET", wire.PathAppeals+"x", s.token, nil, 400, wire.CodeMalformed)
	o.problem("GET", wire.PathAppeals+app.IDFrom("nothing"), s.token, nil, 404, app.CodeNotFound)
	if len(s.pull()) != 0 {
		t.Error("something got into the feed")
	}
}

// TestPoisonedOperations: what is wrong with one operation delays no other.
func TestPoisonedOperations(t *testing.T) {
	s := newOffice(t).station("Оператор 1")
	create := s.create()
	long := s.event(create.Ent, 0, app.Event{Type: app.EventNote, Text: strings.Repeat("я", wire.MaxText)})
	newer := s.event(create.Ent, 0, routed)
	newer.Schema = app.Schema + 1
	kind := s.op("appeal.vanish", s.id26(), create.Ent, 0, 1)
	foreign := s.event(create.Ent, 0, routed)
	foreign.ID = s.id26()
	nowhere := s.event(app.IDFrom("nowhere"), 0, routed)
	lostAmend := s.op(app.OpAmend, s.id26(), app.IDFrom("nowhere"), 0, app.Amendment{})
	nameless := s.op(app.OpCount, s.id26(), "2026-07-15", 0, app.Counters{Day: app.DayOf(noon), Counts: map[string]uint32{"../x": 1}})
	year := s.event(create.Ent, 0, app.Event{Type: app.EventNote, Text: "Год ноль"})
	year.At = time.Date(0, 1, 1, 0, 0, 0, 0, time.FixedZone("", 14*3600))
	raw := func(op app.Op) string { return string(app.Encode(op)) }
	body := fmt.Sprintf(`{"after":"","ops":[%s,%s,%s,%s,%s,%s,%s,%s,%s,{"id":5},{"id":%q,"n":"x"},7,%s]}`, raw(create), raw(long), raw(newer),
		raw(kind), raw(foreign), raw(nowhere), raw(lostAmend), raw(nameless), raw(year), s.id26(),
		strings.Replace(raw(s.event(create.Ent, 0, routed)), `"id":"`, `"id":"../`, 1))
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.http.URL+wire.PathOps, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var reply wire.PushReply
	if err := json.NewDecoder(answer.Body).Decode(&reply); err != nil {
		t.Fatal(err)
	}
	want := []struct {
		verdict app.Verdict
		reason  app.Code
		stored  bool
	}{
		{app.VerdictApplied, "", true},
		{app.VerdictRejected, wire.CodeMalformed, true},
		{app.VerdictRejected, app.CodeUnknownSchema, true},
		{app.VerdictRejected, app.CodeUnknownSchema, true},
		{app.VerdictRejected, wire.CodeMalformed, true},
		{app.VerdictRejected, app.CodeNotFound, true},
		{app.VerdictRejected, app.CodeNotFound, true},
		{app.VerdictRejected, wire.CodeMalformed, true},
		{app.VerdictApplied, "", true},
		{app.VerdictRejected, wire.CodeMalformed, false},
		{app.VerdictRejected, wire.CodeMalformed, false},
		{app.VerdictRejected, wire.CodeMalformed, false},
		{app.VerdictRejected, wire.CodeMalformed, false},
	}
	if len(reply.Verdicts) != len(want) {
		t.Fatalf("%d verdicts, want %d", len(reply.Verdicts), len(want))
	}
	for i, w := range want {
		if v := reply.Verdicts[i]; v.Verdict != w.verdict || v.Reason != w.reason || (v.Seq != 0) != w.stored {
			t.Errorf("%d: %+v, want %+v", i, v, w)
		}
	}
	if n := len(s.pull()); n != 9 {
		t.Errorf("%d entries in the feed, want 9", n)
	}
}

// damaged is a storage that cannot read one appeal.
type damaged struct {
	central.Storage
	appeal string
}

type damagedTx struct {
	central.Tx
	appeal string
}

var errDamaged = errors.New("damaged record")

func (d damaged) Update(ctx context.Context, f func(central.Tx) error) error {
	return d.Storage.Update(ctx, func(tx central.Tx) error { return f(damagedTx{tx, d.appeal}) })
}

func (d damagedTx) Appeal(id string) (*app.Appeal, bool, error) {
	if id == d.appeal {
		return nil, false, errDamaged
	}
	return d.Tx.Appeal(id)
}

func TestRetryHoldsOneAppealOnly(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	bad, good := s.create(), s.create()
	s.push(bad, good)
	o.http.Close()
	o.over(damaged{o.storage, bad.Ent})
	note := app.Event{Type: app.EventNote, Text: "н"}
	v := s.push(s.event(bad.Ent, 0, note), s.event(good.Ent, 0, note), s.event(bad.Ent, 0, note)).Verdicts
	if v[0].Verdict != app.VerdictRetry || v[1].Verdict != app.VerdictApplied || v[2].Verdict != app.VerdictRetry || v[0].AfterMS == 0 {
		t.Errorf("%+v", v)
	}
}

func TestDenseFeedUnderWriters(t *testing.T) {
	o := newOffice(t)
	const writers, each = 16, 15
	var group sync.WaitGroup
	for range writers {
		s := o.station("Оператор 1")
		group.Go(func() {
			for range each {
				s.push(s.create())
			}
		})
	}
	live := o.station("Оператор 2")
	after, seen := "", uint64(0)
	for seen < writers*each {
		changes, end := live.page(after, 50, 20)
		for _, c := range changes {
			if c.Seq != seen+1 {
				t.Fatalf("after %d comes %d", seen, c.Seq)
			}
			seen = c.Seq
		}
		after = end.Next
	}
	group.Wait()
	if end := get[wire.Meta](o, "GET", wire.PathMeta, "", nil); end.Head != writers*each {
		t.Errorf("head %d", end.Head)
	}
}

func TestLongPoll(t *testing.T) {
	o := newOffice(t)
	a, b := o.station("Оператор 1"), o.station("Оператор 2")
	_, end := b.page("", 10, 0)
	got := make(chan int, 1)
	go func() {
		changes, _ := b.page(end.Next, 10, 25)
		got <- len(changes)
	}()
	a.push(a.create())
	if n := <-got; n != 1 {
		t.Errorf("woken with %d changes", n)
	}
	// A stopping server lets those who wait go.
	_, end = b.page("", 10, 0)
	go func() {
		changes, _ := b.page(end.Next, 10, 25)
		got <- len(changes)
	}()
	o.server.Stop()
	if n := <-got; n != 0 {
		t.Errorf("let go with %d changes", n)
	}
	// One that gives up is not waited for.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, _ := http.NewRequestWithContext(ctx, "GET", o.http.URL+wire.PathChanges+"?wait=25", nil)
	if _, err := http.DefaultClient.Do(r); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestRestartKeepsEverything(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	create := s.create()
	first := s.push(create).Verdicts[0]
	before, epoch := s.pull(), get[wire.Meta](o, "GET", wire.PathMeta, "", nil).Epoch
	o.stop()
	o.start()
	if m := get[wire.Meta](o, "GET", wire.PathMeta, "", nil); m.Epoch != epoch || m.Head != 1 {
		t.Errorf("%+v", m)
	}
	// The token still holds: it is signed by a secret that was kept.
	if after := s.pull(); string(app.Encode(after)) != string(app.Encode(before)) {
		t.Error("the feed differs")
	}
	if v := s.push(create).Verdicts[0]; v.Verdict != app.VerdictDuplicate || v.Seq != first.Seq {
		t.Errorf("%+v", v)
	}
}

func TestReplayOfTheFeedIsTheState(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	create := s.create()
	s.push(create)
	s.does(create.Ent, routed, started, app.Event{Type: app.EventNote, Text: "н"}, answered, closed)
	var a *app.Appeal
	for _, c := range s.pull() {
		switch c.Kind {
		case app.OpCreate:
			fresh, err := app.Decode[app.Appeal](c.Body)
			if err != nil {
				t.Fatal(err)
			}
			a = &fresh
		case app.OpEvent:
			e, err := app.Decode[app.Event](c.Body)
			if err != nil {
				t.Fatal(err)
			}
			a.Apply(e)
			if r := a.Registers.Of(e.Type); r != nil {
				*r = app.Revision{Seq: c.Seq, Dev: c.Dev, Inc: c.Inc, At: c.At}
			}
		}
	}
	if got := s.appeal(create.Ent); string(app.Encode(got)) != string(app.Encode(a)) {
		t.Errorf("\n%s\n%s", app.Encode(got), app.Encode(a))
	}
}

func TestProtocolVersion(t *testing.T) {
	o := newOffice(t)
	r, _ := http.NewRequestWithContext(t.Context(), "GET", o.http.URL+wire.PathMeta, nil)
	r.Header.Set(wire.HeaderProto, "9")
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusUpgradeRequired || reply.Header.Get(wire.HeaderProto) != "1" {
		t.Errorf("%d %v", reply.StatusCode, reply.Header)
	}
}
