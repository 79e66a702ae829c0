package central_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

// photo gives bytes of a picture, others for every n, and the file they are.
func photo(n, size int) ([]byte, app.File) {
	b := make([]byte, size)
	source := rand.New(rand.NewPCG(uint64(n), uint64(size)))
	for i := range b {
		b[i] = byte(source.UintN(256))
	}
	copy(b, "\xFF\xD8\xFF\xE0")
	sum := sha256.Sum256(b)
	return b, app.File{SHA256: hex.EncodeToString(sum[:]), Size: int64(size), Type: "image/jpeg", Name: "Двор.jpg"}
}

// header pairs names with values.
func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

// raw sends a request as it is and holds the answer against the contract.
func (s *station) raw(method, path string, h http.Header, body []byte) (*http.Response, []byte) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.http.URL+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for name := range h {
		r.Header.Set(name, h.Get(name))
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	reply, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.check(r, reply, answer)
	return reply, answer
}

// refused asks for a status and a code.
func (s *station) refused(what, method, path string, h http.Header, body []byte, status int, code app.Code) {
	s.t.Helper()
	reply, answer := s.raw(method, path, h, body)
	var p wire.Problem
	if method != "HEAD" {
		if err := json.Unmarshal(answer, &p); err != nil {
			s.t.Fatalf("%s: %d %q", what, reply.StatusCode, answer)
		}
	}
	if reply.StatusCode != status || p.Code != code {
		s.t.Errorf("%s: %d %s, want %d %s", what, reply.StatusCode, p.Code, status, code)
	}
}

func creation(f app.File) http.Header {
	return header(wire.HeaderTus, wire.TusVersion, wire.HeaderUploadLength, strconv.FormatInt(f.Size, 10),
		wire.HeaderUploadMetadata, wire.EncodeMetadata(f.SHA256, f.Type))
}

// begin begins an upload and gives where it is and how far.
func (s *station) begin(f app.File) (path string, offset int64) {
	s.t.Helper()
	reply, answer := s.raw("POST", wire.PathFiles, creation(f), nil)
	if reply.StatusCode != http.StatusCreated {
		s.t.Fatalf("begin: %d %s", reply.StatusCode, answer)
	}
	return reply.Header.Get("Location"), offsetOf(s.t, reply)
}

func offsetOf(t *testing.T, reply *http.Response) int64 {
	t.Helper()
	n, err := strconv.ParseInt(reply.Header.Get(wire.HeaderUploadOffset), 10, 64)
	if err != nil {
		t.Fatalf("%d: no offset in %v", reply.StatusCode, reply.Header)
	}
	return n
}

func chunk(offset int64, more ...string) http.Header {
	return header(append([]string{
		wire.HeaderTus, wire.TusVersion, "Content-Type", wire.TypeChunk, wire.HeaderUploadOffset, strconv.FormatInt(offset, 10),
	}, more...)...)
}

func (s *station) progress(path string) int64 {
	s.t.Helper()
	reply, _ := s.raw("HEAD", path, header(wire.HeaderTus, wire.TusVersion), nil)
	if reply.StatusCode != http.StatusOK {
		s.t.Fatalf("HEAD: %d", reply.StatusCode)
	}
	return offsetOf(s.t, reply)
}

// upload brings all of a file.
func (s *station) upload(b []byte, f app.File) {
	s.t.Helper()
	path, offset := s.begin(f)
	if reply, answer := s.raw("PATCH", path, chunk(offset), b[offset:]); reply.StatusCode != http.StatusNoContent {
		s.t.Fatalf("PATCH: %d %s", reply.StatusCode, answer)
	}
}

func (s *station) note(ent string, files ...app.File) app.Op {
	op := s.event(ent, 0, app.Event{Type: app.EventNote, Text: "Снимок"})
	op.Files = files
	return op
}

func verdict(t *testing.T, reply wire.PushReply, i int) string {
	t.Helper()
	v := reply.Verdicts[i]
	return strings.TrimSpace(string(v.Verdict) + " " + string(v.Reason))
}

