package storagetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

// Run puts a storage to the test. open gives the storage of this test, empty
// at the first call; after Close another call opens the same one again.
func Run(t *testing.T, open func(t *testing.T) central.Storage) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, func(*testing.T) central.Storage)
	}{
		{"Empty", empty},
		{"Records", records},
		{"Feed", feed},
		{"Reach", reach},
		{"Rollback", rollback},
		{"Access", access},
		{"Rows", rows},
		{"Trimmed", trimmed},
		{"OwnWrites", ownWrites},
		{"GivenUp", givenUp},
		{"Large", large},
		{"Unicode", unicode},
		{"Contended", contended},
		{"Crossed", crossed},
		{"FirstOne", firstOne},
		{"Files", files},
		{"Items", items},
		{"Reopen", reopen},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open) })
	}
}

var moment = time.Date(2026, 7, 15, 9, 30, 0, 0, time.UTC)

func id(n int) string { return app.IDFrom("storagetest", strconv.Itoa(n)) }

func update(t *testing.T, s central.Storage, f func(central.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s central.Storage, f func(central.Reader) error) {
	t.Helper()
	if err := s.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func shut(t *testing.T, s central.Storage) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// same fails unless what was read is what was written.
func same[T any](t *testing.T, what string, want T) func(T, bool, error) {
	t.Helper()
	return func(got T, ok bool, err error) {
		t.Helper()
		if err != nil || !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v, %v; want %+v", what, got, ok, err, want)
		}
	}
}

func absent[T any](t *testing.T, what string) func(T, bool, error) {
	t.Helper()
	return func(_ T, ok bool, err error) {
		t.Helper()
		if ok || err != nil {
			t.Errorf("%s: found, or failed: %v", what, err)
		}
	}
}

func empty(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	view(t, s, func(r central.Reader) error {
		head, err := r.Head()
		oldest, err2 := r.Oldest()
		page, err3 := r.Feed(0, 10, 1<<20, nil)
		lineage, err4 := r.Lineage()
		n, err5 := r.Number(2026)
		if head != 0 || oldest != 0 || n != 0 || len(page) != 0 || len(lineage) != 0 {
			t.Errorf("head %d, oldest %d, number %d, %d entries, %d epochs", head, oldest, n, len(page), len(lineage))
		}
		absent[central.Judgement](t, "judgement")(r.Judgement(id(1)))
		absent[*app.Appeal](t, "appeal")(r.Appeal(id(1)))
		absent[app.Page](t, "page")(r.Page(id(1)))
		absent[app.Table](t, "table")(r.Table(app.TableRules))
		absent[app.Counters](t, "counters")(r.Counters(20000))
		absent[app.Conflict](t, "conflict")(r.Conflict(id(1), id(2)))
		absent[central.Device](t, "device")(r.Device(id(1)))
		absent[[]byte](t, "secret")(r.Secret("tokens"))
		return errors.Join(err, err2, err3, err4, err5)
	})
}

func records(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	a := &app.Appeal{
		ID: id(1), Number: "2026-000001", Kind: app.KindPOS, Source: app.SourceVK, Text: "Нет света на ул. Гагарина",
		Status: app.StatusNew, Events: []app.Event{{ID: id(2), Type: app.EventPublished, At: moment}},
		Registers: app.Registers{Status: app.Revision{Seq: 7, Dev: id(3)}},
	}
	posts := 4
	page := app.Page{ID: id(4), Network: app.SourceVK, Name: "Школа № 1", PostsWeek: &posts, LastPost: moment}
	day := app.Counters{Day: app.DayOf(moment), Counts: map[string]uint32{id(4): 812}}
	before := app.Table{Name: app.TableChecklist, Columns: []app.Column{"check"}, Rows: [][]string{{"Указан срок"}}}
	table := app.Table{Name: app.TableChecklist, Columns: []app.Column{"check"}, Rows: [][]string{{"Есть дата"}}, By: "Оператор 2", At: moment}
	open1 := app.Conflict{Op: id(5), Appeal: id(1), By: "Оператор 2", At: moment, Mine: app.Event{ID: id(5), Text: "моё"}}
	settled := app.Conflict{Op: id(6), Appeal: id(1), Choice: app.ChoiceNote, Settled: moment}
	other := app.Conflict{Op: id(7), Appeal: id(9)}
	j := central.Judgement{Hash: [32]byte{1, 2, 3}, Seq: 9, Verdict: app.VerdictRejected, Reason: app.CodeEmptyText}
	epochs := []wire.Descent{{Epoch: "A", Upto: 5}, {Epoch: "B"}}
	update(t, s, func(tx central.Tx) error {
		return errors.Join(tx.PutAppeal(a), tx.PutPage(page), tx.PutTable(before), tx.PutTable(table), tx.PutCounters(day), tx.PutConflict(open1),
			tx.PutConflict(settled), tx.PutConflict(other), tx.PutJudgement(id(8), j), tx.PutLineage(epochs),
			tx.PutNumber(2026, 41), tx.PutNumber(2025, 3))
	})
	view(t, s, func(r central.Reader) error {
		same(t, "appeal", a)(r.Appeal(id(1)))
		same(t, "page", page)(r.Page(id(4)))
		same(t, "table", table)(r.Table(app.TableChecklist))
		absent[app.Table](t, "another table")(r.Table(app.TableReasons))
		same(t, "counters", day)(r.Counters(day.Day))
		same(t, "conflict", open1)(r.Conflict(id(1), id(5)))
		same(t, "judgement", j)(r.Judgement(id(8)))
		all, err := r.Conflicts(id(1))
		if len(all) != 2 {
			t.Errorf("%d conflicts of the appeal, want 2", len(all))
		}
		l, err2 := r.Lineage()
		if !reflect.DeepEqual(l, epochs) {
			t.Errorf("lineage %v", l)
		}
		n, err3 := r.Number(2026)
		if n != 41 {
			t.Errorf("number %d", n)
		}
		return errors.Join(err, err2, err3)
	})
}

func change(n int) app.Change {
	return app.Change{
		Op: id(n), Dev: id(0), At: moment, Kind: app.OpPage, Ent: id(n), Verdict: app.VerdictApplied,
		Body: app.Encode(map[string]int{"n": n}),
	}
}

func feed(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	for first := 1; first <= 100; first += 25 {
		update(t, s, func(tx central.Tx) error {
			for n := first; n < first+25; n++ {
				c := change(n)
				if err := tx.Append(&c, central.Reach{}); err != nil {
					return err
				}
				if c.Seq != uint64(n) {
					return fmt.Errorf("change %d took seq %d", n, c.Seq)
				}
			}
			head, err := tx.Head()
			if head != uint64(first+24) {
				t.Errorf("inside the transaction the head is %d", head)
			}
			return err
		})
	}
	view(t, s, func(r central.Reader) error {
		page, err := r.Feed(40, 10, 1<<20, nil)
		if err != nil || len(page) != 10 {
			t.Fatalf("%d entries, %v", len(page), err)
		}
		for i, e := range page {
			var c app.Change
			if err := json.Unmarshal(e.Line, &c); err != nil {
				return err
			}
			want := change(41 + i)
			want.Seq = uint64(41 + i)
			if e.Seq != want.Seq || !reflect.DeepEqual(c, want) {
				t.Errorf("entry %d is %+v", i, c)
			}
		}
		if page, err = r.Feed(0, 100, 1, nil); err != nil || len(page) != 1 {
			t.Errorf("a page of one byte has %d entries, %v", len(page), err)
		}
		if page, err = r.Feed(100, 10, 1<<20, nil); err != nil || len(page) != 0 {
			t.Errorf("after the head stand %d entries, %v", len(page), err)
		}
		if oldest, _ := r.Oldest(); oldest != 1 {
			t.Errorf("oldest %d", oldest)
		}
		return nil
	})
}

func rollback(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	stop := errors.New("stop")
	err := s.Update(t.Context(), func(tx central.Tx) error {
		c := change(1)
		return errors.Join(tx.Append(&c, central.Reach{}), tx.PutPage(app.Page{ID: id(1)}), stop)
	})
	if !errors.Is(err, stop) {
		t.Errorf("the error of the transaction was lost: %v", err)
	}
	update(t, s, func(tx central.Tx) error {
		absent[app.Page](t, "page")(tx.Page(id(1)))
		c := change(2)
		if err := tx.Append(&c, central.Reach{}); err != nil {
			return err
		}
		if c.Seq != 1 {
			t.Errorf("a transaction given up left a gap: seq %d", c.Seq)
		}
		return nil
	})
}

func access(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	who := app.Identity{Name: "Оператор 2", Roles: []app.Role{app.RoleOperator}}
	d := central.Device{ID: id(1), Name: "АРМ", Key: []byte{1, 2}, Identity: who, Enrolled: moment}
	update(t, s, func(tx central.Tx) error {
		return errors.Join(tx.PutDevice(d), tx.PutSecret("tokens", []byte("s")), tx.PutCode("hash", who))
	})
	update(t, s, func(tx central.Tx) error {
		same(t, "device", d)(tx.Device(id(1)))
		same(t, "secret", []byte("s"))(tx.Secret("tokens"))
		same(t, "code", who)(tx.TakeCode("hash"))
		absent[app.Identity](t, "code taken twice")(tx.TakeCode("hash"))
		return nil
	})
	use := func(device, nonce string, until, now time.Time, want bool) {
		t.Helper()
		update(t, s, func(tx central.Tx) error {
			fresh, err := tx.UseNonce(device, nonce, until, now)
			if fresh != want {
				t.Errorf("nonce %s of %s: fresh %v", nonce, device, fresh)
			}
			return err
		})
	}
	use("a", "n1", moment.Add(time.Minute), moment, true)
	use("a", "n1", moment.Add(time.Minute), moment, false)
	use("b", "n1", moment.Add(time.Hour), moment, true)
	use("a", "n2", moment.Add(time.Hour), moment.Add(2*time.Minute), true) // forgets a, n1
	use("a", "n1", moment.Add(time.Hour), moment.Add(2*time.Minute), true)
	use("b", "n1", moment.Add(time.Hour), moment.Add(2*time.Minute), false)
}

func rows(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	update(t, s, func(tx central.Tx) error {
		err := errors.Join(tx.PutConflict(app.Conflict{Op: id(5), Appeal: id(1)}), tx.PutPage(app.Page{ID: id(4), Name: "Школа № 1"}),
			tx.PutTable(app.Table{Name: app.TableReasons, Rows: [][]string{{"Нет ответа\nпо существу"}}}))
		for n := range 3 {
			err = errors.Join(err, tx.PutAppeal(&app.Appeal{ID: id(n), Text: "Нет света"}),
				tx.PutCounters(app.Counters{Day: app.Day(20002 - n), Counts: map[string]uint32{id(4): uint32(n)}}))
		}
		return err
	})
	view(t, s, func(r central.Reader) error {
		var kinds []app.RowKind
		err := r.Rows(func(kind app.RowKind, line []byte) error {
			kinds = append(kinds, kind)
			if bytes.ContainsRune(line, '\n') || !json.Valid(line) {
				t.Errorf("a %s is not JSON on one line: %q", kind, line)
			}
			return nil
		})
		if want := []app.RowKind{app.RowTable, app.RowPage, app.RowAppeal, app.RowAppeal, app.RowAppeal, app.RowConflict}; !reflect.DeepEqual(kinds, want) {
			t.Errorf("rows %v, want %v", kinds, want)
		}
		var days []app.Day
		err2 := r.Days(func(c app.Counters) error {
			days = append(days, c.Day)
			return nil
		})
		if want := []app.Day{20000, 20001, 20002}; !reflect.DeepEqual(days, want) {
			t.Errorf("days %v, want %v", days, want)
		}
		stop := errors.New("stop")
		if err := r.Rows(func(app.RowKind, []byte) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("the error of f was lost: %v", err)
		}
		return errors.Join(err, err2)
	})
}

var backedUp = time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)

