package sync

import (
	"context"
	"strconv"
	"strings"

	"otklik/sync/wire"
)

// expired is told that the feed cannot go on from the cursor: the server has
// dropped what follows it, was restored to a state before it, or shows this
// workstation something else by now.
func (e *Engine) expired(ctx context.Context, cursor string) error {
	e.client.token = "" // the next one tells what this workstation may see now
	m, err := e.client.meta(ctx)
	if err != nil {
		return err
	}
	if m.Epoch == epochOf(cursor) && m.Head >= seqOf(cursor) {
		return e.o.Store.Anew(seqOf(cursor))
	}
	return e.rewind(cut(m, cursor), cursor)
}

// sameHistory says whether a page that leads to next tells the history the
// cursor is of. The epoch changes without a loss where the server was restored
// to a state that knows all this side has seen; what a page of another history
// acknowledges is ignored.
func (e *Engine) sameHistory(ctx context.Context, cursor, next string) (bool, error) {
	if cursor == "" || epochOf(cursor) == epochOf(next) {
		return true, nil
	}
	m, err := e.client.meta(ctx)
	if err != nil {
		return false, err
	}
	if m.Epoch == epochOf(next) && cut(m, cursor) >= seqOf(cursor) {
		return true, nil
	}
	return false, e.rewind(cut(m, cursor), cursor)
}

// rewind goes back to the cut of the history the cursor is of.
func (e *Engine) rewind(cut uint64, cursor string) error {
	if cursor != "" {
		cursor = cursor[:strings.LastIndexByte(cursor, '.')+1] + strconv.FormatUint(cut, 10)
	}
	return e.o.Store.Rewind(cut, cursor)
}

// cut is the last place of the cursor's history that is part of the server's.
func cut(m wire.Meta, cursor string) uint64 {
	epoch := epochOf(cursor)
	for _, d := range m.Lineage {
		if d.Epoch == epoch {
			return d.Upto
		}
	}
	if m.Epoch == epoch {
		return m.Head // it lost its end without knowing: a copy of the file was put back
	}
	return 0 // an epoch that was lost whole
}

// scopeOf reads the scope out of a cursor (epoch.scope.seq).
func scopeOf(cursor string) string {
	_, rest, _ := strings.Cut(cursor, ".")
	scope, _, _ := strings.Cut(rest, ".")
	return scope
}

// epochOf reads the epoch out of a cursor (epoch.scope.seq).
func epochOf(cursor string) string {
	epoch, _, _ := strings.Cut(cursor, ".")
	return epoch
}
