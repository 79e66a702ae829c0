package keys

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"otklik/app"
)

var secret = []byte("thirty-two bytes of a secret key")

func newFile(t *testing.T) File {
	return File{Dir: t.TempDir(), Secret: filepath.Join(t.TempDir(), "config", "otklik.secret")}
}

func TestKeepers(t *testing.T) {
	keyring.MockInit()
	for name, k := range map[string]Keeper{
		"system": NewSystem(), "file": newFile(t), "first of both": firstOf{NewSystem(), newFile(t)},
	} {
		if _, err := k.Get("absent"); !errors.Is(err, ErrAbsent) {
			t.Errorf("%s: %v", name, err)
		}
		for _, s := range [][]byte{secret, []byte("another one")} {
			if err := k.Put("D1", s); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got, err := k.Get("D1"); err != nil || !bytes.Equal(got, s) {
				t.Errorf("%s: %q %v", name, got, err)
			}
		}
	}
}

func TestFileIsSealed(t *testing.T) {
	f := newFile(t)
	if err := f.Put("D1", secret); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{f.path("D1"), f.Secret} {
		raw, err := os.ReadFile(path)
		if err != nil || bytes.Contains(raw, secret) {
			t.Errorf("%s gives the secret away (%v)", path, err)
		}
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
	// Under another name, with another secret, or without one, it does not open.
	if err := os.Rename(f.path("D1"), f.path("D2")); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get("D2"); !errors.Is(err, ErrAbsent) {
		t.Errorf("under another name: %v", err)
	}
	if err := os.Rename(f.path("D2"), f.path("D1")); err != nil {
		t.Fatal(err)
	}
	copied := File{Dir: f.Dir, Secret: filepath.Join(t.TempDir(), "otklik.secret")}
	if _, err := copied.Get("D1"); !errors.Is(err, ErrAbsent) {
		t.Errorf("without its secret: %v", err)
	}
	if err := copied.Put("D9", secret); err != nil {
		t.Fatal(err)
	}
	if _, err := copied.Get("D1"); !errors.Is(err, ErrAbsent) {
		t.Errorf("with another secret: %v", err)
	}
	for _, raw := range []string{"", "{", `{"version":9}`, `{"version":1,"box":"AAAA"}`} {
		if err := os.WriteFile(f.path("D1"), []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Get("D1"); !errors.Is(err, ErrAbsent) {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestWithoutAKeyringTheFileServes(t *testing.T) {
	keyring.MockInitWithError(errors.New("no such bus"))
	file := newFile(t)
	k := firstOf{NewSystem(), file}
	if _, err := k.Get("D1"); app.CodeOf(err) != app.CodeKeyring {
		t.Errorf("a keyring that does not open was taken for an empty one: %v", err)
	}
	if err := k.Put("D1", secret); err != nil {
		t.Fatal(err)
	}
	if got, err := file.Get("D1"); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("%q %v", got, err)
	}
	if got, err := k.Get("D1"); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("%q %v", got, err)
	}
}

func TestSilentKeyringIsWaitedForOnce(t *testing.T) {
	s := &System{patience: time.Millisecond}
	never := make(chan struct{})
	var asked atomic.Int32
	defer close(never)
	for range 2 {
		_, err := bounded(s, func() (string, error) {
			asked.Add(1)
			<-never
			return "", nil
		})
		if !errors.Is(err, errSilent) {
			t.Errorf("got %v", err)
		}
	}
	if n := asked.Load(); n > 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestKeyringIsAskedForWhereThereIsABus(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a session bus is of Linux")
	}
	for _, c := range []struct {
		address, run string
		bus, want    bool
	}{
		{"", "", true, false},
		{"unix:path=/x", "", false, true},
		{"", "/run/user/1", true, true},
		{"", "/run/user/1", false, false},
	} {
		env := map[string]string{"DBUS_SESSION_BUS_ADDRESS": c.address, "XDG_RUNTIME_DIR": c.run}
		got := keyringLikely(func(name string) string { return env[name] }, func(string) bool { return c.bus })
		if got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
