package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"otklik/app"
)

// Report of a check: what the file holds and everything that does not agree.
type Report struct {
	Appeals   int      `json:"appeals"`
	Pages     int      `json:"pages"`
	Days      int      `json:"days"`
	Pending   int      `json:"pending"`
	Refused   int      `json:"refused"`
	Conflicts int      `json:"conflicts"`
	Problems  []string `json:"problems"`
}

// Check proves that the file is sound page by page, that every record can be
// read, and that numbers, columns, words and outbox agree with the records.
func (s *Store) Check() (Report, error) {
	return s.CheckUntil(context.Background(), func(int, int) {})
}

// CheckUntil is Check until the context ends, then CodeCancelled. It tells how
// many records of how many are done.
func (s *Store) CheckUntil(ctx context.Context, told func(done, of int)) (Report, error) {
	r, err := s.check(ctx, true, told)
	if ctx.Err() != nil {
		err = app.Fail(app.CodeCancelled).Because(ctx.Err())
	}
	return r, err
}

// check proves it; words says whether each record is looked up by its words, too.
func (s *Store) check(ctx context.Context, words bool, told func(done, of int)) (Report, error) {
	c := checking{ctx: ctx, deep: words, told: told, seen: map[uint64]bool{}}
	err := s.view(func(tx reader) error {
		c.reader = tx
		c.terms = s.termsBy(tx.tables())
		c.reckoned, _ = tx.reckoned(c.terms)
		if err := soundPages(s.path, nil); words && err != nil {
			c.problem("page of the file: %v", err)
		}
		for _, step := range []func() error{c.appeals, c.columns, c.outbox, c.base, c.pages, c.others, c.rest} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	slices.Sort(c.report.Problems)
	if c.report.Problems == nil {
		c.report.Problems = []string{}
	}
	return c.report, err
}

type checking struct {
	reader
	ctx    context.Context
	deep   bool
	told   func(done, of int)
	report Report
	seen   map[uint64]bool // live records

	terms    *app.Terms // by the tables of the file
	reckoned uint64     // of the records from there on the terms are yet to be reckoned by them
}

func (c *checking) problem(format string, args ...any) {
	c.report.Problems = append(c.report.Problems, fmt.Sprintf(format, args...))
}

// each calls f with every value that opens; the others are problems.
func (c *checking) each(name []byte, f func(k, v []byte) error) error {
	b := c.Bucket(name)
	return b.Bucket.ForEach(func(k, sealed []byte) error {
		v, err := b.plain(k, sealed)
		if err != nil {
			c.problem("%v", err)
			return nil
		}
		return f(k, v)
	})
}

// appeals reads every record, recomputes its header and looks it up by its
// words.
func (c *checking) appeals() error {
	words := c.words()
	codes := func(family, word string) (uint16, error) {
		if word == "" {
			return 0, nil
		}
		d := c.s.index.dicts[family]
		if d == nil || d.codes[word] == 0 {
			c.problem("dictionary %s lacks a word", family)
			return 0, nil
		}
		return d.codes[word], nil
	}
	of := int(c.Bucket(bucketAppeals).Sequence())
	err := c.each(bucketAppeals, func(k, raw []byte) error {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if c.report.Appeals%1000 == 0 {
			c.told(c.report.Appeals, of)
		}
		n := keyNumber(k)
		a, err := c.s.decodeRecord(raw)
		if err != nil {
			c.problem("record %d: %v", n, err)
			return nil
		}
		c.seen[n] = true
		c.report.Appeals++
		stored, err := decodeHeader(raw)
		if err != nil {
			return err
		}
		want := head(a, *c.terms)
		want.page = stored.page
		if n >= c.reckoned {
			want.due, want.answerDue = stored.due, stored.answerDue
		}
		if err := want.name(a, codes); err != nil {
			return err
		}
		if stored != want {
			c.problem("record %d: header does not follow from the history", n)
		}
		if !bytes.Equal(c.Bucket(bucketIDs).Get([]byte(a.ID)), k) {
			c.problem("record %d is not found by its identifier", n)
		}
		if c.deep {
			words.record(n, c.s.stems.termsOf(a))
		}
		return nil
	})
	switch {
	case !c.deep:
	case c.s.NeedsReindex():
		c.problem("words are to be indexed")
	default:
		words.end()
	}
	return err
}

// columns compares the columns and the memory with the records.
func (c *checking) columns() error {
	live := 0
	records := c.Bucket(bucketAppeals)
	err := c.each(bucketColumns, func(k, v []byte) error {
		first := keyNumber(k) * partRows
		p := &part{}
		err := p.decode(v, &codeColumns{})
		if err != nil {
			c.problem("columns from record %d on: %v", first, err)
			return nil
		}
		for i := range partRows {
			n, h := first+uint64(i), p.header(i)
			if h.live() {
				live++
			}
			raw := records.Bucket.Get(number(n)) // its header can be read as it is
			var want header
			if raw != nil {
				if want, err = decodeHeader(raw); err != nil {
					return err
				}
			}
			if h != want.asKept() || c.deep && c.s.index.header(n) != h {
				c.problem("column of record %d differs from its header", n)
			}
		}
		return nil
	})
	if live != c.report.Appeals {
		c.problem("%d records in columns, %d records", live, c.report.Appeals)
	}
	return err
}

// outbox compares the operations with the two ways that lead to them.
func (c *checking) outbox() error {
	ids, ents := 0, 0
	err := c.each(bucketOutbox, func(k, v []byte) error {
		c.report.Pending++
		var e outboxEntry
		if err := json.Unmarshal(v, &e); err != nil {
			c.problem("operation %d: %v", keyNumber(k), err)
			return nil
		}
		if !bytes.Equal(c.Bucket(bucketOutboxIDs).Get([]byte(e.Op.ID)), k) {
			c.problem("operation %d is not found by its identifier", keyNumber(k))
		} else {
			ids++
		}
		if !c.Bucket(bucketOutboxEnt).Has(entKey(e.Op.Ent, keyNumber(k))) {
			c.problem("operation %d is not found by its record", keyNumber(k))
		} else {
			ents++
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n := c.Bucket(bucketOutboxIDs).Stats().KeyN; n != ids {
		c.problem("%d identifiers of operations, %d operations", n, ids)
	}
	if n := c.Bucket(bucketOutboxEnt).Stats().KeyN; n != ents {
		c.problem("%d operations by record, %d operations", n, ents)
	}
	return nil
}

// base asks that exactly the appeals with unsent operations are kept twice, and
// no pages and days without.
func (c *checking) base() error {
	pending := map[string]bool{}
	err := c.Bucket(bucketOutboxEnt).ForEach(func(k, _ []byte) error {
		pending[string(k[:bytes.IndexByte(k, 0)])] = true
		return nil
	})
	if err != nil {
		return err
	}
	for name, text := range map[string]func(k []byte) string{
		string(bucketPageBase): func(k []byte) string { return string(k) },
		string(bucketDayBase):  func(k []byte) string { return keyDay(k).String() },
	} {
		if err := c.Bucket([]byte(name)).ForEach(func(k, _ []byte) error {
			if !pending[text(k)] {
				c.problem("%s: a confirmed copy without unsent operations", name)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return c.Bucket(bucketIDs).ForEach(func(id, k []byte) error {
		if has := c.Bucket(bucketBase).Has(k); has != pending[string(id)] {
			c.problem("record %d: unsent operations %v, confirmed copy %v", keyNumber(k), pending[string(id)], has)
		}
		return nil
	})
}

func (c *checking) pages() error {
	err := c.each(bucketPages, func(k, v []byte) error {
		c.report.Pages++
		var p app.Page
		if err := unpackJSON(v, &p); err != nil {
			c.problem("page %d: %v", keyNumber(k), err)
		} else if !bytes.Equal(c.Bucket(bucketPageIDs).Get([]byte(p.ID)), k) {
			c.problem("page %d is not found by its identifier", keyNumber(k))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return errors.Join(c.pageColumns(), c.counts())
}

func (c *checking) pageColumns() error {
	kept, err := c.s.loadPageColumns(c.reader)
	if err != nil {
		c.problem("columns of pages: %v", err)
		return nil
	}
	for n, flags := range kept.flags {
		if (flags != 0) != c.Bucket(bucketPages).Has(number(uint64(n))) {
			c.problem("column of page %d differs from the registry", n)
		}
	}
	return nil
}

// counts compares the tiles with the days they are of.
func (c *checking) counts() error {
	counted := map[app.Day]uint64{}
	top := c.Bucket(bucketPages).Sequence()
	err := c.Tx.Bucket(bucketCounts).ForEach(func(k, v []byte) error {
		var p packedTile
		if err := c.s.openTile(&p, placed{k, v}); err != nil {
			c.problem("counts: %v", err)
			return nil
		}
		if chunk := uint64(binary.BigEndian.Uint32(k)); chunk*tilePages+uint64(len(p.widths)) > top+1 {
			c.problem("counts from %s on are of pages beyond the last", p.first)
		}
		for i := range p.widths {
			for d := p.first; d < p.first+tileDays; d++ {
				if p.day(i, d) != app.Missing {
					counted[d]++
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = c.each(bucketDays, func(k, v []byte) error {
		c.report.Days++
		d := keyDay(k)
		if len(v) != 8 || keyNumber(v) != counted[d] {
			c.problem("%d counts of %s are not as many as are noted", counted[d], d)
		}
		delete(counted, d)
		return nil
	})
	for d := range counted {
		c.problem("counts of %s are not among the days", d)
	}
	return err
}

// others reads what nothing else leads to.
func (c *checking) others() error {
	c.report.Refused = c.Bucket(bucketRefused).Stats().KeyN
	err := c.each(bucketConflicts, func(_, v []byte) error {
		var x app.Conflict
		if err := unpackJSON(v, &x); err != nil {
			c.problem("conflict: %v", err)
		} else if x.Choice == "" {
			c.report.Conflicts++
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range [][]byte{
		bucketMeta, bucketSettings, bucketDayBase, bucketForms, bucketNewWords, bucketPageFacts,
	} {
		if err := c.each(name, func([]byte, []byte) error { return nil }); err != nil {
			return err
		}
	}
	err = c.each(bucketDrafts, func(k, v []byte) error {
		var d app.Draft
		if err := unpackJSON(v, &d); err != nil {
			c.problem("draft of record %d: %v", keyNumber(k), err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	counted, err := count(c.reader)
	c.s.mu.RLock()
	if counted != c.s.tally {
		c.problem("outbox is counted as %+v and holds %+v", c.s.tally, counted)
	}
	c.s.mu.RUnlock()
	return err
}
