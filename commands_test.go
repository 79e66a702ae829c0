package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"otklik/app"
	"otklik/assets"
)

// command runs the program as the shell would.
func command(t *testing.T, want int, args ...string) (out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	if got := run(args, &o, &e); got != want {
		t.Fatalf("otklik %v: code %d, want %d: %s", args, got, want, e.String())
	}
	return o.String(), e.String()
}

func printed[T any](t *testing.T, out string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return v
}

// real gives a file of the real data, which is not part of the project.
func real(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("real data is not beside the checkout: " + name)
	}
	return path
}

// TestRealFiles reads every real file twice: the counts are those its rows
// justify, and the second time nothing changes.
func TestRealFiles(t *testing.T) {
	for _, c := range []struct {
		file                 string
		read, added, skipped int
	}{
		{"incident-manager/export_15rows.xlsx", 15, 15, 0},
		{"pages/registry_municipal.csv", 1251, 1249, 2},
		{"appeals/appeals_300.csv", 300, 300, 0},
		{"requests-311/requests.csv", 10000, 10000, 0},
		{"daily-counts/daily_counts_50pages.csv", 21183, 21183, 0},
		{"open311/georeport_2026-07-05.json", 3843, 3843, 0},
	} {
		t.Run(c.file, func(t *testing.T) {
			path, data := real(t, c.file), t.TempDir()
			out, _ := command(t, 0, "import", "--json", "--data", data, path)
			r := printed[app.ImportReport](t, out)
			if r.Read != c.read || r.Added != c.added || r.Updated != 0 || r.Skipped != c.skipped || len(r.Skips) != c.skipped {
				t.Errorf("first: %+v", r)
			}
			out, _ = command(t, 0, "import", path, "--json", "--data", data)
			r = printed[app.ImportReport](t, out)
			if r.Added != 0 || r.Updated != 0 || r.Unchanged != c.added || r.Skipped != c.skipped {
				t.Errorf("second: %+v", r)
			}
			command(t, 0, "check", "--data", data)
		})
	}
}

// TestRealLists: of a list what the region has already stays unchanged.
func TestRealLists(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		file                            string
		read, added, unchanged, skipped int
	}{
		{"appeals/executors.csv", 72, 72, 0, 0},
		{"appeals/categories.csv", 30, 0, 29, 1},
		{"appeals/topic_groups.json", 195, 186, 2, 7},
	} {
		path := real(t, c.file)
		out, _ := command(t, 0, "import", "--json", "--data", data, path)
		if r := printed[app.ImportReport](t, out); r.Read != c.read || r.Added != c.added || r.Unchanged != c.unchanged || r.Skipped != c.skipped {
			t.Errorf("%s: %+v", c.file, r)
		}
		out, _ = command(t, 0, "import", "--json", "--data", data, path)
		if r := printed[app.ImportReport](t, out); r.Added != 0 || r.Unchanged != c.added+c.unchanged || r.Skipped != c.skipped {
			t.Errorf("%s again: %+v", c.file, r)
		}
	}
	command(t, 0, "check", "--data", data)
}

// TestFiguresOfTheIncidents compares the figures with the export's own column
// of durations, summed by hand: 15 rows, median 13:46:21.
func TestFiguresOfTheIncidents(t *testing.T) {
	path, data := real(t, "incident-manager/export_15rows.xlsx"), t.TempDir()
	command(t, 0, "import", "--data", data, path)
	out, _ := command(t, 0, "stats", "--json", "--data", data)
	s := printed[app.Stats](t, out)
	if s.Appeals.Total != 15 || s.Appeals.Answered != 15 || s.Appeals.Open != 0 || s.Appeals.BySource[app.SourceIM] != 15 {
		t.Errorf("appeals %+v", s.Appeals)
	}
	if r := s.FirstResponse; r.N != 15 || r.MedianS != 13*3600+46*60+21 {
		t.Errorf("first response %+v", r)
	}
	out, _ = command(t, 0, "stats", "--json", "--data", data, "--from", "2025-12-25", "--to", "2025-12-31")
	if s := printed[app.Stats](t, out); s.Appeals.Total == 15 {
		t.Error("the period narrows nothing")
	}
}

