package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"otklik/disk"
)

// File keeps secrets in files of their own in Dir, sealed with AES-256-GCM under
// a key made from the random content of the file Secret.
//
// What this protects: a copy of Dir alone — a backup, a stick, a shared folder —
// does not give the secrets away, as long as Secret lies elsewhere; a changed or
// exchanged file is noticed. What it does not: whoever can read both files as
// this person, or as the administrator, has the secrets. Nothing a person knows
// is asked for; only a passphrase or the system's keyring can do better.
type File struct {
	Dir    string
	Secret string // path of the file that opens the others, made where it is missing
}

// sealed is the content of a file.
type sealed struct {
	Version int    `json:"version"`
	Salt    []byte `json:"salt"`
	Box     []byte `json:"box"` // nonce, then ciphertext with its tag
}

const (
	sealedVersion = 1
	secretLen     = 32
	saltLen       = 16
)

func (f File) path(name string) string { return filepath.Join(f.Dir, name+".key") }

// Get implements Keeper. Without the secret it was sealed under, a file counts
// as absent: it came here in a copied folder.
func (f File) Get(name string) ([]byte, error) {
	raw, err := os.ReadFile(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrAbsent
	}
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	var s sealed
	if err := json.Unmarshal(raw, &s); err != nil || s.Version != sealedVersion {
		return nil, fmt.Errorf("keys: a sealed file of version %d cannot be read: %w", s.Version, errors.Join(err, ErrAbsent))
	}
	secret, err := os.ReadFile(f.Secret)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrAbsent
	}
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	aead, err := cipherOf(secret, s.Salt)
	if err != nil {
		return nil, err
	}
	if len(s.Box) < aead.NonceSize() {
		return nil, ErrAbsent
	}
	plain, err := aead.Open(nil, s.Box[:aead.NonceSize()], s.Box[aead.NonceSize():], []byte(name))
	if err != nil {
		return nil, ErrAbsent // sealed under another secret, or damaged: it is of no use either way
	}
	return plain, nil
}

// Put implements Keeper.
func (f File) Put(name string, plain []byte) error {
	secret, err := f.secret()
	if err != nil {
		return err
	}
	s := sealed{Version: sealedVersion, Salt: make([]byte, saltLen)}
	_, _ = rand.Read(s.Salt) // never fails: it would stop the program instead
	aead, err := cipherOf(secret, s.Salt)
	if err != nil {
		return err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce)
	s.Box = aead.Seal(nonce, nonce, plain, []byte(name))
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if err := disk.WriteWhole(f.path(name), raw); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}

// secret reads what opens the files, and makes it the first time.
func (f File) secret() ([]byte, error) {
	secret, err := os.ReadFile(f.Secret)
	if err == nil && len(secret) >= secretLen {
		return secret, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keys: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(f.Secret), 0o700); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	write := disk.WriteNew
	if err == nil { // cut short: it opens nothing any more
		write = disk.WriteWhole
	}
	secret = make([]byte, secretLen)
	_, _ = rand.Read(secret)
	err = write(f.Secret, secret)
	if errors.Is(err, fs.ErrExist) { // another program was first
		return os.ReadFile(f.Secret)
	}
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return secret, nil
}

func cipherOf(secret, salt []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, secret, salt, "otklik sealed file", 32)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return cipher.NewGCM(block)
}
