package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"os"
	"slices"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
)

// Counts of subscribers stand in tiles: 16 days of 256 pages a value, page by
// page. A page over three years is 69 tiles, a day of 55,000 pages 215, and every
// count stands once, so nothing has to be built anew when an old day changes.
const (
	tileDays  = 16
	tilePages = 256
)

// tile is one unpacked: a count and 1, or 0 where there is none.
type tile [tilePages][tileDays]uint32

// A stored tile is the number of its rows, the widths of their distances, their
// least numbers, and the distances (see packed.go). Widths are of whole bytes: 16
// days mostly differ by less than 255, and are read several times as fast.

func (t *tile) encode() []byte {
	n := tilePages
	for n > 0 && t[n-1] == [tileDays]uint32{} {
		n--
	}
	if n == 0 {
		return nil
	}
	b := make([]byte, 2+n*runHead, 2+n*(runHead+2*12)+padding)
	binary.LittleEndian.PutUint16(b, uint16(n))
	widths, leasts := b[2:2+n], b[2+n:]
	for i := range n {
		least, width := span(t[i][:])
		widths[i] = wholeBytes(width)
		binary.LittleEndian.PutUint32(leasts[4*i:], least)
	}
	for i := range n {
		b = packBits(b, t[i][:], binary.LittleEndian.Uint32(b[2+n+4*i:]), int(b[2+i]))
	}
	return append(b, make([]byte, padding)...)
}

// wholeBytes is the width in which distances of so many bits are kept.
func wholeBytes(width int) byte {
	switch {
	case width == 0:
		return 0
	case width <= 8:
		return 8
	case width <= 16:
		return 16
	}
	return 32
}

// packedTile reads a stored tile row by row.
type packedTile struct {
	first  app.Day
	plain  []byte // what follows are parts of it
	widths []byte
	leasts []byte
	bits   []byte
	at     [tilePages]uint32 // where in bits a row begins, in bytes
}

func (p *packedTile) open(b []byte) error {
	if len(b) < 2 {
		return errShort
	}
	n := int(binary.LittleEndian.Uint16(b))
	if n > tilePages || len(b) < 2+n*runHead+padding {
		return errShort
	}
	p.widths, p.leasts, p.bits = b[2:2+n], b[2+n:2+5*n], b[2+5*n:]
	at := uint32(0)
	for i, w := range p.widths {
		if w != wholeBytes(int(w)) {
			return errShort
		}
		p.at[i] = at
		at += tileDays / 8 * uint32(w)
	}
	if len(p.bits) < int(at)+padding {
		return errShort
	}
	return nil
}

// row unpacks the counts of a page, app.Missing for gaps; ok is false where it has
// none.
func (p *packedTile) row(i int, to *[tileDays]uint32) (ok bool) {
	if i >= len(p.widths) || p.widths[i] == 0 {
		return false
	}
	add := binary.LittleEndian.Uint32(p.leasts[4*i:]) - 2
	b := p.bits[p.at[i]:]
	switch p.widths[i] {
	case 8:
		row := (*[tileDays]uint8)(b)
		if withoutZero(binary.LittleEndian.Uint64(b)) && withoutZero(binary.LittleEndian.Uint64(b[8:])) {
			for j, v := range row { // no gap
				to[j] = uint32(v) + add
			}
			break
		}
		for j, v := range row {
			to[j] = countOf(uint32(v), add)
		}
	case 16:
		for j := range to {
			to[j] = countOf(uint32(binary.LittleEndian.Uint16(b[2*j:])), add)
		}
	default:
		for j := range to {
			if to[j] = app.Missing; binary.LittleEndian.Uint32(b[4*j:]) != 0 {
				to[j] = binary.LittleEndian.Uint32(b[4*j:]) + add
			}
		}
	}
	return true
}

// withoutZero says that none of eight bytes is 0.
func withoutZero(v uint64) bool {
	const ones = 0x0101010101010101
	return (v-ones)&^v&(ones<<7) == 0
}

// countOf is a count by its distance, app.Missing for 0, without a jump: this is
// done for every count that a figure is made of.
func countOf(distance, add uint32) uint32 { return (distance + add) | -((distance - 1) >> 31) }

// day gives the count of one day, app.Missing where there is none.
func (p *packedTile) day(i int, d app.Day) uint32 {
	if i >= len(p.widths) || p.widths[i] == 0 {
		return app.Missing
	}
	width := int(p.widths[i])
	x := binary.LittleEndian.Uint32(p.bits[int(p.at[i])+int(d-p.first)*width/8:]) & (1<<width - 1)
	if x == 0 {
		return app.Missing
	}
	return x + binary.LittleEndian.Uint32(p.leasts[4*i:]) - 2
}

// firstOf gives the first day of the tiles a day stands in.
func firstOf(d app.Day) app.Day { return d - ((d%tileDays)+tileDays)%tileDays }

