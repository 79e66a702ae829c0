package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"otklik/central"
)

// restored begins a new epoch over a database that was taken back to an earlier
// state with the database's own tools.
func restored(ctx context.Context, args []string, out io.Writer) error {
	f := flags("restored", os.Stderr)
	var at place
	f.StringVar(&at.postgres, "postgres", "", "URL of the database, over which no server may run; also from "+envPostgres)
	if err := f.Parse(args); err != nil {
		return err
	}
	if at.postgres == "" {
		at.postgres = os.Getenv(envPostgres)
	}
	if at.postgres == "" {
		return errors.New("--postgres is missing: name the database; for a data folder restore does it all")
	}
	storage, err := at.open(ctx)
	if err != nil {
		return err
	}
	err = central.BeginEpoch(ctx, storage)
	var head uint64
	if err == nil {
		err = storage.View(ctx, func(tx central.Reader) (err error) {
			head, err = tx.Head()
			return err
		})
	}
	if err := errors.Join(err, storage.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "the data ends at change %d; a new epoch begins, workstations send again what came later\n", head)
	_, err = fmt.Fprintln(out, "devices revoked after the backup are known again: revoke them once more")
	return err
}
