package ui

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"otklik/app"
)

// conversation is an appeal that came by a channel and was talked about.
func conversation(source app.Source, state app.Status, more ...app.Event) *app.Appeal {
	a := &app.Appeal{
		ID: "talk", Number: "2026-300001", Kind: app.KindIncident, Source: source, Channel: "line", Author: "Анна",
		Text: "Яма на дороге", Link: "https://vk.com/wall-7_15", Group: "Дороги", Municipality: "г. Канаш",
	}
	events := append([]app.Event{
		{ID: "p", Type: app.EventPublished},
		{ID: "e", Type: app.EventMessage, By: "Бот", Text: "Яма на дороге, глубокая", Target: "p"},
		{ID: "m", Type: app.EventMessage, By: "Бот", Text: "и ещё одна"},
	}, more...)
	for i, e := range events {
		e.At = noon.Add(time.Duration(i-60) * time.Minute)
		a.Apply(e)
	}
	a.Status = state
	return a
}

func talk(t *testing.T, a *app.Appeal) *fixture {
	t.Helper()
	f := openWindow(t, fixed{store: func(s *fakeStore) { s.appeals = append(s.appeals, a) }})
	s := f.appealsPart()
	s.query.Queue, s.query.Words = app.QueueAll, a.Number
	s.narrowed()
	f.onCard(a.ID)
	return f
}

func (f *fixture) history() (all string) {
	for _, o := range f.appealsPart().detail.timeline.body.Objects {
		switch o := o.(type) {
		case *historyCard:
			all += o.entry.who + "|" + o.entry.what + "|" + o.entry.text + "|" + o.entry.about + "\n"
		case *fyne.Container:
			for _, l := range f.appealsPart().detail.timeline.lines {
				if len(o.Objects) == 1 && o.Objects[0] == l {
					all += l.Text + "\n"
				}
			}
		}
	}
	return all
}

func TestConversationWithTheCitizen(t *testing.T) {
	answer := app.Event{ID: "a", Type: app.EventAnswered, By: "Оператор 3", Text: "Заделаем"}
	for _, c := range []struct {
		told app.Event
		says []string
		mark string
	}{
		{app.Event{}, []string{"ждёт отправки"}, ""},
		{app.Event{Delivery: app.DeliverySent}, []string{"ВКонтакте: отправлен, "}, ""},
		{app.Event{Delivery: app.DeliveryDelivered}, []string{": доставлен, "}, ""},
		{app.Event{Delivery: app.DeliveryRefused, Text: "blocked"}, []string{"не принят", "заявитель закрыл переписку", "Ответьте другим путём"}, "ответ не дошёл"},
		{app.Event{Delivery: app.DeliveryRefused, Text: "своё слово"}, []string{"не принят", "своё слово"}, "ответ не дошёл"},
		{app.Event{Delivery: app.DeliveryUnknown}, []string{"неизвестно, дошёл ли", "Проверьте переписку"}, "дошёл ли ответ?"},
		{app.Event{Delivery: app.DeliveryOff}, []string{"не отправлен: ответы через канал закрыты"}, "ответ не дошёл"},
	} {
		events := []app.Event{answer}
		if c.told.Delivery != "" {
			c.told.ID, c.told.Type, c.told.Target = "d", app.EventDelivery, "a"
			events = append(events, c.told)
		}
		f := talk(t, conversation(app.SourceVK, app.StatusAnswered, events...))
		said := f.history()
		for _, want := range append(c.says, "изменено", "Яма на дороге, глубокая|Было: Яма на дороге\n", "|и ещё одна|") {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is not said in\n%s", c.told.Delivery, want, said)
			}
		}
		if n := strings.Count(said, "глубокая"); n != 1 {
			t.Errorf("the edit is told %d times", n)
		}
		if strings.Contains(said, "доставка ответа") {
			t.Error("the delivery has an entry of its own")
		}
		row, err := f.store.Row(f.appealsPart().detail.card.Record)
		if err != nil {
			t.Fatal(err)
		}
		v := f.newAppealRow()
		v.row = row
		if mark, _ := v.marks(); mark != c.mark {
			t.Errorf("%s: marked %q, not %q", c.told.Delivery, mark, c.mark)
		}
		f.picture("channel-" + string(c.told.Delivery))
		f.end()
	}
}

