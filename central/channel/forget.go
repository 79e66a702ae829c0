package channel

import (
	"context"
	"fmt"
	"time"

	"otklik/central"
)

// What is kept so that repetitions are known, and what told nothing, is forgotten
// after a while: platforms repeat for a day at the most. What became of messages stays
// as long as their appeals do: a reply comes years later, and so does the same row of
// an export.
const (
	forgetAfter = 90 * 24 * time.Hour
	forgetEvery = 24 * time.Hour
)

// forgetAll forgets what is old enough, a batch a transaction.
func (h *Hub) forgetAll(ctx context.Context, l *Line) error {
	before := h.opts.Now().Add(-forgetAfter)
	seen := func(tx central.Reader, shelf, id string) (bool, error) {
		body, ok, err := tx.Item(shelf, id)
		at, wrong := time.Parse(time.RFC3339, string(body))
		return ok && wrong == nil && at.Before(before), err
	}
	album := func(tx central.Reader, shelf, id string) (bool, error) {
		was, ok, err := item[said](tx, shelf, id)
		return ok && was.At.Before(before), err
	}
	early := func(tx central.Reader, shelf, id string) (bool, error) {
		was, ok, err := item[told](tx, shelf, id)
		return ok && was.At.Before(before), err
	}
	odd := func(_ central.Reader, _, id string) (bool, error) { return id < moment(before), nil }
	for shelf, old := range map[string]func(tx central.Reader, shelf, id string) (bool, error){
		shelfSeen: seen, shelfAlbum: album, shelfOdd: odd, shelfTold: early,
	} {
		if err := h.forget(ctx, shelf+l.Name, old); err != nil {
			return fmt.Errorf("forget what is old: %w", err)
		}
	}
	return nil
}

// forget takes what is old off the shelf.
func (h *Hub) forget(ctx context.Context, shelf string, old func(tx central.Reader, shelf, id string) (bool, error)) error {
	after := ""
	for ctx.Err() == nil {
		var ids, gone []string
		err := h.storage.View(ctx, func(tx central.Reader) (err error) {
			if ids, err = tx.Shelf(shelf, after, batch); err != nil {
				return err
			}
			for _, id := range ids {
				is, err := old(tx, shelf, id)
				if err != nil {
					return err
				}
				if is {
					gone = append(gone, id)
				}
			}
			return nil
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		if len(gone) == 0 {
			continue
		}
		err = h.storage.Update(ctx, func(tx central.Tx) error {
			for _, id := range gone {
				if err := tx.DropItem(shelf, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
