package exchange

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"otklik/app"
)

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	valid := workbook(t, [][]string{{"id", "text", "category", "theme"}, {"1", "Яма", "Дороги", "Ремонт"}})
	files := map[string]struct {
		data []byte
		code app.Code
	}{
		"пусто.csv":        {nil, app.CodeFileEmpty},
		"пусто.xlsx":       {nil, app.CodeFileEmpty},
		"пробелы.csv":      {[]byte(" \r\n\r\n"), app.CodeFileEmpty},
		"лист.xlsx":        {workbook(t, nil), app.CodeFileEmpty},
		"заголовки.csv":    {[]byte("date,page,count\r\n"), app.CodeFileEmpty},
		"без строк.csv":    {[]byte("date,page,count\r\n,,\r\n"), app.CodeFileEmpty},
		"чужое.csv":        {[]byte("a;b;c\n1;2;3\n"), app.CodeFileHeadings},
		"без столбца.csv":  {[]byte("date,page\n2025-01-01,x\n"), app.CodeFileHeadings},
		"чужое.xlsx":       {workbook(t, [][]string{{"a", "b"}, {"1", "2"}}), app.CodeFileHeadings},
		"не книга.xlsx":    {[]byte("date,page,count\n2025-01-01,x,1\n"), app.CodeFileFormat},
		"обрыв.xlsx":       {valid[:len(valid)/2], app.CodeFileFormat},
		"снимок.csv":       {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), app.CodeFileFormat},
		"старая книга.xls": {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00"), app.CodeFileFormat},
	}
	for name, f := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, f.data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadFile(path, testRegion(t))
		if app.CodeOf(err) != f.code {
			t.Errorf("%s: %v, want %s", name, err, f.code)
			continue
		}
		if !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the error should hold the base name alone: %v", name, err)
		}
	}
	for _, path := range []string{filepath.Join(dir, "нет.csv"), dir} {
		_, err := ReadFile(path, testRegion(t))
		if app.CodeOf(err) != app.CodeNoFile || strings.Contains(err.Error(), filepath.Dir(path)) {
			t.Errorf("%v, want %s without the folder", err, app.CodeNoFile)
		}
	}
	if b, err := Read(bytes.NewReader(valid), "переименовано.csv", testRegion(t)); err != nil || len(b.Rows) != 1 {
		t.Errorf("a renamed workbook: %v", err)
	}
}

func TestHeadings(t *testing.T) {
	want := readString(t, "id,text,category,theme,executor\n1,Яма на дороге,Дороги,Ремонт,Управление\n")
	for name, text := range map[string]string{
		"case, spaces":  "ID , TEXT,Cate gory,Theme,EXECUTOR\n1,Яма на дороге,Дороги,Ремонт,Управление\n",
		"Russian":       "Исполнитель;Номер;ТЕКСТ обращения;Категория;Тёма\nУправление;1;Яма на дороге;Дороги;Ремонт\n",
		"tab":           "theme\texecutor\tid\ttext\tcategory\nРемонт\tУправление\t1\tЯма на дороге\tДороги\n",
		"strange ones":  "x,id,text,y,category,theme,executor\n,1,Яма на дороге,9,Дороги,Ремонт,Управление\n",
		"twice, no end": "id,text,category,theme,executor,text\n1,Яма на дороге,Дороги,Ремонт,Управление,другой",
	} {
		if got := readString(t, text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: another batch", name)
		}
	}
	// A title above the headings moves lines and nothing else.
	got := readString(t, "Выгрузка за месяц\n\nid,text,category,theme,executor\n1,Яма на дороге,Дороги,Ремонт,Управление\n")
	if len(got.Rows) != 1 || got.Rows[0].Line != 4 || !reflect.DeepEqual(got.Rows[0].Appeal, want.Rows[0].Appeal) {
		t.Errorf("under a title: %+v", got)
	}
	if lines := want.Rows[0].Line; lines != 2 {
		t.Errorf("the first row is line %d", lines)
	}
}

