package app

import "crypto/sha256"

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// IDFrom derives an identifier in the form of a ULID from the parts, so that
// the same fact read twice (a row of a spreadsheet, a threshold passed) is one
// record and not two.
func IDFrom(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	sum := h.Sum(nil)
	// 128 bits in 26 digits of five bits, the two spare bits in front.
	out := make([]byte, 26)
	var acc uint32
	bits := 2
	n := 0
	for i := range out {
		for bits < 5 {
			acc = acc<<8 | uint32(sum[n])
			n++
			bits += 8
		}
		out[i] = crockford[acc>>(bits-5)&31]
		bits -= 5
	}
	return string(out)
}
