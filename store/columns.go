package store

import (
	"cmp"
	"math"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"
	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

// partRows is how many records stand in one value of the columns: the more, the
// faster the file opens, and the more a write of one record has to write. It
// divides a container of a bitmap (65,536).
const partRows = 4096

// part is the headers of partRows records: 42 bytes a record, where a header has
// 64. Moments are seconds since 1970, 0 where not known; what lies before or after
// 2106 stands at the end of the range.
type part struct {
	codes                                      [partRows]app.Codes
	kind, status, outcome, severity, flags     column[uint8]
	off                                        column[uint16]
	page, start, reply, answerDue, due, closed column[uint32]
}

// column is one field of the headers of a part.
type column[T unsigned] [partRows]T

func (c *column[T]) pack(b []byte, n int) []byte            { return packRun(b, c[:n]) }
func (c *column[T]) unpack(b []byte, n int) ([]byte, error) { return unpackRun(b, c[:n]) }

// codeColumns are the codes of a part as they are stored: column by column, too.
type codeColumns [app.Facets]column[uint16]

// columns are the parts of all records, by record number.
type columns []*part

// part gives the part of a record and its row there.
func (c columns) part(record uint32) (*part, int) { return c[record/partRows], int(record % partRows) }

// due gives the term of a record in Unix seconds, 0 where it has none.
func (ix *index) due(record uint32) int64 {
	p, i := ix.columns.part(record)
	return int64(p.due[i])
}

// start gives the moment the clock of a record began, in Unix seconds, 0 where it
// is not known.
func (ix *index) start(record uint32) int64 {
	p, i := ix.columns.part(record)
	return int64(p.start[i])
}

// header gives what the columns hold of a record.
func (ix *index) header(record uint64) header {
	if record/partRows >= uint64(len(ix.columns)) {
		return header{}
	}
	p, i := ix.columns.part(uint32(record))
	return p.header(i)
}

func (p *part) header(i int) header {
	c := &p.codes[i]
	return header{
		kind: p.kind[i], source: uint8(c[app.FacetSource]), status: p.status[i], outcome: p.outcome[i], severity: p.severity[i],
		flags: p.flags[i], group: c[app.FacetGroup], topic: c[app.FacetTopic], municipality: c[app.FacetMunicipality],
		executor: c[app.FacetExecutor], assignee: c[app.FacetAssignee], off: p.off[i], page: p.page[i],
		start: int64(p.start[i]), reply: int64(p.reply[i]), answerDue: int64(p.answerDue[i]),
		due: int64(p.due[i]), closed: int64(p.closed[i]),
	}
}

func (p *part) set(i int, h header) {
	p.codes[i] = app.Codes{
		app.FacetSource: uint16(h.source), app.FacetGroup: h.group, app.FacetTopic: h.topic,
		app.FacetMunicipality: h.municipality, app.FacetExecutor: h.executor, app.FacetAssignee: h.assignee,
	}
	p.kind[i], p.status[i], p.outcome[i], p.severity[i], p.flags[i] = h.kind, h.status, h.outcome, h.severity, h.flags
	p.off[i], p.page[i], p.start[i], p.reply[i] = h.off, h.page, seconds(h.start), seconds(h.reply)
	p.answerDue[i], p.due[i], p.closed[i] = seconds(h.answerDue), seconds(h.due), seconds(h.closed)
}

// seconds brings a moment into the range of the columns.
func seconds(unix int64) uint32 {
	if unix == 0 {
		return 0
	}
	return uint32(min(max(unix, 1), math.MaxUint32))
}

// asKept is the header as the columns give it back.
func (h header) asKept() header {
	for _, t := range []*int64{&h.start, &h.reply, &h.answerDue, &h.due, &h.closed} {
		*t = int64(seconds(*t))
	}
	return h
}

// run is a column of any width.
type run interface {
	pack(b []byte, n int) []byte
	unpack(b []byte, n int) ([]byte, error)
}

// stored lists the columns in the order in which they are stored.
func (p *part) stored(c *codeColumns) []run {
	return []run{
		&p.kind, &c[app.FacetSource], &p.status, &p.outcome, &p.severity, &p.flags,
		&c[app.FacetGroup], &c[app.FacetTopic], &c[app.FacetMunicipality], &c[app.FacetExecutor], &c[app.FacetAssignee], &p.off,
		&p.page, &p.start, &p.reply, &p.answerDue, &p.due, &p.closed,
	}
}

// encode gives the stored form: the number of rows, then the columns as runs.
func (p *part) encode() []byte {
	n := partRows
	for n > 0 && p.status[n-1] == 0 {
		n--
	}
	codes := &codeColumns{}
	for i := range n {
		for facet, code := range p.codes[i] {
			codes[facet][i] = code
		}
	}
	b := make([]byte, 0, 4096+n*32)
	b = append(b, byte(n), byte(n>>8))
	for _, c := range p.stored(codes) {
		b = c.pack(b, n)
	}
	return append(b, make([]byte, padding)...)
}

// decode fills a part in which nothing stands yet; codes are room for it.
func (p *part) decode(b []byte, codes *codeColumns) (err error) {
	if len(b) < 2 {
		return errShort
	}
	n := int(b[0]) | int(b[1])<<8
	if n > partRows {
		return errShort
	}
	b = b[2:]
	*codes = codeColumns{}
	for _, c := range p.stored(codes) {
		if b, err = c.unpack(b, n); err != nil {
			return err
		}
	}
	for i := range n {
		for facet := range p.codes[i] {
			p.codes[i][facet] = codes[facet][i]
		}
	}
	return nil
}

// flushColumns writes the parts in which a header has changed.
func (t *tx) flushColumns() error {
	b := t.Bucket(bucketColumns)
	for n, p := range t.parts {
		key := number(uint64(n))
		if err := b.Put(key, p.encode()); err != nil {
			return err
		}
	}
	return nil
}

// setHeader notes what the columns are to hold of a record: a part that changes
// is a copy until the commit.
func (t *tx) setHeader(record uint64, h header) {
	t.headers[record] = h
	n := uint32(record / partRows)
	p := t.parts[n]
	if p == nil {
		p = &part{}
		// Only a writer changes the columns, and there is one.
		if all := t.s.index.columns; n < uint32(len(all)) {
			*p = *all[n]
		}
		t.parts[n] = p
	}
	p.set(int(record%partRows), h)
}

// kept is a value and where in the file it stands.
type kept struct {
	key    uint64
	value  []byte
	offset int64 // -1: bbolt has given a copy
}

// offset gives where in the file a value of the transaction stands; ok is false for
// a copy, which bbolt gives of what is short.
func offset(tx *bolt.Tx, value []byte) (offset int64, ok bool) {
	offset = int64(uintptr(unsafe.Pointer(unsafe.SliceData(value))) - tx.DB().Info().Data)
	return offset, offset >= 0 && offset+int64(len(value)) <= tx.Size()
}

// loadColumns reads the columns on all processors. A mapping that is cold gives
// its pages one by one, so the values are read from the file in their order.
func (s *Store) loadColumns(tx reader) (columns, error) {
	var all []kept
	top := uint64(0)
	err := tx.Tx.Bucket(bucketColumns).ForEach(func(k, v []byte) error {
		if len(k) != 8 || keyNumber(k) > math.MaxUint32/partRows {
			return errShort
		}
		offset, there := offset(tx.Tx, v)
		if !there {
			offset = -1
		}
		all = append(all, kept{keyNumber(k), v, offset})
		top = max(top, keyNumber(k)+1)
		return nil
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // nothing was written
	slices.SortFunc(all, func(a, b kept) int { return cmp.Compare(a.offset, b.offset) })
	room := large[part](int(top)) // one piece of memory
	out := make(columns, top)
	for i := range out {
		out[i] = &room[i]
	}
	// More than there are processors: most of the time the disk is waited for.
	err = spread(len(all), 4*runtime.GOMAXPROCS(0), func() func(int) error {
		var read, plain []byte
		codes := &codeColumns{}
		return func(i int) error {
			at := all[i]
			stored := at.value
			if at.offset >= 0 {
				read = slices.Grow(read[:0], len(stored))[:len(stored)]
				if _, err := f.ReadAt(read, at.offset); err != nil {
					return err
				}
				stored = read
			}
			var err error
			if plain, err = s.opened(plain[:0], stored, bucketColumns, number(at.key)); err != nil {
				return err
			}
			return out[at.key].decode(plain, codes)
		}
	})
	return out, err
}

// large makes a long slice, whose memory the system may give in large pages.
func large[T any](n int) []T {
	s := make([]T, n)
	var one T
	largePages(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), n*int(unsafe.Sizeof(one))))
	return s
}

// everywhere is spread over all processors.
func everywhere(n int, worker func() func(i int) error) error {
	return spread(n, runtime.GOMAXPROCS(0), worker)
}

// spread has work done for 0 … n−1 by goroutines, each of which asks for a worker
// of its own. The first error ends it.
func spread(n, goroutines int, worker func() func(i int) error) error {
	var next atomic.Int64
	var all sync.WaitGroup
	var once sync.Once
	var failed error
	for range min(goroutines, n) {
		work := worker()
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := work(i); err != nil {
					once.Do(func() { failed = err })
					next.Store(int64(n))
				}
			}
		})
	}
	all.Wait()
	return failed
}

