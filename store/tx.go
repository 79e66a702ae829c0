package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
	"otklik/pack"
)

// tx is one write transaction. What it changes of the derived state is noted
// here and reaches memory only after the commit.
type tx struct {
	reader
	changed app.Changed

	headers  map[uint64]header
	parts    map[uint32]*part     // of the columns, as they are to be
	pages    map[uint32]pageFacts // by page number
	bases    map[uint64]bool      // records that have a confirmed copy, or none any more
	postings []postingChange      // in their order
	newWords map[string]*dict     // dictionaries that grew
	entries  int                  // journal entries added
	tally    tally                // what the outbox gained

	delta  []byte   // the postings as they were written
	merged bool     // all postings stand in blocks now
	fresh  int      // forms that were new to this run
	listed []string // of them those that were new to the file

	indexed     *uint64       // nil: as before
	newReckoned *uint64       // nil: as before
	newTerms    *app.Terms    // nil: as before
	learned     *pack.Learned // nil: as before

	logged  logged // what the journal is told
	replays bool   // it is the journal that tells
}

// update runs f as one transaction: all of it is on disk when update returns
// nil, none of it otherwise.
func (s *Store) update(f func(t *tx) error) (err error) {
	t := &tx{
		headers: map[uint64]header{}, parts: map[uint32]*part{}, pages: map[uint32]pageFacts{}, newWords: map[string]*dict{},
		bases: map[uint64]bool{},
	}
	tell, err := s.commit(t, f)
	if err == nil && t.changed != (app.Changed{}) {
		tell(t.changed)
	}
	return err
}

// commit is update without telling anybody.
func (s *Store) commit(t *tx, f func(t *tx) error) (tell func(app.Changed), err error) {
	// One writer at a time until memory has followed the file, so that it follows in
	// the order of commits; the reader's lock is taken only for that moment.
	s.writing.Lock()
	defer s.writing.Unlock()
	cut := func() error { return nil }
	err = s.db.Update(func(btx *bolt.Tx) (err error) {
		t.reader = reader{btx, s}
		for _, name := range [][]byte{bucketAppeals, bucketIDs, bucketWords, bucketOutbox, bucketColumns, bucketDays, bucketCounts} {
			btx.Bucket(name).FillPercent = 0.9
		}
		if err := f(t); err != nil {
			return err
		}
		if err := t.flush(); err != nil {
			return err
		}
		if cut, err = t.journal(); err != nil {
			return err
		}
		s.point("commit")
		return nil
	})
	if err != nil {
		return nil, errors.Join(writeFailed(s.path, err), cut())
	}
	s.point("committed")
	s.tending.wrote()
	if t.learned != nil {
		s.learned.Store(t.learned)
	}
	s.stems.formsWritten(t.fresh, t.listed)
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.index.dicts, t.newWords)
	for record, h := range t.headers {
		was := s.index.set(record, h)
		s.orders.changed(uint32(record), was, h.asKept())
		s.late.changed(s.index, uint32(record))
		s.soon.changed(s.index, uint32(record))
	}
	s.followBases(t)
	s.followWords(t)
	if t.indexed != nil {
		s.indexed = *t.indexed
	}
	if t.newTerms != nil {
		s.terms.Store(t.newTerms)
	}
	if t.newReckoned != nil {
		s.reckoned = *t.newReckoned
	}
	s.index.pages.set(t.pages)
	s.tally.add(t.tally)
	return s.onCommit, nil
}

// flush writes what was noted during the transaction.
func (t *tx) flush() error {
	if err := errors.Join(t.flushColumns(), t.flushPageColumns()); err != nil {
		return err
	}
	if err := errors.Join(t.flushWords(), t.learn()); err != nil {
		return err
	}
	for family, d := range t.newWords {
		raw, err := json.Marshal(d.words)
		if err != nil {
			return err
		}
		if err := t.Bucket(bucketMeta).Put([]byte(dictPrefix+family), raw); err != nil {
			return err
		}
	}
	if len(t.headers) >= bulk {
		t.giveBack()
	}
	return t.trimJournal()
}

