package bulletin

import (
	"math"
	"strings"
	"testing"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// TestDocumentsAreWhole asks of every document in both languages that it is complete:
// words for every key, rows as wide as their headings, no heading twice.
func TestDocumentsAreWhole(t *testing.T) {
	full, empty := desk(t, appealsOfWeeks()...), desk(t)
	for _, lang := range assets.Languages {
		for _, k := range Kinds {
			for _, from := range []*app.Desk{full, empty} {
				d := made(t, from, lang, k, app.Inquiry{})
				if d.Title == "" || d.Period == "" || d.AsOf == "" || d.Centre == "" || len(d.Method) == 0 || len(d.Blocks) == 0 {
					t.Errorf("%s, %s: %+v", k, lang, d)
				}
				for _, s := range words(d) {
					for _, family := range []string{"bulletin.", "month.", "days.", "chart.", "source.", "%!"} {
						if strings.Contains(s, family) {
							t.Errorf("%s, %s says %q", k, lang, s)
						}
					}
				}
				for _, table := range tables(d) {
					checkTable(t, k, table)
				}
			}
		}
	}
}

func checkTable(t *testing.T, k Kind, table *report.Table) {
	t.Helper()
	heads := map[string]bool{}
	for _, c := range table.Columns {
		if heads[c.Title] || c.Title == "" {
			t.Errorf("%s, %q: heading %q", k, table.Title, c.Title)
		}
		heads[c.Title] = true
	}
	for _, row := range append(table.Rows, table.Total) {
		if row != nil && len(row) != len(table.Columns) {
			t.Errorf("%s, %q: a row of %d cells under %d headings", k, table.Title, len(row), len(table.Columns))
		}
	}
}

// TestSharesOfTablesAddUp asks that every column of shares whose total is 100 % comes to
// it as written, and that counts come to their totals.
func TestSharesOfTablesAddUp(t *testing.T) {
	from := desk(t, appealsOfWeeks()...)
	checked := 0
	for _, k := range Kinds {
		for _, table := range tables(made(t, from, "ru", k, app.Inquiry{})) {
			for i, total := range table.Total {
				if total.None || total.Kind != report.ValueShare || total.Number != 1 {
					continue
				}
				sum := 0.0
				for _, row := range table.Rows {
					sum += math.Round(row[i].Number * 1000)
				}
				if part := table.Columns[i].Title; part == "Доля" {
					checked++
					if sum != 1000 {
						t.Errorf("%s, %q: %q adds up to %v", k, table.Title, part, sum/10)
					}
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no shares were found")
	}
}

// TestNoPersonalData plants words into every field of an appeal that holds personal data.
func TestNoPersonalData(t *testing.T) {
	from := desk(t, appealsOfWeeks()...)
	q := app.Inquiry{Filter: app.Filter{Assignees: []string{"Приметнов"}, Place: "потайной переулок|7"}}
	for _, k := range Kinds {
		for _, q := range []app.Inquiry{{}, q} {
			for _, s := range words(made(t, from, "ru", k, q)) {
				for _, p := range planted {
					if strings.Contains(strings.ToLower(s), strings.ToLower(p)) {
						t.Errorf("%s says %q", k, s)
					}
				}
			}
		}
	}
}

func TestEmptyPeriodSaysSo(t *testing.T) {
	from := desk(t)
	for _, k := range Kinds {
		if k == KindPages {
			continue
		}
		if all := strings.Join(words(made(t, from, "ru", k, app.Inquiry{})), "\n"); !strings.Contains(all, "За этот период нет данных") {
			t.Errorf("%s of nothing: %s", k, all)
		}
	}
}

func TestFilterIsTold(t *testing.T) {
	from := desk(t, appealsOfWeeks()...)
	whole := made(t, from, "ru", KindWeek, app.Inquiry{})
	part := made(t, from, "ru", KindWeek, app.Inquiry{Filter: app.Filter{
		Municipalities: []string{"Канаш", ""}, Sources: []app.Source{app.SourceVK}, Assignees: []string{"Приметнов"},
	}})
	if all := strings.Join(words(part), "\n"); !strings.Contains(all, "муниципалитет — Канаш, не указано; канал — ВКонтакте; 1 ответственный") {
		t.Errorf("narrowed: %s", all)
	}
	if whole.Name == part.Name {
		t.Errorf("both files are %s", whole.Name)
	}
}

func TestRankingKeepsFewApart(t *testing.T) {
	few := appealsOfWeeks()
	for i := range few {
		if i%3 == 2 && i > 20 { // leaves some of the third body
			few[i].Executor, few[i].Events[1].Target = few[0].Executor, few[0].Executor
		}
	}
	from := desk(t, few...)
	day := func(s string) app.Day { d, _ := app.ParseDay(s); return d }
	d := made(t, from, "ru", KindRanking, app.Inquiry{Period: app.Period{From: day("2026-11-02"), To: day("2026-11-22")}})
	var places, apart []string
	for _, table := range tables(d) {
		switch {
		case table.Title == "Исполнители":
			for _, row := range table.Rows {
				places = append(places, row[1].Words)
			}
		case strings.HasPrefix(table.Title, "Исполнители, у которых мало ответов"):
			for _, row := range table.Rows {
				apart = append(apart, row[0].Words)
			}
		}
	}
	if len(places) != 2 || places[0] != "Министерство ЖКХ" || places[1] != "Министерство Дороги" ||
		len(apart) != 1 || apart[0] != "Министерство Благоустройство" {
		t.Errorf("places %q, apart %q", places, apart)
	}
}
