package storagetest

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"

	"otklik/central"
)

// items: shelves keep their order and do not mix; of many who put one item where
// none stood one finds none.
func items(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	strange := "\x00\xff\n"
	view(t, s, func(r central.Reader) error {
		absent[[]byte](t, "item")(r.Item("in", "1"))
		return nil
	})
	update(t, s, func(tx central.Tx) error {
		err := errors.Join(
			tx.PutItem("in", "2", []byte("two")), tx.PutItem("in", "1", []byte("one")), tx.PutItem("in", strange, []byte{0, 255}),
			tx.PutItem("in/x", "1", []byte("beside")), tx.PutItem("inn", "1", []byte("other")),
		)
		same(t, "own item", []byte("one"))(tx.Item("in", "1"))
		return err
	})
	update(t, s, func(tx central.Tx) error {
		return errors.Join(tx.PutItem("in", "1", []byte("another")), tx.DropItem("in", "2"), tx.DropItem("in", "never"))
	})
	shut(t, s)

	s = open(t)
	defer shut(t, s)
	view(t, s, func(r central.Reader) error {
		same(t, "item", []byte("another"))(r.Item("in", "1"))
		same(t, "strange item", []byte{0, 255})(r.Item("in", strange))
		absent[[]byte](t, "dropped item")(r.Item("in", "2"))
		for _, c := range []struct {
			shelf, after string
			limit        int
			want         []string
		}{
			{"in", "", 10, []string{strange, "1"}},
			{"in", "", 1, []string{strange}},
			{"in", strange, 10, []string{"1"}},
			{"in", "0", 10, []string{"1"}},
			{"in", "1", 10, nil},
			{"inn", "", 10, []string{"1"}},
			{"none", "", 10, nil},
		} {
			ids, err := r.Shelf(c.shelf, c.after, c.limit)
			if err != nil || !slices.Equal(ids, c.want) {
				t.Errorf("shelf %q after %q: %q, %v", c.shelf, c.after, ids, err)
			}
		}
		return nil
	})

	first := make(chan string, 16)
	var all sync.WaitGroup
	for i := range cap(first) {
		all.Go(func() {
			var none bool
			err := s.Update(t.Context(), func(tx central.Tx) error {
				_, there, err := tx.Item("in", "contended")
				none = !there
				if err != nil || there {
					return err
				}
				return tx.PutItem("in", "contended", []byte(strconv.Itoa(i)))
			})
			if err != nil {
				t.Errorf("put one item: %v", err)
			}
			if none {
				first <- strconv.Itoa(i)
			}
		})
	}
	all.Wait()
	close(first)
	view(t, s, func(r central.Reader) error {
		same(t, "contended item", []byte(<-first))(r.Item("in", "contended"))
		return nil
	})
	if n := len(first); n != 0 {
		t.Errorf("%d others were the first, too", n)
	}
}
