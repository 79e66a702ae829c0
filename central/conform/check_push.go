package conform

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// newID is an identifier nobody has.
func newID() string { return app.IDFrom("conformance", rand.Text()) }

func (d *device) op(kind app.OpKind, id, ent string, base uint64, payload any) app.Op {
	d.issued++
	return app.Op{
		ID: id, Dev: d.id, Inc: 1, N: d.issued, Ent: ent, Kind: kind, Base: base,
		At: d.options.Now().UTC().Truncate(time.Millisecond), Schema: app.Schema, Payload: app.Encode(payload),
	}
}

// create makes an appeal that says what it is.
func (d *device) create() app.Op {
	id := newID()
	return d.op(app.OpCreate, id, id, 0, app.Appeal{
		ID: id, Kind: app.KindIncident, Source: app.SourceFile, Text: "Проверка сервера, не обращение", Status: app.StatusNew,
		Events: []app.Event{{ID: newID(), Type: app.EventDetected, At: d.options.Now().UTC().Truncate(time.Second)}},
	})
}

func (d *device) event(ent string, base uint64, e app.Event) app.Op {
	e.ID = newID()
	return d.op(app.OpEvent, e.ID, ent, base, e)
}

func (d *device) note(ent, text string) app.Op {
	return d.event(ent, 0, app.Event{Type: app.EventNote, Text: text})
}

// judged pushes an operation and asserts its verdict.
func (d *device) judged(ctx context.Context, op app.Op, want app.Verdict, reason app.Code) (wire.Judged, error) {
	v, err := d.push(ctx, op)
	if err != nil {
		return wire.Judged{}, err
	}
	if v[0].Verdict != want || v[0].Reason != reason {
		return v[0], fmt.Errorf("expected %s %s on %s, got %s %s", want, reason, op.Kind, v[0].Verdict, v[0].Reason)
	}
	return v[0], nil
}

// fresh gives a workstation and an appeal it has just made.
func (t *trial) fresh(ctx context.Context) (*device, app.Op, wire.Judged, error) {
	d, err := t.station()
	if err != nil {
		return nil, app.Op{}, wire.Judged{}, err
	}
	create := d.create()
	v, err := d.judged(ctx, create, app.VerdictApplied, "")
	return d, create, v, err
}

func (d *device) appeal(ctx context.Context, id string) (a app.Appeal, err error) {
	got, err := d.send(ctx, "GET", wire.PathAppeals+id, d.token, nil)
	if err == nil {
		err = got.into(&a)
	}
	return a, err
}

// inFeed asserts that the operation stands in the feed once, as it was judged.
func (d *device) inFeed(ctx context.Context, op app.Op, v wire.Judged) (app.Change, error) {
	_, seen, err := d.end(ctx, "")
	if err != nil {
		return app.Change{}, err
	}
	all := seen[op.ID]
	if len(all) != 1 {
		return app.Change{}, fmt.Errorf("the operation stands %d times in the feed", len(all))
	}
	c := all[0]
	if c.Seq != v.Seq || c.Verdict != v.Verdict || c.Reason != v.Reason || c.Dev != d.id || c.Ent != op.Ent || c.At.IsZero() {
		return c, fmt.Errorf("judged %+v, the feed says %d %s %s of device %s at %s", v, c.Seq, c.Verdict, c.Reason, c.Dev, c.At)
	}
	return c, nil
}

func checkApplied(ctx context.Context, t *trial) error {
	d, create, v, err := t.fresh(ctx)
	if err != nil {
		return err
	}
	c, err := d.inFeed(ctx, create, v)
	if err != nil {
		return err
	}
	if a, err := app.Decode[app.Appeal](c.Body); err != nil || a.ID != create.Ent || a.Number == "" {
		return fmt.Errorf("the body of the change is not the appeal with its number: %.200s", c.Body)
	}
	a, err := d.appeal(ctx, create.Ent)
	if err == nil && (a.ID != create.Ent || a.Text == "") {
		err = errors.New("the appeal that was accepted is another one")
	}
	return err
}

func checkRejected(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	newer := d.note(newID(), "Проверка")
	newer.Schema = 1 << 20
	v, err := d.judged(ctx, newer, app.VerdictRejected, app.CodeUnknownSchema)
	if err == nil {
		_, err = d.inFeed(ctx, newer, v)
	}
	return err
}

func checkDuplicate(ctx context.Context, t *trial) error {
	d, create, _, err := t.fresh(ctx)
	if err != nil {
		return err
	}
	note := d.note(create.Ent, "Проверка повтора")
	first, err := d.judged(ctx, note, app.VerdictApplied, "")
	if err != nil {
		return err
	}
	note.AgeMS, note.N = 5000, 2 // what differs from sending to sending
	again, err := d.judged(ctx, note, app.VerdictDuplicate, "")
	if err != nil {
		return err
	}
	if again.Seq != first.Seq {
		return fmt.Errorf("first at %d, again at %d", first.Seq, again.Seq)
	}
	_, err = d.inFeed(ctx, note, first)
	return err
}

func checkReused(ctx context.Context, t *trial) error {
	d, create, _, err := t.fresh(ctx)
	if err != nil {
		return err
	}
	note := d.note(create.Ent, "Одно")
	if _, err := d.judged(ctx, note, app.VerdictApplied, ""); err != nil {
		return err
	}
	note.Payload = app.Encode(app.Event{ID: note.ID, Type: app.EventNote, Text: "Другое"})
	v, err := d.judged(ctx, note, app.VerdictRejected, wire.CodeIDReused)
	if err == nil && v.Seq != 0 {
		err = fmt.Errorf("the refusal took the place %d of the feed", v.Seq)
	}
	return err
}

