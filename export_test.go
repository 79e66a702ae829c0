package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"otklik/app"
)

// records gives all appeals of a data folder, without what is the folder's own.
func records(t *testing.T, data string) map[string]*app.Appeal {
	t.Helper()
	out := map[string]*app.Appeal{}
	withStation(t, data, func(st *station) {
		all, err := st.desk.Matching(app.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		err = st.desk.EachAppeal(t.Context(), all, func(a *app.Appeal, _ app.Deadline) error {
			a.Registers = app.Registers{}
			out[a.ID] = a
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	return out
}

// Appeals go out and come in again, into an empty folder as they were; into the folder
// they are of nothing changes.
func TestAppealsGoOutAndComeBack(t *testing.T) {
	from := t.TempDir()
	source := filepath.Join(t.TempDir(), "a.csv")
	text := "id,text,category,theme,executor\n" +
		"1,\"=1+1 Яма; «глубокая»\nу дома 5, звоните +7 900 000-00-00\",Дороги,Ямы,УЖКХ\n2,' апостроф 👩🏽‍🚒,ЖКХ,@тема,\n3,@SUM(A1),ЖКХ,,-1\n"
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, 0, "import", "--data", from, source)
	want := records(t, from)
	if len(want) != 3 {
		t.Fatalf("%d appeals", len(want))
	}
	for _, form := range []string{"xlsx", "csv", "json"} {
		path := filepath.Join(t.TempDir(), "l."+form)
		out, _ := command(t, 0, "export", "appeals", "--data", from, "--out", path, "--full", "--personal", "--json")
		if x := printed[exportedList](t, out); x.Rows != 3 || !x.Personal || x.Cut != 0 || x.Replaced != 0 {
			t.Errorf("%s: %+v", form, x)
		}
		to := t.TempDir()
		out, _ = command(t, 0, "import", "--json", "--data", to, path)
		if r := printed[app.ImportReport](t, out); r.Added != 3 || r.Skipped != 0 {
			t.Errorf("%s: %+v", form, r)
		}
		if got := records(t, to); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%v\nwant\n%v", form, got, want)
		}
		for _, masked := range []string{path, filepath.Join(t.TempDir(), "m."+form)} {
			if masked != path {
				command(t, 0, "export", "appeals", "--data", from, "--out", masked, "--full")
			}
			out, _ = command(t, 0, "import", "--json", "--data", from, masked)
			if r := printed[app.ImportReport](t, out); r.Unchanged != 3 || r.Updated != 0 {
				t.Errorf("%s: a list changes what it was made of: %+v", form, r)
			}
		}
	}
	if got := records(t, from); !reflect.DeepEqual(got, want) {
		t.Error("the appeals themselves have changed")
	}
}

// A command that is wrong says what is expected, and no file is written over.
func TestExportRefuses(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	there := filepath.Join(dir, "there.csv")
	if err := os.WriteFile(there, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"appeals"}, "otklik export appeals|pages"},
		{[]string{"figures", "--out", filepath.Join(dir, "a.csv")}, "otklik export appeals|pages"},
		{[]string{"appeals", "--out", filepath.Join(dir, "a.doc")}, "xlsx"},
		{[]string{"appeals", "--out", there}, "уже есть"},
		{[]string{"appeals", "--out", filepath.Join(dir, "нет", "a.csv")}, "нет"},
		{[]string{"appeals", "--full", "--out", filepath.Join(dir, "a.csv"), "--encoding", "windows-1251"}, "utf-8"},
		{[]string{"appeals", "--out", filepath.Join(dir, "a.json"), "--encoding", "windows-1251"}, "utf-8"},
	} {
		if _, errOut := command(t, 1, append([]string{"export", "--data", data, "--lang", "ru"}, c.args...)...); !strings.Contains(errOut, c.want) {
			t.Errorf("%v: %s", c.args, errOut)
		}
	}
	if raw, _ := os.ReadFile(there); string(raw) != "x" {
		t.Error("a file was written over")
	}
}

// Pages come back as they were, and the real registry too.
func TestPagesGoOutAndComeBack(t *testing.T) {
	file, from, to := real(t, "pages/registry_municipal.csv"), t.TempDir(), t.TempDir()
	command(t, 0, "import", "--data", from, file)
	path := filepath.Join(t.TempDir(), "p.xlsx")
	command(t, 0, "export", "pages", "--data", from, "--out", path, "--personal")
	command(t, 0, "import", "--data", to, path)
	pages := func(data string) (out []app.PageRow) {
		withStation(t, data, func(st *station) {
			var err error
			if out, err = st.desk.Pages(app.PageQuery{Sort: app.PagesByName}); err != nil {
				t.Fatal(err)
			}
		})
		return out
	}
	want, got := map[string]app.Page{}, map[string]app.Page{}
	for _, r := range pages(from) {
		want[r.ID] = r.Page
	}
	for _, r := range pages(to) {
		got[r.ID] = r.Page
	}
	if len(want) < 1000 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d pages came back, of %d, or differ", len(got), len(want))
	}
}
