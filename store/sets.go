package store

import (
	"encoding/binary"
	"math/bits"
)

// bitset holds the records of one chunk.
type bitset [chunkRecords / 64]uint64

func (s *bitset) add(low uint32)    { s[low>>6] |= 1 << (low & 63) }
func (s *bitset) remove(low uint32) { s[low>>6] &^= 1 << (low & 63) }

// postingChange says whether a record is under a term from now on.
type postingChange struct {
	term   term
	record uint32
	in     bool
}

func (c *postingChange) chunk() uint32 { return c.record >> chunkBits }

// encodeSet appends a set, given as sorted low halves of record numbers: as gaps,
// or as bits where that is shorter.
func encodeSet(b []byte, lows []uint32) []byte {
	size, last := 0, -1
	for _, low := range lows {
		size += uvarintLen(uint64(int(low) - last - 1))
		last = int(low)
	}
	if words := last>>6 + 1; size > 8*words {
		var set bitset
		for _, low := range lows {
			set.add(low)
		}
		b = binary.AppendUvarint(b, uint64(8*words)<<1|1)
		for _, w := range set[:words] {
			b = binary.LittleEndian.AppendUint64(b, w)
		}
		return b
	}
	b = binary.AppendUvarint(b, uint64(size)<<1)
	last = -1
	for _, low := range lows {
		b = binary.AppendUvarint(b, uint64(int(low)-last-1))
		last = int(low)
	}
	return b
}

func uvarintLen(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }

// decodeSet adds a set to another.
func decodeSet(raw []byte, dense bool, to *bitset) error {
	if dense {
		if len(raw)%8 != 0 || len(raw) > 8*len(to) {
			return errPosting
		}
		for i := range len(raw) / 8 {
			to[i] |= binary.LittleEndian.Uint64(raw[8*i:])
		}
		return nil
	}
	next := uint32(0)
	for i := 0; i < len(raw); i++ {
		gap := uint32(raw[i])
		if gap >= 0x80 {
			long, n := binary.Uvarint(raw[i:])
			if n <= 0 || long >= chunkRecords {
				return errPosting
			}
			gap = uint32(long)
			i += n - 1
		}
		if next += gap; next >= chunkRecords {
			return errPosting
		}
		to.add(next)
		next++
	}
	return nil
}

// decodeLows lists the records of a set that is written as gaps.
func decodeLows(raw []byte, out []uint32) ([]uint32, error) {
	low, ok := 0, true
	for next := 0; len(raw) > 0; next = low + 1 {
		if low, raw, ok = nextLow(raw, next); !ok {
			return nil, errPosting
		}
		out = append(out, uint32(low))
	}
	return out, nil
}

// nextLow reads a gap.
func nextLow(raw []byte, next int) (low int, rest []byte, ok bool) {
	gap, n := uint64(raw[0]), 1
	if gap >= 0x80 {
		gap, n = binary.Uvarint(raw)
	}
	if n <= 0 || gap >= uint64(chunkRecords-next) {
		return 0, nil, false
	}
	return next + int(gap), raw[n:], true
}

func (s *bitset) change(changes []lowChange) {
	for _, c := range changes {
		if c.in() {
			s.add(c.low())
		} else {
			s.remove(c.low())
		}
	}
}

// lows lists the records of a set in their order.
func (s *bitset) lows(out []uint32) []uint32 {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			out = append(out, uint32(i<<6+bits.TrailingZeros64(w)))
		}
	}
	return out
}
