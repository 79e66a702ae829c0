package e2e

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/central/channel"
	"otklik/central/postgrestest"
	"otklik/sync/wire"
)

// lease is how long the server believes that somebody is sending an answer: only then
// it takes him for dead, and says so.
const lease = 2 * time.Minute

// bots is a server with lines, and an operator who answers all that comes in.
type bots struct {
	*central
	t    *testing.T
	desk *device
}

func newBots(t *testing.T, postgres string, all ...*there) *bots {
	b := &bots{central: newCentral(t), t: t}
	if b.postgres = postgres; postgres != "" {
		b.data = ""
	}
	b.args = []string{"--rate-device", "0", "--rate-address", "0", "--channels", lines(t, all...)}
	b.start()
	for _, p := range all {
		p.line = b.url() + channel.PathPrefix + p.name
	}
	b.desk = newDevice(t, b.url(), b.code("Оператор 2"))
	b.push(app.Op{Ent: string(app.TableChannels), Kind: app.OpTable, Payload: app.Encode(app.Table{
		Name: app.TableChannels, Columns: []app.Column{"source", "intake", "answers", "reason"}, Rows: [][]string{},
	})}) // every channel lets answers out
	return b
}

// push has an operation judged, however often the server is killed meanwhile.
func (b *bots) push(op app.Op) {
	b.t.Helper()
	b.desk.n++
	if op.ID == "" {
		op.ID, op.At = ulid.Make().String(), time.Now().UTC()
	}
	op.Inc, op.N, op.Schema = 1, b.desk.n, app.Schema
	var reply wire.PushReply
	b.desk.insist(b.t, http.MethodPost, wire.PathOps, wire.Push{Ops: []app.Op{op}, Limit: 1}, &reply)
	if v := reply.Verdicts[0]; v.Verdict != app.VerdictApplied && v.First != app.VerdictApplied {
		b.t.Fatalf("%s: %+v", op.Kind, v)
	}
}

// feed gives everything that has happened, however often the server is killed meanwhile.
func (b *bots) feed() (changes []app.Change) {
	b.t.Helper()
	for cursor := ""; ; {
		var lines []feedLine
		b.desk.insist(b.t, http.MethodGet, wire.PathChanges+"?limit=1000&after="+cursor, nil, &lines)
		for _, l := range lines[:len(lines)-1] {
			changes = append(changes, l.Change)
		}
		if cursor = lines[len(lines)-1].Next; len(lines) == 1 {
			return changes
		}
	}
}

// insist asks until there is an answer.
func (d *device) insist(t *testing.T, method, path string, body, answer any) {
	t.Helper()
	var err error
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if lines, is := answer.(*[]feedLine); is {
			*lines = nil // a page that was cut off
		}
		if err = d.authorise(context.Background()); err == nil {
			if err = d.send(context.Background(), method, path, body, answer); err == nil {
				return
			}
		}
	}
	t.Fatal(err)
}

// appeals gives the appeals by their texts.
func (b *bots) appeals() map[string][]string {
	b.t.Helper()
	all := map[string][]string{}
	for _, c := range b.feed() {
		if c.Kind == app.OpCreate && c.Verdict == app.VerdictApplied {
			a, err := app.Decode[app.Appeal](c.Body)
			if err != nil {
				b.t.Fatal(err)
			}
			all[a.Text] = append(all[a.Text], a.ID)
		}
	}
	return all
}

// one asks that the text is one appeal. What came after it by the line is one by then,
// so that a second one of it would be there.
func (b *bots) one(p *there, n int, text string) (id string) {
	b.t.Helper()
	after := "after " + text
	if !p.insist(p.wrote(n, after, "")) {
		b.t.Fatal("a later delivery is not acknowledged")
	}
	eventually(b.t, 20*time.Second, "what was acknowledged later is an appeal", func() bool { return len(b.appeals()[after]) == 1 })
	ids := b.appeals()[text]
	if len(ids) != 1 {
		b.t.Fatalf("«%s» is %d appeals", text, len(ids))
	}
	return ids[0]
}

// does makes an event happen.
func (b *bots) does(appeal string, e app.Event) {
	b.t.Helper()
	var a app.Appeal
	b.desk.insist(b.t, http.MethodGet, wire.PathAppeals+appeal, nil, &a)
	e.ID, e.At = ulid.Make().String(), time.Now().UTC()
	op := app.Op{ID: e.ID, Ent: appeal, Kind: app.OpEvent, At: e.At, Payload: app.Encode(e)}
	if r := a.Registers.Of(e.Type); r != nil {
		op.Base = r.Seq
	}
	b.push(op)
}

