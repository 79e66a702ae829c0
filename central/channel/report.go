package channel

import (
	"time"

	"otklik/app"
)

// ours lets a citizen's reply find what was sent, and says what the platform has told of
// it meanwhile.
func (r *reading) ours(p parcel, o outcome) error {
	if o.sent == "" || p.Appeal == "" {
		return nil
	}
	if err := putItem(r.a, shelfSaid+r.l.Name, o.sent, said{p.Appeal, p.Event, r.a.Now()}); err != nil {
		return err
	}
	early, there, err := item[told](r.a, shelfTold+r.l.Name, o.sent)
	if err != nil || !there {
		return err
	}
	if err := r.a.DropItem(shelfTold+r.l.Name, o.sent); err != nil {
		return err
	}
	return r.report(early.Report)
}

// told is a Report that waits for its answer.
type told struct {
	Report Report    `json:"report"`
	At     time.Time `json:"at"`
}

// report says in the history what the platform tells of an answer. Callbacks may come
// before the reply to the call that sent it, and in any order: delivered is the last word.
func (r *reading) report(now Report) error {
	was, known, err := item[said](r.a, shelfSaid+r.l.Name, now.ID)
	if err != nil {
		return err
	}
	if !known {
		return putItem(r.a, shelfTold+r.l.Name, now.ID, told{now, r.a.Now()})
	}
	a, ok, err := r.a.Appeal(was.Appeal)
	if err != nil || !ok {
		return err
	}
	about := answerOf(a, was.Event)
	sent, goes := a.Sent(about)
	if !goes || sent.Delivery == app.DeliveryDelivered || sent.Delivery == now.How {
		return nil
	}
	return r.event(was.Appeal, app.Event{
		ID: app.IDFrom("channel", r.l.Name, now.ID, "report", string(now.How)), Type: app.EventDelivery, At: r.a.Now(),
		Target: was.Event, Delivery: now.How, Text: string(now.Why),
	}, nil)
}

// answerOf finds the event; a bot's own words are none, and nobody waits for them.
func answerOf(a *app.Appeal, id string) app.Event {
	for _, e := range a.Events {
		if e.ID == id && id != "" {
			return e
		}
	}
	return app.Event{}
}
