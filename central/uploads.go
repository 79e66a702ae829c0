package central

import (
	"context"
	"errors"
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
