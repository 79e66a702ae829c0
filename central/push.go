package central

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// retryAfter is how long an operation waits whose record cannot be read now.
const retryAfter = time.Minute

// pushed is a wire.Push whose operations are still unread: one that cannot be
// read must not hinder the others.
type pushed struct {
	Ops   []json.RawMessage `json:"ops"`
	After string            `json:"after"`
	Limit int               `json:"limit"`
	Sent  time.Time         `json:"sent"`
}

func (s *Server) push(w http.ResponseWriter, r *http.Request, d Device) error {
	b, err := body(w, r, wire.MaxOpBytes)
	if err != nil {
		return err
	}
	var q pushed
	if err := json.Unmarshal(b, &q); err != nil {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "the body is not the JSON this path takes")
	}
	if len(q.Ops) > wire.MaxOps || len(q.Ops) > 1 && len(b) > wire.MaxBytes {
		return fail(http.StatusRequestEntityTooLarge, wire.CodeTooLarge, "the batch is too large; halve it")
	}
	if q.Limit < 0 || q.Limit > wire.MaxPage {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "limit is out of its range")
	}
	if q.Limit == 0 {
		q.Limit = wire.DefaultPage
	}
	of := scopeOf(d)
	after, err := s.seqOf(q.After, of)
	if err != nil {
		return err
	}
	// A client that has to start anew is told so before anything is judged.
	if err := s.storage.View(r.Context(), func(tx Reader) error { return inReach(tx, after) }); err != nil {
		return err
	}
	verdicts, err := s.judgeBatch(r.Context(), d, of, q.Ops, q.Sent)
	if err != nil {
		return err
	}
	st, err := s.await(r.Context(), of, after, q.Limit, 0)
	if err != nil {
		return err
	}
	st.after = q.After
	return s.sendReply(w, r, verdicts, st)
}

// sendReply writes a wire.PushReply; the lines of the feed are in JSON already.
func (s *Server) sendReply(w http.ResponseWriter, r *http.Request, verdicts []wire.Judged, st stretch) error {
	judged, err := json.Marshal(verdicts)
	if err != nil {
		return fmt.Errorf("encode verdicts: %w", err)
	}
	end, err := json.Marshal(s.end(st))
	if err != nil {
		return fmt.Errorf("encode end of page: %w", err)
	}
	w.Header().Set("Content-Type", wire.TypeJSON)
	to, finish := packing(w, r, len(judged)+st.size()+len(end))
	w.WriteHeader(http.StatusOK)
	b := bufio.NewWriterSize(to, 32<<10)
	_, _ = b.WriteString(`{"verdicts":`) // an error stays with the writer until Flush
	_, _ = b.Write(judged)
	_, _ = b.WriteString(`,"page":{"changes":[`)
	for i, e := range st.entries {
		if i > 0 {
			_ = b.WriteByte(',')
		}
		_, _ = b.Write(e.Line)
	}
	_, _ = b.WriteString(`],`)
	_, _ = b.Write(end[1:])
	_ = b.WriteByte('}')
	s.gone(r, errors.Join(b.Flush(), finish()))
	return nil
}

