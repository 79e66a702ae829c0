package channel_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

// toy is a platform whose deliveries are messages in JSON.
type toy struct {
	mu    sync.Mutex
	again time.Duration
	id    string  // of what is sent; "": "ours", which no citizen has
	fails []error // of the next tries to send
	sent  []channel.Answer
	hang  bool // no reply comes before the sender gives up
}

func (*toy) Source() app.Source            { return app.SourceVK }
func (*toy) Check(context.Context) error   { return nil }
func (*toy) Most() int                     { return 100 }
func (p *toy) Again() time.Duration        { return p.again }
func (*toy) Verify(channel.Delivery) error { return nil }

func (*toy) Take(body []byte) (channel.Taken, error) {
	var m channel.Message
	err := json.Unmarshal(body, &m)
	return channel.Taken{Keys: []string{m.Key}, Reply: channel.Reply{Body: "ok"}}, err
}

func (*toy) Read(body []byte) ([]channel.Message, error) {
	var m channel.Message
	err := json.Unmarshal(body, &m)
	if err != nil {
		return nil, err
	}
	if m.Text == "panic" {
		panic(m.Text)
	}
	return []channel.Message{m}, nil
}

func (p *toy) Send(ctx context.Context, a channel.Answer) (string, error) {
	p.mu.Lock()
	p.sent = append(p.sent, a)
	p.mu.Unlock()
	if p.hang {
		<-ctx.Done()
		return "", ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.fails) > 0 {
		err := p.fails[0]
		p.fails = p.fails[1:]
		return "", err
	}
	return cmp.Or(p.id, "ours"), nil
}

func (p *toy) tries() []channel.Answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]channel.Answer{}, p.sent...)
}

func toyWorld(t *testing.T, p *toy, line channel.Line) *channeltest.World {
	line.Name, line.Title, line.Platform = "toy", "Бот", p
	return channeltest.NewWorld(t, channel.Options{}, line)
}

func send(t *testing.T, w *channeltest.World, m channel.Message) {
	t.Helper()
	if m.At.IsZero() {
		m.At = time.Now().Add(-time.Minute).UTC()
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if status, reply := w.Deliver("toy", nil, "", b); status != 200 || reply != "ok" {
		t.Fatalf("%d %q", status, reply)
	}
}

func TestAMessageBecomesAnAppealAndItsAnswerGoesBackOnce(t *testing.T) {
	p := &toy{}
	w := toyWorld(t, p, channel.Line{Accepted: "Принято, номер {number}"})
	w.Run()
	m := channel.Message{Key: "7", Chat: "42", Text: "Нет света на улице", Author: "житель г. Чебоксары", At: time.Now().Add(-time.Minute).UTC()}
	for range 3 {
		send(t, w, m)
	}
	a := w.Appeal()
	if a.Text != m.Text || a.Source != app.SourceVK || a.Channel != "toy" || a.Status != app.StatusNew {
		t.Errorf("%+v", a)
	}
	if start, _ := a.Start(); !start.At.Equal(m.At.Truncate(time.Millisecond)) && !start.At.Equal(m.At) {
		t.Errorf("the clock began %s, the citizen wrote %s", start.At, m.At)
	}
	w.Until("the bot's own words", func() bool { return len(p.tries()) == 1 })
	if _, replied := a.Reply(); replied {
		t.Error("the bot's words stop the clock")
	}
	answer := w.Operator().Answers(a, "Свет дадут к вечеру")
	if e := w.Delivered(a.ID, answer); e.Delivery != app.DeliverySent {
		t.Errorf("%+v", e)
	}
	sent := p.tries()
	if len(sent) != 2 || sent[0].Text != "Принято, номер "+a.Number || sent[1].Text != "Свет дадут к вечеру" || sent[1].Chat != "42" || sent[1].Random == 0 {
		t.Errorf("%+v", sent)
	}
}

func TestWhatBelongsTogetherIsOneAppeal(t *testing.T) {
	w := toyWorld(t, &toy{}, channel.Line{})
	w.Run()
	at := time.Now().Add(-time.Hour).UTC()
	say := func(m channel.Message) {
		at = at.Add(time.Second)
		m.At = at
		send(t, w, m)
	}
	say(channel.Message{Key: "1", Chat: "42", Text: "Яма на дороге", Album: "a"})
	say(channel.Message{Key: "2", Chat: "42", Text: "у дома 5", Album: "a"})
	say(channel.Message{Key: "3", Chat: "42", Text: "и ещё одна"})
	say(channel.Message{Key: "1e", Edits: "1", Chat: "42", Text: "Яма на дороге, глубокая"})
	say(channel.Message{Key: "9", Chat: "43", Text: "другой человек"})
	say(channel.Message{Key: "10", Chat: "44", Text: "   "})
	w.Until("two appeals with their messages", func() bool {
		all := w.Appeals()
		if len(all) != 2 {
			return false
		}
		n := 0
		for _, a := range all {
			for _, e := range a.Events {
				if e.Type == app.EventMessage {
					n++
				}
			}
		}
		return n == 3
	})
}

func TestAnEditThatComesFirstIsTheMessage(t *testing.T) {
	w := toyWorld(t, &toy{}, channel.Line{})
	at := time.Now().Add(-time.Hour).UTC()
	send(t, w, channel.Message{Key: "1e", Edits: "1", Chat: "42", Text: "лучшие слова", At: at.Add(time.Minute)})
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "первые слова", At: at})
	w.Run()
	if a := w.Appeal(); a.Text != "лучшие слова" {
		t.Errorf("%q", a.Text)
	}
}

