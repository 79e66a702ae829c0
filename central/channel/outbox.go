package channel

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/time/rate"

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
	if l == nil {
		return nil // the line is not served any more; the operator sees that nothing is sent
	}
	if _, is := l.Platform.(Sender); !is {
		return nil
	}
	off, err := h.shut(tx, l.Platform.Source())
	if err != nil {
		return err
	}
	wake(h.wakeOut[l.Name]) // too early for this one; the next round is not far
	return putItem(tx, shelfOut+l.Name, fmt.Sprintf("%016x/%s", c.Seq, e.ID), parcel{way: w, Appeal: c.Ent, Event: e.ID, Text: e.Text, Off: off})
}

// shut says whether the region lets no answers out by the channel.
func (h *Hub) shut(tx central.Reader, s app.Source) (bool, error) {
	region := h.opts.Region
	if region == nil {
		return false, nil
	}
	t, changed, err := tx.Table(app.TableChannels)
	if err != nil {
		return false, err
	}
	if changed {
		region = region.With([]app.Table{t})
	}
	x, _ := region.Restricted(s)
	return !x.Answers, nil
}

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
	sender, is := l.Platform.(Sender)
	if !is {
		return nil
	}
	limit := h.limits[l.Name]
	waits := map[string]bool{} // conversations whose next answer has to wait
	after := ""
	for ctx.Err() == nil {
		var ids []string
		err := h.storage.View(ctx, func(tx central.Reader) (err error) {
			ids, err = tx.Shelf(shelfOut+l.Name, after, batch)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			after = id
			p, ok, err := h.claim(ctx, l, sender, id, waits)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if err := h.sendOne(ctx, l, sender, limit, id, p); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// claim takes an answer for sending, in a transaction: of two nodes one gets it. An
// answer that somebody was sending when he crashed goes out again only where that is
// one answer to the citizen.
func (h *Hub) claim(ctx context.Context, l *Line, s Sender, id string, waits map[string]bool) (p parcel, ok bool, err error) {
	var lost bool
	err = h.storage.Update(ctx, func(tx central.Tx) error {
		ok, lost = false, false
		now := h.opts.Now().UTC()
		var there bool
		var err error
		if p, there, err = item[parcel](tx, shelfOut+l.Name, id); err != nil || !there {
			return err
		}
		switch {
		case p.Off:
			ok = true
			return nil
		case waits[p.Chat], p.Next.After(now), !p.Leaving.IsZero() && now.Sub(p.Leaving) < lease:
			waits[p.Chat] = true
			return nil
		case !p.Leaving.IsZero() && !s.Again():
			lost = true
			return nil
		}
		p.Leaving, p.Tries, ok = now, p.Tries+1, true
		return putItem(tx, shelfOut+l.Name, id, p)
	})
	if err != nil || !lost {
		return p, ok, err
	}
	return p, false, h.ended(ctx, l, id, p, app.DeliveryUnknown, "")
}

// sendOne sends an answer that is claimed, and writes down what became of it.
func (h *Hub) sendOne(ctx context.Context, l *Line, s Sender, limit *limits, id string, p parcel) error {
	if p.Off {
		return h.ended(ctx, l, id, p, app.DeliveryOff, "")
	}
	if err := limit.wait(ctx, p.Chat); err != nil {
		return errors.Join(err, h.later(context.WithoutCancel(ctx), l, id, p, 0))
	}
	if most := s.Most(); most > 0 && len([]rune(p.Text)) > most {
		return h.ended(ctx, l, id, p, app.DeliveryRefused, ReasonText)
	}
	about := p.Event
	if about == "" {
		about = id
	}
	_, err := s.Send(ctx, Answer{ID: about, Random: random(about), Chat: p.Chat, Thread: p.Thread, Public: p.Public, Text: p.Text})
	var later *Wait
	var never *Refused
	// What is known now has to be written, even when the program is being stopped.
	done := context.WithoutCancel(ctx)
	switch {
	case err == nil:
		return h.ended(done, l, id, p, app.DeliverySent, "")
	case errors.As(err, &later):
		h.opts.Meter.Went(l.Name, "waited")
		limit.rest(later.For)
		return h.later(done, l, id, p, later.For)
	case errors.As(err, &never):
		h.opts.Log.Warn("channel", "line", l.Name, "refused", never.Code)
		return h.ended(done, l, id, p, app.DeliveryRefused, never.Reason)
	case errors.Is(err, ErrNotSent), s.Again():
		h.opts.Meter.Went(l.Name, "waited")
		return h.later(done, l, id, p, min(firstPause<<min(p.Tries, 10), lastPause))
	}
	h.opts.Log.Warn("channel", "line", l.Name, "unknown", withoutAddress(err).Error())
	return h.ended(done, l, id, p, app.DeliveryUnknown, "")
}

// later puts an answer back: it surely has not left, or may leave again.
func (h *Hub) later(ctx context.Context, l *Line, id string, p parcel, pause time.Duration) error {
	p.Leaving, p.Next = time.Time{}, h.opts.Now().UTC().Add(pause)
	return h.storage.Update(ctx, func(tx central.Tx) error { return putItem(tx, shelfOut+l.Name, id, p) })
}

// ended tells the appeal what became of the answer, and takes it out of the outbox, in
// one transaction.
func (h *Hub) ended(ctx context.Context, l *Line, id string, p parcel, how app.Delivery, why Reason) error {
	err := h.server.Act(ctx, l.actor(), func(a *central.Acting) error {
		if _, there, err := a.Item(shelfOut+l.Name, id); err != nil || !there {
			return err
		}
		e := app.Event{Type: app.EventDelivery, At: a.Now(), Target: p.Event, Delivery: how, Text: string(why)}
		if p.Event == "" {
			// A bot's own words are told once they are out; nobody waits for them.
			e = app.Event{Type: app.EventAutoReply, At: a.Now(), Text: p.Text}
		}
		e.ID = app.IDFrom("channel", l.Name, id, string(how))
		if p.Appeal != "" && (p.Event != "" || how == app.DeliverySent) {
			if _, err := a.Do(app.Op{ID: e.ID, Ent: p.Appeal, Kind: app.OpEvent, At: e.At, Payload: app.Encode(e)}); err != nil {
				return err
			}
		}
		return a.DropItem(shelfOut+l.Name, id)
	})
	if err == nil {
		h.opts.Meter.Went(l.Name, string(how))
	}
	return err
}

// random is the number platforms know a repetition by: always the same of one answer,
// never 0, and within the 31 bits that some of them take.
func random(id string) int64 {
	sum := sumOf(id)
	return int64(binary.BigEndian.Uint32(sum[:])>>1) | 1
}

// limits keep a line within what its platform takes.
type limits struct {
	all     *rate.Limiter
	perChat time.Duration
	chats   map[string]time.Time // when the last answer went into the conversation
	until   time.Time            // nothing before
}

func newLimits(l *Line) *limits {
	limit := l.Rate
	if limit == 0 {
		limit = rate.Inf
	}
	return &limits{all: rate.NewLimiter(limit, 1), perChat: l.PerChat, chats: map[string]time.Time{}}
}

// wait lets an answer into the conversation when its time has come. One goroutine a
// line asks.
func (m *limits) wait(ctx context.Context, chat string) error {
	now := time.Now()
	at := m.until
	if next := m.chats[chat].Add(m.perChat); next.After(at) {
		at = next
	}
	if pause := at.Sub(now); pause > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	if err := m.all.Wait(ctx); err != nil {
		return err
	}
	if len(m.chats) > 10_000 {
		clear(m.chats) // a line that speaks to so many is not held up by one
	}
	m.chats[chat] = time.Now()
	return nil
}

// rest keeps the line still for so long.
func (m *limits) rest(pause time.Duration) { m.until = time.Now().Add(pause) }