func (b *bots) answers(appeal, text string) {
	b.t.Helper()
	b.does(appeal, app.Event{Type: app.EventStarted})
	b.does(appeal, app.Event{Type: app.EventAnswered, Text: text})
}

// told gives what the history says of each answer, by its words.
func (b *bots) told() map[string]app.Delivery {
	b.t.Helper()
	texts, told := map[string]string{}, map[string]app.Delivery{}
	for _, c := range b.feed() {
		if c.Kind != app.OpEvent || c.Verdict != app.VerdictApplied {
			continue
		}
		e, err := app.Decode[app.Event](c.Body)
		if err != nil {
			b.t.Fatal(err)
		}
		switch e.Type {
		case app.EventAnswered:
			texts[e.ID], told[e.Text] = e.Text, app.DeliveryQueued
		case app.EventDelivery:
			told[texts[e.Target]] = e.Delivery
		}
	}
	return told
}

// times is how often the citizen has got the text: the same number again is the same
// message to him.
func (p *there) times(text string) int {
	differ := map[string]bool{}
	for i, number := range p.came(text) {
		if number == "" {
			number = "#" + strconv.Itoa(i)
		}
		differ[number] = true
	}
	return len(differ)
}

// onceAtMost asks it of everything the platform was given, the bot's own words too.
func (p *there) onceAtMost(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	texts := slices.Collect(maps.Keys(p.sent))
	p.mu.Unlock()
	for _, text := range texts {
		if n := p.times(text); n > 1 {
			t.Errorf("%s: the citizen got «%s» %d times", p.name, text, n)
		}
	}
}

// soundAnswer asks that the operator knows what became of the answer.
func (p *there) soundAnswer(t *testing.T, text string, told app.Delivery) {
	t.Helper()
	switch {
	case told == app.DeliverySent && p.times(text) == 0:
		t.Errorf("%s: «%s» is told to be sent and never came", p.name, text)
	case told != app.DeliverySent && told != app.DeliveryUnknown:
		t.Errorf("%s: of «%s» the operator is told %q", p.name, text, told)
	}
}

// TestKilledBetweenKeepingAndAcknowledging: the database has committed the delivery and
// says so to nobody, since the word is withheld on its way; so the server has it on disk
// and cannot have acknowledged it when it is killed. The platform delivers it again, and
// it is one appeal.
func TestKilledBetweenKeepingAndAcknowledging(t *testing.T) {
	database := postgrestest.Start(t)
	for _, s := range speeches {
		t.Run(s.name, func(t *testing.T) {
			p := newThere(t, s)
			between := newWithholding(t, database.Database(t))
			b := newBots(t, between.address, p)
			for round := range rounds(t) {
				text := fmt.Sprintf("Яма %d", round)
				body := p.wrote(2*round, text, "")
				committed := between.next("seen/" + p.name)
				acknowledged := make(chan bool, 1)
				go func() { acknowledged <- p.deliver(body) }()
				select {
				case <-committed:
				case <-time.After(20 * time.Second):
					t.Fatal("the delivery is not kept")
				}
				b.kill()
				select {
				case yes := <-acknowledged:
					if yes {
						t.Fatal("acknowledged before it is known to be kept")
					}
				case <-time.After(200 * time.Millisecond): // a platform that is asked waits to be asked again
				}
				b.start()
				if !p.polled && !p.insist(body) {
					t.Fatal("the repetition is not acknowledged")
				}
				b.one(p, 2*round+1, text)
			}
		})
	}
}

// TestKilledBetweenAcknowledgingAndReading: the platform has its acknowledgement and
// will not repeat; the server is reading the message, for its picture has been asked
// for and does not come. Killed then, it has the appeal and the picture afterwards.
func TestKilledBetweenAcknowledgingAndReading(t *testing.T) {
	for _, s := range speeches {
		t.Run(s.name, func(t *testing.T) {
			p := newThere(t, s)
			b := newBots(t, "", p)
			for round := range rounds(t) {
				text := fmt.Sprintf("Яма %d", round)
				p.holds()
				if !p.deliver(p.wrote(2*round, text, p.picture())) {
					t.Fatal("not acknowledged")
				}
				<-p.asked
				if n := len(b.appeals()[text]); n != 0 {
					t.Fatalf("%d appeals before the picture is there", n)
				}
				b.kill()
				p.release()
				b.start()
				id := b.one(p, 2*round+1, text)
				var a app.Appeal
				b.desk.insist(t, http.MethodGet, wire.PathAppeals+id, nil, &a)
				files := 0
				for _, e := range a.Events {
					files += len(e.Files)
				}
				if files != 1 {
					t.Errorf("%d files", files)
				}
			}
		})
	}
}

