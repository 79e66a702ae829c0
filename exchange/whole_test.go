package exchange

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"otklik/app"
)

// turned gives an object with its names the other way round.
func turned(t testing.TB, object jsontext.Value) jsontext.Value {
	t.Helper()
	in := jsontext.NewDecoder(bytes.NewReader(object))
	var pairs []string
	if _, err := in.ReadToken(); err != nil {
		t.Fatal(err)
	}
	for in.PeekKind() != '}' {
		name, err := in.ReadValue()
		if err != nil {
			t.Fatal(err)
		}
		key := name.String()
		value, err := in.ReadValue()
		if err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, key+":"+value.String())
	}
	slices.Reverse(pairs)
	return jsontext.Value("{" + strings.Join(pairs, ",") + "}")
}

// TestJSONTwisted: JSON as other programs would have written it.
func TestJSONTwisted(t *testing.T) {
	for _, name := range []string{"open311/georeport_2026-07-05.json", fileTopics} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(dataFile(t, name))
			if err != nil {
				t.Fatal(err)
			}
			plain := jsontext.Value(data)
			var all []jsontext.Value // each 20th request of the day
			list := json.Unmarshal(plain, &all) == nil
			if list {
				some := []jsontext.Value{}
				for i := 0; i < len(all); i += 20 {
					some = append(some, all[i])
				}
				all = some
				if plain, err = json.Marshal(all); err != nil {
					t.Fatal(err)
				}
			}
			if err := plain.Compact(); err != nil {
				t.Fatal(err)
			}
			region := shippedRegion(t)
			want, err := Read(bytes.NewReader(plain), "x.json", region)
			if err != nil {
				t.Fatal(err)
			}
			if len(want.Rows) < 150 {
				t.Fatalf("%d rows, skipped %v", len(want.Rows), want.Skipped)
			}
			pretty, sorted := plain.Clone(), plain.Clone()
			if err := pretty.Indent(jsontext.WithIndent("\t")); err != nil {
				t.Fatal(err)
			}
			twists := map[string][]byte{"pretty": pretty, "bom": append([]byte("\ufeff"), pretty...), "crlf": bytes.ReplaceAll(pretty, []byte("\n"), []byte("\r\n"))}
			if list {
				if err := sorted.Canonicalize(); err != nil {
					t.Fatal(err)
				}
				one := slices.Clone(all)
				for i := range one {
					if i%7 == 0 {
						one[i] = turned(t, one[i])
					}
				}
				mixed, err := json.Marshal(one)
				if err != nil {
					t.Fatal(err)
				}
				twists["sorted"], twists["turned"], twists["wrapped"] = sorted, mixed, []byte(`{"count":3,"requests":`+plain.String()+`}`)
				twists["lines.jsonl"] = bytes.Join(func() (lines [][]byte) {
					for _, v := range all {
						lines = append(lines, v)
					}
					return lines
				}(), []byte("\n"))
			}
			for name, encoding := range map[string]func([]byte) ([]byte, error){
				"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes,
				"utf-16be": unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes,
				"bare le":  unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes,
			} {
				if twists[name], err = encoding(plain); err != nil {
					t.Fatal(err)
				}
			}
			if old, err := charmap.Windows1251.NewEncoder().Bytes(plain); err == nil { // else it has signs the encoding lacks
				twists["windows-1251"] = old
			}
			for twist, data := range twists {
				file := twist + ".json"
				if strings.HasSuffix(twist, ".jsonl") {
					file = twist
				}
				got, err := Read(bytes.NewReader(data), file, region)
				if err != nil {
					t.Errorf("%s: %v", twist, err)
					continue
				}
				sameRecords(t, twist, got, want)
			}
		})
	}
}

// dated is a workbook whose dates are cells of dates, counted from 1900 or from 1904.
// layouts are those of the texts that become dates.
func dated(t testing.TB, rows [][]string, from1904 bool, layouts ...string) (data []byte, dates int) {
	t.Helper()
	book := excelize.NewFile()
	if err := book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}); err != nil {
		t.Fatal(err)
	}
	style, err := book.NewStyle(&excelize.Style{NumFmt: 22})
	if err != nil {
		t.Fatal(err)
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for r, row := range rows {
		for c, v := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				t.Fatal(err)
			}
			var value any = v
			for _, layout := range layouts {
				if at, err := time.Parse(layout, v); err == nil {
					value = float64(at.Sub(first)/time.Second) / (24 * 60 * 60)
					if err := book.SetCellStyle("Sheet1", cell, cell, style); err != nil {
						t.Fatal(err)
					}
					dates++
				}
			}
			if err := book.SetCellValue("Sheet1", cell, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), dates
}

