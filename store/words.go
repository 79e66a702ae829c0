package store

import (
	"hash/maphash"
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/russian"

	"otklik/app"
	"otklik/seal"
)

// stemmer turns words into the hashed stems under which they are indexed. A
// region writes with a few hundred thousand forms, so each is stemmed once.
type stemmer struct {
	box    *seal.Box
	mu     sync.RWMutex
	seed   maphash.Seed
	known  map[uint64]term // by the hash of a form, under a seed of this run: half the memory of words
	fresh  []string        // of the known: met since the list of forms was last written
	starts map[string]term
	asked  map[string]term // forms that were looked for and are not known from a text
	list   *formList       // nil until it is needed
}

// term is the hash of a stem, under the key of this file: nobody else can tell
// which word a hash is of. Its upper 24 bits are a hash of the first three letters,
// so that the stems of all words that begin alike lie side by side and a prefix is
// found by reading a few blocks.
type term uint64

// maxKnown bounds the cache of forms; beyond it the cache starts anew.
const maxKnown = 400_000

// maxAsked bounds that of forms that were looked for.
const maxAsked = 10_000

func newStemmer(box *seal.Box) *stemmer {
	return &stemmer{box: box, seed: maphash.MakeSeed(), known: map[uint64]term{}, starts: map[string]term{}, asked: map[string]term{}}
}

// startLen is how many letters or digits lead to the place of a term; digits and
// letters of fewer are no beginning of a number that is looked up.
const startLen = 3

const groupBits = 24

// hash gives the term of a stem. The caller holds the lock or is alone.
func (s *stemmer) hash(stem string) term {
	start := first(stem, startLen)
	group, known := s.starts[start]
	if !known {
		group = s.word("^" + start)
		s.starts[strings.Clone(start)] = group
	}
	return group&^(1<<(64-groupBits)-1) | s.word(stem)>>groupBits
}

func (s *stemmer) word(word string) (t term) {
	for _, b := range s.box.Word(word) {
		t = t<<8 | term(b)
	}
	return t
}

// first gives the first n letters.
func first(word string, n int) string {
	at := 0
	for range n {
		_, size := utf8.DecodeRuneInString(word[at:])
		at += size
	}
	return word[:at]
}

// learn gives the term of a form that was met for the first time in this run.
// A new form has to get into the list of forms with the next commit.
func (s *stemmer) learn(form string, isNew bool) term {
	stem := form
	if !isNumber(trimStart(form)) {
		stem = russian.Stem(form, true)
	}
	key := maphash.String(s.seed, form)
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, known := s.known[key]; known {
		return t
	}
	t := s.hash(stem)
	if len(s.known) >= maxKnown {
		clear(s.known)
	}
	s.known[key] = t
	if isNew {
		s.fresh = append(s.fresh, form)
	}
	return t
}

// isNumber says whether the word is of digits only. Numbers are not listed: each
// appeal brings one of its own.
func isNumber[W string | []byte](word W) bool {
	for i := range len(word) {
		if word[i] < '0' || word[i] > '9' {
			return false
		}
	}
	return len(word) > 0
}

// A number is found by every beginning of startLen digits and more, each of which
// is a term of its own, marked so that it is no number.
const startMark = "*"

func trimStart(form string) string { return strings.TrimSuffix(form, startMark) }

// numberMost bounds the beginnings of a number.
const numberMost = 20

// knownNumber is up to how many digits numbers are kept in the cache: of longer
// ones nearly each is met once.
const knownNumber = 5

// collector gathers the terms of texts.
type collector struct {
	s   *stemmer
	out []term
}

// met gives the term of a word of a text.
func (s *stemmer) met(word []byte) term {
	s.mu.RLock()
	t, known := s.known[maphash.Bytes(s.seed, word)]
	s.mu.RUnlock()
	if !known {
		t = s.learn(string(word), true)
	}
	return t
}

// add adds a word; the reader's lock is held and may be let go meanwhile.
func (c *collector) add(word []byte) {
	t, known := c.s.known[maphash.Bytes(c.s.seed, word)]
	if !known {
		c.s.mu.RUnlock()
		t = c.s.learn(string(word), true)
		c.s.mu.RLock()
	}
	c.out = append(c.out, t)
}

