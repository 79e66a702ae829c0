package conform

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/sync/wire"
)

// maxFrame bounds a frame when it is unpacked, by the contract.
const maxFrame = 8 << 20

// checkSnapshot takes a snapshot in and asks that it and the feed after it
// together hold an appeal that was just made.
func checkSnapshot(ctx context.Context, t *trial) error {
	d, create, _, err := t.fresh(ctx)
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
	found, rows := false, 0
	for _, f := range shot.Frames {
		n, has, err := d.frame(ctx, f, create.Ent)
		if err != nil {
			return err
		}
		rows += n
		found = found || has
	}
	if rows != shot.Rows {
		return fmt.Errorf("the manifest names %d rows, the frames hold %d", shot.Rows, rows)
	}
	_, seen, err := d.end(ctx, shot.Next)
	if err == nil && !found && len(seen[create.ID]) == 0 {
		err = errors.New("an appeal is neither in the snapshot nor in the feed after it")
	}
	return err
}

// frame takes a frame in and says how many rows it holds and whether one is the
// appeal.
func (d *device) frame(ctx context.Context, f app.Frame, appeal string) (rows int, has bool, err error) {
	a, err := d.send(ctx, "GET", wire.PathSnapshot+"/"+f.SHA256, d.token, nil)
	if err != nil {
		return 0, false, err
	}
	if sum := sha256.Sum256(a.body); a.status != 200 || hex.EncodeToString(sum[:]) != f.SHA256 {
		return 0, false, fmt.Errorf("a frame is not the one its hash names: %s", a)
	}
	unpack, err := zstd.NewReader(bytes.NewReader(a.body), zstd.WithDecoderMaxMemory(maxFrame))
	if err != nil {
		return 0, false, err
	}
	defer unpack.Close()
	for lines := json.NewDecoder(io.LimitReader(unpack, maxFrame)); ; rows++ {
		var r app.SnapshotRow
		if err := lines.Decode(&r); err == io.EOF {
			break
		} else if err != nil {
			return 0, false, fmt.Errorf("a row of a frame: %w", err)
		}
		if r.Kind == app.RowAppeal {
			one, err := app.Decode[app.Appeal](r.Value)
			if err != nil {
				return 0, false, fmt.Errorf("an appeal of a frame: %w", err)
			}
			has = has || one.ID == appeal
		}
	}
	if rows != f.Rows {
		err = fmt.Errorf("a frame holds %d rows of %d", rows, f.Rows)
	}
	return rows, has, err
}
