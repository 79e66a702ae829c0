package max

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

func line(p channel.Platform) channel.Line {
	return channel.Line{Name: "max", Title: "Бот в MAX", Platform: p, Rate: Rate, Greeting: "Здравствуйте!", Accepted: "Принято, номер {number}"}
}

// written is an update of a message that was written a minute ago.
func written(kind string, n int, rest string) string {
	at := time.Now().Add(-time.Minute).UnixMilli()
	return fmt.Sprintf(`{"update_type":%q,"timestamp":%d,"chat_id":182182182,"user":{"user_id":123456789,"name":"Анна"},"message":{"recipient":{"chat_id":182182182,"chat_type":"dialog"},
		"sender":{"user_id":123456789,"name":"Анна"},"timestamp":%d,"body":{"mid":"mid.%d","seq":116327994376978687,%s}}}`, kind, at+500, at, n, rest)
}

func texts(t *testing.T, calls []asked) (all []string) {
	for _, c := range calls {
		var q newMessage
		if err := json.Unmarshal([]byte(c.Body), &q); err != nil || c.Query != "chat_id=182182182" {
			t.Errorf("%+v: %v", c, err)
		}
		all = append(all, q.Text)
	}
	return all
}

// What is written to the bot becomes an appeal with its picture, and what the operator
// answers arrives there once, however often MAX says to wait.
func TestAConversationByWebhook(t *testing.T) {
	s := newStandIn(t)
	w := channeltest.NewWorld(t, channel.Options{}, line(New(s.config())))
	w.Run()
	started := fmt.Sprintf(`{"update_type":"bot_started","timestamp":%d,"chat_id":182182182,"user":{"user_id":123456789,"name":"Анна"}}`, time.Now().UnixMilli())
	pit := written(typeCreated, 1, `"text":"Яма","attachments":[{"type":"image","payload":{"photo_id":9007199254740993,"url":"`+s.URL+`/i/photo"}}]`)
	for _, u := range []string{started, pit, pit, written(typeEdited, 1, `"text":"Яма во дворе"`)} {
		if status, reply := w.Deliver("max", http.Header{secretHeader: {secret}}, "", []byte(u)); status != 200 || reply != "" {
			t.Fatalf("%d %q", status, reply)
		}
	}
	if status, _ := w.Deliver("max", http.Header{secretHeader: {"other"}}, "", []byte(written(typeCreated, 9, `"text":"Обман"`))); status != http.StatusForbidden {
		t.Errorf("a forged update: %d", status)
	}
	a := w.Appeal()
	w.Until("the picture, the bot's words and the other text", func() bool {
		files, edited := 0, false
		for _, e := range w.Appeal().Events {
			files += len(e.Files)
			edited = edited || e.Text == "Яма во дворе"
		}
		return files == 1 && edited && len(s.of("POST /messages")) == 2
	})
	if a.Text != "Яма" || a.Source != app.SourceMAX || a.Author != "Анна" {
		t.Errorf("%+v", a)
	}
	s.next("POST /messages", `429 {"code":"too.many.requests","message":""}`)
	began := time.Now()
	answer := w.Operator().Answers(a, "Заделаем до пятницы")
	if e := w.Delivered(a.ID, answer); e.Delivery != app.DeliverySent || time.Since(began) < 3*time.Second {
		t.Errorf("%+v after %s", e, time.Since(began))
	}
	want := []string{"Здравствуйте!", "Принято, номер " + a.Number, "Заделаем до пятницы", "Заделаем до пятницы"}
	if got := texts(t, s.of("POST /messages")); strings.Join(got, "|") != strings.Join(want, "|") || s.sent != 3 {
		t.Errorf("%q, %d arrived", got, s.sent)
	}
}

// A bot that polls goes on after a stop where it was, and what nobody knows about is
// sent once.
func TestAConversationByPolls(t *testing.T) {
	s := newStandIn(t)
	c := s.config()
	c.Client = &http.Client{Timeout: 300 * time.Millisecond}
	l := line(NewPolling(c))
	l.Greeting, l.Accepted = "", ""
	w := channeltest.NewWorld(t, channel.Options{}, l)
	s.updates = append(s.updates, []byte(written(typeCreated, 1, `"text":"Нет воды"`)), []byte(`{"update_type":"moonshot"}`))
	w.Run()
	a := w.Appeal()
	w.Until("the updates are confirmed", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.updates) == 0 })
	w.Stop()
	w.Start()
	s.mu.Lock()
	s.updates = append(s.updates, []byte(written(typeCreated, 1, `"text":"Нет воды"`)), []byte(written(typeCreated, 2, `"text":"И света"`)))
	s.mu.Unlock()
	w.Run()
	w.Until("the second message", func() bool { a = w.Appeal(); return strings.Contains(string(app.Encode(a.Events)), "И света") })
	s.next("POST /messages", "hang")
	if e := w.Delivered(a.ID, w.Operator().Answers(a, "Дадут к вечеру")); e.Delivery != app.DeliveryUnknown || len(s.of("POST /messages")) != 1 {
		t.Errorf("%+v %+v", e, s.of("POST /messages"))
	}
}
