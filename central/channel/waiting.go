package channel

import (
	"context"
	"maps"
	"slices"

	"otklik/central"
)

// mostWaiting is up to where what waits is counted: more is too much either way.
const mostWaiting = 10_000

// Lines gives the names of the lines, sorted.
func (h *Hub) Lines() []string { return slices.Sorted(maps.Keys(h.lines)) }

// Waiting tells how many deliveries of a line nobody has read yet, and how many answers
// have not left; 10,000 stands for that many or more.
func (h *Hub) Waiting(ctx context.Context, line string) (inbox, outbox int, err error) {
	err = h.storage.View(ctx, func(tx central.Reader) error {
		in, err := tx.Shelf(shelfInbox+line, "", mostWaiting)
		if err != nil {
			return err
		}
		out, err := tx.Shelf(shelfOut+line, "", mostWaiting)
		inbox, outbox = len(in), len(out)
		return err
	})
	return inbox, outbox, err
}
