package sync_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// photo gives bytes of a picture that no other test has.
func photo(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(rand.UintN(256))
	}
	copy(b, "\xFF\xD8\xFF\xE0")
	return b
}

func (s *station) attach(b []byte) app.File {
	s.t.Helper()
	f, err := s.AttachFrom("Двор.jpg", bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

// show gives the bytes of a file as another program would see them.
func (s *station) show(f app.File) ([]byte, error) {
	s.t.Helper()
	path, err := s.ShowFile(f)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	return b, nil
}

func (s *station) files(id string) []app.Attachment {
	s.t.Helper()
	all, err := s.Attachments(s.appeal(id))
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// cutBodies breaks every second upload off in the middle of a part, and every
// second file on its way back.
func cutBodies() func(http.ResponseWriter, *http.Request, http.Handler) {
	var mu gosync.Mutex
	parts, blobs := 0, 0
	return func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		blob := strings.HasPrefix(req.URL.Path, wire.PathBlobs)
		if req.Method != http.MethodPatch && !blob {
			h.ServeHTTP(w, req)
			return
		}
		mu.Lock()
		n := &parts
		if blob {
			n = &blobs
		}
		*n++
		cut := *n%2 == 1
		mu.Unlock()
		switch {
		case !cut:
			h.ServeHTTP(w, req)
		case blob:
			a := httptest.NewRecorder()
			h.ServeHTTP(a, req)
			for k, v := range a.Header() {
				w.Header()[k] = v
			}
			w.WriteHeader(a.Code)
			_, _ = w.Write(a.Body.Bytes()[:a.Body.Len()/3])
			panic(http.ErrAbortHandler)
		default:
			req.Body = io.NopCloser(io.LimitReader(req.Body, req.ContentLength/2))
			h.ServeHTTP(httptest.NewRecorder(), req)
			panic(http.ErrAbortHandler)
		}
	}
}

// TestFileReachesTheOtherStation: through a network that breaks again and again,
// going on each time where it broke.
func TestFileReachesTheOtherStation(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Первый"), r.station("Второй")
	id := one.take("Яма на дороге")
	one.once()
	b := photo(700 << 10)
	f := one.attach(b)
	one.act(id, app.Event{Type: app.EventNote, Text: "Снимок", Files: []app.File{f}})
	if all := one.files(id); len(all) != 1 || all[0].State != app.FileWaiting || all[0].Name != "Двор.jpg" {
		t.Errorf("%+v", all)
	}
	r.with(cutBodies())
	for range 60 {
		one.engine.StepFiles(t.Context())
		one.pass(time.Minute)
	}
	one.once()
	if all := one.files(id); all[0].State != app.FileHere {
		t.Errorf("%+v", all)
	}
	two.once()
	if all := two.files(id); len(all) != 1 || all[0].State != app.FileServer || all[0].File != f {
		t.Fatalf("%+v", all)
	}
	if _, err := two.show(f); app.CodeOf(err) != app.CodeAttachAway {
		t.Errorf("%v", err)
	}
	two.engine.Fetch(f)
	two.engine.StepFiles(t.Context())
	if part := two.store.Part(f); part == 0 || part >= f.Size || two.store.HasFile(f) {
		t.Errorf("a part of %d bytes after the cut", part)
	}
	two.engine.StepFiles(t.Context())
	if got, err := two.show(f); err != nil || !bytes.Equal(got, b) || two.files(id)[0].State != app.FileHere {
		t.Errorf("%v, %+v", err, two.files(id))
	}
	// What has changed on the disk is not shown, and fetched anew.
	r.with(nil)
	path := filepath.Join(strings.TrimSuffix(two.path, ".db")+".files", f.SHA256[:2], f.SHA256)
	spoilt := bytes.Clone(b)
	spoilt[1000]++
	if err := os.WriteFile(path, spoilt, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := two.show(f); app.CodeOf(err) != app.CodeAttachDamaged || two.store.HasFile(f) {
		t.Errorf("%v", err)
	}
	two.engine.Fetch(f)
	two.engine.StepFiles(t.Context())
	if got, err := two.show(f); err != nil || !bytes.Equal(got, b) {
		t.Errorf("%v", err)
	}
}

// TestUploadDelaysNothing: while a file does not get through, operations about
// other appeals and news do; those about its appeal keep their order.
func TestUploadDelaysNothing(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Первый"), r.station("Второй")
	id, other := one.take("Яма на дороге"), one.take("Не горит фонарь")
	one.once()
	stuck, release := make(chan struct{}, 100), make(chan struct{})
	r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		if req.Method == http.MethodPatch {
			stuck <- struct{}{}
			select {
			case <-release:
			case <-req.Context().Done():
			}
		}
		h.ServeHTTP(w, req)
	})
	one.act(id, app.Event{Type: app.EventNote, Text: "Снимок", Files: []app.File{one.attach(photo(100 << 10))}})
	one.act(id, app.Event{Type: app.EventNote, Text: "После снимка"})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		one.engine.Run(ctx)
	}()
	<-stuck
	one.act(other, app.Event{Type: app.EventNote, Text: "Мимо снимка"})
	one.engine.Wake()
	await := func(what string, f func() bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !f(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal(what)
			}
			two.once()
		}
	}
	two.once()
	await("the other appeal waits", func() bool { return len(notes(two.appeal(other))) == 1 })
	if n := notes(two.appeal(id)); len(n) != 0 {
		t.Errorf("ahead of the file: %v", n)
	}
	close(release)
	await("the file never came", func() bool { return len(notes(two.appeal(id))) == 2 })
	cancel()
	<-ended
	if all := two.files(id); len(all) != 1 {
		t.Errorf("%+v", all)
	}
}