// TestDatesFrom1904: the calendar a workbook counts by changes nothing of what it says.
func TestDatesFrom1904(t *testing.T) {
	cases := map[string][][]string{
		"incidents": {
			{"Номер инцидента", "Текст инцидента", "Дата создания", "Общее время первого ответа", "Дата окончания"},
			{"7", "Свалка", "2025-02-01 10:00:00", "2025-02-02 11:30:15", "2025-02-28 23:59:59"},
			{"8", "Яма", "2024-02-29 00:00:00", "2024-02-29 00:00:01", ""},
		},
		"counts": {{"Дата", "Страница", "Подписчики"}, {"2025-02-01", "vk.com/primer", "1024"}, {"2024-02-29", "Страница 2", "7"}},
	}
	if _, err := os.Stat(filepath.Join("..", "..", "shared", "data")); err == nil {
		cases[fileIncidents] = cellsOf(t, dataFile(t, fileIncidents))
		cases[fileDaily] = every(rowsOf(t, dataFile(t, fileDaily), ','), 100)
	} else {
		t.Log("real data is absent: shared/data")
	}
	for name, rows := range cases {
		layouts := []string{time.DateTime, time.DateOnly}
		old, dates := dated(t, rows, false, layouts...)
		mac, _ := dated(t, rows, true, layouts...)
		if dates < len(rows)-1 {
			t.Errorf("%s: %d dates", name, dates)
		}
		want := readString(t, string(asCSV(t, rows, ';', false)))
		if len(want.Rows) == 0 {
			t.Fatalf("%s: skipped %v", name, want.Skipped)
		}
		for calendar, data := range map[string][]byte{"1900": old, "1904": mac} {
			got, err := Read(bytes.NewReader(data), "x.xlsx", testRegion(t))
			if err != nil {
				t.Fatalf("%s, %s: %v", name, calendar, err)
			}
			sameRecords(t, name+", "+calendar, got, want)
		}
	}
}

// TestSkippedRowsComeBack: the rows left out are written with their lines and reasons;
// one of them is mended there, and the file is imported as it is.
func TestSkippedRowsComeBack(t *testing.T) {
	region := shippedRegion(t)
	headings := [2]string{"Строка файла", "Почему пропущена"}
	for name, c := range map[string]struct {
		text, bad, good string
		reasons         []string // by row of the file that is written
		want            app.BatchRow
	}{
		"счётчики.csv": {
			"Дата;Страница;Подписчики\n01.02.2025;a;1\n32.02.2025;b;2\n01.02.2025;a;3\n03.02.2025;-;+7\n", "32.02.2025", "02.02.2025",
			[]string{"bad_date", "duplicate_row", "no_name"},
			app.BatchRow{Line: 2, Count: &app.PageCount{Page: pageOf("b", "b"), Day: app.DayOf(time.Date(2025, 2, 2, 0, 0, 0, 0, time.UTC)), Count: 2}},
		},
		"темы.csv": {
			"Тема;Группа тем\nЯмы 2;Дороги\n=Яма;Нет такой\n;Дороги\n", "Нет такой", "ЖКХ",
			[]string{"unknown_group", "no_name"},
			app.BatchRow{Line: 2, Entry: &app.RegionEntry{Table: app.TableTopics, Group: "ЖКХ", Name: "=Яма"}},
		},
		"группы.csv": {
			"Дороги\nНет, такой\nЖКХ\n", "Нет, такой", "Молодёжная политика",
			[]string{"unknown_group"},
			app.BatchRow{Line: 2, Entry: &app.RegionEntry{Table: app.TableTopics, Group: "Молодёжная политика"}},
		},
		"темы.json": {
			`{"Ямы 2":"Дороги","Яма":"Нет такой"}`, "Нет такой", "ЖКХ",
			[]string{"unknown_group"},
			app.BatchRow{Line: 2, Entry: &app.RegionEntry{Table: app.TableTopics, Group: "ЖКХ", Name: "Яма"}},
		},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := ReadFile(path, region)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var want []string
		for _, s := range b.Skipped {
			want = append(want, strconv.Itoa(s.Line)+" "+s.Reason)
		}
		for _, end := range []string{".csv", ".xlsx"} {
			to := filepath.Join(dir, "пропущено"+end)
			why := func(s app.Skip) string { return s.Reason }
			if err := WriteSkipped(path, region, app.Layout{}, to, b.Skipped, headings, why); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := WriteSkipped(path, region, app.Layout{}, to, b.Skipped, headings, why); app.CodeOf(err) != app.CodeFileExists {
				t.Errorf("%s is written over: %v", end, err)
			}
			rows := [][]string(nil)
			if end == ".csv" {
				rows = rowsOf(t, to, ';')
			} else {
				rows = cellsOf(t, to)
			}
			if rows[0][0] != headings[0] || rows[0][1] != headings[1] {
				t.Errorf("%s%s: headings %q", name, end, rows[0])
			}
			var got, reasons []string
			for _, row := range rows[1:] {
				got, reasons = append(got, row[0]+" "+row[1]), append(reasons, row[1])
			}
			if !slices.Equal(got, want) || !slices.Equal(reasons, c.reasons) {
				t.Errorf("%s%s: %q, want %q", name, end, got, want)
			}
			mended := 0
			for _, row := range rows {
				for i := range row {
					if row[i] == c.bad {
						row[i], mended = c.good, mended+1
					}
				}
			}
			data := asCSV(t, rows, ';', true)
			if end == ".xlsx" {
				data = workbook(t, rows)
			}
			back, err := Read(bytes.NewReader(data), "пропущено"+end, region)
			if err != nil || mended != 1 {
				t.Errorf("%s%s: mended %d, %v", name, end, mended, err)
				continue
			}
			if len(back.Rows) == 0 || !reflect.DeepEqual(back.Rows[0], c.want) {
				t.Errorf("%s%s: %+v, skipped %v", name, end, back.Rows, back.Skipped)
			}
		}
	}
}
