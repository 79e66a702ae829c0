package open311

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"otklik/app"
	"otklik/central"
)

func TestLoadedTwiceAddsNothingAndAChangedStatusUpdates(t *testing.T) {
	w := newWorld(t)
	row := map[string]any{
		"service_request_id": json.Number("9007199254740993"), "status": "open", "title": "Яма", "description": "Яма: У дома, неделю", "service_name": "Pothole",
		"requested_datetime": "2026-07-01T10:00:00+01:00", "updated_datetime": "2026-07-01T10:00:00+01:00", "lat": "52.8976", "long": -3.06,
		"agency_responsible": map[string]any{"recipient": []string{"Council"}}, "zipcode": nil, "address": nil, "url": "https://example.com/1",
	}
	w.loads(source(row), 1, 0, 0)
	w.loads(source(row), 0, 0, 1)
	w.loads(`{"service_requests": `+source(row)+`, "more": 1}`, 0, 0, 1)
	w.loads("\uFEFF"+source(row), 0, 0, 1)
	a := w.appeals()[0]
	if a.External != "9007199254740993" || a.Status != app.StatusNew || a.Topic != "Pothole" || a.Text != "У дома, неделю" || a.Source != app.SourceOpen311 || a.Number != "2026-000001" {
		t.Errorf("%+v", a)
	}
	steps := []struct {
		status, at string
		want       app.Status
	}{
		{"closed", "2026-07-02T10:00:00Z", app.StatusClosed},
		{"open", "2026-07-03T10:00:00Z", app.StatusReopened},
		{"closed", "2026-07-04T10:00:00Z", app.StatusClosed},
	}
	for _, s := range steps {
		row["status"], row["updated_datetime"] = s.status, s.at
		w.loads(source(row), 0, 1, 0)
		w.loads(source(row), 0, 0, 1)
		if a := w.appeals()[0]; a.Status != s.want {
			t.Errorf("%s: %s", s.status, a.Status)
		}
		if r := w.requests("requests/2026-000001.json")[0]; r.Status != s.status {
			t.Errorf("%+v", r)
		}
	}
	row["title"] = "Большая яма"
	w.loads(source(row), 0, 1, 0)
	if a := w.appeals()[0]; a.Title != "Большая яма" || a.Status != app.StatusClosed || len(a.Events) != 4 {
		t.Errorf("%+v", a)
	}
	other := central.Actor{ID: "open311-elsewhere", Name: "Open311"}
	if l, err := Load(t.Context(), w.e.Server, strings.NewReader(source(row)), other); l.Added != 1 || err != nil {
		t.Errorf("the same number of another jurisdiction: %+v %v", l, err)
	}
}

