package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"otklik/app"
)

// TestDraftOfAQuestionAlone: words of a question are a draft without an answer, and
// ticks alone are none.
func TestDraftOfAQuestionAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	s := must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	a := appeal(1)
	do(t, s.Perform([]app.Op{create(a)}))
	want := app.Draft{
		Link: "https://vk.com/wall1", Ticked: []string{"Указан срок"},
		Begun: map[app.EventType]app.Begun{app.EventInterim: {Text: "Ведём проверку", Date: "30.11.2026"}},
	}
	do(t, s.SaveDraft(a.ID, want))
	do(t, s.Close())
	s = must[*Store](t)(Open(path, testBox(t), testTerms(t)))
	defer s.Close()
	got := must[app.Draft](t)(s.Draft(a.ID))
	if got.Link != want.Link || !slices.Equal(got.Ticked, want.Ticked) || got.Begun[app.EventInterim] != want.Begun[app.EventInterim] {
		t.Errorf("%+v", got)
	}
	record, _ := s.Record(a.ID)
	if row := must[app.Row](t)(s.Row(record)); !row.Draft {
		t.Error("the list does not show it")
	}
	do(t, s.SaveDraft(a.ID, app.Draft{Ticked: want.Ticked}))
	if row := must[app.Row](t)(s.Row(record)); row.Draft {
		t.Error("ticks alone are shown as a draft")
	}
	sound(t, s)
}

func TestSheetIsShownUntilTheEnd(t *testing.T) {
	s := open(t)
	path := must[string](t)(s.ShowSheet([]byte("<p>житель г. Канаш</p>")))
	if got, err := os.ReadFile(path); err != nil || string(got) != "<p>житель г. Канаш</p>" {
		t.Errorf("%q, %v", got, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || filepath.Ext(path) != ".html" {
		t.Errorf("%v, %v", info, err)
	}
	do(t, s.ForgetShown())
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the sheet is left: %v", err)
	}
}

func TestDisclosureStandsInTheJournalAlone(t *testing.T) {
	s := open(t)
	a := appeal(1)
	do(t, s.Perform([]app.Op{create(a)}))
	do(t, s.Disclosed(a.ID, app.DisclosedCopy, day0))
	entries := must[[]app.Entry](t)(s.Entries(10))
	last := entries[len(entries)-1]
	if len(entries) != 2 || last.State != app.EntryDisclosed || last.Op.Ent != a.ID || !strings.Contains(string(last.Op.Payload), app.DisclosedCopy) {
		t.Errorf("%+v", entries)
	}
	if ops := must[[]app.Op](t)(s.Pending(0, 10, 1<<20, day0)); len(ops) != 1 {
		t.Errorf("%d operations are to be sent", len(ops))
	}
	if left := must[[]app.Entry](t)(s.Unsettled()); len(left) != 1 {
		t.Errorf("%d operations are to be carried by hand", len(left))
	}
	sound(t, s)
}