func TestRepeatedImportUpdatesWhatChanged(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(t.TempDir(), "registry.csv")
	write := func(name string) {
		text := "Уровень;Учредитель;Наименование подведомственной организации;ОГРН;Статус;ID госпаблика;Ссылка на госпаблик ВК\n" +
			"МО;Архаринский;" + name + ";1022800872555;активный;219857107;https://vk.com/club219857107\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("Школа")
	command(t, 0, "import", "--data", data, file)
	write("Школа имени героя")
	out, _ := command(t, 0, "import", "--json", "--data", data, file)
	if r := printed[app.ImportReport](t, out); r.Updated != 1 || r.Added != 0 {
		t.Errorf("%+v", r)
	}
}

// TestFailuresAreOneClearLine asks for a non-zero code and one sentence, and
// that nothing is left behind.
func TestFailuresAreOneClearLine(t *testing.T) {
	dir := t.TempDir()
	odd := filepath.Join(dir, "odd.csv")
	if err := os.WriteFile(odd, []byte("a,b,c\n1,2,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	held := filepath.Join(t.TempDir(), "held")
	holder, err := openStation(&invocation{data: held, text: assets.Load("ru"), out: io.Discard, errOut: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer holder.store.Close()
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{1, "не найден", []string{"import", "--data", filepath.Join(dir, "d"), filepath.Join(dir, "absent.csv")}},
		{1, "заголовков", []string{"import", "--data", filepath.Join(dir, "d"), odd}},
		{1, "no known column headings", []string{"import", "--lang", "en", "--data", filepath.Join(dir, "d"), odd}},
		{1, "Неверное значение", []string{"import", "--data", filepath.Join(dir, "d")}},
		{1, "Неверное значение", []string{"stats", "--data", filepath.Join(dir, "d"), "--from", "вчера"}},
		{1, "Неверное значение", []string{"stats", "--data", filepath.Join(dir, "d"), "--from", "2026-02-01", "--to", "2026-01-01"}},
		{1, "не найден", []string{"check", "--data", filepath.Join(dir, "nowhere")}},
		{1, "открыта другой копией", []string{"stats", "--data", held}},
		{1, "не подключено", []string{"sync", "--once", "--data", filepath.Join(dir, "d"), "--server", "http://127.0.0.1:1"}},
		{1, "не отвечает", []string{"sync", "--once", "--data", filepath.Join(dir, "d"), "--server", "http://127.0.0.1:1", "--code", "X"}},
		{2, "Неверное значение", []string{"stats", "--colour"}},
	} {
		_, errOut := command(t, c.code, c.args...)
		if !strings.Contains(errOut, c.want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v says %q, want one line with %q", c.args, errOut, c.want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a check made a folder")
	}
	out, _ := command(t, 0, "stats", "--json", "--data", filepath.Join(dir, "d"))
	if s := printed[app.Stats](t, out); s.Appeals.Total != 0 {
		t.Errorf("a failed import left %d appeals", s.Appeals.Total)
	}
}

func TestHelpAndVersion(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"--help"}, {"import", "-h"}} {
		if out, _ := command(t, 0, args...); !strings.Contains(out, "otklik import") {
			t.Errorf("%v: %q", args, out)
		}
	}
	if out, _ := command(t, 0, "version"); !strings.Contains(out, assets.Version) {
		t.Errorf("version: %q", out)
	}
}

// TestPassphrase: without it nothing is read, and its file may come from Windows.
func TestPassphrase(t *testing.T) {
	data := t.TempDir()
	var st *station
	withStation(t, data, func(s *station) { st = s })
	if err := st.vault.Change("", "верный пароль"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "passphrase.txt")
	for content, want := range map[string]int{"верный пароль": 0, "\ufeffверный пароль\r\n": 0, "другой пароль\n": 1, "": 1} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		command(t, want, "stats", "--data", data, "--passphrase-file", file)
	}
	_, errOut := command(t, 1, "stats", "--data", data)
	if !strings.Contains(errOut, "закрыты паролем") {
		t.Errorf("without one: %q", errOut)
	}
}

// TestWipedFolderKeepsOnlyWhatIsOthers: nothing of the program is left.
func TestWipedFolderKeepsOnlyWhatIsOthers(t *testing.T) {
	data := t.TempDir()
	withStation(t, data, func(*station) {})
	foreign := filepath.Join(data, "отчёт.xlsx")
	if err := os.WriteFile(foreign, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	withStation(t, data, func(st *station) {
		if err := st.Wipe(); err != nil {
			t.Fatal(err)
		}
	})
	left, err := os.ReadDir(data)
	if err != nil || len(left) != 1 || left[0].Name() != filepath.Base(foreign) {
		t.Errorf("left: %v %v", left, err)
	}
	command(t, 0, "stats", "--data", data) // it begins anew
}