func trimmed(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	update(t, s, func(tx central.Tx) error {
		for n := 1; n <= 10; n++ {
			c := change(n)
			if err := tx.Append(&c, central.Reach{}); err != nil {
				return err
			}
		}
		return errors.Join(tx.PutSafe(7), tx.PutBackups([]central.Backup{{Seq: 9, At: backedUp}}), tx.PutIssued(id(1), 1, 5, id(2)), tx.PutIssued(id(1), 2, 5, id(3)))
	})
	update(t, s, func(tx central.Tx) error { return tx.DropFeed(6) })
	view(t, s, func(r central.Reader) error {
		oldest, err := r.Oldest()
		head, err2 := r.Head()
		page, err3 := r.Feed(6, 10, 1<<20, nil)
		safe, err4 := r.Safe()
		if oldest != 7 || head != 10 || len(page) != 4 || page[0].Seq != 7 || safe != 7 {
			t.Errorf("oldest %d, head %d, safe %d, %d entries", oldest, head, safe, len(page))
		}
		if all, err := r.Backups(); err != nil || len(all) != 1 || all[0].Seq != 9 || !all[0].At.Equal(backedUp) {
			t.Errorf("backups %v: %v", all, err)
		}
		same(t, "issued", id(2))(r.Issued(id(1), 1, 5))
		same(t, "issued", id(3))(r.Issued(id(1), 2, 5))
		absent[string](t, "issued")(r.Issued(id(1), 1, 6))
		absent[string](t, "issued")(r.Issued(id(2), 1, 5))
		return errors.Join(err, err2, err3, err4)
	})
	update(t, s, func(tx central.Tx) error {
		c := change(11)
		err := tx.Append(&c, central.Reach{})
		if c.Seq != 11 {
			t.Errorf("after trimming the feed goes on at %d", c.Seq)
		}
		return err
	})
}

func reopen(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	update(t, s, func(tx central.Tx) error {
		c := change(1)
		return errors.Join(tx.Append(&c, central.Reach{}), tx.PutPage(app.Page{ID: id(1), Name: "Школа № 1"}))
	})
	shut(t, s)
	s = open(t)
	defer shut(t, s)
	update(t, s, func(tx central.Tx) error {
		same(t, "page", app.Page{ID: id(1), Name: "Школа № 1"})(tx.Page(id(1)))
		c := change(2)
		err := tx.Append(&c, central.Reach{})
		if c.Seq != 2 {
			t.Errorf("after opening again the feed goes on at %d", c.Seq)
		}
		return err
	})
}
