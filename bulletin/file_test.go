package bulletin

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"otklik/app"
	"otklik/assets"
)

func TestWhatStoodInTheWayIsTold(t *testing.T) {
	for cause, want := range map[error]app.Code{
		nil: "", syscall.ENOSPC: app.CodeDiskFull, fs.ErrNotExist: app.CodeReportFolder,
		fs.ErrPermission: app.CodeReportFolder, errors.New("sharing violation"): app.CodeReportFile,
	} {
		if cause != nil {
			cause = &fs.PathError{Op: "write", Path: "x.pdf", Err: cause}
		}
		if got := app.CodeOf(failure("x.pdf", cause)); got != want {
			t.Errorf("%v is told as %q, want %q", cause, got, want)
		}
	}
}

// TestEveryFormatOfEveryDocument writes all of them, of data and of none, and reads the
// message as people get it.
func TestEveryFormatOfEveryDocument(t *testing.T) {
	folder := t.TempDir()
	for _, from := range []*app.Desk{desk(t, appealsOfWeeks()...), desk(t)} {
		for _, k := range Kinds {
			d := made(t, from, "ru", k, app.Inquiry{})
			for _, f := range Formats {
				path := filepath.Join(folder, FileName(d, f))
				if err := WriteFile(path, d, f, true); err != nil {
					t.Errorf("%s as %s: %v", k, f, err)
				}
				if err := WriteFile(path, d, f, false); app.CodeOf(err) != app.CodeFileExists {
					t.Errorf("%s as %s a second time: %v", k, f, err)
				}
			}
			text, err := os.ReadFile(filepath.Join(folder, FileName(d, Text)))
			if n := len([]rune(string(text))); err != nil || n > 4096 || !strings.HasPrefix(string(text), d.Title) {
				t.Errorf("%s as a message of %d letters: %v %s", k, n, err, text)
			}
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != len(Kinds)*len(Formats) {
		t.Errorf("%d files for %d documents: %v", len(left), len(Kinds)*len(Formats), err)
	}
}

// TestSchedulesAreKept: the plan survives, what came of it is beside it, and one that is
// removed is gone.
func TestSchedulesAreKept(t *testing.T) {
	from, text, folder := desk(t, appealsOfWeeks()...), assets.Load("ru"), t.TempDir()
	save := func(s Schedule) {
		t.Helper()
		if err := SaveSchedule(from, s); err != nil {
			t.Fatal(err)
		}
	}
	list := func() []Planned {
		t.Helper()
		all, err := Schedules(from)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	save(Schedule{Kind: KindWeek, Format: Text, Folder: folder, Every: EveryWeek, At: 8 * 60, On: true})
	save(Schedule{Kind: KindRanking, Format: PDF, Folder: folder, Every: EveryMonth, Day: 31})
	all := list()
	if len(all) != 2 || all[0].Kind != KindWeek || all[1].Day != 31 || all[0].ID == all[1].ID {
		t.Fatalf("%+v", all)
	}
	all[1].Day = 1
	save(all[1].Schedule)
	if again := list(); len(again) != 2 || again[1].Day != 1 || again[1].ID != all[1].ID {
		t.Errorf("changed: %+v", again)
	}
	p, err := MakeNow(from, text, all[0])
	if err != nil || p.Made.Last.Failed != "" || filepath.Base(p.Made.Last.File) != "week-2026-11-16-2026-11-22.txt" {
		t.Errorf("made now: %+v %v", p.Made, err)
	}
	if kept := list()[0].Made; kept.Last.File != p.Made.Last.File || !kept.Due.IsZero() {
		t.Errorf("kept: %+v", kept)
	}
	from.Leave()
	if tried, err := MakeDue(from, text); err != nil || len(tried) != 0 {
		t.Errorf("while nobody is here: %v %v", tried, err)
	}
	from.Return()
	if err := RemoveSchedule(from, all[0].ID); err != nil {
		t.Fatal(err)
	}
	if left := list(); len(left) != 1 || left[0].Kind != KindRanking {
		t.Errorf("left: %+v", left)
	}
	for _, s := range []Schedule{
		{Kind: KindWeek, Format: PDF, Every: EveryDay},
		{Kind: KindWeek, Format: PDF, Every: EveryDay, Folder: "отчёты"},
		{Kind: "rating", Format: PDF, Every: EveryDay, Folder: folder},
		{Kind: KindWeek, Format: "doc", Every: EveryDay, Folder: folder},
		{Kind: KindWeek, Format: PDF, Every: "hour", Folder: folder},
	} {
		if err := SaveSchedule(from, s); !slices.Contains([]app.Code{app.CodeNeedsField, app.CodeBadArgument}, app.CodeOf(err)) {
			t.Errorf("%+v is kept: %v", s, err)
		}
	}
}
