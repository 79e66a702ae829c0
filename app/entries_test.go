package app_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"otklik/app"
)

func entries(all ...app.RegionEntry) (rows []app.BatchRow) {
	for i, e := range all {
		rows = append(rows, app.BatchRow{Line: i + 1, Entry: &e})
	}
	return rows
}

// undone takes an import back.
func (s *seat) undone(id string) app.UndoneImport {
	s.t.Helper()
	r, err := s.UndoImport(context.Background(), id, func(int, int) {})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// list is a list of two executors, one of which is there, of two topics, likewise, and
// of a group.
func list(region *app.Region) []app.BatchRow {
	g := region.Groups[0]
	return entries(
		app.RegionEntry{Table: app.TableExecutors, Name: region.Executors[0]}, app.RegionEntry{Table: app.TableExecutors, Name: "Новая служба"},
		app.RegionEntry{Table: app.TableTopics, Group: g.Name, Name: g.Topics[0]}, app.RegionEntry{Table: app.TableTopics, Group: g.Name, Name: "Новая тема"},
		app.RegionEntry{Table: app.TableTopics, Group: g.Name},
	)
}

// TestListIsImportedOnceAndUndone, whether the server has heard of it or not; in the
// tables all else stays.
func TestListIsImportedOnceAndUndone(t *testing.T) {
	for _, known := range []string{"here", "sent", "confirmed"} {
		t.Run(known, func(t *testing.T) {
			s := takeSeat(t, 0, app.RoleCurator)
			before := map[app.TableName]app.Table{}
			for _, name := range []app.TableName{app.TableExecutors, app.TableTopics} {
				before[name] = s.Region().Table(name)
			}
			rows := list(s.Region())
			first := load(t, s.Desk, rows...)
			if first.Added != 2 || first.Unchanged != 3 || s.waiting() != 2 {
				t.Fatalf("%+v, %d wait", first, s.waiting())
			}
			for name, was := range before {
				now := s.Region().Table(name)
				if len(now.Rows) != len(was.Rows)+1 || !slices.EqualFunc(was.Rows[:1], now.Rows[:1], slices.Equal[[]string]) {
					t.Errorf("%s: %d rows of %d", name, len(now.Rows), len(was.Rows))
				}
			}
			if !slices.Contains(s.Region().Executors, "Новая служба") || !slices.Contains(s.Region().Groups[0].Topics, "Новая тема") {
				t.Error("what was added is not in force")
			}
			if again := load(t, s.Desk, rows...); again.Added != 0 || again.Unchanged != 5 || s.waiting() != 2 {
				t.Errorf("again: %+v, %d wait", again, s.waiting())
			}
			switch known {
			case "sent":
				s.send()
			case "confirmed":
				s.confirm()
			}
			if r := s.undone(first.ID); r.Removed != 2 || r.Entries != 0 {
				t.Errorf("%+v", r)
			}
			for name, was := range before {
				if now := s.Region().Table(name); !now.SameRows(was) {
					t.Errorf("%s is not as it was", name)
				}
			}
			if waits := s.waiting(); known == "here" && waits != 0 || known == "sent" && waits != 4 || known == "confirmed" && waits != 2 {
				t.Errorf("%d wait", waits)
			}
			if last := load(t, s.Desk, rows...); last.Added != 2 {
				t.Errorf("after the undo: %+v", last)
			}
		})
	}
}

// TestUndoOfAListLeavesWhatPeopleChanged: a row that has got words since, and rows of
// others.
func TestUndoOfAListLeavesWhatPeopleChanged(t *testing.T) {
	s := takeSeat(t, 0, app.RoleCurator)
	first := load(t, s.Desk, list(s.Region())...)
	topics := s.Region().Table(app.TableTopics)
	for i := range topics.Rows {
		if topics.Cell(i, "topic") == "Новая тема" {
			topics.Rows[i][slices.Index(topics.Columns, "words")] = "слова жителей"
		}
	}
	executors := s.Region().Table(app.TableExecutors)
	executors.Rows = append(executors.Rows, []string{"Ещё одна служба"})
	for _, table := range []app.Table{topics, executors} {
		if problems, err := s.SaveTable(table); err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
	}
	if r := s.undone(first.ID); r.Removed != 1 || r.Entries != 1 {
		t.Errorf("%+v", r)
	}
	if e := s.Region().Executors; slices.Contains(e, "Новая служба") || !slices.Contains(e, "Ещё одна служба") {
		t.Errorf("executors %q", e)
	}
	if now := s.Region().Table(app.TableTopics); !now.SameRows(topics) {
		t.Error("a topic that was worked on is gone")
	}

	// Where nothing would be left of a table it stays, and the undo may be repeated.
	only := load(t, s.Desk, entries(app.RegionEntry{Table: app.TableExecutors, Name: "Последняя"})...)
	if _, err := s.SaveTable(tableOf(app.TableExecutors, "executor", "Последняя")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UndoImport(context.Background(), only.ID, func(int, int) {}); app.CodeOf(err) != app.CodeRowNone {
		t.Errorf("an empty table: %v", err)
	}
	if _, err := s.SaveTable(tableOf(app.TableExecutors, "executor", "Последняя", "Другая")); err != nil {
		t.Fatal(err)
	}
	if r := s.undone(only.ID); r.Removed != 1 || !slices.Equal(s.Region().Executors, []string{"Другая"}) {
		t.Errorf("%+v, %q", r, s.Region().Executors)
	}
}

// TestListNeedsTheRightToChangeTables, also where all of it is known already, and so
// does its undo; a list no table can hold is refused whole.
func TestListNeedsTheRightToChangeTables(t *testing.T) {
	s := takeSeat(t, 0, app.RoleOperator)
	rows := list(s.Region())
	for _, some := range [][]app.BatchRow{rows, rows[:1]} {
		if _, err := s.Import(context.Background(), "", app.Whole(&app.Batch{Read: len(some), Rows: some}), nil); app.CodeOf(err) != app.CodeWrongRole {
			t.Errorf("%v", err)
		}
	}
	if s.waiting() != 0 {
		t.Error("something was done all the same")
	}

	s = takeSeat(t, 0, app.RoleCurator)
	var many []app.RegionEntry
	for i := range app.TableRowsMost + 1 {
		many = append(many, app.RegionEntry{Table: app.TableExecutors, Name: fmt.Sprint(i)})
	}
	rows = entries(many...)
	if _, err := s.Import(context.Background(), "", app.Whole(&app.Batch{Read: len(rows), Rows: rows}), nil); app.CodeOf(err) != app.CodeRowMany {
		t.Errorf("%v", err)
	}
	if all, err := s.Imports(); s.waiting() != 0 || len(all) != 0 || err != nil {
		t.Errorf("%d wait, %v, %v", s.waiting(), all, err)
	}
}