// sets gives the sets of a field by code, of records in their order.
func (c columns) sets(field fieldName) map[uint16]*roaring.Bitmap {
	switch field {
	case byFlag:
		return c.byFlag()
	case byStatus:
		return c.byCode(1, func(p *part, to []uint16) {
			for i, v := range p.status {
				to[i] = uint16(v)
			}
		})
	}
	facet := facetOf[field]
	least := uint16(0) // of a word 0 is a value, too: appeals without one
	if field == bySource {
		least = 1
	}
	return c.byCode(least, func(p *part, to []uint16) {
		for i := range p.codes {
			to[i] = p.codes[i][facet]
		}
	})
}

// facetOf gives the place of a field in the codes of a record.
var facetOf = map[fieldName]int{
	bySource: app.FacetSource, byGroup: app.FacetGroup, byTopic: app.FacetTopic, byMunicipality: app.FacetMunicipality,
	byExecutor: app.FacetExecutor, byAssignee: app.FacetAssignee,
}

// byFlag makes the sets of flags: most records have one of two.
func (c columns) byFlag() map[uint16]*roaring.Bitmap {
	out := map[uint16]*roaring.Bitmap{}
	bits := make([]uint64, len(c)*partRows/64)
	for _, flag := range []uint8{flagOpen, flagAwaits, flagArchive, flagCheck} {
		clear(bits)
		for n, p := range c {
			of := bits[n*partRows/64:]
			for i, f := range p.flags {
				if f&flag != 0 && p.status[i] != 0 {
					of[i/64] |= 1 << (i % 64)
				}
			}
		}
		out[uint16(flag)] = roaring.FromDense(bits, true)
	}
	return out
}

