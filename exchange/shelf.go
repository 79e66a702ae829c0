package exchange

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// shelfMemory is how many bytes of shared texts stay in memory; the rest goes to disk.
const shelfMemory = 8 << 20

const (
	shelfPage = 1 << 16 // texts in a page of offsets
	shelfMost = 8 << 20 // texts
)

// stringShelf keeps the shared texts of a workbook. What does not fit into memory lies in
// a temporary file, enciphered with a key that is nowhere but in memory: a program that
// is killed leaves noise behind, not people's words.
type stringShelf struct {
	ends   [][]int64 // where each text ends, by pages
	count  int
	size   int64
	memory []byte
	file   *os.File
	cipher cipher.Block
	out    *bufio.Writer
	stream cipher.Stream
}

func newStringShelf() *stringShelf { return &stringShelf{} }

func (s *stringShelf) add(text []byte) error {
	if s.count == shelfMost {
		return errHuge
	}
	if s.file == nil && len(s.memory)+len(text) > shelfMemory {
		if err := s.spill(); err != nil {
			return readError{err}
		}
	}
	s.size += int64(len(text))
	if s.count%shelfPage == 0 {
		s.ends = append(s.ends, make([]int64, 0, shelfPage))
	}
	last := &s.ends[len(s.ends)-1]
	*last = append(*last, s.size)
	s.count++
	if s.file == nil {
		s.memory = append(s.memory, text...)
		return nil
	}
	s.stream.XORKeyStream(text, text)
	if _, err := s.out.Write(text); err != nil {
		return readError{err}
	}
	return nil
}

// spill begins the file. What is in memory stays there.
func (s *stringShelf) spill() error {
	key := make([]byte, 32)
	_, err := rand.Read(key)
	if err == nil {
		s.cipher, err = aes.NewCipher(key)
	}
	if err == nil {
		s.file, err = os.CreateTemp("", "otklik-*")
	}
	if err != nil {
		return err
	}
	// Where the system lets an open file go, nothing is left even by a kill.
	_ = os.Remove(s.file.Name())
	s.out, s.stream = bufio.NewWriterSize(s.file, 1<<16), s.keystream(0)
	return nil
}

// keystream begins at an offset of the file.
func (s *stringShelf) keystream(at int64) cipher.Stream {
	iv := make([]byte, aes.BlockSize)
	binary.BigEndian.PutUint64(iv[8:], uint64(at/aes.BlockSize))
	stream := cipher.NewCTR(s.cipher, iv)
	skip := iv[:at%aes.BlockSize]
	stream.XORKeyStream(skip, skip)
	return stream
}

func (s *stringShelf) flush() error {
	if s.out == nil {
		return nil
	}
	if err := s.out.Flush(); err != nil {
		return readError{err}
	}
	return nil
}

// text gives a text, or its first bytes where it has more than most.
func (s *stringShelf) text(i, most int) (string, error) {
	if i < 0 || i >= s.count {
		return "", errors.New("workbook: no such text")
	}
	from := int64(0)
	if i > 0 {
		from = s.end(i - 1)
	}
	n := min(s.end(i)-from, max(int64(most), 0)+1)
	if from+n <= int64(len(s.memory)) {
		return string(s.memory[from : from+n]), nil
	}
	at := from - int64(len(s.memory))
	b := make([]byte, n)
	if _, err := s.file.ReadAt(b, at); err != nil && err != io.EOF {
		return "", readError{err}
	}
	s.keystream(at).XORKeyStream(b, b)
	return string(b), nil
}

func (s *stringShelf) end(i int) int64 { return s.ends[i/shelfPage][i%shelfPage] }

func (s *stringShelf) close() error {
	if s.file == nil {
		return nil
	}
	name := s.file.Name()
	err := s.file.Close()
	_ = os.Remove(name) // gone already, but for systems that keep open files
	return err
}
