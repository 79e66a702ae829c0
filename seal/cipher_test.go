package seal

import (
	"bytes"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"
)

// TestAnotherCipherIsOneRow: a region's own cipher needs nothing but its row, and a
// box of one cipher does not open what another has sealed.
func TestAnotherCipherIsOneRow(t *testing.T) {
	ciphers["test"] = chacha20poly1305.New
	defer delete(ciphers, "test")
	key := make([]byte, KeyLen)
	other, err := newBox("test", key)
	if err != nil {
		t.Fatal(err)
	}
	usual, err := NewBox(key)
	if err != nil {
		t.Fatal(err)
	}
	sealed := other.Seal(nil, []byte("текст"), []byte("bucket"), []byte("key"))
	if got, err := other.Open(nil, sealed, []byte("bucket"), []byte("key")); err != nil || string(got) != "текст" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := usual.Open(nil, sealed, []byte("bucket"), []byte("key")); err == nil {
		t.Error("opens under another cipher")
	}
	var file bytes.Buffer
	w := other.NewFileWriter(&file, 0)
	if _, err := w.Write(make([]byte, 3*Piece)); err != nil {
		t.Fatal(err)
	}
	if err := w.End(); err != nil || int64(file.Len()) != other.SealedLen(3*Piece) {
		t.Errorf("%d bytes, %v", file.Len(), err)
	}
}