// TestFileTravels: in pieces of any size to the server, from there in parts to
// who may see the appeal.
func TestFileTravels(t *testing.T) {
	o := newOffice(t)
	s, other := o.station("Оператор 1"), o.station("Оператор 2")
	b, f := photo(1, 2*central.PieceBytes+1234)
	create := s.create()
	s.push(create)

	reply, _ := s.raw("OPTIONS", wire.PathFiles, nil, nil)
	if h := reply.Header; reply.StatusCode != 204 || h.Get(wire.HeaderTusVersion) != "1.0.0" || h.Get(wire.HeaderTusMaxSize) != fmt.Sprint(app.MaxFile) {
		t.Errorf("OPTIONS: %d %v", reply.StatusCode, h)
	}
	path, _ := s.begin(f)
	sum := sha1.Sum(b[:100])
	if r, _ := s.raw("PATCH", path, chunk(0, wire.HeaderUploadChecksum, "sha1 "+base64.StdEncoding.EncodeToString(sum[:])), b[:100]); offsetOf(t, r) != 100 {
		t.Error("sha1")
	}
	// Another chunk of the same place, and one that was damaged on the way.
	s.refused("an old place", "PATCH", path, chunk(0), b[:100], 409, wire.CodeOffset)
	s.refused("a damaged chunk", "PATCH", path, chunk(100, wire.HeaderUploadChecksum, wire.EncodeChecksum(b[100:200])), b[101:201], 460, wire.CodeChecksum)
	for _, to := range []int64{4000, 5000, central.PieceBytes, central.PieceBytes + 1, 2 * central.PieceBytes} {
		from := s.progress(path)
		if r, _ := s.raw("PATCH", path, chunk(from, wire.HeaderUploadChecksum, wire.EncodeChecksum(b[from:to])), b[from:to]); offsetOf(t, r) != to {
			t.Fatalf("%d: %d", to, r.StatusCode)
		}
	}
	if again, offset := s.begin(f); again != path || offset != 2*central.PieceBytes {
		t.Errorf("begun again: %s at %d", again, offset)
	}

	// While it is not whole the operation waits, those after it about the appeal,
	// and no others.
	later, elsewhere := s.note(create.Ent), s.create()
	with := s.note(create.Ent, f)
	got := s.push(with, later, elsewhere)
	if a, b, c := verdict(t, got, 0), verdict(t, got, 1), verdict(t, got, 2); a != "retry blob_missing" || b != "retry" || c != "applied" {
		t.Fatalf("%s, %s, %s", a, b, c)
	}
	s.refused("not whole", "GET", wire.PathBlobs+f.SHA256, nil, nil, 404, app.CodeNotFound)
	if r, answer := s.raw("PATCH", path, chunk(2*central.PieceBytes), b[2*central.PieceBytes:]); r.StatusCode != 204 {
		t.Fatalf("%d %s", r.StatusCode, answer)
	}
	if s.progress(path) != f.Size {
		t.Error("a whole upload does not say so")
	}
	s.refused("named by nothing", "GET", wire.PathBlobs+f.SHA256, nil, nil, 404, app.CodeNotFound)
	got = s.push(with, later)
	if a, b := verdict(t, got, 0), verdict(t, got, 1); a != "applied" || b != "applied" {
		t.Fatalf("%s, %s", a, b)
	}
	a := other.appeal(create.Ent)
	if e, _ := a.Last(app.EventNote); len(e.Files) == 0 {
		if e = a.Events[len(a.Events)-2]; len(e.Files) != 1 || e.Files[0] != f {
			t.Errorf("the fact names %+v", e.Files)
		}
	}

	reply, answer := other.raw("GET", wire.PathBlobs+f.SHA256, nil, nil)
	if reply.StatusCode != 200 || !bytes.Equal(answer, b) {
		t.Errorf("%d, %d bytes", reply.StatusCode, len(answer))
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment", "Content-Type": "image/jpeg",
		"Content-Security-Policy": "sandbox; default-src 'none'", "Etag": `"` + f.SHA256 + `"`,
	} {
		if reply.Header.Get(name) != want {
			t.Errorf("%s: %q", name, reply.Header.Get(name))
		}
	}
	tag := `"` + f.SHA256 + `"`
	for _, c := range []struct {
		h      http.Header
		status int
		want   []byte
	}{
		{header("Range", "bytes=245000-"), 206, b[245000:]},
		{header("Range", "bytes=10-19", "If-Range", tag), 206, b[10:20]},
		{header("Range", "bytes=10-19", "If-Range", `"other"`), 200, b},
		{header("If-None-Match", tag), 304, nil},
		{header("If-Match", `"other"`), 412, nil},
	} {
		if reply, answer := other.raw("GET", wire.PathBlobs+f.SHA256, c.h, nil); reply.StatusCode != c.status || !bytes.Equal(answer, c.want) {
			t.Errorf("%v: %d, %d bytes", c.h, reply.StatusCode, len(answer))
		}
	}
	if reply, _ := other.raw("GET", wire.PathBlobs+f.SHA256, header("Range", fmt.Sprintf("bytes=%d-", len(b))), nil); reply.StatusCode != 416 {
		t.Errorf("past the end: %d", reply.StatusCode)
	}
	// Who may read it need not bring it again.
	if _, offset := other.begin(f); offset != f.Size {
		t.Errorf("a known file goes on at %d", offset)
	}
	if got := other.push(other.note(create.Ent, f)); verdict(t, got, 0) != "applied" {
		t.Errorf("%+v", got.Verdicts)
	}
}

