package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"otklik/app"
)

// syncing is the state of the drawing.
var syncing = app.ExchangeState{
	Link: app.LinkOnline, Server: "central.example", Latency: 84 * time.Millisecond, Cursor: 1_184_377, Head: 1_184_377,
	Pending: 7, Oldest: noon.Add(-22 * time.Minute), Received: 1204, ReceivedA: 212, Conflicts: 1,
}

func openExchange(t *testing.T, st app.ExchangeState) (*fixture, *exchangeScreen) {
	t.Helper()
	f := openWindow(t, fixed{lang: "ru", store: drawnExchange})
	f.setState(st)
	f.open(screenExchange)
	s := f.screens[screenExchange].(*exchangeScreen)
	f.until(func() bool { return len(s.entries) > 0 })
	return f, s
}

func (f *fixture) setState(st app.ExchangeState) {
	f.exchange.mu.Lock()
	defer f.exchange.mu.Unlock()
	f.exchange.state = st
}

func TestExchangeTellsTheState(t *testing.T) {
	_, s := openExchange(t, syncing)
	if got := s.facts.Text; got != "сервер: central.example · задержка 84 мс · курсор 1\u00a0184\u00a0377" {
		t.Errorf("facts: %q", got)
	}
	if s.waiting.full[1] != "7" || s.waiting.notes[0].words != "самое старое — 22 мин назад" {
		t.Errorf("waiting: %q %+v", s.waiting.full[1], s.waiting.notes)
	}
	if s.received.notes[0].words != "обращений 212 · прочего 992" || s.base.full[1] != "432 МБ" {
		t.Errorf("received %+v, base %q", s.received.notes, s.base.full[1])
	}
	if s.loading.object.Visible() || s.whyCard.Visible() {
		t.Error("a load or a failure is shown where there is none")
	}
}

func TestExchangeStaysTrueWhileTheStateChanges(t *testing.T) {
	f, s := openExchange(t, syncing)
	f.setState(app.ExchangeState{Link: app.LinkOffline, Server: "central.example", Reason: app.CodeNoServer, Pending: 8})
	f.desk.Tell(app.Changed{Exchange: true})
	f.until(func() bool { return s.waiting.full[1] == "8" })
	if !s.whyCard.Visible() || !strings.HasPrefix(s.why.Text, "Сервер не отвечает") || s.link.words.Text != "Нет связи" {
		t.Errorf("offline: %q, %q", s.link.words.Text, s.why.Text)
	}
	f.setState(app.ExchangeState{Link: app.LinkOnline, Server: "central.example"})
	f.desk.Tell(app.Changed{Exchange: true})
	f.until(func() bool { return s.waiting.full[1] == "0" })
	if s.whyCard.Visible() || s.waiting.notes[0].words != "всё отправлено" {
		t.Errorf("online again: %+v", s.waiting.notes)
	}
}

func TestExchangeJournal(t *testing.T) {
	_, s := openExchange(t, syncing)
	var got []string
	for i := range s.entries {
		c := make([]cell, 5)
		s.fill(i, c)
		got = append(got, strings.Join([]string{c[0].words, c[1].words, c[3].words, c[4].words}, " | "))
	}
	want := []string{
		"11:46 | Ответить | отправлено 11:47 | 1",
		"11:43 | Назначить: Оператор 2 | ждёт отправки | 0",
		"11:40 | Заметка | ждёт отправки | 0",
		"11:37 | Новое обращение | конфликт: нужен выбор | 2",
		"вчера 02:28 | Сменить тему | отклонено: состояние уже другое | 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("journal:\n%s", strings.Join(got, "\n"))
	}
}

