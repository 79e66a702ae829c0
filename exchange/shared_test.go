package exchange

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"otklik/app"
)

// TestSharedFiles reads every real table without a setting.
func TestSharedFiles(t *testing.T) {
	for name, want := range map[string]struct {
		format     string
		read, rows int
		skipped    map[string]int
	}{
		fileIncidents:                       {"incident-manager", 15, 15, nil},
		fileAppeals:                         {"appeals", 300, 300, nil},
		fileRequests:                        {"requests-311", 10000, 10000, nil},
		fileDaily:                           {"daily-counts", 21183, 21183, nil},
		fileRegistry:                        {"pages-registry", 1251, 1249, map[string]int{"duplicate_link": 2}},
		"open311/georeport_2026-07-05.json": {"open311", 3843, 3843, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := readFile(t, dataFile(t, name))
			if b.Format != want.format || b.Read != want.read || len(b.Rows) != want.rows || !maps.Equal(reasons(b), want.skipped) {
				t.Errorf("%s: read %d, rows %d, skipped %v", b.Format, b.Read, len(b.Rows), reasons(b))
			}
		})
	}
}

// TestNoTables has messages of platforms, which come through channels. An import says
// that it does not know their headings.
func TestNoTables(t *testing.T) {
	region := shippedRegion(t)
	err := filepath.WalkDir(dataFile(t, "bots"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if _, err := ReadFile(path, region); app.CodeOf(err) != app.CodeFileHeadings && app.CodeOf(err) != app.CodeFileFormat && app.CodeOf(err) != app.CodeFileEmpty {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// asCSV writes rows as text.
func asCSV(t testing.TB, rows [][]string, sep rune, crlf bool) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = sep, crlf
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// twists are the same rows as other programs would have written them.
func twists(t testing.TB, rows [][]string) map[string][]byte {
	t.Helper()
	plain := asCSV(t, rows, ';', false)
	encode := func(encoded []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return encoded
	}
	titled := append([][]string{{"Выгрузка за неделю"}, {"", ""}}, rows...)
	out := map[string][]byte{
		"semicolon.csv": plain, "comma.csv": asCSV(t, rows, ',', false), "tab.csv": asCSV(t, rows, '\t', false), "bar.csv": asCSV(t, rows, '|', false),
		"bom.csv": append([]byte("\ufeff"), plain...), "crlf.csv": asCSV(t, rows, ';', true), "titled.csv": asCSV(t, titled, ';', false),
		"swapped.csv": asCSV(t, twisted(rows), ';', false), "swapped.xlsx": workbook(t, twisted(rows)), "titled.xlsx": workbook(t, titled),
		"utf-16le.csv": encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(plain)),
		"utf-16be.csv": encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes(plain)),
		"bare le.csv":  encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes(plain)),
		"bare be.csv":  encode(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes(plain)),
	}
	if old, err := charmap.Windows1251.NewEncoder().Bytes(plain); err == nil { // else it has signs the encoding lacks
		out["windows-1251.csv"] = old
	}
	return out
}

// said is what a batch says, without where it stood.
func said(b *app.Batch) []app.BatchRow {
	out := slices.Clone(b.Rows)
	for i := range out {
		out[i].Line = 0
	}
	return out
}

// every gives the headings and each step-th row of data.
func every(rows [][]string, step int) [][]string {
	out := [][]string{rows[0]}
	for i := 1; i < len(rows); i += step {
		out = append(out, rows[i])
	}
	return out
}

func TestTwists(t *testing.T) {
	cases := map[string][][]string{
		"synthetic appeals": {{"id", "Текст обращения", "Категория", "Тема"}, {"1", "Яма; у дома", "Дороги", "Ямы"}, {"2", "Нет \"света\"\nво дворе", "ЖКХ", "Свет"}},
		"synthetic counts":  {{"Дата", "Страница", "Подписчики"}, {"01.02.2025", "vk.com/primer", "1 024"}, {"02.02.2025", "Страница 2", "7"}},
		"synthetic incidents": {
			{"Номер инцидента", "Текст инцидента", "Дата создания", "Общее время первого ответа"},
			{"7", "'Свалка<br>у [club1|Парка]", "2025-02-01 10:00:00", "02.02.2025 11:30"},
		},
	}
	for _, file := range []struct {
		name string
		sep  rune // 0: a workbook
		step int  // of the rows that are twisted: all, or each so many of a long file
	}{{fileRegistry, ';', 1}, {fileAppeals, ',', 1}, {fileIncidents, 0, 1}, {fileRequests, ',', 20}, {fileDaily, ',', 20}} {
		if _, err := os.Stat(filepath.Join("..", "..", "shared", "data", file.name)); err != nil {
			t.Logf("real data is absent: shared/data/%s", file.name)
			continue
		}
		if file.sep == 0 {
			cases[file.name] = cellsOf(t, dataFile(t, file.name))
			continue
		}
		cases[file.name] = every(rowsOf(t, dataFile(t, file.name), file.sep), file.step)
	}
	for name, rows := range cases {
		want := readString(t, string(asCSV(t, rows, ';', false)))
		if len(want.Rows) == 0 {
			t.Errorf("%s: nothing is read: %v", name, want.Skipped)
		}
		if name == fileIncidents {
			sameRecords(t, name, readFile(t, dataFile(t, name)), want)
		}
		for twist, data := range twists(t, rows) {
			got, err := Read(bytes.NewReader(data), twist, testRegion(t))
			if err != nil {
				t.Errorf("%s, %s: %v", name, twist, err)
				continue
			}
			sameRecords(t, name+", "+twist, got, want)
		}
	}
}

// sameRecords asks that two files say the same.
func sameRecords(t testing.TB, name string, got, want *app.Batch) {
	t.Helper()
	if got.Format != want.Format || !reflect.DeepEqual(said(got), said(want)) || !maps.Equal(reasons(got), reasons(want)) {
		t.Errorf("%s: %s, %d rows, skipped %v; want %s, %d, %v", name, got.Format, len(got.Rows), reasons(got), want.Format, len(want.Rows), reasons(want))
	}
}

// TestFixMyStreet has the two names of the list, and a request without a date.
func TestFixMyStreet(t *testing.T) {
	list := `[{"service_request_id":7,"status":"open","requested_datetime":"2024-07-07T14:26:53+01:00","title":"Яма","description":"Яма у дома","agency_responsible":{"recipient":["Город"]}},
		{"service_request_id":"8","status":"closed","requested_datetime":"2024-07-07T14:26:53+01:00","updated_datetime":"2024-07-08T14:26:53+01:00","service_name":"Мусор"},
		{"service_request_id":"9","status":"open","requested_datetime":"вчера","description":"х"}]`
	for _, text := range []string{list, `{"service_requests":` + list + `}`, `{"page":{"n":[1]},"requests":` + list + `}`, "\ufeff" + list} {
		b, err := Read(strings.NewReader(text), "x.json", testRegion(t))
		if err != nil {
			t.Fatal(err)
		}
		check(t, b)
		if b.Read != 3 || len(b.Rows) != 2 || reasons(b)["bad_date"] != 1 || b.Skipped[0].Line != 3 {
			t.Fatalf("read %d, %v", b.Read, b.Skipped)
		}
		if a := b.Rows[0].Appeal; a.Executor != "Город" || a.External != "7" || b.Rows[1].Appeal.Status != app.StatusClosed {
			t.Errorf("%s %s %s", a.Executor, a.External, b.Rows[1].Appeal.Status)
		}
	}
}