// judgeBatch judges the operations in their order, in one transaction.
func (s *Server) judgeBatch(ctx context.Context, d Device, of scope, raw []json.RawMessage, sent time.Time) ([]wire.Judged, error) {
	if len(raw) == 0 {
		return []wire.Judged{}, nil
	}
	now := s.now()
	var b *batch
	err := s.storage.Update(ctx, func(tx Tx) error {
		b = &batch{
			tx: tx, device: d, scope: of, now: now, sent: sent, restored: s.incomplete(now), applied: s.opts.Applied,
			held: map[string]bool{}, out: make([]wire.Judged, 0, len(raw)),
		}
		for _, r := range raw {
			if err := b.take(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("judge a batch of %d: %w", len(raw), err)
	}
	if b.appended > 0 {
		s.grow()
	}
	for _, v := range b.out {
		s.opts.Meter.Judged(v.Verdict)
	}
	s.opts.Log.Info("judged", "device", d.ID, "ops", len(raw), "stored", b.appended, "held", len(b.held))
	return b.out, nil
}

// batch is the state of one push.
type batch struct {
	tx       Tx
	device   Device
	scope    scope
	now      time.Time
	sent     time.Time // see judge
	restored bool      // see judge
	own      bool      // the server's: its operations have no numbers
	applied  func(Tx, app.Change) error
	held     map[string]bool // entities whose later operations have to wait
	out      []wire.Judged
	appended int
}

// take judges one operation and writes its verdict with its effects. An error
// is one of writing and ends the whole batch.
func (b *batch) take(raw json.RawMessage) error {
	var op app.Op
	if err := json.Unmarshal(raw, &op); err != nil {
		b.out = append(b.out, unstorable(idIn(raw)))
		return nil
	}
	if !validID(op.ID) || len(op.Ent) > 64 || len(op.Kind) > 64 {
		b.out = append(b.out, unstorable(op.ID))
		return nil
	}
	if b.held[op.Ent] && op.Kind != app.OpCreate { // which is what the others wait for
		b.hold(op)
		return nil
	}
	hash := hashOf(op)
	answer, known, err := b.known(op, hash)
	if err != nil {
		b.hold(op)
		return nil
	}
	if known {
		b.out = append(b.out, answer)
		return nil
	}
	op.Dev = b.device.ID
	if forked, err := b.forked(op); err != nil || forked {
		if err == nil {
			err = fail(http.StatusConflict, wire.CodeForked, "the number was used by another copy of the file; take a new incarnation")
		}
		return err
	}
	j := judge{tx: b.tx, device: b.device, scope: b.scope, now: b.now, sent: b.sent, op: op, restored: b.restored}
	change, err := j.decide()
	if err == nil {
		err = j.attach(&change)
	}
	if errors.Is(err, errNoBlob) {
		b.wait(op, wire.CodeBlobMissing)
		return nil
	}
	if err != nil {
		// Nothing has been written for this operation yet: its record cannot be
		// read or has not arrived, which is no reason to keep the others waiting.
		b.hold(op)
		return nil
	}
	if personal(change) {
		b.out = append(b.out, wire.Judged{ID: op.ID, Verdict: change.Verdict, Reason: change.Reason})
		return nil
	}
	return b.store(change, op, hash)
}

// personal says whether a creation was refused to this device and may be accepted
// from another: the ID of an imported appeal is the same everywhere, and a
// verdict that is kept would be kept for all.
func personal(c app.Change) bool {
	return c.Kind == app.OpCreate && (c.Reason == app.CodeOutOfScope || c.Reason == app.CodeWrongRole)
}

// forked says whether another operation came under the number of this one. Then
// two files have been the same device since one was copied or restored, and the
// whole batch waits until this one has taken an incarnation of its own.
func (b *batch) forked(op app.Op) (bool, error) {
	if b.own {
		return false, nil
	}
	other, used, err := b.tx.Issued(op.Dev, op.Inc, op.N)
	return used && other != op.ID, err
}

func (b *batch) hold(op app.Op) { b.wait(op, "") }

// wait lets the operation, and what follows about the same record, be sent again
// later. The reason says what is missing, where its author can bring it.
func (b *batch) wait(op app.Op, reason app.Code) {
	b.held[op.Ent] = true
	b.out = append(b.out, wire.Judged{ID: op.ID, Verdict: app.VerdictRetry, Reason: reason, AfterMS: retryAfter.Milliseconds()})
}

// known finds the first verdict on the operation, if there is one.
func (b *batch) known(op app.Op, hash [32]byte) (wire.Judged, bool, error) {
	first, ok, err := b.tx.Judgement(op.ID)
	if err != nil || !ok {
		return wire.Judged{}, false, err
	}
	answer := wire.Judged{ID: op.ID, Verdict: app.VerdictDuplicate, First: first.Verdict, Seq: first.Seq, Reason: first.Reason}
	if isMark(op) {
		return answer, true, nil // the program's own, whichever station made it first
	}
	if hidden, err := b.hidden(op, first.Seq); err != nil || hidden {
		return wire.Judged{ID: op.ID, Verdict: app.VerdictRejected, Reason: app.CodeOutOfScope}, hidden, err
	}
	if first.Hash == hash {
		return answer, true, nil
	}
	// The ID of an imported appeal is derived from its source: another station
	// that imports a later state of it means the same appeal, not another one.
	if op.Kind == app.OpCreate && first.Verdict == app.VerdictApplied {
		if fresh, err := app.Decode[app.Appeal](op.Payload); err == nil {
			old, ok, err := b.tx.Appeal(op.Ent)
			if err != nil {
				return wire.Judged{}, false, err
			}
			if ok && sameIdentity(old, &fresh) {
				return answer, true, nil
			}
		}
	}
	return wire.Judged{ID: op.ID, Verdict: app.VerdictRejected, Reason: wire.CodeIDReused}, true, nil
}

// isMark says whether the operation is the mark of a term: its ID follows from the
// appeal, the clock and the threshold, while the moment may differ from one station
// to another.
func isMark(op app.Op) bool {
	e, err := app.Decode[app.Event](op.Payload)
	return op.Kind == app.OpEvent && err == nil && e.Type == app.EventEscalated && e.ID == op.ID
}

// hidden says whether the device must not learn of the operation that was judged
// at the seq: somebody else's, about an appeal out of its scope.
func (b *batch) hidden(op app.Op, seq uint64) (bool, error) {
	if b.scope.all() || !op.Kind.AboutAppeal() {
		return false, nil
	}
	_, visible, err := b.scope.visible(b.tx, op.Ent)
	if err != nil || visible {
		return false, err
	}
	others := false
	_, err = b.tx.Feed(seq-1, 1, 1, func(_ uint64, r Reach) bool {
		others = r.Author != b.scope.author
		return false
	})
	return others, err
}

func (b *batch) store(c app.Change, op app.Op, hash [32]byte) error {
	if err := enter(b.tx, &c); err != nil {
		return err
	}
	if err := claim(b.tx, b.device, &c, op.Files); err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	if b.applied != nil && c.Verdict == app.VerdictApplied {
		if err := b.applied(b.tx, c); err != nil {
			return err
		}
	}
	b.appended++
	b.out = append(b.out, wire.Judged{ID: c.Op, Verdict: c.Verdict, Seq: c.Seq, Reason: c.Reason})
	if !b.own {
		if err := b.tx.PutIssued(op.Dev, op.Inc, op.N, op.ID); err != nil {
			return err
		}
	}
	return b.tx.PutJudgement(c.Op, Judgement{Hash: hash, Seq: c.Seq, Verdict: c.Verdict, Reason: c.Reason})
}

// hashOf is what makes two operations of one ID the same: what they ask for and
// what they attach.
// Age and attempts differ from sending to sending and do not count.
func hashOf(op app.Op) [32]byte {
	h := sha256.New()
	h.Write([]byte(op.Kind))
	h.Write([]byte{0})
	h.Write([]byte(op.Ent))
	h.Write([]byte{0})
	if len(op.Files) > 0 {
		h.Write(app.Encode(op.Files))
		h.Write([]byte{0})
	}
	h.Write(op.Payload)
	return [32]byte(h.Sum(nil))
}

func unstorable(id string) wire.Judged {
	return wire.Judged{ID: id, Verdict: app.VerdictRejected, Reason: wire.CodeMalformed}
}

// idIn finds the ID of an operation that cannot be read otherwise.
func idIn(raw json.RawMessage) string {
	var with struct {
		ID any `json:"id"`
	}
	var partly *json.UnmarshalTypeError
	if err := json.Unmarshal(raw, &with); err != nil && !errors.As(err, &partly) {
		return ""
	}
	id, _ := with.ID.(string)
	return id
}