func TestConflictIsSettledOnce(t *testing.T) {
	for i, choice := range []app.Choice{app.ChoiceSend, app.ChoiceNote, app.ChoiceDrop} {
		t.Run(string(choice), func(t *testing.T) {
			f, s := openExchange(t, syncing)
			if len(s.shown) != 1 || s.conflicts.full[1] != "1" {
				t.Fatalf("%d cards", len(s.shown))
			}
			card := s.shown[0]
			test.Tap(card.buttons[i])
			for _, b := range card.buttons {
				if !b.disabled {
					t.Error("a second choice is possible")
				}
			}
			f.until(func() bool { return len(s.shown) == 0 })
			if got := f.store.conflicts[0].Choice; got != choice {
				t.Errorf("the store holds %q", got)
			}
			if s.conflicts.full[1] != "0" {
				t.Errorf("the tile counts %s", s.conflicts.full[1])
			}
		})
	}
}

func TestConflictStaysWhereItCannotBeSettled(t *testing.T) {
	f, s := openExchange(t, syncing)
	f.store.mu.Lock()
	f.store.failing = app.Fail(app.CodeDiskFull, "otklik.db")
	f.store.mu.Unlock()
	card := s.shown[0]
	test.Tap(card.buttons[0])
	f.until(func() bool { return !card.buttons[0].disabled })
	if len(s.shown) != 1 || !f.notice.object.Visible() {
		t.Error("the conflict or the error is gone")
	}
}

// A card stays the same object while other things change, so that no button
// moves or is replaced under the pointer.
func TestConflictCardsAreKept(t *testing.T) {
	f, s := openExchange(t, syncing)
	card := s.shown[0]
	before := s.slot.generation
	f.desk.Tell(app.Changed{Outbox: true})
	f.until(func() bool { return s.slot.generation > before })
	f.settle()
	if s.shown[0] != card {
		t.Error("the card was made anew")
	}
}

func TestExchangeWorksOfflineByChoice(t *testing.T) {
	f, s := openExchange(t, syncing)
	test.Tap(s.offline)
	f.until(func() bool { return s.offline.label == "Работать на связи" })
	test.Tap(s.offline)
	f.until(func() bool { return s.offline.label == "Работать офлайн" })
	if f.exchange.State().Link != app.LinkOnline {
		t.Error("still offline")
	}
}

func TestLoadingCardEstimates(t *testing.T) {
	f := openWindow(t, fixed{lang: "ru"})
	c := newLoadingCard(f.Window)
	st := app.ExchangeState{Link: app.LinkOnline, RowsDone: 1_000_000, Rows: 3_000_000}
	c.show(st, noon)
	if c.object.Hidden || strings.Contains(c.note.Text, "осталось") {
		t.Errorf("an estimate out of nothing: %q", c.note.Text)
	}
	st.RowsDone = 2_000_000
	c.show(st, noon.Add(40*time.Second))
	if !strings.HasPrefix(c.note.Text, "осталось около 40 с · ") || c.share < 0.66 || c.share > 0.67 {
		t.Errorf("half way: %q, %v", c.note.Text, c.share)
	}
	st.Rows, st.RowsDone = 0, 0
	if c.show(st, noon); !c.object.Hidden {
		t.Error("a finished load is still shown")
	}
}

func TestExchangeStopsWhenHidden(t *testing.T) {
	f, s := openExchange(t, syncing)
	f.open(screenAppeals)
	if s.stop != nil {
		t.Error("a hidden screen goes on reloading")
	}
}

func TestSizesAndPaths(t *testing.T) {
	f := openWindow(t, fixed{lang: "ru"})
	for n, want := range map[int64]string{412 << 20: "412 МБ", 1 << 20: "1,0 МБ", 3 << 30: "3,0 ГБ"} {
		if got := bytesWords(f.text, n); got != want {
			t.Errorf("%d bytes are %q", n, got)
		}
	}
	long := "/home/operator/a/very/long/way/to/the/data/otklik.db"
	short := shortPath(f.Window, long, 120)
	if !strings.HasPrefix(short, "…") || !strings.HasSuffix(short, "otklik.db") || textWidth(short, sizeCaption, false) > 120 {
		t.Errorf("path %q", short)
	}
}
