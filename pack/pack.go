package pack

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"sync"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// A packed record is a byte that says how, a checksum of the plain bytes and the
// packed ones: a disk that has changed a letter is noticed. Files of before 0.2
// hold frames of zstd, which begin with a byte of their own.
const (
	byDictionary1 = 1
	byZstd        = 0x28
	head          = 1 + crc32.Size
)

// Largest is the most bytes a record unpacks to.
const Largest = 64 << 20

// The names of fields and the turns of speech that most records share: without
// them a record is too short to be made much smaller. Files are full of
// references into it, so it is never edited; a better one gets another byte.
//
//go:embed dictionary1.txt
var dictionary1 []byte

var (
	shared = s2.MakeDict(dictionary1, nil)
	old, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(Largest)) // cannot fail with options that hold
	table  = crc32.MakeTable(crc32.Castagnoli)
)

// rooms are where records are packed, since that takes more room than they fill.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// Bytes packs a record.
func Bytes(plain []byte) []byte {
	room := rooms.Get().(*[]byte)
	defer rooms.Put(room)
	*room = slices.Grow((*room)[:0], head+s2.MaxEncodedLen(len(plain)))
	whole := (*room)[:cap(*room)]
	packed := whole[:head+len(shared.Encode(whole[head:], plain))]
	packed[0] = byDictionary1
	binary.LittleEndian.PutUint32(packed[1:], crc32.Checksum(plain, table))
	return bytes.Clone(packed)
}

var errDamaged = errors.New("a packed record is damaged")

// Open unpacks a record. What it gives shares nothing with packed.
func Open(packed []byte) ([]byte, error) {
	switch {
	case len(packed) > 0 && packed[0] == byZstd:
		return old.DecodeAll(packed, nil)
	case len(packed) <= head || packed[0] != byDictionary1:
		return nil, errDamaged
	}
	n, err := s2.DecodedLen(packed[head:])
	if err != nil || n > Largest {
		return nil, errDamaged
	}
	plain, err := shared.Decode(make([]byte, n), packed[head:])
	if err != nil || crc32.Checksum(plain, table) != binary.LittleEndian.Uint32(packed[1:]) {
		return nil, errDamaged
	}
	return plain, nil
}
