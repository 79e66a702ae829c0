package main

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"otklik/app"
)

func (s *sqlite) Begin(app.Snapshot) error { return nil }

func (s *sqlite) Read(rows []app.SnapshotRow) (take func() error, err error) {
	var pages []app.Page
	var blocks []app.CountsBlock
	appeals := make([]readAppeal, len(rows))
	for _, r := range rows {
		switch r.Kind {
		case app.RowPage:
			p, err := app.Decode[app.Page](r.Value)
			if err != nil {
				return nil, err
			}
			pages = append(pages, p)
		case app.RowCounts:
			b, err := app.Decode[app.CountsBlock](r.Value)
			if err != nil {
				return nil, err
			}
			blocks = append(blocks, b)
		}
	}
	err = parallel(len(rows), func(i int) error {
		if rows[i].Kind != app.RowAppeal {
			return nil
		}
		a := &app.Appeal{}
		if err := json.Unmarshal(rows[i].Value, a); err != nil {
			return err
		}
		appeals[i] = readAppeal{a, rowOf(a, s.place.terms), s.words(a)}
		return nil
	})
	appeals = slices.DeleteFunc(appeals, func(a readAppeal) bool { return a.Appeal == nil })
	return func() error {
		if err := s.takePages(pages); err != nil {
			return err
		}
		if s.waiting = append(s.waiting, appeals...); len(s.waiting) >= sqliteBatch || len(blocks) > 0 {
			if err := s.takeAppeals(); err != nil {
				return err
			}
		}
		for _, b := range blocks {
			if err := s.takeCounts(b); err != nil {
				return err
			}
		}
		return nil
	}, err
}

func (s *sqlite) takePages(pages []app.Page) error {
	if len(pages) == 0 {
		return nil
	}
	return s.update(func(w *writing) error {
		for _, p := range pages {
			where, err := w.code(p.Municipality)
			if err != nil {
				return err
			}
			n := int64(len(s.of))
			s.pages[p.ID] = n
			s.of = append(s.of, where)
			if err := w.exec(insertPage, n, p.ID, codeOf(app.Sources, p.Network), where, string(app.Encode(p))); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sqlite) takeAppeals() error {
	if len(s.waiting) == 0 {
		return nil
	}
	err := s.update(func(w *writing) error {
		for i := range s.waiting {
			s.appeals++
			if err := w.insert(s.appeals, &s.waiting[i]); err != nil {
				return err
			}
		}
		return nil
	})
	s.waiting = s.waiting[:0]
	return err
}

func (w *writing) insert(id int64, a *readAppeal) error {
	var c [5]int64
	for i, word := range []string{a.Group, a.Topic, a.Municipality, a.Executor, a.Assignee} {
		var err error
		if c[i], err = w.code(word); err != nil {
			return err
		}
	}
	page := any(nil)
	if n, ok := w.pages[a.Page]; ok {
		page = n
	}
	r := &a.row
	err := w.exec(insertAppeal, id, codeOf(app.Kinds, a.Kind), codeOf(app.Sources, a.Source), c[0], c[1], c[2], c[3], c[4],
		codeOf(app.Statuses, a.Status), codeOf(app.Outcomes, a.Outcome), int64(a.Severity), r.archive, r.awaits, page,
		r.start, r.reply, r.answerDue, r.due, r.closed)
	if err != nil {
		return err
	}
	if w.light {
		return w.exec(insertWords, id, a.stems)
	}
	err = w.exec(insertText, id, a.ID, a.Number, a.External, a.Title, a.Text, a.Author, a.Contact, a.Place, a.Page, a.Link,
		a.Parent, a.Hops, seconds(a.Due), string(app.Encode(a.Events)))
	if err != nil {
		return err
	}
	return w.exec(insertWords, id, a.stems)
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// takeCounts writes day by day, in the order of the key; a day is one statement,
// which takes a fifth of the time that one a count does.
func (s *sqlite) takeCounts(b app.CountsBlock) error {
	columns := make([][]uint32, len(b.Days)) // by number of the page
	for d := range columns {
		columns[d] = slices.Repeat([]uint32{app.Missing}, len(s.of))
	}
	err := eachCount(b, func(page string, counts []uint32) error {
		for d, n := range counts {
			columns[d][s.pages[page]] = n
		}
		return nil
	})
	if err != nil {
		return err
	}
	var list []byte
	for d, day := range b.Days {
		sums := map[int64]int64{}
		list = append(list[:0], '[')
		for page, n := range columns[d] {
			if page > 0 {
				list = append(list, ',')
			}
			if n == app.Missing {
				list = append(list, "null"...)
				continue
			}
			list = strconv.AppendUint(list, uint64(n), 10)
			sums[s.of[page]] += int64(n)
		}
		list = append(list, ']')
		err := s.update(func(w *writing) error {
			if err := w.exec(insertCounts, int64(day), string(list)); err != nil {
				return err
			}
			for place, n := range sums {
				if err := w.exec(insertSum, int64(day), place, n); err != nil {
					return err
				}
			}
			return w.exec(insertDay, int64(day))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sqlite) Settle() error {
	if err := s.takeAppeals(); err != nil {
		return err
	}
	if s.appeals > 0 && !s.indexed {
		s.indexed = true
		if _, err := s.db.Exec(indexes); err != nil {
			return err
		}
	}
	if _, err := s.db.Exec("PRAGMA analysis_limit=2000; ANALYZE"); err != nil {
		return err
	}
	return s.checkpoint()
}

func (s *sqlite) checkpoint() error {
	var busy, log, done int
	return s.db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done)
}

// Tidy merges the segments of the words into one.
func (s *sqlite) Tidy() error {
	if _, err := s.db.Exec("INSERT INTO words(words) VALUES('optimize')"); err != nil {
		return err
	}
	return s.checkpoint()
}
