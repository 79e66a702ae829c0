package central

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	digest "hash"
	"net/http"
	"slices"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// A file is in one of three states. An upload of a device has Offset < Size. A
// whole upload has Offset = Size, and a blob with its hash was there when the
// last byte came. A blob becomes part of a fact when an applied operation, or a
// conflict, names it; then the upload is forgotten. Uploads whose time is over
// are forgotten with the blobs that no fact names.

// errMoved says that the upload has gone on meanwhile.
var errMoved = errors.New("the upload has gone on")

// take adds bytes to an upload; the last ones make it a blob. u is the upload as
// the caller knows it; what comes back is how it stands.
func (s *Server) take(ctx context.Context, d Device, u Upload, b []byte) (now Upload, err error) {
	var refused *problem // after which the upload is forgotten
	err = s.storage.Update(ctx, func(tx Tx) error {
		refused = nil
		all, i, err := s.upload(tx, d, u.ID)
		if err != nil {
			return err
		}
		if now = all[i]; now.Offset != u.Offset {
			return errMoved
		}
		sum, err := add(tx, &now, b)
		if err != nil {
			return err
		}
		if refused, err = s.finish(tx, now, u.Offset, sum); err != nil {
			return err
		}
		if refused != nil {
			if err := dropBytes(tx, now); err != nil {
				return err
			}
			return tx.PutUploads(d.ID, slices.Delete(all, i, i+1))
		}
		now.Until = s.now().Add(wire.UploadLife)
		all[i] = now
		return tx.PutUploads(d.ID, all)
	})
	if err == nil && refused != nil {
		err = refused
	}
	return now, err
}

// add writes the bytes into pieces, and gives the hash of all that has arrived.
func add(tx Tx, u *Upload, b []byte) (digest.Hash, error) {
	sum := sha256.New()
	if u.Offset > 0 {
		if err := sum.(encoding.BinaryUnmarshaler).UnmarshalBinary(u.State); err != nil {
			return nil, fmt.Errorf("state of an upload: %w", err)
		}
	}
	sum.Write(b)
	for len(b) > 0 {
		n, used := int(u.Offset/PieceBytes), int(u.Offset%PieceBytes)
		piece := make([]byte, 0, min(PieceBytes, used+len(b)))
		if used > 0 {
			before, ok, err := tx.Piece(u.ID, n)
			if err != nil {
				return nil, err
			}
			if !ok || len(before) != used {
				return nil, fmt.Errorf("piece %d of an upload has %d bytes of %d", n, len(before), used)
			}
			piece = append(piece, before...)
		}
		more := min(PieceBytes-used, len(b))
		if err := tx.PutPiece(u.ID, n, append(piece, b[:more]...)); err != nil {
			return nil, err
		}
		b, u.Offset = b[more:], u.Offset+int64(more)
	}
	state, err := sum.(encoding.BinaryMarshaler).MarshalBinary()
	u.State = state
	return sum, err
}

// finish looks at the type as soon as the beginning is there, and at the hash
// when all is; then the upload becomes a blob.
func (s *Server) finish(tx Tx, u Upload, before int64, sum digest.Hash) (refused *problem, err error) {
	if head := min(app.FileHead, u.Size); before < head && u.Offset >= head {
		first, _, err := tx.Piece(u.ID, 0)
		if err != nil {
			return nil, err
		}
		if app.FileType(first) != u.Type {
			return fail(http.StatusUnsupportedMediaType, app.CodeAttachType, "the file is not of the type it was said to be"), nil
		}
	}
	if u.Offset < u.Size {
		return nil, nil
	}
	if hex.EncodeToString(sum.Sum(nil)) != u.SHA256 {
		return fail(wire.StatusChecksum, wire.CodeChecksum, "the file is not the one its sha256 is of"), nil
	}
	_, known, err := tx.Blob(u.SHA256)
	if err != nil {
		return nil, err
	}
	if known {
		return nil, dropBytes(tx, u)
	}
	return nil, tx.PutBlob(Blob{SHA256: u.SHA256, Type: u.Type, Size: u.Size, Upload: u.ID, Appeals: []string{}})
}

// pieces is how many pieces hold so many bytes.
func pieces(bytes int64) int { return int((bytes + PieceBytes - 1) / PieceBytes) }

// dropBytes forgets the bytes of an upload, unless they have become those of a
// blob.
func dropBytes(tx Tx, u Upload) error {
	b, known, err := tx.Blob(u.SHA256)
	if err != nil || known && b.Upload == u.ID {
		return err
	}
	return tx.DropPieces(u.ID, pieces(u.Offset))
}

// tidy forgets, once an hour, the uploads whose time is over.
func (s *Server) tidy(ctx context.Context) error {
	now := s.now()
	s.mu.Lock()
	due := now.Sub(s.tidied) >= time.Hour || now.Before(s.tidied)
	if due {
		s.tidied = now
	}
	s.mu.Unlock()
	if !due {
		return nil
	}
	var devices []string
	err := s.storage.View(ctx, func(tx Reader) (err error) {
		devices, err = tx.Uploading()
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range devices {
		if err := s.storage.Update(ctx, func(tx Tx) error { return forgetOver(tx, d, now) }); err != nil {
			return err
		}
	}
	return nil
}

// forgetOver forgets the uploads of the device whose time is over. A blob that
// another device has brought as well may go with them: the server then asks that
// one for it again.
func forgetOver(tx Tx, device string, now time.Time) error {
	all, err := tx.Uploads(device)
	if err != nil {
		return err
	}
	stay := all[:0:0]
	for _, u := range all {
		if !u.Until.Before(now) {
			stay = append(stay, u)
			continue
		}
		if u.Offset == u.Size {
			err = dropUnnamed(tx, u.SHA256)
		} else {
			err = dropBytes(tx, u)
		}
		if err != nil {
			return err
		}
	}
	if len(stay) == len(all) {
		return nil
	}
	return tx.PutUploads(device, stay)
}

func dropUnnamed(tx Tx, sha256 string) error {
	b, known, err := tx.Blob(sha256)
	if err != nil || !known || len(b.Appeals) > 0 {
		return err
	}
	return errors.Join(tx.DropPieces(b.Upload, pieces(b.Size)), tx.DropBlob(sha256))
}
