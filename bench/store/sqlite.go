package main

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/mattn/go-sqlite3"
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
	words func(*app.Appeal) string  // what the words table is given
	match func(words string) string // and what is asked of it
	light bool                      // there are no texts

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

func openMattn(p place) (peer, error)   { return openSQLite("sqlite3", p, schema) }
func openModernc(p place) (peer, error) { return openSQLite("sqlite", p, schema) }

func openSQLite(driver string, p place, schema string) (*sqlite, error) {
	db, err := sql.Open(driver, filepath.Join(p.folder, "peer.sqlite"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &sqlite{
		db: db, place: p, stems: newStemmer(), known: map[string]*sql.Stmt{}, codes: map[string]int64{}, names: map[int64]string{},
		pages: map[string]int64{},
	}
	s.words = func(a *app.Appeal) string { return strings.Join(s.stems.stems(searched(a)), " ") }
	s.match = func(words string) string { return `"` + strings.Join(s.stems.stems(words), `" AND "`) + `"` }
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

func (s *sqlite) Close() error { return s.db.Close() }
