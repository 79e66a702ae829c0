package channel_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

// TestAReplyToOursGoesOnWithItsAppeal: also when that is closed and the conversation has
// gone on about something else.
func TestAReplyToOursGoesOnWithItsAppeal(t *testing.T) {
	w := toyWorld(t, &toy{id: "ours"}, channel.Line{})
	w.Run()
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
	a := w.Appeal()
	w.Delivered(a.ID, w.Operator().Answers(a, "ответ"))
	w.Operator().Does(a, app.Event{Type: app.EventClosed, Outcome: app.OutcomeSolved})
	send(t, w, channel.Message{Key: "2", Chat: "42", Text: "другой вопрос"})
	w.Until("two appeals", func() bool { return len(w.Appeals()) == 2 })
	send(t, w, channel.Message{Key: "3", Chat: "42", Text: "а когда?", ReplyTo: "ours"})
	w.Until("the reply is with the appeal it is about", func() bool {
		_, wrote := w.Find(a.ID).Last(app.EventMessage)
		return wrote
	})
	if n := len(w.Appeals()); n != 2 {
		t.Errorf("%d appeals", n)
	}
}

// TestAReportMayComeFirst: a callback overtakes the reply to the call that sent the answer.
func TestAReportMayComeFirst(t *testing.T) {
	w := toyWorld(t, &toy{id: "ours"}, channel.Line{})
	w.Run()
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
	a := w.Appeal()
	send(t, w, channel.Message{Key: "r", Report: &channel.Report{ID: "ours", How: app.DeliveryDelivered}})
	w.Until("it waits for its answer", func() bool { return len(w.Shelf("told/toy")) == 1 })
	answer := w.Operator().Answers(a, "ответ")
	w.Delivered(a.ID, answer)
	fresh := w.Find(a.ID)
	e, _ := fresh.Last(app.EventAnswered)
	if told, _ := fresh.Sent(e); told.Delivery != app.DeliveryDelivered || len(w.Shelf("told/toy")) != 0 {
		t.Errorf("%+v", told)
	}
}

// TestALineThatIsGoneSaysSo: its answers would wait for ever.
func TestALineThatIsGoneSaysSo(t *testing.T) {
	now := &clock{now: time.Now()}
	p := &toy{fails: slices.Repeat([]error{channel.ErrNotSent}, 100)}
	w := channeltest.NewWorld(t, channel.Options{Now: now.read}, channel.Line{Name: "toy", Title: "Бот", Platform: p})
	w.Run()
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
	first := w.Appeal()
	send(t, w, channel.Message{Key: "2", Chat: "43", Text: "другой вопрос"})
	w.Until("two appeals", func() bool { return len(w.Appeals()) == 2 })
	waits := w.Operator().Answers(first, "ответ")
	w.Until("it is tried", func() bool { return len(p.tries()) > 0 })
	w.Stop()
	w.Lines()
	w.Start()
	later := ""
	for _, a := range w.Appeals() {
		if a.ID != first.ID {
			later = a.ID
		}
	}
	w.Run()
	late := w.Operator().Answers(w.Find(later), "второй ответ")
	time.Sleep(50 * time.Millisecond)
	if _, told := w.Find(first.ID).Last(app.EventDelivery); told {
		t.Error("a line that was served a moment ago is taken for gone")
	}
	w.Stop()
	now.add(11 * time.Minute)
	w.Start()
	w.Run()
	for appeal, answer := range map[string]string{first.ID: waits, later: late} {
		if e := w.Delivered(appeal, answer); e.Delivery != app.DeliveryRefused || e.Text != string(channel.ReasonLine) {
			t.Errorf("%+v", e)
		}
	}
}

// TestARepetitionIsBounded: the platform has forgotten the number by then, and the citizen
// would get the answer a second time.
func TestARepetitionIsBounded(t *testing.T) {
	now := &clock{now: time.Now()}
	p := &toy{again: time.Hour, fails: []error{errors.New("read: connection reset")}}
	w := channeltest.NewWorld(t, channel.Options{Now: now.read}, channel.Line{Name: "toy", Title: "Бот", Platform: p})
	w.Run()
	send(t, w, channel.Message{Key: "1", Chat: "42", Text: "вопрос"})
	a := w.Appeal()
	answer := w.Operator().Answers(a, "ответ")
	w.Until("it is tried", func() bool { return len(p.tries()) == 1 })
	w.Stop()
	now.add(time.Hour)
	w.Start()
	w.Run()
	if e := w.Delivered(a.ID, answer); e.Delivery != app.DeliveryUnknown || len(p.tries()) != 1 {
		t.Errorf("%+v after %d tries", e, len(p.tries()))
	}
}

// clock is one that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
