package app

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
)

// Snapshot says what a state of the server is cut into. Frames are immutable
// and known by their hashes, so that a load that was cut off goes on where it
// stopped.
type Snapshot struct {
	Next   string  `json:"next"` // cursor to go on from when all frames are taken in
	Rows   int     `json:"rows"`
	Bytes  int64   `json:"bytes"` // of all frames, compressed
	Frames []Frame `json:"frames"`
}

// Frame is a stretch of rows: NDJSON of SnapshotRow, compressed with zstd.
type Frame struct {
	SHA256 string `json:"sha256"` // of the compressed bytes, in hex
	Bytes  int64  `json:"bytes"`
	Rows   int    `json:"rows"`
}

// Load is how far a snapshot has been taken in.
type Load struct {
	Snapshot Snapshot `json:"snapshot"`
	Frames   int      `json:"frames"` // taken in
	Rows     int      `json:"rows"`   // in them
}

// RowKind says what a row of a snapshot holds.
type RowKind string

// Kinds of rows.
const (
	RowAppeal   RowKind = "appeal"   // Appeal
	RowPage     RowKind = "page"     // Page
	RowConflict RowKind = "conflict" // Conflict
	RowCounts   RowKind = "counts"   // CountsBlock
	RowTable    RowKind = "table"    // Table
)

// SnapshotRow is one record as the server holds it.
type SnapshotRow struct {
	Kind  RowKind         `json:"k"`
	Value json.RawMessage `json:"v"`
}

// CountsBlock holds the counters of several days, page by page: names of pages
// stand in it once, and a count is written as the difference to the day before.
// 600 pages over 64 days take a tenth of their JSON.
type CountsBlock struct {
	Days   []Day    `json:"days"`
	Pages  []string `json:"pages"`  // IDs, sorted
	Counts []byte   `json:"counts"` // varints, all days of the first page, of the second …
}

// NewCountsBlock packs the days.
func NewCountsBlock(days []Counters) CountsBlock {
	b := CountsBlock{Days: make([]Day, len(days))}
	seen := map[string]bool{}
	for i, d := range days {
		b.Days[i] = d.Day
		for page := range d.Counts {
			if !seen[page] {
				seen[page] = true
				b.Pages = append(b.Pages, page)
			}
		}
	}
	slices.Sort(b.Pages)
	for _, page := range b.Pages {
		before := int64(0)
		for _, d := range days {
			n, ok := d.Counts[page]
			if !ok {
				b.Counts = binary.AppendUvarint(b.Counts, 0) // a gap, which is not zero
				continue
			}
			diff := int64(n) - before
			b.Counts = binary.AppendUvarint(b.Counts, uint64(diff<<1^diff>>63)+1)
			before = int64(n)
		}
	}
	return b
}

// Counters unpacks the days.
func (b CountsBlock) Counters() ([]Counters, error) {
	out := make([]Counters, len(b.Days))
	for i, d := range b.Days {
		out[i] = Counters{Day: d, Counts: map[string]uint32{}}
	}
	err := b.Each(func(page string, counts []uint32) error {
		for i, n := range counts {
			if n != Missing {
				out[i].Counts[page] = n
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Each calls f with the counts of one page after another, one for each of the
// days, with Missing for gaps; they are valid within the call.
func (b CountsBlock) Each(f func(page string, counts []uint32) error) error {
	rest := b.Counts
	counts := make([]uint32, len(b.Days))
	for _, page := range b.Pages {
		before := int64(0)
		for i := range counts {
			v, n := binary.Uvarint(rest)
			if n <= 0 {
				return fmt.Errorf("counts of %d pages and %d days end early", len(b.Pages), len(b.Days))
			}
			rest = rest[n:]
			if counts[i] = Missing; v == 0 {
				continue
			}
			v--
			before += int64(v>>1) ^ -int64(v&1)
			if before < 0 || before >= int64(Missing) {
				return fmt.Errorf("a count of %d", before)
			}
			counts[i] = uint32(before)
		}
		if err := f(page, counts); err != nil {
			return err
		}
	}
	if len(rest) > 0 {
		return fmt.Errorf("%d bytes stand after the last count", len(rest))
	}
	return nil
}