func TestBrokenQuotes(t *testing.T) {
	b := readString(t, strings.Join([]string{
		`id;text;category;theme`,                    // 1
		`1;Яма;Дороги;Ремонт`,                       // 2
		`2;ООО "Свет" не чистит "двор";Двор;Уборка`, // 3: quotes that need no closing
		`3;"Первая строка`,                          // 4
		`вторая строка";Двор;Уборка`,                // 5
		``, // 6
		`4;"Кавычка не закрыта;Двор;Уборка`, // 7
		`5;Лифт;Дом;Ремонт`,                 // 8
		`6;Один; два;Дом;Ремонт`,            // 9: a separator within the text
		`7;Свет`,                            // 10: the rest is empty
		`;;;`,                               // 11: wholly empty
		`1;Яма;Дороги;Ремонт`,               // 12
		`8;-;Двор;Уборка`,                   // 13
	}, "\r\n"))
	var lines []int
	for _, r := range b.Rows {
		lines = append(lines, r.Line)
	}
	if want := []int{2, 3, 4, 8, 10}; !reflect.DeepEqual(lines, want) {
		t.Errorf("rows at lines %v, want %v", lines, want)
	}
	if text := b.Rows[1].Appeal.Text; text != `ООО "Свет" не чистит "двор"` {
		t.Errorf("text %q", text)
	}
	if text := b.Rows[2].Appeal.Text; text != "Первая строка\nвторая строка" {
		t.Errorf("text %q", text)
	}
	want := []app.Skip{
		{Line: 7, Reason: "short_row"},
		{Line: 9, Reason: "bad_columns"},
		{Line: 12, Reason: "duplicate_row", Detail: "2"},
		{Line: 13, Reason: "no_text"},
	}
	if !reflect.DeepEqual(b.Skipped, want) {
		t.Errorf("skipped %v, want %v", b.Skipped, want)
	}
	if b.Read != 9 {
		t.Errorf("read %d", b.Read)
	}
}

// A quote that closes only in the next row would give one long row of the
// wrong width; both rows are kept apart.
func TestSwallowedRow(t *testing.T) {
	b := readString(t, "id,text,category,theme\n1,\"Яма,Дороги,Ремонт\n2,Лифт,Дом,\"Ремонт\"\n3,Двор,Двор,Уборка\n")
	if len(b.Rows) != 2 || b.Rows[0].Line != 3 || b.Rows[1].Line != 4 || len(b.Skipped) != 1 || b.Skipped[0].Line != 2 {
		t.Errorf("%+v", b)
	}
	b = readString(t, "id,text,category,theme\n1,\"Яма,Дороги,Ремонт\n2,Лифт,Дом\",Ремонт\n")
	if len(b.Rows) != 1 || b.Rows[0].Line != 3 || len(b.Skipped) != 1 || b.Skipped[0] != (app.Skip{Line: 2, Reason: "short_row"}) {
		t.Errorf("%+v", b)
	}
	b = readString(t, "id,text,category,theme\n1,\"Яма,Дороги,Ремонт\n2,Лифт,Дом,Ремонт\n3,\"Двор\",Двор,Уборка\n")
	if b.Read != 3 || len(b.Rows) != 2 {
		t.Errorf("%+v", b)
	}
}

func TestWindows1251(t *testing.T) {
	text := "Дата;Страница;Подписчики\n01.02.2025;Посёлок № 5;1 024\n"
	encoded, err := charmap.Windows1251.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	got := readString(t, encoded)
	if !reflect.DeepEqual(got, readString(t, text)) || got.Rows[0].Count.Count != 1024 || got.Rows[0].Count.Page.Name != "Посёлок № 5" {
		t.Errorf("%+v", got)
	}
}

