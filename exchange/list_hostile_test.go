package exchange

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"otklik/app"
)

// formulas are what a spreadsheet may run.
var formulas = []string{
	"=1+1", "=cmd|' /C calc'!A0", "@SUM(A1:A9)", "+1", "-1+1", "=HYPERLINK(\"http://127.0.0.1/\",\"жми\")", "=WEBSERVICE(\"http://127.0.0.1/\")",
	" =1+1", "\t=1+1", "\r=1+1", "\n=1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "﹢1", "'=1+1", "=DDE(\"cmd\";\"/C calc\";\"A0\")",
	"-48", "яма", "", "+7 900 000-00-00", ";=1+1", "\"=1+1", "x\n=1+1",
}

func writeCells(t *testing.T, path string, form Form, encoding string, cells []string) Lost {
	t.Helper()
	l, err := NewList(path, form, encoding, []string{"Текст", "Второй"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		if err := l.Add([]string{c, "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Lost()
}

// LibreOffice opens what was written and runs nothing of it: with formulas shown, a
// cell that ran would begin with its sign, and the value would differ from the words.
func TestLibreOfficeRunsNothingOfAList(t *testing.T) {
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice (libreoffice-calc-nogui) is not installed")
	}
	dir := t.TempDir()
	for _, c := range []struct {
		form     Form
		encoding string
		filter   string // of LibreOffice, for a CSV: separator, quote, character set
	}{
		{FormXLSX, "", ""}, {FormCSV, UTF8, "CSV:59,34,76"}, {FormCSV, Windows1251, "CSV:59,34,2251"},
	} {
		name := string(c.form) + c.encoding
		path := filepath.Join(dir, name+"."+string(c.form))
		writeCells(t, path, c.form, c.encoding, formulas)
		// Its native form says of each cell what it is.
		args := []string{"-env:UserInstallation=file://" + dir + "/profile", "--headless"}
		if c.filter != "" {
			args = append(args, "--infilter="+c.filter)
		}
		run := exec.CommandContext(t.Context(), "soffice", append(args, "--convert-to", "fods", "--outdir", dir, path)...)
		run.Env = append(os.Environ(), "HOME="+dir)
		run.WaitDelay = time.Second
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("soffice: %v: %s", err, out)
		}
		raw, err := os.ReadFile(filepath.Join(dir, name+".fods"))
		if err != nil {
			t.Fatal(err)
		}
		opened := string(raw)
		if strings.Contains(opened, "table:formula=") || strings.Contains(opened, "xlink:href=\"http://127") || strings.Contains(opened, "table:dde-link") {
			t.Errorf("%s: a formula, a link or an exchange is in what LibreOffice made of it", name)
		}
		if got, want := strings.Count(opened, `office:value-type="string"`), len(formulas)*2+2-2; got < want { // -48 is a number, one cell is empty
			t.Errorf("%s: %d cells of words, want %d", name, got, want)
		}
		for _, words := range []string{"=1+1", "=cmd|", "@SUM(A1:A9)", "=WEBSERVICE("} {
			if !strings.Contains(opened, words) {
				t.Errorf("%s: the words %s are gone", name, words)
			}
		}
	}
}

// The same LibreOffice runs a formula that is not made harmless: the test above would
// see it.
func TestLibreOfficeWouldRunAFormula(t *testing.T) {
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice (libreoffice-calc-nogui) is not installed")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "raw.csv"), []byte("Текст\r\n=1+1\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--infilter=CSV:59,34,76,1,,0,false,true,false,false,false,-1,true", "--convert-to", "fods", "--outdir", dir, filepath.Join(dir, "raw.csv"))
	run.Env = append(os.Environ(), "HOME="+dir)
	run.WaitDelay = time.Second
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v: %s", err, out)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "raw.fods"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), "table:formula=") {
		t.Error("it ran nothing: the check of formulas checks nothing")
	}
}

// Every cell that may be taken for a formula begins with an apostrophe, and what was
// taken for one comes back.
func TestHarmlessIsTakenBack(t *testing.T) {
	for _, c := range formulas {
		safe := harmless(c)
		if bare(safe) != c {
			t.Errorf("%q comes back as %q", c, bare(safe))
		}
		if first := strings.TrimLeft(c, " \t\r\n\u00a0\u200b\ufeff"); first != "" && strings.ContainsAny(first[:1], "=+@") && !strings.HasPrefix(safe, "'") {
			t.Errorf("%q would be a formula", c)
		}
	}
	for _, c := range []string{"＝1+1", "＋1", "－1", "＠SUM(A1)", "\t1", "\r1"} {
		if !strings.HasPrefix(harmless(c), "'") {
			t.Errorf("%q would be a formula", c)
		}
	}
	for _, c := range []string{"-48", "яма", "1-2", "", "½"} {
		if harmless(c) != c {
			t.Errorf("%q needs nothing", c)
		}
	}
}

// What windows-1251 lacks stands as a sign and is counted; what it has is there.
func TestListInWindows1251(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.csv")
	lost := writeCells(t, path, FormCSV, Windows1251, []string{"Яма 👩 и й — «ёлка» № 5", "日本", "\u0000"})
	if lost != (Lost{Replaced: 4}) {
		t.Errorf("lost %+v", lost)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := charmap.Windows1251.NewDecoder().String(string(raw))
	if want := "Текст;Второй\r\nЯма ¤ и й — «ёлка» № 5;x\r\n¤¤;x\r\n¤;x\r\n"; err != nil || text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

// Control characters and broken UTF-8 are replaced where a table cannot hold them, and
// counted; JSON holds the former.
func TestWhatATableCannotHold(t *testing.T) {
	dir, cells := t.TempDir(), []string{"a\x00b", "c\x1bd", "e\xffz", "ж\u0085"}
	for _, form := range []Form{FormCSV, FormXLSX} {
		if lost := writeCells(t, filepath.Join(dir, "l."+string(form)), form, "", cells); lost != (Lost{Replaced: 4}) {
			t.Errorf("%s: lost %+v", form, lost)
		}
	}
	path := filepath.Join(dir, "l.json")
	if lost := writeCells(t, path, FormJSON, "", append(cells, formulas...)); lost != (Lost{Replaced: 1}) {
		t.Errorf("JSON: lost %+v", lost)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) != len(cells)+len(formulas) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, f := range formulas {
		if got := rows[len(cells)+i]["Текст"]; got != f && f != "-48" {
			t.Errorf("%q became %q", f, got)
		}
	}
	if rows[0]["Текст"] != "a\x00b" {
		t.Errorf("%q", rows[0]["Текст"])
	}
}

// failing is a disk that is full after so many bytes.
type failing struct{ left int }

func (f *failing) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, syscall.ENOSPC
	}
	return len(b), nil
}

// A disk that is full is said in words, whenever it is noticed.
func TestAFullDiskIsSaid(t *testing.T) {
	if err := ListFailed("x.csv", errors.Join(syscall.ENOSPC, errors.New("close"))); app.CodeOf(err) != app.CodeDiskFull {
		t.Error(err)
	}
	for _, form := range []Form{FormCSV, FormXLSX, FormJSON} {
		path := filepath.Join(t.TempDir(), "l."+string(form))
		l, err := NewList(path, form, "", []string{"Текст"})
		if err != nil {
			t.Fatal(err)
		}
		l.out.Reset(&failing{left: 100})
		for range 1000 {
			if err = l.Add([]string{strings.Repeat("яма ", 100)}); err != nil {
				break
			}
		}
		if err == nil {
			err = l.Close()
		} else {
			err = errors.Join(err, l.Drop())
		}
		if app.CodeOf(err) != app.CodeDiskFull {
			t.Errorf("%s: %v", form, err)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 0 {
			t.Errorf("%s leaves %d files", form, len(left))
		}
	}
}

// Until it is whole the file has not its name, and nothing lies beside it afterwards.
func TestAListIsThereWholeOrNotAtAll(t *testing.T) {
	for _, form := range []Form{FormCSV, FormXLSX, FormJSON} {
		dir := t.TempDir()
		path := filepath.Join(dir, "l."+string(form))
		l, err := NewList(path, form, "", []string{"Текст"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is there before it is whole", form)
		}
		// Somebody else is quicker.
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(l.Add([]string{"а"}), l.Close()); app.CodeOf(err) != app.CodeFileExists {
			t.Errorf("%s: %v", form, err)
		}
		names, _ := filepath.Glob(filepath.Join(dir, "*"))
		if raw, _ := os.ReadFile(path); string(raw) != "x" || len(names) != 1 {
			t.Errorf("%s: %q, %q", form, raw, names)
		}
	}
}

// Two columns of one name are two keys, and the order of columns is kept.
func TestJSONHasAKeyForEveryColumn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.json")
	l, err := NewList(path, FormJSON, "", []string{"Б", "А", "Б"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Add([]string{"1", "007", "в"}), l.Close()); err != nil {
		t.Fatal(err)
	}
	if raw, _ := os.ReadFile(path); string(raw) != "[\n{\"Б\":1,\"А\":\"007\",\"Б (2)\":\"в\"}\n]\n" {
		t.Errorf("%s", raw)
	}
}
