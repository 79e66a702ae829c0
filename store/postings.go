package store

import (
	"encoding/binary"
	"errors"
)

// The words of appeals stand in the file as postings: which records hold a term,
// by chunks of 262,144 records. Postings lie in blocks of a few kilobytes, in the
// order of terms; a block is one value, so sealing and bbolt cost little a posting.
//
// A write touches some hundreds of postings all over the file. So it appends its
// changes as one small value, and when these have become many they are merged into
// the blocks at once, in the same transaction. What is found is the blocks with the
// changes over them: exact after each commit.

// A block: for each term its 8 bytes, the length of its set shifted by a bit that
// says how the set is written, and the set.
const (
	chunkBits    = 18
	chunkRecords = 1 << chunkBits
)

// Sizes, which tests make smaller.
var (
	blockLen = 4000    // of a block, in bytes; a longer one is split
	mergeAt  = 2 << 20 // so many changes are merged into the blocks
)

var errPosting = errors.New("postings do not read")

// entry is one posting in a block, its set as it is written.
type entry struct {
	term  term
	dense bool
	set   []byte
	raw   []byte // all of it
}

// nextEntry reads the first entry of what is left of a block.
func nextEntry(b []byte) (e entry, rest []byte, err error) {
	if len(b) < 9 {
		return e, nil, errPosting
	}
	e.term = term(binary.BigEndian.Uint64(b))
	head, n := binary.Uvarint(b[8:])
	if n <= 0 || head>>1 > uint64(len(b)-8-n) {
		return e, nil, errPosting
	}
	end := 8 + n + int(head>>1)
	e.dense, e.set, e.raw = head&1 == 1, b[8+n:end], b[:end]
	return e, b[end:], nil
}

// blockKey is where a block stands: its chunk and its first term.
func blockKey(chunk uint32, first term) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(nil, chunk), uint64(first))
}

func keyBlock(k []byte) (chunk uint32, first term) {
	if len(k) != 12 {
		panic(damage{errPosting})
	}
	return binary.BigEndian.Uint32(k), term(binary.BigEndian.Uint64(k[4:]))
}

// blocks reads postings, terms in rising order within a chunk.
type blocks struct {
	c     cursor
	chunk uint32
	plain []byte // the block that is being read
	rest  []byte // of it
	have  bool
	now   entry // valid where have is set
}

// addTo adds the set of a term to another. Damage ends the transaction.
func (b *blocks) addTo(to *bitset, chunk uint32, w term) {
	if !b.have || b.chunk != chunk || b.now.term > w || !b.walk(w) {
		if !b.seek(chunk, w) || !b.walk(w) {
			return
		}
	}
	if b.now.term == w {
		unharmed(decodeSet(b.now.set, b.now.dense, to))
	}
}

// walk goes to the first entry of this block that does not come before the term;
// there may be none.
func (b *blocks) walk(w term) bool {
	for b.now.term < w {
		if len(b.rest) == 0 {
			b.have = false
			return false
		}
		b.read()
	}
	return true
}

func (b *blocks) read() {
	e, rest, err := nextEntry(b.rest)
	unharmed(err)
	b.now, b.rest, b.have = e, rest, true
}

// seek opens the block in which the term would stand.
func (b *blocks) seek(chunk uint32, w term) bool {
	key := blockKey(chunk, w)
	k, v := b.c.Cursor.Seek(key)
	if string(k) != string(key) {
		if k == nil {
			k, v = b.c.Cursor.Last()
		} else {
			k, v = b.c.Cursor.Prev()
		}
	}
	b.have = false
	if k == nil {
		return false
	}
	if at, _ := keyBlock(k); at != chunk {
		return false
	}
	var err error
	b.plain, err = b.c.b.plainTo(b.plain, k, v)
	unharmed(err)
	b.chunk, b.rest = chunk, b.plain
	b.read()
	return true
}

// A change is written for each posting as chunk, term, the number of records and
// these as gaps, each shifted by a bit that says whether the record is in.
