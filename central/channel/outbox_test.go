package channel_test

import (
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

func TestWhatBecomesOfAnAnswer(t *testing.T) {
	broken := errors.New("read: connection reset")
	for _, c := range []struct {
		name  string
		again time.Duration
		fails []error
		want  app.Delivery
		why   string
		tries int
	}{
		{"asked to wait", 0, []error{&channel.Wait{For: 50 * time.Millisecond}}, app.DeliverySent, "", 2},
		{"refused", 0, []error{&channel.Refused{Code: "403", Reason: channel.ReasonBlocked}}, app.DeliveryRefused, "blocked", 1},
		{"nobody knows", 0, []error{broken}, app.DeliveryUnknown, "", 1},
		{"nobody knows, but again is once", time.Hour, []error{broken}, app.DeliverySent, "", 2},
		{"not reached", 0, []error{channel.ErrNotSent}, app.DeliverySent, "", 2},
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
	for _, again := range []time.Duration{0, time.Hour} {
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
			if want := map[time.Duration]app.Delivery{0: app.DeliveryUnknown, time.Hour: app.DeliverySent}[again]; e.Delivery != want {
				t.Errorf("%+v", e)
			}
			if n := len(p.tries()); again > 0 && n != 1 || again == 0 && n != 0 {
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
	w := toyWorld(t, p, channel.Line{PerChat: 2 * time.Second})
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
