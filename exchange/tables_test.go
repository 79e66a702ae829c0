package exchange

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"otklik/app"
	"otklik/assets"
)

var russian = assets.Load("ru")

func words(key string) string { return russian.T(key) }

func shippedRegion(t *testing.T) *app.Region {
	t.Helper()
	r, _, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// full is a region every table of which has rows, with what files could lose.
func full(t *testing.T) *app.Region {
	r := *shippedRegion(t)
	day, err := app.ParseDay("2026-06-24")
	if err != nil {
		t.Fatal(err)
	}
	r.Days = []app.RegionDay{{Date: day, Kind: app.DayOff, Name: "День республики; «праздник»"}}
	r.Views = []app.View{{Name: "Снег", Query: app.Query{Words: `снег, "лёд"`, Filter: app.Filter{Groups: []string{"ЖКХ"}}}}}
	r.Rules = append(r.Rules, app.Rule{Group: "ЖКХ", Topic: "Лифты", Start: []app.EventType{app.EventRouted}, Length: 1.5, Unit: app.UnitHours, PauseOn: []app.Status{app.StatusClarifying, app.StatusRework}})
	r.Release = app.Release{Version: "0.2.0", Place: "общий диск; папка «Отклик»"}
	r.Templates = append(r.Templates, app.Template{Name: "Номер и срок", Text: "Здравствуйте!\n\nОбращение {номер}, срок {срок}."})
	return &r
}

func TestATableComesBackAsItWasWritten(t *testing.T) {
	region := full(t)
	for _, name := range app.TableNames() {
		table := region.Table(name)
		if len(table.Rows) == 0 {
			t.Errorf("%s has no rows to try", name)
		}
		for _, ending := range []string{".xlsx", ".csv"} {
			path := filepath.Join(t.TempDir(), "table"+ending)
			if err := WriteTable(path, table, words); err != nil {
				t.Fatal(err)
			}
			got, problems, err := ReadTable(path, name, words)
			if err != nil || len(problems) > 0 {
				t.Fatalf("%s%s: %v, %v", name, ending, problems, err)
			}
			if problems := region.Check(got); len(problems) > 0 {
				t.Errorf("%s%s: line %d: %v", name, ending, problems[0].Line, problems[0].Err)
				continue
			}
			back := region.With([]app.Table{got})
			if now := back.Table(name); !now.SameRows(table) {
				t.Errorf("%s%s:\n%v\nbecame\n%v", name, ending, table.Rows, now.Rows)
			}
			if err := WriteTable(path, table, words); app.CodeOf(err) != app.CodeFileExists {
				t.Errorf("a file is replaced: %v", err)
			}
		}
	}
}

func TestHeadingsByNameInAnyOrderAndEncoding(t *testing.T) {
	region := shippedRegion(t)
	const text = "Ответственный,МО,Примечание,Тема\r\n\r\nМинстрой Чувашии,г. Канаш,не читается,Лифты\r\nМинтранс Чувашии,,,Светофоры\r\n"
	cyrillic, err := charmap.Windows1251.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for what, content := range map[string]string{"utf-8": text, "windows-1251": cyrillic, "semicolons": strings.ReplaceAll(text, ",", ";")} {
		t.Run(what, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "routes.csv")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			table, problems, err := ReadTable(path, app.TableRoutes, words)
			if err != nil || len(problems) > 0 {
				t.Fatal(problems, err)
			}
			if problems := region.Check(table); len(problems) > 0 {
				t.Fatal(problems[0].Err)
			}
			now := region.With([]app.Table{table})
			if got := now.RouteFor("ЖКХ", "Лифты", "г. Канаш"); got != "Минстрой Чувашии" || len(now.Routes) != 2 {
				t.Errorf("%q of %v", got, now.Routes)
			}
		})
	}
}

func TestBadRowsAreNamedByTheLineOfTheFile(t *testing.T) {
	region := shippedRegion(t)
	path := filepath.Join(t.TempDir(), "rules.csv")
	content := "Правила сроков\nВид обращения;Отсчёт от;Срок;Единица срока\n" +
		"Инцидент;выявлено;9;рабочих часов\n" +
		"Жалоба;выявлено;9;рабочих часов\n" +
		"Инцидент;выявлено;много;часов\n" +
		"Инцидент;;9;\n" +
		"Инцидент;выявлено;9;часов;лишнее\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	table, unread, err := ReadTable(path, app.TableRules, words)
	if err != nil {
		t.Fatal(err)
	}
	got := map[int]string{}
	for _, p := range append(region.Check(table), unread...) {
		got[p.Line] += assets.Load("ru").Sentence(p.Err)
	}
	for line, want := range map[int][]string{
		4: {"Вид", "Жалоба", "Инцидент"}, 5: {"много"}, 6: {"Единица"},
	} {
		for _, w := range want {
			if !strings.Contains(got[line], w) {
				t.Errorf("line %d: %q does not name %q", line, got[line], w)
			}
		}
	}
	if got[3] != "" || got[7] == "" || len(got) != 4 {
		t.Errorf("%v", got)
	}
}

func TestWhatPeopleTypeIntoCells(t *testing.T) {
	book := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "Начало дня", "B1": "Конец дня", "A2": 8.5 / 24, "B2": "17:30"} {
		if err := book.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "hours.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	table, _, err := ReadTable(path, app.TableHours, words)
	if err != nil {
		t.Fatal(err)
	}
	region := shippedRegion(t)
	if problems := region.Check(table); len(problems) > 0 {
		t.Fatal(problems[0].Err)
	}
	if h := region.With([]app.Table{table}).Hours; h.Start != 8*60+30 || h.End != 17*60+30 {
		t.Errorf("%+v", h)
	}
	if _, _, err := ReadTable(path, app.TableRoutes, words); app.CodeOf(err) != app.CodeTableHead {
		t.Errorf("the headings of another table: %v", err)
	}
}
