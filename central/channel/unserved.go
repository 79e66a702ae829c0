package channel

import (
	"context"
	"fmt"
	"time"

	"otklik/app"
	"otklik/central"
)

// A line that no node has served for a while is gone. Nodes whose configurations differ
// for a moment, while they are started anew one by one, do not take each other's lines
// for gone.
const (
	servedEvery = time.Minute
	unservedFor = 10 * time.Minute
)

// unserved says which lines are served here, and tells the operators of answers that wait
// for lines that nobody serves that these will not leave.
func (h *Hub) unserved(ctx context.Context) error {
	var gone []Line
	look := func(tx central.Reader) error {
		gone = nil
		names, err := tx.Shelf(shelfServed, "", mostWaiting)
		if err != nil {
			return err
		}
		for _, name := range names {
			s, _, err := item[served](tx, shelfServed, name)
			if err != nil {
				return err
			}
			if h.lines[name] == nil && h.opts.Now().Sub(s.At) > unservedFor {
				gone = append(gone, Line{Name: name, Title: s.Title})
			}
		}
		return nil
	}
	var err error
	if len(h.lines) == 0 { // nothing is written down every minute
		err = h.storage.View(ctx, look)
	} else {
		err = h.storage.Update(ctx, func(tx central.Tx) error {
			for _, l := range h.lines {
				if err := putItem(tx, shelfServed, l.Name, served{l.Title, h.opts.Now().UTC()}); err != nil {
					return err
				}
			}
			return look(tx)
		})
	}
	if err != nil {
		return fmt.Errorf("look for lines that are gone: %w", err)
	}
	for _, l := range gone {
		if err := h.returnAll(ctx, &l); err != nil {
			return err
		}
	}
	return nil
}

// returnAll empties the outbox of a line that is gone.
func (h *Hub) returnAll(ctx context.Context, l *Line) error {
	after := ""
	for {
		var ids []string
		var parcels []parcel
		err := h.storage.View(ctx, func(tx central.Reader) (err error) {
			parcels = nil
			if ids, err = tx.Shelf(shelfOut+l.Name, after, batch); err != nil {
				return err
			}
			for _, id := range ids {
				p, _, err := item[parcel](tx, shelfOut+l.Name, id)
				if err != nil {
					return err
				}
				parcels = append(parcels, p)
			}
			return nil
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for i, id := range ids {
			o := outcome{how: app.DeliveryRefused, why: ReasonLine}
			if p := parcels[i]; !p.Leaving.IsZero() || !p.Doubt.IsZero() {
				o = outcome{how: app.DeliveryUnknown} // it was being sent when the line was taken away
			}
			if err := h.ended(ctx, l, id, parcels[i], o); err != nil {
				return err
			}
		}
		h.opts.Log.Warn("channel", "line", l.Name, "unserved", "its answers are told not to leave", "answers", len(ids))
		after = ids[len(ids)-1]
	}
}
