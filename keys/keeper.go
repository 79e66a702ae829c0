package keys

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"otklik/app"
)

// ErrAbsent says that a keeper answered and has no such secret.
var ErrAbsent = errors.New("keys: no such secret")

// Keeper keeps secrets by name.
type Keeper interface {
	// Get gives a secret, or ErrAbsent.
	Get(name string) ([]byte, error)
	// Put keeps a secret; when it returns nil, Get gives it in a later run, too.
	Put(name string, secret []byte) error
}

// Open gives the keeper of this machine: the system's keyring and, where there
// is none, sealed files in the folder dir.
func Open(dir string) Keeper {
	file := File{Dir: dir, Secret: secretPath(dir)}
	if !keyringLikely(os.Getenv, exists) {
		return file
	}
	return firstOf{NewSystem(), file}
}

// secretPath is outside the data folder where the system has a place for it, so
// that a copied folder does not hold what opens it.
func secretPath(dir string) string {
	if home, err := os.UserConfigDir(); err == nil {
		return filepath.Join(home, "otklik.secret")
	}
	return filepath.Join(dir, "otklik.secret")
}

// keyringLikely says whether it makes sense to ask for a keyring. Without a
// session bus, the library would start one that nobody ends.
func keyringLikely(env func(string) string, exists func(string) bool) bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	run := env("XDG_RUNTIME_DIR")
	return env("DBUS_SESSION_BUS_ADDRESS") != "" || run != "" && exists(filepath.Join(run, "bus"))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// firstOf asks the first keeper, and the second where the first is of no help.
type firstOf struct{ first, second Keeper }

// Get implements Keeper. A first keeper that does not open is not taken for one
// that has nothing: the error says so where the second has nothing either.
func (f firstOf) Get(name string) ([]byte, error) {
	secret, err := f.first.Get(name)
	if err == nil {
		return secret, nil
	}
	kept, other := f.second.Get(name)
	switch {
	case other == nil:
		return kept, nil
	case !errors.Is(other, ErrAbsent):
		return nil, other
	case errors.Is(err, ErrAbsent):
		return nil, ErrAbsent
	}
	return nil, app.Fail(app.CodeKeyring).Because(err)
}

// Put implements Keeper.
func (f firstOf) Put(name string, secret []byte) error {
	if f.first.Put(name, secret) == nil {
		return nil
	}
	return f.second.Put(name, secret)
}
