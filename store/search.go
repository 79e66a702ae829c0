package store

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"otklik/app"
)

// What people type into the search line:
//
//	яма дорога      both words occur, in any of their forms
//	"нет света"     the words of a phrase stand side by side in one text
//	-ремонт         the word (or phrase) does not occur
//	2026-118437     a number, or a beginning of it, as one of the words
//
// The word at the very end, before any space or sign, is still being typed: what
// it is the beginning of is found, too. A phrase that is not closed ends where the
// text ends.

// clause is one word, number or phrase of a question.
type clause struct {
	words  []string // folded; all of them have to occur
	phrase bool
	not    bool
	typing bool // the last word is being typed
}

// typedLen is how many letters a word that is being typed needs to be looked for:
// one letter asks nothing yet.
const typedLen = 2

// clauses reads what was typed.
func clauses(text string) (all []clause) {
	for {
		if text = strings.TrimLeftFunc(text, unicode.IsSpace); text == "" {
			return all
		}
		c, ends := clause{}, endsWord
		if r, n := utf8.DecodeRuneInString(text); isMinus(r) {
			c.not, text = true, text[n:]
		}
		if r, n := utf8.DecodeRuneInString(text); isQuote(r) {
			c.phrase, ends, text = true, isQuote, text[n:]
		}
		piece, end := text, strings.IndexFunc(text, ends)
		if end < 0 {
			text = ""
			last, _ := utf8.DecodeLastRuneInString(piece)
			c.typing = piece != "" && !between(last) && !c.not
		} else {
			piece, text = text[:end], text[end:]
			if _, n := utf8.DecodeRuneInString(text); c.phrase {
				text = text[n:]
			}
		}
		c.words = wordsOf(piece)
		if n := len(c.words); c.typing && !isNumber(c.words[n-1]) && utf8.RuneCountInString(c.words[n-1]) < typedLen {
			c.words, c.typing = c.words[:n-1], false
		}
		if len(c.words) > 0 {
			all = append(all, c)
		}
	}
}

func isMinus(r rune) bool  { return r == '-' || r == '−' || r == '–' }
func isQuote(r rune) bool  { return strings.ContainsRune(`"«»“”„`, r) }
func endsWord(r rune) bool { return unicode.IsSpace(r) || isQuote(r) }

// termsIn gives, for each word of the clause, the terms any of which stands for it.
func (s *Store) termsIn(c clause) (all [][]term, err error) {
	stems := s.stems
	for i, word := range c.words {
		one := []term{stems.term(word)}
		if c.typing && i == len(c.words)-1 {
			if isNumber(word) && len(word) >= startLen {
				one = append(one, stems.term(word+startMark))
			}
			if len(word) >= typedLen {
				if err := s.view(func(tx reader) error {
					one = append(one, tx.startingWith(word)...)
					return nil
				}); err != nil {
					return nil, err
				}
			}
			slices.Sort(one)
		}
		all = append(all, one)
	}
	return all, nil
}

// worded is what the words of a question leave: the records they are in, nil where
// nothing was asked for, and those that are excluded.
type worded struct {
	in, out *roaring.Bitmap
	cut     bool // phrases were looked for in the latest phraseMost records only
}

// phrase is a clause whose words were found in some records, in any order.
type phrase struct {
	terms [][]term
	found *roaring.Bitmap
}

// search answers what was typed, while somebody waits for it.
func (s *Store) search(text string, waits waiting) (w worded, err error) {
	all := clauses(text)
	if len(all) == 0 {
		return w, nil
	}
	if err := s.recentWords(); err != nil {
		return w, err
	}
	in, out, err := s.candidates(all, &w, waits)
	if err != nil {
		return w, err
	}
	if len(in) > 0 {
		if w.in, w.cut, err = s.holding(w.in, waits, func(a *app.Appeal) bool {
			return !slices.ContainsFunc(in, func(p phrase) bool { return !s.holds(a, p.terms) })
		}); err != nil {
			return w, err
		}
	}
	for _, p := range out {
		holds, cut, err := s.holding(intersect(w.in, p.found), waits, func(a *app.Appeal) bool { return s.holds(a, p.terms) })
		if err != nil {
			return w, err
		}
		w.out, w.cut = roaring.Or(orNone(w.out), holds), w.cut || cut
	}
	return w, nil
}

