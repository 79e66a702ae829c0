package central

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// Taken is what became of a file of unsent operations.
type Taken struct {
	Device  string    `json:"device"`
	Revoked bool      `json:"revoked"` // the device is
	Made    time.Time `json:"made"`    // the file, by the clock of the device
	Ops     []TakenOp `json:"ops"`     // in the order of the file
}

// TakenOp is one operation and its verdict; it holds no content.
type TakenOp struct {
	Kind app.OpKind `json:"kind"`
	wire.Judged
}

// Take judges the operations of a file that a workstation exported and a person
// brought, exactly as if the device had pushed them: what is known already gets
// its first verdict again. The file has to be signed with the key of a device
// that enrolled here; one that was revoked since is as good, because the
// administrator who takes the file answers for it. A file that cannot be read
// whole changes nothing. Errors: wire.ErrOutboxFormat, wire.ErrOutboxSeal,
// app.CodeNotFound for a device that is not known here.
func (s *Server) Take(ctx context.Context, file []byte) (Taken, error) {
	var d Device
	head, ops, err := wire.ReadOutbox(file, func(id string) (ed25519.PublicKey, error) {
		err := s.storage.View(ctx, func(tx Reader) (err error) {
			var ok bool
			if d, ok, err = tx.Device(id); err == nil && !ok {
				err = app.Fail(app.CodeNotFound, id)
			}
			return err
		})
		return d.Key, err
	})
	if err != nil {
		return Taken{}, err
	}
	t := Taken{Device: d.ID, Revoked: d.Revoked, Made: head.Made, Ops: make([]TakenOp, 0, len(ops))}
	for len(ops) > 0 {
		batch, size := []json.RawMessage{}, 0
		for _, o := range ops {
			raw := app.Encode(o.Op)
			if size += len(raw); len(batch) == wire.MaxOps || len(batch) > 0 && size > wire.MaxBytes {
				break
			}
			batch = append(batch, raw)
		}
		verdicts, err := s.judgeBatch(ctx, d, scopeOf(d), batch, time.Time{})
		if p := (*problem)(nil); errors.As(err, &p) && p.Code == wire.CodeForked {
			// Another copy of the device's file has used these numbers. The device would
			// take a new incarnation; here it is taken for it.
			inc := uint32(s.now().UnixNano()) | 1
			for i := range ops {
				ops[i].Op.Inc = inc
			}
			continue
		}
		if err != nil {
			return t, err
		}
		for i, v := range verdicts {
			t.Ops = append(t.Ops, TakenOp{ops[i].Op.Kind, v})
		}
		ops = ops[len(batch):]
	}
	return t, nil
}
