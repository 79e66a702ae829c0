package central_test

import (
	"testing"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

func checklist(lines ...string) app.Table {
	t := app.Table{Name: app.TableChecklist, Columns: []app.Column{"check"}}
	for _, l := range lines {
		t.Rows = append(t.Rows, []string{l})
	}
	return t
}

func (s *station) table(t app.Table) app.Op {
	return s.op(app.OpTable, s.id26(), string(t.Name), 0, t)
}

func TestTheLastTableStands(t *testing.T) {
	o := newOffice(t)
	one, two := o.station("Куратор 1"), o.station("Куратор 2")
	first, second := checklist("Указан срок"), checklist("Есть дата", "Есть акт")
	first.By = "кто-то другой"
	one.judge(one.table(first), app.VerdictApplied, "")
	two.judge(two.table(second), app.VerdictApplied, "")
	err := o.storage.View(t.Context(), func(r central.Reader) error {
		got, ok, err := r.Table(app.TableChecklist)
		if !ok || !got.SameRows(second) || got.By != "Куратор 2" || !got.At.Equal(noon) {
			t.Errorf("%+v", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	changes, _ := one.page("", 100, 0)
	if len(changes) != 2 || changes[0].Kind != app.OpTable {
		t.Fatalf("%+v", changes)
	}
	if got, err := app.Decode[app.Table](changes[0].Body); err != nil || got.By != "Куратор 1" || !got.SameRows(first) {
		t.Errorf("the older one is told as %+v, %v", got, err)
	}
	shot := get[app.Snapshot](o, "GET", wire.PathSnapshot, one.token, nil)
	rows := one.rowsOf(shot)[app.RowTable]
	if len(rows) != 1 {
		t.Fatalf("%d tables in the snapshot", len(rows))
	}
	if got, err := app.Decode[app.Table](rows[0]); err != nil || !got.SameRows(second) {
		t.Errorf("the snapshot has %+v, %v", got, err)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	o := newOffice(t)
	s := o.station("Куратор 1")
	other := s.table(checklist("Указан срок"))
	other.Ent = string(app.TableReasons)
	unknown := checklist("Указан срок")
	unknown.Name = "of_tomorrow"
	for what, c := range map[string]struct {
		op     app.Op
		reason app.Code
	}{
		"another name":    {other, wire.CodeMalformed},
		"no table":        {s.op(app.OpTable, s.id26(), "rules", 0, "x"), wire.CodeMalformed},
		"a later table":   {s.table(unknown), app.CodeUnknownSchema},
		"an unread row":   {s.table(app.Table{Name: app.TableHours, Columns: []app.Column{"begin", "end"}, Rows: [][]string{{"утром", "18:00"}}}), app.CodeUnknownSchema},
		"rules of no row": {s.table(app.Table{Name: app.TableRules}), app.CodeUnknownSchema},
	} {
		t.Run(what, func(t *testing.T) {
			s.judge(c.op, app.VerdictRejected, c.reason)
		})
	}
}

func TestTablesAreOfCuratorsAndReachEverybody(t *testing.T) {
	o := newOffice(t)
	all := o.station("Куратор 1")
	operator := o.station("Оператор 1", app.RoleOperator)
	narrow := o.station("Специалист")
	if err := o.server.Restrict(narrow.id, []string{"г. Канаш"}); err != nil {
		t.Fatal(err)
	}
	operator.judge(operator.table(checklist("Указан срок")), app.VerdictRejected, app.CodeWrongRole)
	all.judge(all.table(checklist("Есть акт")), app.VerdictApplied, "")
	changes, _ := narrow.page("", 100, 0)
	if len(changes) != 1 || changes[0].Kind != app.OpTable || len(changes[0].Body) == 0 {
		t.Errorf("a device of one municipality is told %+v", changes)
	}
}
