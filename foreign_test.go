package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"otklik/app"
)

// fileWith writes a file for a test.
func fileWith(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// textsOf imports a file and gives the texts of the appeals that are there then.
func textsOf(t *testing.T, path string, flags ...string) (out []string) {
	t.Helper()
	data := t.TempDir()
	command(t, 0, append([]string{"import", "--data", data, path}, flags...)...)
	for _, a := range records(t, data) {
		out = append(out, a.Text)
	}
	slices.Sort(out)
	return out
}

// TestFlagsOfAnImport: without each of them the file reads otherwise, or not at all.
func TestFlagsOfAnImport(t *testing.T) {
	book := excelize.NewFile()
	for n, sheet := range []string{"Sheet1", "Прошлый год"} {
		if n > 0 {
			if _, err := book.NewSheet(sheet); err != nil {
				t.Fatal(err)
			}
		}
		for i, row := range [][]string{{"id", "text", "category", "theme"}, {sheet, sheet, "ЖКХ", "Свет"}} {
			if err := book.SetSheetRow(sheet, "A"+string(rune('1'+i)), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	sheets := filepath.Join(t.TempDir(), "книга.xlsx")
	if err := book.SaveAs(sheets); err != nil {
		t.Fatal(err)
	}
	utf8, err := charmap.Windows1251.NewDecoder().String("Яма")
	if err != nil {
		t.Fatal(err)
	}
	appeals := func(sep string) string {
		return strings.ReplaceAll("id;text;category;theme\n1;Яма;Дороги;Ямы\n", ";", sep)
	}
	for _, c := range []struct {
		path    string
		flags   []string
		without []string // nil: the file is refused
		with    []string
	}{
		{fileWith(t, "e.csv", appeals(";")), []string{"--encoding", "windows-1251"}, []string{"Яма"}, []string{utf8}},
		{fileWith(t, "s.csv", appeals("^")), []string{"--separator", "^"}, nil, []string{"Яма"}},
		{fileWith(t, "t.csv", "id\ttext; больше\tcategory\ttheme\n1\tЯма\tДороги\tЯмы\n"), []string{"--separator", "tab", "--column", "text; больше=text"}, nil, []string{"Яма"}},
		{sheets, []string{"--sheet", "Прошлый год"}, []string{"Sheet1"}, []string{"Прошлый год"}},
		{fileWith(t, "h.csv", appeals(";")+"id;theme;category;text\n2;Свет;ЖКХ;Темно\n"), []string{"--heading", "3"}, []string{"theme", "Свет", "Яма"}, []string{"Темно"}},
		{fileWith(t, "c.csv", "id;Что;category;theme\n1;Яма;Дороги;Ямы\n"), []string{"--column", "Что=text"}, nil, []string{"Яма"}},
	} {
		name := strings.Join(c.flags, " ")
		if c.without == nil {
			command(t, 1, "import", "--data", t.TempDir(), c.path)
		} else if got := textsOf(t, c.path); !slices.Equal(got, c.without) {
			t.Errorf("without %s: %q, want %q", name, got, c.without)
		}
		if got := textsOf(t, c.path, c.flags...); !slices.Equal(got, c.with) {
			t.Errorf("%s: %q, want %q", name, got, c.with)
		}
	}
	for _, bad := range [][]string{{"--encoding", "koi8-r"}, {"--separator", "ab"}, {"--heading", "-1"}, {"--profile", "нет такого"}} {
		command(t, 1, append([]string{"import", "--data", t.TempDir(), fileWith(t, "x.csv", appeals(";"))}, bad...)...)
	}
	command(t, 2, "import", "--data", t.TempDir(), "--column", "text", sheets)
	if _, said := command(t, 1, "import", "--data", t.TempDir(), "--sheet", "Нет", sheets); !strings.Contains(said, "книга.xlsx") {
		t.Errorf("a sheet that is not there: %s", said)
	}
}

func TestImportByASavedProfile(t *testing.T) {
	data, path := t.TempDir(), fileWith(t, "p.csv", "Код;Что;Раздел;Тема\n1;Яма;Дороги;Ямы\n")
	command(t, 1, "import", "--data", data, path)
	withStation(t, data, func(st *station) {
		how := app.Layout{Format: "appeals", Columns: map[string]string{"Код": "id", "Что": "text", "Раздел": "group"}}
		if err := st.desk.SaveImportProfile(app.ImportProfile{Name: "Приёмная", Query: app.ImportSource{Layout: how, Headings: []string{"Код"}}}); err != nil {
			t.Fatal(err)
		}
	})
	command(t, 0, "import", "--data", data, "--profile", "приёмная", path)
	for _, a := range records(t, data) {
		if a.External != "1" || a.Text != "Яма" || a.Group != "Дороги" {
			t.Errorf("%+v", a)
		}
	}
	// What is said besides goes over the profile.
	command(t, 1, "import", "--data", data, "--profile", "приёмная", "--column", "Что=", path)
}

func TestPreviewImportsNothing(t *testing.T) {
	data, path := t.TempDir(), fileWith(t, "a.csv", "id;text;category;theme\n1;Яма;Дороги;Ямы\n2;;ЖКХ;Свет\n")
	out, _ := command(t, 0, "import", "--preview", "--json", "--data", data, path)
	p := printed[app.Preview](t, out)
	if p.Layout.Format != "appeals" || len(p.Rows) != 2 || p.Rows[1].Problems[1] != "no_text" || len(p.Rows[0].Problems) != 0 || p.List != nil {
		t.Errorf("%+v", p)
	}
	out, _ = command(t, 0, "import", "--preview", "--data", data, path)
	for _, words := range []string{"appeals", "«text» → text", "строка 3: нет текста", "Ничего не загружено"} {
		if !strings.Contains(out, words) {
			t.Errorf("no %q in %s", words, out)
		}
	}
	if n := len(records(t, data)); n != 0 {
		t.Errorf("a preview left %d appeals", n)
	}
}

func TestSkippedRowsAreWritten(t *testing.T) {
	data, path := t.TempDir(), fileWith(t, "a.csv", "id;text;category;theme\n1;Яма;Дороги;Ямы\n2;;ЖКХ;Свет\n")
	to := filepath.Join(t.TempDir(), "пропущено.csv")
	command(t, 0, "import", "--data", data, "--skipped", to, path)
	raw, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil || len(rows) != 2 || !slices.Equal(rows[1], []string{"3", "нет текста обращения", "2", "", "ЖКХ", "Свет"}) {
		t.Fatalf("%q, %v", rows, err)
	}
	mended := fileWith(t, "m.csv", strings.Replace(string(raw), ";;", ";Темно;", 1))
	out, _ := command(t, 0, "import", "--json", "--data", data, mended)
	if r := printed[app.ImportReport](t, out); r.Added != 1 || r.Skipped != 0 {
		t.Errorf("%+v", r)
	}
	command(t, 1, "import", "--data", data, "--skipped", to, path) // it is there already
}

// TestImportsAreListedAndUndone by the command line: the last one, and one that is named.
func TestImportsAreListedAndUndone(t *testing.T) {
	data := t.TempDir()
	if out, _ := command(t, 0, "imports", "--json", "--data", data); len(printed[[]app.Imported](t, out)) != 0 {
		t.Error(out)
	}
	command(t, 1, "import", "--undo", "--data", data)
	for _, id := range []string{"1", "2", "3"} {
		command(t, 0, "import", "--data", data, fileWith(t, id+".csv", "id;text;category;theme\n"+id+";Яма;Дороги;Ямы\n"))
	}
	out, _ := command(t, 0, "imports", "--json", "--data", data)
	all := printed[[]app.Imported](t, out)
	if len(all) != 3 || all[0].File != "3.csv" || all[2].Added != 1 {
		t.Fatalf("%+v", all)
	}
	left := func(want ...string) {
		t.Helper()
		var got []string
		for _, a := range records(t, data) {
			got = append(got, a.External)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("left %q, want %q", got, want)
		}
	}
	command(t, 0, "import", "--undo", "--data", data)
	left("1", "2")
	command(t, 0, "import", "--undo", strings.ToLower(all[2].ID), "--data", data)
	left("2")
	command(t, 1, "import", "--undo", all[2].ID, "--data", data) // once more
	command(t, 1, "import", "--undo", "нет такого", "--data", data)
	out, _ = command(t, 0, "imports", "--data", data)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) != 3 || !strings.Contains(lines[0], "отменён") || !strings.Contains(lines[1], "загружено") {
		t.Error(out)
	}
	out, _ = command(t, 0, "import", "--undo", "--json", "--data", data)
	if r := printed[app.UndoneImport](t, out); r.Removed != 1 {
		t.Errorf("%+v", r)
	}
	left()
}

// TestListsOfTheRegion are imported and undone as other files are; --format and --column
// say what a list of one column holds.
func TestListsOfTheRegion(t *testing.T) {
	data := t.TempDir()
	list := "Служба первая; отдел 1\nСлужба вторая\n"
	nameless := fileWith(t, "перечень.csv", list)
	if _, said := command(t, 1, "import", "--data", data, nameless); !strings.Contains(said, "перечень.csv") {
		t.Error(said)
	}
	out, _ := command(t, 0, "import", "--preview", "--data", data, "--format", "region-executors", nameless)
	if !strings.Contains(out, "новых — 2, уже есть — 0, не загрузится — 0") {
		t.Error(out)
	}
	executors := func() (out []string) {
		withStation(t, data, func(st *station) { out = st.desk.Region().Executors })
		return out
	}
	before := executors()
	for _, how := range [][]string{
		{nameless, "--format", "region-executors"}, {nameless, "--column", "перечень=executor"}, {fileWith(t, "исполнители.csv", list)},
	} {
		out, _ = command(t, 0, append([]string{"import", "--json", "--data", data}, how...)...)
		if r := printed[app.ImportReport](t, out); r.Added != 2 || r.Format != "region-executors" {
			t.Errorf("%q: %+v", how, r)
		}
		if now := executors(); len(now) != len(before)+2 || now[len(before)] != "Служба первая; отдел 1" {
			t.Errorf("%q: %q", how, now)
		}
		out, _ = command(t, 0, append([]string{"import", "--json", "--data", data}, how...)...)
		if r := printed[app.ImportReport](t, out); r.Added != 0 || r.Unchanged != 2 {
			t.Errorf("%q again: %+v", how, r)
		}
		command(t, 0, "import", "--undo", "--data", data)
		if now := executors(); !slices.Equal(now, before) {
			t.Errorf("%q after the undo: %q", how, now)
		}
	}
}

// TestSkippedRowsOfAListComeBack in either language: the two headings before its own do
// not make it another table.
func TestSkippedRowsOfAListComeBack(t *testing.T) {
	for _, lang := range []string{"ru", "en"} {
		data, to := t.TempDir(), filepath.Join(t.TempDir(), "s.csv")
		command(t, 0, "import", "--lang", lang, "--data", data, "--skipped", to, fileWith(t, "t.json", `{"Ямы 2":"Дороги","Свет 2":"Нет такой"}`))
		raw, err := os.ReadFile(to)
		if err != nil {
			t.Fatal(err)
		}
		mended := fileWith(t, "m.csv", strings.ReplaceAll(string(raw), ";Нет такой", ";ЖКХ"))
		out, _ := command(t, 0, "import", "--json", "--data", data, mended)
		if r := printed[app.ImportReport](t, out); r.Added != 1 || r.Format != "region-topics" {
			t.Errorf("%s: %+v in %s", lang, r, raw)
		}
	}
}
