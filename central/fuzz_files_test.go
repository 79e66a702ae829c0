package central_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"otklik/app"
	"otklik/sync/wire"
)

// upload throws a request about an upload.
func (h *hostile) upload(method, path string, head http.Header, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Header = head.Clone()
	r.Header.Set("Authorization", "Bearer "+h.token)
	a := httptest.NewRecorder()
	h.handler.ServeHTTP(a, r)
	return a
}

// FuzzMetadata: no upload begins that is not of one hash and one type.
func FuzzMetadata(f *testing.F) {
	h := newHostile(f)
	_, file := photo(1, 5000)
	for _, m := range []string{
		wire.EncodeMetadata(file.SHA256, file.Type), "", ",", "sha256", "sha256 ,type ", "sha256 AAAA,sha256 AAAA", "a b c", "é w6k=",
		"filename eA==," + wire.EncodeMetadata(file.SHA256, "text/html"), wire.EncodeMetadata("../../x", file.Type),
	} {
		f.Add(m, "5000")
	}
	f.Add(wire.EncodeMetadata(file.SHA256, file.Type), "99999999999999999999")
	f.Fuzz(func(t *testing.T, metadata, length string) {
		a := h.upload("POST", wire.PathFiles, header(wire.HeaderTus, wire.TusVersion, wire.HeaderUploadLength, length, wire.HeaderUploadMetadata, metadata), nil)
		if a.Code == http.StatusTooManyRequests {
			return // it has begun as many as it may
		}
		if a.Code != http.StatusCreated {
			sound(t, a)
			return
		}
		m, err := wire.DecodeMetadata(metadata)
		if err != nil || !app.ValidSHA256(m[wire.MetaSHA256]) || app.FileEnding(m[wire.MetaType]) == "" {
			t.Fatalf("begun with %q", metadata)
		}
	})
}

// FuzzChecksum: a body is taken only with the sum that is its own.
func FuzzChecksum(f *testing.F) {
	h := newHostile(f)
	b, file := photo(1, 5000)
	a := h.upload("POST", wire.PathFiles, creation(file), nil)
	path := a.Header().Get("Location")
	for _, sum := range []string{
		wire.EncodeChecksum(b), "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "", "sha256", "sha256 ", "md5 x", "sha256 AAAA", "sha1  AAAA", "SHA256 AAAA",
	} {
		f.Add(sum, "0", b[:50])
	}
	f.Add(wire.EncodeChecksum(b[:50]), "-0", b[:50])
	f.Fuzz(func(t *testing.T, sum, offset string, body []byte) {
		if sum == "" {
			return
		}
		a := h.upload("PATCH", path, header(
			wire.HeaderTus, wire.TusVersion, "Content-Type", wire.TypeChunk, wire.HeaderUploadOffset, offset, wire.HeaderUploadChecksum, sum), body)
		if a.Code != http.StatusNoContent {
			sound(t, a)
			return
		}
		digest, want, err := wire.DecodeChecksum(sum)
		if err != nil {
			t.Fatalf("taken with %q", sum)
		}
		if digest.Write(body); !bytes.Equal(digest.Sum(nil), want) {
			t.Fatalf("taken with the sum of another body: %q", sum)
		}
	})
}

// FuzzRange: whatever part is asked for, what comes is that part of the file.
func FuzzRange(f *testing.F) {
	h := newHostile(f)
	b, file := photo(1, 5000)
	a := h.upload("POST", wire.PathFiles, creation(file), nil)
	h.upload("PATCH", a.Header().Get("Location"), chunk(0), b)
	appeal := app.Appeal{ID: app.IDFrom("fuzz", "a"), Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма", Status: app.StatusNew}
	note := app.Event{ID: app.IDFrom("fuzz", "range"), Type: app.EventNote}
	h.throw("POST", wire.PathOps, "", app.Encode(wire.Push{Ops: []app.Op{
		{ID: appeal.ID, N: 1, Ent: appeal.ID, Kind: app.OpCreate, Schema: app.Schema, At: noon, Payload: app.Encode(appeal)},
		{ID: note.ID, N: 2, Ent: appeal.ID, Kind: app.OpEvent, Schema: app.Schema, At: noon, Files: []app.File{file}, Payload: app.Encode(note)},
	}}))
	if a := h.throw("GET", wire.PathBlobs+file.SHA256, "", nil); !bytes.Equal(a.Body.Bytes(), b) {
		f.Fatalf("%d %s", a.Code, a.Body)
	}
	for _, r := range []string{"", "bytes=0-", "bytes=10-20", "bytes=-5", "bytes=4999-", "bytes=5000-", "bytes=0-1,4-5", "bytes=9-1", "x", "bytes=-0", "bytes=1-99999999999999999999"} {
		f.Add(r, "")
		f.Add(r, `"`+file.SHA256+`"`)
	}
	f.Fuzz(func(t *testing.T, part, ifRange string) {
		a := h.upload("GET", wire.PathBlobs+file.SHA256, header("Range", part, "If-Range", ifRange), nil)
		switch {
		case a.Code == http.StatusOK && !bytes.Equal(a.Body.Bytes(), b):
			t.Fatal("not the file")
		case a.Code == http.StatusPartialContent && !strings.HasPrefix(a.Header().Get("Content-Type"), "multipart/") && !bytes.Contains(b, a.Body.Bytes()):
			t.Fatal("not a part of the file")
		case a.Code != http.StatusOK && a.Code != http.StatusPartialContent && a.Code != http.StatusRequestedRangeNotSatisfiable:
			t.Fatalf("%d %s", a.Code, a.Body)
		}
	})
}
