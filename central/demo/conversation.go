package demo

import (
	"time"

	"otklik/app"
)

// became is what becomes of the answers through a channel, in turn: most arrive, and
// each other end is shown once in a while. The last waits for its turn still.
var became = []app.Event{
	{Delivery: app.DeliverySent},
	{Delivery: app.DeliveryRefused, Text: "blocked"},
	{Delivery: app.DeliveryDelivered},
	{Delivery: app.DeliveryUnknown},
	{Delivery: app.DeliverySent},
	{Delivery: app.DeliverySent},
	{Delivery: app.DeliverySent},
	{Delivery: app.DeliverySent},
	{Delivery: app.DeliverySent},
	{Delivery: app.DeliveryQueued},
}

// said are what citizens write beside their appeals.
var said = []string{
	"Там уже второй день так, соседи подтвердят.",
	"Это напротив остановки, не перепутайте.",
	"Дополню: к вечеру стало хуже.",
}

// conversation ends with an answer. In part of the appeals from social networks it goes
// through a channel: the citizen writes more, edits, and the channel tells what became
// of the answer. One answer in Telegram shows that the region lets none out there.
func (l *life) conversation(reply time.Time) {
	g, source := l.g, l.s.source
	n := g.talks[source]
	through := source == app.SourceVK && n < len(became) || source == app.SourceTelegram && n == 0
	if !through {
		l.add(reply, l.final())
		return
	}
	g.talks[source]++
	l.a.Channel = string(source)
	start := l.s.detected.Add(20 * time.Second)
	bot := app.Event{Type: app.EventMessage, By: "Бот"}
	switch n % 3 {
	case 0:
		bot.Text = said[n%len(said)]
		l.add(within(start, reply, 0.05), bot)
	case 1:
		bot.Text, bot.Target = l.a.Text+" Уточню: "+l.s.place+".", l.events[0].ID
		l.add(within(start, reply, 0.03), bot)
	}
	answer := l.final()
	answer.Link, answer.ByHand = "", false
	l.add(reply, answer)
	told := became[n]
	if source == app.SourceTelegram {
		told = app.Event{Delivery: app.DeliveryOff}
	}
	if told.Delivery != app.DeliveryQueued {
		told.Type, told.By, told.Target = app.EventDelivery, "Бот", l.events[len(l.events)-1].ID
		l.add(reply.Add(2*time.Second), told)
	}
	if n == len(became)-2 {
		l.add(within(reply, g.now, 0.7), app.Event{Type: app.EventMessage, By: "Бот", Text: "Спасибо, но пока ничего не изменилось."})
	}
}
