package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// byLearned marks a record packed by what the records of its store have in common.
const byLearned = 2

// Learned packs records by a dictionary made from some of them: what people of one
// region write about repeats itself, and no dictionary shipped with the program
// knows it. A nil one packs as Bytes does and opens what Bytes has packed.
type Learned struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

// Bounds of what a dictionary is made of: more makes it better by little.
const (
	historyLen  = 16 << 10 // bytes of records that are referred to
	learnedFrom = 1000     // records whose letters are counted
)

// Learn makes a dictionary from records. An error says that there was too little
// to learn from.
func Learn(records [][]byte) (dictionary []byte, err error) {
	defer func() { // it trusts its input to be varied
		if r := recover(); r != nil {
			err = fmt.Errorf("pack: %v", r)
		}
	}()
	if len(records) == 0 {
		return nil, errors.New("pack: nothing to learn from")
	}
	step := max(1, len(records)/learnedFrom)
	var some [][]byte
	var history []byte
	for i := 0; i < len(records); i += step {
		some = append(some, records[i])
		if len(history) < historyLen {
			history = append(history, records[i]...)
		}
	}
	return zstd.BuildDict(zstd.BuildDictOptions{
		ID: 1, Contents: some, History: history[:min(len(history), historyLen)], Offsets: [3]int{1, 4, 8}, Level: zstd.SpeedFastest,
	})
}

// NewLearned makes ready to pack by a dictionary that Learn has made.
func NewLearned(dictionary []byte) (*Learned, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false),
		zstd.WithEncoderDict(dictionary), zstd.WithWindowSize(128<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderDicts(dictionary), zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(Largest))
	if err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return &Learned{encoder, decoder}, nil
}

// Bytes packs a record.
func (l *Learned) Bytes(plain []byte) []byte {
	if l == nil {
		return Bytes(plain)
	}
	packed := binary.LittleEndian.AppendUint32([]byte{byLearned}, crc32.Checksum(plain, table))
	return slices.Clip(l.encoder.EncodeAll(plain, slices.Grow(packed, len(plain)/2)))
}

// Open unpacks a record. What it gives shares nothing with packed.
func (l *Learned) Open(packed []byte) ([]byte, error) {
	if l == nil || len(packed) <= head || packed[0] != byLearned {
		return Open(packed)
	}
	plain, err := l.decoder.DecodeAll(packed[head:], nil)
	if err != nil || crc32.Checksum(plain, table) != binary.LittleEndian.Uint32(packed[1:]) {
		return nil, errDamaged
	}
	return plain, nil
}
