package seal

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Piece is how many bytes of a file are sealed together. A file that grows is
// written piece by piece and can be read from any of them on.
const Piece = 16 << 10

// Files are vouched for piece by piece; that no piece is missing at the end, or
// comes from another file, the reader has to know from the hash of the whole.

func (b *Box) pieceLen() int64 { return Piece + int64(b.fileOverhead()) }

func (b *Box) fileOverhead() int { return b.files.NonceSize() + b.files.Overhead() }

// SealedLen is how long a file of n bytes is when it is sealed.
func (b *Box) SealedLen(n int64) int64 {
	pieces := (n + Piece - 1) / Piece
	return n + pieces*int64(b.fileOverhead())
}

// WholePieces is how many bytes the whole pieces of a sealed file of n bytes hold:
// one that was cut off goes on there.
func (b *Box) WholePieces(n int64) int64 { return n / b.pieceLen() * Piece }

// FileWriter seals what is written to it.
type FileWriter struct {
	b     *Box
	to    io.Writer
	piece uint64
	plain []byte
}

// NewFileWriter goes on with a sealed file after so many bytes, which must be whole
// pieces; to is where the next piece belongs.
func (b *Box) NewFileWriter(to io.Writer, after int64) *FileWriter {
	return &FileWriter{b: b, to: to, piece: uint64(after / Piece), plain: make([]byte, 0, Piece)}
}

// Write implements io.Writer. What does not fill a piece waits for more.
func (w *FileWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		taken := min(len(p), Piece-len(w.plain))
		w.plain = append(w.plain, p[:taken]...)
		p, n = p[taken:], n+taken
		if len(w.plain) == Piece {
			if err := w.flush(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// End writes the last piece of the file.
func (w *FileWriter) End() error {
	if len(w.plain) == 0 {
		return nil
	}
	return w.flush()
}

func (w *FileWriter) flush() error {
	nonce := make([]byte, w.b.files.NonceSize(), w.b.pieceLen())
	_, _ = rand.Read(nonce) // never fails: it would stop the program instead
	_, err := w.to.Write(w.b.files.Seal(nonce, nonce, w.plain, pieceName(w.piece)))
	w.plain, w.piece = w.plain[:0], w.piece+1
	return err
}

func pieceName(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// FileReader opens a sealed file. It is used by one goroutine at a time.
type FileReader struct {
	b    *Box
	from io.ReaderAt
	size int64 // of the plain file
	at   int64

	piece  int64 // that is opened, -1: none
	plain  []byte
	sealed []byte
}

// NewFileReader opens a sealed file of which size bytes were plain.
func (b *Box) NewFileReader(from io.ReaderAt, size int64) *FileReader {
	return &FileReader{b: b, from: from, size: size, piece: -1}
}

// Read implements io.Reader.
func (r *FileReader) Read(p []byte) (int, error) {
	n, err := r.ReadAt(p, r.at)
	r.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// ReadAt implements io.ReaderAt. A piece that does not open is ErrSealed.
func (r *FileReader) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) {
		if at >= r.size {
			return n, io.EOF
		}
		if err := r.load(at / Piece); err != nil {
			return n, err
		}
		copied := copy(p[n:], r.plain[at%Piece:])
		n, at = n+copied, at+int64(copied)
	}
	return n, nil
}

func (r *FileReader) load(piece int64) error {
	if piece == r.piece {
		return nil
	}
	r.piece = -1
	plain := min(Piece, r.size-piece*Piece)
	if r.sealed == nil {
		r.sealed, r.plain = make([]byte, r.b.pieceLen()), make([]byte, 0, Piece)
	}
	sealed := r.sealed[:plain+int64(r.b.fileOverhead())]
	if n, err := r.from.ReadAt(sealed, piece*r.b.pieceLen()); n < len(sealed) {
		return fmt.Errorf("seal: piece %d: %w", piece, errors.Join(err, io.ErrUnexpectedEOF))
	}
	nonce := r.b.files.NonceSize()
	var err error
	if r.plain, err = r.b.files.Open(r.plain[:0], sealed[:nonce], sealed[nonce:], pieceName(uint64(piece))); err != nil {
		return ErrSealed
	}
	r.piece = piece
	return nil
}
