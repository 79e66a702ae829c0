package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"otklik/app"
	"otklik/bulletin"
)

func openReports(t *testing.T, fill func(*fakeStore)) (*fixture, *reportsScreen) {
	t.Helper()
	f := openWindow(t, fixed{lang: "ru", store: fill})
	f.folder = t.TempDir()
	f.open(screenReports)
	s := f.screens[screenReports].(*reportsScreen)
	f.until(func() bool { return s.made != nil })
	f.settle()
	return f, s
}

func TestReportsShowWhatGoesOut(t *testing.T) {
	f, s := openReports(t, full)
	if s.preview.shown == 0 || !s.preview.pages[0].Visible() || s.preview.empty.object.Visible() {
		t.Fatal("no page of the first document is shown")
	}
	first := s.made
	press(f, fyne.KeyDown)
	f.until(func() bool { return s.made != nil && s.made != first })
	if s.kind != bulletin.Kinds[1] || s.inquiry().Period != bulletin.Usual(s.kind, today) {
		t.Errorf("down leads to %s of %v", s.kind, s.inquiry().Period)
	}
	test.Tap(s.preview.forms[1])
	if s.preview.text.Text == "" || !s.preview.text.Visible() || s.preview.pages[0].Visible() {
		t.Error("the message is not shown")
	}
	test.Tap(s.copy)
	f.until(func() bool { return f.fyne.Clipboard().Content() != "" })
	if got := f.fyne.Clipboard().Content(); got != s.preview.text.Text {
		t.Errorf("copied %q, shown %q", got, s.preview.text.Text)
	}
	test.Tap(s.preview.forms[0])
	press(f, fyne.KeyRight)
	if s.preview.scroll.Offset.Y == 0 {
		t.Error("right does not scroll the document")
	}
	s.choosePeriod(periodBefore)
	if got := s.inquiry().Period.To; got != bulletin.Usual(s.kind, today).From-1 {
		t.Errorf("the period before ends on %v", got)
	}
}

func TestReportsOfNothingSaySo(t *testing.T) {
	_, s := openReports(t, func(s *fakeStore) { s.appeals = nil })
	if !s.preview.empty.object.Visible() || s.preview.shown != 0 {
		t.Error("a period without appeals is not said to be one")
	}
}

func TestReportIsSavedWholeAndJournalled(t *testing.T) {
	f, s := openReports(t, full)
	f.saveReport(s.kind, s.inquiry(), bulletin.Text)
	f.until(func() bool { return f.dialog != nil })
	path := f.win.Canvas().Focused().(*entry)
	to := path.Text
	if filepath.Dir(to) != f.folder || filepath.Ext(to) != ".txt" {
		t.Errorf("proposes %q", to)
	}
	if err := os.WriteFile(to, []byte("прежнее"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := f.dialog
	d.accept()
	f.until(func() bool { return d.problem.Visible() })
	if got, _ := os.ReadFile(to); string(got) != "прежнее" || len(f.store.entries) != 0 {
		t.Fatal("a file was replaced unasked")
	}
	d.accept()
	f.until(func() bool { return f.dialog == nil })
	got, err := os.ReadFile(to)
	if err != nil || !strings.Contains(string(got), s.made.Title) {
		t.Errorf("wrote %q, %v", got, err)
	}
	last := f.store.entries[len(f.store.entries)-1]
	if e := readEntry(f.Window, last); e.subject != filepath.Base(to) || e.action != f.text.T("reports.journal") {
		t.Errorf("the journal says %+v", e)
	}
}

func TestScheduleIsSetTurnedOffAndRemoved(t *testing.T) {
	f, s := openReports(t, full)
	test.Tap(s.tabs[1])
	f.settle()
	test.Tap(s.plan.add)
	d := f.dialog
	d.accept()
	f.until(func() bool { return f.dialog == nil })
	f.until(func() bool { return len(s.plan.all) == 1 })
	c := make([]cell, 6)
	s.plan.fill(0, c)
	if c[2].words != "по понедельникам в 08:00" || c[3].words != f.folder {
		t.Errorf("the schedule reads %+v", c)
	}
	do := func(label string) {
		t.Helper()
		for _, a := range s.plan.actions(0) {
			if a.label == f.text.T(label) {
				a.do()
				return
			}
		}
		t.Fatalf("no %q", label)
	}
	do("reports.plan.now")
	f.until(func() bool { return s.plan.all[0].Made.Last.File != "" })
	if _, err := os.Stat(s.plan.all[0].Made.Last.File); err != nil || s.plan.all[0].Made.Last.Failed != "" {
		t.Errorf("made %+v, %v", s.plan.all[0].Made, err)
	}
	do("reports.plan.turn_off")
	f.until(func() bool { return !s.plan.all[0].On })
	do("reports.plan.remove")
	f.until(func() bool { return len(s.plan.all) == 0 })
}

func TestScheduleSaysWhatIsWrong(t *testing.T) {
	f, s := openReports(t, full)
	one := s.plan.fresh()
	one.Folder = filepath.Join(f.folder, "нет такой")
	s.plan.edit(one)
	d := f.dialog
	d.accept()
	f.until(func() bool { return d.problem.Visible() })
	if want := f.text.Sentence(app.Fail(app.CodeReportFolder, one.Folder)); d.problem.Text != want {
		t.Errorf("says %q, want %q", d.problem.Text, want)
	}
	if f.dialog != d {
		t.Error("the question went away")
	}
}
