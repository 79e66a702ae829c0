package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// bbolt trusts every page but the two it begins with. Here the pages are read as
// what they are, bytes of a file, and none is believed: before the file is mapped
// all that its pages refer to was found to lie where it may, once. Whoever
// follows them afterwards comes to an end.

// The form of a bbolt file.
const (
	pageHead   = 16 // number u64, kind u16, count u16, overflow u32
	elementLen = 16
	metaLen    = 64
	metaMagic  = 0xED0CDAED

	pageBranch, pageLeaf, pageFreelist = 1, 2, 0x10

	noFreelist = ^uint64(0)
)

// sounding is one reading of a file.
type sounding struct {
	f        io.ReaderAt
	size     int64
	pageSize int64
	pages    uint64 // in use and free
	root     uint64
	seen     []bool // pages something refers to
	// deep says which buckets are read to the last page. Of the others the pages
	// that lead to the values are read; these are found out when they are met.
	deep func(bucket string) bool
}

// soundPages reads the file and gives what is wrong with it; without deep all of
// it is read.
func soundPages(path string, deep func(bucket string) bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	s := &sounding{f: f, size: info.Size(), deep: deep}
	freelist, err := s.meta()
	if err != nil {
		return err
	}
	if err := s.free(freelist); err != nil {
		return err
	}
	if err := s.rootPage(); err != nil {
		return err
	}
	if deep != nil {
		return nil
	}
	for n, seen := range s.seen {
		if !seen {
			return fmt.Errorf("page %d belongs to nothing", n)
		}
	}
	return nil
}

// meta finds the newest of the pages that name the root.
func (s *sounding) meta() (freelist uint64, err error) {
	newest, found := uint64(0), false
	try := func(at int64) {
		b := make([]byte, pageHead+metaLen)
		if _, err := s.f.ReadAt(b, at); err != nil {
			return
		}
		m := b[pageHead:]
		le := binary.LittleEndian
		h := fnv.New64a()
		h.Write(m[:metaLen-8]) // never fails
		if le.Uint32(m) != metaMagic || h.Sum64() != le.Uint64(m[metaLen-8:]) {
			return
		}
		if txid := le.Uint64(m[48:]); !found || txid > newest {
			newest, found = txid, true
			s.pageSize, s.root, freelist, s.pages = int64(le.Uint32(m[8:])), le.Uint64(m[16:]), le.Uint64(m[32:]), le.Uint64(m[40:])
		}
	}
	try(0)
	for size := int64(1 << 10); size <= 64<<10; size <<= 1 {
		try(size)
	}
	if !found || s.pageSize < 1<<10 || s.pageSize > 64<<10 {
		return 0, fmt.Errorf("no page names the root")
	}
	if s.pages < 4 || int64(s.pages) > s.size/s.pageSize {
		return 0, fmt.Errorf("the file has %d bytes of %d pages", s.size, s.pages)
	}
	s.seen = make([]bool, s.pages)
	s.seen[0], s.seen[1] = true, true
	return freelist, nil
}

// page reads a page, whole or the first bytes of it.
func (s *sounding) page(n uint64, whole bool) (b []byte, kind uint16, count int, err error) {
	if n < 2 || n >= s.pages {
		return nil, 0, 0, fmt.Errorf("page %d of %d is referred to", n, s.pages)
	}
	b = make([]byte, s.pageSize)
	if _, err := s.f.ReadAt(b, int64(n)*s.pageSize); err != nil {
		return nil, 0, 0, fmt.Errorf("page %d: %w", n, err)
	}
	le := binary.LittleEndian
	overflow := uint64(le.Uint32(b[12:]))
	if le.Uint64(b) != n || overflow >= s.pages-n {
		return nil, 0, 0, fmt.Errorf("page %d is none", n)
	}
	for i := range overflow {
		if err := s.refer(n + 1 + i); err != nil {
			return nil, 0, 0, err
		}
	}
	if overflow > 0 && whole {
		b = make([]byte, int64(overflow+1)*s.pageSize)
		if _, err := s.f.ReadAt(b, int64(n)*s.pageSize); err != nil {
			return nil, 0, 0, fmt.Errorf("page %d: %w", n, err)
		}
	}
	return b, le.Uint16(b[8:]), int(le.Uint16(b[10:])), nil
}

// refer notes that something refers to the page: nothing else may.
func (s *sounding) refer(n uint64) error {
	if n < 2 || n >= s.pages || s.seen[n] {
		return fmt.Errorf("page %d of %d is referred to, or twice", n, s.pages)
	}
	s.seen[n] = true
	return nil
}

func (s *sounding) free(freelist uint64) error {
	if freelist == noFreelist {
		return nil
	}
	if err := s.refer(freelist); err != nil {
		return err
	}
	b, kind, count, err := s.page(freelist, true)
	if err != nil {
		return err
	}
	ids := b[pageHead:]
	n := uint64(count)
	if count == 0xFFFF {
		n, ids = binary.LittleEndian.Uint64(ids), ids[8:]
	}
	if kind != pageFreelist || n > uint64(len(ids)/8) {
		return fmt.Errorf("the list of free pages is none")
	}
	for i := range n {
		if err := s.refer(binary.LittleEndian.Uint64(ids[8*i:])); err != nil {
			return fmt.Errorf("free: %w", err)
		}
	}
	return nil
}

