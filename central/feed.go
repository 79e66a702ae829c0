package central

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"otklik/sync/wire"
)

// pageBytes ends a page early, so that a page of long texts does not take
// minutes on a weak link.
const pageBytes = 4 << 20

// grow tells everybody who waits that the feed has grown.
func (s *Server) grow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.grown)
	s.grown = make(chan struct{})
}

// Grown gives a channel that is closed when this server has committed the next change;
// what it has committed before is to be looked at after asking.
func (s *Server) Grown() <-chan struct{} { return s.growth() }

// growth gives a channel that is closed when the feed grows the next time. It
// has to be taken before the feed is looked at, or growth in between is missed.
func (s *Server) growth() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.grown
}

func (s *Server) cursor(of scope, seq uint64) string {
	return s.epoch() + "." + of.name + "." + strconv.FormatUint(seq, 10)
}

// seqOf reads a cursor of a device with the scope; "" stands before the first
// change.
func (s *Server) seqOf(cursor string, of scope) (uint64, error) {
	if cursor == "" {
		return 0, nil
	}
	parts := strings.Split(cursor, ".")
	if len(parts) != 3 {
		return 0, fail(http.StatusBadRequest, wire.CodeBadCursor, "not a cursor")
	}
	seq, err := strconv.ParseUint(parts[2], 10, 63)
	if err != nil {
		return 0, fail(http.StatusBadRequest, wire.CodeBadCursor, "not a cursor")
	}
	if parts[1] != of.name || !s.shares(parts[0], seq) {
		return 0, expired()
	}
	return seq, nil
}

// shares says whether the history up to the seq of the epoch is also that of
// the present one: before a restore both are the same.
func (s *Server) shares(epoch string, seq uint64) bool {
	for _, d := range s.lineage[:len(s.lineage)-1] {
		if d.Epoch == epoch {
			return seq <= d.Upto
		}
	}
	return epoch == s.epoch()
}

func expired() error {
	return fail(http.StatusGone, wire.CodeCursorExpired, "the cursor is of another epoch or scope, or too old; start from the beginning")
}

// stretch is a part of the feed.
type stretch struct {
	of         scope
	entries    []Entry
	after      string // the cursor that was asked with
	next, head uint64
	safe       uint64
}

// size is about how many bytes it takes to send it.
func (st stretch) size() (n int) {
	for _, e := range st.entries {
		n += len(e.Line) + 1
	}
	return n
}

// inReach says whether the feed can go on from the seq. One past the head is of
// a history this server has lost; one before the oldest change kept has missed
// some.
func inReach(tx Reader, after uint64) error {
	oldest, err := tx.Oldest()
	if err != nil {
		return err
	}
	head, err := tx.Head()
	if err == nil && (after > head || after+1 < oldest) {
		return expired()
	}
	return err
}

func feedAfter(tx Reader, of scope, after uint64, limit int) (stretch, error) {
	st := stretch{of: of, next: after}
	err := inReach(tx, after)
	if err != nil {
		return st, err
	}
	if st.head, err = tx.Head(); err != nil {
		return st, err
	}
	if st.safe, err = tx.Safe(); err != nil {
		return st, err
	}
	if !of.all() {
		err = st.narrow(tx, limit)
		return st, err
	}
	if st.entries, err = tx.Feed(after, limit, pageBytes, nil); err != nil {
		return st, err
	}
	if n := len(st.entries); n > 0 {
		st.next = st.entries[n-1].Seq
	}
	return st, nil
}

// Bounds of a search for changes within a scope: how many of the feed are looked
// at in one go, and for one page.
const (
	lookStep = 2000
	lookMost = 50_000
)

// narrow fills the stretch with what a device may see. next goes on over what it
// may not.
func (st *stretch) narrow(tx Reader, limit int) error {
	size, last := pageBytes, min(st.head, st.next+lookMost)
	for st.next < last && len(st.entries) < limit && size > 0 {
		unknown := false
		got, err := tx.Feed(st.next, min(lookStep, limit-len(st.entries)), size, func(seq uint64, r Reach) bool {
			st.next, unknown = seq, unknown || r.After == TagUnknown
			return st.of.keeps(r)
		})
		if err == nil && unknown {
			err = expired() // what was written before changes had heads comes with a snapshot
		}
		if err != nil {
			return err
		}
		for _, e := range got {
			if e.Line, err = st.of.line(tx, e); err != nil {
				return err
			}
			st.entries = append(st.entries, e)
			size -= len(e.Line)
		}
	}
	return nil
}

// trimStep is how many changes are looked at and forgotten in one transaction.
const trimStep = 1000

