package postgres

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"otklik/central"
	"otklik/pack"
)

// attempt is one try at a transaction.
//
// Every transaction that appends has to hold the head of the feed until it is
// committed, so whatever happens meanwhile happens to one transaction at a time
// in the whole workspace. Judging a batch is hundreds of questions to the
// database; they must not be asked then. Therefore a transaction is rehearsed:
// it runs without any lock, and its writes stay in memory. Then all it has read
// is locked in one order for everybody, the head last, and read again by the
// same statements. Where something has moved, if only the head, the transaction
// runs once more, on what holds still now and is in memory already. Last comes
// one round trip that writes everything, and the commit.
type attempt struct {
	snapshot
	seen  map[key][]byte // records as the database has them; nil: it has not
	based bool           // whether base is known
	base  uint64         // head of the feed in the database
	held  bool           // whether all that was read is locked

	// What this run has done.
	written  map[key][]byte  // nil: removed
	appended [][]byte        // changes as JSON, of the seqs after base
	reaches  []central.Reach // and their heads
	dropped  uint64          // changes up to it are forgotten
	forget   []byte          // nonces that end before this second are forgotten
	failed   error           // of the database: nothing of the transaction can be kept
}

// key is where a record stands.
type key struct {
	table table
	id    string
}

func compare(a, b key) int {
	return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.id, b.id))
}

// attempt tries the transaction once, and says whether the feed has grown.
func (s *storage) attempt(ctx context.Context, f func(central.Tx) error) (grown bool, err error) {
	// Every statement has to see what was committed before it: what a transaction
	// has waited for is of no use to it otherwise.
	opts := pgx.TxOptions{IsoLevel: pgx.ReadCommitted}
	err = pgx.BeginTxFunc(ctx, s.pool, opts, func(tx pgx.Tx) error {
		a := &attempt{snapshot: snapshot{ctx, tx, s.ws}, seen: map[key][]byte{}}
		err := a.run(f)
		if a.failed != nil {
			return a.failed
		}
		moved, lost := a.hold()
		if lost != nil {
			return lost
		}
		if moved {
			err = a.run(f)
		}
		// f may have taken a failure of the database for one of a single record.
		if err = cmp.Or(a.failed, err); err != nil {
			return err
		}
		grown = len(a.appended) > 0
		return a.flush()
	})
	return grown, err
}

func (a *attempt) run(f func(central.Tx) error) error {
	a.written, a.appended, a.reaches = map[key][]byte{}, nil, nil
	a.dropped, a.forget, a.failed = 0, nil, nil
	return f(writer{reader{a}, a})
}

// fail remembers an error of the database, after which it takes no statement of
// this transaction any more.
func (a *attempt) fail(err error) error {
	a.failed = cmp.Or(a.failed, err)
	return err
}

// locking makes a question hold what it reads, once it is time for that.
func (a *attempt) locking(sql string) string {
	if a.held {
		return sql + ` FOR UPDATE`
	}
	return sql
}

func (a *attempt) load(t table, id string) ([]byte, bool, error) {
	k := key{t, id}
	if body, ok := a.written[k]; ok {
		return body, body != nil, nil
	}
	body, ok := a.seen[k]
	if !ok {
		var err error
		if body, _, err = a.one(a.locking(t.sql(sqlOne)), id); err != nil {
			return nil, false, a.fail(err)
		}
		a.seen[k] = body
	}
	return body, body != nil, nil
}

func (a *attempt) head() (uint64, error) {
	if !a.based {
		seq, err := a.seq(a.locking(sqlHead))
		if err != nil {
			return 0, a.fail(err)
		}
		a.base, a.based = seq, true
	}
	return a.base + uint64(len(a.appended)), nil
}

func (a *attempt) oldest() (uint64, error) {
	seq, err := a.snapshot.oldest()
	if err != nil {
		return 0, a.fail(err)
	}
	if seq == 0 && len(a.appended) > 0 {
		seq = a.base + 1
	}
	return seq, nil
}

func (a *attempt) feed(after uint64, limit, size int, keep keeper) ([]central.Entry, error) {
	if _, err := a.head(); err != nil {
		return nil, err
	}
	asked := 0
	out, err := a.snapshot.feed(after, limit, size, func(seq uint64, r central.Reach) bool {
		if seq > a.base { // others have gone on since the head was read
			return false
		}
		asked++
		return keep == nil || keep(seq, r)
	})
	if err != nil {
		return nil, a.fail(err)
	}
	limit -= asked
	for _, e := range out {
		size -= len(e.Line)
	}
	for i, line := range a.appended {
		seq := a.base + 1 + uint64(i)
		if seq <= after || limit <= 0 || size <= 0 {
			continue
		}
		limit--
		e := central.Entry{Seq: seq, Line: line}
		if keep != nil {
			if e.Reach = a.reaches[i]; !keep(seq, e.Reach) {
				continue
			}
		}
		out = append(out, e)
		size -= len(line)
	}
	return out, nil
}

