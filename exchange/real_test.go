package exchange

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"otklik/app"
)

const (
	fileIncidents = "incident-manager/export_15rows.xlsx"
	fileRegistry  = "pages/registry_municipal.csv"
	fileAppeals   = "appeals/appeals_300.csv"
	fileRequests  = "requests-311/requests.csv"
	fileDaily     = "daily-counts/daily_counts_50pages.csv"
)

// column gives the values under a heading by the heading's exact words.
func column(t *testing.T, rows [][]string, heading string) []string {
	t.Helper()
	for c, h := range rows[0] {
		if h == heading {
			var out []string
			for _, r := range rows[1:] {
				v := ""
				if c < len(r) {
					v = r[c]
				}
				out = append(out, v)
			}
			return out
		}
	}
	t.Fatalf("no column %q", heading)
	return nil
}

func TestIncidents(t *testing.T) {
	path := dataFile(t, fileIncidents)
	cells := cellsOf(t, path)
	b := readFile(t, path)
	if b.Format != "incident-manager" || b.Read != len(cells)-1 || len(b.Rows) != 15 || len(b.Skipped) != 0 {
		t.Fatalf("%s: read %d, rows %d, skipped %v", b.Format, b.Read, len(b.Rows), b.Skipped)
	}
	durations := column(t, cells, "Время с даты создания инцидента до времени первого ответа")
	created := column(t, cells, "Дата создания")
	outcomes := map[app.Outcome]int{}
	omsk := time.FixedZone("Омск", 6*3600)
	for i, row := range b.Rows {
		a := row.Appeal
		days, err := strconv.ParseFloat(durations[i], 64)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := a.FirstResponse()
		if want := time.Duration(days * 24 * float64(time.Hour)); !ok || math.Abs(float64(got-want)) > float64(time.Minute) {
			t.Errorf("line %d: first response %v, the export says %v", row.Line, got, want)
		}
		start, _ := a.Start()
		if s := start.At.In(omsk).Format("2006-01-02 15:04:05"); s != created[i] {
			t.Errorf("line %d: began %s, the export says %s", row.Line, s, created[i])
		}
		if a.Status != app.StatusClosed || a.Kind != app.KindIncident || a.Source != app.SourceIM || a.Text == "" || a.Executor == "" {
			t.Errorf("line %d: %s %s %s", row.Line, a.Status, a.Kind, a.Source)
		}
		if reply, _ := a.Reply(); reply.Text == "" || !reply.ByHand {
			t.Errorf("line %d: no answer", row.Line)
		}
		for _, s := range []string{a.Text, a.Events[len(a.Events)-2].Text} {
			if strings.Contains(s, "<br") || strings.HasPrefix(s, "'") || strings.Contains(s, "[club") || strings.Contains(s, "[id") {
				t.Errorf("line %d: markup left in a text", row.Line)
			}
		}
		for j := 1; j < len(a.Events); j++ {
			if a.Events[j].At.Before(a.Events[j-1].At) {
				t.Errorf("line %d: history is out of order", row.Line)
			}
		}
		outcomes[a.Outcome]++
	}
	if outcomes[app.OutcomeSolved] != 2 || outcomes[app.OutcomeExplained] != 13 {
		t.Errorf("outcomes %v", outcomes)
	}
	first := b.Rows[0].Appeal
	if first.Number != "ИМ-717475" || first.External != "717475" || first.Municipality != "Исилькульский район" ||
		first.Place != "Исилькуль, Деповская улица" || first.Group != "Дороги" {
		t.Errorf("first row: %s %s %s %s", first.Number, first.Municipality, first.Place, first.Group)
	}
}

// The last assignment leads to the answer only where it came before it.
func TestIncidentsRouted(t *testing.T) {
	path := dataFile(t, fileIncidents)
	cells := cellsOf(t, path)
	assigned := column(t, cells, "Время назначения последнего исполнителя")
	answered := column(t, cells, "Общее время первого ответа")
	for i, row := range readFile(t, path).Rows {
		_, routed := row.Appeal.Last(app.EventRouted)
		if want := assigned[i] < answered[i]; routed != want {
			t.Errorf("line %d: routed %v, want %v", row.Line, routed, want)
		}
	}
}

