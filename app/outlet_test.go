package app_test

import (
	"strings"
	"testing"
	"time"

	"otklik/app"
)

func TestAnswersLeaveByTheChannelWhereItIsOpen(t *testing.T) {
	region, _ := shipped(t)
	text := func(n int) app.Event { return app.Event{Type: app.EventAnswered, Text: strings.Repeat("я", n)} }
	for _, c := range []struct {
		name    string
		channel string
		source  app.Source
		event   app.Event
		itself  bool
		code    app.Code
	}{
		{"no channel: as ever", "", app.SourceVK, text(5), false, ""},
		{"a channel takes it", "vk", app.SourceVK, text(5), true, ""},
		{"as long as it takes", "max", app.SourceMAX, text(4000), true, ""},
		{"longer", "max", app.SourceMAX, text(4001), true, app.CodeAnswerLong},
		{"no length is known", "311", app.SourceOpen311, text(20000), true, ""},
		{"shut, and published nowhere", "tg", app.SourceTelegram, text(5), false, app.CodeNeedsField},
		{"shut, by hand", "tg", app.SourceTelegram, app.Event{Type: app.EventAnswered, Text: "x", ByHand: true}, false, ""},
		{"shut, published", "tg", app.SourceTelegram, app.Event{Type: app.EventAnswered, Text: "x", Link: "https://t.me/x"}, false, ""},
		{"a note goes nowhere", "max", app.SourceMAX, app.Event{Type: app.EventNote, Text: strings.Repeat("я", 4001)}, true, ""},
	} {
		a := &app.Appeal{Channel: c.channel, Source: c.source}
		o := region.Outlet(a)
		if o.Itself != c.itself || (o.Shut == "") == (c.channel != "" && !c.itself) {
			t.Errorf("%s: %+v", c.name, o)
		}
		if code := app.CodeOf(o.Allow(a, c.event)); code != c.code {
			t.Errorf("%s: %q, not %q", c.name, code, c.code)
		}
	}
}

func TestWhatBringsSomebodyBackToAnAppeal(t *testing.T) {
	done := app.Event{Type: app.EventAnswered, Text: "Сделаем"}
	came := func(d app.Delivery) app.Event { return app.Event{Type: app.EventDelivery, Delivery: d} }
	wrote := app.Event{Type: app.EventMessage, Text: "Ещё"}
	for _, c := range []struct {
		name   string
		events []app.Event
		want   app.Attention
	}{
		{"nobody has dealt with it", []app.Event{{Type: app.EventDetected}, wrote}, ""},
		{"arrived", []app.Event{done, came(app.DeliverySent)}, ""},
		{"refused, closed at once", []app.Event{done, {Type: app.EventClosed}, came(app.DeliveryRefused)}, app.AttentionUnsaid},
		{"shut", []app.Event{done, came(app.DeliveryOff)}, app.AttentionUnsaid},
		{"unknown", []app.Event{done, came(app.DeliveryUnknown)}, app.AttentionUnknown},
		{"wrote", []app.Event{done, came(app.DeliverySent), wrote, {Type: app.EventAutoReply}}, app.AttentionWrote},
		{"seen to", []app.Event{done, came(app.DeliveryUnknown), {Type: app.EventNote, Text: "Позвонили"}}, ""},
	} {
		if got := (&app.Appeal{Events: c.events}).Attention(); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

func TestWhatBecameOfWords(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	a := &app.Appeal{Channel: "vk"}
	add := func(id string, e app.Event) { at = at.Add(time.Minute); e.ID, e.At = id, at; a.Apply(e) }
	add("p", app.Event{Type: app.EventPublished})
	add("e1", app.Event{Type: app.EventMessage, Text: "второе", Target: "p"})
	add("e2", app.Event{Type: app.EventMessage, Text: "третье", Target: "e1"})
	add("more", app.Event{Type: app.EventMessage, Text: "ещё"})
	add("a", app.Event{Type: app.EventAnswered, Text: "ответ"})
	if later := a.Edited(a.Events[0]); len(later) != 2 || later[1].Text != "третье" {
		t.Errorf("%+v", later)
	}
	if later := a.Edited(a.Events[3]); later != nil {
		t.Errorf("%+v", later)
	}
	if e, ok := a.Sent(a.Events[4]); !ok || e.Delivery != app.DeliveryQueued {
		t.Errorf("%+v %v", e, ok)
	}
	add("d1", app.Event{Type: app.EventDelivery, Target: "a", Delivery: app.DeliverySent})
	add("d2", app.Event{Type: app.EventDelivery, Target: "a", Delivery: app.DeliveryDelivered})
	if e, ok := a.Sent(a.Events[4]); !ok || e.ID != "d2" {
		t.Errorf("%+v %v", e, ok)
	}
	if _, ok := a.Sent(a.Events[3]); ok {
		t.Error("what the citizen wrote goes nowhere")
	}
}
