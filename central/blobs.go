package central

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// errNoBlob says that a file an operation names has not arrived.
var errNoBlob = errors.New("a file of the operation is not here")

// attach asks that the files of the operation are here, where its outcome will
// name them.
func (j *judge) attach(c *app.Change) error {
	if !names(c) {
		return nil
	}
	for _, f := range j.op.Files {
		b, known, err := j.tx.Blob(f.SHA256)
		if err != nil {
			return err
		}
		if !known {
			return errNoBlob
		}
		// A hash alone gives no right to what somebody else has brought.
		has, err := mayRead(j.tx, j.device, b)
		if err != nil {
			return err
		}
		if !has {
			if has, err = brought(j.tx, j.device, f.SHA256); err != nil {
				return err
			}
		}
		switch {
		case !has:
			return errNoBlob
		case b.Size != f.Size || b.Type != f.Type:
			c.Verdict, c.Reason, c.Body = app.VerdictRejected, wire.CodeMalformed, nil
			return nil
		}
	}
	return nil
}

// names says whether the change brings the files of its operation into facts.
func names(c *app.Change) bool {
	return c.Verdict == app.VerdictApplied || c.Verdict == app.VerdictConflict
}

// brought says whether the device has sent the whole file itself.
func brought(tx Reader, d Device, sha256 string) (bool, error) {
	all, err := tx.Uploads(d.ID)
	return slices.ContainsFunc(all, func(u Upload) bool { return u.SHA256 == sha256 && u.Offset == u.Size }), err
}

// claim makes the files part of the facts about an appeal.
func claim(tx Tx, d Device, c *app.Change, files []app.File) error {
	if len(files) == 0 || !names(c) {
		return nil
	}
	for _, f := range files {
		b, _, err := tx.Blob(f.SHA256)
		if err != nil {
			return err
		}
		if slices.Contains(b.Appeals, c.Ent) {
			continue
		}
		b.Appeals = append(b.Appeals, c.Ent)
		if err := tx.PutBlob(b); err != nil {
			return err
		}
	}
	all, err := tx.Uploads(d.ID)
	if err != nil {
		return err
	}
	stay := slices.DeleteFunc(slices.Clone(all), func(u Upload) bool {
		return u.Offset == u.Size && slices.ContainsFunc(files, func(f app.File) bool { return f.SHA256 == u.SHA256 })
	})
	if len(stay) == len(all) {
		return nil
	}
	return tx.PutUploads(d.ID, stay)
}

// mayRead says whether the device may have the bytes of the blob: whether one of
// the appeals that name it is within its scope.
func mayRead(tx Reader, d Device, b Blob) (bool, error) {
	of := scopeOf(d)
	for _, id := range b.Appeals {
		if _, may, err := of.visible(tx, id); err != nil || may {
			return may, err
		}
	}
	return false, nil
}

// blob sends a whole file or a part of it.
func (s *Server) blob(w http.ResponseWriter, r *http.Request, d Device) error {
	// What the device may not read is answered as what is not here.
	absent := fail(http.StatusNotFound, app.CodeNotFound, "no such file")
	sum := r.PathValue("sha256")
	if !app.ValidSHA256(sum) {
		return absent
	}
	var b Blob
	err := s.storage.View(r.Context(), func(tx Reader) error {
		var known, may bool
		var err error
		if b, known, err = tx.Blob(sum); err != nil || !known {
			return errors.Join(err, absent)
		}
		if may, err = mayRead(tx, d, b); err == nil && !may {
			err = absent
		}
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", b.Type)
	h.Set("ETag", `"`+b.SHA256+`"`)
	h.Set("Cache-Control", "private, no-cache")
	// Never to be shown by a browser as if it came from this server.
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", "attachment")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	http.ServeContent(w, r, "", time.Time{}, &content{s: s, ctx: r.Context(), blob: b})
	return nil
}

// content reads a blob piece by piece, each in a transaction of its own: the
// reader may be slow, and what is under a hash does not change.
type content struct {
	s    *Server
	ctx  context.Context
	blob Blob

	at    int64
	n     int // of the piece
	piece []byte
}

func (c *content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.blob.Size
	}
	if offset < 0 {
		return 0, errors.New("before the beginning of a file")
	}
	c.at = offset
	return offset, nil
}

func (c *content) Read(b []byte) (int, error) {
	if c.at >= c.blob.Size {
		return 0, io.EOF
	}
	n := int(c.at / PieceBytes)
	if c.piece == nil || n != c.n {
		err := c.s.storage.View(c.ctx, func(tx Reader) error {
			piece, _, err := tx.Piece(c.blob.Upload, n)
			if want := min(PieceBytes, c.blob.Size-int64(n)*PieceBytes); err == nil && int64(len(piece)) != want {
				err = fmt.Errorf("piece %d of a file has %d bytes of %d", n, len(piece), want)
			}
			c.n, c.piece = n, piece
			return err
		})
		if err != nil {
			c.s.opts.Log.Error("internal", "route", "GET "+wire.PathBlobs, "err", err.Error())
			return 0, err
		}
	}
	copied := copy(b, c.piece[c.at-int64(n)*PieceBytes:])
	c.at += int64(copied)
	return copied, nil
}
