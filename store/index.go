package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

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
	fieldNames // how many they are
)

// index is what lists, counts and figures are answered from: the header of
// every record, and the set of records for every facet. It is derived from the
// columns of the file and moves with each commit.
type index struct {
	columns columns
	sets    [fieldNames]fieldSets
	dicts   map[string]*dict
	pages   pageColumns
}

// fieldSets are the sets of one field by code, made when they are first asked for:
// most fields are counted and not chosen by.
type fieldSets struct {
	once sync.Once
	sets map[uint16]*roaring.Bitmap // nil until then
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
	for _, f := range []uint8{flagOpen, flagAwaits, flagArchive, flagCheck} {
		if h.flags&f != 0 {
			out = append(out, facet{byFlag, uint16(f)})
		}
	}
	return out
}

// set changes the header of a record and moves it between sets. It gives the old one.
func (ix *index) set(record uint64, h header) (old header) {
	for uint64(len(ix.columns))*partRows <= record {
		ix.columns = append(ix.columns, &part{})
	}
	n := uint32(record)
	p, i := ix.columns.part(n)
	old = p.header(i)
	p.set(i, h)
	was, is := old.facets(), h.facets()
	for _, f := range was {
		if sets := ix.sets[f.field].sets; sets != nil && !slices.Contains(is, f) {
			sets[f.code].Remove(n)
		}
	}
	for _, f := range is {
		sets := ix.sets[f.field].sets
		if sets == nil || slices.Contains(was, f) {
			continue
		}
		if sets[f.code] == nil {
			sets[f.code] = roaring.New()
		}
		sets[f.code].Add(n)
	}
	return old
}

var none = roaring.New()

// len is one more than the greatest number of a record.
func (ix *index) len() int {
	for n := len(ix.columns); n > 0; n-- {
		for i := partRows; i > 0; i-- {
			if ix.columns[n-1].status[i-1] != 0 {
				return (n-1)*partRows + i
			}
		}
	}
	return 0
}

// chunks is how many chunks of postings there may be.
func (ix *index) chunks() int { return (ix.len() + chunkRecords - 1) / chunkRecords }

// alive says whether there is such a record.
func (ix *index) alive(n uint32) bool {
	p, i := ix.columns.part(n)
	return p.status[i] != 0
}

// of gives the set of a facet; callers must not change it.
func (ix *index) of(f facet) *roaring.Bitmap {
	of := &ix.sets[f.field]
	of.once.Do(func() { of.sets = ix.columns.sets(f.field) })
	if s := of.sets[f.code]; s != nil {
		return s
	}
	return none
}

const dictPrefix = "dict/"

// load reads the derived state from the file.
func (s *Store) load() error {
	ix := &index{}
	err := s.view(func(tx reader) (err error) {
		if err = s.loadLearned(tx); err != nil {
			return err
		}
		if ix.dicts, err = readDicts(tx); err != nil {
			return err
		}
		if ix.columns, err = s.loadColumns(tx); err != nil {
			return fmt.Errorf("columns: %w", err)
		}
		if ix.pages, err = s.loadPageColumns(tx); err != nil {
			return fmt.Errorf("columns of pages: %w", err)
		}
		if s.unsent, err = readUnsent(tx); err != nil {
			return err
		}
		s.tally, err = count(tx)
		return err
	})
	if err != nil {
		return openFailed(s.path, err)
	}
	everyList := []fieldName{byFlag, byStatus, byAssignee}  // asks for the sets of these
	_ = everywhere(len(everyList), func() func(int) error { // what a worker gives cannot fail
		return func(i int) error {
			ix.of(facet{everyList[i], 0})
			return nil
		}
	})
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