// giveBack lets go of what the transaction has met of the file, which the system would
// count as memory of this program. What is asked for is what is mapped: nobody can map
// the file anew beside a transaction that writes.
func (t *tx) giveBack() { giveBack(t.DB().Info().Data, t.Size()) }

// bulk is how many records a transaction changes that is not the work of a person.
const bulk = 500

// code gives the number of a word in a dictionary, adding it.
func (t *tx) code(family, word string) (uint16, error) {
	if word == "" {
		return 0, nil
	}
	d := t.newWords[family]
	if d == nil {
		t.s.mu.RLock()
		d = t.s.index.dicts[family]
		t.s.mu.RUnlock()
		if d != nil {
			if c, ok := d.codes[word]; ok {
				return c, nil
			}
		}
		d = newDict(slices.Clone(namesOf(d)))
		t.newWords[family] = d
	}
	if c, ok := d.codes[word]; ok {
		return c, nil
	}
	if len(d.words) >= 1<<16-2 {
		return 0, app.Fail(app.CodeBadArgument, family, "< 65534")
	}
	d.words = append(d.words, word)
	d.codes[word] = uint16(len(d.words))
	return uint16(len(d.words)), nil
}

func namesOf(d *dict) []string {
	if d == nil {
		return nil
	}
	return d.words
}

// record gives the number of an appeal.
func (t *tx) record(id string) (uint64, bool) {
	v := t.Bucket(bucketIDs).Get([]byte(id))
	if len(v) != 8 {
		return 0, false
	}
	n := binary.BigEndian.Uint64(v)
	if n > t.Bucket(bucketAppeals).Sequence() {
		// Making room up to it would use up the memory; the guard of the file takes it
		// for the damage it is.
		panic(fmt.Errorf("an appeal has the number %d, which was never given out", n))
	}
	return n, true
}

// appeal reads the appeal as every reader sees it, with its stored bytes.
func (t *tx) appeal(id string) (record uint64, raw []byte, a *app.Appeal, err error) {
	record, ok := t.record(id)
	if ok {
		raw = t.Bucket(bucketAppeals).Get(number(record))
	}
	if raw == nil {
		return 0, nil, nil, app.Fail(app.CodeNotFound, "appeal")
	}
	a, err = t.s.decodeRecord(raw)
	return record, raw, a, err
}

// newRecord gives an appeal its dense number.
func (t *tx) newRecord(id string) (uint64, error) {
	n, err := t.Bucket(bucketAppeals).NextSequence()
	if err != nil {
		return 0, err
	}
	return n, t.Bucket(bucketIDs).Put([]byte(id), number(n))
}

// putAppeal writes the appeal as every reader will see it, with its index. A
// nil appeal takes the record out of every list: it was created here and the
// server refused it.
func (t *tx) putAppeal(record uint64, a *app.Appeal) error {
	t.changed.Appeals = true
	b := t.Bucket(bucketAppeals)
	var old *app.Appeal
	if raw := b.Get(number(record)); raw != nil {
		var err error
		if old, err = t.s.decodeRecord(raw); err != nil {
			return err
		}
	}
	t.reword(record, old, a)
	if a == nil {
		t.setHeader(record, header{})
		return b.Delete(number(record))
	}
	body, err := t.s.packAppeal(a)
	if err != nil {
		return err
	}
	return t.putRecord(record, a, head(a, *t.terms()), body)
}

// putRecord writes a record of which everything is ready but what its header says
// in codes of this file: of words and of the page.
func (t *tx) putRecord(record uint64, a *app.Appeal, h header, body []byte) error {
	t.changed.Appeals = true
	if a.Page != "" {
		if v := t.Bucket(bucketPageIDs).Get([]byte(a.Page)); len(v) == 8 {
			h.page = uint32(binary.BigEndian.Uint64(v))
		}
	}
	if err := h.name(a, t.code); err != nil {
		return err
	}
	t.setHeader(record, h)
	return t.Bucket(bucketAppeals).Put(number(record), join(h, body))
}
