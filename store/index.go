package store

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// facet names one set of records: a field and one of its values.
type facet struct {
	field fieldName
	code  uint16
}

type fieldName uint8

const (
	byStatus fieldName = iota
	bySource
	byGroup
	byMunicipality
	byAssignee
	byTopic
	byExecutor
	byFlag
)

// index is what lists, counts and figures are answered from: the header of
// every record, and the set of records for every facet. It is derived from the
// columns when the file is opened and moves with each commit.
type index struct {
	columns []header
	sets    map[facet]*roaring.Bitmap
	pages   map[uint32]*roaring.Bitmap // appeals by the page they were left on
	dicts   map[string]*dict
}

// dict numbers the words of one family from 1; they are few (hundreds) and are
// never taken back.
type dict struct {
	words []string
	codes map[string]uint16
}

func newDict(words []string) *dict {
	d := &dict{words: words, codes: make(map[string]uint16, len(words))}
	for i, w := range words {
		d.codes[w] = uint16(i + 1)
	}
	return d
}

func (d *dict) word(c uint16) string {
	if d == nil || c == 0 || int(c) > len(d.words) {
		return ""
	}
	return d.words[c-1]
}

func (ix *index) word(family string, c uint16) string { return ix.dicts[family].word(c) }

// facets lists the sets a record with this header belongs to.
func (h *header) facets() []facet {
	if !h.live() {
		return nil
	}
	out := make([]facet, 0, 10)
	// The code 0 of a word is a set, too: of appeals without one.
	out = append(out, facet{byStatus, uint16(h.status)}, facet{bySource, uint16(h.source)},
		facet{byGroup, h.group}, facet{byTopic, h.topic}, facet{byMunicipality, h.municipality},
		facet{byExecutor, h.executor}, facet{byAssignee, h.assignee})
	for _, f := range []uint8{flagOpen, flagAwaits, flagArchive} {
		if h.flags&f != 0 {
			out = append(out, facet{byFlag, uint16(f)})
		}
	}
	return out
}

// set gives the header of a record and moves it between sets.
func (ix *index) set(record uint64, h header) {
	for uint64(len(ix.columns)) <= record {
		ix.columns = append(ix.columns, header{})
	}
	old := ix.columns[record]
	ix.columns[record] = h
	n := uint32(record)
	for _, f := range old.facets() {
		ix.sets[f].Remove(n)
	}
	for _, f := range h.facets() {
		if ix.sets[f] == nil {
			ix.sets[f] = roaring.New()
		}
		ix.sets[f].Add(n)
	}
	if old.live() && old.page != 0 {
		ix.pages[old.page].Remove(n)
	}
	if h.live() && h.page != 0 {
		if ix.pages[h.page] == nil {
			ix.pages[h.page] = roaring.New()
		}
		ix.pages[h.page].Add(n)
	}
}

var none = roaring.New()

// len is one more than the greatest number of a record.
func (ix *index) len() int { return len(ix.columns) }

// chunks is how many chunks of postings there may be.
func (ix *index) chunks() int { return (ix.len() + chunkRecords - 1) / chunkRecords }

// alive says whether there is such a record.
func (ix *index) alive(n uint32) bool { return ix.columns[n].live() }

// start and due are the moments lists are ordered by.
func (ix *index) start(n uint32) int64 { return ix.columns[n].start }
func (ix *index) due(n uint32) int64   { return ix.columns[n].due }

// codes gives the codes by which a record is counted.
func (ix *index) codes(n uint32) [facets]uint16 {
	h := &ix.columns[n]
	return [facets]uint16{uint16(h.source), h.group, h.topic, h.municipality, h.executor, h.assignee}
}

// of gives the set of a facet; callers must not change it.
func (ix *index) of(f facet) *roaring.Bitmap {
	if s := ix.sets[f]; s != nil {
		return s
	}
	return none
}

// columnRows is how many headers stand in one value of the columns: the value
// fills one page of the file.
const columnRows = 256

const dictPrefix = "dict/"

// load reads the derived state from the file.
func (s *Store) load() error {
	ix := &index{sets: map[facet]*roaring.Bitmap{}, pages: map[uint32]*roaring.Bitmap{}}
	err := s.view(func(tx reader) error {
		var err error
		if ix.dicts, err = readDicts(tx); err != nil {
			return err
		}
		return tx.Bucket(bucketColumns).ForEach(func(k, v []byte) error {
			first := keyNumber(k) * columnRows
			for i := 0; i+headerLen <= len(v); i += headerLen {
				h, err := decodeHeader(v[i:])
				if err != nil {
					return fmt.Errorf("columns: %w", err)
				}
				ix.set(first+uint64(i/headerLen), h)
			}
			return nil
		})
	})
	if err == nil {
		err = s.view(func(tx reader) (err error) {
			s.tally, err = count(tx)
			return err
		})
	}
	if err != nil {
		return openFailed(s.path, err)
	}
	s.index = ix
	return nil
}

func readDicts(tx reader) (map[string]*dict, error) {
	dicts := map[string]*dict{}
	c := tx.Bucket(bucketMeta).Cursor()
	for k, v := c.Seek([]byte(dictPrefix)); k != nil && strings.HasPrefix(string(k), dictPrefix); k, v = c.Next() {
		var words []string
		if err := json.Unmarshal(v, &words); err != nil {
			return nil, fmt.Errorf("dictionary %s: %w", k, err)
		}
		dicts[string(k[len(dictPrefix):])] = newDict(words)
	}
	return dicts, nil
}
