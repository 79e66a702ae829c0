package main

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"github.com/oklog/ulid/v2"
	_ "modernc.org/sqlite"

	"otklik/app"
)

// What an appeal is found and counted by stands in a narrow table with an index for
// every combination of facets, what it says in a wide one; words are stems in FTS5
// without their positions and without the texts. Codes of words stand in dict.
const schema = `
CREATE TABLE dict(code INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE TABLE appeals(
	id INTEGER PRIMARY KEY, kind INT, source INT, grp INT, topic INT, municipality INT, executor INT, assignee INT,
	status INT, outcome INT, severity INT, archive INT, awaits INT, page INT,
	start INT, reply INT, answer_due INT, due INT, closed INT);
CREATE TABLE texts(
	id INTEGER PRIMARY KEY, ulid TEXT NOT NULL, number TEXT, external TEXT, title TEXT, text TEXT, author TEXT,
	contact TEXT, place TEXT, page TEXT, link TEXT, parent TEXT, hops INT, named_due INT, events TEXT);
CREATE VIRTUAL TABLE words USING fts5(stems, content='', contentless_delete=1, detail=none, tokenize='ascii');
CREATE TABLE pages(id INTEGER PRIMARY KEY, ulid TEXT NOT NULL UNIQUE, network INT, municipality INT, body TEXT);
CREATE TABLE days(day INTEGER PRIMARY KEY);
CREATE TABLE counts(day INT, page INT, n INT, PRIMARY KEY(day, page)) WITHOUT ROWID;
CREATE TABLE sums(day INT, municipality INT, n INT, PRIMARY KEY(day, municipality)) WITHOUT ROWID;
CREATE TABLE outbox(n INTEGER PRIMARY KEY, op TEXT NOT NULL);
`

// indexes are made when the appeals are in, which is faster.
const indexes = `
CREATE UNIQUE INDEX by_ulid ON texts(ulid);
CREATE INDEX by_place ON appeals(municipality, grp, source, archive, awaits, status, assignee, due, start);
CREATE INDEX by_group ON appeals(grp, source, municipality, archive, awaits, status, assignee, due, start);
CREATE INDEX by_source ON appeals(source, municipality, grp, archive, awaits, status, assignee, due, start);
CREATE INDEX by_archive ON appeals(archive, start, municipality, grp, source);
CREATE INDEX by_start ON appeals(start, municipality, reply);
`

// pragmas of every connection: as durable as ours, with as much memory as a
// workstation can spare and the file mapped as ours is, up to what SQLite can.
var pragmas = []string{
	"PRAGMA page_size=8192", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA cache_size=-65536",
	"PRAGMA mmap_size=17179869184", "PRAGMA temp_store=MEMORY", "PRAGMA wal_autocheckpoint=4000",
}

// sqliteBatch is how many rows of a first load are one transaction.
const sqliteBatch = 1000

type sqlite struct {
	db    *sql.DB
	place place
	stems *stemmer
	known map[string]*sql.Stmt

	codes map[string]int64
	names map[int64]string

	pages   map[string]int64 // numbers, while a snapshot is taken in
	of      []int64          // municipality of the page with the number
	waiting []readAppeal
	appeals int64 // taken in
	indexed bool
}

// readAppeal is one that can be written.
type readAppeal struct {
	*app.Appeal
	row   row
	stems string
}

func openMattn(p place) (peer, error)   { return openSQLite("sqlite3", p) }
func openModernc(p place) (peer, error) { return openSQLite("sqlite", p) }

