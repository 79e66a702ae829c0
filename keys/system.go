package keys

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"
)

// service is the name people see in their keyring.
const service = "otklik"

// patience bounds the keyring: long enough to type a password when the system
// asks for one, and the end where nobody is there to be asked.
const patience = 20 * time.Second

var errSilent = errors.New("keys: the keyring does not answer")

// System is the keyring of the system: what it keeps belongs to the logged-in
// person and can be read by any program that runs as that person.
type System struct {
	patience time.Duration
	silent   atomic.Bool // it did not answer once, and is not waited for again
}

// NewSystem gives the keyring of the system.
func NewSystem() *System { return &System{patience: patience} }

// Get implements Keeper.
func (s *System) Get(name string) ([]byte, error) {
	text, err := bounded(s, func() (string, error) { return keyring.Get(service, name) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil, ErrAbsent
	}
	if err != nil {
		return nil, fmt.Errorf("keys: ask the keyring: %w", err)
	}
	secret, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("keys: the keyring holds something else: %w", err)
	}
	return secret, nil
}

// Put implements Keeper. It reads back what it put: some keyrings forget at
// once, and what moved here is deleted elsewhere.
func (s *System) Put(name string, secret []byte) error {
	_, err := bounded(s, func() (string, error) {
		return "", keyring.Set(service, name, base64.StdEncoding.EncodeToString(secret))
	})
	if err != nil {
		return fmt.Errorf("keys: tell the keyring: %w", err)
	}
	kept, err := s.Get(name)
	if err == nil && !bytes.Equal(kept, secret) {
		err = errors.New("keys: the keyring gives another secret back")
	}
	return err
}

// bounded gives up on a keyring that does not answer. The call itself cannot be
// ended: its goroutine stays until the bus lets it go, once in a run.
func bounded(s *System, ask func() (string, error)) (string, error) {
	if s.silent.Load() {
		return "", errSilent
	}
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		text, err := ask()
		got <- answer{text, err}
	}()
	timer := time.NewTimer(s.patience)
	defer timer.Stop()
	select {
	case a := <-got:
		return a.text, a.err
	case <-timer.C:
		s.silent.Store(true)
		return "", errSilent
	}
}