func TestWhatTheRegionDoesNotTakeInIsNotKept(t *testing.T) {
	region := &app.Region{Restrictions: []app.Restriction{{Source: app.SourceVK, Answers: true}}}
	w := channeltest.NewWorld(t, channel.Options{Region: region}, channel.Line{Name: "toy", Title: "Бот", Platform: &toy{}})
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
	for _, shelf := range []string{"inbox/toy", "seen/toy", "odd/toy"} {
		if kept := w.Shelf(shelf); len(kept) != 0 {
			t.Errorf("%s: %q", shelf, kept)
		}
	}
}

// TestABotIsSilentWhereTheRegionLetsNothingOut: its words are no less said there than an
// operator's.
func TestABotIsSilentWhereTheRegionLetsNothingOut(t *testing.T) {
	for answers, want := range map[bool]int{false: 0, true: 2} {
		p := &toy{}
		region := &app.Region{Restrictions: []app.Restriction{{Source: app.SourceVK, Intake: true, Answers: answers}}}
		w := channeltest.NewWorld(t, channel.Options{Region: region},
			channel.Line{Name: "toy", Title: "Бот", Platform: p, Greeting: "Здравствуйте", Accepted: "Принято, номер {number}"})
		send(t, w, channel.Message{Key: "0", Chat: "42", Hello: true})
		send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
		w.Run()
		w.Appeal()
		w.Until("the outbox is empty", func() bool { return len(w.Shelf("out/toy")) == 0 })
		if said := p.tries(); len(said) != want {
			t.Errorf("answers let out: %v, said %+v", answers, said)
		}
	}
}

func TestWhatIsOldIsForgotten(t *testing.T) {
	now := &clock{now: time.Now()}
	w := channeltest.NewWorld(t, channel.Options{Now: now.read}, channel.Line{Name: "toy", Title: "Бот", Platform: &toy{}})
	count := func() []int {
		return []int{len(w.Shelf("seen/toy")), len(w.Shelf("odd/toy")), len(w.Shelf("album/toy")), len(w.Shelf("said/toy"))}
	}
	w.Run()
	for i := range 120 { // more than one batch
		w.Deliver("toy", nil, "", fmt.Appendf(nil, "nonsense %d", i))
	}
	send(t, w, channel.Message{Key: "1", Chat: "42", Album: "a", Text: "вопрос", At: now.read().Add(-time.Minute)})
	w.Until("all is read", func() bool { return slices.Equal(count(), []int{121, 120, 1, 1}) })
	w.Stop()
	now.add(91 * 24 * time.Hour)
	w.Start()
	w.Run()
	w.Until("what is old is forgotten", func() bool { return slices.Equal(count(), []int{0, 0, 0, 1}) })
}

// TestAFileThatIsNotTakenHoldsNobodyUp: names and sizes are the platform's.
func TestAFileThatIsNotTakenHoldsNobodyUp(t *testing.T) {
	picture := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), make([]byte, app.MaxFile)...)
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size := 100
		if r.URL.Path == "/long" {
			size = app.MaxFile + 1
		}
		_, _ = w.Write(picture[:size])
	}))
	t.Cleanup(files.Close)
	w := channeltest.NewWorld(t, channel.Options{MaxFile: 2 * app.MaxFile}, channel.Line{Name: "toy", Title: "Бот", Platform: &toy{}})
	w.Run()
	send(t, w, channel.Message{Key: "1", Chat: "42", Files: []channel.Enclosure{{Ref: files.URL}, {Name: "a.exe", Ref: files.URL + "/long"}}})
	var kept []app.File
	var notes int
	for _, e := range w.Appeal().Events {
		kept = append(kept, e.Files...)
		if e.Type == app.EventNote {
			notes++
		}
	}
	if len(kept) != 1 || kept[0].Name != "1.png" || notes != 1 {
		t.Errorf("%+v, %d notes", kept, notes)
	}
}

func TestADeliveryThatCannotBeReadHoldsNobodyUp(t *testing.T) {
	w := toyWorld(t, &toy{}, channel.Line{})
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "panic"})
	w.Deliver("toy", nil, "", []byte("nonsense"))
	send(t, w, channel.Message{Key: "2", Chat: "43", Text: "вопрос"})
	w.Run()
	if a := w.Appeal(); a.Text != "вопрос" {
		t.Errorf("%q", a.Text)
	}
	if n := len(w.Shelf("odd/toy")); n != 2 {
		t.Errorf("%d set aside", n)
	}
}
