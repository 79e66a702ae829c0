package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"otklik/app"
)

// confirm lets the server accept all that waits.
func (s *seat) confirm() {
	s.t.Helper()
	ops, err := s.store.Leaving(0, 1<<20, 1<<30, now)
	if err != nil {
		s.t.Fatal(err)
	}
	var page app.FeedPage
	for _, op := range ops {
		s.seq++
		page.Changes = append(page.Changes, app.Change{Seq: s.seq, Op: op.ID, Kind: op.Kind, Ent: op.Ent, Verdict: app.VerdictApplied, Body: op.Payload})
	}
	if err := s.store.ApplyChanges(page, now); err != nil {
		s.t.Fatal(err)
	}
	if s.waiting() != 0 {
		s.t.Fatal("something waits still")
	}
}

// picture is all that people see, by record.
func (s *seat) picture() map[string]string {
	s.t.Helper()
	out := map[string]string{}
	found, err := s.Find(app.Query{Queue: app.QueueAll})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range found.Records {
		a, err := s.store.AppealAt(r)
		if err != nil {
			s.t.Fatal(err)
		}
		out[a.ID] = a.Sum()
	}
	pages, err := s.store.Pages()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range pages {
		out[p.ID] = string(app.Encode(p))
	}
	columns, err := s.store.Columns(app.DayOf(now)-5, app.DayOf(now))
	if err != nil {
		s.t.Fatal(err)
	}
	for page, series := range columns {
		for i, v := range series.Values {
			if v != app.Missing {
				out[page+(series.First+app.Day(i)).String()] = fmt.Sprint(v)
			}
		}
	}
	return out
}

func importedRows(known, fresh int) (rows []app.BatchRow) {
	line := 1
	add := func(r app.BatchRow) {
		line++
		r.Line = line
		rows = append(rows, r)
	}
	for i := range known + fresh {
		a := fact(i, now.Add(-time.Hour), 30*time.Minute, "г. Канаш")
		a.Text, a.Executor, a.Status = "Яма, как сказано позже", "Минтранс", app.StatusAnswered
		if i >= known {
			a = fact(1000+i, now.Add(-time.Hour), 0, "г. Алатырь")
		}
		add(app.BatchRow{Appeal: a})
	}
	return rows
}

func importedCounts(pages, day int, n uint32) (rows []app.BatchRow) {
	for i := range pages {
		p := app.Page{ID: app.IDFrom("page", fmt.Sprint(i)), Network: app.SourceVK, Name: fmt.Sprint("Страница ", i)}
		rows = append(rows, app.BatchRow{Line: i + 2, Count: &app.PageCount{Page: p, Day: app.DayOf(now) - app.Day(day), Count: n + uint32(i)}})
	}
	return rows
}

// TestImportIsUndone: import, work on some, undo; all the rest is as before, whether
// the server had heard of the import or not, and again where the undo was stopped.
func TestImportIsUndone(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 35))
			sent, confirmed := seed%3 == 1, seed%3 == 2
			s := takeSeat(t, 40, app.RoleOperator, app.RoleCurator)
			s.seq = 1000
			load(t, s.Desk, importedCounts(3, 2, 10)...) // known before, and confirmed
			s.confirm()
			before := s.picture()
			rows := importedRows(40, 260)
			rows = append(rows, importedCounts(3, 2, 50)...)
			rows = append(rows, importedCounts(5, 1, 70)...) // two of the pages are new
			rows = append(rows, app.BatchRow{Page: &app.Page{ID: app.IDFrom("page", "registry"), Network: app.SourceVK, Name: "Школа"}})
			report := load(t, s.Desk, rows...)
			if report.Added != 266 || report.Updated != 43 {
				t.Fatalf("%+v", report)
			}
			if sent {
				s.send()
			} else if confirmed {
				s.confirm()
			}
			worked := map[string]string{}
			for range 12 {
				a := rows[rnd.IntN(300)].Appeal
				if err := s.Act(a.ID, app.Event{Type: app.EventNote, Text: "Звонок"}); err != nil {
					t.Fatal(err)
				}
			}
			draft := rows[rnd.IntN(300)].Appeal.ID
			if err := s.SaveDraft(draft, app.Draft{Answer: "Пишу"}); err != nil {
				t.Fatal(err)
			}
			if rnd.IntN(2) == 0 && confirmed {
				s.confirm()
			}
			for _, row := range rows[:300] {
				a, err := s.store.Appeal(row.Appeal.ID)
				if err != nil {
					t.Fatal(err)
				}
				if _, noted := a.Last(app.EventNote); noted || a.ID == draft {
					worked[a.ID] = a.Sum()
				}
			}
			ctx, stop := context.WithCancel(context.Background())
			stop()
			if r, err := s.UndoImport(ctx, report.ID, func(int, int) {}); err != nil || !r.Stopped {
				t.Fatalf("%+v %v", r, err)
			}
			r, err := s.UndoImport(context.Background(), report.ID, func(int, int) {})
			if err != nil || r.Worked != len(worked) || r.Pages != 0 || r.Counts != 0 {
				t.Fatalf("%+v, %d were worked on, %v", r, len(worked), err)
			}
			same := func() {
				t.Helper()
				want := map[string]string{}
				for id, sum := range before {
					want[id] = sum
				}
				for id, sum := range worked {
					want[id] = sum
				}
				now := s.picture()
				for id, sum := range want {
					if now[id] != sum {
						t.Errorf("%s is not as it was", id)
					}
				}
				for id := range now {
					if want[id] == "" {
						t.Errorf("%s is there", id)
					}
				}
			}
			same()
			s.confirm()
			same()
			if _, err := s.UndoImport(context.Background(), report.ID, func(int, int) {}); app.CodeOf(err) != app.CodeImportUndone {
				t.Errorf("once more: %v", err)
			}
			// Again, as if it had never been.
			if again := load(t, s.Desk, rows...); again.Added+again.Updated+again.Unchanged != 309 || again.Added < 240 {
				t.Errorf("%+v", again)
			}
			s.confirm()
		})
	}
}

// TestImportUndoneMayComeAgainBeforeTheServerKnows: the undo and the second import
// wait side by side.
func TestImportUndoneMayComeAgainBeforeTheServerKnows(t *testing.T) {
	s := takeSeat(t, 0, app.RoleOperator, app.RoleCurator)
	rows := importedRows(0, 5)
	first := load(t, s.Desk, rows...)
	s.confirm()
	if _, err := s.UndoImport(context.Background(), first.ID, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if again := load(t, s.Desk, rows...); again.Added != 5 || len(s.picture()) != 5 {
		t.Fatalf("%+v", again)
	}
	s.confirm()
	if len(s.picture()) != 5 {
		t.Error("the second import is gone with the first")
	}
	if all, err := s.Imports(); err != nil || len(all) != 2 || all[1].Undone.IsZero() || !all[0].Undone.IsZero() {
		t.Errorf("%+v %v", all, err)
	}
}
