package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// KeyLen is the length of every key, in bytes.
const KeyLen = 32

// ciphers by the names vaults know them by. A cipher has to be an AEAD over keys
// of KeyLen bytes with nonces of at least 12, which are drawn at random: with
// AES-GCM, 2³² values under one key are safe, a thousand times more than a
// workstation writes.
var ciphers = map[string]func(key []byte) (cipher.AEAD, error){
	"aes-256-gcm": aesGCM,
}

// defaultCipher seals what is sealed for the first time.
const defaultCipher = "aes-256-gcm"

func aesGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return cipher.NewGCM(block)
}