// number adds a number, its beginnings, and the same without leading zeros, which
// people leave out.
func (c *collector) number(digits string) {
	c.digits(digits)
	for n := startLen; n < min(len(digits), numberMost+1); n++ {
		c.digits(digits[:n] + startMark)
	}
	if bare := strings.TrimLeft(digits, "0"); bare != digits && bare != "" {
		c.number(bare)
	}
}

func (c *collector) digits(form string) {
	t, known := c.s.known[maphash.String(c.s.seed, form)]
	if !known {
		c.s.mu.RUnlock()
		if len(form) <= knownNumber {
			t = c.s.learn(form, false)
		} else {
			c.s.mu.Lock() // of the beginnings
			t = c.s.hash(form)
			c.s.mu.Unlock()
		}
		c.s.mu.RLock()
	}
	c.out = append(c.out, t)
}

// terms gives the distinct terms of texts, in order.
func (s *stemmer) terms(texts ...string) []term {
	c := collector{s, make([]term, 0, 128)}
	s.mu.RLock()
	for _, text := range texts {
		for w := range wordsIn(text) {
			if isNumber(w) {
				c.number(string(w))
			} else {
				c.add(w)
			}
		}
	}
	s.mu.RUnlock()
	slices.Sort(c.out)
	return slices.Compact(c.out)
}

// term gives the term of one word that is looked for; it does not get into the
// list of forms.
func (s *stemmer) term(form string) term {
	s.mu.RLock()
	t, known := s.known[maphash.String(s.seed, form)]
	if !known {
		t, known = s.asked[form]
	}
	s.mu.RUnlock()
	if known {
		return t
	}
	stem := form
	if !isNumber(trimStart(form)) {
		stem = russian.Stem(form, true)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t = s.hash(stem)
	if len(s.asked) >= maxAsked {
		clear(s.asked)
	}
	s.asked[form] = t
	return t
}

// wordsIn gives the words of a text as app.Fold has them, letters and digits. Most
// runes are letters of Russian, which need not be looked up. A word is valid until
// the next one.
func wordsIn(text string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		word := make([]byte, 0, 64)
		for _, r := range text {
			switch {
			case r >= 'а' && r <= 'я':
			case r >= 'А' && r <= 'Я':
				r += 'а' - 'А'
			case between(r):
				if len(word) > 0 && !yield(word) {
					return
				}
				word = word[:0]
				continue
			default:
				if r = unicode.ToLower(r); r == 'ё' {
					r = 'е'
				}
			}
			word = utf8.AppendRune(word, r)
		}
		if len(word) > 0 {
			yield(word)
		}
	}
}

// wordsOf lists the words of a text.
func wordsOf(text string) (words []string) {
	for w := range wordsIn(text) {
		words = append(words, string(w))
	}
	return words
}

