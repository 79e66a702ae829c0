package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/bulletin"
)

// TestReportsOfAnEmptyFolder: every document in every format says that there is nothing,
// and that is no failure.
func TestReportsOfAnEmptyFolder(t *testing.T) {
	data, out := t.TempDir(), t.TempDir()
	for _, k := range bulletin.Kinds {
		for _, f := range bulletin.Formats {
			path := filepath.Join(out, string(k)+"."+string(f))
			command(t, 0, "report", string(k), "--data", data, "--format", string(f), "--out", path)
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				t.Errorf("%s as %s: %v", k, f, err)
			}
		}
	}
	text, _ := command(t, 0, "report", "week", "--data", data, "--format", "txt", "--out", "-")
	if !strings.Contains(text, "За этот период нет данных") {
		t.Errorf("a week of nothing: %q", text)
	}
}

func TestReportWritesWhereItIsTold(t *testing.T) {
	data, out := t.TempDir(), t.TempDir()
	args := func(more ...string) []string { return append([]string{"report", "week", "--data", data}, more...) }
	command(t, 0, args("--from", "2026-11-16", "--to", "2026-11-22", "--out", out)...)
	named := filepath.Join(out, "week-2026-11-16-2026-11-22.pdf")
	if b, err := os.ReadFile(named); err != nil || !bytes.HasPrefix(b, []byte("%PDF-")) {
		t.Errorf("into a folder: %v", err)
	}
	_, errOut := command(t, 1, args("--from", "2026-11-16", "--to", "2026-11-22", "--out", out)...)
	if !strings.Contains(errOut, "уже есть") {
		t.Errorf("a second time: %q", errOut)
	}
	command(t, 0, args("--from", "2026-11-16", "--to", "2026-11-22", "--out", out, "--force")...)

	book := filepath.Join(out, "x.xlsx") // the ending names the format
	command(t, 0, args("--out", book)...)
	if b, _ := os.ReadFile(book); !bytes.HasPrefix(b, []byte("PK")) {
		t.Error("x.xlsx is no workbook")
	}
	left, err := os.ReadDir(out)
	if err != nil || len(left) != 2 {
		t.Errorf("left behind: %v %v", left, err)
	}
	narrowed, _ := command(t, 0, args("--municipality", "Канаш", "--source", "vk", "--format", "txt", "--out", "-")...)
	if !strings.Contains(narrowed, "муниципалитет — Канаш; канал — ВКонтакте") {
		t.Errorf("narrowed: %q", narrowed)
	}
	english, _ := command(t, 0, args("--lang", "en", "--format", "txt", "--out", "-")...)
	if !strings.Contains(english, "no data for this period") {
		t.Errorf("in English: %q", english)
	}
}

func TestReportFailuresAreOneClearLine(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		want string
		args []string
	}{
		{"ranking, topics, week", []string{"report", "rating"}},
		{"pdf, xlsx, png, svg, txt", []string{"report", "week", "--format", "docx"}},
		{"вчера", []string{"report", "week", "--from", "вчера"}},
		{"Неверное значение", []string{"report", "week", "--from", "2026-02-02", "--to", "2026-02-01"}},
		{"Папка", []string{"report", "week", "--out", filepath.Join(data, "absent", "x.pdf")}},
		{"Неверное значение", []string{"report", "week", "topics"}},
	} {
		_, errOut := command(t, 1, append(c.args, "--data", data)...)
		if !strings.Contains(errOut, c.want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v says %q, want one line with %q", c.args, errOut, c.want)
		}
	}
}

func TestReportNamesAreListed(t *testing.T) {
	out, _ := command(t, 0, "report")
	for _, k := range bulletin.Kinds {
		if !strings.Contains(out, string(k)) {
			t.Errorf("%s is not among %q", k, out)
		}
	}
}

// TestScheduledReports: what is due is made once, a folder that is gone is told and
// tried again.
func TestScheduledReports(t *testing.T) {
	data, folder := t.TempDir(), filepath.Join(t.TempDir(), "отчёты")
	withStation(t, data, func(st *station) {
		s := bulletin.Schedule{Kind: bulletin.KindWeek, Format: bulletin.Text, Folder: folder, Every: bulletin.EveryDay, On: true}
		if err := bulletin.SaveSchedule(st.desk, s); err != nil {
			t.Fatal(err)
		}
		all, err := bulletin.Schedules(st.desk)
		if err != nil || len(all) != 1 {
			t.Fatalf("%v %v", all, err)
		}
	})
	if out, _ := command(t, 0, "report", "--scheduled", "--data", data); out != "" {
		t.Errorf("made what was due before it was asked for: %q", out)
	}
	withStation(t, data, func(st *station) { // as if it had been set two days ago
		all, err := bulletin.Schedules(st.desk)
		if err != nil {
			t.Fatal(err)
		}
		all[0].Since = st.desk.Now().Add(-48 * time.Hour)
		if err := st.desk.SaveSetting("bulletin.schedules", string(app.Encode([]bulletin.Schedule{all[0].Schedule}))); err != nil {
			t.Fatal(err)
		}
	})
	_, errOut := command(t, 1, "report", "--scheduled", "--data", data)
	if !strings.Contains(errOut, "не найдена") {
		t.Errorf("a folder that is gone: %q", errOut)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, _ := command(t, 0, "report", "--scheduled", "--data", data); strings.Count(out, "\n") != 1 {
		t.Errorf("made: %q", out)
	}
	if out, _ := command(t, 0, "report", "--scheduled", "--data", data); out != "" {
		t.Errorf("made twice: %q", out)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
		t.Errorf("in the folder: %v %v", files, err)
	}
}
