package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
)

func shipped(t *testing.T) (*app.Region, app.Terms) {
	t.Helper()
	region, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	return region, terms
}

func tableOf(name app.TableName, columns string, rows ...string) app.Table {
	t := app.Table{Name: name}
	for c := range strings.SplitSeq(columns, "|") {
		t.Columns = append(t.Columns, app.Column(c))
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, strings.Split(r, "|"))
	}
	return t
}

func TestEveryTableReadsWhatItWrites(t *testing.T) {
	region, _ := shipped(t)
	names := app.TableNames()
	if len(names) != 15 {
		t.Errorf("%d tables", len(names))
	}
	for _, name := range names {
		table := region.Table(name)
		if problems := region.Check(table); len(problems) > 0 {
			t.Errorf("%s, line %d: %v", name, problems[0].Line, problems[0].Err)
		}
		if !table.Valid() {
			t.Errorf("%s does not stand by itself", name)
		}
		now := region.With([]app.Table{table}).Table(name)
		if !now.SameRows(table) {
			t.Errorf("%s is not what it was", name)
		}
	}
}

func TestProblemsAreNamedByLineAndTheOldTableStays(t *testing.T) {
	region, _ := shipped(t)
	const rules = "kind|start|length|unit"
	for _, c := range []struct {
		table app.Table
		line  int
		code  app.Code
	}{
		{tableOf(app.TableRules, rules, "incident|detected|9|work_hours", "rumour|detected|9|hours"), 2, app.CodeRowChoice},
		{tableOf(app.TableRules, rules, "incident|detected|0|hours"), 1, app.CodeRowNumber},
		{tableOf(app.TableRules, rules, "incident|detected|девять|hours"), 1, app.CodeRowNumber},
		{tableOf(app.TableRules, rules, "incident||9|hours"), 1, app.CodeRowEmpty},
		{tableOf(app.TableRules, rules), 0, app.CodeRowNone},
		{tableOf(app.TableRules, rules+"|topic", "incident|detected|9|hours|Летающие тарелки"), 1, app.CodeRowUnknown},
		{tableOf(app.TableHours, "begin|end|lunch_start|lunch_end", "18:00|08:00||"), 1, app.CodeRowOrder},
		{tableOf(app.TableHours, "begin|end|lunch_start|lunch_end", "08:00|17:00|16:30|17:30"), 1, app.CodeRowOrder},
		{tableOf(app.TableHours, "begin|end", "08:00|17:00", "09:00|18:00"), 2, app.CodeRowOne},
		{tableOf(app.TableHours, "begin|end", "восемь|17:00"), 1, app.CodeRowClock},
		{tableOf(app.TableDays, "date|day_kind", "24.06.2026|off", "31.06.2026|off"), 2, app.CodeRowDay},
		{tableOf(app.TableDays, "date|day_kind", "24.06.2026|off", "2026-06-24|short"), 2, app.CodeRowTwice},
		{tableOf(app.TableMunicipalities, "name|zone", "г. Канаш|Europe/Kanash"), 1, app.CodeRowZone},
		{tableOf(app.TableMunicipalities, "name|tile_column|tile_row", "г. Канаш|4|4", "г. Алатырь|4|4"), 2, app.CodeRowTwice},
		{tableOf(app.TableMunicipalities, "name|tile_column|tile_row", "г. Канаш|4|"), 1, app.CodeRowEmpty},
		{tableOf(app.TableOccasions, "date|name|municipality", "04.06.2026|Ливень|г. Китеж"), 1, app.CodeRowUnknown},
		{tableOf(app.TableTopics, "group|topic", "Чужая группа|Тема"), 1, app.CodeRowGroup},
		{tableOf(app.TableRoutes, "group|executor", "ЖКХ|Никто"), 1, app.CodeRowUnknown},
		{tableOf(app.TableRoutes, "group|topic|executor", "Дороги|Лифты|Минстрой Чувашии"), 1, app.CodeRowUnknown},
		{tableOf(app.TableTemplates, "name|text", "Срок|Ответим до {срок"), 1, app.CodeRowBraces},
		{tableOf(app.TableViews, "name|query", "Снег|Words: снег"), 1, app.CodeRowView},
		{tableOf(app.TableRelease, "version|place", "новая|диск"), 1, app.CodeRowVersion},
		{tableOf(app.TableRelease, "version|place", strings.Repeat("0", 100)+"1|диск"), 1, app.CodeRowVersion},
		{tableOf(app.TableRelease, "version|place", "1\x1b[2J|диск"), 1, app.CodeRowVersion},
		{tableOf(app.TableRelease, "version|place", "0.2.0|диск", "0.3.0|диск"), 2, app.CodeRowOne},
		{tableOf("of_tomorrow", "name", "x"), 0, app.CodeRowTable},
	} {
		problems := region.Check(c.table)
		if len(problems) == 0 || problems[0].Line != c.line || problems[0].Err.Code != c.code {
			t.Errorf("%s %v: %+v, want line %d %s", c.table.Name, c.table.Rows, problems, c.line, c.code)
			continue
		}
		for _, lang := range assets.Languages {
			if s := assets.Load(lang).Sentence(problems[0].Err); strings.Contains(s, "%!") || strings.Contains(s, "row_") {
				t.Errorf("%s: %s", lang, s)
			}
		}
		before, after := region.Table(c.table.Name), region.With([]app.Table{c.table}).Table(c.table.Name)
		reference := c.code == app.CodeRowUnknown || c.code == app.CodeRowGroup // which is asked only where the table is made
		if !reference && !after.SameRows(before) {
			t.Errorf("%s: the old table did not stay in force", c.table.Name)
		}
	}
}

