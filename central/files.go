package central

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	digest "hash"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/sync/wire"
)

// A file is in one of three states. An upload of a device has Offset < Size. A
// whole upload has Offset = Size, and a blob with its hash was there when the
// last byte came. A blob becomes part of a fact when an applied operation, or a
// conflict, names it; then the upload is forgotten. Uploads whose time is over
// are forgotten with the blobs that no fact names.

// Time-outs of a body that comes in pieces: between two of them, and in all.
// What has arrived until then is kept, and the device goes on from there.
const (
	pieceTime = 30 * time.Second
	patchTime = 10 * time.Minute
)

// stepBytes is how much of a body is written at once.
const stepBytes = 4 * PieceBytes

// tus wraps an endpoint of uploads.
func tus(f func(http.ResponseWriter, *http.Request, Device) error) func(http.ResponseWriter, *http.Request, Device) error {
	return func(w http.ResponseWriter, r *http.Request, d Device) error {
		w.Header().Set(wire.HeaderTus, wire.TusVersion)
		w.Header().Set("Cache-Control", "no-store")
		if r.Header.Get(wire.HeaderTus) != wire.TusVersion {
			w.Header().Set(wire.HeaderTusVersion, wire.TusVersion)
			return fail(http.StatusPreconditionFailed, wire.CodeTus, "Tus-Resumable names no version that is spoken").with(wire.TusVersion)
		}
		return f(w, r, d)
	}
}

// tusOptions says what part of tus is spoken; it needs no token.
func (s *Server) tusOptions(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set(wire.HeaderTus, wire.TusVersion)
	h.Set(wire.HeaderTusVersion, wire.TusVersion)
	h.Set(wire.HeaderTusExtension, wire.TusExtensions)
	h.Set(wire.HeaderTusMaxSize, strconv.FormatInt(s.opts.MaxFile, 10))
	h.Set(wire.HeaderTusChecksums, wire.TusChecksums)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// begin makes an upload, or finds the one the device has already begun.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, d Device) error {
	size, err := strconv.ParseInt(r.Header.Get(wire.HeaderUploadLength), 10, 64)
	if err != nil || size < 1 {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "Upload-Length is not a number of bytes")
	}
	if size > s.opts.MaxFile {
		return fail(http.StatusRequestEntityTooLarge, app.CodeAttachLarge, "the file is too large").
			with(strconv.FormatInt(s.opts.MaxFile, 10))
	}
	meta, err := wire.DecodeMetadata(r.Header.Get(wire.HeaderUploadMetadata))
	if err != nil || !app.ValidSHA256(meta[wire.MetaSHA256]) {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "Upload-Metadata does not name the sha256 of the file")
	}
	if app.FileEnding(meta[wire.MetaType]) == "" {
		return fail(http.StatusUnsupportedMediaType, app.CodeAttachType, "files of this type are not taken")
	}
	if err := s.tidy(r.Context()); err != nil {
		return err
	}
	var u Upload
	err = s.storage.Update(r.Context(), func(tx Tx) error {
		all, err := tx.Uploads(d.ID)
		if err != nil {
			return err
		}
		same := func(u Upload) bool {
			return u.SHA256 == meta[wire.MetaSHA256] && u.Size == size && u.Type == meta[wire.MetaType]
		}
		i := slices.IndexFunc(all, same)
		if i < 0 {
			if len(all) >= wire.MaxUploads {
				p := fail(http.StatusTooManyRequests, wire.CodeManyUploads, "too many files are on their way; push what names them")
				p.after = retryAfter
				return p
			}
			i, all = len(all), append(all, Upload{ID: ulid.Make().String(), SHA256: meta[wire.MetaSHA256], Type: meta[wire.MetaType], Size: size})
		}
		// What the device may read need not come again. Of what it may not read it is
		// not told whether it is here: who only knows a hash has to bring the bytes.
		if b, known, err := tx.Blob(meta[wire.MetaSHA256]); err != nil {
			return err
		} else if known && b.Size == size && b.Type == meta[wire.MetaType] && all[i].Offset < size {
			may, err := mayRead(tx, d, b)
			if err != nil {
				return err
			}
			if may {
				if err := dropBytes(tx, all[i]); err != nil {
					return err
				}
				all[i].Offset, all[i].State = size, nil
			}
		}
		all[i].Until = s.now().Add(wire.UploadLife)
		u = all[i]
		return tx.PutUploads(d.ID, all)
	})
	if err != nil {
		return err
	}
	tell(w, u)
	w.Header().Set("Location", wire.PathFiles+"/"+u.ID)
	w.WriteHeader(http.StatusCreated)
	return nil
}

// tell says how far the upload is.
func tell(w http.ResponseWriter, u Upload) {
	w.Header().Set(wire.HeaderUploadOffset, strconv.FormatInt(u.Offset, 10))
	w.Header().Set(wire.HeaderUploadExpires, u.Until.UTC().Format(http.TimeFormat))
}

// progress says how far an upload is.
func (s *Server) progress(w http.ResponseWriter, r *http.Request, d Device) error {
	var u Upload
	err := s.storage.View(r.Context(), func(tx Reader) error {
		all, i, err := s.upload(tx, d, r.PathValue("id"))
		if err == nil {
			u = all[i]
		}
		return err
	})
	if err != nil {
		return err
	}
	tell(w, u)
	w.Header().Set(wire.HeaderUploadLength, strconv.FormatInt(u.Size, 10))
	w.WriteHeader(http.StatusOK)
	return nil
}