func TestDailySkips(t *testing.T) {
	b := readString(t, "date,page,count\n2025-02-18,a,5\n2025-02-18,a,6\n2025-02-19,a,-1\n2025-02-20,a,пять\n2025-02-30,a,1\n2025-02-21,,1\n2025-02-22,a,4294967295\n2025-02-23,a,\n,a,1\n2025-02-18,https://m.vk.com/Public7/,8\n")
	want := []app.Skip{
		{Line: 3, Reason: "duplicate_row", Detail: "2"},
		{Line: 4, Reason: "bad_number", Detail: "-1"},
		{Line: 5, Reason: "bad_number", Detail: "пять"},
		{Line: 6, Reason: "bad_date", Detail: "2025-02-30"},
		{Line: 7, Reason: "no_name"},
		{Line: 8, Reason: "bad_number", Detail: "4294967295"},
		{Line: 9, Reason: "bad_number"},
		{Line: 10, Reason: "bad_date"},
	}
	if !reflect.DeepEqual(b.Skipped, want) {
		t.Errorf("skipped %v, want %v", b.Skipped, want)
	}
	p := b.Rows[1].Count.Page
	if p.ID != app.IDFrom("page", "vk.com/club7") || p.Network != app.SourceVK {
		t.Errorf("a page named by its address is not the registry's: %+v", p)
	}
}

func TestRegistrySkips(t *testing.T) {
	const head = "Уровень;Учредитель;Наименование подведомственной организации;ОГРН;Сфера 1;Сфера 2;Сфера 3;Ссылка на госпаблик ВК\n"
	b := readString(t, head+
		"МО;Город;Школа  №  1;1;Школы;;Спорт;https://vk.com/school1\n"+
		"МО;Город;Школа 1;2;Школы;;;http://m.vk.com/School1/\n"+
		"МО;Город;Сад;3;;;;0\n"+
		"МО;Город;Сад;3;;;;https://vk.com/public\n"+
		"РОИВ;Министерство;Музей;4;;;;https://ok.ru/group/5\n"+
		"МО;Город;;5;;;;https://vk.com/x\n"+
		"МО;Город;Клуб;6;;;;https://vk.com/public12\n"+
		"МО;Город;Клуб 2;7;;;;vk.com/club12\n")
	want := []app.Skip{
		{Line: 3, Reason: "duplicate_link", Detail: "2"},
		{Line: 5, Reason: "duplicate_row", Detail: "4"},
		{Line: 7, Reason: "no_name"},
		{Line: 9, Reason: "duplicate_link", Detail: "8"},
	}
	if !reflect.DeepEqual(b.Skipped, want) {
		t.Errorf("skipped %v, want %v", b.Skipped, want)
	}
	school, kindergarten, museum := b.Rows[0].Page, b.Rows[1].Page, b.Rows[2].Page
	if school.Name != "Школа № 1" || !reflect.DeepEqual(school.Spheres, []string{"Школы", "Спорт"}) || school.Municipality != "Город" {
		t.Errorf("%+v", school)
	}
	if kindergarten.Link != "" || kindergarten.Network != app.SourceVK {
		t.Errorf("%+v", kindergarten)
	}
	if museum.Network != app.SourceOK || museum.Municipality != "" {
		t.Errorf("%+v", museum)
	}
}

const cityHead = "SRRecordID,ServiceRequestNum,SRType,CreatedDate,SRStatus,StatusDate,DueDate,CloseDate,Agency,Outcome,Address,Neighborhood\n"