// candidates answers the clauses as if their words might stand in any order, and
// gives the phrases whose order is still to be looked at.
func (s *Store) candidates(all []clause, w *worded, waits waiting) (in, out []phrase, err error) {
	// The lock first and transactions under it: what memory knows to be in the blocks
	// is there, then.
	s.mu.RLock()
	defer s.mu.RUnlock()
	var asked [][]term
	for _, c := range all {
		terms, err := s.termsIn(c)
		if err != nil {
			return nil, nil, err
		}
		switch phrased := c.phrase && len(terms) > 1; {
		case !c.not:
			asked = append(asked, terms...)
			if phrased {
				in = append(in, phrase{terms: terms})
			}
		default:
			held, err := s.having(terms, waits)
			if err != nil {
				return nil, nil, err
			}
			if phrased {
				out = append(out, phrase{terms, held})
			} else {
				w.out = roaring.Or(orNone(w.out), held)
			}
		}
	}
	if asked != nil {
		w.in, err = s.having(asked, waits)
	}
	return in, out, err
}

// phraseMost is in how many records phrases are looked for, the latest first: a
// phrase of words that are everywhere would have most of the file read. It takes
// some tenths of a second.
const phraseMost = 10_000

// holding gives the records among these for which holds says so.
func (s *Store) holding(records *roaring.Bitmap, waits waiting, holds func(*app.Appeal) bool) (found *roaring.Bitmap, cut bool, err error) {
	numbers := records.ToArray()
	if cut = len(numbers) > phraseMost; cut {
		numbers = numbers[len(numbers)-phraseMost:]
	}
	found = roaring.New()
	for part := range slices.Chunk(numbers, 1000) {
		if err := waits.err(); err != nil {
			return nil, false, err
		}
		held := make([]bool, len(part))
		err := s.view(func(tx reader) error {
			tx.read(part, func(i int, a *app.Appeal) { held[i] = holds(a) })
			return nil
		})
		if err != nil {
			return nil, false, err
		}
		for i, n := range part {
			if held[i] {
				found.Add(n)
			}
		}
	}
	return found, cut, nil
}

// read opens records on all processors; those that are gone are passed over.
func (r reader) read(records []uint32, f func(i int, a *app.Appeal)) {
	b := r.Bucket(bucketAppeals)
	sealed, errs := make([][]byte, len(records)), make([]error, len(records))
	for i, n := range records { // a transaction is for one goroutine
		sealed[i] = b.Bucket.Get(number(uint64(n)))
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(records); i = int(next.Add(1)) - 1 {
				if sealed[i] == nil {
					continue
				}
				var a *app.Appeal
				raw, err := b.plain(number(uint64(records[i])), sealed[i])
				if err == nil {
					a, err = r.s.decodeRecord(raw)
				}
				if errs[i] = err; err == nil {
					f(i, a)
				}
			}
		})
	}
	all.Wait()
	unharmed(errors.Join(errs...))
}

// phraseWords is how many words of a phrase have to stand side by side; those after
// them only have to occur.
const phraseWords = 64

// holds says whether the words of a phrase stand side by side in one of the texts
// of an appeal.
func (s *Store) holds(a *app.Appeal, phrase [][]term) bool {
	phrase = phrase[:min(len(phrase), phraseWords)]
	for _, text := range searched(a) {
		ends := uint64(0) // bit n: the first n+1 words of the phrase end at this word
		for word := range wordsIn(text) {
			ends = (ends<<1 | 1) & s.standsFor(word, phrase)
			if ends>>(len(phrase)-1)&1 == 1 {
				return true
			}
		}
	}
	return false
}

// standsFor says for which words of a phrase a word of a text stands, as bits.
func (s *Store) standsFor(word []byte, phrase [][]term) (bits uint64) {
	var terms []term
	if isNumber(word) {
		terms = s.stems.terms(string(word))
	} else {
		terms = append(make([]term, 0, 1), s.stems.met(word))
	}
	for i, all := range phrase {
		if slices.ContainsFunc(terms, func(t term) bool { return hasTerm(all, t) }) {
			bits |= 1 << i
		}
	}
	return bits
}