// upload finds an upload of the device among all of them.
func (s *Server) upload(tx Reader, d Device, id string) (all []Upload, i int, err error) {
	if all, err = tx.Uploads(d.ID); err != nil {
		return nil, 0, err
	}
	i = slices.IndexFunc(all, func(u Upload) bool { return u.ID == id })
	switch {
	case i < 0:
		return nil, 0, fail(http.StatusNotFound, app.CodeNotFound, "no such upload of this device")
	case all[i].Until.Before(s.now()):
		return nil, 0, fail(http.StatusGone, wire.CodeUploadGone, "the upload was not finished in time; begin again")
	}
	return all, i, nil
}

// patch takes bytes of an upload. Without a checksum what arrives is kept as it
// arrives, so that little is lost with the connection; with one, the body counts
// only when it is whole.
func (s *Server) patch(w http.ResponseWriter, r *http.Request, d Device) error {
	if r.Header.Get("Content-Type") != wire.TypeChunk {
		return fail(http.StatusUnsupportedMediaType, wire.CodeMedia, "the body is not what this path takes").with(wire.TypeChunk)
	}
	offset, err := strconv.ParseInt(r.Header.Get(wire.HeaderUploadOffset), 10, 64)
	if err != nil || offset < 0 {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "Upload-Offset is not a number of bytes")
	}
	var sum digest.Hash
	var want []byte
	if said := r.Header.Get(wire.HeaderUploadChecksum); said != "" {
		if sum, want, err = wire.DecodeChecksum(said); err != nil {
			return fail(http.StatusBadRequest, wire.CodeMalformed, "Upload-Checksum is of no known algorithm").with(wire.TusChecksums)
		}
	}
	id := r.PathValue("id")
	var u Upload
	err = s.storage.View(r.Context(), func(tx Reader) error {
		all, i, err := s.upload(tx, d, id)
		if err == nil {
			u = all[i]
		}
		return err
	})
	if err != nil {
		return err
	}
	if offset != u.Offset {
		return elsewhere(w, u)
	}
	left := u.Size - u.Offset
	if r.ContentLength > left {
		return fail(http.StatusRequestEntityTooLarge, wire.CodeTooLarge, "the body goes beyond Upload-Length")
	}
	from := &patient{body: http.MaxBytesReader(w, r.Body, left), control: http.NewResponseController(w), end: time.Now().Add(patchTime)}
	defer from.done()
	if sum == nil {
		u, err = s.stream(r.Context(), d, u, from)
	} else {
		u, err = s.checked(r.Context(), d, u, from, sum, want)
	}
	if errors.Is(err, errMoved) {
		return elsewhere(w, u)
	}
	if err != nil {
		return err
	}
	tell(w, u)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func elsewhere(w http.ResponseWriter, u Upload) error {
	tell(w, u)
	return fail(http.StatusConflict, wire.CodeOffset, "the upload does not go on there; ask with HEAD")
}

// patient reads a body whose sender is slow but does send: the time-outs of the
// connection are for answers, and would end a large file on a thin line.
type patient struct {
	body    io.Reader
	control *http.ResponseController
	end     time.Time
}

func (p *patient) Read(b []byte) (int, error) {
	next := time.Now().Add(pieceTime)
	if next.After(p.end) {
		next = p.end
	}
	_ = p.control.SetReadDeadline(next) // what has no deadlines has no time-outs either
	return p.body.Read(b)
}

// done leaves time for the answer.
func (p *patient) done() {
	_ = p.control.SetWriteDeadline(time.Now().Add(pieceTime))
}

// stream keeps the body step by step. A body that is cut off is no failure of
// what came before the cut.
func (s *Server) stream(ctx context.Context, d Device, u Upload, from io.Reader) (Upload, error) {
	buffer := make([]byte, min(stepBytes, u.Size-u.Offset))
	for {
		// Steps end where pieces end, so that each piece is written once.
		step := buffer[:min(int64(len(buffer)), stepBytes-u.Offset%PieceBytes)]
		n, end := 0, error(nil)
		for n < len(step) && end == nil {
			var more int
			more, end = from.Read(step[n:])
			n += more
		}
		if n > 0 {
			// The device may be gone; what it has brought is kept.
			var err error
			if u, err = s.take(context.WithoutCancel(ctx), d, u, step[:n]); err != nil {
				return u, err
			}
		}
		switch {
		case u.Offset == u.Size, end == io.EOF:
			return u, nil
		case end != nil:
			return u, unreadable(end)
		}
	}
}

// checked keeps the body when it is whole and its sum fits.
func (s *Server) checked(ctx context.Context, d Device, u Upload, from io.Reader, sum digest.Hash, want []byte) (Upload, error) {
	b, err := io.ReadAll(io.LimitReader(from, wire.MaxChecked+1))
	if err != nil {
		return u, unreadable(err)
	}
	if len(b) > wire.MaxChecked {
		return u, fail(http.StatusRequestEntityTooLarge, wire.CodeTooLarge, "a body with a checksum may not be that large").
			with(strconv.Itoa(wire.MaxChecked))
	}
	if sum.Write(b); string(sum.Sum(nil)) != string(want) {
		return u, fail(wire.StatusChecksum, wire.CodeChecksum, "the body is not the one its checksum is of")
	}
	if len(b) == 0 {
		return u, nil
	}
	return s.take(ctx, d, u, b)
}

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
