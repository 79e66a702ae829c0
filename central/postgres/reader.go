package postgres

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"otklik/app"
	"otklik/central"
	"otklik/pack"
	"otklik/sync/wire"
)

type reader struct{ source }

// get reads a record of packed JSON.
func get[T any](s source, t table, id string) (v T, ok bool, err error) {
	body, ok, err := s.load(t, id)
	if !ok {
		return v, false, err
	}
	v, err = decode[T](body)
	return v, err == nil, err
}

func (r reader) Lineage() ([]wire.Descent, error) {
	l, _, err := get[[]wire.Descent](r, tableMeta, lineage)
	return l, err
}

func (r reader) Head() (uint64, error) { return r.head() }

func (r reader) Oldest() (uint64, error) { return r.oldest() }

func (r reader) Feed(after uint64, limit, size int, keep keeper) ([]central.Entry, error) {
	return r.feed(after, limit, size, keep)
}

func (r reader) Entered(seq uint64) (line []byte, ok bool, err error) {
	body, ok, err := r.load(tableEntered, string(number(seq)))
	if !ok {
		return nil, false, err
	}
	line, err = pack.Open(body)
	return line, err == nil, err
}

// judgement is a central.Judgement as it is kept.
type judgement struct {
	Hash    []byte      `json:"hash"`
	Seq     uint64      `json:"seq"`
	Verdict app.Verdict `json:"verdict"`
	Reason  app.Code    `json:"reason,omitempty"`
}

func (r reader) Judgement(op string) (central.Judgement, bool, error) {
	j, ok, err := get[judgement](r, tableJudgements, op)
	if !ok {
		return central.Judgement{}, false, err
	}
	kept := central.Judgement{Seq: j.Seq, Verdict: j.Verdict, Reason: j.Reason}
	copy(kept.Hash[:], j.Hash)
	return kept, true, nil
}

// issuedID is where the number of a device's incarnation stands.
func issuedID(device string, inc uint32, n uint64) string {
	return string(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32([]byte(device), inc), n))
}

func (r reader) Issued(device string, inc uint32, n uint64) (string, bool, error) {
	op, ok, err := r.load(tableIssued, issuedID(device, inc, n))
	return string(op), ok, err
}

func (r reader) Safe() (uint64, error) {
	seq, _, err := get[uint64](r, tableMeta, safe)
	return seq, err
}

func (r reader) Backups() ([]central.Backup, error) {
	all, _, err := get[[]central.Backup](r, tableMeta, backups)
	return all, err
}

func (r reader) Rows(f func(app.RowKind, []byte) error) error {
	for _, rows := range []struct {
		kind  app.RowKind
		table table
	}{{app.RowTable, tableTables}, {app.RowPage, tablePages}, {app.RowAppeal, tableAppeals}} {
		err := r.each(rows.table, func(plain []byte) error { return f(rows.kind, plain) })
		if err != nil {
			return err
		}
	}
	return r.each(tableConflicts, func(plain []byte) error {
		var all []json.RawMessage
		if err := json.Unmarshal(plain, &all); err != nil {
			return fmt.Errorf("decode conflicts: %w", err)
		}
		for _, c := range all {
			if err := f(app.RowConflict, c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r reader) Days(f func(app.Counters) error) error {
	return r.each(tableCounters, func(plain []byte) error {
		var c app.Counters
		if err := json.Unmarshal(plain, &c); err != nil {
			return fmt.Errorf("decode counters: %w", err)
		}
		return f(c)
	})
}

func (r reader) Appeal(id string) (*app.Appeal, bool, error) {
	a, ok, err := get[app.Appeal](r, tableAppeals, id)
	if !ok {
		return nil, false, err
	}
	return &a, true, nil
}

func (r reader) Page(id string) (app.Page, bool, error) {
	return get[app.Page](r, tablePages, id)
}

func (r reader) Table(name app.TableName) (app.Table, bool, error) {
	return get[app.Table](r, tableTables, string(name))
}

func (r reader) Counters(day app.Day) (app.Counters, bool, error) {
	return get[app.Counters](r, tableCounters, day.String())
}

func (r reader) Conflict(appeal, op string) (app.Conflict, bool, error) {
	all, err := r.Conflicts(appeal)
	i, ok := place(all, op)
	if err != nil || !ok {
		return app.Conflict{}, false, err
	}
	return all[i], true, nil
}

// place finds the conflict of an operation among those of its appeal, or where
// it would stand.
func place(all []app.Conflict, op string) (int, bool) {
	return slices.BinarySearchFunc(all, op, func(c app.Conflict, op string) int { return strings.Compare(c.Op, op) })
}

// Conflicts gives the conflicts of an appeal, which are one record: who holds it
// holds them all, those to come included.
func (r reader) Conflicts(appeal string) ([]app.Conflict, error) {
	all, _, err := get[[]app.Conflict](r, tableConflicts, appeal)
	return all, err
}

func (r reader) Number(year int) (uint64, error) {
	n, _, err := get[uint64](r, tableNumbers, strconv.Itoa(year))
	return n, err
}

func (r reader) Device(id string) (central.Device, bool, error) {
	return get[central.Device](r, tableDevices, id)
}

func (r reader) Secret(name string) ([]byte, bool, error) {
	body, ok, err := r.load(tableSecrets, name)
	return slices.Clone(body), ok, err
}
