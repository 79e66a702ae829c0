package sync_test

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/sync"
	"otklik/sync/wire"
)

// peers installs the npm packages of bench/tus and gives their folder.
func peers(t *testing.T) string {
	t.Helper()
	if os.Getenv("OTKLIK_INTEROP") == "" {
		t.Skip("needs npm packages: make interop")
	}
	for _, name := range []string{"node", "npm"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed: the other implementations of tus are npm packages", name)
		}
	}
	folder, err := filepath.Abs(filepath.Join("..", "bench", "tus"))
	if err != nil {
		t.Fatal(err)
	}
	install := exec.Command("npm", "install", "--silent", "--no-package-lock", "--no-audit", "--no-fund")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm install: %v\n%s", err, out)
	}
	for _, name := range []string{"tus-js-client", "@tus/server", "@tus/file-store"} {
		raw, err := os.ReadFile(filepath.Join(folder, "node_modules", name, "package.json"))
		if err != nil {
			t.Fatal(err)
		}
		var p struct{ Version string }
		if err := json.Unmarshal(raw, &p); err != nil {
			t.Fatal(err)
		}
		t.Log(name, p.Version)
	}
	return folder
}

// token asks for an access token as the engine does.
func (s *station) token() string {
	s.t.Helper()
	q := wire.TokenRequest{Device: s.device.Device, At: time.Now().UTC().Format(time.RFC3339), Nonce: rand.Text()}
	q.Signature = ed25519.Sign(s.device.Key, q.Message())
	reply, err := http.Post(s.device.Server+wire.PathToken, wire.TypeJSON, bytes.NewReader(app.Encode(q)))
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()
	var r wire.TokenReply
	if err := json.NewDecoder(reply.Body).Decode(&r); err != nil {
		s.t.Fatal(err)
	}
	return r.Token
}

// TestInteropClient: tus-js-client uploads to our server, is interrupted and goes
// on.
func TestInteropClient(t *testing.T) {
	folder := peers(t)
	r := newRegion(t)
	one, two := r.station("Первый"), r.station("Второй")
	id := one.take("Яма на дороге")
	one.once()
	b := photo(1 << 20)
	path := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	f := one.attach(b)
	run := exec.Command("node", "client.js", r.http.URL+wire.PathFiles, one.token(), path, f.SHA256, f.Type)
	run.Dir = folder
	run.Stderr = os.Stderr
	out, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Accepted, From int64
		URL, Again     string
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	if said.Accepted < f.Size/3 || said.From < said.Accepted || said.URL != said.Again {
		t.Errorf("%+v", said)
	}
	// The station's own upload finds the file whole, and sends none of it.
	parts := 0
	r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		if req.Method == http.MethodPatch {
			parts++
		}
		h.ServeHTTP(w, req)
	})
	one.act(id, app.Event{Type: app.EventNote, Text: "Снимок", Files: []app.File{f}})
	if state := one.once(); state.Pending != 0 || parts != 0 {
		t.Errorf("%d wait, %d parts were sent again", state.Pending, parts)
	}
	two.once()
	two.engine.Fetch(f)
	two.engine.StepFiles(t.Context())
	if got, err := two.show(f); err != nil || !bytes.Equal(got, b) {
		t.Errorf("%v", err)
	}
}

// TestInteropServer: our client uploads to @tus/server over a line that breaks.
func TestInteropServer(t *testing.T) {
	folder := peers(t)
	store := t.TempDir()
	run := exec.Command("node", "server.js", store)
	run.Dir = folder
	run.Stderr = os.Stderr
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := run.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // ends it
		_ = run.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	r := newRegion(t)
	device := r.station("Первый").device
	device.Server = strings.TrimSpace(address)
	one := r.open(filepath.Join(t.TempDir(), "otklik.db"), device)
	one.engine = sync.New(sync.Options{Store: one.store, Device: device, Now: one.now})
	b := photo(1 << 20)
	f := one.attach(b)
	id := one.take("Яма на дороге")
	one.act(id, app.Event{Type: app.EventNote, Text: "Снимок", Files: []app.File{f}})
	place := ""
	for n := 0; ; n++ {
		u, waits, err := one.store.Unsent(one.now())
		if err != nil || n > 200 {
			t.Fatalf("after %d steps at %+v: %v", n, one.engine.Transfers(), err)
		}
		if !waits {
			break
		}
		if u.Place != "" {
			place = u.Place
		}
		one.engine.StepFiles(t.Context())
		one.pass(time.Minute)
	}
	got, err := os.ReadFile(filepath.Join(store, filepath.Base(place)))
	if err != nil || !bytes.Equal(got, b) {
		t.Errorf("%d bytes of %d, %v", len(got), len(b), err)
	}
	reply, err := http.Get(device.Server + "/cuts")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if cuts, err := io.ReadAll(reply.Body); err != nil || string(cuts) == "0" {
		t.Errorf("%s parts were broken off: %v", cuts, err)
	}
}
