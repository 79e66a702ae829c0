package channel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	again bool
	fails []error // of the next tries to send
	sent  []channel.Answer
	hang  bool // no reply comes before the sender gives up
}

func (*toy) Source() app.Source            { return app.SourceVK }
func (*toy) Check(context.Context) error   { return nil }
func (*toy) Most() int                     { return 100 }
func (p *toy) Again() bool                 { return p.again }
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
	return "1", nil
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

func TestWhatBecomesOfAnAnswer(t *testing.T) {
	broken := errors.New("read: connection reset")
	for _, c := range []struct {
		name  string
		again bool
		fails []error
		want  app.Delivery
		why   string
		tries int
	}{
		{"asked to wait", false, []error{&channel.Wait{For: 50 * time.Millisecond}}, app.DeliverySent, "", 2},
		{"refused", false, []error{&channel.Refused{Code: "403", Reason: channel.ReasonBlocked}}, app.DeliveryRefused, "blocked", 1},
		{"nobody knows", false, []error{broken}, app.DeliveryUnknown, "", 1},
		{"nobody knows, but again is once", true, []error{broken}, app.DeliverySent, "", 2},
		{"not reached", false, []error{channel.ErrNotSent}, app.DeliverySent, "", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &toy{again: c.again, fails: c.fails}
			w := toyWorld(t, p, channel.Line{})
			w.Run()
			send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
			a := w.Appeal()
			answer := w.Operator().Answers(a, "ответ")
			if e := w.Delivered(a.ID, answer); e.Delivery != c.want || e.Text != c.why {
				t.Errorf("%+v", e)
			}
			tries := p.tries()
			if len(tries) != c.tries {
				t.Errorf("%d tries", len(tries))
			}
			for _, s := range tries {
				if s.Random != tries[0].Random || s.ID != answer {
					t.Errorf("%+v", s)
				}
			}
		})
	}
}

// TestAnAnswerIsNotSentTwiceAfterACrash: the program dies while it sends.
func TestAnAnswerIsNotSentTwiceAfterACrash(t *testing.T) {
	for _, again := range []bool{false, true} {
		t.Run(fmt.Sprint(again), func(t *testing.T) {
			p := &toy{again: again}
			now := time.Now()
			var mu sync.Mutex
			clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
			w := channeltest.NewWorld(t, channel.Options{Now: clock}, channel.Line{Name: "toy", Title: "Бот", Platform: p})
			w.Run()
			send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос", At: now.Add(-time.Hour)})
			a := w.Appeal()
			w.Stop()
			w.Start()
			answer := w.Operator().Answers(a, "ответ")
			if err := w.Claim("toy"); err != nil {
				t.Fatal(err)
			}
			w.Run()
			time.Sleep(100 * time.Millisecond)
			if n := len(p.tries()); n != 0 {
				t.Fatalf("sent %d times while another may be sending", n)
			}
			mu.Lock()
			now = now.Add(10 * time.Minute)
			mu.Unlock()
			e := w.Delivered(a.ID, answer)
			if want := map[bool]app.Delivery{false: app.DeliveryUnknown, true: app.DeliverySent}[again]; e.Delivery != want {
				t.Errorf("%+v", e)
			}
			if n := len(p.tries()); again && n != 1 || !again && n != 0 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func TestAnAnswerThatIsTooLongIsNotSent(t *testing.T) {
	p := &toy{}
	w := toyWorld(t, p, channel.Line{})
	w.Run()
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
	a := w.Appeal()
	answer := w.Operator().Answers(a, strings.Repeat("ж", 101))
	if e := w.Delivered(a.ID, answer); e.Delivery != app.DeliveryRefused || e.Text != string(channel.ReasonText) {
		t.Errorf("%+v", e)
	}
	if n := len(p.tries()); n != 0 {
		t.Errorf("sent %d times", n)
	}
}

// TestAnAnswerLeavesAtOnce: nobody waits for the next look into the outbox.
func TestAnAnswerLeavesAtOnce(t *testing.T) {
	p := &toy{}
	w := channeltest.NewWorld(t, channel.Options{Pause: time.Minute}, channel.Line{Name: "toy", Title: "Бот", Platform: p})
	w.Run()
	begun := time.Now()
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
	a := w.Appeal()
	w.Delivered(a.ID, w.Operator().Answers(a, "ответ"))
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("there and back in %s", took)
	}
}

// TestOneConversationDoesNotHoldUpTheOthers: two answers into one, one into another.
func TestOneConversationDoesNotHoldUpTheOthers(t *testing.T) {
	p := &toy{}
	w := toyWorld(t, p, channel.Line{PerChat: time.Second})
	w.Run()
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
	a := w.Appeal()
	send(t, w, channel.Message{Key: "2", Chat: "43", Text: "другой вопрос"})
	w.Until("two appeals", func() bool { return len(w.Appeals()) == 2 })
	o := w.Operator()
	first := o.Does(a, app.Event{Type: app.EventClarifying, Text: "где?"})
	send(t, w, channel.Message{Key: "3", Chat: "42", Text: "у дома 5", At: time.Now().UTC()})
	w.Until("the question is answered", func() bool { return w.Find(a.ID).Status == app.StatusNew })
	second := o.Answers(a, "готово")
	for _, b := range w.Appeals() {
		if b.ID != a.ID {
			w.Delivered(b.ID, o.Answers(b, "ответ"))
		}
	}
	w.Delivered(a.ID, first)
	w.Delivered(a.ID, second)
	var texts []string
	for _, s := range p.tries() {
		texts = append(texts, s.Text)
	}
	if want := []string{"где?", "ответ", "готово"}; !slices.Equal(texts, want) {
		t.Errorf("%q", texts)
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

func TestWhatIsOldIsForgotten(t *testing.T) {
	var mu sync.Mutex
	now := time.Now()
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	w := channeltest.NewWorld(t, channel.Options{Now: clock}, channel.Line{Name: "toy", Title: "Бот", Platform: &toy{}})
	count := func() []int {
		return []int{len(w.Shelf("seen/toy")), len(w.Shelf("odd/toy")), len(w.Shelf("album/toy")), len(w.Shelf("said/toy"))}
	}
	w.Run()
	for i := range 120 { // more than one batch
		w.Deliver("toy", nil, "", fmt.Appendf(nil, "nonsense %d", i))
	}
	send(t, w, channel.Message{Key: "1", Chat: "42", Album: "a", Text: "вопрос", At: now.Add(-time.Minute)})
	w.Until("all is read", func() bool { return slices.Equal(count(), []int{121, 120, 1, 1}) })
	w.Stop()
	mu.Lock()
	now = now.Add(91 * 24 * time.Hour)
	mu.Unlock()
	w.Start()
	w.Run()
	w.Until("what is old is forgotten", func() bool { return slices.Equal(count(), []int{0, 0, 0, 1}) })
}

// TestAStopIsQuick: the platform does not reply to what is on its way.
func TestAStopIsQuick(t *testing.T) {
	p := &toy{hang: true}
	w := toyWorld(t, p, channel.Line{})
	w.Run()
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
	w.Operator().Answers(w.Appeal(), "ответ")
	w.Until("it is being sent", func() bool { return len(p.tries()) == 1 })
	begun := time.Now()
	w.Stop()
	if took := time.Since(begun); took > time.Second {
		t.Errorf("stopped in %s", took)
	}
}