// rootPage reads the buckets there are, and then each.
func (s *sounding) rootPage() error {
	var names []string
	var roots []uint64
	err := s.tree(s.root, true, nil, nil, func(flags uint32, key, value []byte) error {
		if flags != 1 || len(value) < pageHead {
			return fmt.Errorf("something other than a bucket stands among them")
		}
		root := binary.LittleEndian.Uint64(value)
		if root == 0 { // the bucket is small and stands here
			return leaf(value[pageHead:], nil, nil, notBucket)
		}
		names, roots = append(names, string(key)), append(roots, root)
		return nil
	})
	for i, name := range names {
		if err == nil {
			err = s.tree(roots[i], s.deep == nil || s.deep(name), nil, nil, notBucket)
		}
		if err != nil {
			return fmt.Errorf("bucket %q: %w", name, err)
		}
	}
	return err
}

// notBucket is what a value has to be outside the root.
func notBucket(flags uint32, _, _ []byte) error {
	if flags != 0 {
		return fmt.Errorf("a bucket stands within another")
	}
	return nil
}

// tree reads what hangs on a page, whose keys are not before low and are before
// high.
func (s *sounding) tree(n uint64, deep bool, low, high []byte, each func(flags uint32, key, value []byte) error) error {
	if err := s.refer(n); err != nil {
		return err
	}
	b, kind, count, err := s.page(n, true)
	switch {
	case err != nil:
		return err
	case kind == pageLeaf:
		return leaf(b, low, high, each)
	case kind != pageBranch || count == 0:
		return fmt.Errorf("page %d is of kind %d", n, kind)
	}
	keys, children := make([][]byte, count), make([]uint64, count)
	err = elements(b, count, low, high, func(i int, e []byte) (pos, key, value uint32) {
		children[i] = binary.LittleEndian.Uint64(e[8:])
		return binary.LittleEndian.Uint32(e), binary.LittleEndian.Uint32(e[4:]), 0
	}, func(i int, key, _ []byte) error {
		keys[i] = bytes.Clone(key)
		return nil
	})
	if err != nil {
		return fmt.Errorf("page %d: %w", n, err)
	}
	for i, child := range children {
		next := high
		if i+1 < count {
			next = keys[i+1]
		}
		// All pages of one level are of one kind: the first was read.
		if i == 1 && !deep {
			if kind, err = s.kind(children[0]); err != nil {
				return err
			}
		}
		if i > 0 && !deep && kind == pageLeaf {
			if err := s.refer(child); err != nil {
				return err
			}
			continue
		}
		if err := s.tree(child, deep, keys[i], next, each); err != nil {
			return err
		}
	}
	return nil
}

func (s *sounding) kind(n uint64) (uint16, error) {
	b := make([]byte, pageHead)
	_, err := s.f.ReadAt(b, int64(n)*s.pageSize)
	return binary.LittleEndian.Uint16(b[8:]), err
}

// leaf reads the values of a page.
func leaf(b, low, high []byte, each func(flags uint32, key, value []byte) error) error {
	if len(b) < pageHead || binary.LittleEndian.Uint16(b[8:]) != pageLeaf {
		return fmt.Errorf("a page of values is none")
	}
	flags := make([]uint32, binary.LittleEndian.Uint16(b[10:]))
	return elements(b, len(flags), low, high, func(i int, e []byte) (pos, key, value uint32) {
		le := binary.LittleEndian
		flags[i] = le.Uint32(e)
		return le.Uint32(e[4:]), le.Uint32(e[8:]), le.Uint32(e[12:])
	}, func(i int, key, value []byte) error { return each(flags[i], key, value) })
}

// elements reads what a page lists; look tells where an element has its key and
// value.
func elements(b []byte, count int, low, high []byte,
	look func(i int, e []byte) (pos, key, value uint32), each func(i int, key, value []byte) error,
) error {
	if pageHead+count*elementLen > len(b) {
		return fmt.Errorf("%d elements are too many", count)
	}
	before := low
	for i := range count {
		at := pageHead + i*elementLen
		pos, nk, nv := look(i, b[at:at+elementLen])
		from := uint64(at) + uint64(pos)
		if from < uint64(pageHead+count*elementLen) || from+uint64(nk)+uint64(nv) > uint64(len(b)) {
			return fmt.Errorf("element %d lies outside", i)
		}
		key := b[from : from+uint64(nk)]
		value := b[from+uint64(nk) : from+uint64(nk)+uint64(nv)]
		if c := bytes.Compare(before, key); c > 0 || c == 0 && i > 0 || high != nil && bytes.Compare(key, high) >= 0 {
			return fmt.Errorf("key %d is out of order", i)
		}
		before = key
		if err := each(i, key, value); err != nil {
			return err
		}
	}
	return nil
}