func TestTermsFollowTheTables(t *testing.T) {
	_, terms := shipped(t)
	start := time.Date(2026, 6, 23, 8, 0, 0, 0, time.UTC) // Tuesday, 11:00 in Moscow
	a := &app.Appeal{Kind: app.KindIncident, Status: app.StatusNew, Municipality: "г. Канаш"}
	a.Apply(app.Event{ID: "1", Type: app.EventDetected, At: start})
	rules := tableOf(app.TableRules, "kind|start|length|unit", "incident|detected|8|work_hours")
	hours := tableOf(app.TableHours, "begin|end", "09:00|17:00")
	days := tableOf(app.TableDays, "date|day_kind|name", "2026-06-24|off|День республики")
	zones := tableOf(app.TableMunicipalities, "name|zone", "г. Канаш|Europe/Samara")
	for _, c := range []struct {
		tables []app.Table
		want   string // in UTC
	}{
		{[]app.Table{rules}, "2026-06-24 07:00"},                     // 11–12, 13–18, then 2 of 8 from 8 on
		{[]app.Table{rules, hours}, "2026-06-24 08:00"},              // 6 of 11–17, 2 from 9 on
		{[]app.Table{rules, hours, days}, "2026-06-25 08:00"},        // a day later
		{[]app.Table{days, hours, rules, zones}, "2026-06-25 08:00"}, // 12–17, 3 from 9 on, an hour earlier than in Moscow
	} {
		_, now := terms.Book(c.tables)
		if got := now.Deadline(a).Due.UTC().Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%d tables: %s, want %s", len(c.tables), got, c.want)
		}
		if now.Version == terms.Version {
			t.Errorf("%d tables do not show in the version", len(c.tables))
		}
		if _, back := now.Book(nil); back.Version != terms.Version {
			t.Error("without tables the terms are not those shipped")
		}
	}
	_, same := terms.Book([]app.Table{tableOf(app.TableChecklist, "check", "Есть дата")})
	if same.Version != terms.Version {
		t.Error("terms do not follow from the checklist")
	}
}

func TestACuratorChangesATableAndAnOperatorDoesNot(t *testing.T) {
	d := desk(t, app.RoleCurator)
	told := false
	defer d.Subscribe(func(c app.Changed) { told = told || c.Tables })()
	table := tableOf(app.TableChecklist, "check", "Есть дата", "", "Есть акт")
	if problems, err := d.SaveTable(table); len(problems) > 0 || err != nil {
		t.Fatal(problems, err)
	}
	if got := d.Region().Checklist; !told || !slices.Equal(got, []string{"Есть дата", "Есть акт"}) {
		t.Errorf("in force: %v, told: %v", got, told)
	}
	entries, err := d.Entries(10)
	if err != nil || len(entries) != 1 || entries[0].Op.Kind != app.OpTable || entries[0].Op.Ent != "checklist" {
		t.Fatalf("%+v, %v", entries, err)
	}
	if _, err := d.SaveTable(d.Region().Table(app.TableChecklist)); err != nil {
		t.Fatal(err)
	}
	if entries, _ := d.Entries(10); len(entries) != 1 {
		t.Error("a table that says the same is sent")
	}
	bad := tableOf(app.TableRoutes, "group|executor", "ЖКХ|Никто")
	if problems, err := d.SaveTable(bad); len(problems) != 1 || err != nil || len(d.Region().Routes) < 2 {
		t.Errorf("%v, %v", problems, err)
	}
	other := desk(t, app.RoleOperator)
	if _, err := other.SaveTable(table); app.CodeOf(err) != app.CodeWrongRole {
		t.Errorf("an operator: %v", err)
	}
}

// TestRelease has versions as numbers, not as words, and a hostile place on one line.
func TestRelease(t *testing.T) {
	region, _ := shipped(t)
	if _, newer := region.Newer("0.1.0"); newer {
		t.Error("a region that names no version has a newer one")
	}
	for _, c := range []struct {
		than, version string
		want          bool
	}{
		{"0.1.0", "0.2.0", true},
		{"0.9.0", "0.10.0", true},
		{"0.10.0", "0.9.1", false},
		{"0.1.0", "1", true},
		{"0.1.0", "0.1.0", false},
	} {
		r, newer := region.With([]app.Table{tableOf(app.TableRelease, "version|place", c.version+"|диск\u2028\n\x1b[2J\u202e\u2066\x00"+strings.Repeat("Я ", 5000))}).Newer(c.than)
		if newer != c.want {
			t.Errorf("%s after %s: %v", c.version, c.than, newer)
		}
		if len([]rune(r.Place)) > 210 || strings.ContainsAny(r.Place, "\n\u2028\x1b\u202e\u2066\x00") {
			t.Errorf("%q", r.Place)
		}
	}
}
