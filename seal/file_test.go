package seal_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"otklik/seal"
)

func TestFileOfAnyLength(t *testing.T) {
	box := must[*seal.Box](t)(seal.NewBox(make([]byte, seal.KeyLen)))
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{0, 1, seal.Piece - 1, seal.Piece, seal.Piece + 1, 3*seal.Piece + 17} {
		plain := make([]byte, size)
		for i := range plain {
			plain[i] = byte(r.Uint32())
		}
		var sealed bytes.Buffer
		// In two goes: the second begins where the whole pieces of the first end.
		cut := r.IntN(size + 1)
		w := box.NewFileWriter(&sealed, 0)
		must[int](t)(w.Write(plain[:cut]))
		at := box.WholePieces(int64(sealed.Len()))
		w = box.NewFileWriter(&sealed, at)
		must[int64](t)(io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{bytes.NewReader(plain[at:])}, make([]byte, 1000)))
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
		if int64(sealed.Len()) != box.SealedLen(int64(size)) {
			t.Errorf("%d bytes: %d sealed, want %d", size, sealed.Len(), box.SealedLen(int64(size)))
		}
		got := must[[]byte](t)(io.ReadAll(box.NewFileReader(bytes.NewReader(sealed.Bytes()), int64(size))))
		if !bytes.Equal(got, plain) {
			t.Fatalf("%d bytes come back as %d others", size, len(got))
		}
		for range 20 {
			if size == 0 {
				break
			}
			from := r.IntN(size)
			part := make([]byte, 1+r.IntN(size-from))
			must[int](t)(box.NewFileReader(bytes.NewReader(sealed.Bytes()), int64(size)).ReadAt(part, int64(from)))
			if !bytes.Equal(part, plain[from:from+len(part)]) {
				t.Fatalf("%d bytes from %d are others", len(part), from)
			}
		}
		if size == 0 {
			continue
		}
		sealed.Bytes()[r.IntN(sealed.Len())] ^= 4
		if _, err := io.ReadAll(box.NewFileReader(bytes.NewReader(sealed.Bytes()), int64(size))); !errors.Is(err, seal.ErrSealed) {
			t.Errorf("a changed file: %v", err)
		}
	}
}
