package report

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func workbook(t *testing.T, d *Document) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(inForm(t, "xlsx", d)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// Every cell of every table reads back as the number it was made of.
func TestCellsAreNumbers(t *testing.T) {
	d := sampleDocument(22)
	f := workbook(t, d)
	table := d.Blocks[2].(*Table)
	sheet := "Рейтинг органов власти по"
	raw := func(column, row int) string {
		v, err := f.GetCellValue(sheet, cellName(column+1, row+2), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for n, row := range append(table.Rows, table.Total) {
		for i, v := range row {
			got := raw(i, n)
			kind, err := f.GetCellType(sheet, cellName(i+1, n+2))
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case v.None:
				if got != "" {
					t.Errorf("what is not known is %q", got)
				}
			case v.Kind == ValueWords:
				if got != v.Words {
					t.Errorf("%q, want %q", got, v.Words)
				}
			default:
				number, err := strconv.ParseFloat(got, 64)
				if v.Kind == ValueDuration {
					number *= 86400
				}
				if err != nil || math.Abs(number-v.Number) > 1e-6 || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
					t.Errorf("row %d, column %d: %q of kind %v, want %v", n, i, got, kind, v.Number)
				}
			}
		}
	}
	for cell, want := range map[string]string{
		"A1": "№", "D1": "Медиана ответа, ч:мин", "D2": "2:48:00", "D12": "", "E2": "99.0%", "F2": "+12.0%", "F24": "+3.1%",
	} {
		if got, _ := f.GetCellValue(sheet, cell); got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
	if got, _ := f.GetCellFormula(sheet, "C24"); got != "SUM(C2:C23)" {
		t.Errorf("the sum is %q", got)
	}
	if got, _ := f.GetCellFormula(sheet, "D24"); got != "" {
		t.Errorf("a median is reckoned as %q", got)
	}
	if p, err := f.GetPanes(sheet); err != nil || !p.Freeze || p.YSplit != 1 {
		t.Errorf("panes %+v, %v", p, err)
	}
	if got, _ := f.GetCellValue("Время первого ответа по дням", "A2"); got != "24.10.2026" {
		t.Errorf("a date is %q", got)
	}
}

func TestSheetNames(t *testing.T) {
	d := sampleDocument(1)
	table := func(title string) *Table { return &Table{Title: title, Columns: []TableColumn{{Title: "а"}}} }
	d.Title = "[Итог]: */?\\"
	d.Blocks = []Block{
		table(""), table("history"), table("'кавычки'"), table("Итог"), table("ИТОГ"),
		table(strings.Repeat("я", 40)), table(strings.Repeat("я", 40)), table("🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲"),
	}
	got := strings.Join(workbook(t, d).GetSheetList(), "|")
	want := "Итог|Лист|Лист 2|кавычки|Итог 2|ИТОГ 3|" + strings.Repeat("я", 31) + "|" + strings.Repeat("я", 29) + " 2|" + strings.Repeat("🌲", 15)
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// Words are words, however they begin.
func TestWordsAreNoFormulas(t *testing.T) {
	d := sampleDocument(0)
	rows := [][]Value{}
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\")", "007", "1e5"} {
		rows = append(rows, []Value{Words(s)})
	}
	d.Blocks = []Block{&Table{Title: "Слова", Columns: []TableColumn{{Title: "=A1"}}, Rows: rows}, &Prose{Text: "=2+2"}}
	f := workbook(t, d)
	for _, sheet := range f.GetSheetList() {
		all, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for n := range all {
			cell := cellName(1, n+1)
			if formula, _ := f.GetCellFormula(sheet, cell); formula != "" {
				t.Errorf("%s %s is the formula %q", sheet, cell, formula)
			}
		}
	}
	for n, row := range rows {
		if got, _ := f.GetCellValue("Слова", cellName(1, n+2)); got != strings.TrimSpace(row[0].Words) {
			t.Errorf("%q, want %q", got, row[0].Words)
		}
	}
}

// LibreOffice opens the workbook and reckons the same sum.
func TestLibreOfficeReckonsTheSame(t *testing.T) {
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice (libreoffice-calc-nogui) is not installed")
	}
	dir := t.TempDir()
	d := sampleDocument(22)
	if err := os.WriteFile(filepath.Join(dir, "d.xlsx"), inForm(t, "xlsx", d), 0o600); err != nil {
		t.Fatal(err)
	}
	// The last number asks for every sheet.
	c := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1", "--outdir", dir, filepath.Join(dir, "d.xlsx"))
	c.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8") // names of sheets are names of files here
	c.WaitDelay = time.Second
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v: %s", err, out)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.csv"))
	if len(files) != 5 {
		t.Fatalf("sheets: %q", files)
	}
	in, err := os.Open(filepath.Join(dir, "d-Рейтинг органов власти по.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	reader := csv.NewReader(in)
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, row := range rows[1:23] {
		n, err := strconv.Atoi(strings.ReplaceAll(row[2], ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	total := d.Blocks[2].(*Table).Total[2].Number
	if got := strings.ReplaceAll(rows[23][2], ",", ""); got != strconv.Itoa(sum) || float64(sum) != total {
		t.Errorf("LibreOffice says %s, the rows %d, the document %v", got, sum, total)
	}
	if got := rows[1][3]; got != "2:48:00" {
		t.Errorf("a duration is %q", got)
	}
}
