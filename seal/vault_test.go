package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"otklik/app"
	"otklik/seal"
)

// keeper is a keyring in memory.
type keeper map[string][]byte

func (k keeper) Get(name string) ([]byte, error) {
	if k[name] == nil {
		return nil, errors.New("no such secret")
	}
	return k[name], nil
}

func (k keeper) Put(name string, secret []byte) error {
	k[name] = bytes.Clone(secret)
	return nil
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func yes() bool { return true }
func no() bool  { return false }

const right, other = "верный пароль", "другой пароль"

func TestPassphraseWrapsTheSameKey(t *testing.T) {
	path, k := filepath.Join(t.TempDir(), "otklik.vault"), keeper{}
	v := must[*seal.Vault](t)(seal.OpenVault(path, k, no))
	box := must[*seal.Box](t)(v.Open(""))
	sealed := box.Seal(nil, []byte("текст"), []byte("bucket"), []byte("key"))
	opens := func(passphrase string, want app.Code) {
		t.Helper()
		v := must[*seal.Vault](t)(seal.OpenVault(path, k, yes))
		box, err := v.Open(passphrase)
		if app.CodeOf(err) != want {
			t.Fatalf("with %q: %v, want %q", passphrase, err, want)
		}
		if err != nil {
			return
		}
		if got, err := box.Open(nil, sealed, []byte("bucket"), []byte("key")); err != nil || string(got) != "текст" {
			t.Errorf("with %q: %q %v", passphrase, got, err)
		}
	}
	opens("", "")
	if err := v.Change("", "коротко"); app.CodeOf(err) != app.CodeShortPassphrase {
		t.Errorf("a short one: %v", err)
	}
	for _, err := range []error{v.Change("", right), v.Change(right, other), v.Change(other, right)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	opens(right, "")
	opens(other, app.CodeWrongPassphrase)
	opens("", app.CodeWrongPassphrase)
	if err := v.Change(other, ""); app.CodeOf(err) != app.CodeWrongPassphrase {
		t.Errorf("changed without the right one: %v", err)
	}
	// The keyring cannot open what a passphrase wraps.
	raw := must[[]byte](t)(os.ReadFile(path))
	for _, secret := range k {
		if bytes.Contains(raw, secret) {
			t.Error("the vault holds a secret")
		}
	}
	if err := v.Change(right, ""); err != nil {
		t.Fatal(err)
	}
	opens("", "")
	clear(k)
	opens("", app.CodeNoVaultKey)
}

// TestOneCopyIsEnough: either file may be gone or damaged, and is whole again
// afterwards.
func TestOneCopyIsEnough(t *testing.T) {
	path, k := filepath.Join(t.TempDir(), "otklik.vault"), keeper{}
	must[*seal.Vault](t)(seal.OpenVault(path, k, no))
	whole := must[[]byte](t)(os.ReadFile(path))
	for _, copy := range []string{path, path + ".copy"} {
		for at := 0; at < len(whole); at += 7 {
			bad := bytes.Clone(whole)
			bad[at] ^= 1
			for _, raw := range [][]byte{bad, whole[:at]} {
				if err := os.WriteFile(copy, raw, 0o600); err != nil {
					t.Fatal(err)
				}
				v := must[*seal.Vault](t)(seal.OpenVault(path, k, yes))
				must[*seal.Box](t)(v.Open(""))
				if got := must[[]byte](t)(os.ReadFile(copy)); !bytes.Equal(got, whole) {
					t.Fatalf("%s is not mended after damage at %d", copy, at)
				}
			}
		}
	}
	for _, copy := range []string{path, path + ".copy"} {
		if err := os.WriteFile(copy, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := seal.OpenVault(path, k, no); app.CodeOf(err) != app.CodeNoVault {
		t.Errorf("both damaged: %v", err)
	}
	for _, copy := range []string{path, path + ".copy"} {
		if err := os.Remove(copy); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := seal.OpenVault(path, k, yes); app.CodeOf(err) != app.CodeNoVault {
		t.Errorf("data without a vault: %v", err)
	}
}

func TestDestroyedKeyOpensNothing(t *testing.T) {
	path, k := filepath.Join(t.TempDir(), "otklik.vault"), keeper{}
	v := must[*seal.Vault](t)(seal.OpenVault(path, k, no))
	kept := must[[]byte](t)(os.ReadFile(path)) // somebody has a copy
	if err := v.Destroy(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := os.WriteFile(path, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	v = must[*seal.Vault](t)(seal.OpenVault(path, k, yes))
	if _, err := v.Open(""); app.CodeOf(err) != app.CodeNoVaultKey {
		t.Errorf("opens: %v", err)
	}
}

func TestWordsAreHashedUnderTheKey(t *testing.T) {
	one := must[*seal.Box](t)(seal.NewBox(make([]byte, seal.KeyLen)))
	two := must[*seal.Box](t)(seal.NewBox(bytes.Repeat([]byte{1}, seal.KeyLen)))
	word := one.Word("дорог")
	if word == two.Word("дорог") || word == one.Word("дорога") || word != one.Word("дорог") {
		t.Error("hashes do not follow from key and word alone")
	}
}
