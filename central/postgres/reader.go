package postgres

import (
	"slices"
	"strconv"
	"strings"

	"otklik/app"
	"otklik/central"
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

func (r reader) Feed(after uint64, limit, size int) ([]central.Entry, error) {
	return r.feed(after, limit, size)
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