// between says that the rune stands between words.
func between(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// searched lists the texts an appeal is found by.
func searched(a *app.Appeal) [8]string {
	return [8]string{a.Title, a.Text, a.Number, a.External, a.Place, a.Municipality, a.Group, a.Topic}
}

// termsOf gives the terms an appeal is found by.
func (s *stemmer) termsOf(a *app.Appeal) []term {
	texts := searched(a)
	return joined(s.terms(texts[:]...), s.places(a))
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
	if lost == nil {
		return
	}
	stems := t.s.stems
	before, after := joined(stems.terms(lost...), stems.places(old)), joined(stems.terms(gained...), stems.places(now))
	if slices.ContainsFunc(before, func(w term) bool { return !hasTerm(after, w) }) {
		after = stems.termsOf(now) // a word may still stand in another field
	}
	t.wordsChanged(record, before, after)
}

// wordsChanged notes which terms a record gains and loses.
func (t *tx) wordsChanged(record uint64, before, after []term) {
	for _, w := range after {
		if !hasTerm(before, w) {
			t.postings = append(t.postings, postingChange{w, uint32(record), true})
		}
	}
	for _, w := range before {
		if !hasTerm(after, w) {
			t.postings = append(t.postings, postingChange{w, uint32(record), false})
		}
	}
}

func hasTerm(sorted []term, w term) bool {
	_, ok := slices.BinarySearch(sorted, w)
	return ok
}

// formList is the list of all forms of this file in the order of letters. A word
// that is being typed is found by the stems of all forms it is the beginning of.
type formList struct {
	sorted []string
	added  []string // since, in no order
}

// add adds forms that are not there yet.
func (l *formList) add(forms []string) {
	l.added = append(l.added, forms...)
	if len(l.added) > 1000+len(l.sorted)/4 {
		l.sort()
	}
}

// sort brings what was added to its place.
func (l *formList) sort() {
	if len(l.added) == 0 {
		return
	}
	slices.Sort(l.added)
	all := make([]string, 0, len(l.sorted)+len(l.added))
	rest := l.sorted
	for _, form := range l.added {
		at, _ := slices.BinarySearch(rest, form)
		all, rest = append(append(all, rest[:at]...), form), rest[at:]
	}
	l.sorted, l.added = slices.Compact(append(all, rest...)), nil
}

func (l *formList) has(form string) bool {
	_, ok := slices.BinarySearch(l.sorted, form)
	return ok
}

// from gives the forms that begin so.
func (l *formList) from(start string) []string {
	l.sort()
	i, _ := slices.BinarySearch(l.sorted, start)
	n := i
	for n < len(l.sorted) && strings.HasPrefix(l.sorted[n], start) {
		n++
	}
	return l.sorted[i:n]
}

// bucketForms: number → forms, each ended by this.
const formEnd = "\n"

// formValues is how many values the list of forms may stand in before a merge
// makes one of them.
const formValues = 64

// forms gives the list, read where that was not done yet. The caller holds the
// lock of the stemmer.
func (r reader) forms() *formList {
	s := r.s.stems
	if s.list != nil {
		return s.list
	}
	l := &formList{}
	_ = r.Bucket(bucketForms).ForEach(func(_, v []byte) error { // damage goes its own way
		forms := strings.Split(strings.TrimSuffix(string(v), formEnd), formEnd)
		if l.sorted == nil && slices.IsSorted(forms) {
			l.sorted = forms
		} else {
			l.added = append(l.added, forms...)
		}
		return nil
	})
	l.sort()
	s.list = l
	return l
}

// flushForms writes the forms that this run has met and the file has not.
func (t *tx) flushForms() error {
	s := t.s.stems
	s.mu.RLock()
	n := len(s.fresh)
	s.mu.RUnlock()
	if n == 0 {
		return nil
	}
	forms, list := t.freshOnes(n)
	slices.Sort(forms)
	forms = slices.DeleteFunc(slices.Compact(forms), list.has)
	t.fresh, t.listed = n, forms
	if len(forms) == 0 {
		return nil
	}
	b := t.Bucket(bucketForms)
	at, err := b.NextSequence()
	if err != nil {
		return err
	}
	return b.Put(number(at), []byte(strings.Join(forms, formEnd)+formEnd))
}

func (t *tx) freshOnes(n int) ([]string, *formList) {
	s := t.s.stems
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.fresh[:n]), t.forms()
}

// formsWritten lets memory follow after a commit.
func (s *stemmer) formsWritten(fresh int, forms []string) {
	if fresh == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = slices.Clone(s.fresh[fresh:])
	s.list.add(forms)
}

// packForms makes one value of many.
func (t *tx) packForms() error {
	b := t.Bucket(bucketForms)
	var keys [][]byte
	var forms []string
	err := b.ForEach(func(k, v []byte) error {
		keys = append(keys, slices.Clone(k))
		forms = append(forms, strings.Split(strings.TrimSuffix(string(v), formEnd), formEnd)...)
		return nil
	})
	if err != nil || len(keys) <= formValues {
		return err
	}
	slices.Sort(forms)
	for _, k := range keys {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return b.Put(keys[0], []byte(strings.Join(slices.Compact(forms), formEnd)+formEnd))
}

// startingWith gives the terms of all words that begin so, in order.
func (r reader) startingWith(start string) []term {
	s := r.s.stems
	out := []term{}
	for _, form := range r.formsFrom(start) {
		s.mu.RLock()
		t, known := s.known[maphash.String(s.seed, form)]
		s.mu.RUnlock()
		if !known {
			t = s.learn(form, false)
		}
		out = append(out, t)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (r reader) formsFrom(start string) []string {
	s := r.s.stems
	s.mu.Lock()
	defer s.mu.Unlock()
	forms := slices.Clone(r.forms().from(start))
	for _, form := range s.fresh { // of a commit that memory has yet to follow
		if strings.HasPrefix(form, start) {
			forms = append(forms, form)
		}
	}
	return forms
}
