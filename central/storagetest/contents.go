package storagetest

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
)

// ownWrites: a transaction sees what it has done itself.
func ownWrites(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	who := app.Identity{Name: "Оператор 2", Roles: []app.Role{app.RoleOperator}}
	update(t, s, func(tx central.Tx) error {
		first, second := change(1), change(2)
		a := &app.Appeal{ID: id(1), Text: "раз"}
		k := app.Conflict{Op: id(5), Appeal: id(1)}
		err := errors.Join(tx.Append(&first, central.Reach{}), tx.Append(&second, central.Reach{}), tx.PutAppeal(a), tx.PutConflict(k), tx.PutNumber(2026, 7),
			tx.PutCode("hash", who))
		same(t, "appeal", a)(tx.Appeal(id(1)))
		same(t, "conflict", k)(tx.Conflict(id(1), id(5)))
		same(t, "code", who)(tx.TakeCode("hash"))
		absent[app.Identity](t, "code taken twice")(tx.TakeCode("hash"))
		n, err2 := tx.Number(2026)
		oldest, err3 := tx.Oldest()
		page, err4 := tx.Feed(1, 10, 1<<20, nil)
		if n != 7 || oldest != 1 || len(page) != 1 || page[0].Seq != 2 {
			t.Errorf("number %d, oldest %d, feed %v", n, oldest, page)
		}
		return errors.Join(err, err2, err3, err4)
	})
	update(t, s, func(tx central.Tx) error {
		third := change(3)
		err := tx.Append(&third, central.Reach{})
		for after, want := range []int{2, 2, 1, 0} { // of a limit of two
			page, err := tx.Feed(uint64(after), 2, 1<<20, nil)
			if err != nil || len(page) != want || want > 0 && page[0].Seq != uint64(after+1) {
				t.Errorf("after %d: %v, %v", after, page, err)
			}
		}
		absent[app.Identity](t, "code of another transaction")(tx.TakeCode("hash"))
		return err
	})
}

// givenUp: of a batch that fails at its end nothing is kept, whatever it held;
// nor of one nobody waits for any more.
func givenUp(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	who := app.Identity{Name: "Оператор 2"}
	update(t, s, func(tx central.Tx) error {
		c := change(0)
		return errors.Join(tx.Append(&c, central.Reach{}), tx.PutAppeal(&app.Appeal{ID: id(0), Text: "прежде"}), tx.PutCode("kept", who))
	})
	batch := func(tx central.Tx) error {
		for n := 1; n <= 50; n++ {
			c := change(n)
			err := errors.Join(tx.Append(&c, central.Reach{}), tx.PutAppeal(&app.Appeal{ID: id(n)}), tx.PutNumber(2026, uint64(n)),
				tx.PutConflict(app.Conflict{Op: id(n), Appeal: id(0)}), tx.PutJudgement(id(n), central.Judgement{Seq: c.Seq}))
			if err != nil {
				return err
			}
		}
		_, ok, err := tx.TakeCode("kept")
		fresh, err2 := tx.UseNonce("a", "n", moment.Add(time.Hour), moment)
		if !ok || !fresh {
			t.Errorf("code %v, nonce %v", ok, fresh)
		}
		return errors.Join(err, err2, tx.PutAppeal(&app.Appeal{ID: id(0), Text: "после"}))
	}
	stop := errors.New("stop")
	if err := s.Update(t.Context(), func(tx central.Tx) error { return errors.Join(batch(tx), stop) }); !errors.Is(err, stop) {
		t.Errorf("the error of the transaction was lost: %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Update(over, batch); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits, and yet: %v", err)
	}
	update(t, s, func(tx central.Tx) error {
		same(t, "appeal", &app.Appeal{ID: id(0), Text: "прежде"})(tx.Appeal(id(0)))
		for n := 1; n <= 50; n++ {
			absent[*app.Appeal](t, "appeal")(tx.Appeal(id(n)))
			absent[central.Judgement](t, "judgement")(tx.Judgement(id(n)))
		}
		all, err := tx.Conflicts(id(0))
		n, err2 := tx.Number(2026)
		head, err3 := tx.Head()
		page, err4 := tx.Feed(0, 10, 1<<20, nil)
		if len(all) != 0 || n != 0 || head != 1 || len(page) != 1 {
			t.Errorf("%d conflicts, number %d, head %d, %d entries", len(all), n, head, len(page))
		}
		return errors.Join(err, err2, err3, err4, batch(tx)) // the code and the nonce are still good
	})
}

// large: values of many megabytes, many at once, come back whole.
func large(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	a := &app.Appeal{ID: id(1), Text: strings.Repeat("Яма. ", 1<<20)}
	for n := range 2000 {
		a.Events = append(a.Events, app.Event{ID: id(n), Type: app.EventNote, At: moment, Text: strings.Repeat("ж", n)})
	}
	body := app.Encode(strings.Repeat("w", 5<<20))
	update(t, s, func(tx central.Tx) error {
		for n := range 5 {
			c := change(n)
			c.Body = body
			if err := tx.Append(&c, central.Reach{}); err != nil {
				return err
			}
		}
		return tx.PutAppeal(a)
	})
	view(t, s, func(r central.Reader) error {
		got, ok, err := r.Appeal(id(1))
		if err != nil || !ok || !reflect.DeepEqual(got, a) {
			t.Errorf("a large appeal is not the same: %v, %v", ok, err)
		}
		page, err := r.Feed(0, 100, 12<<20, nil)
		if err != nil || len(page) != 3 {
			t.Fatalf("a page of 12 MiB has %d changes of 5, %v", len(page), err)
		}
		var c app.Change
		if err := json.Unmarshal(page[2].Line, &c); err != nil || !reflect.DeepEqual(c.Body, body) {
			t.Errorf("a large change is not the same: %v", err)
		}
		return nil
	})
}

// unicode: what people and strangers write comes back as it was, in values and
// in keys.
func unicode(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	const odd = "Ё ё е\u0308 «ул.» <b>&amp;</b> 👩‍👩‍👧 \u2028 \u0000 \\u0000 \u200f 𐍈 \ufffd '\" %s $1"
	a := &app.Appeal{ID: id(1), Text: odd}
	c := change(1)
	c.Body = app.Encode(odd)
	update(t, s, func(tx central.Tx) error {
		fresh, err := tx.UseNonce(odd, "n", moment.Add(time.Hour), moment)
		if !fresh {
			t.Error("a nonce of an odd device is not fresh")
		}
		return errors.Join(err, tx.PutAppeal(a), tx.Append(&c, central.Reach{}), tx.PutPage(app.Page{ID: odd, Name: odd}))
	})
	update(t, s, func(tx central.Tx) error {
		same(t, "appeal", a)(tx.Appeal(id(1)))
		same(t, "page", app.Page{ID: odd, Name: odd})(tx.Page(odd))
		absent[*app.Appeal](t, "appeal")(tx.Appeal(odd))
		absent[*app.Appeal](t, "appeal")(tx.Appeal("\xff\x00"))
		absent[central.Judgement](t, "judgement")(tx.Judgement("\x00"))
		fresh, err := tx.UseNonce(odd, "n", moment.Add(time.Hour), moment)
		if fresh {
			t.Error("a nonce of an odd device is fresh twice")
		}
		page, err2 := tx.Feed(0, 10, 1<<20, nil)
		var got app.Change
		if err := json.Unmarshal(page[0].Line, &got); err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("change %+v, %v", got, err)
		}
		return errors.Join(err, err2)
	})
}
