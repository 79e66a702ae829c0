package ui

import (
	"context"
	"slices"

	"otklik/app"
)

func (x *fakeExchange) Beside(_ context.Context, appeal string, _ app.Doing) ([]app.Companion, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.besides = append(x.besides, appeal)
	return x.others, nil
}

// fakeTables are the region's tables of a fakeStore.
type fakeTables struct {
	tables, tablesBefore []app.Table
	unreckoned           int
}

func (s *fakeStore) putTables(ops []app.Op) (any bool) {
	for _, op := range ops {
		if op.Kind != app.OpTable {
			continue
		}
		t, err := app.Decode[app.Table](op.Payload)
		if err != nil {
			panic(err)
		}
		if i := slices.IndexFunc(s.tables, func(old app.Table) bool { return old.Name == t.Name }); i >= 0 {
			s.tablesBefore = append(s.tablesBefore, s.tables[i])
			s.tables = slices.Delete(s.tables, i, i+1)
		}
		s.tables, any = append(s.tables, t), true
	}
	return any
}

func (s *fakeStore) Reckoning() (done, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.appeals) - s.unreckoned, len(s.appeals)
}

func (s *fakeStore) Tables() ([]app.Table, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.tables), nil
}

func (s *fakeStore) TablesBefore(name app.TableName) (out []app.Table, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range slices.Backward(s.tablesBefore) {
		if t.Name == name {
			out = append(out, t)
		}
	}
	return out, nil
}
