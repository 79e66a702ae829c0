package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"otklik/central/embedded"
)

// errOwnTools is what backup and restore say of a database.
var errOwnTools = errors.New("a PostgreSQL database is backed up and restored with its own tools: " +
	"pg_basebackup with an archive of the log (or pg_dump), and after every restore to an earlier state, before any server starts, " +
	"«otklik-central restored --postgres URL», so that workstations send again what came after the backup")

func backup(ctx context.Context, args []string, out io.Writer) error {
	f := flags("backup", os.Stderr)
	at := placeIn(f)
	to := f.String("to", "", "file to write; one that is there already is never replaced")
	if err := f.Parse(args); err != nil {
		return err
	}
	if at.database() {
		return errOwnTools
	}
	if *to == "" {
		return errors.New("--to is missing: name the file to write")
	}
	path, err := filepath.Abs(*to) // the server may run in another folder
	if err != nil {
		return err
	}
	b, err := perform(ctx, *at, "backup", backupTask{To: path}, desk.backup)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %d bytes, up to change %d, read back, SHA-256 %s\n", b.Path, b.Bytes, b.Head, b.SHA256)
	return err
}

func restore(ctx context.Context, args []string, out io.Writer, now func() time.Time) error {
	f := flags("restore", os.Stderr)
	at := placeIn(f)
	from := f.String("from", "", "file that backup wrote, its .sha256 beside it")
	if err := f.Parse(args); err != nil {
		return err
	}
	if at.database() {
		return errOwnTools
	}
	if at.data == "" || *from == "" {
		return errors.New("--data or --from is missing: name the data folder and the backup")
	}
	if err := os.MkdirAll(at.data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	b, aside, err := embedded.Restore(ctx, *from, filepath.Join(at.data, fileName), now())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "restored up to change %d; a new epoch begins, workstations send again what came later\n", b.Head)
	if aside != "" {
		fmt.Fprintf(out, "the data that was there is now %s\n", aside)
	}
	_, err = fmt.Fprintln(out, "devices revoked after the backup are known again: revoke them once more")
	return err
}