// TestHashIsNoKey: knowing the hash of a file gives neither its bytes nor the
// knowledge that it is here.
func TestHashIsNoKey(t *testing.T) {
	o := newOffice(t)
	s, other := o.station("Оператор 1"), o.station("Оператор 2")
	b, f := photo(1, 5000)
	create := s.create()
	s.push(create)
	s.upload(b, f)
	// It is here and named by nothing: to others it is as if it were not.
	if _, offset := other.begin(f); offset != 0 {
		t.Error("another device is told that the file is here")
	}
	if got := other.push(other.note(create.Ent, f)); verdict(t, got, 0) != "retry blob_missing" {
		t.Errorf("a hash alone was enough: %+v", got.Verdicts)
	}
	other.upload(b, f)
	if got := other.push(other.note(create.Ent, f)); verdict(t, got, 0) != "applied" {
		t.Errorf("%+v", got.Verdicts)
	}
	lying := f
	lying.Size++
	if got := s.push(s.note(create.Ent, lying)); verdict(t, got, 0) != "rejected malformed" {
		t.Errorf("a wrong size: %+v", got.Verdicts)
	}
}

func TestUploadsRefused(t *testing.T) {
	o := newOffice(t)
	s, other := o.station("Оператор 1"), o.station("Оператор 2")
	b, f := photo(1, 5000)
	without := func(h http.Header, name string) http.Header { h.Del(name); return h }
	with := func(h http.Header, name, value string) http.Header { h.Set(name, value); return h }
	page := []byte("<!doctype html><script>alert(1)</script>")
	for what, c := range map[string]struct {
		h      http.Header
		status int
		code   app.Code
	}{
		"no version":    {without(creation(f), wire.HeaderTus), 412, wire.CodeTus},
		"other version": {with(creation(f), wire.HeaderTus, "0.2.2"), 412, wire.CodeTus},
		"no length":     {without(creation(f), wire.HeaderUploadLength), 400, wire.CodeMalformed},
		"empty":         {with(creation(f), wire.HeaderUploadLength, "0"), 400, wire.CodeMalformed},
		"negative":      {with(creation(f), wire.HeaderUploadLength, "-1"), 400, wire.CodeMalformed},
		"too large":     {with(creation(f), wire.HeaderUploadLength, fmt.Sprint(app.MaxFile+1)), 413, app.CodeAttachLarge},
		"no metadata":   {without(creation(f), wire.HeaderUploadMetadata), 400, wire.CodeMalformed},
		"no base64":     {with(creation(f), wire.HeaderUploadMetadata, "sha256 ?"), 400, wire.CodeMalformed},
		"a path":        {with(creation(f), wire.HeaderUploadMetadata, wire.EncodeMetadata("../../../../etc/passwd", f.Type)), 400, wire.CodeMalformed},
		"a page":        {with(creation(f), wire.HeaderUploadMetadata, wire.EncodeMetadata(f.SHA256, "text/html")), 415, app.CodeAttachType},
		"a drawing":     {with(creation(f), wire.HeaderUploadMetadata, wire.EncodeMetadata(f.SHA256, "image/svg+xml")), 415, app.CodeAttachType},
	} {
		s.refused(what, "POST", wire.PathFiles, c.h, nil, c.status, c.code)
	}
	path, _ := s.begin(f)
	big := make([]byte, wire.MaxChecked+1)
	_, large := photo(2, len(big)+1)
	largePath, _ := s.begin(large)
	for what, c := range map[string]struct {
		path   string
		h      http.Header
		body   []byte
		status int
		code   app.Code
	}{
		"no version":       {path, without(chunk(0), wire.HeaderTus), b, 412, wire.CodeTus},
		"JSON":             {path, with(chunk(0), "Content-Type", wire.TypeJSON), b, 415, wire.CodeMedia},
		"no offset":        {path, without(chunk(0), wire.HeaderUploadOffset), b, 400, wire.CodeMalformed},
		"negative":         {path, chunk(-1), b, 400, wire.CodeMalformed},
		"ahead":            {path, chunk(1), b, 409, wire.CodeOffset},
		"too much":         {path, chunk(0), append(b[:5000:5000], 'x'), 413, wire.CodeTooLarge},
		"no such sum":      {path, chunk(0, wire.HeaderUploadChecksum, "md5 1B2M2Y8AsgTpgAmY7PhCfg=="), b, 400, wire.CodeMalformed},
		"large and summed": {largePath, chunk(0, wire.HeaderUploadChecksum, wire.EncodeChecksum(big)), big, 413, wire.CodeTooLarge},
		"unknown":          {wire.PathFiles + "/" + app.IDFrom("x"), chunk(0), b, 404, app.CodeNotFound},
		"a path":           {wire.PathFiles + "/..%2F..%2Fetc", chunk(0), b, 404, app.CodeNotFound},
	} {
		s.refused(what, "PATCH", c.path, c.h, c.body, c.status, c.code)
	}
	tus := header(wire.HeaderTus, wire.TusVersion)
	s.refused("unknown", "HEAD", wire.PathFiles+"/x", tus, nil, 404, "")
	s.refused("no version", "HEAD", path, nil, nil, 412, "")
	other.refused("another's", "HEAD", path, tus, nil, 404, "")
	other.refused("another's", "PATCH", path, chunk(0), b, 404, app.CodeNotFound)
	if s.progress(path) != 0 || s.progress(largePath) != 0 {
		t.Error("something of what was refused is kept")
	}

	// What it is shows when it comes.
	sum := sha256.Sum256(page)
	html := app.File{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(page)), Type: "text/plain"}
	htmlPath, _ := s.begin(html)
	s.refused("a page called a text", "PATCH", htmlPath, chunk(0), page, 415, app.CodeAttachType)
	s.refused("forgotten", "HEAD", htmlPath, tus, nil, 404, "")
	wrong := append([]byte{}, b...)
	wrong[4999]++
	s.refused("another file", "PATCH", path, chunk(0), wrong, 460, wire.CodeChecksum)
	s.refused("forgotten", "HEAD", path, tus, nil, 404, "")

	for _, hash := range []string{"x", strings.ToUpper(f.SHA256), f.SHA256, "..%2F..%2Fcentral.db", strings.Repeat("0", 63) + "g", "%00"} {
		s.refused(hash, "GET", wire.PathBlobs+hash, nil, nil, 404, app.CodeNotFound)
	}
	nobody := &station{office: o}
	nobody.refused("no token", "POST", wire.PathFiles, creation(f), nil, 401, wire.CodeBadToken)
	nobody.refused("no token", "PATCH", path, chunk(0), b, 401, wire.CodeBadToken)
	nobody.refused("no token", "GET", wire.PathBlobs+f.SHA256, nil, nil, 401, wire.CodeBadToken)
}