func TestCity(t *testing.T) {
	b := readString(t, cityHead+
		"1,n1,Pothole,07/04/2018 12:30:00 AM,Closed,,07/05/2018 12:30:00 PM,07/04/2018 01:30:00 AM,Roads,Filled,1 Main St,Upton\n"+
		"2,n2,Pothole,07/04/2018 10:00:00 AM,Closed,,,07/04/2018 09:00:00 AM,Roads,,,\n"+
		"3,n3,Pothole,2018,New,,,,Roads,,,\n"+
		"4,n4,,07/04/2018 10:00:00 AM,New,,,,Roads,,,\n"+
		",n5,Pothole,07/04/2018 10:00:00 AM,New,,,,Roads,,,\n"+
		"1,n1,Pothole,07/04/2018 12:30:00 AM,New,,,,Roads,,,\n"+
		"6,n6,Pothole,07/04/2018 10:00:00 AM,Closed (Transferred),,,07/04/2018 10:00:00 AM,Roads,,,\n"+
		"7,n7,Pothole,07/04/2018 10:00:00 AM,Closed (Duplicate),,,07/04/2018 11:00:00 AM,Roads,,,\n"+
		"8,n8,Pothole,07/04/2018 10:00:00 AM,In Progress,07/04/2018 11:00:00 AM,,,Roads,,,\n")
	want := []app.Skip{
		{Line: 3, Reason: "closed_before_created"},
		{Line: 4, Reason: "bad_date", Detail: "2018"},
		{Line: 5, Reason: "no_text"},
		{Line: 6, Reason: "no_id"},
		{Line: 7, Reason: "duplicate_row", Detail: "2"},
	}
	if !reflect.DeepEqual(b.Skipped, want) {
		t.Errorf("skipped %v, want %v", b.Skipped, want)
	}
	closed, transferred, merged, started := b.Rows[0].Appeal, b.Rows[1].Appeal, b.Rows[2].Appeal, b.Rows[3].Appeal
	// Half past midnight of the summer of Baltimore.
	at := time.Date(2018, 7, 4, 4, 30, 0, 0, time.UTC)
	if s, _ := closed.Start(); !s.At.Equal(at) || !closed.Due.Equal(at.Add(36*time.Hour)) {
		t.Errorf("began %v, due %v", s.At, closed.Due)
	}
	if d, _ := closed.FirstResponse(); d != time.Hour || closed.Outcome != app.OutcomeSolved || closed.Text != "Pothole. Filled" {
		t.Errorf("%v %s %q", d, closed.Outcome, closed.Text)
	}
	if reply, _ := closed.Reply(); reply.Text != "Filled" || !reply.ByHand {
		t.Errorf("%+v", reply)
	}
	if reply, _ := transferred.Reply(); transferred.Outcome != app.OutcomeExplained || reply.Text != "Closed (Transferred)" || transferred.Status != app.StatusClosed {
		t.Errorf("%s %s", transferred.Outcome, transferred.Status)
	}
	if merged.Status != app.StatusMerged || merged.Parent != "" {
		t.Errorf("%s", merged.Status)
	}
	if started.Status != app.StatusInProgress || started.Assignee != "" {
		t.Errorf("%s %q", started.Status, started.Assignee)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("id;text;category;theme\n1;\"Яма;Дороги\n2;a\"b;c;d\n"), "a.csv")
	f.Add([]byte("date,page,count\n2025-01-01,x,1\n"), "b.txt")
	f.Add([]byte(cityHead+"1,n,P,07/04/2018 12:30:00 AM,Closed,,,,R,,,\n"), "c.csv")
	f.Add([]byte("Номер инцидента\tТекст инцидента\tДата создания\n1\t'-\t2025-12-24 20:06:02\n"), "d.csv")
	f.Add([]byte("Учредитель;Наименование;Ссылка\nГород;Школа;vk.com/x\n"), "e.csv")
	f.Add([]byte("Перечень\n\nАдминистрация; отдел\nШкола \"Первая\"\n"), "исполнители.csv")
	f.Add([]byte("Дороги\nЖКХ\nx\n"), "categories.csv")
	f.Add(workbook(f, [][]string{{"date", "page", "count"}, {"45000", "x", "1"}}), "f.xlsx")
	region := testRegion(f)
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		b, err := Read(bytes.NewReader(data), name, region)
		if err != nil {
			if app.CodeOf(err) == "" {
				t.Errorf("an error without a code: %v", err)
			}
			return
		}
		check(t, b)
	})
}
