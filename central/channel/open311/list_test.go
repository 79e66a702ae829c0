package open311

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// source writes requests as another server would.
func source(rows ...map[string]any) string {
	b, err := json.Marshal(rows)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (w *world) loads(in string, added, updated, unchanged int) {
	w.t.Helper()
	l, err := Load(w.t.Context(), w.e.Server, strings.NewReader(in), w.e.Actor)
	if err != nil || l.Added != added || l.Updated != updated || l.Unchanged != unchanged || len(l.Skipped) > 0 {
		w.t.Fatalf("%+v %v", l, err)
	}
}

func TestListsAreFiltered(t *testing.T) {
	w := newWorld(t)
	day := func(n int) string { return w.now.AddDate(0, 0, -n).Format(time.RFC3339) }
	row := func(id, status string, days int) map[string]any {
		return map[string]any{"service_request_id": id, "status": status, "requested_datetime": day(days), "service_name": "Pothole", "description": "x"}
	}
	w.loads(source(row("a", "open", 10), row("b", "closed", 20), row("c", "open", 89), row("d", "open", 91), row("e", "closed", 200)), 5, 0, 0)
	road := w.handed(good())
	number := map[string]string{road: "road"}
	for _, a := range w.appeals() {
		if a.Text == "x" {
			number[a.Number] = a.External
		}
	}
	names := func(query string) string {
		var out []string
		for _, r := range w.requests("requests.json?" + query) {
			out = append(out, number[r.ID])
		}
		return strings.Join(out, " ")
	}
	of := func(name string) string {
		for n, have := range number {
			if have == name {
				return n
			}
		}
		return ""
	}
	q := url.QueryEscape
	for query, want := range map[string]string{
		"":                   "road a b c",
		"status=open":        "road a c",
		"status=closed":      "b",
		"status=open,closed": "road a b c",
		"service_code=" + codeOf("Дороги", "Ямы и выбоины"):                        "road",
		"service_code=" + codeOf("Дороги", "Ямы и выбоины") + "," + codeOf("", ""): "road a b c",
		"start_date=" + q(day(15)):                                    "road a",
		"start_date=" + q(day(95)):                                    "a b c d",
		"end_date=" + q(day(15)):                                      "b c d",
		"end_date=" + q(day(150)):                                     "e",
		"start_date=" + q(day(300)) + "&end_date=" + q(day(0)):        "road a b c",
		"start_date=" + q(day(250)) + "&end_date=" + q(day(190)):      "e",
		"start_date=2026-06-20T00:00:00+03:00":                        "road a",
		"page_size=2":                                                 "road a",
		"page_size=2&page=2":                                          "b c",
		"page_size=2&page=3":                                          "",
		"status=closed&service_request_id=" + of("e") + "," + of("a"): "e a",
		"status=closed&service_request_id=" + of("e") + "&service_request_id=" + of("a"): "e a",
		// A number goes before all else, be it wrong.
		"start_date=yesterday&status=done&page=0&service_code=nothing&service_request_id=" + of("d"): "d",
		"service_request_id=0": "",
		// What is empty is not there.
		"service_request_id=&status=&start_date=&end_date=&service_code=&page=&page_size=&jurisdiction_id=": "road a b c",
		"status=open&status=closed":         "road a b c",
		"start_date=2026-06-20T00:00Z":      "road a",
		"start_date=2026-06-26T12:00+03:00": "road a",
	} {
		if got := names(query); got != want {
			t.Errorf("%s: %q, not %q", query, got, want)
		}
	}
	for query, want := range map[string]int{
		"status=done": 400, "start_date=yesterday": 400, "start_date=2026-06-20T00:00:00": 400, "end_date=0001-01-01T00:00:00Z": 400,
		"page=0": 400, "page_size=1001": 400, "service_code=nothing": 404,
	} {
		for _, format := range []string{"xml", "json"} {
			status, body := w.get("requests." + format + "?" + query)
			if status != want {
				t.Errorf("%s: %d", query, status)
			}
			validate(t, format, body, "errors")
		}
	}
	if _, body := w.get("requests.json?service_request_id=0"); body != "[]" {
		t.Errorf("%s", body)
	}
}

func TestAListHasAThousandRowsAtMost(t *testing.T) {
	w := newWorld(t)
	var rows []map[string]any
	for i := range 1100 {
		rows = append(rows, map[string]any{
			"service_request_id": fmt.Sprint(i), "status": "open", "requested_datetime": w.now.Add(-time.Duration(i) * time.Minute).Format(time.RFC3339),
		})
	}
	w.loads(source(rows...), 1100, 0, 0)
	all := w.requests("requests.json")
	if len(all) != maxRows || !slices.IsSortedFunc(all, func(a, b request) int { return strings.Compare(b.Requested, a.Requested) }) {
		t.Errorf("%d rows", len(all))
	}
	if more := w.requests("requests.json?page=2"); len(more) != 100 {
		t.Errorf("%d rows of the second page", len(more))
	}
}