// TestKilledWhileAnAnswerIsOnItsWay: the platform has the answer and its reply does not
// come. The server that is started anew waits until nobody can be sending it any more,
// and then either sends it again under the same number or says that nobody knows.
func TestKilledWhileAnAnswerIsOnItsWay(t *testing.T) {
	all := everywhere(t)
	b := newBots(t, "", all...)
	for i, p := range all {
		text := "Яма " + p.name
		if !p.insist(p.wrote(i, text, "")) {
			t.Fatal("not acknowledged")
		}
		eventually(t, 20*time.Second, "it is accepted, and the citizen knows", func() bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return len(b.appeals()[text]) == 1 && len(p.sent) == 1
		})
		p.holds()
		b.answers(b.appeals()[text][0], "Ответ "+p.name)
		select {
		case <-p.asked:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: the answer does not come: %v, %v", p.name, p.sent, b.told())
		}
	}
	b.kill()
	for _, p := range all {
		p.release()
	}
	b.start()
	eventually(t, lease+30*time.Second, "the operator knows what became of each answer", func() bool {
		for _, how := range b.told() {
			if how == app.DeliveryQueued {
				return false
			}
		}
		return true
	})
	for _, p := range all {
		text := "Ответ " + p.name
		p.soundAnswer(t, text, b.told()[text])
		p.onceAtMost(t)
	}
}

func everywhere(t *testing.T) (all []*there) {
	for _, s := range speeches {
		all = append(all, newThere(t, s))
	}
	return all
}

// TestKilledWithAllChannels kills the server at random moments, while citizens write by
// all channels at once and an operator answers. In the end everything that was
// acknowledged is one appeal, nothing is two, and no answer came twice.
func TestKilledWithAllChannels(t *testing.T) {
	all := everywhere(t)
	b := newBots(t, "", all...)
	stop := make(chan struct{})
	stopped := func() bool {
		select {
		case <-stop:
			return true
		default:
			return false
		}
	}
	var writing sync.WaitGroup
	acknowledged := make([][]string, len(all))
	for i, p := range all {
		writing.Go(func() {
			for n := 0; !stopped(); n++ {
				text := fmt.Sprintf("Яма %d %s", n, p.name)
				if !p.insist(p.wrote(n, text, "")) {
					t.Errorf("%s: not acknowledged in two minutes", p.name)
					return
				}
				acknowledged[i] = append(acknowledged[i], text)
				time.Sleep(rand.N(100 * time.Millisecond))
			}
		})
	}
	answered, killed := map[string]bool{}, make(chan struct{})
	go func() {
		defer close(killed) // also where a start fails and ends the goroutine
		for range rounds(t) {
			time.Sleep(300*time.Millisecond + rand.N(time.Second))
			b.kill()
			b.start()
		}
	}()
	for over := false; !over; {
		select {
		case <-killed:
			over = true
		default:
		}
		for text, ids := range b.appeals() {
			if !answered[text] {
				answered[text] = true
				b.answers(ids[0], "Ответ: "+text)
			}
		}
	}
	close(stop)
	writing.Wait()
	total := 0
	for i, p := range all {
		b.one(p, 100_000, acknowledged[i][len(acknowledged[i])-1])
		total += len(acknowledged[i])
	}
	appeals := b.appeals()
	for i := range all {
		for _, text := range acknowledged[i] {
			if n := len(appeals[text]); n != 1 {
				t.Errorf("«%s» is %d appeals", text, n)
			}
		}
	}
	eventually(t, lease+time.Minute, "the operator knows what became of each answer", func() bool {
		for _, how := range b.told() {
			if how == app.DeliveryQueued {
				return false
			}
		}
		return true
	})
	told := b.told()
	unknown := 0
	for i, p := range all {
		p.onceAtMost(t)
		for _, text := range acknowledged[i] {
			if answer := "Ответ: " + text; answered[text] {
				p.soundAnswer(t, answer, told[answer])
				if told[answer] == app.DeliveryUnknown {
					unknown++
				}
			}
		}
	}
	b.sound()
	t.Logf("%d kills, %d messages acknowledged by %d lines, %d answers, of which nobody knows of %d", rounds(t), total, len(all), len(answered), unknown)
}
