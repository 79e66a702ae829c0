package embedded

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
	"otklik/central"
	"otklik/pack"
	"otklik/sync/wire"
)

type reader struct{ tx *bolt.Tx }

func (r reader) Lineage() ([]wire.Descent, error) {
	var l []wire.Descent
	v := r.tx.Bucket(bucketMeta).Get(keyLineage)
	if v == nil {
		return nil, nil
	}
	if err := json.Unmarshal(v, &l); err != nil {
		return nil, fmt.Errorf("decode lineage: %w", err)
	}
	return l, nil
}

func (r reader) Head() (uint64, error) { return r.tx.Bucket(bucketFeed).Sequence(), nil }

func (r reader) Oldest() (uint64, error) {
	k, _ := r.tx.Bucket(bucketFeed).Cursor().First()
	if k == nil {
		return 0, nil
	}
	return binary.BigEndian.Uint64(k), nil
}

func (r reader) Feed(after uint64, limit, size int, keep func(uint64, central.Reach) bool) ([]central.Entry, error) {
	var out []central.Entry
	c := r.tx.Bucket(bucketFeed).Cursor()
	for k, v := c.Seek(number(after + 1)); k != nil && limit > 0 && size > 0; k, v = c.Next() {
		limit--
		e := central.Entry{Seq: binary.BigEndian.Uint64(k)}
		reach, packed := cutHead(v)
		if keep != nil {
			if e.Reach = reach; !keep(e.Seq, reach) {
				continue
			}
		}
		var err error
		if e.Line, err = pack.Open(packed); err != nil {
			return nil, fmt.Errorf("decode change %d: %w", e.Seq, err)
		}
		out = append(out, e)
		size -= len(e.Line)
	}
	return out, nil
}

func (r reader) Entered(seq uint64) ([]byte, bool, error) {
	packed := r.tx.Bucket(bucketEntered).Get(number(seq))
	if packed == nil {
		return nil, false, nil
	}
	line, err := pack.Open(packed)
	return line, err == nil, err
}

// judgementHead is the part of a kept judgement that is not text: hash and seq.
const judgementHead = 32 + 8

func (r reader) Judgement(op string) (j central.Judgement, ok bool, err error) {
	v := r.tx.Bucket(bucketJudgements).Get([]byte(op))
	if v == nil {
		return j, false, nil
	}
	if len(v) < judgementHead {
		return j, false, fmt.Errorf("judgement of %d bytes", len(v))
	}
	verdict, reason, _ := bytes.Cut(v[judgementHead:], []byte{0})
	return central.Judgement{
		Hash: [32]byte(v[:32]), Seq: binary.BigEndian.Uint64(v[32:]),
		Verdict: app.Verdict(verdict), Reason: app.Code(reason),
	}, true, nil
}

func issuedKey(device string, inc uint32, n uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32([]byte(device), inc), n)
}

func (r reader) Issued(device string, inc uint32, n uint64) (string, bool, error) {
	v := r.tx.Bucket(bucketIssued).Get(issuedKey(device, inc, n))
	return string(v), v != nil, nil
}

func (r reader) Safe() (uint64, error) {
	v := r.tx.Bucket(bucketMeta).Get(keySafe)
	if len(v) != 8 {
		return 0, nil
	}
	return binary.BigEndian.Uint64(v), nil
}

func (r reader) Backups() ([]central.Backup, error) {
	all, _, err := get[[]central.Backup](r.tx.Bucket(bucketMeta), keyBackups)
	return all, err
}

func (r reader) Rows(f func(app.RowKind, []byte) error) error {
	for _, rows := range []struct {
		kind   app.RowKind
		bucket []byte
	}{{app.RowTable, bucketTables}, {app.RowPage, bucketPages}, {app.RowAppeal, bucketAppeals}, {app.RowConflict, bucketConflicts}} {
		err := r.tx.Bucket(rows.bucket).ForEach(func(_, v []byte) error {
			line, err := pack.Open(v)
			if err != nil {
				return fmt.Errorf("decode a %s: %w", rows.kind, err)
			}
			return f(rows.kind, line)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r reader) Days(f func(app.Counters) error) error {
	return r.tx.Bucket(bucketCounters).ForEach(func(_, v []byte) error {
		c, err := open[app.Counters](v)
		if err != nil {
			return err
		}
		return f(c)
	})
}

func (r reader) Appeal(id string) (*app.Appeal, bool, error) {
	a, ok, err := get[app.Appeal](r.tx.Bucket(bucketAppeals), []byte(id))
	if !ok {
		return nil, false, err
	}
	return &a, true, nil
}

func (r reader) Page(id string) (app.Page, bool, error) {
	return get[app.Page](r.tx.Bucket(bucketPages), []byte(id))
}

func (r reader) Table(name app.TableName) (app.Table, bool, error) {
	return get[app.Table](r.tx.Bucket(bucketTables), []byte(name))
}

func (r reader) Counters(day app.Day) (app.Counters, bool, error) {
	return get[app.Counters](r.tx.Bucket(bucketCounters), []byte(day.String()))
}

func conflictKey(appeal, op string) []byte { return []byte(appeal + "\x00" + op) }

func (r reader) Conflict(appeal, op string) (app.Conflict, bool, error) {
	return get[app.Conflict](r.tx.Bucket(bucketConflicts), conflictKey(appeal, op))
}

func (r reader) Conflicts(appeal string) ([]app.Conflict, error) {
	var out []app.Conflict
	prefix := conflictKey(appeal, "")
	c := r.tx.Bucket(bucketConflicts).Cursor()
	for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
		one, err := open[app.Conflict](v)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (r reader) Number(year int) (uint64, error) {
	v := r.tx.Bucket(bucketNumbers).Get(number(uint64(year)))
	if v == nil {
		return 0, nil
	}
	return binary.BigEndian.Uint64(v), nil
}

func (r reader) Device(id string) (central.Device, bool, error) {
	return get[central.Device](r.tx.Bucket(bucketDevices), []byte(id))
}

func (r reader) Secret(name string) ([]byte, bool, error) {
	v := r.tx.Bucket(bucketSecrets).Get([]byte(name))
	return slices.Clone(v), v != nil, nil
}
