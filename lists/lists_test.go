package lists

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
)

// shelf is a store of some appeals and a journal.
type shelf struct {
	app.Store
	appeals []*app.Appeal
	journal []app.Export
	failing error
}

func (s *shelf) OnCommit(func(app.Changed)) {}

func (s *shelf) Tables() ([]app.Table, error) { return nil, nil }

func (s *shelf) AppealAt(record uint64) (*app.Appeal, error) {
	return s.appeals[record%uint64(len(s.appeals))], nil
}

func (s *shelf) Exported(x app.Export, _ time.Time) error {
	s.journal = append(s.journal, x)
	return s.failing
}

func desk(t testing.TB, s *shelf, roles ...app.Role) *app.Desk {
	t.Helper()
	region, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 8, 48, 0, 0, time.UTC)
	return app.NewDesk(app.Outside{
		Store: s, Region: region, Terms: terms, Me: app.Identity{Name: "Оператор 2", Roles: roles}, Now: func() time.Time { return at },
	})
}

func oneAppeal() *app.Appeal {
	a := &app.Appeal{
		ID: "A1", Number: "2026-1", Kind: app.KindIncident, Source: app.SourceVK, Status: app.StatusNew, Author: "житель г. Чебоксары",
		Contact: "https://vk.com/id1", Place: "ул. Ленина, д. 5", Municipality: "г. Чебоксары", Text: "Яма у дома 5. Звоните +7 900 000-00-00",
	}
	a.Apply(app.Event{ID: "E1", Type: app.EventDetected, At: time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)})
	return a
}

func write(t *testing.T, d *app.Desk, path string, table Table) (Done, error) {
	t.Helper()
	form := exchange.Form(strings.TrimPrefix(filepath.Ext(path), "."))
	return Write(t.Context(), d, assets.Load("ru"), Order{Path: path, Form: form}, table, func(int) {})
}

// By default a list leaves the house without what is personal, and the journal knows
// who took it, what, and how much.
func TestAListIsCoveredAndInTheJournal(t *testing.T) {
	for _, look := range []Look{{}, {Full: true}, {Personal: true}, {Full: true, Personal: true}} {
		s := &shelf{appeals: []*app.Appeal{oneAppeal()}}
		d := desk(t, s, app.RoleOperator)
		path := filepath.Join(t.TempDir(), "l.json")
		table := Appeals(d, assets.Load("ru"), []uint64{0, 0}, look)
		table.Asked = "Дороги"
		if done, err := write(t, d, path, table); err != nil || done.Rows != 2 {
			t.Fatalf("%+v, %v", done, err)
		}
		raw, err := os.ReadFile(path)
		if err != nil || !json.Valid(raw) {
			t.Fatal(err)
		}
		for _, secret := range []string{"житель", "vk.com/id1", "900 000", "д. 5", "дома 5"} {
			if strings.Contains(string(raw), secret) != look.Personal {
				t.Errorf("%+v: %q in\n%s", look, secret, raw)
			}
		}
		want := app.Export{List: ListAppeals, Rows: 2, Form: "json", Filter: "Дороги", Personal: look.Personal, By: "Оператор 2"}
		if len(s.journal) != 1 || s.journal[0] != want {
			t.Errorf("journal %+v", s.journal)
		}
	}
}

// What may not be, or goes wrong, or is stopped leaves no file behind.
func TestAListThatFailsLeavesNothing(t *testing.T) {
	texts := assets.Load("ru")
	for name, c := range map[string]struct {
		role  app.Role
		look  Look
		fails error
		stop  bool
		of    int
		form  string
		want  app.Code
	}{
		"a manager asks for personal data": {role: app.RoleManager, look: Look{Personal: true}, of: 1, form: "csv", want: app.CodeListPersonal},
		"the journal cannot be written":    {role: app.RoleOperator, fails: app.Fail(app.CodeDiskFull, "x"), of: 1, form: "xlsx", want: app.CodeDiskFull},
		"it is stopped":                    {role: app.RoleOperator, stop: true, of: 1_000_000, form: "csv", want: app.CodeCancelled},
		"more than paper has":              {role: app.RoleOperator, of: sheetMost + 1, form: "pdf", want: app.CodeListSheet},
		"no such form":                     {role: app.RoleOperator, of: 1, form: "doc", want: app.CodeBadArgument},
	} {
		s := &shelf{appeals: []*app.Appeal{oneAppeal()}, failing: c.fails}
		d := desk(t, s, c.role)
		dir := t.TempDir()
		ctx, stop := context.WithCancel(t.Context())
		_, err := Write(ctx, d, texts, Order{Path: filepath.Join(dir, "l."+c.form), Form: exchange.Form(c.form)}, Appeals(d, texts, make([]uint64, c.of), c.look), func(int) {
			if c.stop {
				stop()
			}
		})
		stop()
		left, _ := os.ReadDir(dir)
		if app.CodeOf(err) != c.want || len(left) != 0 {
			t.Errorf("%s: %v, %d files left", name, err, len(left))
		}
	}
}

// A sheet says whose it is, what it was narrowed by, of when, and how many rows.
func TestASheetToPrint(t *testing.T) {
	s := &shelf{appeals: []*app.Appeal{oneAppeal()}}
	d := desk(t, s, app.RoleOperator)
	texts := assets.Load("ru")
	table := Appeals(d, texts, make([]uint64, 40), Look{})
	table.Filter = "Дороги"
	sheet, err := newSheet(d, texts, filepath.Join(t.TempDir(), "l.pdf"), table)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.d.Period != "Дороги" || !strings.Contains(sheet.d.AsOf, "24.11.2026 11:48") || sheet.d.Title == "" || len(sheet.table.Columns) != 8 {
		t.Errorf("%+v", sheet.d)
	}
	if err := sheet.Drop(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "l.pdf")
	if done, err := write(t, d, path, table); err != nil || done.Rows != 40 {
		t.Fatalf("%+v, %v", done, err)
	}
	if raw, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(raw), "%PDF-") {
		t.Error("no PDF", err)
	}
	if _, err := write(t, d, path, table); app.CodeOf(err) != app.CodeFileExists {
		t.Errorf("written over: %v", err)
	}
}

// Of a page only its keeper is a person.
func TestPagesCoverTheirKeeper(t *testing.T) {
	d := desk(t, &shelf{}, app.RoleCurator)
	for _, personal := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "l.csv")
		rows := []app.PageRow{{Page: app.Page{ID: "P1", Network: app.SourceVK, Name: "=Округ", Keeper: "Ответственный 7"}}}
		if _, err := write(t, d, path, Pages(assets.Load("ru"), rows, personal)); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(raw), "Ответственный 7") != personal || !strings.Contains(string(raw), "'=Округ") {
			t.Errorf("%v, %s", err, raw)
		}
	}
}

// What a form cannot hold is said in words.
func TestLossesAreTold(t *testing.T) {
	texts := assets.Load("ru")
	if said := (Done{}).Told(texts); said != "" {
		t.Error(said)
	}
	said := Done{Lost: exchange.Lost{Replaced: 2, Cut: 1}}.Told(texts)
	if !strings.HasPrefix(said, "2 знака, которых") || !strings.Contains(said, "В 1 ячейке текст длиннее 32 767") {
		t.Error(said)
	}
}