// Trim forgets the changes of before the moment and says how many; what they
// did stays. Workstations that have not seen them are told to take a snapshot.
// The newest change is never forgotten: the feed goes on from it.
func (s *Server) Trim(ctx context.Context, before time.Time) (dropped int, err error) {
	for {
		n := 0
		err := s.storage.Update(ctx, func(tx Tx) error {
			oldest, err := tx.Oldest()
			if err != nil || oldest == 0 {
				return err
			}
			head, err := tx.Head()
			if err != nil {
				return err
			}
			old, err := tx.Feed(oldest-1, trimStep, pageBytes, nil)
			if err != nil {
				return err
			}
			n = 0
			for _, e := range old {
				var c struct{ At time.Time }
				if err := json.Unmarshal(e.Line, &c); err != nil {
					return fmt.Errorf("change %d: %w", e.Seq, err)
				}
				if !c.At.Before(before) || e.Seq == head {
					break
				}
				n++
			}
			if n == 0 {
				return nil
			}
			return tx.DropFeed(old[n-1].Seq)
		})
		dropped += n
		if err != nil || n == 0 {
			return dropped, err
		}
	}
}

// changes answers with a stretch of the feed, and waits for one where there is
// nothing yet.
func (s *Server) changes(w http.ResponseWriter, r *http.Request, d Device) error {
	q, of := r.URL.Query(), scopeOf(d)
	after, err := s.seqOf(q.Get(wire.ParamAfter), of)
	if err != nil {
		return err
	}
	limit, err := number(q.Get(wire.ParamLimit), wire.DefaultPage, 1, wire.MaxPage)
	if err != nil {
		return err
	}
	wait, err := number(q.Get(wire.ParamWait), 0, 0, int(wire.MaxWait/time.Second))
	if err != nil {
		return err
	}
	st, err := s.await(r.Context(), of, after, limit, time.Duration(wait)*time.Second)
	if err != nil {
		return err
	}
	st.after = q.Get(wire.ParamAfter)
	return s.sendLines(w, r, st)
}

// await gives what stands after the seq, as soon as there is something, and an
// empty stretch when the time is over, the client gone or the server stopping.
func (s *Server) await(ctx context.Context, of scope, after uint64, limit int, wait time.Duration) (st stretch, err error) {
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	counted := false
	for over := wait <= 0; ; {
		grown := s.growth()
		err = s.storage.View(ctx, func(tx Reader) (err error) {
			if err = of.stands(tx); err == nil {
				st, err = feedAfter(tx, of, after, limit)
			}
			return err
		})
		if err != nil || over || len(st.entries) > 0 || st.next < st.head {
			return st, err
		}
		after = st.next
		if !counted {
			counted = true
			s.opts.Meter.Waiting(1)
			defer s.opts.Meter.Waiting(-1)
			defer s.lookout.enter(s.storage, s.grow)()
		}
		select {
		case <-grown:
		case <-timeout.C:
			over = true
		case <-s.stopping:
			over = true
		case <-ctx.Done():
			return st, ctx.Err()
		}
	}
}

func number(said string, otherwise, low, high int) (int, error) {
	if said == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(said)
	if err != nil || n < low || n > high {
		return 0, fail(http.StatusBadRequest, wire.CodeMalformed, "a number is out of its range").
			with(fmt.Sprintf("%d-%d", low, high))
	}
	return n, nil
}

// sendLines writes the stretch, one change a line and the end last. From the
// first byte on there is no way to tell of an error but to break off, which the
// missing end line tells the client.
func (s *Server) sendLines(w http.ResponseWriter, r *http.Request, st stretch) error {
	end, err := json.Marshal(s.end(st))
	if err != nil {
		return fmt.Errorf("encode end of page: %w", err)
	}
	w.Header().Set("Content-Type", wire.TypeLines)
	to, finish := packing(w, r, st.size()+len(end))
	w.WriteHeader(http.StatusOK)
	lines := bufio.NewWriterSize(to, 32<<10)
	for _, e := range st.entries {
		_, _ = lines.Write(e.Line) // an error stays with the writer until Flush
		_ = lines.WriteByte('\n')
	}
	_, _ = lines.Write(end)
	_ = lines.WriteByte('\n')
	err = errors.Join(lines.Flush(), finish())
	if err == nil {
		err = http.NewResponseController(w).Flush()
	}
	s.gone(r, err)
	return nil
}

// end is what follows the changes of a page.
func (s *Server) end(st stretch) wire.End {
	return wire.End{After: st.after, Next: s.cursor(st.of, st.next), Head: st.head, Safe: st.safe}
}

// gone notes a client that did not wait for its answer: nobody is left to tell.
func (s *Server) gone(r *http.Request, err error) {
	if err != nil {
		s.opts.Log.Debug("client gone", "route", routeOf(r))
	}
}
