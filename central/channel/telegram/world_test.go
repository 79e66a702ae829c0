package telegram

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
	return channel.Line{Name: "tg", Title: "Бот в Telegram", Platform: p, Rate: Rate, PerChat: PerChat, Greeting: "Здравствуйте!", Accepted: "Принято, номер {number}"}
}

func written(n int, rest string) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"Анна"},"date":%d,%s}}`, n, n, time.Now().Unix()-60, rest)
}

func texts(t *testing.T, bodies []string) (all []string) {
	for _, b := range bodies {
		var q sendMessage
		if err := json.Unmarshal([]byte(b), &q); err != nil || q.Chat != 42 {
			t.Errorf("%s: %v", b, err)
		}
		all = append(all, q.Text)
	}
	return all
}

// What is written to the bot becomes an appeal with its pictures, and what the operator
// answers arrives there once, however often Telegram says to wait.
func TestAConversationByWebhook(t *testing.T) {
	s := newStandIn(t)
	w := channeltest.NewWorld(t, channel.Options{}, line(New(s.config())))
	w.Run()
	for _, u := range []string{
		written(1, `"text":"/start"`),
		written(2, `"media_group_id":"13","caption":"Яма","photo":[{"file_id":"a","width":9,"height":9}]`),
		written(3, `"media_group_id":"13","photo":[{"file_id":"b","width":9,"height":9}]`),
		written(3, `"media_group_id":"13","photo":[{"file_id":"b","width":9,"height":9}]`),
	} {
		if status, reply := w.Deliver("tg", http.Header{secretHeader: {secret}}, "", []byte(u)); status != 200 || reply != "" {
			t.Fatalf("%d %q", status, reply)
		}
	}
	if status, _ := w.Deliver("tg", http.Header{secretHeader: {"other"}}, "", []byte(written(9, `"text":"Обман"`))); status != http.StatusForbidden {
		t.Errorf("a forged update: %d", status)
	}
	a := w.Appeal()
	w.Until("both pictures and the bot's words", func() bool {
		n := 0
		for _, e := range w.Appeal().Events {
			n += len(e.Files)
		}
		return n == 2 && len(s.of("sendMessage")) == 2
	})
	if a.Text != "Яма" || a.Source != app.SourceTelegram || a.Author != "Анна" || len(s.of("getFile")) != 2 {
		t.Errorf("%+v %v", a, s.of("getFile"))
	}
	wait := `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`
	s.next("sendMessage", wait, wait)
	began := time.Now()
	answer := w.Operator().Answers(a, "Заделаем до пятницы")
	if e := w.Delivered(a.ID, answer); e.Delivery != app.DeliverySent || time.Since(began) < 2*time.Second {
		t.Errorf("%+v after %s", e, time.Since(began))
	}
	want := []string{"Здравствуйте!", "Принято, номер " + a.Number, "Заделаем до пятницы", "Заделаем до пятницы", "Заделаем до пятницы"}
	if got := texts(t, s.of("sendMessage")); strings.Join(got, "|") != strings.Join(want, "|") || s.sent != 3 {
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
	s.updates = append(s.updates, []byte(written(1, `"text":"Нет воды"`)), []byte(`{"update_id":2,"moonshot":{}}`))
	w.Run()
	a := w.Appeal()
	w.Until("the updates are confirmed", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.updates) == 0 })
	w.Stop()
	w.Start()
	s.mu.Lock()
	s.updates = append(s.updates, []byte(written(1, `"text":"Нет воды"`)), []byte(written(3, `"text":"И света"`)))
	s.mu.Unlock()
	w.Run()
	w.Until("the second message", func() bool { a = w.Appeal(); return strings.Contains(string(app.Encode(a.Events)), "И света") })
	s.next("sendMessage", "hang")
	if e := w.Delivered(a.ID, w.Operator().Answers(a, "Дадут к вечеру")); e.Delivery != app.DeliveryUnknown || len(s.of("sendMessage")) != 1 {
		t.Errorf("%+v %q", e, s.of("sendMessage"))
	}
}
