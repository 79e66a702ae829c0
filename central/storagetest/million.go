package storagetest

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
)

const (
	// rowsInTests is how many changes Million writes where OTKLIK_ROWS says nothing.
	rowsInTests = 20_000
	// rowsAtOnce is how many changes one transaction appends: a small push.
	rowsAtOnce = 5
)

// Million proves that the feed loses nothing: many write changes at once while
// somebody follows, who has to meet every one of them, once, in the order of
// seqs without a gap, and those of each writer in the order they were written.
// OTKLIK_ROWS says how many changes.
func Million(t *testing.T, s central.Storage) {
	rows := rowsInTests
	if said := os.Getenv("OTKLIK_ROWS"); said != "" {
		var err error
		if rows, err = strconv.Atoi(said); err != nil {
			t.Fatal(err)
		}
	}
	each := max(rows/crowd/rowsAtOnce, 1) * rowsAtOnce
	rows = each * crowd
	start := time.Now()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		together(func(w int) {
			for n := 0; n < each; n += rowsAtOnce {
				if err := s.Update(t.Context(), func(tx central.Tx) error { return writeRows(tx, w, n) }); err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
			}
		})
	}()
	f := follower{met: make([]int, crowd)}
	for over := false; !over; {
		select {
		case <-ended: // one look more takes what came last
			over = true
		case <-time.After(time.Millisecond): // a reader that never rests holds the writers up
		}
		for more := true; more; {
			if err := s.View(t.Context(), func(r central.Reader) (err error) {
				more, err = f.look(r)
				return err
			}); err != nil {
				t.Error(err)
				<-ended
				return
			}
		}
	}
	took := time.Since(start)
	for w, n := range f.met {
		if n != each {
			t.Errorf("of the %d changes of writer %d the reader met %d", each, w, n)
		}
	}
	t.Logf("%d changes by %d writers, %d a commit: met %d, lost %d; %.0f a second",
		rows, crowd, rowsAtOnce, f.seq, rows-int(f.seq), float64(rows)/took.Seconds())
}

// writeRows appends changes that say who wrote them, and which one each is.
func writeRows(tx central.Tx, w, n int) error {
	for i := range rowsAtOnce {
		c := change(0)
		c.Ent = fmt.Sprintf("%d %d", w, n+i)
		if err := tx.Append(&c, central.Reach{}); err != nil {
			return err
		}
	}
	return nil
}

// follower is somebody who reads the feed while it grows.
type follower struct {
	seq uint64
	met []int // changes of each writer
}

// look reads the next page, and says whether it held anything.
func (f *follower) look(r central.Reader) (more bool, err error) {
	page, err := r.Feed(f.seq, 500, 1<<20, nil)
	for _, e := range page {
		var c app.Change
		if err := json.Unmarshal(e.Line, &c); err != nil {
			return false, err
		}
		writer, number, _ := strings.Cut(c.Ent, " ")
		w, err := strconv.Atoi(writer)
		if err != nil {
			return false, err
		}
		if e.Seq != f.seq+1 || c.Seq != e.Seq || number != strconv.Itoa(f.met[w]) {
			return false, fmt.Errorf("after %d comes %d (%d), number %s of writer %d, of whom %d were met",
				f.seq, e.Seq, c.Seq, number, w, f.met[w])
		}
		f.seq = e.Seq
		f.met[w]++
	}
	return len(page) > 0, err
}
