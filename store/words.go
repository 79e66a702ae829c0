package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kljensen/snowball/russian"

	"otklik/app"
	"otklik/seal"
)

// stemmer turns words into the hashed stems under which they are indexed. A
// region writes with a few hundred thousand forms, so each is stemmed once.
type stemmer struct {
	box   *seal.Box
	mu    sync.RWMutex
	known map[string]term
}

// term is the hash of a stem, under the key of this file: keys of buckets hold no
// words, and nobody else can tell which word a hash is of.
type term [8]byte

// maxKnown bounds the cache of forms; beyond it the cache starts anew.
const maxKnown = 400_000

func newStemmer(box *seal.Box) *stemmer { return &stemmer{box: box, known: map[string]term{}} }

// learn stems a form that is met for the first time.
func (s *stemmer) learn(form string) (t term) {
	t = s.box.Word(russian.Stem(form, true))
	s.mu.Lock()
	if len(s.known) >= maxKnown {
		clear(s.known)
	}
	s.known[form] = t
	s.mu.Unlock()
	return t
}

// terms gives the distinct terms of a text: ё as е, words of letters and
// digits.
func (s *stemmer) terms(texts ...string) []term {
	out := make([]term, 0, 64)
	s.mu.RLock()
	for _, text := range texts {
		for w := range strings.FieldsFuncSeq(app.Fold(text), between) {
			t, known := s.known[w]
			if !known {
				s.mu.RUnlock()
				t = s.learn(w)
				s.mu.RLock()
			}
			out = append(out, t)
		}
	}
	s.mu.RUnlock()
	slices.SortFunc(out, compareTerms)
	return slices.Compact(out)
}

// between says that the rune stands between words. Most runes are small letters
// of Russian, which need not be looked up.
func between(r rune) bool {
	return (r < 'а' || r > 'я') && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// searched lists the texts an appeal is found by.
func searched(a *app.Appeal) [8]string {
	return [8]string{a.Title, a.Text, a.Number, a.External, a.Place, a.Municipality, a.Group, a.Topic}
}

// termsOf gives the terms an appeal is found by.
func (s *stemmer) termsOf(a *app.Appeal) []term {
	texts := searched(a)
	return s.terms(texts[:]...)
}

// posting is the key of one bitmap: a term and the upper half of the record
// number, so that a change rewrites kilobytes and not megabytes.
type posting struct {
	term  term
	chunk uint32
}

func (p posting) key() []byte {
	return binary.BigEndian.AppendUint32(p.term[:], p.chunk)
}

// postingChange says whether a record is under a posting from now on.
type postingChange struct {
	low uint32 // half of the record's number
	in  bool
}

// reword notes what a record is found by from now on; either appeal may be nil.
func (t *tx) reword(record uint64, old, now *app.Appeal) {
	if old == nil || now == nil {
		var before, after []term
		if old != nil {
			before = t.s.stems.termsOf(old)
		}
		if now != nil {
			after = t.s.stems.termsOf(now)
		}
		t.wordsChanged(record, before, after)
		return
	}
	// Mostly a field or none has changed, and the long ones have not.
	was, is := searched(old), searched(now)
	var lost, gained []string
	for i := range was {
		if was[i] != is[i] {
			lost, gained = append(lost, was[i]), append(gained, is[i])
		}
	}
	before, after := t.s.stems.terms(lost...), t.s.stems.terms(gained...)
	if slices.ContainsFunc(before, func(w term) bool { return !hasTerm(after, w) }) {
		after = t.s.stems.termsOf(now) // a word may still stand in another field
	}
	t.wordsChanged(record, before, after)
}

// wordsChanged notes which terms a record gains and loses.
func (t *tx) wordsChanged(record uint64, before, after []term) {
	chunk, low := uint32(record>>16), uint32(record)&0xFFFF
	for _, w := range after {
		if !hasTerm(before, w) {
			t.post(posting{w, chunk}, postingChange{low, true})
		}
	}
	for _, w := range before {
		if !hasTerm(after, w) {
			t.post(posting{w, chunk}, postingChange{low, false})
		}
	}
}

func hasTerm(sorted []term, w term) bool {
	_, ok := slices.BinarySearchFunc(sorted, w, compareTerms)
	return ok
}

func compareTerms(a, b term) int {
	return cmp.Compare(binary.BigEndian.Uint64(a[:]), binary.BigEndian.Uint64(b[:]))
}

func (t *tx) post(p posting, c postingChange) { t.postings[p] = append(t.postings[p], c) }

// flushWords writes the noted changes, in the order of keys.
func (t *tx) flushWords() error {
	keys := make([]posting, 0, len(t.postings))
	for p := range t.postings {
		keys = append(keys, p)
	}
	slices.SortFunc(keys, func(a, b posting) int {
		return cmp.Or(compareTerms(a.term, b.term), cmp.Compare(a.chunk, b.chunk))
	})
	b := t.Bucket(bucketWords)
	for _, p := range keys {
		set := roaring.New()
		if v := b.Get(p.key()); v != nil {
			if err := set.UnmarshalBinary(v); err != nil {
				return err
			}
		}
		for _, c := range t.postings[p] {
			if c.in {
				set.Add(c.low)
			} else {
				set.Remove(c.low)
			}
		}
		raw, err := set.ToBytes()
		if err != nil {
			return err
		}
		if err := b.Put(p.key(), raw); err != nil {
			return err
		}
	}
	return nil
}

// search gives the records in which every word of the text occurs, or nil for
// a text without words.
func (s *Store) search(text string) (*roaring.Bitmap, error) {
	terms := s.stems.terms(text)
	if len(terms) == 0 {
		return nil, nil
	}
	var found *roaring.Bitmap
	err := s.view(func(tx reader) error {
		c := tx.Bucket(bucketWords).Cursor()
		for _, w := range terms {
			all := roaring.New()
			for k, v := c.Seek(w[:]); k != nil && bytes.HasPrefix(k, w[:]); k, v = c.Next() {
				part := roaring.New()
				if err := part.UnmarshalBinary(v); err != nil {
					return err
				}
				all.Or(roaring.AddOffset(part, binary.BigEndian.Uint32(k[8:])<<16))
			}
			if found == nil {
				found = all
			} else {
				found.And(all)
			}
		}
		return nil
	})
	return found, err
}
