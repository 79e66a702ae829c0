package storagetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"otklik/app"
	"otklik/central"
)

// reach: heads of changes come back as they were written, and choose what is
// read; what is kept beside a change goes with it.
func reach(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	defer shut(t, s)
	head := func(n int) central.Reach {
		return central.Reach{Author: central.TagOf(id(n % 2)), Before: central.TagNowhere, After: ^central.Tag(n)}
	}
	entered := []byte(`{"seq":4}`)
	update(t, s, func(tx central.Tx) error {
		for n := 1; n <= 300; n++ {
			c := change(n)
			if err := tx.Append(&c, head(n)); err != nil {
				return err
			}
		}
		err := errors.Join(tx.PutEntered(4, entered), tx.PutEntered(200, entered))
		same(t, "entered", entered)(tx.Entered(4))
		odd(t, tx, head)
		return err
	})
	view(t, s, func(r central.Reader) error {
		odd(t, r, head)
		same(t, "entered", entered)(r.Entered(4))
		absent[[]byte](t, "entered")(r.Entered(5))
		all, err := r.Feed(0, 300, 1<<20, func(uint64, central.Reach) bool { return true })
		if err != nil || len(all) != 300 {
			t.Errorf("of 300 changes come %d, %v", len(all), err)
		}
		plain, err := r.Feed(0, 300, 1<<20, nil)
		if err != nil || !slices.EqualFunc(all, plain, func(a, b central.Entry) bool { return a.Seq == b.Seq && bytes.Equal(a.Line, b.Line) }) {
			t.Errorf("without a choice come others, %v", err)
		}
		return nil
	})
	update(t, s, func(tx central.Tx) error { return tx.DropFeed(10) })
	view(t, s, func(r central.Reader) error {
		absent[[]byte](t, "entered")(r.Entered(4))
		same(t, "entered", entered)(r.Entered(200))
		return nil
	})
}

// odd asks for every second of the changes 11 to 160, and for the first that fill
// a few bytes.
func odd(t *testing.T, r central.Reader, head func(int) central.Reach) {
	t.Helper()
	asked := []uint64{}
	keep := func(seq uint64, reach central.Reach) bool {
		if reach != head(int(seq)) {
			t.Errorf("the head of %d is %+v, want %+v", seq, reach, head(int(seq)))
		}
		asked = append(asked, seq)
		return reach.Author == central.TagOf(id(1))
	}
	got, err := r.Feed(10, 150, 1<<20, keep)
	if err != nil || len(got) != 75 || len(asked) != 150 || asked[0] != 11 || asked[149] != 160 {
		t.Fatalf("%d changes of %d that were asked for, %v", len(got), len(asked), err)
	}
	for i, e := range got {
		var c app.Change
		if err := json.Unmarshal(e.Line, &c); err != nil || c.Seq != e.Seq || e.Seq != uint64(11+2*i) || e.Reach != head(int(e.Seq)) {
			t.Errorf("entry %d is %d %+v %+v, %v", i, e.Seq, e.Reach, c, err)
		}
	}
	asked = nil
	if got, err = r.Feed(11, 100, 1, keep); err != nil || len(got) != 1 || got[0].Seq != 13 || len(asked) != 2 {
		t.Errorf("a page of one byte: %d changes of %d that were asked for, %v", len(got), len(asked), err)
	}
}
