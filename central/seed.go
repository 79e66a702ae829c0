package central

import (
	"context"
	"fmt"

	"otklik/app"
)

// Seed writes changes that were not judged, in one transaction: the history of
// a demonstration or of another system. It sets their Seq. It is meant for a
// storage no server answers from yet; nobody who waits is woken.
func Seed(ctx context.Context, storage Storage, changes []app.Change) error {
	return storage.Update(ctx, func(tx Tx) error {
		for i := range changes {
			if err := enter(tx, &changes[i]); err != nil {
				return fmt.Errorf("change %d: %w", i, err)
			}
		}
		return nil
	})
}

// Empty says whether the storage holds no change yet.
func Empty(ctx context.Context, storage Storage) (bool, error) {
	var head uint64
	err := storage.View(ctx, func(tx Reader) (err error) {
		head, err = tx.Head()
		return err
	})
	return head == 0, err
}
