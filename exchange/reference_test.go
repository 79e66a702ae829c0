package exchange

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"otklik/app"
)

const (
	fileGroups    = "appeals/categories.csv"
	fileExecutors = "appeals/executors.csv"
	fileTopics    = "appeals/topic_groups.json"
)

// listOf gives the lines of a shared list as rows of one column.
func listOf(t testing.TB, name string) (rows [][]string) {
	t.Helper()
	data, err := os.ReadFile(dataFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" {
			rows = append(rows, []string{line})
		}
	}
	return rows
}

// looked gives the preview of a file in memory.
func looked(t testing.TB, data []byte, name string, region *app.Region, how app.Layout) *app.Preview {
	t.Helper()
	r := readerOf(data, name)
	if err := r.begin(region, how, true); err != nil {
		t.Fatal(err)
	}
	p, err := r.look()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSharedLists counts the lists beside the appeals by other means.
func TestSharedLists(t *testing.T) {
	region := shippedRegion(t)
	read := func(name, format string) *app.Batch {
		t.Helper()
		b, err := ReadFile(dataFile(t, name), region)
		if err != nil {
			t.Fatal(err)
		}
		check(t, b)
		if b.Format != format {
			t.Errorf("%s is read as %s", name, b.Format)
		}
		return b
	}

	b := read(fileExecutors, referenceExecutors)
	lines := listOf(t, fileExecutors)
	if len(lines) != 72 || b.Read != 72 || len(b.Rows) != 72 {
		t.Fatalf("executors: %d of %d", len(b.Rows), len(lines))
	}
	for i, row := range b.Rows {
		if want := (app.RegionEntry{Table: app.TableExecutors, Name: oneLine(lines[i][0])}); *row.Entry != want || row.Line != i+1 {
			t.Errorf("line %d: %+v", row.Line, *row.Entry)
		}
	}

	b = read(fileGroups, referenceTopics)
	if b.Read != 30 || len(b.Rows) != 29 || len(b.Skipped) != 1 || b.Skipped[0] != (app.Skip{Line: 25, Reason: "unknown_group", Detail: "Тестовая категория"}) {
		t.Errorf("groups: %d rows, skipped %v", len(b.Rows), b.Skipped)
	}
	for _, row := range b.Rows {
		if said := listOf(t, fileGroups)[row.Line-1][0]; row.Entry.Name != "" || row.Entry.Group != region.GroupOf(said) {
			t.Errorf("line %d: %+v", row.Line, *row.Entry)
		}
	}

	b = read(fileTopics, referenceTopics)
	data, err := os.ReadFile(dataFile(t, fileTopics))
	if err != nil {
		t.Fatal(err)
	}
	groups, unknown := map[string]string{}, 0
	if err := json.Unmarshal(data, &groups); err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		if region.GroupOf(g) == "" {
			unknown++
		}
	}
	if len(groups) != 195 || unknown != 7 || b.Read != 195 || len(b.Rows) != 188 || reasons(b)["unknown_group"] != unknown {
		t.Errorf("topics: %d rows, skipped %v", len(b.Rows), reasons(b))
	}
	for _, row := range b.Rows {
		if e := row.Entry; region.GroupOf(groups[e.Name]) != e.Group {
			t.Errorf("%s stands under %s", e.Name, e.Group)
		}
	}
}

// TestListsTwisted: the same lists as other programs would have written them, with a
// heading and without.
func TestListsTwisted(t *testing.T) {
	type list struct {
		file   string
		rows   [][]string
		sure   bool // has a heading
		format string
	}
	lists := []list{
		{"исполнители", [][]string{{"Администрация города"}, {"ГКУ \"Дороги\"; отдел 1"}, {"Школа, первая"}, {"Администрация города"}}, false, referenceExecutors},
		{"список", [][]string{{"Тема", "Группа тем"}, {"Ямы, выбоины", "Дороги"}, {"Свет; лампы", "ЖКХ"}, {"Прочее", "Нет такой"}}, true, referenceTopics},
		{"список", [][]string{{"Исполнитель"}, {"Администрация"}, {"Школа"}}, true, referenceExecutors},
	}
	if _, err := os.Stat(filepath.Join("..", "..", "shared", "data")); err == nil {
		topics := [][]string{{"Тема", "Группа тем"}}
		data, err := os.ReadFile(dataFile(t, fileTopics))
		if err != nil {
			t.Fatal(err)
		}
		var groups map[string]string
		if err := json.Unmarshal(data, &groups); err != nil {
			t.Fatal(err)
		}
		for _, topic := range slices.Sorted(maps.Keys(groups)) {
			topics = append(topics, []string{topic, groups[topic]})
		}
		lists = append(lists, list{"executors", listOf(t, fileExecutors), false, referenceExecutors},
			list{"categories", listOf(t, fileGroups), false, referenceTopics}, list{"список", topics, true, referenceTopics})
	} else {
		t.Log("real data is absent: shared/data/appeals")
	}
	region := shippedRegion(t)
	for _, l := range lists {
		want, err := Read(bytes.NewReader(asCSV(t, l.rows, ';', false)), l.file+".csv", region)
		if err != nil {
			t.Fatalf("%s: %v", l.file, err)
		}
		if check(t, want); want.Format != l.format || len(want.Rows) == 0 {
			t.Fatalf("%s: %s, %d rows, skipped %v", l.file, want.Format, len(want.Rows), want.Skipped)
		}
		for twist, data := range twists(t, l.rows) {
			got, err := Read(bytes.NewReader(data), l.file+" "+twist, region)
			if err != nil {
				t.Errorf("%s, %s: %v", l.file, twist, err)
				continue
			}
			sameRecords(t, l.file+", "+twist, got, want)
		}
	}
}

