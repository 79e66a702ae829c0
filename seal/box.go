package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"sync"
)

// ErrSealed says that a value does not open: it was sealed under another key or
// for another place, or was changed.
var ErrSealed = errors.New("seal: does not open")

// Box seals with the keys that are made from one data key. It may be used by many
// goroutines.
type Box struct {
	values cipher.AEAD
	files  cipher.AEAD
	words  sync.Pool // of hash.Hash, keyed: making one takes longer than its work
}

// NewBox makes a box of the default cipher. The key has KeyLen bytes.
func NewBox(key []byte) (*Box, error) { return newBox(defaultCipher, key) }

func newBox(name string, key []byte) (*Box, error) {
	make, ok := ciphers[name]
	if !ok || len(key) != KeyLen {
		return nil, fmt.Errorf("seal: no cipher %q for a key of %d bytes", name, len(key))
	}
	b := &Box{}
	var err error
	for use, to := range map[string]*cipher.AEAD{"values": &b.values, "files": &b.files} {
		var sub []byte
		if sub, err = hkdf.Key(sha256.New, key, nil, "otklik "+use, KeyLen); err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
		if *to, err = make(sub); err != nil {
			return nil, err
		}
	}
	words, err := hkdf.Key(sha256.New, key, nil, "otklik words", KeyLen)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	b.words.New = func() any { return hmac.New(sha256.New, words) }
	return b, nil
}

// Overhead is by how many bytes a sealed value is longer.
func (b *Box) Overhead() int { return b.values.NonceSize() + b.values.Overhead() }

// Seal appends the sealed value to dst. It opens for the same place alone: the
// name of a bucket and the key in it, so that nobody can put one value where
// another belongs.
func (b *Box) Seal(dst, plain, bucket, key []byte) []byte {
	n := len(dst)
	dst = append(dst, make([]byte, b.values.NonceSize())...)
	_, _ = rand.Read(dst[n:]) // never fails: it would stop the program instead
	return b.values.Seal(dst, dst[n:], plain, place(bucket, key))
}

// Open appends the opened value to dst, which is not nil then, or gives ErrSealed.
func (b *Box) Open(dst, sealed, bucket, key []byte) ([]byte, error) {
	n := b.values.NonceSize()
	if len(sealed) < n {
		return nil, ErrSealed
	}
	plain, err := b.values.Open(dst, sealed[:n], sealed[n:], place(bucket, key))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func place(bucket, key []byte) []byte {
	out := make([]byte, 0, len(bucket)+1+len(key))
	out = append(append(out, bucket...), '/')
	return append(out, key...)
}

// Word hashes a word under the key of the box: keys of an index are such hashes,
// since a key cannot be sealed and be looked up.
func (b *Box) Word(word string) (sum [8]byte) {
	mac := b.words.Get().(hash.Hash)
	defer b.words.Put(mac)
	mac.Reset()
	mac.Write([]byte(word)) // never fails
	copy(sum[:], mac.Sum(make([]byte, 0, sha256.Size)))
	return sum
}