// tileKey keeps the tiles of a page together, in the order of days.
func tileKey(chunk uint32, first app.Day) []byte {
	return append(binary.BigEndian.AppendUint32(nil, chunk), dayKey(first)...)
}

func (s *Store) openTile(p *packedTile, at placed) error {
	if len(at.key) != 8 {
		return errShort
	}
	var err error
	if p.plain, err = s.opened(p.plain[:0], at.stored, bucketCounts, at.key); err != nil {
		return err
	}
	p.first = keyDay(at.key[4:])
	return p.open(p.plain)
}

// placed is a stored tile, valid within its transaction.
type placed struct{ key, stored []byte }

// tilesOf lists the tiles of a chunk of pages that hold any of the days, in their
// order.
func tilesOf(c *bolt.Cursor, chunk uint32, from, to app.Day) (out []placed) {
	end := tileKey(chunk, firstOf(to))
	for k, v := c.Seek(tileKey(chunk, firstOf(from))); k != nil && bytes.Compare(k, end) <= 0; k, v = c.Next() {
		out = append(out, placed{k, v})
	}
	return out
}

// fewChunks is as many chunks as a file of any size may tell of.
const fewChunks = 1024

// tiles lists the tiles that hold any of the days, by chunk of pages. Every page takes
// more than a byte of the file: a key that tells of more pages is damaged, and must not
// take the memory of the machine.
func tiles(tx *bolt.Tx, from, to app.Day) ([][]placed, error) {
	c := tx.Bucket(bucketCounts).Cursor()
	last, _ := c.Last()
	if last == nil {
		return nil, nil
	}
	if len(last) != 8 || int64(binary.BigEndian.Uint32(last)) > fewChunks+tx.Size()/tilePages {
		return nil, errShort
	}
	out := make([][]placed, binary.BigEndian.Uint32(last)+1)
	for chunk := range out {
		out[chunk] = tilesOf(c, uint32(chunk), from, to)
	}
	return out, nil
}

// Counts gives the counts of the stretch of days of every page that is wanted and
// has any, with app.Missing for gaps. Pages come in no order and on several goroutines: worker
// is asked for one of its own by each. The counts are valid within the call.
func (s *Store) Counts(from, to app.Day, wanted func(page uint32) bool, worker func() func(page uint32, counts []uint32)) error {
	if to < from {
		return nil
	}
	return s.view(func(tx reader) error {
		chunks, err := tiles(tx.Tx, from, to)
		if err != nil {
			return err
		}
		if err := s.warm(tx.Tx, from, chunks); err != nil {
			return err
		}
		return everywhere(len(chunks), func() func(int) error {
			tell := worker()
			counts := make([]uint32, int(to-from)+1)
			var room []packedTile
			return func(chunk int) error {
				stack := chunks[chunk]
				for len(room) < len(stack) {
					room = append(room, packedTile{})
				}
				open := room[:len(stack)]
				for i, at := range stack {
					if err := s.openTile(&open[i], at); err != nil {
						return err
					}
				}
				for i := range tilePages {
					page := uint32(chunk*tilePages + i)
					if wanted(page) && gather(open, i, from, counts) {
						tell(page, counts)
					}
				}
				return nil
			}
		})
	})
}

// warm reads tiles from the file where none as old were read yet: a mapping that
// is cold gives its pages one by one.
func (s *Store) warm(tx *bolt.Tx, from app.Day, chunks [][]placed) error {
	const near, most = 64 << 10, 1 << 20
	before := app.Day(s.warmed.Load())
	if from >= before {
		return nil
	}
	var all []kept
	for _, stack := range chunks {
		for _, at := range stack {
			if offset, ok := offset(tx, at.stored); ok {
				all = append(all, kept{value: at.stored, offset: offset})
			}
		}
	}
	slices.SortFunc(all, func(a, b kept) int { return cmp.Compare(a.offset, b.offset) })
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer f.Close() // nothing was written
	room := make([]byte, most)
	for len(all) > 0 {
		begin, end := all[0].offset, all[0].offset
		for len(all) > 0 && all[0].offset < end+near && all[0].offset+int64(len(all[0].value)) <= begin+most {
			end = all[0].offset + int64(len(all[0].value))
			all = all[1:]
		}
		if _, err := f.ReadAt(room[:end-begin], begin); err != nil {
			return err
		}
	}
	s.warmed.Store(int32(from))
	return nil
}

// gather fills counts with those of a page; ok is false where it has none.
func gather(open []packedTile, i int, from app.Day, counts []uint32) (ok bool) {
	done := 0 // days of counts that are filled
	for t := range open {
		at := int(open[t].first - from)
		if at >= 0 && at+tileDays <= len(counts) {
			if !open[t].row(i, (*[tileDays]uint32)(counts[at:])) {
				continue
			}
			ok = true
			missing(counts[done:at])
			done = at + tileDays
			continue
		}
		var row [tileDays]uint32 // it begins before the stretch or ends after it
		if !open[t].row(i, &row) {
			continue
		}
		days := row[max(0, -at):min(tileDays, len(counts)-at)]
		at = max(at, 0)
		missing(counts[done:at])
		done = at + copy(counts[at:], days)
		for _, v := range days {
			ok = ok || v != app.Missing
		}
	}
	missing(counts[done:])
	return ok
}

