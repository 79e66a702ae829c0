package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"otklik/app"
	"otklik/assets"
)

// told says whether another entry of the history tells the event as well: the author's
// card, the answer that was delivered, the message that was edited.
func told(a *app.Appeal, e app.Event) bool {
	switch e.Type {
	case app.EventPublished:
		return true
	case app.EventDelivery:
		_, goes := a.Sent(find(a, e.Target))
		return goes
	case app.EventMessage:
		return a.HasEvent(e.Target)
	}
	return false
}

func find(a *app.Appeal, id string) (e app.Event) {
	for _, e := range a.Events {
		if e.ID == id {
			return e
		}
	}
	return e
}

// warnedOfShut puts the region's reason above what is written to the citizen, where the
// channel would not let it out; better now than as «не отправлен» in the history.
func (s *appealsScreen) warnedOfShut(e app.EventType, content *fyne.Container) *fyne.Container {
	w := s.w
	shut := w.desk.Outlet(s.detail.card.Appeal).Shut
	if shut == "" || !(app.Event{Type: e, Text: "x"}).GoesOut() {
		return content
	}
	content.Objects = append([]fyne.CanvasObject{w.warning(aligned(paragraph(w.text.T("reply.shut", shut) + "\n" + w.text.T("delivery.do.off"))))}, content.Objects...)
	return content
}

// edited gives the words that stand after the citizen changed them, that they were
// changed and when, and the words before.
func (l *timeline) edited(a *app.Appeal, e app.Event, text string) (now, what, was string) {
	later := a.Edited(e)
	if len(later) == 0 {
		return text, "", ""
	}
	t, last := l.window.text, later[len(later)-1]
	before := []string{text}
	for _, e := range later[:len(later)-1] {
		before = append(before, e.Text)
	}
	return last.Text, t.T("timeline.edited", l.moment(last.At)), t.T("timeline.before", strings.Join(before, "\n"))
}

// byChannel adds to an entry what a channel tells: what became of an answer, who wrote
// a message and how it stood before.
func (l *timeline) byChannel(c *historyEntry, a *app.Appeal, e app.Event) {
	t := l.window.text
	if e.Type == app.EventMessage || e.Type == app.EventClarified && a.Channel != "" {
		c.who = t.T("timeline.citizen")
		if a.Author != "" {
			c.who = t.T("timeline.author", a.Author)
		}
		now, what, was := l.edited(a, e, e.Text)
		if c.text, c.about = now, was; what != "" {
			c.what += " · " + what
		}
	}
	sent, goes := a.Sent(e)
	if !goes {
		return
	}
	c.about = strings.TrimPrefix(c.about+"\n"+l.delivery(a, sent), "\n")
	switch sent.Delivery {
	case app.DeliveryRefused:
		c.kind = toneRed
	case app.DeliveryUnknown, app.DeliveryOff:
		c.kind = toneAmber
	}
}

// delivery says what became of an answer, and what to do where it did not arrive.
func (l *timeline) delivery(a *app.Appeal, e app.Event) string {
	t := l.window.text
	words := assets.Name(t, "delivery", e.Delivery)
	if !e.At.IsZero() {
		words += ", " + l.window.clock(e.At)
	}
	if e.Delivery == app.DeliveryRefused && e.Text != "" {
		key := "delivery.why." + e.Text
		why := t.T(key)
		if why == key {
			why = e.Text // another server's own words
		}
		words += ": " + why
	}
	words = t.T("timeline.delivery", assets.Name(t, "source", a.Source), words)
	switch e.Delivery {
	case app.DeliveryRefused, app.DeliveryUnknown, app.DeliveryOff:
		words += "\n" + t.T("delivery.do."+string(e.Delivery))
	}
	return words
}
