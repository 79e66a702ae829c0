package seal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"otklik/app"
	"otklik/disk"
)

// Keeper keeps secrets by name outside the data folder: the system's keyring, or
// what stands for it.
type Keeper interface {
	Get(name string) ([]byte, error)
	Put(name string, secret []byte) error
}

// Vault is the file that holds the data key, wrapped either by a passphrase or by
// a secret of the keeper. Another passphrase wraps the same key anew, so that
// nothing else has to be written again. There are two copies of the file: what is
// sealed could never be read again without it.
type Vault struct {
	path   string
	keeper Keeper

	mu   sync.Mutex // guards what follows
	file vaultFile
}

// vaultFile is the content of the file.
type vaultFile struct {
	Version int    `json:"version"`
	ID      string `json:"id"`     // of this wrapping; names the secret of the keeper
	Cipher  string `json:"cipher"` // of the data and of the wrapping
	Pass    *pass  `json:"passphrase,omitempty"`
	Key     []byte `json:"key"` // the data key, sealed
}

// pass says how a passphrase becomes a key: Argon2id, memory in KiB.
type pass struct {
	Salt    []byte `json:"salt"`
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory"`
	Threads uint8  `json:"threads"`
}

const vaultVersion = 1

// The second recommended option of RFC 9106, for where memory is scarce: 64 MiB.
const (
	passTime    = 3
	passMemory  = 64 << 10
	passThreads = 4
	saltLen     = 16
)

// Bounds of what a vault may ask for: a damaged one must not fill the memory.
const (
	maxTime   = 64
	maxMemory = 1 << 20
)

// OpenVault reads the vault at path. A new one is made, wrapped by the keeper,
// where data is not there yet either; data without its vault is an error, since a
// new one would not open it. Errors: CodeNoVault, CodeNoFolder, CodeDiskFull.
func OpenVault(path string, keeper Keeper, hasData func() bool) (*Vault, error) {
	v := &Vault{path: path, keeper: keeper}
	var sound []byte
	absent := 0
	for _, copy := range v.copies() {
		raw, err := os.ReadFile(copy)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			absent++
		case err == nil && sound == nil && v.parse(raw):
			sound = raw
		}
	}
	switch {
	case sound != nil:
		v.mend(sound)
		return v, nil
	case absent < len(v.copies()) || hasData():
		return nil, app.Fail(app.CodeNoVault, path)
	}
	key := random(KeyLen)
	v.file.Cipher = defaultCipher
	err := v.wrap(key, "", disk.WriteNew)
	if errors.Is(err, fs.ErrExist) { // another program was first
		return OpenVault(path, keeper, hasData)
	}
	return v, err
}

func (v *Vault) copies() []string { return []string{v.path, v.path + ".copy"} }

func (v *Vault) parse(raw []byte) bool {
	var f vaultFile
	sum, body, ok := bytes.Cut(raw, []byte("\n"))
	if !ok || string(sum) != checksum(body) || json.Unmarshal(body, &f) != nil {
		return false
	}
	if p := f.Pass; p != nil && (p.Time < 1 || p.Time > maxTime || p.Memory > maxMemory || p.Threads < 1) {
		return false
	}
	v.file = f
	return f.Version == vaultVersion && ciphers[f.Cipher] != nil
}

func checksum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// mend writes the copies that are not as they should be. That it cannot, on a
// full disk or in a folder that can only be read, is no reason to stay out.
func (v *Vault) mend(sound []byte) {
	for _, copy := range v.copies() {
		if raw, err := os.ReadFile(copy); err != nil || !bytes.Equal(raw, sound) {
			_ = disk.WriteWhole(copy, sound)
		}
	}
}

// NeedsPassphrase says whether a person has to open the vault.
func (v *Vault) NeedsPassphrase() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.file.Pass != nil
}

// Open gives the box of the data; the passphrase is "" where none is needed.
// Errors: CodeWrongPassphrase; CodeNoVaultKey where the keeper has no secret for it.
func (v *Vault) Open(passphrase string) (*Box, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key, err := v.unwrap(passphrase)
	if err != nil {
		return nil, err
	}
	return newBox(v.file.Cipher, key)
}

// Change wraps the data key by another passphrase, or for "" by the keeper. Errors
// are those of Open, and CodeShortPassphrase.
func (v *Vault) Change(old, new string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	key, err := v.unwrap(old)
	if err != nil {
		return err
	}
	if n := utf8.RuneCountInString(new); new != "" && n < app.PassphraseLen {
		return app.Fail(app.CodeShortPassphrase, app.PassphraseLen)
	}
	return v.wrap(key, new, disk.WriteWhole)
}

// Destroy forgets the data key for good: nothing that it sealed can be read again.
func (v *Vault) Destroy() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	err := v.forget()
	for _, copy := range v.copies() {
		if gone := os.Remove(copy); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// forget makes the secret of the keeper worthless, where there is one.
func (v *Vault) forget() error {
	if v.file.ID == "" || v.file.Pass != nil {
		return nil
	}
	return v.keeper.Put(v.file.secret(), random(KeyLen))
}

func (f *vaultFile) secret() string { return "data-" + f.ID }

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: it would stop the program instead
	return b
}

// wrap seals the data key and writes both copies. Every wrapping has a name of its
// own, so that the one before it opens until it is replaced.
func (v *Vault) wrap(key []byte, passphrase string, write func(path string, content []byte) error) error {
	f := vaultFile{Version: vaultVersion, ID: hex.EncodeToString(random(8)), Cipher: v.file.Cipher}
	var with []byte
	if passphrase == "" {
		with = random(KeyLen)
		if err := v.keeper.Put(f.secret(), with); err != nil {
			return err
		}
	} else {
		f.Pass = &pass{Salt: random(saltLen), Time: passTime, Memory: passMemory, Threads: passThreads}
		with = f.Pass.key(passphrase)
	}
	box, err := newBox(f.Cipher, with)
	if err != nil {
		return err
	}
	f.Key = box.Seal(nil, key, []byte("vault"), []byte(f.ID))
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	whole := append([]byte(checksum(body)+"\n"), body...)
	for _, copy := range v.copies() {
		if err := write(copy, whole); err != nil {
			return failed(copy, err)
		}
	}
	_ = v.forget() // what it was wrapped by before opens nothing any more
	v.file = f
	return nil
}

// failed turns a failure of the disk into a sentence.
func failed(path string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return app.Fail(app.CodeDiskFull, path).Because(err)
	}
	return app.Fail(app.CodeNoFolder, filepath.Dir(path)).Because(err)
}

func (v *Vault) unwrap(passphrase string) ([]byte, error) {
	var with []byte
	wrong := app.Fail(app.CodeNoVaultKey, v.path)
	if v.file.Pass != nil {
		with, wrong = v.file.Pass.key(passphrase), app.Fail(app.CodeWrongPassphrase)
	} else {
		secret, err := v.keeper.Get(v.file.secret())
		if err != nil || len(secret) != KeyLen {
			return nil, wrong.Because(err)
		}
		with = secret
	}
	box, err := newBox(v.file.Cipher, with)
	if err != nil {
		return nil, err
	}
	key, err := box.Open(nil, v.file.Key, []byte("vault"), []byte(v.file.ID))
	if err != nil {
		return nil, wrong.Because(err)
	}
	return key, nil
}

func (p *pass) key(passphrase string) []byte {
	return argon2.IDKey([]byte(passphrase), p.Salt, p.Time, p.Memory, p.Threads, KeyLen)
}