func TestIncidentsTwisted(t *testing.T) {
	path := dataFile(t, fileIncidents)
	got, err := Read(bytes.NewReader(workbook(t, twisted(cellsOf(t, path)))), "export.xlsx", testRegion(t))
	if err != nil {
		t.Fatal(err)
	}
	if want := readFile(t, path); !reflect.DeepEqual(got, want) {
		t.Error("another order of columns gives another batch")
	}
}

func TestRegistry(t *testing.T) {
	path := dataFile(t, fileRegistry)
	rows := rowsOf(t, path, ';')[1:]
	b := readFile(t, path)
	if b.Format != "pages-registry" || b.Read != len(rows) || b.Read != 1251 {
		t.Fatalf("%s: read %d of %d", b.Format, b.Read, len(rows))
	}
	links, names := map[string]bool{}, map[string]bool{}
	repeated := 0
	for _, r := range rows {
		link := strings.ToLower(strings.TrimSuffix(r[10], "/"))
		if link == "" || link == "0" || link == "https://vk.com/public" {
			names[r[4]+"|"+strings.Join(strings.Fields(r[2]), " ")+"|"+r[1]] = true
			continue
		}
		if links[link] {
			repeated++
		}
		links[link] = true
	}
	linked := 0
	for _, row := range b.Rows {
		p := row.Page
		if p.Link != "" {
			linked++
		}
		if p.Network != app.SourceVK || p.Municipality == "" || p.Municipality != p.Founder || p.Level != "МО" || len(p.OGRN) != 13 {
			t.Errorf("line %d: %+v", row.Line, p)
		}
	}
	if linked != len(links) || len(b.Rows) != len(links)+len(names) {
		t.Errorf("%d pages, %d with a link; the file has %d and %d", len(b.Rows), linked, len(links)+len(names), len(links))
	}
	if got := reasons(b); got["duplicate_link"] != repeated || len(b.Skipped) != repeated {
		t.Errorf("skipped %v, the file repeats %d links", got, repeated)
	}
}

// The line of a skipped row is where an editor finds it, although names and
// grounds hold line breaks.
func TestRegistryLines(t *testing.T) {
	path := dataFile(t, fileRegistry)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	for _, s := range readFile(t, path).Skipped {
		first, err := strconv.Atoi(s.Detail)
		if err != nil {
			t.Fatal(err)
		}
		link := func(line int) string {
			// The record may end on a later line.
			for n := line - 1; ; n++ {
				if i := strings.LastIndex(lines[n], "https://vk.com/"); i >= 0 {
					return strings.TrimSpace(lines[n][i:])
				}
			}
		}
		if link(s.Line) != link(first) {
			t.Errorf("lines %d and %d do not share a link", s.Line, first)
		}
	}
}

func TestRegistryInWindows1251(t *testing.T) {
	path := dataFile(t, fileRegistry)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := charmap.Windows1251.NewEncoder().Bytes(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err != nil {
		t.Fatal(err)
	}
	want := readFile(t, path)
	for name, file := range map[string][]byte{"windows-1251": encoded, "byte order mark": append([]byte("\ufeff"), data...)} {
		got, err := Read(bytes.NewReader(file), "реестр.csv", testRegion(t))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives another batch", name)
		}
	}
}

func TestRegistryTwisted(t *testing.T) {
	path := dataFile(t, fileRegistry)
	want := readFile(t, path)
	for _, sep := range separators {
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		w.Comma = sep
		if err := w.WriteAll(twisted(rowsOf(t, path, ';'))); err != nil {
			t.Fatal(err)
		}
		got, err := Read(&out, "реестр.txt", testRegion(t))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Rows, want.Rows) || !reflect.DeepEqual(got.Skipped, want.Skipped) {
			t.Errorf("columns twisted, separator %q: another batch", sep)
		}
	}
}

