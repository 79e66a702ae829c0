package central

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// Actor is a hand of the server itself: a channel by which appeals come in and
// answers go out.
type Actor struct {
	ID   string // stays the same for the life of the data: it is the author of changes
	Name string // for people: «Бот в Telegram»
}

func (a Actor) device() Device {
	return Device{ID: a.ID, Name: a.Name, Identity: app.Identity{Name: a.Name, Roles: []app.Role{app.RoleChannel}}}
}

// Acting is one transaction of an actor.
type Acting struct {
	Tx
	b *batch
	s *Server
}

// Act runs f in one transaction: operations of the actor are judged as everybody's
// are, and what else f writes stands or falls with them. f may be called again by a
// storage that has to repeat a transaction.
func (s *Server) Act(ctx context.Context, who Actor, f func(*Acting) error) error {
	var b *batch
	err := s.storage.Update(ctx, func(tx Tx) error {
		d := who.device()
		b = &batch{
			tx: tx, device: d, scope: scopeOf(d), now: s.now(), own: true, applied: s.opts.Applied, held: map[string]bool{},
		}
		return f(&Acting{tx, b, s})
	})
	if err != nil {
		return fmt.Errorf("act for %s: %w", who.ID, err)
	}
	if b.appended > 0 {
		s.grow()
	}
	for _, v := range b.out {
		s.opts.Meter.Judged(v.Verdict)
	}
	return nil
}

// Do has one operation judged. Its ID says which it is: the same one again gets its
// first verdict and does nothing. Of the operation ID, Ent, Kind, At, Files and
// Payload are asked for.
func (a *Acting) Do(op app.Op) (wire.Judged, error) {
	op.Schema = app.Schema
	if err := a.b.take(app.Encode(op)); err != nil {
		return wire.Judged{}, err
	}
	return a.b.out[len(a.b.out)-1], nil
}

// Now is the time of the transaction.
func (a *Acting) Now() time.Time { return a.b.now }

// ErrFile says that a file is of no type that may be attached, or longer than one may
// be.
var ErrFile = errors.New("the file cannot be attached")

// Keep takes a file in, for an operation of this transaction to name. Errors: ErrFile.
func (a *Acting) Keep(name string, data []byte) (app.File, error) {
	sum := sha256.Sum256(data)
	f := app.File{SHA256: hex.EncodeToString(sum[:]), Type: app.FileType(data[:min(len(data), int(app.FileHead))]), Size: int64(len(data))}
	f.Name = app.FileName(name, f.Type)
	if !f.Valid() || f.Size > a.s.opts.MaxFile {
		return app.File{}, ErrFile
	}
	u := Upload{
		ID: app.IDFrom("channel", a.b.device.ID, f.SHA256), SHA256: f.SHA256, Type: f.Type, Size: f.Size, Until: a.b.now.Add(wire.UploadLife),
	}
	all, err := a.Uploads(a.b.device.ID)
	if err != nil {
		return app.File{}, err
	}
	if _, known, err := a.Blob(f.SHA256); err != nil {
		return app.File{}, err
	} else if !known {
		if _, err := add(a.Tx, &u, data); err != nil {
			return app.File{}, err
		}
		if err := a.PutBlob(Blob{SHA256: f.SHA256, Type: f.Type, Size: f.Size, Upload: u.ID, Appeals: []string{}}); err != nil {
			return app.File{}, err
		}
	}
	u.Offset = u.Size
	return f, a.PutUploads(a.b.device.ID, append(all, u))
}