// TestFilesOfOperationsRefused: where files have no place, or are not files.
func TestFilesOfOperationsRefused(t *testing.T) {
	s := newOffice(t).station("Оператор 1")
	b, f := photo(1, 5000)
	s.upload(b, f)
	create := s.create()
	s.push(create)
	for what, spoil := range map[string]func(*app.Op){
		"a path in the name": func(op *app.Op) { op.Files[0].Name = "../Двор.jpg" },
		"a program":          func(op *app.Op) { op.Files[0].Name = "Двор.exe" },
		"a hash":             func(op *app.Op) { op.Files[0].SHA256 = "../../x" },
		"a type":             func(op *app.Op) { op.Files[0].Type = "text/html" },
		"too many":           func(op *app.Op) { op.Files = append(op.Files, make([]app.File, app.MaxFiles)...) },
		"in the payload": func(op *app.Op) {
			op.Files, op.Payload = nil, app.Encode(app.Event{ID: op.ID, Type: app.EventNote, Text: "Снимок", Files: []app.File{f}})
		},
		"of a page": func(op *app.Op) { op.Kind = app.OpPage },
	} {
		op := s.note(create.Ent, f)
		spoil(&op)
		// Past the contract, which forbids most of them already.
		r, err := http.NewRequestWithContext(t.Context(), "POST", s.http.URL+wire.PathOps, bytes.NewReader(app.Encode(wire.Push{Ops: []app.Op{op}})))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+s.token)
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var got wire.PushReply
		if err := errors.Join(json.NewDecoder(reply.Body).Decode(&got), reply.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if verdict(t, got, 0) != "rejected malformed" {
			t.Errorf("%s: %+v", what, got.Verdicts)
		}
	}
	op := s.note(create.Ent, f)
	s.push(op)
	_, op.Files[0] = photo(2, 5000)
	if got := s.push(op); verdict(t, got, 0) != "rejected id_reused" {
		t.Errorf("other files under the same ID: %+v", got.Verdicts)
	}
}

