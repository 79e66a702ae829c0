package exchange

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"otklik/app"
)

func TestListIsReadBackAndRunsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "список.csv")
	rows := [][]string{{"Номер", "Текст"}, {"2026-1", "Яма; «глубокая»\nи \"широкая\""}, {"2", "=cmd|' /C calc'!A0"}, {"3", "@SUM(1)"}, {"4", "-1+1"}, {"5", "+7 900"}, {"6", "-48"}}
	l, err := NewList(path, FormCSV, "", rows[0])
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
	if last := got[len(got)-1]; last[1] != "-48" {
		t.Errorf("a number became %q", last[1])
	}
	for _, row := range got[2 : len(got)-1] {
		if !strings.HasPrefix(row[1], "'") {
			t.Errorf("%q would be a formula", row[1])
		}
	}
	if _, err := NewList(path, FormCSV, "", rows[0]); app.CodeOf(err) != app.CodeFileExists {
		t.Errorf("written over: %v", err)
	}
	if _, err := NewList(filepath.Join(t.TempDir(), "нет", "a.csv"), FormCSV, "", rows[0]); app.CodeOf(err) != app.CodeNoFolder {
		t.Errorf("no folder: %v", err)
	}
}

func TestListAsAWorkbook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "список.xlsx")
	l, err := NewList(path, FormXLSX, "", []string{"Паблик", "Рост", "ОГРН"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Add([]string{"=1+1", "-48", "1022800872555"}), l.Close()); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for place, want := range map[string]struct {
		words string
		kind  excelize.CellType
	}{
		"A1": {"Паблик", excelize.CellTypeInlineString}, "A2": {"=1+1", excelize.CellTypeInlineString},
		"B2": {"-48", excelize.CellTypeUnset}, "C2": {"1022800872555", excelize.CellTypeInlineString},
	} {
		words, err := book.GetCellValue("Sheet1", place)
		kind, err2 := book.GetCellType("Sheet1", place)
		if err != nil || err2 != nil || words != want.words || kind != want.kind {
			t.Errorf("%s: %q of type %d, %v %v", place, words, kind, err, err2)
		}
		if formula, _ := book.GetCellFormula("Sheet1", place); formula != "" {
			t.Errorf("%s would run %q", place, formula)
		}
	}
}

func TestDroppedListLeavesNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	l, err := NewList(path, FormCSV, "", []string{"Номер"})
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
