package vk

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

func line(p channel.Platform) channel.Line {
	return channel.Line{Name: "vk", Title: "Сообщество ВКонтакте", Platform: p, Rate: AnswersASecond, Accepted: "Принято, номер {number}"}
}

// happened is an event of a moment ago.
func happened(kind, id string, ago time.Duration, rest string) string {
	at := time.Now().Add(-ago).Unix()
	object := fmt.Sprintf(`{"id":%s,"conversation_message_id":%s,"date":%d,"update_time":%d,"from_id":123456789,"peer_id":123456789,%s}`, id, id, at, at, rest)
	if kind == typeMessage {
		object = `{"message":` + object + `,"client_info":{"lang_id":0}}`
	}
	return fmt.Sprintf(`{"type":%q,"event_id":"%s%s","group_id":%d,"secret":%q,"v":"5.199","object":%s}`, kind, kind, id, int64(ours), secret, object)
}

// What is written to the community becomes an appeal with its picture, and what the
// operator answers arrives there once: VK is silent, then it says to wait, and each
// time the number of the answer is the same.
func TestAConversationByCallback(t *testing.T) {
	s := newStandIn(t)
	c := s.config()
	c.Client = &http.Client{Timeout: 500 * time.Millisecond}
	w := channeltest.NewWorld(t, channel.Options{}, line(New(c)))
	w.Run()
	deliver := func(body, want string) {
		t.Helper()
		if status, reply := w.Deliver("vk", nil, "", []byte(body)); status != http.StatusOK || reply != want {
			t.Errorf("%d %q", status, reply)
		}
	}
	deliver(string(envelope(typeConfirmation, "null")), "8fe3a1c2")
	pit := happened(typeMessage, "1", time.Minute, `"text":"Яма","attachments":[{"type":"photo","photo":{"id":1,"owner_id":2,"sizes":[{"type":"x","url":"`+s.URL+`/photo.jpg","width":9,"height":9}]}}]`)
	deliver(pit, "ok")
	deliver(pit, "ok")
	deliver(happened(typeMessageEdit, "1", 30*time.Second, `"text":"Яма во дворе"`), "ok")
	forged := strings.Replace(happened(typeMessage, "9", time.Minute, `"text":"Обман"`), secret, "x", 1)
	if status, _ := w.Deliver("vk", nil, "", []byte(forged)); status != http.StatusForbidden {
		t.Errorf("a forged event: %d", status)
	}
	a := w.Appeal()
	w.Until("the picture, the community's words and the other text", func() bool {
		files, edited := 0, false
		for _, e := range w.Appeal().Events {
			files += len(e.Files)
			edited = edited || e.Text == "Яма во дворе"
		}
		return files == 1 && edited && len(s.of("messages.send")) == 1
	})
	if a.Text != "Яма" || a.Source != app.SourceVK || a.Author != "id123456789" {
		t.Errorf("%+v", a)
	}
	s.next("messages.send", "hang", refusal(6, "Too many requests per second"))
	began := time.Now()
	answer := w.Operator().Answers(a, "Заделаем до пятницы")
	if e := w.Delivered(a.ID, answer); e.Delivery != app.DeliverySent || time.Since(began) < time.Second {
		t.Errorf("%+v after %s", e, time.Since(began))
	}
	calls := s.of("messages.send")
	if len(calls) != 4 || len(s.sent) != 2 {
		t.Fatalf("%d arrived: %v", len(s.sent), calls)
	}
	for i, want := range []string{"Принято, номер " + a.Number, "Заделаем до пятницы", "Заделаем до пятницы", "Заделаем до пятницы"} {
		q := calls[i]
		if q.Get("message") != want || q.Get("peer_id") != "123456789" || i > 1 && q.Get("random_id") != calls[1].Get("random_id") {
			t.Errorf("%v", q)
		}
	}
}

// A comment is answered where it stands, after a stop the polls go on where they were,
// and comments that are closed end an answer with the reason.
func TestACommentByPolls(t *testing.T) {
	s := newStandIn(t)
	w := channeltest.NewWorld(t, channel.Options{}, line(NewPolling(s.config())))
	w.Run()
	w.Until("the first poll", func() bool { return len(s.of("groups.getLongPollServer")) == 1 })
	time.Sleep(100 * time.Millisecond) // the cursor is kept
	w.Stop()
	comment := happened(typeWall, "9", time.Minute, `"text":"Нет воды","post_owner_id":-9007199254740993,"post_id":6`)
	s.happens(comment, `{"type":"moonshot","event_id":"m","group_id":1,"object":[]}`, comment)
	w.Start()
	w.Run()
	a := w.Appeal()
	if a.Text != "Нет воды" || a.Link != "https://vk.com/wall-9007199254740993_6?reply=9" || a.Page != app.IDFrom("page", "vk.com/club9007199254740993") {
		t.Errorf("%+v", a)
	}
	operator := w.Operator()
	s.next("wall.createComment", refusal(212, "Access to post comments denied"))
	if e := w.Delivered(a.ID, operator.Does(a, app.Event{Type: app.EventClarifying, Text: "Где именно?"})); e.Delivery != app.DeliveryRefused || e.Text != string(channel.ReasonClosed) {
		t.Errorf("%+v", e)
	}
	operator.Does(a, app.Event{Type: app.EventClarified, Text: "На Садовой"})
	if e := w.Delivered(a.ID, operator.Answers(a, "Дадут к вечеру")); e.Delivery != app.DeliverySent {
		t.Errorf("%+v", e)
	}
	calls := s.of("wall.createComment")
	want := url.Values{"reply_to_comment": {"9"}, "post_id": {"6"}}
	for k := range want {
		if len(calls) != 2 || calls[0].Get(k) != want.Get(k) {
			t.Errorf("%v", calls)
		}
	}
	if len(s.of("messages.send")) != 0 {
		t.Error("a comment is not answered in private")
	}
}