// hold locks what was read, and says whether any of it is not what it was.
func (a *attempt) hold() (moved bool, err error) {
	a.held = true
	var b pgx.Batch
	for t, ids := range byTable(slices.Collect(maps.Keys(a.seen))) {
		b.Queue(t.sql(sqlHold), a.ws, ids).Query(func(rows pgx.Rows) error {
			stands := map[string][]byte{}
			for rows.Next() {
				var id, body []byte
				if err := rows.Scan(&id, &body); err != nil {
					return err
				}
				stands[string(id)] = body
			}
			for _, id := range ids {
				k, body := key{t, string(id)}, stands[string(id)]
				moved = moved || !bytes.Equal(a.seen[k], body)
				a.seen[k] = body
			}
			return rows.Err()
		})
	}
	if a.based {
		b.Queue(a.locking(sqlHead), a.ws).QueryRow(func(row pgx.Row) error {
			was := a.base
			err := row.Scan(&a.base)
			moved = moved || a.base != was
			return err
		})
	}
	if err := a.tx.SendBatch(a.ctx, &b).Close(); err != nil {
		return false, fmt.Errorf("hold what was read: %w", err)
	}
	return moved, nil
}

// byTable gives the ids of each table. The order is the same for everybody, of
// tables and of ids, so that no two transactions wait for each other.
func byTable(keys []key) func(yield func(table, [][]byte) bool) {
	slices.SortFunc(keys, compare)
	return func(yield func(table, [][]byte) bool) {
		for len(keys) > 0 {
			t, ids := keys[0].table, [][]byte(nil)
			for len(keys) > 0 && keys[0].table == t {
				ids, keys = append(ids, []byte(keys[0].id)), keys[1:]
			}
			if !yield(t, ids) {
				return
			}
		}
	}
}

// flush writes all that the last run has done, in one round trip.
func (a *attempt) flush() error {
	var b pgx.Batch
	if a.forget != nil {
		b.Queue(sqlForget, a.ws, a.forget)
	}
	if a.dropped > 0 {
		b.Queue(`DELETE FROM change WHERE ws = $1 AND seq <= $2`, a.ws, a.dropped)
		b.Queue(`DELETE FROM entered WHERE ws = $1 AND id <= $2`, a.ws, number(a.dropped))
	}
	for t, ids := range byTable(slices.Collect(maps.Keys(a.written))) {
		a.queue(&b, t, ids)
	}
	if len(a.appended) > 0 {
		bodies := make([][]byte, len(a.appended))
		author, came, went := make([]int64, len(bodies)), make([]int64, len(bodies)), make([]int64, len(bodies))
		for i, line := range a.appended {
			bodies[i] = pack.Bytes(line)
			author[i], came[i], went[i] = int64(a.reaches[i].Author), int64(a.reaches[i].Before), int64(a.reaches[i].After)
		}
		b.Queue(`INSERT INTO change (ws, seq, body, author, came, went)
			SELECT $1::int, $2::bigint + u.n, u.body, u.author, u.came, u.went
			FROM unnest($3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[]) WITH ORDINALITY AS u (body, author, came, went, n)`,
			a.ws, a.base, bodies, author, came, went)
		b.Queue(`UPDATE feed_head SET seq = $2 WHERE ws = $1`, a.ws, a.base+uint64(len(bodies)))
	}
	if b.Len() == 0 {
		return nil
	}
	if err := a.tx.SendBatch(a.ctx, &b).Close(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// queue puts the writes to one table into the batch. A record that was not there
// when it was looked for must still not be there: what was decided on its absence
// would be wrong, and the database says so.
func (a *attempt) queue(b *pgx.Batch, t table, ids [][]byte) {
	var fresh, freshBodies, other, otherBodies, gone [][]byte
	for _, id := range ids {
		k := key{t, string(id)}
		body := a.written[k]
		was, known := a.seen[k]
		switch {
		case body == nil:
			gone = append(gone, id)
		case known && was == nil:
			fresh, freshBodies = append(fresh, id), append(freshBodies, body)
		default:
			other, otherBodies = append(other, id), append(otherBodies, body)
		}
	}
	if gone != nil {
		b.Queue(t.sql(sqlRemove), a.ws, gone)
	}
	if fresh != nil {
		b.Queue(t.sql(sqlInsert), a.ws, fresh, freshBodies)
	}
	if other != nil {
		b.Queue(t.sql(sqlPut), a.ws, other, otherBodies)
	}
}