// TestWorkOfflineStopsFiles: the switch ends the part under way.
func TestWorkOfflineStopsFiles(t *testing.T) {
	r := newRegion(t)
	one := r.station("Первый")
	id := one.take("Яма на дороге")
	one.once()
	one.act(id, app.Event{Type: app.EventNote, Files: []app.File{one.attach(photo(100 << 10))}})
	begun := make(chan struct{}, 10)
	r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		if req.Method == http.MethodPatch {
			_, _ = io.Copy(io.Discard, req.Body) // or the end of the connection is not seen
			begun <- struct{}{}
			<-req.Context().Done()
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, req)
	})
	one.engine.StepFiles(t.Context())
	ended := make(chan time.Duration)
	go func() { ended <- one.engine.StepFiles(t.Context()) }()
	<-begun
	one.engine.WorkOffline(true)
	<-ended
	if pause := one.engine.StepFiles(t.Context()); pause < time.Minute {
		t.Errorf("pause of %s", pause)
	}
	r.with(nil)
	one.engine.WorkOffline(false)
	one.once()
	if all := one.files(id); all[0].State != app.FileHere {
		t.Errorf("%+v", all)
	}
}

// TestRestoredServerGetsFilesBack: the server lost a file with the fact that
// names it, and asks the author for both.
func TestRestoredServerGetsFilesBack(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Первый"), r.station("Второй")
	id := one.take("Яма на дороге")
	one.once()
	backup := r.copied()
	b := photo(50 << 10)
	f := one.attach(b)
	one.act(id, app.Event{Type: app.EventNote, Text: "Снимок", Files: []app.File{f}})
	one.once()
	two.once()
	r.restore(backup)
	two.engine.Fetch(f)
	two.engine.StepFiles(t.Context())
	if move := two.engine.Transfers()[f.SHA256]; move.Reason != app.CodeAttachAway {
		t.Errorf("%+v", move)
	}
	one.once()
	two.once()
	two.engine.Fetch(f)
	two.engine.StepFiles(t.Context())
	if got, err := two.show(f); err != nil || !bytes.Equal(got, b) {
		t.Errorf("%v", err)
	}
}

// TestServerForgotTheFile: it came, and its operation only after the server had
// given up waiting.
func TestServerForgotTheFile(t *testing.T) {
	r := newRegion(t)
	one := r.station("Первый")
	id := one.take("Яма на дороге")
	one.once()
	before := r.copied()
	one.act(id, app.Event{Type: app.EventNote, Text: "Снимок", Files: []app.File{one.attach(photo(1000))}})
	for range 3 {
		one.engine.StepFiles(t.Context())
	}
	if _, waits, err := one.store.Unsent(one.now()); waits || err != nil {
		t.Fatalf("not sent: %v", err)
	}
	// The file goes back to before the upload, without a new epoch.
	r.down()
	data, err := os.ReadFile(before)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r.up()
	if state := one.once(); state.Pending != 0 || state.Refused != 0 {
		t.Errorf("%+v", state)
	}
}

// TestFileTheServerDoesNotTake: its operation is kept with the reason, and those
// after it go on.
func TestFileTheServerDoesNotTake(t *testing.T) {
	r := newRegion(t)
	one := r.station("Первый")
	id := one.take("Яма на дороге")
	one.once()
	r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		if req.Method == http.MethodPost && req.URL.Path == wire.PathFiles {
			w.Header().Set("Content-Type", wire.TypeProblem)
			w.Header().Set(wire.HeaderTus, wire.TusVersion)
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			_, _ = w.Write(app.Encode(wire.Problem{Code: app.CodeAttachLarge, Message: "x"}))
			return
		}
		h.ServeHTTP(w, req)
	})
	one.act(id, app.Event{Type: app.EventNote, Text: "Снимок", Files: []app.File{one.attach(photo(1000))}})
	one.act(id, app.Event{Type: app.EventNote, Text: "Без снимка"})
	if state := one.once(); state.Pending != 0 || state.Refused != 1 {
		t.Errorf("%+v", state)
	}
	entries, err := one.store.Entries(10)
	if err != nil || entries[0].State != app.EntryRefused || entries[0].Reason != app.CodeAttachLarge {
		t.Errorf("%+v %v", entries, err)
	}
	if n := notes(one.appeal(id)); len(n) != 1 || n[0] != "Без снимка" {
		t.Errorf("%v", n)
	}
}

// TestPlaceOnAnotherServerIsRefused: the token does not go there.
func TestPlaceOnAnotherServerIsRefused(t *testing.T) {
	asked := false
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer evil.Close()
	r := newRegion(t)
	one := r.station("Первый")
	id := one.take("Яма на дороге")
	one.once()
	r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		if req.Method == http.MethodPost && req.URL.Path == wire.PathFiles {
			w.Header().Set(wire.HeaderTus, wire.TusVersion)
			w.Header().Set("Location", evil.URL+"/v1/files/x")
			w.WriteHeader(http.StatusCreated)
			return
		}
		h.ServeHTTP(w, req)
	})
	one.act(id, app.Event{Type: app.EventNote, Text: "Снимок", Files: []app.File{one.attach(photo(1000))}})
	for range 3 {
		one.engine.StepFiles(t.Context())
	}
	if u, _, _ := one.store.Unsent(one.now()); u.Place != "" || asked {
		t.Errorf("%q, asked %v", u.Place, asked)
	}
}
