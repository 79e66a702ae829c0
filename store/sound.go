package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"sync"
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
	f        *os.File
	size     int64
	pageSize int64
	pages    uint64 // in use and free
	root     uint64
	mu       sync.Mutex // guards what follows
	seen     []bool     // pages something refers to
	// deep says of which buckets every page is read. Of the others those are that lead
	// to the pages of values; these are found out when they are met, as long values are.
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

// page is a page as it was read.
type page struct {
	kind  uint16
	count int
	head  []byte // what it begins with: of one that holds a long value, not all
	long  uint64 // the length of all of it
	rest  io.ReaderAt
	at    int64
}

// part gives some of its bytes, which lie within it.
func (p *page) part(from, n uint64) ([]byte, error) {
	if from+n <= uint64(len(p.head)) {
		return p.head[from : from+n], nil
	}
	b := make([]byte, n)
	_, err := p.rest.ReadAt(b, p.at+int64(from))
	return b, err
}

// whole reads all of it.
func (p *page) whole() (err error) {
	if uint64(len(p.head)) < p.long {
		p.head, err = p.part(0, p.long)
	}
	return err
}

func (s *sounding) page(n uint64) (*page, error) {
	if n < 2 || n >= s.pages {
		return nil, fmt.Errorf("page %d of %d is referred to", n, s.pages)
	}
	p := &page{head: make([]byte, s.pageSize), rest: s.f, at: int64(n) * s.pageSize}
	if _, err := s.f.ReadAt(p.head, p.at); err != nil {
		return nil, fmt.Errorf("page %d: %w", n, err)
	}
	le := binary.LittleEndian
	overflow := uint64(le.Uint32(p.head[12:]))
	if le.Uint64(p.head) != n || overflow >= s.pages-n {
		return nil, fmt.Errorf("page %d is none", n)
	}
	if overflow > 0 {
		readAhead(s.f, p.at, int64(overflow+1)*s.pageSize) // it is read as soon as the file is open
	}
	for i := range overflow {
		if err := s.refer(n + 1 + i); err != nil {
			return nil, err
		}
	}
	p.kind, p.count, p.long = le.Uint16(p.head[8:]), int(le.Uint16(p.head[10:])), (overflow+1)*uint64(s.pageSize)
	return p, nil
}

