package channel

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"otklik/app"
	"otklik/central"
)

// Applied puts what is said to a citizen into the outbox, in the transaction that
// accepts it. It is an option of the server.
func (h *Hub) Applied(tx central.Tx, c app.Change) error {
	if c.Kind != app.OpEvent {
		return nil
	}
	e, err := app.Decode[app.Event](c.Body)
	if err != nil || !e.GoesOut() {
		return err
	}
	w, known, err := item[way](tx, shelfWay, c.Ent)
	if err != nil || !known {
		return err
	}
	l := h.lines[w.Line]
	if l == nil { // the line is not served here; where it is nowhere, unserved tells the operator
		if _, known, err := tx.Item(shelfServed, w.Line); err != nil {
			return err
		} else if !known {
			if err := putItem(tx, shelfServed, w.Line, served{}); err != nil {
				return err
			}
		}
		return putItem(tx, shelfOut+w.Line, parcelID(c.Seq, e.ID), parcel{way: w, Appeal: c.Ent, Event: e.ID, Text: e.Text})
	}
	if _, is := l.Platform.(Sender); !is {
		return nil
	}
	x, err := h.restricted(tx, l)
	if err != nil {
		return err
	}
	return putItem(tx, shelfOut+l.Name, parcelID(c.Seq, e.ID), parcel{way: w, Appeal: c.Ent, Event: e.ID, Text: e.Text, Off: !x.Answers})
}

func parcelID(seq uint64, event string) string { return fmt.Sprintf("%016x/%s", seq, event) }

// lease is how long one who sends an answer may take: after it he is believed to have
// crashed.
const lease = 2 * time.Minute

// Pauses between tries to send.
const (
	firstPause = 2 * time.Second
	lastPause  = 5 * time.Minute
)

