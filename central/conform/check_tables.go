package conform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/sync/wire"
)

// checkTable puts the shared views in force as they are, so that nobody notices,
// and asks that every workstation is told. A workstation whose person may not
// change tables has to be refused instead.
func checkTable(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	a, err := t.send(ctx, "GET", wire.PathSnapshot, d.token, nil)
	if err != nil {
		return err
	}
	var shot app.Snapshot
	if err := a.into(&shot); err != nil {
		return err
	}
	table := app.Table{Name: app.TableViews, Columns: []app.Column{}, Rows: [][]string{}}
	for _, f := range shot.Frames {
		if err := d.tableOf(ctx, f, &table); err != nil {
			return err
		}
	}
	op := d.op(app.OpTable, newID(), string(table.Name), 0, table)
	v, err := d.push(ctx, op)
	if err != nil {
		return err
	}
	if v[0].Verdict == app.VerdictRejected && v[0].Reason == app.CodeWrongRole {
		return nil
	}
	if v[0].Verdict != app.VerdictApplied {
		return fmt.Errorf("a table is %s %s", v[0].Verdict, v[0].Reason)
	}
	for _, to := range []*device{d, t.narrow} {
		if to == nil {
			continue
		}
		_, seen, err := to.end(ctx, "")
		if err != nil {
			return err
		}
		c := seen[op.ID]
		if len(c) != 1 || c[0].Kind != app.OpTable {
			return fmt.Errorf("of a table a workstation is told %+v", c)
		}
		got, err := app.Decode[app.Table](c[0].Body)
		if err != nil || !got.SameRows(table) || got.By == "" || got.At.IsZero() {
			return fmt.Errorf("a table of %d rows is told as %+v, %w", len(table.Rows), got, errors.Join(err))
		}
	}
	later := d.op(app.OpTable, newID(), "of_tomorrow", 0, app.Table{Name: "of_tomorrow"})
	_, err = d.judged(ctx, later, app.VerdictRejected, app.CodeUnknownSchema)
	return err
}

// tableOf takes the table over where a frame holds it.
func (d *device) tableOf(ctx context.Context, f app.Frame, table *app.Table) error {
	a, err := d.send(ctx, "GET", wire.PathSnapshot+"/"+f.SHA256, d.token, nil)
	if err != nil {
		return err
	}
	unpack, err := zstd.NewReader(bytes.NewReader(a.body), zstd.WithDecoderMaxMemory(maxFrame))
	if err != nil {
		return err
	}
	defer unpack.Close()
	for lines := json.NewDecoder(io.LimitReader(unpack, maxFrame)); ; {
		var r app.SnapshotRow
		if err := lines.Decode(&r); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("a row of a frame: %w", err)
		}
		if r.Kind != app.RowTable {
			continue
		}
		one, err := app.Decode[app.Table](r.Value)
		if err != nil {
			return fmt.Errorf("a table of a frame: %w", err)
		}
		if one.Name == table.Name {
			*table = one
		}
	}
}
