package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"otklik/central"
	"otklik/pack"
)

// source is where a reader finds records: a moment of the database, or a
// transaction that has changes of its own.
type source interface {
	// load gives the body of a record; it may be kept but not changed.
	load(t table, id string) (body []byte, ok bool, err error)
	// ids gives the ids of all records of the table, without what the transaction
	// itself has written.
	ids(t table) ([]string, error)
	// between gives at most so many ids after one and before another, without what the
	// transaction itself has written.
	between(t table, after, before string, limit int) ([]string, error)
	head() (uint64, error)
	oldest() (uint64, error)
	feed(after uint64, limit, bytes int, keep keeper) ([]central.Entry, error)
	// each calls f with the unpacked body of every record of the table, in the
	// order of ids, without what the transaction itself has written.
	each(t table, f func(plain []byte) error) error
}

// snapshot is the database as the transaction sees it.
type snapshot struct {
	ctx context.Context
	tx  pgx.Tx
	ws  int
}

func (s snapshot) load(t table, id string) ([]byte, bool, error) {
	return s.one(t.sql(sqlOne), id)
}

func (s snapshot) one(sql, id string) (body []byte, ok bool, err error) {
	err = s.tx.QueryRow(s.ctx, sql, s.ws, []byte(id)).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read a record: %w", err)
	}
	return body, true, nil
}

func (s snapshot) ids(t table) (ids []string, err error) {
	return s.listed(t, sqlIDs, s.ws)
}

func (s snapshot) between(t table, after, before string, limit int) ([]string, error) {
	return s.listed(t, sqlAfter, s.ws, []byte(after), []byte(before), limit)
}

func (s snapshot) listed(t table, sql string, args ...any) (ids []string, err error) {
	rows, err := s.tx.Query(s.ctx, t.sql(sql), args...)
	if err == nil {
		ids, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
			var id []byte
			err := row.Scan(&id)
			return string(id), err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read the ids of %s: %w", t, err)
	}
	return ids, nil
}

func (s snapshot) each(t table, f func([]byte) error) error {
	rows, err := s.tx.Query(s.ctx, t.sql(sqlAll), s.ws)
	if err != nil {
		return fmt.Errorf("read all of %s: %w", t, err)
	}
	defer rows.Close()
	var body []byte
	for rows.Next() {
		if err := rows.Scan(&body); err != nil {
			return fmt.Errorf("read all of %s: %w", t, err)
		}
		plain, err := pack.Open(body)
		if err != nil {
			return fmt.Errorf("decode a record of %s: %w", t, err)
		}
		if err := f(plain); err != nil {
			return err
		}
	}
	return rows.Err()
}

const sqlHead = `SELECT seq FROM feed_head WHERE ws = $1`

func (s snapshot) head() (uint64, error) {
	return s.seq(sqlHead)
}

func (s snapshot) oldest() (uint64, error) {
	return s.seq(`SELECT coalesce(min(seq), 0) FROM change WHERE ws = $1`)
}

func (s snapshot) seq(sql string) (seq uint64, err error) {
	if err := s.tx.QueryRow(s.ctx, sql, s.ws).Scan(&seq); err != nil {
		return 0, fmt.Errorf("read a seq: %w", err)
	}
	return seq, nil
}

// stride is how many changes are asked for at once. A statement that is broken
// off is still sent to its end, so it must not be a whole page of large ones.
const stride = 128

// keeper says which changes of the feed are asked for; nil: all.
type keeper = func(seq uint64, r central.Reach) bool

func (s snapshot) feed(after uint64, limit, size int, keep keeper) (out []central.Entry, err error) {
	const sql = `SELECT seq, author, came, went, body FROM change WHERE ws = $1 AND seq > $2 ORDER BY seq LIMIT $3`
	for limit > 0 && size > 0 {
		ask := min(limit, stride)
		rows, err := s.tx.Query(s.ctx, sql, s.ws, after, ask)
		if err != nil {
			return nil, fmt.Errorf("read the feed: %w", err)
		}
		got := 0
		for size > 0 && rows.Next() {
			var author, came, went int64
			var body []byte
			if err := rows.Scan(&after, &author, &came, &went, &body); err != nil {
				rows.Close()
				return nil, fmt.Errorf("read the feed: %w", err)
			}
			got++
			e := central.Entry{Seq: after}
			if keep != nil {
				e.Reach = central.Reach{Author: central.Tag(author), Before: central.Tag(came), After: central.Tag(went)}
				if !keep(e.Seq, e.Reach) {
					continue
				}
			}
			if e.Line, err = pack.Open(body); err != nil {
				rows.Close()
				return nil, fmt.Errorf("decode change %d: %w", after, err)
			}
			out = append(out, e)
			size -= len(e.Line)
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return nil, fmt.Errorf("read the feed: %w", err)
		}
		if got < ask {
			break
		}
		limit -= got
	}
	return out, nil
}