// TestConflictKeepsFiles: what lost has its files as well as its text, and who
// settles it need not bring them again.
func TestConflictKeepsFiles(t *testing.T) {
	o := newOffice(t)
	s, other := o.station("Оператор 1"), o.station("Оператор 2")
	create := s.create()
	s.push(create)
	b, f := photo(1, 5000)
	s.upload(b, f)
	other.does(create.Ent, app.Event{Type: app.EventStarted})
	lost := s.event(create.Ent, 1, app.Event{Type: app.EventClarifying, Text: "Где именно?"})
	lost.Files = []app.File{f}
	if got := s.push(lost); verdict(t, got, 0) != "conflict" {
		t.Fatalf("%+v", got.Verdicts)
	}
	if reply, _ := other.raw("GET", wire.PathBlobs+f.SHA256, nil, nil); reply.StatusCode != 200 {
		t.Errorf("the file of what lost: %d", reply.StatusCode)
	}
	id := other.id26()
	r := app.Resolution{Conflict: lost.ID, Choice: app.ChoiceNote, Event: app.Event{ID: id, Type: app.EventNote}}
	settle := other.op(app.OpResolve, id, create.Ent, 0, r)
	settle.Files = []app.File{f}
	if got := other.push(settle); verdict(t, got, 0) != "applied" {
		t.Fatalf("%+v", got.Verdicts)
	}
	a := s.appeal(create.Ent)
	if e, ok := a.Last(app.EventNote); !ok || len(e.Files) != 1 || e.Files[0] != f {
		t.Errorf("%+v", e)
	}
}