func openSQLite(driver string, p place) (peer, error) {
	db, err := sql.Open(driver, filepath.Join(p.folder, "peer.sqlite"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &sqlite{
		db: db, place: p, stems: newStemmer(), known: map[string]*sql.Stmt{}, codes: map[string]int64{}, names: map[int64]string{},
		pages: map[string]int64{},
	}
	for _, p := range pragmas {
		if _, err := db.Exec(p); err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
	}
	var tables int
	if err := db.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return nil, err
	}
	if tables == 0 {
		if _, err := db.Exec(schema); err != nil {
			return nil, fmt.Errorf("schema: %w (mattn's driver has FTS5 with the build tag sqlite_fts5)", err)
		}
		return s, nil
	}
	return s, s.rows("SELECT code, word FROM dict", nil, func(scan func(...any) error) error {
		var code int64
		var word string
		err := scan(&code, &word)
		s.codes[word], s.names[code] = code, word
		return err
	})
}

// stmt prepares a statement once.
func (s *sqlite) stmt(text string) (*sql.Stmt, error) {
	if p := s.known[text]; p != nil {
		return p, nil
	}
	p, err := s.db.Prepare(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", text, err)
	}
	s.known[text] = p
	return p, nil
}

func (s *sqlite) rows(text string, args []any, f func(scan func(...any) error) error) error {
	p, err := s.stmt(text)
	if err != nil {
		return err
	}
	rows, err := p.Query(args...)
	if err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// writing is one transaction.
type writing struct {
	*sqlite
	tx    *sql.Tx
	bound map[string]*sql.Stmt
}

func (s *sqlite) update(f func(w *writing) error) error {
	// Statements are prepared before, for there is one connection.
	for _, text := range []string{
		insertAppeal, insertText, insertWords, insertCode, insertPage, insertDay, insertCounts, insertSum,
		insertOp, deleteWords, updateAppeal, updateText,
	} {
		if _, err := s.stmt(text); err != nil {
			return err
		}
	}
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	if err := f(&writing{s, tx, map[string]*sql.Stmt{}}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (w *writing) exec(text string, args ...any) error {
	p := w.bound[text]
	if p == nil {
		p = w.tx.Stmt(w.known[text])
		w.bound[text] = p
	}
	_, err := p.Exec(args...)
	return err
}

const (
	insertAppeal = "INSERT INTO appeals VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
	insertText   = "INSERT INTO texts VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
	insertWords  = "INSERT INTO words(rowid, stems) VALUES(?,?)"
	insertCode   = "INSERT INTO dict VALUES(?,?)"
	insertPage   = "INSERT INTO pages VALUES(?,?,?,?,?)"
	insertDay    = "INSERT INTO days VALUES(?)"
	insertCounts = "INSERT INTO counts SELECT ?, key, value FROM json_each(?) WHERE type='integer'"
	insertSum    = "INSERT INTO sums VALUES(?,?,?)"
	insertOp     = "INSERT INTO outbox(op) VALUES(?)"
	deleteWords  = "DELETE FROM words WHERE rowid=?"
	updateText   = "UPDATE texts SET events=? WHERE id=?"
	updateAppeal = `UPDATE appeals SET grp=?, topic=?, assignee=?, status=?, outcome=?, archive=?, awaits=?,
		reply=?, answer_due=?, due=?, closed=? WHERE id=?`
)

func (w *writing) code(word string) (int64, error) {
	if c, ok := w.codes[word]; ok || word == "" {
		return c, nil
	}
	c := int64(len(w.codes) + 1)
	w.codes[word], w.names[c] = c, word
	return c, w.exec(insertCode, c, word)
}

func codeOf[V comparable](list []V, v V) int64 { return int64(slices.Index(list, v) + 1) }

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
		appeals[i] = readAppeal{a, rowOf(a, s.place.terms), strings.Join(s.stems.stems(searched(a)), " ")}
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

// facet narrows by one field.
type facet struct {
	column string
	codes  []int64
}

func (s *sqlite) facets(f app.Filter) []facet {
	out := []facet{{column: "source"}, {column: "grp"}, {column: "municipality"}}
	for _, v := range f.Sources {
		out[0].codes = append(out[0].codes, codeOf(app.Sources, v))
	}
	for _, v := range f.Groups {
		out[1].codes = append(out[1].codes, s.codes[v])
	}
	for _, v := range f.Municipalities {
		out[2].codes = append(out[2].codes, s.codes[v])
	}
	return out
}

// where narrows by all facets but one.
func where(facets []facet, but string) (text string, args []any) {
	for _, f := range facets {
		if f.column == but || len(f.codes) == 0 {
			continue
		}
		text += " AND " + f.column + " IN (?" + strings.Repeat(",?", len(f.codes)-1) + ")"
		for _, c := range f.codes {
			args = append(args, c)
		}
	}
	return text, args
}

const (
	rowsOf = `SELECT t.ulid, t.number, t.title, substr(t.text, 1, 160), a.source, a.status, a.grp, a.municipality,
		a.assignee, a.start, a.due FROM json_each(?) k JOIN appeals a ON a.id=k.value JOIN texts t ON t.id=a.id ORDER BY k.key`
	inQueues = `SELECT sum(awaits), sum(NOT archive AND assignee=?), sum(NOT archive AND due<>0 AND due<?), sum(status=?),
		sum(status=?), sum(NOT archive), sum(archive) FROM appeals `
)

func (s *sqlite) Find(q question) (found, error) {
	if q.Words != "" {
		return s.search(q)
	}
	out := found{counts: newCounts()}
	facets := s.facets(q.Filter)
	all, args := where(facets, "")
	newest := fmt.Sprintf("SELECT id FROM appeals WHERE archive=1%s ORDER BY start DESC, id DESC LIMIT %d", all, listRows)
	err := s.rows(newest, args, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		out.keys = append(out.keys, id)
		return err
	})
	if err != nil {
		return out, err
	}
	if err := s.queued(&out, inQueues+"WHERE 1"+all, args); err != nil {
		return out, err
	}
	for _, f := range facets {
		narrowed, args := where(facets, f.column)
		err := s.counted(&out, f.column, "SELECT "+f.column+", count(*) FROM appeals WHERE archive=1"+narrowed+" GROUP BY 1", args)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// search counts in Go what the words are found in: joining for each count takes
// several times as long, and so does a temporary table.
func (s *sqlite) search(q question) (found, error) {
	t := newTally(q, s.place.now.Unix())
	type hit struct{ start, id int64 }
	var hits []hit
	match := `"` + strings.Join(s.stems.stems(q.Words), `" AND "`) + `"`
	err := s.rows(`SELECT a.id, start, archive, awaits, status, assignee, due, source, grp, municipality
		FROM words w CROSS JOIN appeals a ON a.id=w.rowid WHERE words MATCH ?`, []any{match}, func(scan func(...any) error) error {
		var h hit
		var status, assignee, source, group, municipality int64
		var r row
		err := scan(&h.id, &h.start, &r.archive, &r.awaits, &status, &assignee, &r.due, &source, &group, &municipality)
		r.status, r.source = app.Statuses[status-1], app.Sources[source-1]
		r.who, r.group, r.municipality = s.names[assignee], s.names[group], s.names[municipality]
		if t.add(&r); t.hit {
			hits = append(hits, h)
		}
		return err
	})
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(b.start, a.start), cmp.Compare(b.id, a.id)) })
	out := found{total: t.out.Total, counts: t.out.Counts}
	for _, h := range hits[:min(listRows, len(hits))] {
		out.keys = append(out.keys, h.id)
	}
	return out, err
}

func (s *sqlite) Rows(keys []int64) ([]string, error) {
	ids := make([]string, 0, len(keys))
	return ids, s.rows(rowsOf, []any{string(app.Encode(keys))}, func(scan func(...any) error) error {
		var id, number, title, snippet string
		var source, status, group, municipality, assignee, start, due int64
		err := scan(&id, &number, &title, &snippet, &source, &status, &group, &municipality, &assignee, &start, &due)
		ids = append(ids, id)
		return err
	})
}

func (s *sqlite) queued(out *found, text string, args []any) error {
	all := append([]any{
		s.codes[me.Name], s.place.now.Unix(), codeOf(app.Statuses, app.StatusApproval), codeOf(app.Statuses, app.StatusRework),
	}, args...)
	return s.rows(text, all, func(scan func(...any) error) error {
		var n [7]sql.NullInt64
		err := scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6])
		for i, q := range app.Queues { // in this order
			out.counts.Queues[q] = int(n[i].Int64)
		}
		out.total = out.counts.Queues[app.QueueArchive]
		return err
	})
}

