package central

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/sync/wire"
)

// BeginEpoch ends the present epoch of the data at its head and begins another,
// in one transaction. It is called after the data was taken back to an earlier
// state: what the old epoch held past its cut is lost here, and only the name of
// a new one tells clients to send it again. The feed goes on from the head.
//
// It is meant for a storage no server answers from: a Server reads the lineage
// when it is made.
func BeginEpoch(ctx context.Context, storage Storage) error {
	return storage.Update(ctx, func(tx Tx) error {
		lineage, err := tx.Lineage()
		if err != nil {
			return fmt.Errorf("begin epoch: %w", err)
		}
		if n := len(lineage); n > 0 {
			if lineage[n-1].Upto, err = tx.Head(); err != nil {
				return fmt.Errorf("begin epoch: %w", err)
			}
		}
		return tx.PutLineage(append(lineage, newEpoch()))
	})
}

// returning is how long after a restore workstations may still bring back what
// was lost with it: a month of absence. What builds on something that has not come
// back by then is refused, and stays with its author.
const returning = 30 * 24 * time.Hour

// incomplete says whether this server has lost a part of its history that may
// still come back.
func (s *Server) incomplete(now time.Time) bool {
	n := len(s.lineage)
	return n > 1 && now.Sub(s.lineage[n-1].Begun) < returning
}

// Backup is a verified backup of the data.
type Backup struct {
	Seq uint64    `json:"seq"` // the feed stands in it up to there
	At  time.Time `json:"at"`
}

// restorable is how old a backup may be for a restore to lose nothing: until then
// workstations keep what was judged after it.
const restorable = 30 * 24 * time.Hour

// BackedUp is told that the feed up to the seq stands in a verified backup. What
// stands in one that is a month old workstations need not keep any more: not
// always is it the last one that can be restored, or that should be.
func (s *Server) BackedUp(ctx context.Context, seq uint64) error {
	now := s.now()
	return s.storage.Update(ctx, func(tx Tx) error {
		all, err := tx.Backups()
		if err != nil {
			return err
		}
		all = append(all, Backup{seq, now})
		young := slices.IndexFunc(all, func(b Backup) bool { return now.Sub(b.At) < restorable })
		if young > 0 {
			if err := tx.PutSafe(all[young-1].Seq); err != nil {
				return err
			}
		}
		return tx.PutBackups(all[young:])
	})
}

func newEpoch() wire.Descent { return wire.Descent{Epoch: ulid.Make().String()} }
