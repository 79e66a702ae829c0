package store

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Numbers of one kind lie close together: codes are small, moments and counts of
// neighbours differ little. So a run of them is written as the distance of each
// to the least one, in as many bits as the longest distance takes. 0 stands for
// "none" and stays 0.

// padding follows the last run of a value: eight bytes are read at once.
const padding = 8

var errShort = errors.New("a packed run is cut off")

type unsigned interface{ uint8 | uint16 | uint32 }

// span gives the least of the numbers that are not 0, and the bits a distance
// takes; 0 bits where all are 0.
func span[T unsigned](v []T) (least uint32, width int) {
	low, high := ^uint32(0), uint32(0)
	for _, x := range v {
		low, high = min(low, uint32(x)-1), max(high, uint32(x)) // 0 is not the least
	}
	if high == 0 {
		return 0, 0
	}
	return low + 1, bits.Len32(high - low)
}

// packBits appends the distances. No more than padding bytes past the end are
// touched, and they stay 0.
func packBits[T unsigned](b []byte, v []T, least uint32, width int) []byte {
	var held uint64
	n := 0
	for _, x := range v {
		if x != 0 {
			held |= uint64(uint32(x)-least+1) << n
		}
		if n += width; n >= 32 {
			b = binary.LittleEndian.AppendUint32(b, uint32(held))
			held >>= 32
			n -= 32
		}
	}
	for ; n > 0; n -= 8 {
		b = append(b, byte(held))
		held >>= 8
	}
	return b
}

// unpackBits is the way back; b goes on for padding bytes.
func unpackBits[T unsigned](b []byte, v []T, least uint32, width int) {
	mask, add := uint64(1)<<width-1, least-1
	bit := 0
	for i := range v {
		x := uint32(binary.LittleEndian.Uint64(b[bit>>3:]) >> (bit & 7) & mask)
		if x != 0 {
			x += add
		}
		v[i] = T(x)
		bit += width
	}
}

func bitsLen(n, width int) int { return (n*width + 7) / 8 }

// runHead is the width and the least number, before the distances.
const runHead = 5

// packRun appends the numbers.
func packRun[T unsigned](b []byte, v []T) []byte {
	least, width := span(v)
	b = binary.LittleEndian.AppendUint32(append(b, byte(width)), least)
	return packBits(b, v, least, width)
}

// unpackRun fills v, in which nothing stands yet, and gives what follows. Where all
// are 0 it does not touch the memory.
func unpackRun[T unsigned](b []byte, v []T) ([]byte, error) {
	if len(b) < runHead+padding {
		return nil, errShort
	}
	width, least := int(b[0]), binary.LittleEndian.Uint32(b[1:])
	b = b[runHead:]
	n := bitsLen(len(v), width)
	if width > 32 || len(b) < n+padding {
		return nil, errShort
	}
	if width == 0 {
		return b, nil
	}
	unpackBits(b, v, least, width)
	return b[n:], nil
}
