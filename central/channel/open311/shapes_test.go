package open311

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
)

func TestAnswersHaveTheShapesOfTheStandard(t *testing.T) {
	w := newWorld(t)
	number := w.handed(with(good(), "attribute[municipality]", municipalities(w.e.Region)[0].Key))
	w.handed(with(good(), "lat", "", "long", "", "description", ""))
	token, _, err := w.e.take(t.Context(), "key", false, posted{Service: "Ямы и выбоины", Description: "Яма"})
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"xml", "json"} {
		for _, c := range [][2]string{
			{"discovery", "discovery"},
			{"services", "services"},
			{"services/" + codeOf("Дороги", "Ямы и выбоины"), "definition"},
			{"requests", "requests"},
			{"requests/" + number, "requests"},
			{"requests." + format + "?service_request_id=0&", "requests"},
			{"tokens/" + token, "token"},
			{"test/services", "services"},
		} {
			path := c[0]
			if !strings.Contains(path, "?") {
				path += "." + format + "?"
			}
			status, body := w.get(path + "jurisdiction_id=cap.ru")
			if status != 200 {
				t.Errorf("%s: %d", path, status)
			}
			validate(t, format, body, c[1])
		}
		for path, fields := range map[string][]string{"requests": nil, "test/requests": {"description", "Проба"}} {
			status, body := w.post(path+"."+format, with(good(), fields...))
			if status != 200 {
				t.Errorf("%s: %d", path, status)
			}
			validate(t, format, body, "posted")
		}
		for _, path := range []string{"services/nothing", "requests/0", "tokens/0", "nothing", "services", "requests"} {
			status, body := w.get(path + "." + format + "?jurisdiction_id=elsewhere")
			if status != 404 {
				t.Errorf("%s: %d", path, status)
			}
			validate(t, format, body, "errors")
		}
	}
	for _, path := range []string{"services", "services.yaml", ".xml.json", "requests/1.html"} {
		if status, _ := w.get(path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// TestBothFormatsSayTheSame: the standard has its JSON by a rule from its XML.
func TestBothFormatsSayTheSame(t *testing.T) {
	w := newWorld(t)
	number := w.handed(good())
	w.handed(with(good(), "lat", "", "long", "", "description", ""))
	for path, answer := range map[string]string{
		"discovery": "discovery", "services": "services", "services/" + codeOf("Дороги", ""): "definition",
		"requests": "requests", "requests/" + number: "requests", "requests/0": "errors", "tokens/" + w.appeals()[0].External: "token",
	} {
		_, inXML := w.get(path + ".xml")
		n, err := readXML(inXML)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		_, inJSON := w.get(path + ".json")
		d := json.NewDecoder(strings.NewReader(inJSON))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if got := standard()[answer].field.spark(n); !reflect.DeepEqual(got, worded(v)) {
			t.Errorf("%s:\n%s\n%s", path, inXML, inJSON)
		}
	}
}

func TestDiscoveryTellsOfChangedServices(t *testing.T) {
	w := newWorld(t)
	ask := func() (d discovery) {
		_, body := w.get("discovery.json?jurisdiction_id=elsewhere")
		if err := json.Unmarshal([]byte(body), &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := ask()
	if len(d.Endpoints) < 2 || len(d.Endpoints[0].Formats) < 2 || d.Endpoints[0].URL != "https://centre.example/open311" || d.KeyService == "" ||
		d.Changeset != "2026-07-06T09:00:00Z" {
		t.Errorf("%+v", d)
	}
	topics := w.e.Region.Table(app.TableTopics)
	topics.At = w.now.Add(time.Hour)
	if err := w.e.Storage.Update(t.Context(), func(tx central.Tx) error { return tx.PutTable(topics) }); err != nil {
		t.Fatal(err)
	}
	if d := ask(); d.Changeset != "2026-07-06T10:00:00Z" || d.Endpoints[1].Changeset != d.Changeset {
		t.Errorf("%+v", d)
	}
}

// TestOnlyTheStatusesOfTheStandard: also where the server is at fault, or is asked too
// much or by a wrong method, the status is 400 and the code says more.
func TestOnlyTheStatusesOfTheStandard(t *testing.T) {
	w := newWorld(t)
	said := func(status int, body string) string {
		return fmt.Sprint(status, " ", strings.Split(body, "description")[0])
	}
	if got := said(w.post("services.json", good())); got != `400 [{"code":405,"` {
		t.Error(got)
	}
	w.e.asked.SetLimit(0)
	w.e.asked.SetBurst(0)
	if got := said(w.get("services.json")); got != `400 [{"code":429,"` {
		t.Error(got)
	}
	w.e.Storage = shut{w.e.Storage}
	for _, format := range []string{"xml", "json"} {
		status, body := w.post("requests."+format, good())
		if status != 400 || !strings.Contains(body, "503") || strings.Contains(body, "secret") {
			t.Errorf("%d %s", status, body)
		}
		validate(t, format, body, "errors")
	}
}

// TestWhoAsksForAllDefinitionsIsAnswered however many services there are.
func TestWhoAsksForAllDefinitionsIsAnswered(t *testing.T) {
	w := newWorld(t)
	c := w.e.Config
	c.PerSecond = 1000
	w.e = New(c)
	w.e.asked.SetBurst(10)
	for _, s := range servicesOf(w.e.Region).list {
		status, body := w.get("services/" + s.Code + ".json")
		if status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		validate(t, "json", body, "definition")
	}
}

// shut is a storage that does not open.
type shut struct{ central.Storage }

func (shut) View(context.Context, func(central.Reader) error) error { return errors.New("secret path") }

// TestAValidatorRefuses: what validates is worth as much as what it refuses.
func TestAValidatorRefuses(t *testing.T) {
	const head = `<?xml version="1.0" encoding="UTF-8"?>`
	for _, c := range [][3]string{
		{"json", "errors", `{}`},
		{"json", "errors", `[{}]`},
		{"json", "errors", `[{"code":"400","description":"x"}]`},
		{"json", "errors", `[{"code":400,"description":""}]`},
		{"json", "errors", `[{"code":400,"description":"x","more":1}]`},
		{"json", "errors", `[{"code":400,"description":null}]`},
		{"json", "errors", `[][]`},
		{"json", "posted", `[{"service_notice":"x"}]`},
		{"json", "posted", `[{"service_request_id":"1","token":"1"}]`},
		{"json", "posted", `[{"service_request_id":1}]`},
		{"json", "definition", `{"service_code":"1","attributes":{}}`},
		{"xml", "errors", `<errors/>`},
		{"xml", "errors", head + `<error/>`},
		{"xml", "errors", head + `<errors><error><code>1</code></error></errors>`},
		{"xml", "errors", head + `<errors><error><code>a</code><description>x</description></error></errors>`},
		{"xml", "errors", head + `<errors><fault><code>1</code><description>x</description></fault></errors>`},
		{"xml", "errors", head + `<errors type="array"/>`},
		{"xml", "errors", head + `<errors xmlns="http://wiki.open311.org/GeoReport_v2"/>`},
		{"xml", "errors", head + `<errors>x<error><code>1</code><description>x</description></error></errors>`},
		{"xml", "token", head + `<service_requests><request><token>1</token><token>2</token></request></service_requests>`},
		{"xml", "requests", head + `<service_requests><service_request_id>1</service_request_id></service_requests>`},
	} {
		if holds(c[0], c[2], c[1]) == nil {
			t.Error(c)
		}
	}
	if err := holds("xml", head+`<errors><error><description>x</description><code>1</code></error></errors>`, "errors"); err != nil {
		t.Errorf("the order means nothing: %v", err)
	}
}

func TestCodesStayWhenTheTableGrows(t *testing.T) {
	w := newWorld(t)
	before := servicesOf(w.e.Region)
	grown := *w.e.Region
	grown.Groups = slices.Clone(grown.Groups)
	slices.Reverse(grown.Groups)
	grown.Groups = append(grown.Groups, grown.Groups[0])
	grown.Groups[0].Topics = append([]string{"Новая тема"}, grown.Groups[0].Topics...)
	after := servicesOf(&grown)
	for code, sub := range before.of {
		if after.of[code] != sub {
			t.Errorf("%s is %+v, was %+v", code, after.of[code], sub)
		}
	}
	if len(after.list) != len(before.list)+1 || len(after.of) != len(after.list) {
		t.Errorf("%d services of %d", len(after.list), len(before.list))
	}
}
