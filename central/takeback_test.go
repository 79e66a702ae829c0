package central_test

import (
	"testing"

	"otklik/app"
)

func (s *station) takenBack(ent string, b app.TakenBack) app.Op {
	return s.op(app.OpBack, s.id26(), ent, 0, b)
}

// TestImportIsTakenBack: what an import created is not there for anybody, and may be
// created again under another operation.
func TestImportIsTakenBack(t *testing.T) {
	o := newOffice(t)
	a, b := o.station("Оператор 1"), o.station("Оператор 2").within(cheboksary)
	create := a.create()
	a.push(create)
	seen := a.appeal(create.Ent)
	a.judge(a.takenBack(create.Ent, app.TakenBack{Seen: "other"}), app.VerdictRejected, app.CodeWorkedOn)
	a.judge(a.takenBack(create.Ent, app.TakenBack{Seen: seen.Sum()}), app.VerdictApplied, "")
	a.judge(a.takenBack(create.Ent, app.TakenBack{Seen: seen.Sum()}), app.VerdictRejected, app.CodeNotFound)
	b.judge(b.event(create.Ent, 0, app.Event{Type: app.EventNote, Text: "Звонок"}), app.VerdictRejected, app.CodeOutOfScope)
	all := b.pull()
	if last := all[len(all)-1]; last.Kind != app.OpBack && all[len(all)-2].Kind != app.OpBack {
		t.Errorf("within the scope nothing is told of it: %+v", kinds(all))
	}
	again := a.create()
	again.Ent = create.Ent
	fresh, _ := app.Decode[app.Appeal](again.Payload)
	fresh.ID = create.Ent
	again.Payload = app.Encode(fresh)
	a.judge(again, app.VerdictApplied, "")
	if now := a.appeal(create.Ent); now.Undone || now.Text != "Яма на дороге" {
		t.Errorf("%+v", now)
	}
}

// TestWhatWasWorkedOnIsNotTakenBack: what people did since stands.
func TestWhatWasWorkedOnIsNotTakenBack(t *testing.T) {
	o := newOffice(t)
	a := o.station("Оператор 1")
	create := a.create()
	a.push(create)
	before := a.appeal(create.Ent)
	amend := a.op(app.OpAmend, a.id26(), create.Ent, 0, app.Amendment{
		Fields: app.Appeal{Executor: "Минтранс Чувашии", Status: app.StatusAnswered},
		Events: []app.Event{{ID: a.id26(), Type: app.EventAnswered, At: o.clock(), Text: "Ответ"}},
	})
	a.judge(amend, app.VerdictApplied, "")
	m, _ := app.Decode[app.Amendment](amend.Payload)
	after := a.appeal(create.Ent)
	fields := before
	fields.Events = nil
	back := app.TakenBack{Seen: after.Sum(), Before: &fields, Drop: []string{m.Events[0].ID}}
	a.does(create.Ent, app.Event{Type: app.EventNote, Text: "Звонок"})
	a.judge(a.takenBack(create.Ent, back), app.VerdictRejected, app.CodeWorkedOn)
	noted := a.appeal(create.Ent)
	back.Seen = noted.Sum()
	a.judge(a.takenBack(create.Ent, back), app.VerdictApplied, "")
	if now := a.appeal(create.Ent); now.Status != before.Status || now.Executor != "" || len(now.Events) != 2 {
		t.Errorf("%+v", now)
	}
}
