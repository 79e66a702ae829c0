package exchange

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"otklik/app"
)

func fileOf(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func look(t testing.TB, path string, how app.Layout) *app.Preview {
	t.Helper()
	p, err := Look(path, testRegion(t), how)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLook(t *testing.T) {
	path := fileOf(t, "счёт.csv", []byte("Отчёт\n\nДата;Страница;Подписчики\n01.02.2025;vk.com/x;7\nвчера;vk.com/x;7\n02.02.2025;;7\n03.02.2025;vk.com/x;много\n01.02.2025;vk.com/x;7\n"))
	p := look(t, path, app.Layout{})
	if want := (app.Layout{Format: "daily-counts", Encoding: "utf-8", Separator: ";", Heading: 3}); !reflect.DeepEqual(p.Layout, want) {
		t.Errorf("%+v", p.Layout)
	}
	want := []map[int]string{nil, {0: "bad_date"}, {1: "no_name"}, {2: "bad_number"}, {-1: "duplicate_row"}}
	for i, row := range p.Rows {
		if !reflect.DeepEqual(row.Problems, want[i]) || row.Line != i+4 {
			t.Errorf("line %d: %v", row.Line, row.Problems)
		}
	}
	if again := look(t, path, p.Layout); !reflect.DeepEqual(again, p) {
		t.Error("what was found reads otherwise")
	}
}

// TestLookObeys reads a table nobody knows by what a person said of it.
func TestLookObeys(t *testing.T) {
	path := fileOf(t, "своё.csv", []byte("Когда|Где|Сколько|Примечание\n2025-02-01|Страница 2|7|х\n"))
	p := look(t, path, app.Layout{})
	if p.Layout.Format != "" || len(p.Columns) != 4 || len(p.Rows) != 1 || len(p.Formats) != len(profiles) {
		t.Fatalf("%+v", p)
	}
	how := p.Layout
	how.Format = "daily-counts"
	if p = look(t, path, how); !reflect.DeepEqual(p.Missing, []string{"date", "page", "count"}) || p.Rows[0].Problems != nil {
		t.Errorf("missing %v", p.Missing)
	}
	how.Columns = map[string]string{"Когда": "date", "Где": "page", "Сколько": "count"}
	if p = look(t, path, how); p.Missing != nil || p.Columns[2].Field != "count" {
		t.Errorf("%+v", p)
	}
	r, err := Open(path, testRegion(t), how)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := whole(r); err != nil || len(b.Rows) != 1 || b.Rows[0].Count.Count != 7 {
		t.Errorf("%+v %v", b, err)
	}
}

// TestHeadingsOverTwoRows has the upper row span columns of the lower.
func TestHeadingsOverTwoRows(t *testing.T) {
	b, err := Read(bytes.NewReader(workbook(t, [][]string{
		{"Отчёт о страницах"},
		{"Месяц", "Страница", "Количество", ""},
		{"", "", "подписчиков", "постов"},
		{"май 2024", "Страница 2", "1 024", "12"},
	})), "x.xlsx", testRegion(t))
	if err != nil {
		t.Fatal(err)
	}
	if c := b.Rows[0].Count; b.Format != "page-months" || c.Count != 1024 || c.Day.String() != "2024-05-31" {
		t.Errorf("%s %+v", b.Format, c)
	}
}

// hostile builds a workbook by hand.
func hostile(t testing.TB, texts, sheet string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"xl/workbook.xml": `<workbook><sheets><sheet name="Лист" id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="sheet.xml"/>` +
			`<Relationship Id="r2" Type="http://x/sharedStrings" Target="texts.xml"/><Relationship Id="r9" Type="http://x/externalLink" TargetMode="External" Target="file:///etc/passwd"/></Relationships>`,
		"xl/texts.xml": texts, "xl/sheet.xml": sheet,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostile(t *testing.T) {
	head := `<sheetData><row><c t="str"><v>date</v></c><c t="str"><v>page</v></c><c t="str"><v>count</v></c></row>`
	for name, c := range map[string]struct {
		file string
		data []byte
		code app.Code
	}{
		"a text of many megabytes": {"a.xlsx", hostile(t, "<sst><si><t>"+strings.Repeat("я", 4<<20)+"</t></si></sst>", head+"</sheetData>"), app.CodeFileFormat},
		"entities of its own":      {"a.xlsx", hostile(t, `<!DOCTYPE x [<!ENTITY a "bbbb"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>`, head+"</sheetData>"), app.CodeFileFormat},
		"a column beyond any":      {"a.xlsx", hostile(t, "<sst/>", `<sheetData><row><c r="ZZZZZZZZ1"><v>1</v></c></row></sheetData>`), app.CodeFileFormat},
		"a text that is not there": {"a.xlsx", hostile(t, "<sst/>", `<sheetData><row><c t="s"><v>99999999</v></c></row></sheetData>`), app.CodeFileFormat},
		"deep JSON":                {"a.json", []byte(strings.Repeat("[", 1<<20)), app.CodeFileFormat},
		"a name of many megabytes": {"a.json", []byte(`[{"` + strings.Repeat("я", 8<<20) + `":1}]`), app.CodeFileFormat},
		"millions of columns":      {"a.csv", []byte(strings.Repeat("a;", 1<<20) + "\n1;2\n"), app.CodeFileHeadings},
		"a cell of many megabytes": {"a.csv", []byte("x;\"" + strings.Repeat("я", 8<<20) + "\"\n"), app.CodeFileHeadings},
	} {
		if _, err := Read(bytes.NewReader(c.data), c.file, testRegion(t)); app.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A formula is never looked at: only the value it had.
	b, err := Read(bytes.NewReader(hostile(t, "<sst/>", head+`<row><c><v>45000</v></c><c t="str"><f>cmd|'/c calc'!A0</f><v>Страница</v></c><c><v>7</v></c></row></sheetData>`)), "a.xlsx", testRegion(t))
	if err != nil || len(b.Rows) != 1 || b.Rows[0].Count.Page.Name != "Страница" {
		t.Errorf("%+v %v", b, err)
	}
}

// TestShelf keeps texts beyond its memory where nobody reads them.
func TestShelf(t *testing.T) {
	s := newStringShelf()
	text := func(i int) string { return strings.Repeat(string(rune('а'+i%32)), 100+i%7) }
	const count = 60_000
	for i := range count {
		if err := s.add([]byte(text(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.flush(); err != nil || s.file == nil {
		t.Fatal("nothing went to disk", err)
	}
	raw := make([]byte, 4096)
	if _, err := s.file.ReadAt(raw, 0); err != nil || bytes.Contains(raw, []byte("аа")) {
		t.Error("words lie in the clear", err)
	}
	for i := 0; i < count; i += 37 {
		if got, err := s.text(i, rowMost); err != nil || got != text(i) {
			t.Fatalf("text %d differs: %v", i, err)
		}
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

func FuzzWorkbook(f *testing.F) {
	f.Add(`<sst><si><t>date</t></si><si><r><t>pa</t></r><r><t>ge</t></r></si></sst>`, `<sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c t="inlineStr"><is><t>count</t></is></c></row><row><c><v>4.5E4</v></c><c t="str"><f>1</f><v>x_x000D_</v></c><c><v>1</v></c></row></sheetData>`)
	region := testRegion(f)
	f.Fuzz(func(t *testing.T, texts, sheet string) {
		b, err := Read(bytes.NewReader(hostile(t, texts, sheet)), "a.xlsx", region)
		if err == nil {
			check(t, b)
		} else if app.CodeOf(err) == "" {
			t.Errorf("an error without a code: %v", err)
		}
	})
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[{"service_request_id":7,"status":"open","requested_datetime":"2024-07-07T14:26:53+01:00","description":"x","a":{"b":["c",1]}}]`))
	f.Add([]byte(`{"requests":[{"x":1}]}`))
	f.Add([]byte(`{"a":"b"}`))
	f.Add([]byte(`{"Ямы":"Дороги","Свет":"ЖКХ","x":"","Ямы":"Дороги"}`))
	f.Add([]byte(`{"Ямы":"Дороги","n":1}`))
	f.Add([]byte("\xff\xfe[\x00]\x00"))
	region := testRegion(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read(bytes.NewReader(data), "a.json", region)
		if err == nil {
			check(t, b)
		} else if app.CodeOf(err) == "" {
			t.Errorf("an error without a code: %v", err)
		}
	})
}

// FuzzLook looks at anything by any layout.
func FuzzLook(f *testing.F) {
	f.Add([]byte("a|b\n1|2\n"), "daily-counts", "|", "a", "date", 1)
	f.Add([]byte("date;page;count\n1;2;3\n"), "", "", "", "", 0)
	f.Add([]byte("Перечень\n\nШкола; отдел\nБольница\n"), "region-executors", "", "", "", 0)
	f.Add([]byte("Дороги\nЖКХ\n"), "", "", "a", "group", 0)
	region := testRegion(f)
	f.Fuzz(func(t *testing.T, data []byte, format, separator, heading, meaning string, line int) {
		r := readerOf(data, "a.csv")
		if err := r.begin(region, app.Layout{Format: format, Separator: separator, Heading: line, Columns: map[string]string{heading: meaning}}, true); err != nil {
			return
		}
		p, err := r.look()
		if err != nil {
			return
		}
		for _, row := range p.Rows {
			for c := range row.Problems {
				if len(row.Cells) != len(p.Columns) || c < -1 || c >= len(p.Columns) {
					t.Errorf("line %d: %d cells, problem at %d", row.Line, len(row.Cells), c)
				}
			}
		}
	})
}

func FuzzPaste(f *testing.F) {
	f.Add("Номер\tТекст\n1\tЯма\n")
	f.Add("id\ttext\tcategory\ttheme\n1\t\"x\ny\"\tДороги\tЯмы\n")
	region := testRegion(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Paste(text, region)
		if err != nil {
			return
		}
		b := p.Appeals(Meaning{Columns: p.Columns, Headed: p.Headed})
		if b.Read != len(b.Rows)+len(b.Skipped) {
			t.Errorf("read %d, %d rows, %d skipped", b.Read, len(b.Rows), len(b.Skipped))
		}
	})
}

func FuzzTable(f *testing.F) {
	f.Add([]byte("column.municipality;column.executor\nг. Канаш;Администрация\n"), "routes")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		if len(app.ColumnsOf(app.TableName(name))) == 0 {
			return
		}
		_, _, err := readerOf(data, "a.csv").readTable(app.TableName(name), func(key string) string { return key })
		if err != nil && app.CodeOf(err) == "" {
			t.Errorf("an error without a code: %v", err)
		}
	})
}
