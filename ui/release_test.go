package ui

import (
	"strings"
	"testing"

	"otklik/app"
)

// TestANewVersionIsToldOfOnce has the region's table name one: the window says so, once,
// and says it again where people look for what is new.
func TestANewVersionIsToldOfOnce(t *testing.T) {
	f, _ := openTables(t, fixed{})
	release := func(version string) {
		t.Helper()
		problems, err := f.desk.SaveTable(app.Table{
			Name: app.TableRelease, Columns: []app.Column{"version", "place"}, Rows: [][]string{{version, "общий диск, папка «Отклик»"}},
		})
		if err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		f.settle()
	}
	release("0.0.1")
	if f.notice.object.Visible() {
		t.Error("an old version is told of")
	}
	release("99.1.0")
	if !f.notice.object.Visible() || !strings.Contains(f.notice.words.Text, "99.1.0") || !strings.Contains(f.notice.words.Text, "общий диск") {
		t.Fatalf("%q", f.notice.words.Text)
	}
	f.picture("release")
	f.notice.hide()
	f.store.commit(app.Changed{Tables: true})
	f.settle()
	if f.notice.object.Visible() {
		t.Error("it is told of again")
	}
	if told, err := f.desk.Setting(settingRelease); told != "99.1.0" || err != nil {
		t.Error("the next start would tell of it again", told, err)
	}
	release("99.2.0")
	if !f.notice.object.Visible() {
		t.Error("the version after it is not told of")
	}
}