// TestListsAreSaidToBe: what a list without a heading holds is said by its file, its
// sheet, or a person.
func TestListsAreSaidToBe(t *testing.T) {
	region := shippedRegion(t)
	text := []byte("Школа\nАдминистрация\n")
	for name, c := range map[string]struct {
		how  app.Layout
		want string
	}{
		"список.csv":              {app.Layout{}, ""},
		"Исполнители 2026.csv":    {app.Layout{}, referenceExecutors},
		"Группы исполнителей.csv": {app.Layout{}, ""}, // it may be either
		"ответы.csv":              {app.Layout{Format: referenceExecutors}, referenceExecutors},
		"перечень.csv":            {app.Layout{Columns: map[string]string{"перечень": "executor"}}, referenceExecutors},
		"executors.csv":           {app.Layout{Columns: map[string]string{"executors": ""}}, ""},
		"categories.csv":          {app.Layout{Format: referenceExecutors}, referenceExecutors},
		"headed.csv":              {app.Layout{Heading: 1, Columns: map[string]string{"Школа": "executor"}}, referenceExecutors},
	} {
		p := looked(t, text, name, region, c.how)
		if p.Layout.Format != c.want {
			t.Errorf("%s: %q", name, p.Layout.Format)
		}
		if bare := c.how.Heading == 0; c.want != "" && (p.List == nil || p.List.Bare != bare || len(p.Columns) != 1) {
			t.Errorf("%s: %+v, %+v", name, p.List, p.Columns)
		}
		if c.want == "" {
			continue
		}
		b, err := readerOf(text, name).open(region, p.Layout) // what was found reads the same
		if err != nil {
			t.Fatal(err)
		}
		all, err := whole(b)
		if err != nil || all.Format != c.want || all.Read != len(p.Rows) {
			t.Errorf("%s: %+v, %v", name, all, err)
		}
	}
	book := workbook(t, [][]string{{"", "Школа"}, {"", "Больница"}})
	if p := looked(t, book, "книга.xlsx", region, app.Layout{Columns: map[string]string{"Sheet1": "executor"}}); p.List == nil || p.List.New != 2 {
		t.Errorf("a sheet does not speak for its list: %+v", p.List)
	}
	// Of other tables and objects the words of these lists say nothing.
	for name, text := range map[string]string{
		"executors.csv": "Школа;12\nБольница;15\nТеатр;3\n", "a.csv": "Тема;Группа тем;Сумма\nЯмы;Дороги;7\n",
		"topics.json": `{"code":"a","message":"b"}`, "t.json": `{"Ямы":"Дороги","n":1}`,
	} {
		if _, err := Read(strings.NewReader(text), name, region); app.CodeOf(err) != app.CodeFileHeadings {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestListPreview counts all rows, also beyond those that are shown.
func TestListPreview(t *testing.T) {
	region := shippedRegion(t)
	known := region.Executors[0]
	rows := [][]string{{known}, {strings.ToUpper(known)}, {"-"}}
	for i := range 150 {
		rows = append(rows, []string{strings.Repeat("я", i+1)})
	}
	p := looked(t, asCSV(t, rows, ';', false), "исполнители.csv", region, app.Layout{})
	if want := (app.PreviewList{Table: app.TableExecutors, New: 150, Known: 1, Skipped: 2, Bare: true}); *p.List != want || len(p.Rows) != lookRows {
		t.Errorf("%+v, %d rows", *p.List, len(p.Rows))
	}
	if s, bad := p.Rows[1].Skip(-1, 24); !bad || s != (app.Skip{Line: 2, Reason: "duplicate_row", Detail: "1"}) {
		t.Errorf("%+v", s)
	}
	// A topic is not put under a second group, whoever has it under the first.
	p = looked(t, []byte("Тема;Группа тем\nЯмы 2;Дороги\nЯмы 2;ЖКХ\nВыборы;Дороги\nВыборы;Внутренняя политика\n"), "т.csv", region, app.Layout{})
	if p.List.New != 1 || p.List.Known != 1 || p.List.Skipped != 2 {
		t.Errorf("%+v", *p.List)
	}
	if s, _ := p.Rows[2].Skip(slices.Index(p.Headings(), "Тема"), 24); s.Reason != "topic_elsewhere" || s.Detail != "Внутренняя политика" {
		t.Errorf("%+v", s)
	}
}