func checkForked(ctx context.Context, t *trial) error {
	d, create, _, err := t.fresh(ctx)
	if err != nil {
		return err
	}
	copied := d.note(create.Ent, "С копии")
	copied.N = create.N
	batch := wire.Push{Ops: []app.Op{d.note(create.Ent, "Перед ней"), copied}}
	if err := t.refuse(ctx, "POST", wire.PathOps, d.token, batch, 409, wire.CodeForked); err != nil {
		return err
	}
	if _, seen, err := d.end(ctx, ""); err != nil || len(seen[batch.Ops[0].ID]) > 0 {
		return cmp.Or(err, errors.New("a batch that was refused left an operation behind"))
	}
	copied.Inc = 2
	_, err = d.judged(ctx, copied, app.VerdictApplied, "")
	return err
}

func checkOrder(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	create := d.create()
	ops, want := []app.Op{create}, []string{}
	for i := range 8 {
		text := fmt.Sprintf("Заметка %d", i)
		ops, want = append(ops, d.note(create.Ent, text)), append(want, text)
	}
	verdicts, err := d.push(ctx, ops...)
	if err != nil {
		return err
	}
	for i, v := range verdicts {
		if v.Verdict != app.VerdictApplied || i > 0 && v.Seq <= verdicts[i-1].Seq {
			return fmt.Errorf("verdict %d: %+v", i, v)
		}
	}
	a, err := d.appeal(ctx, create.Ent)
	if err != nil {
		return err
	}
	var got []string
	for _, e := range a.Events {
		if e.Type == app.EventNote {
			got = append(got, e.Text)
		}
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		return fmt.Errorf("the history reads %q", got)
	}
	return nil
}

// checkPoison sends one operation that cannot be read among many good ones, and
// one on the same appeal after one that is refused.
func checkPoison(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	const many, poisoned = 20, 7
	ops := make([]app.Op, many)
	for i := range ops {
		ops[i] = d.create()
	}
	ops[poisoned].Payload = app.Encode("это не обращение")
	after := d.note(ops[poisoned-1].Ent, "После отравленной")
	verdicts, err := d.push(ctx, append(ops, after)...)
	if err != nil {
		return err
	}
	for i, v := range verdicts {
		switch {
		case i == poisoned && (v.Verdict != app.VerdictRejected || v.Reason != wire.CodeMalformed):
			return fmt.Errorf("the poisoned operation: %+v", v)
		case i != poisoned && v.Verdict != app.VerdictApplied:
			return fmt.Errorf("operation %d beside the poisoned one: %+v", i, v)
		}
	}
	return nil
}

// pair gives both workstations and an appeal whose executor the first has
// assigned.
func (t *trial) pair(ctx context.Context) (base uint64, appeal string, err error) {
	if t.two == nil {
		return 0, "", errSkipped
	}
	d, create, v, err := t.fresh(ctx)
	if err != nil {
		return 0, "", err
	}
	assigned := d.event(create.Ent, v.Seq, app.Event{Type: app.EventAssigned, Target: "Первый"})
	_, err = d.judged(ctx, assigned, app.VerdictApplied, "")
	return v.Seq, create.Ent, err
}

func checkSuperseded(ctx context.Context, t *trial) error {
	base, appeal, err := t.pair(ctx)
	if err != nil {
		return err
	}
	same := t.two.event(appeal, base, app.Event{Type: app.EventAssigned, Target: "Первый"})
	v, err := t.two.judged(ctx, same, app.VerdictSuperseded, "")
	if err != nil {
		return err
	}
	_, err = t.two.inFeed(ctx, same, v)
	return err
}

func checkConflict(ctx context.Context, t *trial) error {
	base, appeal, err := t.pair(ctx)
	if err != nil {
		return err
	}
	other := t.two.event(appeal, base, app.Event{Type: app.EventAssigned, Target: "Второй"})
	v, err := t.two.judged(ctx, other, app.VerdictConflict, "")
	if err != nil {
		return err
	}
	c, err := t.two.inFeed(ctx, other, v)
	if err != nil {
		return err
	}
	k, err := app.Decode[app.Conflict](c.Body)
	if err != nil || k.Op != other.ID || k.Appeal != appeal || k.Mine.Target != "Второй" || k.Winner.Target != "Первый" {
		return fmt.Errorf("the body of the change does not hold both sides: %.300s", c.Body)
	}
	a, err := t.two.appeal(ctx, appeal)
	if err == nil && a.Assignee != "Первый" {
		err = fmt.Errorf("the loser's %q took effect", a.Assignee)
	}
	return err
}

func checkResolve(ctx context.Context, t *trial) error {
	base, appeal, err := t.pair(ctx)
	if err != nil {
		return err
	}
	other := t.two.event(appeal, base, app.Event{Type: app.EventAssigned, Target: "Второй"})
	if _, err := t.two.judged(ctx, other, app.VerdictConflict, ""); err != nil {
		return err
	}
	resolve := func(d *device) app.Op {
		id := newID()
		return d.op(app.OpResolve, id, appeal, 0, app.Resolution{
			Conflict: other.ID, Choice: app.ChoiceNote, Event: app.Event{ID: id, Type: app.EventNote, Text: "Остаётся первый"},
		})
	}
	if _, err := t.two.judged(ctx, resolve(t.two), app.VerdictApplied, ""); err != nil {
		return err
	}
	_, err = t.one.judged(ctx, resolve(t.one), app.VerdictSuperseded, "")
	return err
}
