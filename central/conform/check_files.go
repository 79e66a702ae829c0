package conform

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"

	"otklik/app"
	"otklik/sync/wire"
)

// sample gives a text nobody has seen before and the file it is.
func sample() ([]byte, app.File) {
	b := []byte("Проверка сервера, не вложение: " + rand.Text())
	sum := sha256.Sum256(b)
	return b, app.File{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(b)), Type: "text/plain", Name: "проверка.txt"}
}

// begin begins an upload and gives where it is.
func (d *device) begin(ctx context.Context, f app.File) (path string, err error) {
	a, err := d.send(ctx, "POST", wire.PathFiles, d.token, nil, wire.HeaderTus, wire.TusVersion,
		wire.HeaderUploadLength, strconv.FormatInt(f.Size, 10), wire.HeaderUploadMetadata, wire.EncodeMetadata(f.SHA256, f.Type))
	if err == nil && (a.status != http.StatusCreated || a.header.Get("Location") == "") {
		err = fmt.Errorf("expected 201 with a Location, got %s", a)
	}
	return a.header.Get("Location"), err
}

func (d *device) patch(ctx context.Context, path string, offset int, body []byte, more ...string) (answer, error) {
	return d.send(ctx, "PATCH", path, d.token, body, append([]string{
		wire.HeaderTus, wire.TusVersion, "Content-Type", wire.TypeChunk, wire.HeaderUploadOffset, strconv.Itoa(offset),
	}, more...)...)
}

// at asserts a status and an offset.
func at(a answer, err error, status, offset int) error {
	if err == nil && (a.status != status || a.header.Get(wire.HeaderUploadOffset) != strconv.Itoa(offset)) {
		err = fmt.Errorf("expected %d at %d, got %s at %q", status, offset, a, a.header.Get(wire.HeaderUploadOffset))
	}
	return err
}

// checkUpload sends a file in two parts, one of them damaged on the first try.
func checkUpload(ctx context.Context, t *trial) error {
	d, create, _, err := t.fresh(ctx)
	if err != nil {
		return err
	}
	b, f := sample()
	path, err := d.begin(ctx, f)
	if err != nil {
		return err
	}
	note := d.note(create.Ent, "С вложением")
	note.Files = []app.File{f}
	v, err := d.push(ctx, note)
	if err == nil && (v[0].Verdict != app.VerdictRetry || v[0].Reason != wire.CodeBlobMissing || v[0].AfterMS < 1) {
		err = fmt.Errorf("expected a retry while the file is missing, got %+v", v[0])
	}
	if err != nil {
		return err
	}
	const half = 20
	a, err := d.patch(ctx, path, 0, b[:half], wire.HeaderUploadChecksum, wire.EncodeChecksum(b[1:half]))
	if err == nil {
		_, err = a.refused(wire.StatusChecksum, wire.CodeChecksum)
	}
	if err != nil {
		return err
	}
	a, err = d.patch(ctx, path, 0, b[:half], wire.HeaderUploadChecksum, wire.EncodeChecksum(b[:half]))
	if err := at(a, err, http.StatusNoContent, half); err != nil {
		return err
	}
	a, err = d.send(ctx, "HEAD", path, d.token, nil, wire.HeaderTus, wire.TusVersion)
	if err := at(a, err, http.StatusOK, half); err != nil {
		return err
	}
	if a, err = d.patch(ctx, path, 0, b); err == nil {
		_, err = a.refused(http.StatusConflict, wire.CodeOffset)
	}
	if err != nil {
		return err
	}
	a, err = d.patch(ctx, path, half, b[half:])
	if err := at(a, err, http.StatusNoContent, len(b)); err != nil {
		return err
	}
	if _, err := d.judged(ctx, note, app.VerdictApplied, ""); err != nil {
		return err
	}
	appeal, err := d.appeal(ctx, create.Ent)
	if err != nil {
		return err
	}
	for _, e := range appeal.Events {
		if e.ID == note.ID && (len(e.Files) != 1 || e.Files[0] != f) {
			err = fmt.Errorf("the fact names the files %+v", e.Files)
		}
	}
	if err != nil {
		return err
	}
	if a, err = d.send(ctx, "GET", wire.PathBlobs+f.SHA256, d.token, nil); err == nil && (a.status != http.StatusOK || !bytes.Equal(a.body, b)) {
		err = fmt.Errorf("expected the file, got %s", a)
	}
	if err != nil {
		return err
	}
	if a, err = d.send(ctx, "GET", wire.PathBlobs+f.SHA256, d.token, nil, "Range", fmt.Sprintf("bytes=%d-", half)); err == nil &&
		(a.status != http.StatusPartialContent || !bytes.Equal(a.body, b[half:])) {
		err = fmt.Errorf("expected the rest of the file, got %s", a)
	}
	return err
}

// checkPrivate asks that a file no appeal names can be read by nobody, and that a
// hash without the bytes is no file.
func checkPrivate(ctx context.Context, t *trial) error {
	d, create, _, err := t.fresh(ctx)
	if err != nil {
		return err
	}
	b, f := sample()
	path, err := d.begin(ctx, f)
	if err != nil {
		return err
	}
	a, err := d.patch(ctx, path, 0, b)
	if err := at(a, err, http.StatusNoContent, len(b)); err != nil {
		return err
	}
	if err := t.refuse(ctx, "GET", wire.PathBlobs+f.SHA256, d.token, nil, 404, app.CodeNotFound); err != nil {
		return fmt.Errorf("a file no appeal names: %w", err)
	}
	for _, hash := range []string{"x", "..%2F..%2Fetc%2Fpasswd"} {
		if err := t.refuse(ctx, "GET", wire.PathBlobs+hash, d.token, nil, 404, app.CodeNotFound); err != nil {
			return fmt.Errorf("%s: %w", hash, err)
		}
	}
	if t.two == nil {
		return nil
	}
	note := t.two.note(create.Ent, "Чужое вложение")
	note.Files = []app.File{f}
	v, err := t.two.push(ctx, note)
	if err == nil && v[0].Verdict != app.VerdictRetry {
		err = fmt.Errorf("another device named the file by its hash alone: %+v", v[0])
	}
	return err
}

// checkTypes asks that what could run somewhere is not taken.
func checkTypes(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	page := []byte("<!doctype html><script></script>" + rand.Text())
	sum := sha256.Sum256(page)
	f := app.File{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(page)), Type: "text/plain"}
	path, err := d.begin(ctx, f)
	if err != nil {
		return err
	}
	a, err := d.patch(ctx, path, 0, page)
	if err == nil {
		_, err = a.refused(http.StatusUnsupportedMediaType, app.CodeAttachType)
	}
	return err
}
