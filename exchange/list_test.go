package exchange

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"otklik/app"
)

func TestListIsReadBackAndRunsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "список.csv")
	rows := [][]string{{"Номер", "Текст"}, {"2026-1", "Яма; «глубокая»\nи \"широкая\""}, {"2", "=cmd|' /C calc'!A0"}, {"3", "@SUM(1)"}, {"4", "-1"}, {"5", "+7 900"}}
	l, err := NewList(path, rows[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		if err := l.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(string(b), "\uFEFF")
	if !marked || !strings.HasPrefix(text, "Номер;Текст\r\n") {
		t.Errorf("begins with %q", text[:min(len(text), 20)])
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	got, err := r.ReadAll()
	if err != nil || len(got) != len(rows) {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	if !slices.Equal(got[1], rows[1]) {
		t.Errorf("reads %q", got[1])
	}
	for _, row := range got[2:] {
		if !strings.HasPrefix(row[1], "'") {
			t.Errorf("%q would be a formula", row[1])
		}
	}
	if _, err := NewList(path, rows[0]); app.CodeOf(err) != app.CodeFileExists {
		t.Errorf("written over: %v", err)
	}
	if _, err := NewList(filepath.Join(t.TempDir(), "нет", "a.csv"), rows[0]); app.CodeOf(err) != app.CodeNoFolder {
		t.Errorf("no folder: %v", err)
	}
}

func TestDroppedListLeavesNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	l, err := NewList(path, []string{"Номер"})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Drop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is there: %v", err)
	}
}