// byCode sorts the records of one container at a time by their codes, so that each
// set grows by a run of rising numbers.
func (c columns) byCode(least uint16, read func(p *part, to []uint16)) map[uint16]*roaring.Bitmap {
	var sets []*roaring.Bitmap // by code
	var rows [][]uint32        // of the container, by code
	codes := make([]uint16, partRows)
	const step = 1 << 16 / partRows
	for first := 0; first < len(c); first += step {
		for n := first; n < min(first+step, len(c)); n++ {
			p := c[n]
			read(p, codes)
			for i, code := range codes {
				if code < least || p.status[i] == 0 {
					continue
				}
				for len(rows) <= int(code) {
					rows, sets = append(rows, nil), append(sets, nil)
				}
				rows[code] = append(rows[code], uint32(n*partRows+i))
			}
		}
		for code, list := range rows {
			if len(list) == 0 {
				continue
			}
			if sets[code] == nil {
				sets[code] = roaring.New()
			}
			sets[code].AddMany(list)
			rows[code] = list[:0]
		}
	}
	out := map[uint16]*roaring.Bitmap{}
	for code, set := range sets {
		if set != nil {
			out[uint16(code)] = set
		}
	}
	return out
}

// between gives the appeals whose clock began in a stretch of time, as bits.
func (ix *index) between(from, to int64) []uint64 {
	low, high := uint32(min(max(from, 0), math.MaxUint32)), uint32(min(max(to, 0), math.MaxUint32))
	out := make([]uint64, len(ix.columns)*partRows/64)
	for n, p := range ix.columns {
		bits := out[n*partRows/64:]
		for i, start := range p.start {
			if start >= low && start <= high && p.status[i] != 0 {
				bits[i/64] |= 1 << (i % 64)
			}
		}
	}
	return out
}

// onPage gives the appeals that were left on a page. Pages are many and asked for
// one at a time, so their sets are not kept.
func (ix *index) onPage(page uint32) *roaring.Bitmap {
	set := roaring.New()
	if page == 0 {
		return set
	}
	for n, p := range ix.columns {
		for i, v := range p.page {
			if v == page && p.status[i] != 0 {
				set.Add(uint32(n*partRows + i))
			}
		}
	}
	return set
}