func TestAnswerLeavesByItself(t *testing.T) {
	f := talk(t, conversation(app.SourceMAX, app.StatusInProgress))
	r := f.appealsPart().detail.reply
	if !strings.Contains(r.under(), "MAX, та же переписка · осталось 4\u00a0000 знаков") || r.blanks.Hidden {
		t.Errorf("%q", r.under())
	}
	r.editor.SetText(strings.Repeat("я", 4001))
	if words, warns := r.outletWords(); !warns || !strings.Contains(words, "лишний 1 знак") {
		t.Errorf("%q", words)
	}
	f.picture("channel-long")
	f.sendAnyway()
	f.until(func() bool { return strings.Contains(f.notice.words.Text, "4000") })
	r.editor.SetText("Яму заделали сегодня, проверьте, пожалуйста, всё ли в порядке.")
	f.sendAnyway()
	f.until(func() bool { a, err := f.store.Appeal("talk"); return err == nil && a.Status == app.StatusClosed })
	a, _ := f.store.Appeal("talk")
	if e, _ := a.Last(app.EventAnswered); e.ByHand || e.Link != "" || !e.GoesOut() {
		t.Errorf("%+v", e)
	}
}

func TestAnswerThroughAShutChannel(t *testing.T) {
	f := talk(t, conversation(app.SourceTelegram, app.StatusInProgress))
	r := f.appealsPart().detail.reply
	if words, warns := r.outletWords(); !warns || !strings.Contains(words, "41-ФЗ") {
		t.Errorf("%q", words)
	}
	f.picture("channel-shut")
	r.editor.SetText("Яму заделали сегодня, проверьте, пожалуйста, всё ли в порядке.")
	ctrl(f, fyne.KeyReturn)
	if !f.saidIn("41-ФЗ") || !f.saidIn(f.text.T("check.by_hand")) {
		t.Error("the question does not say why and what to do")
	}
	f.picture("channel-shut-question")
	ctrl(f, fyne.KeyReturn)
	f.until(func() bool { a, err := f.store.Appeal("talk"); return err == nil && a.Status == app.StatusClosed })
	a, _ := f.store.Appeal("talk")
	if e, _ := a.Last(app.EventAnswered); !e.ByHand {
		t.Errorf("%+v", e)
	}
}

// TestWhatElseIsSaidThroughAShutChannel: an interim answer and a question to the citizen
// say why they would not arrive before they are written.
func TestWhatElseIsSaidThroughAShutChannel(t *testing.T) {
	for _, e := range []app.EventType{app.EventInterim, app.EventClarifying} {
		t.Run(string(e), func(t *testing.T) {
			f := talk(t, conversation(app.SourceTelegram, app.StatusInProgress))
			f.appealsPart().detail.reply.single(e).do()
			if !f.saidIn("41-ФЗ") || !f.saidIn(f.text.T("delivery.do.off")) {
				t.Error("the question does not say that it would not arrive, and what to do")
			}
			f.picture("channel-shut-" + string(e))
		})
		t.Run(string(e)+" through an open one", func(t *testing.T) {
			f := talk(t, conversation(app.SourceVK, app.StatusInProgress))
			f.appealsPart().detail.reply.single(e).do()
			if f.saidIn(f.text.T("delivery.do.off")) {
				t.Error("an open channel is called shut")
			}
		})
	}
}

// opening is an application that notes what it was to show.
type opening struct {
	fyne.App
	shown string
}

func (o *opening) OpenURL(u *url.URL) error { o.shown = u.String(); return nil }

func TestBadgeLeadsToTheMessage(t *testing.T) {
	a := conversation(app.SourceVK, app.StatusNew)
	f := talk(t, a)
	o := &opening{App: f.fyne}
	f.fyne = o
	d := f.appealsPart().detail
	d.opens.Tapped(nil)
	if o.shown != a.Link {
		t.Errorf("%q", o.shown)
	}
	for _, m := range d.originActions()[:2] {
		if m.label == f.text.T("action.copy_origin") {
			m.do()
		}
	}
	if got := f.fyne.Clipboard().Content(); got != a.Link {
		t.Errorf("%q", got)
	}
	a.Link = ""
	d.card = &app.Card{Appeal: a}
	d.opens.disabled = true
	o.shown = ""
	d.opens.Tapped(nil)
	if o.shown != "" {
		t.Error("opened nothing")
	}
}
