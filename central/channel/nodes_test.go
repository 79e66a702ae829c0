package channel_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/channel"
	"otklik/central/channel/channeltest"
	"otklik/central/postgres"
	"otklik/central/postgrestest"
)

// TestTwoServersShareALine: every delivery comes to both of them, and every answer
// leaves by one.
func TestTwoServersShareALine(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	open := func() (central.Storage, error) { return postgres.Open(t.Context(), address) }
	p := &toy{}
	var nodes [2]*channeltest.World
	for i := range nodes {
		line := channel.Line{Name: "toy", Title: "Бот", Platform: p, Accepted: "Принято, номер {number}"}
		nodes[i] = channeltest.NewWorldOver(t, open, channel.Options{}, line)
		nodes[i].Run()
	}
	const citizens = 10
	at := time.Now().Add(-time.Hour).UTC()
	var all sync.WaitGroup
	for _, w := range nodes {
		for n := range citizens {
			all.Go(func() {
				send(t, w, channel.Message{Key: fmt.Sprint(n), Chat: fmt.Sprint(n), Text: "вопрос", At: at})
			})
		}
	}
	all.Wait()
	w := nodes[0]
	w.Until("every appeal", func() bool { return len(w.Appeals()) >= citizens })
	o := w.Operator()
	for _, a := range w.Appeals() {
		answer := o.Answers(a, "ответ")
		if e := w.Delivered(a.ID, answer); e.Delivery != app.DeliverySent {
			t.Errorf("%+v", e)
		}
	}
	w.Until("the bot's own words", func() bool { return len(w.Shelf("out/toy")) == 0 })
	if n := len(w.Appeals()); n != citizens {
		t.Errorf("%d appeals", n)
	}
	times := map[string]int{}
	for _, s := range p.tries() {
		times[s.Chat+" "+s.Text]++
	}
	for what, n := range times {
		if n != 1 {
			t.Errorf("%s: sent %d times", what, n)
		}
	}
	if len(times) != 2*citizens {
		t.Errorf("%d answers, want %d", len(times), 2*citizens)
	}
}