// sendAll sends what waits, each conversation in its order.
func (h *Hub) sendAll(ctx context.Context, l *Line) error {
	o := &outgoing{l: l, sender: l.Platform.(Sender), limits: h.limits[l.Name], waits: map[string]bool{}}
	after := ""
	for ctx.Err() == nil {
		var ids, due []string
		err := h.storage.View(ctx, func(tx central.Reader) (err error) {
			due = nil
			if ids, err = tx.Shelf(shelfOut+l.Name, after, batch); err != nil {
				return err
			}
			for _, id := range ids {
				p, there, err := item[parcel](tx, shelfOut+l.Name, id)
				if err != nil {
					return err
				}
				if there && !o.hold(p, h.opts.Now()) {
					due = append(due, id)
				}
			}
			return nil
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		for _, id := range due {
			p, ok, err := h.claim(ctx, o, id)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if err := h.sendOne(ctx, o, id, p); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// outgoing is one round over the outbox of a line.
type outgoing struct {
	l      *Line
	sender Sender
	limits *limits
	waits  map[string]bool // conversations whose next answer has to wait
}

// hold says whether the parcel has to come later, and everything after it into the same
// conversation. The other conversations do not wait for it.
func (o *outgoing) hold(p parcel, now time.Time) bool {
	if p.Off {
		return false
	}
	sending := !p.Leaving.IsZero() && now.Sub(p.Leaving) < lease
	if o.waits[p.Chat] || sending || p.Next.After(now) || o.limits.shut(p.Chat) {
		o.waits[p.Chat] = true
	}
	return o.waits[p.Chat]
}

// claim takes an answer for sending, in a transaction: of two nodes one gets it. An
// answer that somebody was sending when he crashed goes out again only where that is
// one answer to the citizen.
func (h *Hub) claim(ctx context.Context, o *outgoing, id string) (p parcel, ok bool, err error) {
	var lost bool
	shelf := shelfOut + o.l.Name
	err = h.storage.Update(ctx, func(tx central.Tx) error {
		ok, lost = false, false
		now := h.opts.Now().UTC()
		var there bool
		var err error
		if p, there, err = item[parcel](tx, shelf, id); err != nil || !there {
			return err
		}
		switch {
		case p.Off:
			ok = true
			return nil
		case o.hold(p, now):
			return nil
		}
		if !p.Leaving.IsZero() {
			p.doubted()
		}
		if !p.Doubt.IsZero() && now.Sub(p.Doubt) >= o.sender.Again() {
			lost = true
			return nil
		}
		p.Leaving, p.Tries, ok = now, p.Tries+1, true
		return putItem(tx, shelf, id, p)
	})
	if err != nil || !lost {
		return p, ok, err
	}
	return p, false, h.ended(ctx, o.l, id, p, outcome{how: app.DeliveryUnknown})
}

// doubted notes that what was sent may have arrived.
func (p *parcel) doubted() {
	if p.Doubt.IsZero() {
		p.Doubt = p.Leaving
	}
}

// sendOne sends an answer that is claimed, and writes down what became of it.
func (h *Hub) sendOne(ctx context.Context, o *outgoing, id string, p parcel) error {
	l, s, limit := o.l, o.sender, o.limits
	if p.Off {
		return h.ended(ctx, l, id, p, outcome{how: app.DeliveryOff})
	}
	if most := s.Most(); most > 0 && utf8.RuneCountInString(p.Text) > most {
		return h.ended(ctx, l, id, p, outcome{how: app.DeliveryRefused, why: ReasonText})
	}
	// What is known now has to be written, even when the program is being stopped.
	done := context.WithoutCancel(ctx)
	if err := limit.enter(ctx, p.Chat); err != nil {
		return errors.Join(err, h.later(done, l, id, p, 0))
	}
	about := p.Event
	if about == "" {
		about = id
	}
	sending, cancel := graceful(ctx)
	defer cancel()
	sent, err := s.Send(sending, Answer{ID: about, Random: random(about), Chat: p.Chat, Thread: p.Thread, Public: p.Public, Text: p.Text})
	var later *Wait
	var never *Refused
	switch {
	case err == nil:
		return h.ended(done, l, id, p, outcome{how: app.DeliverySent, sent: sent})
	case errors.As(err, &later):
		h.opts.Meter.Went(l.Name, "waited")
		limit.rest(later.For)
		return h.later(done, l, id, p, later.For)
	case errors.As(err, &never):
		h.opts.Log.Warn("channel", "line", l.Name, "refused", never.Code)
		return h.ended(done, l, id, p, outcome{how: app.DeliveryRefused, why: never.Reason})
	case errors.Is(err, ErrNotSent), s.Again() > 0:
		if !errors.Is(err, ErrNotSent) {
			p.doubted()
		}
		h.opts.Meter.Went(l.Name, "waited")
		return h.later(done, l, id, p, min(firstPause<<min(p.Tries, 10), lastPause))
	}
	h.opts.Log.Warn("channel", "line", l.Name, "unknown", withoutAddress(err).Error())
	return h.ended(done, l, id, p, outcome{how: app.DeliveryUnknown})
}

// grace is how long an answer on its way may still take when the program is being
// stopped: a reply that comes in time spares the operator the state «неизвестно».
const grace = 500 * time.Millisecond

func graceful(ctx context.Context) (context.Context, context.CancelFunc) {
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	undo := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return sending, func() { undo(); cancel() }
}

// later puts an answer back: it surely has not left, or may leave again.
func (h *Hub) later(ctx context.Context, l *Line, id string, p parcel, pause time.Duration) error {
	p.Leaving, p.Next = time.Time{}, h.opts.Now().UTC().Add(pause)
	return h.storage.Update(ctx, func(tx central.Tx) error { return putItem(tx, shelfOut+l.Name, id, p) })
}

// outcome is what became of an answer.
type outcome struct {
	how  app.Delivery
	why  Reason
	sent string // what the platform calls it; "": it does not tell
}

// ended tells the appeal what became of the answer, and takes it out of the outbox, in
// one transaction.
func (h *Hub) ended(ctx context.Context, l *Line, id string, p parcel, o outcome) error {
	err := h.server.Act(ctx, l.actor(), func(a *central.Acting) error {
		if _, there, err := a.Item(shelfOut+l.Name, id); err != nil || !there {
			return err
		}
		e := app.Event{Type: app.EventDelivery, At: a.Now(), Target: p.Event, Delivery: o.how, Text: string(o.why)}
		if p.Event == "" {
			// A bot's own words are told once they are out; nobody waits for them.
			e = app.Event{Type: app.EventAutoReply, At: a.Now(), Text: p.Text}
		}
		e.ID = app.IDFrom("channel", l.Name, id, string(o.how))
		if p.Appeal != "" && (p.Event != "" || o.how == app.DeliverySent) {
			if _, err := a.Do(app.Op{ID: e.ID, Ent: p.Appeal, Kind: app.OpEvent, At: e.At, Payload: app.Encode(e)}); err != nil {
				return err
			}
		}
		if err := (&reading{h, l, a}).ours(p, o); err != nil {
			return err
		}
		return a.DropItem(shelfOut+l.Name, id)
	})
	if err == nil {
		h.opts.Meter.Went(l.Name, string(o.how))
	}
	return err
}