func (s *sqlite) counted(out *found, column, text string, args []any) error {
	return s.rows(text, args, func(scan func(...any) error) error {
		var code int64
		var n int
		err := scan(&code, &n)
		switch {
		case code == 0:
		case column == "source":
			out.counts.Sources[app.Sources[code-1]] = n
		case column == "grp":
			out.counts.Groups[s.names[code]] = n
		default:
			out.counts.Municipalities[s.names[code]] = n
		}
		return err
	})
}

func (s *sqlite) Series(page string) (out []uint32, err error) {
	return out, s.rows(`SELECT c.n FROM days d LEFT JOIN counts c ON c.day=d.day AND c.page=(SELECT id FROM pages WHERE ulid=?)
		ORDER BY d.day`, []any{page}, func(scan func(...any) error) error {
		var n sql.NullInt64
		err := scan(&n)
		v := app.Missing
		if n.Valid {
			v = uint32(n.Int64)
		}
		out = append(out, v)
		return err
	})
}

// Top is right for two days on which every page was counted.
func (s *sqlite) Top(n int, from, to app.Day) (out []int64, err error) {
	return out, s.rows(`SELECT p.ulid, b.n-a.n FROM counts b JOIN counts a ON a.day=? AND a.page=b.page JOIN pages p ON p.id=b.page
		WHERE b.day=? ORDER BY 2 DESC LIMIT ?`, []any{int64(from), int64(to), n}, func(scan func(...any) error) error {
		var page string
		var grown int64
		err := scan(&page, &grown)
		out = append(out, grown)
		return err
	})
}