func TestAppeals(t *testing.T) {
	path := dataFile(t, fileAppeals)
	rows := rowsOf(t, path, ',')[1:]
	b := readFile(t, path)
	if b.Format != "appeals" || b.Read != len(rows) || len(b.Rows) != 300 || len(b.Skipped) != 0 {
		t.Fatalf("%s: read %d, rows %d, skipped %v", b.Format, b.Read, len(b.Rows), b.Skipped)
	}
	for i, row := range b.Rows {
		a := row.Appeal
		if a.External != rows[i][0] || a.Topic != oneLine(rows[i][3]) || a.Executor != oneLine(rows[i][4]) {
			t.Errorf("line %d: %s %s %s", row.Line, a.External, a.Topic, a.Executor)
		}
		if a.Text != strings.TrimSpace(rows[i][1]) {
			t.Errorf("line %d: another text", row.Line)
		}
		if len(a.Events) != 1 || a.Events[0].Type != app.EventDetected || !a.Events[0].At.IsZero() || a.Status != app.StatusNew {
			t.Errorf("line %d: events %v", row.Line, a.Events)
		}
		group := rows[i][2]
		if group == "Многоквартирные дома" {
			group = "ЖКХ"
		}
		if a.Group != group || a.Number != "" || a.Kind != app.KindPOS || a.Source != app.SourceFile {
			t.Errorf("line %d: group %q, number %q", row.Line, a.Group, a.Number)
		}
	}
}

func TestRequests(t *testing.T) {
	path := dataFile(t, fileRequests)
	rows := rowsOf(t, path, ',')
	b := readFile(t, path)
	if b.Format != "requests-311" || b.Read != len(rows)-1 || len(b.Rows) != 10000 || len(b.Skipped) != 0 {
		t.Fatalf("%s: read %d, rows %d, skipped %v", b.Format, b.Read, len(b.Rows), b.Skipped)
	}
	statuses := map[string]app.Status{
		"Closed": app.StatusClosed, "Closed (Transferred)": app.StatusClosed, "Closed (Duplicate)": app.StatusMerged,
		"Open": app.StatusInProgress, "Open (Duplicate)": app.StatusInProgress, "Pending": app.StatusInProgress,
		"In Progress": app.StatusInProgress, "New": app.StatusNew, "New (Duplicate)": app.StatusNew,
	}
	baltimore, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	source := column(t, rows, "SRStatus")
	created, closed := column(t, rows, "CreatedDate"), column(t, rows, "CloseDate")
	const layout = "01/02/2006 03:04:05 PM"
	for i, row := range b.Rows {
		a := row.Appeal
		if a.Status != statuses[source[i]] {
			t.Errorf("line %d: %s became %s", row.Line, source[i], a.Status)
		}
		if start, ok := a.Start(); !ok || start.At.In(baltimore).Format(layout) != created[i] {
			t.Errorf("line %d: began %v, the file says %s", row.Line, start.At, created[i])
		}
		if a.Status == app.StatusClosed {
			e, _ := a.Last(app.EventClosed)
			if e.At.In(baltimore).Format(layout) != closed[i] {
				t.Errorf("line %d: closed %v, the file says %s", row.Line, e.At, closed[i])
			}
			first, ok := a.FirstResponse()
			whole, _ := a.Resolution()
			if !ok || first != whole {
				t.Errorf("line %d: answered after %v, closed after %v", row.Line, first, whole)
			}
		} else if _, replied := a.Reply(); replied {
			t.Errorf("line %d: %s has an answer", row.Line, source[i])
		}
	}
}

func TestDaily(t *testing.T) {
	path := dataFile(t, fileDaily)
	rows := rowsOf(t, path, ',')[1:]
	b := readFile(t, path)
	if b.Format != "daily-counts" || b.Read != len(rows) || len(b.Rows) != 21183 || len(b.Skipped) != 0 {
		t.Fatalf("%s: read %d, rows %d, skipped %v", b.Format, b.Read, len(b.Rows), b.Skipped)
	}
	pages := map[string]bool{}
	for i, row := range b.Rows {
		c := row.Count
		if c.Day.String() != rows[i][0] || c.Page.Name != rows[i][1] || fmt.Sprint(c.Count) != rows[i][2] {
			t.Errorf("line %d: %v", row.Line, c)
		}
		pages[c.Page.ID] = true
	}
	if len(pages) != 50 {
		t.Errorf("%d pages", len(pages))
	}
}

func TestTwiceIsTheSame(t *testing.T) {
	for _, name := range []string{fileIncidents, fileRegistry, fileAppeals, fileRequests, fileDaily} {
		path := dataFile(t, name)
		if !reflect.DeepEqual(readFile(t, path), readFile(t, path)) {
			t.Errorf("%s: read twice, two batches", name)
		}
	}
}

func BenchmarkRequests(b *testing.B) {
	path := dataFile(b, fileRequests)
	region := testRegion(b)
	for b.Loop() {
		if _, err := ReadFile(path, region); err != nil {
			b.Fatal(err)
		}
	}
}
