package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"otklik/app"
	"otklik/sync/wire"
)

// runOutbox writes what was not sent to a file that the administrator takes to
// the server.
func runOutbox(_ context.Context, in *invocation) (err error) {
	if len(in.args) != 1 || in.args[0] != "export" || in.file == "" {
		return app.Fail(app.CodeBadArgument, "outbox", "otklik outbox export --out FILE [--json] [--data DIR]")
	}
	st, err := openStation(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	n, err := st.Export(in.file)
	if err != nil {
		return err
	}
	if in.json {
		return in.printJSON(struct {
			Ops  int    `json:"ops"`
			File string `json:"file"`
		}{n, in.file})
	}
	fmt.Fprintln(in.out, in.text.N("cli.exported", n, in.file))
	return nil
}

// Unsent implements ui.Carrier.
func (st *station) Unsent() (int, error) {
	unsent, err := st.store.Unsettled()
	return len(unsent), err
}

// Export implements ui.Carrier: it writes what the server has not accepted to a
// new file, signed with the key of this device, and notes so in the journal. It
// works for a device that was revoked, too. Errors: CodeNothingUnsent,
// CodeNotEnrolled, CodeNoKey, CodeFileExists, CodeNoFolder, CodeDiskFull.
func (st *station) Export(path string) (int, error) {
	device, known, err := st.store.Device()
	if err != nil {
		return 0, err
	}
	if !known || device.Server == serverLocal {
		return 0, app.Fail(app.CodeNotEnrolled)
	}
	unsent, err := st.store.Unsettled()
	if err != nil {
		return 0, err
	}
	if len(unsent) == 0 {
		return 0, app.Fail(app.CodeNothingUnsent)
	}
	key, err := st.key(device)
	if err != nil {
		return 0, err
	}
	ops := make([]wire.OutboxOp, len(unsent))
	for i, e := range unsent {
		ops[i] = wire.OutboxOp{State: e.State, Reason: e.Reason, Op: e.Op}
	}
	now := st.desk.Now()
	file, err := wire.WriteOutbox(wire.OutboxHead{Device: device.ID, Inc: device.Inc, Made: now.UTC()}, ops, key)
	if err != nil {
		return 0, err
	}
	if err := writeNew(path, file); err != nil {
		return 0, err
	}
	return len(ops), st.store.Exported(app.Export{Ops: len(ops)}, now)
}

// Enrol implements ui.Carrier: it takes a new code for a workstation that was
// revoked, and the exchange goes on with it.
func (st *station) Enrol(code string) error {
	device, known, err := st.store.Device()
	if err != nil {
		return err
	}
	if !known || !device.Revoked {
		return nil // somebody was quicker
	}
	if _, err := st.network(); err != nil {
		return err
	}
	if _, err := st.enrol(context.Background(), device.Server, device.Server, code); err != nil {
		return err
	}
	select {
	case st.enrolled <- struct{}{}:
	default: // it is told already
	}
	return nil
}

// writeNew writes a file that was not there before; one that cannot be written
// whole is not left behind.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = f.Write(content)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return app.Fail(app.CodeFileExists, path).Because(err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return app.Fail(app.CodeDiskFull, path).Because(err)
	}
	return app.Fail(app.CodeNoFolder, filepath.Dir(path)).Because(err)
}