func missing(counts []uint32) {
	for i := range counts {
		counts[i] = app.Missing
	}
}

// Latest gives, by page number, the last count at or before the day that is not
// older than so many days, app.Missing where there is none.
func (s *Store) Latest(day app.Day, within int) (out []uint32, err error) {
	oldest := app.Day(max(int(day)-within, math.MinInt32+tileDays))
	err = s.view(func(tx reader) error {
		var p packedTile
		chunks, err := tiles(tx.Tx, oldest, day)
		if err != nil {
			return err
		}
		for chunk, stack := range chunks {
			out = append(out, gaps((chunk+1)*tilePages-len(out))...)
			mine := out[chunk*tilePages:]
			left := tilePages
			for n := len(stack) - 1; n >= 0 && left > 0; n-- {
				if err := s.openTile(&p, stack[n]); err != nil {
					return err
				}
				last := min(day, p.first+tileDays-1)
				for i := range p.widths {
					for d := last; mine[i] == app.Missing && d >= max(oldest, p.first) && p.widths[i] > 0; d-- {
						if v := p.day(i, d); v != app.Missing {
							mine[i] = v
							left--
						}
					}
				}
			}
		}
		return nil
	})
	return out, err
}

// Series gives all counts of one page.
func (s *Store) Series(page string) (app.Series, error) {
	var out app.Series
	err := s.view(func(tx reader) error {
		first, last, ok := days(tx)
		if !ok {
			return nil
		}
		out = app.Series{First: first, Values: gaps(int(last-first) + 1)}
		key := tx.Bucket(bucketPageIDs).Get([]byte(page))
		if key == nil {
			return nil
		}
		n := keyNumber(key)
		chunk, i := uint32(n/tilePages), int(n%tilePages)
		stack := tilesOf(tx.Tx.Bucket(bucketCounts).Cursor(), chunk, first, last)
		open := make([]packedTile, len(stack))
		for n, at := range stack {
			if err := s.openTile(&open[n], at); err != nil {
				return err
			}
		}
		gather(open, i, first, out.Values)
		return nil
	})
	return out, err
}

// day gives the counts of a day by page number, app.Missing for gaps; nothing
// where the day has none.
func (t *tx) day(d app.Day) (column []uint32, err error) {
	if !t.Bucket(bucketDays).Has(dayKey(d)) {
		return nil, nil
	}
	chunks, err := tiles(t.Tx, d, d)
	if err != nil {
		return nil, err
	}
	var p packedTile
	for chunk, stack := range chunks {
		for _, at := range stack {
			if err := t.s.openTile(&p, at); err != nil {
				return nil, err
			}
			column = append(column, gaps(chunk*tilePages+len(p.widths)-len(column))...)
			for i := range p.widths {
				column[chunk*tilePages+i] = p.day(i, d)
			}
		}
	}
	return column, nil
}

// putDay writes a whole day: a page the column does not reach is not counted.
func (t *tx) putDay(d app.Day, column []uint32) error {
	t.changed.Pages = true
	counted := uint64(0)
	for _, v := range column {
		if v != app.Missing {
			counted++
		}
	}
	days := t.Bucket(bucketDays)
	if counted == 0 && !days.Has(dayKey(d)) {
		return nil
	}
	chunks := max(len(column), int(t.Bucket(bucketPages).Sequence())+1)
	for chunk := range uint32((chunks + tilePages - 1) / tilePages) {
		if err := t.patch(d, chunk, column[min(len(column), int(chunk)*tilePages):]); err != nil {
			return err
		}
	}
	if counted == 0 {
		return days.Delete(dayKey(d))
	}
	return days.Put(dayKey(d), number(counted))
}

// patch writes a day into one tile, from the first of its pages on.
func (t *tx) patch(d app.Day, chunk uint32, column []uint32) error {
	b, key := t.Bucket(bucketCounts), tileKey(chunk, firstOf(d))
	var old packedTile
	var now tile
	if stored := b.Bucket.Get(key); stored != nil {
		if err := t.s.openTile(&old, placed{key, stored}); err != nil {
			return err
		}
	}
	differs := false
	at := d - firstOf(d)
	for i := range now {
		if old.row(i, &now[i]) {
			for d := range now[i] {
				now[i][d]++ // none is 0
			}
		}
		v := uint32(0)
		if i < len(column) {
			v = column[i] + 1
		}
		differs = differs || now[i][at] != v
		now[i][at] = v
	}
	if !differs {
		return nil
	}
	plain := now.encode()
	if plain == nil {
		return b.Delete(key)
	}
	return b.Put(key, plain)
}