// TestWhatPeopleDidStands: the source repeats what it said before they did it.
func TestWhatPeopleDidStands(t *testing.T) {
	w := newWorld(t)
	row := map[string]any{"service_request_id": "1", "status": "open", "description": "x", "service_name": "Pothole", "requested_datetime": "2026-07-01T10:00:00Z"}
	w.loads(source(row), 1, 0, 0)
	id := w.appeals()[0].ID
	err := w.e.Server.Act(t.Context(), w.e.Actor, func(a *central.Acting) error {
		m := app.Amendment{Fields: app.Appeal{Status: app.StatusClosed, Outcome: app.OutcomeSolved}, Events: []app.Event{
			{ID: app.IDFrom("a"), Type: app.EventClassified, At: w.now, Group: "Дороги", Target: "Ямы и выбоины"},
			{ID: app.IDFrom("b"), Type: app.EventClosed, At: w.now, Outcome: app.OutcomeSolved},
		}}
		_, err := a.Do(app.Op{ID: app.IDFrom("c"), Ent: id, Kind: app.OpAmend, At: a.Now(), Payload: app.Encode(m)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.loads(source(row), 0, 0, 1)
	row["status"] = "closed"
	w.loads(source(row), 0, 1, 0)
	w.loads(source(row), 0, 0, 1)
	if a := w.appeals()[0]; a.Status != app.StatusClosed || a.Outcome != app.OutcomeSolved || a.Topic != "Ямы и выбоины" {
		t.Errorf("%+v", a)
	}
	if r := w.requests("requests.json")[0]; r.StatusNotes != "Закрыто: решено" || r.ServiceCode != codeOf("Дороги", "Ямы и выбоины") {
		t.Errorf("%+v", r)
	}
}

// TestWhatWasTakenBackIsShownToNobody: neither under its number nor in a list, and it may
// be loaded again, as often as it is taken back.
func TestWhatWasTakenBackIsShownToNobody(t *testing.T) {
	w := newWorld(t)
	row := map[string]any{"service_request_id": "1", "status": "open", "description": "x", "service_name": "Pothole", "requested_datetime": "2026-07-01T10:00:00Z"}
	row2 := map[string]any{"service_request_id": "2", "status": "closed", "description": "y", "service_name": "Pothole", "requested_datetime": "2026-07-02T10:00:00Z"}
	w.loads(source(row, row2), 2, 0, 0)
	clerk := central.Actor{ID: "clerk", Name: "Оператор 2"}
	for range 2 {
		var back *app.Appeal
		for _, a := range w.appeals() {
			if a.External == "1" {
				back = a
			}
		}
		err := w.e.Server.Act(t.Context(), clerk, func(a *central.Acting) error {
			v, err := a.Do(app.Op{ID: app.IDFrom("back", rand.Text()), Ent: back.ID, Kind: app.OpBack, At: a.Now(), Payload: app.Encode(app.TakenBack{Seen: back.Sum()})})
			if v.Verdict != app.VerdictApplied {
				t.Errorf("%+v", v)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if all := w.requests("requests.json"); len(all) != 1 || all[0].ID == back.Number {
			t.Errorf("%+v", all)
		}
		if all := w.requests("requests.json?service_request_id=" + back.Number); len(all) != 0 {
			t.Errorf("%+v", all)
		}
		if status, _ := w.get("requests/" + back.Number + ".xml"); status != http.StatusNotFound {
			t.Errorf("%d", status)
		}
		w.loads(source(row, row2), 1, 0, 1)
		if all := w.requests("requests.json"); len(all) != 2 || all[1].Status != "open" {
			t.Errorf("%+v", all)
		}
		w.loads(source(row, row2), 0, 0, 2)
		if all := w.requests("requests.json?service_request_id=" + back.Number); len(all) != 0 {
			t.Errorf("under a number it does not have any more: %+v", all)
		}
	}
}

func TestWhatCannotBeLoadedIsTold(t *testing.T) {
	w := newWorld(t)
	for _, in := range []string{"", "{}", "null", "<xml/>", `{"service_requests":{}}`, `[{"service_request_id":"1"`, `["секрет"]`, `[null]`} {
		if _, err := Load(t.Context(), w.e.Server, strings.NewReader(in), w.e.Actor); !errors.Is(err, errNotRequests) {
			t.Errorf("%s: %v", in, err)
		}
	}
	in := source(
		map[string]any{"service_request_id": "1", "requested_datetime": "2026-07-01T10:00:00Z", "service_name": "Pothole"},
		map[string]any{"service_request_id": "2", "requested_datetime": "yesterday"},
		map[string]any{"requested_datetime": "2026-07-01T10:00:00Z"},
		map[string]any{"service_request_id": []int{1}, "requested_datetime": "2026-07-01T10:00:00Z"},
		map[string]any{"service_request_id": "5", "requested_datetime": "2026-07-01T10:00:00Z", "status": 7},
		map[string]any{"service_request_id": "4", "requested_datetime": "2026-07-01T10:00:00Z", "description": strings.Repeat("я", 1<<16)},
	)
	l, err := Load(t.Context(), w.e.Server, strings.NewReader(in), w.e.Actor)
	want := Loaded{Added: 1, Skipped: []Skipped{
		{2, "requested_datetime is no moment with its offset"},
		{3, "no service_request_id"},
		{4, "a field is of another kind than the standard has"},
		{5, "a field is of another kind than the standard has"},
		{6, "not accepted: malformed"},
	}}
	if !reflect.DeepEqual(l, want) || err != nil {
		t.Errorf("%+v %v", l, err)
	}
}

// TestRealRequestsAreLoaded takes what a public server gave out.
func TestRealRequestsAreLoaded(t *testing.T) {
	const path = "../../../../shared/data/open311/georeport_2026-07-05.json"
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the requests of shared/data/open311 are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	load := func(data []byte, added, updated, unchanged int) {
		t.Helper()
		w.loads(string(data), added, updated, unchanged)
	}
	load(data, 3843, 0, 0)
	load(data, 0, 0, 3843)
	closed := 0
	for _, a := range w.appeals() {
		if !a.Status.Open() {
			closed++
		}
	}
	if closed != 2389 {
		t.Errorf("%d are closed", closed)
	}
	changed := bytes.Replace(data, []byte(`"status": "open"`), []byte(`"status": "closed"`), 1)
	load(changed, 0, 1, 3842)
	load(changed, 0, 0, 3843)
	for _, format := range []string{"xml", "json"} {
		_, body := w.get("requests." + format)
		validate(t, format, body, "requests")
	}
}