// Dashboard reads the times off an index: SQLite has no percentiles, and ranking
// them by window functions takes ten times as long.
func (s *sqlite) Dashboard(p app.Period, municipality string) (dashboard, error) {
	g := newGatherer(p, s.place.region.Location())
	from, to := g.bounds()
	text, args := "SELECT start, reply, municipality FROM appeals WHERE start>=? AND start<?", []any{from, to}
	sums, of := "SELECT n FROM sums WHERE day=?", []any{int64(p.To)}
	if municipality != "" {
		text, args = text+" AND municipality=?", append(args, s.codes[municipality])
		sums, of = sums+" AND municipality=?", append(of, s.codes[municipality])
	}
	err := s.rows(text, args, func(scan func(...any) error) error {
		var start, reply, place int64
		err := scan(&start, &reply, &place)
		g.add(s.names[place], start, reply)
		return err
	})
	if err != nil {
		return dashboard{}, err
	}
	err = s.rows(sums, of, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		g.out.Subscribers += n
		return err
	})
	return g.dashboard(), err
}

// Act reads the appeal, judges, and writes row, words and outbox.
func (s *sqlite) Act(appeal string, e app.Event) error {
	a := &app.Appeal{ID: appeal}
	var id, kind, source, group, topic, municipality, executor, assignee, status, outcome, severity, due int64
	var events string
	err := s.rows(`SELECT t.id, kind, source, grp, topic, municipality, executor, assignee, status, outcome, severity, named_due,
		number, external, title, text, author, contact, place, t.page, link, parent, hops, events
		FROM texts t JOIN appeals a ON a.id=t.id WHERE ulid=?`, []any{appeal}, func(scan func(...any) error) error {
		return scan(&id, &kind, &source, &group, &topic, &municipality, &executor, &assignee, &status, &outcome, &severity, &due,
			&a.Number, &a.External, &a.Title, &a.Text, &a.Author, &a.Contact, &a.Place, &a.Page, &a.Link, &a.Parent, &a.Hops, &events)
	})
	if err == nil {
		err = json.Unmarshal([]byte(events), &a.Events)
	}
	if err != nil {
		return err
	}
	a.Kind, a.Source, a.Status = app.Kinds[kind-1], app.Sources[source-1], app.Statuses[status-1]
	a.Group, a.Topic, a.Municipality = s.names[group], s.names[topic], s.names[municipality]
	a.Executor, a.Assignee, a.Severity = s.names[executor], s.names[assignee], app.Severity(severity)
	if outcome > 0 {
		a.Outcome = app.Outcomes[outcome-1]
	}
	if due != 0 {
		a.Due = time.Unix(due, 0)
	}
	before := searched(a)
	e.ID, e.By, e.At = ulid.Make().String(), me.Name, s.place.now.UTC()
	if err := app.Judge(a, e, me.Roles); err != nil {
		return err
	}
	a.Apply(e)
	op := app.Op{ID: e.ID, Ent: a.ID, Kind: app.OpEvent, At: e.At, Schema: app.Schema, Payload: app.Encode(e)}
	r, after := rowOf(a, s.place.terms), searched(a)
	return s.update(func(w *writing) error {
		if group, err = w.code(a.Group); err == nil {
			if topic, err = w.code(a.Topic); err == nil {
				assignee, err = w.code(a.Assignee)
			}
		}
		if err != nil {
			return err
		}
		err := w.exec(updateAppeal, group, topic, assignee, codeOf(app.Statuses, a.Status), codeOf(app.Outcomes, a.Outcome),
			r.archive, r.awaits, r.reply, r.answerDue, r.due, r.closed, id)
		if err != nil {
			return err
		}
		if err := w.exec(updateText, string(app.Encode(a.Events)), id); err != nil {
			return err
		}
		if before != after {
			if err := w.exec(deleteWords, id); err != nil {
				return err
			}
			if err := w.exec(insertWords, id, strings.Join(s.stems.stems(after), " ")); err != nil {
				return err
			}
		}
		return w.exec(insertOp, string(app.Encode(op)))
	})
}

func (s *sqlite) Close() error { return s.db.Close() }