// refer notes that something refers to the page: nothing else may.
func (s *sounding) refer(n uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
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
	p, err := s.page(freelist)
	if err == nil {
		err = p.whole()
	}
	if err != nil {
		return err
	}
	ids := p.head[pageHead:]
	n := uint64(p.count)
	if p.count == 0xFFFF {
		n, ids = binary.LittleEndian.Uint64(ids), ids[8:]
	}
	if p.kind != pageFreelist || n > uint64(len(ids)/8) {
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
	err := s.tree(s.root, levelsMost, true, nil, nil, func(flags uint32, key, value []byte) error {
		if flags != 1 || len(value) < pageHead {
			return fmt.Errorf("something other than a bucket stands among them")
		}
		root := binary.LittleEndian.Uint64(value)
		if root == 0 { // the bucket is small and stands here
			return inline(value[pageHead:])
		}
		names, roots = append(names, string(key)), append(roots, root)
		return nil
	})
	if err != nil {
		return err
	}
	return spread(len(names), reads, func() func(int) error {
		return func(i int) error {
			levels, err := s.levels(roots[i])
			if err == nil {
				err = s.tree(roots[i], levels, s.deep == nil || s.deep(names[i]), nil, nil, notBucket)
			}
			if err != nil {
				return fmt.Errorf("bucket %q: %w", names[i], err)
			}
			return nil
		}
	})
}

// reads is how many pages are read at once: most of the time the disk is waited for.
const reads = 16

// notBucket is what a value has to be outside the root.
func notBucket(flags uint32, _, _ []byte) error {
	if flags != 0 {
		return fmt.Errorf("a bucket stands within another")
	}
	return nil
}

// tree reads what hangs on a page, whose keys are not before low and are before
// high. levels is how far above the values it stands.
func (s *sounding) tree(n uint64, levels int, deep bool, low, high []byte, each func(flags uint32, key, value []byte) error) error {
	if err := s.refer(n); err != nil {
		return err
	}
	p, err := s.page(n)
	if err == nil && n == s.root { // there values are looked at
		err = p.whole()
	}
	switch {
	case err != nil:
		return err
	case p.kind == pageLeaf:
		return p.leaf(low, high, each)
	case p.kind != pageBranch || p.count == 0:
		return fmt.Errorf("page %d is of kind %d", n, p.kind)
	}
	count := p.count
	keys, children := make([][]byte, count), make([]uint64, count)
	err = p.elements(low, high, func(i int, e []byte) (pos, key, value uint32) {
		children[i] = binary.LittleEndian.Uint64(e[8:])
		return binary.LittleEndian.Uint32(e), binary.LittleEndian.Uint32(e[4:]), 0
	}, func(i int, key, _ []byte) error {
		keys[i] = bytes.Clone(key)
		return nil
	})
	if err != nil {
		return fmt.Errorf("page %d: %w", n, err)
	}
	if levels == 1 && !deep {
		for _, child := range children {
			if err := s.refer(child); err != nil {
				return err
			}
		}
		return nil
	}
	once := reads
	if n == s.root { // what is found there is gathered
		once = 1
	}
	return spread(len(children), once, func() func(int) error {
		return func(i int) error {
			next := high
			if i+1 < count {
				next = keys[i+1]
			}
			return s.tree(children[i], levels-1, deep, keys[i], next, each)
		}
	})
}

// levels gives how far above the values a page stands: all of them lie on one level.
func (s *sounding) levels(n uint64) (int, error) {
	for levels := range levelsMost {
		b := make([]byte, pageHead+elementLen)
		if n < 2 || n >= s.pages {
			return 0, fmt.Errorf("page %d of %d is referred to", n, s.pages)
		}
		if _, err := s.f.ReadAt(b, int64(n)*s.pageSize); err != nil {
			return 0, err
		}
		if binary.LittleEndian.Uint16(b[8:]) != pageBranch {
			return levels, nil
		}
		n = binary.LittleEndian.Uint64(b[pageHead+8:])
	}
	return 0, fmt.Errorf("pages refer to each other")
}

// levelsMost is more than a file has that fits on a disk.
const levelsMost = 32

// inline reads a bucket that stands in a value.
func inline(b []byte) error {
	if len(b) < pageHead {
		return fmt.Errorf("a small bucket is cut off")
	}
	le := binary.LittleEndian
	p := page{kind: le.Uint16(b[8:]), count: int(le.Uint16(b[10:])), head: b, long: uint64(len(b))}
	if p.kind != pageLeaf {
		return fmt.Errorf("a small bucket is none")
	}
	return p.leaf(nil, nil, notBucket)
}

// leaf reads the keys of a page, and its values where they were read with it.
func (p *page) leaf(low, high []byte, each func(flags uint32, key, value []byte) error) error {
	flags := make([]uint32, p.count)
	return p.elements(low, high, func(i int, e []byte) (pos, key, value uint32) {
		le := binary.LittleEndian
		flags[i] = le.Uint32(e)
		return le.Uint32(e[4:]), le.Uint32(e[8:]), le.Uint32(e[12:])
	}, func(i int, key, value []byte) error { return each(flags[i], key, value) })
}

// elements reads what a page lists; look tells where an element has its key and
// value.
func (p *page) elements(low, high []byte,
	look func(i int, e []byte) (pos, key, value uint32), each func(i int, key, value []byte) error,
) error {
	list := uint64(pageHead + p.count*elementLen)
	if list > p.long {
		return fmt.Errorf("%d elements are too many", p.count)
	}
	if list > uint64(len(p.head)) {
		if err := p.whole(); err != nil {
			return err
		}
	}
	before := low
	for i := range p.count {
		at := pageHead + i*elementLen
		pos, nk, nv := look(i, p.head[at:at+elementLen])
		from := uint64(at) + uint64(pos)
		end := from + uint64(nk) + uint64(nv)
		if from < list || end > p.long {
			return fmt.Errorf("element %d lies outside", i)
		}
		key, err := p.part(from, uint64(nk))
		if err != nil {
			return err
		}
		var value []byte
		if end <= uint64(len(p.head)) {
			value = p.head[from+uint64(nk) : end]
		}
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
