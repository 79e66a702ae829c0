package conform

import (
	"context"
	"fmt"

	"otklik/app"
	"otklik/sync/wire"
)

// checkScope moves appeals about and asks what a workstation learns of it that may
// see some municipalities only.
func checkScope(ctx context.Context, t *trial) error {
	if t.narrow == nil {
		return fmt.Errorf("%w: a third one, for some municipalities only", errSkipped)
	}
	n, d := t.narrow, t.one
	if len(n.scope) == 0 {
		return fmt.Errorf("the third enrolment code is for the whole region")
	}
	here, elsewhere := n.scope[0], "Проверка сервера, другой муниципалитет"
	got, err := n.send(ctx, "GET", wire.PathSnapshot, n.token, nil)
	if err != nil {
		return err
	}
	var shot app.Snapshot
	if err := got.into(&shot); err != nil {
		return err
	}
	stays, leaves, comes := d.createAt(elsewhere), d.createAt(here), d.createAt(elsewhere)
	for _, op := range []app.Op{stays, leaves, comes, d.note(comes.Ent, "до переезда")} {
		if _, err := d.judged(ctx, op, app.VerdictApplied, ""); err != nil {
			return err
		}
	}
	if err := n.learns(ctx, shot.Next, map[string]app.OpKind{leaves.Ent: app.OpCreate}, stays, comes); err != nil {
		return err
	}
	if err := n.cannotTell(ctx, stays.Ent); err != nil {
		return err
	}
	for ent, to := range map[string]string{leaves.Ent: elsewhere, comes.Ent: here} {
		op := d.op(app.OpAmend, newID(), ent, 0, app.Amendment{Fields: app.Appeal{Municipality: to}})
		if _, err := d.judged(ctx, op, app.VerdictApplied, ""); err != nil {
			return err
		}
	}
	if err := n.learns(ctx, shot.Next, map[string]app.OpKind{leaves.Ent: app.ChangeGone, comes.Ent: app.ChangeEntered}, stays); err != nil {
		return err
	}
	a, err := n.appeal(ctx, comes.Ent)
	if err == nil && len(a.Events) < 2 {
		err = fmt.Errorf("an appeal that came into scope has lost its history: %d events", len(a.Events))
	}
	return err
}

func (d *device) createAt(municipality string) app.Op {
	op := d.create()
	a, _ := app.Decode[app.Appeal](op.Payload) // written just now
	a.Municipality = municipality
	op.Payload = app.Encode(a)
	return op
}

// learns reads the feed after the cursor and asserts what its last word on appeals
// is, and that there is none on others.
func (d *device) learns(ctx context.Context, after string, want map[string]app.OpKind, never ...app.Op) error {
	last := map[string]app.Change{}
	for {
		page, err := d.pull(ctx, after, wire.MaxPage, 0)
		if err != nil {
			return err
		}
		for _, c := range page.Changes {
			if c.Dev != d.id { // its own verdicts come in any case
				last[c.Ent] = c
			}
		}
		if page.Next == after {
			break
		}
		after = page.Next
	}
	for ent, kind := range want {
		if last[ent].Kind != kind {
			return fmt.Errorf("the last word on %s is %q, expected %s", ent, last[ent].Kind, kind)
		}
		if kind == app.ChangeGone && (last[ent].Op != "" || last[ent].Body != nil) {
			return fmt.Errorf("of an appeal that is gone more is told than that: %+v", last[ent])
		}
	}
	for _, op := range never {
		if c, told := last[op.Ent]; told {
			return fmt.Errorf("%s, which is out of scope, is told of by %q", op.Ent, c.Kind)
		}
	}
	return nil
}

// cannotTell asserts that an appeal out of scope is answered as one that is not
// there.
func (d *device) cannotTell(ctx context.Context, hidden string) error {
	absent := newID()
	var answers []wire.Judged
	for _, ent := range []string{hidden, absent} {
		if err := d.refuse(ctx, "GET", wire.PathAppeals+ent, d.token, nil, 404, app.CodeNotFound); err != nil {
			return err
		}
		v, err := d.push(ctx, d.note(ent, "чужое"))
		if err != nil {
			return err
		}
		answers = append(answers, wire.Judged{Verdict: v[0].Verdict, Reason: v[0].Reason, AfterMS: v[0].AfterMS})
	}
	if answers[0] != answers[1] || answers[0].Verdict != app.VerdictRejected && answers[0].Verdict != app.VerdictRetry {
		return fmt.Errorf("an operation on what is out of scope is answered %+v, on what is not there %+v", answers[0], answers[1])
	}
	return nil
}
