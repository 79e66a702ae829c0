package central_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"slices"
	"testing"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

func (s *station) export(ops ...app.Op) []byte {
	s.t.Helper()
	all := make([]wire.OutboxOp, len(ops))
	for i, op := range ops {
		all[i] = wire.OutboxOp{State: app.EntryWaiting, Op: op}
	}
	file, err := wire.WriteOutbox(wire.OutboxHead{Device: s.id, Inc: 1, Made: noon}, all, s.key)
	if err != nil {
		s.t.Fatal(err)
	}
	return file
}

func verdicts(t central.Taken) (out []app.Verdict) {
	for _, o := range t.Ops {
		out = append(out, o.Verdict)
	}
	return out
}

// TestFileOfARevokedDeviceIsTakenOnce: what it carries is judged as if pushed, and
// neither taking it again nor what was pushed before adds anything.
func TestFileOfARevokedDeviceIsTakenOnce(t *testing.T) {
	o := newOffice(t)
	s, other := o.station("Оператор 1"), o.station("Оператор 2")
	pushed, fresh := s.create(), s.create()
	s.push(pushed)
	note := s.event(fresh.Ent, 0, app.Event{Type: app.EventNote, Text: "Позвонил."})
	alien := other.create()
	alien.Schema = app.Schema + 1
	file := s.export(pushed, fresh, note, alien)
	if err := o.server.Revoke(s.id); err != nil {
		t.Fatal(err)
	}
	first, err := o.server.Take(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	want := []app.Verdict{app.VerdictDuplicate, app.VerdictApplied, app.VerdictApplied, app.VerdictRejected}
	if !slices.Equal(verdicts(first), want) || !first.Revoked || first.Device != s.id || first.Ops[2].Kind != app.OpEvent {
		t.Errorf("%+v", first)
	}
	feed := other.pull()
	if len(feed) != 4 || feed[1].Dev != s.id {
		t.Errorf("%d changes, %+v", len(feed), feed)
	}
	if a := other.appeal(fresh.Ent); len(a.Events) != 2 || a.Events[1].Text != "Позвонил." {
		t.Errorf("%+v", a)
	}
	again, err := o.server.Take(t.Context(), file)
	if err != nil || slices.ContainsFunc(again.Ops, func(o central.TakenOp) bool { return o.Verdict != app.VerdictDuplicate }) {
		t.Errorf("again: %+v %v", again, err)
	}
	if n := len(other.pull()) - len(feed); n != 0 {
		t.Errorf("taking it again brought %d changes", n)
	}
}

// TestNoChangedFileIsTaken flips every byte, cuts the file everywhere, and has
// others sign it.
func TestNoChangedFileIsTaken(t *testing.T) {
	o := newOffice(t)
	s, other := o.station("Оператор 1"), o.station("Оператор 2")
	op := s.create()
	file := s.export(op)
	refused := func(what string, file []byte) {
		t.Helper()
		_, err := o.server.Take(t.Context(), file)
		if !errors.Is(err, wire.ErrOutboxFormat) && !errors.Is(err, wire.ErrOutboxSeal) && app.CodeOf(err) != app.CodeNotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	seal := bytes.LastIndexByte(file[:len(file)-1], '\n')
	for i := range file {
		changed := bytes.Clone(file)
		// What is not signed are the words around the signature; a change that leaves
		// it readable changes nothing.
		if changed[i] ^= 1; i < seal {
			refused("changed", changed)
		}
		refused("cut", file[:i])
	}
	refused("too long", append(bytes.Clone(file), "x\n"...))
	forged, err := wire.WriteOutbox(wire.OutboxHead{Device: s.id}, []wire.OutboxOp{{Op: op}}, other.key)
	if err != nil {
		t.Fatal(err)
	}
	refused("of another device", forged)
	_, stranger, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	if forged, err = wire.WriteOutbox(wire.OutboxHead{Device: app.IDFrom("nobody")}, nil, stranger); err != nil {
		t.Fatal(err)
	}
	refused("of a stranger", forged)
	if m := get[wire.Meta](o, "GET", wire.PathMeta, "", nil); m.Head != 0 {
		t.Errorf("%d changes were written", m.Head)
	}
	if taken, err := o.server.Take(t.Context(), file); err != nil || len(taken.Ops) != 1 {
		t.Errorf("the file itself: %+v %v", taken, err)
	}
}

// TestFileOfACopiedWorkstationIsTaken: another copy of its database has used its
// numbers, and the device cannot take an incarnation of its own any more.
func TestFileOfACopiedWorkstationIsTaken(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	one, two := s.create(), s.create()
	two.Inc, two.N = one.Inc, one.N
	s.push(one)
	taken, err := o.server.Take(t.Context(), s.export(two))
	if err != nil || len(taken.Ops) != 1 || taken.Ops[0].Verdict != app.VerdictApplied {
		t.Errorf("%+v %v", taken, err)
	}
}

// TestGreatFileIsTakenInBatches: more than one transaction can hold.
func TestGreatFileIsTakenInBatches(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	ops := make([]app.Op, 2*wire.MaxOps+1)
	for i := range ops {
		ops[i] = s.create()
	}
	taken, err := o.server.Take(t.Context(), s.export(ops...))
	if err != nil || len(taken.Ops) != len(ops) {
		t.Fatalf("%d of %d: %v", len(taken.Ops), len(ops), err)
	}
	for i, op := range taken.Ops {
		if op.ID != ops[i].ID || op.Seq != uint64(i+1) {
			t.Fatalf("%d: %+v", i, op)
		}
	}
}

func FuzzTake(f *testing.F) {
	h := newHostile(f)
	good, err := wire.WriteOutbox(wire.OutboxHead{Device: h.device}, nil, h.key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("{}\n{}\n"))
	f.Add([]byte(`{"otklik_outbox":1,"device":"x"}` + "\n" + `{"signature":"AA=="}` + "\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if taken, err := h.server.Take(t.Context(), file); err == nil && len(taken.Ops) > 0 {
			t.Errorf("%d operations nobody has signed", len(taken.Ops))
		}
	})
}