// TestCutUpload: what has arrived before the connection broke is kept.
func TestCutUpload(t *testing.T) {
	s := newOffice(t).station("Оператор 1")
	b, f := photo(1, 3*central.PieceBytes)
	path, _ := s.begin(f)
	arrived := int64(central.PieceBytes + 100)
	connection, err := net.Dial("tcp", s.http.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(connection, "PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\n"+
		"Content-Type: %s\r\nUpload-Offset: 0\r\nContent-Length: %d\r\n\r\n", path, s.token, wire.TypeChunk, f.Size)
	if _, err := connection.Write(b[:arrived]); err != nil {
		t.Fatal(err)
	}
	if err := connection.Close(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); s.progress(path) != arrived; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d bytes are kept", s.progress(path))
		}
	}
	if r, answer := s.raw("PATCH", path, chunk(arrived), b[arrived:]); r.StatusCode != 204 {
		t.Errorf("%d %s", r.StatusCode, answer)
	}
}

func TestUploadsAreForgotten(t *testing.T) {
	o := newOffice(t)
	s, other := o.station("Оператор 1"), o.station("Оператор 2")
	create := s.create()
	s.push(create)
	b, f := photo(1, 5000)
	_, half := photo(2, 5000)
	s.upload(b, f)
	path, _ := s.begin(half)
	s.raw("PATCH", path, chunk(0), b[:100])
	o.pass(wire.UploadLife + time.Minute)
	s.authenticate()
	s.refused("over", "HEAD", path, header(wire.HeaderTus, wire.TusVersion), nil, 410, "")
	s.refused("over", "PATCH", path, chunk(100), b[100:], 410, wire.CodeUploadGone)
	other.authenticate()
	_, any := photo(3, 5000)
	other.begin(any) // which looks through all of them
	s.refused("forgotten", "HEAD", path, header(wire.HeaderTus, wire.TusVersion), nil, 404, "")
	if got := s.push(s.note(create.Ent, f)); verdict(t, got, 0) != "retry blob_missing" {
		t.Errorf("%+v", got.Verdicts)
	}
	s.upload(b, f)
	if got := s.push(s.note(create.Ent, f)); verdict(t, got, 0) != "applied" {
		t.Errorf("%+v", got.Verdicts)
	}
	o.pass(30 * 24 * time.Hour)
	s.authenticate()
	s.begin(any)
	if reply, answer := s.raw("GET", wire.PathBlobs+f.SHA256, nil, nil); reply.StatusCode != 200 || !bytes.Equal(answer, b) {
		t.Errorf("a file of an appeal: %d", reply.StatusCode)
	}
}

func TestUploadsAreCounted(t *testing.T) {
	o := newOffice(t)
	o.restart(central.Options{MaxFile: 6000})
	s := o.station("Оператор 1")
	if m := get[wire.Meta](o, "GET", wire.PathMeta, "", nil); m.Limits.File != 6000 || m.Limits.Uploads != wire.MaxUploads {
		t.Errorf("%+v", m.Limits)
	}
	_, large := photo(0, 6001)
	s.refused("too large here", "POST", wire.PathFiles, creation(large), nil, 413, app.CodeAttachLarge)
	for n := range wire.MaxUploads {
		_, f := photo(n, 5000)
		s.begin(f)
	}
	_, f := photo(wire.MaxUploads, 5000)
	s.refused("one more", "POST", wire.PathFiles, creation(f), nil, 429, wire.CodeManyUploads)
	_, f = photo(0, 5000)
	s.begin(f) // is one of them
}

// TestLogsSayNothingOfFiles: neither names nor hashes.
func TestLogsSayNothingOfFiles(t *testing.T) {
	o := newOffice(t)
	var log bytes.Buffer
	o.restart(central.Options{Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	s := o.station("Оператор 1")
	create := s.create()
	b, f := photo(1, 5000)
	s.push(create)
	s.push(s.note(create.Ent, f))
	s.upload(b, f)
	s.push(s.note(create.Ent, f))
	s.raw("GET", wire.PathBlobs+f.SHA256, nil, nil)
	o.http.Close() // all is written
	for _, secret := range []string{f.Name, f.SHA256, "Двор"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, log.String())
		}
	}
}
