package store

import (
	"encoding/binary"
	"math/bits"
	"sync"

	"otklik/app"
)

// Totals adds up the counts of pages by group and day, as app.Store says. A year of
// all pages is twenty million counts, so sixteen days of a page are added as they
// are stored, eight bytes at a time: to unpack them first takes several times as
// long.
func (s *Store) Totals(from, to app.Day, before, groups int, group func(page uint32) int) (app.Totals, error) {
	out := app.Totals{Sums: make([][]int64, groups), Counted: make([]bool, max(0, int(to-from)+1))}
	if to < from {
		return out, nil
	}
	var all []*totals
	var mu sync.Mutex
	err := s.view(func(tx reader) error {
		first := from - app.Day(before)
		chunks, err := tiles(tx.Tx, first, to)
		if err != nil {
			return err
		}
		if err := s.warm(tx.Tx, first, chunks); err != nil {
			return err
		}
		return everywhere(len(chunks), func() func(int) error {
			mine := newTotals(first, to, groups)
			mu.Lock()
			all = append(all, mine)
			mu.Unlock()
			var open packedTile
			return func(chunk int) error {
				mine.turn(func(i int) int { return group(uint32(chunk*tilePages + i)) })
				next := firstOf(first)
				for _, at := range chunks[chunk] {
					if err := s.openTile(&open, at); err != nil {
						return err
					}
					for ; next < open.first; next += tileDays {
						mine.add(next, &packedTile{}) // nobody was counted
					}
					mine.add(next, &open)
					next += tileDays
				}
				for ; next <= to; next += tileDays {
					mine.add(next, &packedTile{})
				}
				return nil
			}
		})
	})
	if err != nil {
		return out, err
	}
	for _, t := range all {
		t.tell(from, &out)
	}
	return out, nil
}

// totals is what one goroutine has added up.
type totals struct {
	first, last app.Day
	groups      []groupTotals
	counted     []bool // by day, from that of the first tile on, as all days here
	pages       []asked
}

type groupTotals struct {
	has   bool // a page was counted
	days  []int64
	lanes [4]uint64 // of the tile being added
	each  int64     // what every day of it has beside
}

// asked is a page of the chunk being added that is asked for.
type asked struct {
	row   int
	group *groupTotals
	last  uint32 // count, 0 where it has none yet
}

func newTotals(first, last app.Day, groups int) *totals {
	t := &totals{first: first, last: last, groups: make([]groupTotals, groups)}
	n := int(firstOf(last)-firstOf(first)) + tileDays
	t.counted = make([]bool, n)
	for i := range t.groups {
		t.groups[i].days = make([]int64, n)
	}
	return t
}

// turn begins with the pages of another chunk.
func (t *totals) turn(group func(i int) int) {
	t.pages = t.pages[:0]
	for i := range tilePages {
		if g := group(i); g >= 0 {
			t.pages = append(t.pages, asked{row: i, group: &t.groups[g]})
		}
	}
}

const (
	everySecond = 0x00FF00FF00FF00FF // byte of eight
	lowBits     = 0x7F7F7F7F7F7F7F7F
)

// zeroBytes sets the highest bit of each of eight bytes that is 0.
func zeroBytes(v uint64) uint64 { return ^((v&lowBits + lowBits) | v | lowBits) }

// add takes in a tile, whose days begin at first.
func (t *totals) add(first app.Day, p *packedTile) {
	at := int(first - firstOf(t.first))
	inside := t.first <= first && first+tileDays-1 <= t.last
	var counted [2]uint64 // highest bits, as of zeros
	for i := range t.pages {
		page := &t.pages[i]
		g := page.group
		if page.row >= len(p.widths) || p.widths[page.row] == 0 {
			g.each += int64(page.last)
			continue
		}
		if p.widths[page.row] != 8 || !inside {
			t.addUnpacked(at, p, page)
			continue
		}
		b := p.bits[p.at[page.row]:][:tileDays]
		low, high := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
		base := int64(binary.LittleEndian.Uint32(p.leasts[4*page.row:])) - 2
		// A lane of sixteen bits holds the sum of 256 bytes.
		g.lanes[0] += low & everySecond
		g.lanes[1] += low >> 8 & everySecond
		g.lanes[2] += high & everySecond
		g.lanes[3] += high >> 8 & everySecond
		g.each += base
		g.has = true
		noLow, noHigh := zeroBytes(low), zeroBytes(high)
		counted[0] |= ^noLow
		counted[1] |= ^noHigh
		if noLow|noHigh != 0 {
			last := int64(page.last)
			for half, gaps := range [2]uint64{noLow, noHigh} {
				for ; gaps != 0; gaps &= gaps - 1 {
					j := half*8 + bits.TrailingZeros64(gaps)/8
					if j > 0 && b[j-1] != 0 {
						last = int64(b[j-1]) + base
					}
					g.days[at+j] += last - base
				}
			}
			page.last = uint32(last)
		}
		if b[tileDays-1] != 0 {
			page.last = uint32(int64(b[tileDays-1]) + base)
		}
	}
	for j := range tileDays {
		t.counted[at+j] = t.counted[at+j] || counted[j/8]>>(j%8*8)&0x80 != 0
	}
	for i := range t.groups {
		g := &t.groups[i]
		for j := range tileDays {
			g.days[at+j] += g.each + int64(g.lanes[j/8*2+j%2]>>(j%8/2*16)&0xFFFF)
		}
		g.lanes, g.each = [4]uint64{}, 0
	}
}

// addUnpacked takes in sixteen days of a page, of which not all need be asked for.
func (t *totals) addUnpacked(at int, p *packedTile, page *asked) {
	var row [tileDays]uint32
	p.row(page.row, &row)
	first := firstOf(t.first) + app.Day(at)
	from, to := int(max(t.first-first, 0)), int(min(t.last-first, tileDays-1)) // days that are asked for
	last := page.last
	days, counted := (*[tileDays]int64)(page.group.days[at:]), (*[tileDays]bool)(t.counted[at:])
	for j, v := range row {
		if v != app.Missing && j >= from && j <= to {
			last = v
			counted[j] = true
			page.group.has = true
		}
		days[j] += int64(last)
	}
	page.last = last
}

// tell adds what this goroutine has to the others', from a day on.
func (t *totals) tell(from app.Day, out *app.Totals) {
	at := int(from - firstOf(t.first))
	for i := range t.groups {
		if !t.groups[i].has {
			continue
		}
		if out.Sums[i] == nil {
			out.Sums[i] = make([]int64, len(out.Counted))
		}
		for j := range out.Counted {
			out.Sums[i][j] += t.groups[i].days[at+j]
		}
	}
	for j := range out.Counted {
		out.Counted[j] = out.Counted[j] || t.counted[at+j]
	}
}
