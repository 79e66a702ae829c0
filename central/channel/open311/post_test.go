package open311

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
)

func TestARequestBecomesAnAppeal(t *testing.T) {
	w := newWorld(t)
	m := municipalities(w.e.Region)[1]
	fields := with(good(), "first_name", "Анна", "last_name", "Сидорова", "email", "anna@example.com", "phone", "+7 900 000-00-00",
		"attribute[municipality]", m.Key, "media_url", "https://example.com/1.jpg")
	fields["attribute[circumstances][]"] = []string{"danger", "many"}
	number := w.handed(fields)
	all := w.appeals()
	if len(all) != 1 {
		t.Fatalf("%d appeals", len(all))
	}
	a := all[0]
	if a.Number != number || a.Text != "Глубокая яма\nЕсть опасность для людей. Касается многих жителей." || a.Author != "Анна Сидорова" ||
		a.Contact != "anna@example.com, +7 900 000-00-00" || a.Group != "Дороги" || a.Topic != "Ямы и выбоины" || a.Municipality != m.Name ||
		a.Place != "г. Чебоксары, ул. Гагарина, д. 17, кв. 42" || a.Link != "https://example.com/1.jpg" || a.Status != app.StatusNew {
		t.Errorf("%+v", a)
	}
	if start, ok := a.Start(); !ok || !start.At.Equal(w.now) {
		t.Errorf("the clock begins %v", start)
	}
}

func TestAPictureComesWithARequest(t *testing.T) {
	w := newWorld(t)
	picture := append([]byte("\x89PNG\r\n\x1A\n"), strings.Repeat("pixel", 100)...)
	if status, body := w.multipart(good(), picture); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	a := w.appeals()[0]
	e, ok := a.Last(app.EventMessage)
	if !ok || len(e.Files) != 1 || e.Files[0].Type != "image/png" || e.Files[0].Size != int64(len(picture)) {
		t.Fatalf("%+v", e)
	}
	if status, body := w.multipart(good(), []byte("#!/bin/sh")); status != http.StatusBadRequest {
		t.Errorf("a program: %d %s", status, body)
	}
	w.e.MaxPicture = 10
	if status, body := w.multipart(good(), picture); status != http.StatusBadRequest {
		t.Errorf("too large: %d %s", status, body)
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	w := newWorld(t)
	two := good()
	for _, m := range municipalities(w.e.Region)[:2] {
		two.Add("attribute[municipality]", m.Key)
	}
	for _, c := range []struct {
		name   string
		fields url.Values
		status int
	}{
		{"no key", with(good(), "api_key", ""), 403},
		{"a wrong key", with(good(), "api_key", "guess"), 403},
		{"another jurisdiction", with(good(), "jurisdiction_id", "sfgov.org"), 404},
		{"no service", with(good(), "service_code", ""), 400},
		{"a service that is not there", with(good(), "service_code", "001"), 404},
		{"no place", with(good(), "address_string", "", "lat", "", "long", ""), 400},
		{"half a place", with(good(), "long", ""), 400},
		{"no degrees", with(good(), "lat", "north"), 400},
		{"beyond the pole", with(good(), "lat", "90.1"), 400},
		{"not a number", with(good(), "lat", "NaN"), 400},
		{"too long", with(good(), "description", strings.Repeat("я", 4001)), 400},
		{"not in UTF-8", with(good(), "description", "\xff\xfe"), 400},
		{"an unknown value", with(good(), "attribute[municipality]", "Москва"), 400},
		{"two values of one", two, 400},
		{"an unknown value of several", with(good(), "attribute[circumstances][]", "boredom"), 400},
	} {
		for _, format := range []string{"xml", "json"} {
			status, body := w.post("requests."+format, c.fields)
			if status != c.status {
				t.Errorf("%s: %d %s", c.name, status, body)
			}
			validate(t, format, body, "errors")
		}
	}
	if n := len(w.appeals()); n != 0 {
		t.Errorf("%d appeals", n)
	}
	for _, place := range [][]string{{"lat", "", "long", ""}, {"address_string", ""}, {"address_string", "", "lat", "", "long", "", "address_id", "17"}} {
		w.handed(with(good(), place...))
	}
	if status, body := w.post("test/requests.json", good()); status != http.StatusOK || !strings.Contains(body, `"service_request_id":"test"`) {
		t.Errorf("the test endpoint: %d %s", status, body)
	}
	if n := len(w.appeals()); n != 3 {
		t.Errorf("%d appeals; the test endpoint keeps nothing", n)
	}
}

func TestARepeatedRequestIsOneAppeal(t *testing.T) {
	w := newWorld(t)
	var mu sync.Mutex
	answers := map[string]int{}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			_, body := w.post("requests.json", good())
			mu.Lock()
			defer mu.Unlock()
			answers[body]++
		})
	}
	all.Wait()
	if n := len(w.appeals()); n != 1 || len(answers) > 2 { // a token, or by now the number
		t.Fatalf("%d appeals, %v", n, answers)
	}
	first := w.handed(good())
	if other := w.handed(with(good(), "description", "Другая яма")); other == first {
		t.Error("another description is another request")
	}
	if other := w.handed(with(good(), "api_key", "another")); other == first {
		t.Error("another app is another request")
	}
	w.now = w.now.Add(repeats)
	if later := w.handed(good()); later == first {
		t.Error("after a while the same is said anew")
	}
	fields := with(good(), "description", "С ключом")
	_, one := w.post("requests.json", fields, "Idempotency-Key", "1")
	w.now = w.now.Add(24 * time.Hour)
	if _, again := w.post("requests.json", fields, "Idempotency-Key", "1"); again != one {
		t.Errorf("%s, then %s", one, again)
	}
	if _, other := w.post("requests.json", fields, "Idempotency-Key", "2"); other == one {
		t.Error("another key is another request")
	}
}

// TestWhatIsEmptyIsNotThere: by the standard an argument without a value is none.
func TestWhatIsEmptyIsNotThere(t *testing.T) {
	w := newWorld(t)
	fields := url.Values{"api_key": {goodKey}, "service_code": {codeOf("", "")}, "address_id": {"17"}}
	for _, name := range []string{
		"jurisdiction_id", "lat", "long", "address_string", "email", "device_id", "account_id", "first_name", "last_name", "phone", "description",
		"media_url", "attribute[municipality]", "attribute[circumstances][]",
	} {
		fields.Set(name, "")
	}
	w.handed(fields)
	if a := w.appeals()[0]; a.Text != otherService || a.Place != "address_id 17" || a.Author != "" || a.Contact != "" || a.Link != "" || a.Source != app.SourceOpen311 {
		t.Errorf("%+v", a)
	}
}

func TestWithoutKeysNobodyHandsIn(t *testing.T) {
	w := newWorld(t)
	c := w.e.Config
	c.Keys = []string{""}
	w.e = New(c)
	for _, key := range []string{"", goodKey} {
		if status, body := w.post("requests.json", with(good(), "api_key", key)); status != http.StatusForbidden {
			t.Errorf("%d %s", status, body)
		}
	}
	if status, _ := w.get("requests.json"); status != http.StatusOK {
		t.Errorf("everybody may read: %d", status)
	}
}

// TestATokenIsPolled: what cannot be made an appeal at once has a token until it is.
func TestATokenIsPolled(t *testing.T) {
	w := newWorld(t)
	server := w.e.Server
	w.e.Server = newWorld(t).e.Server // which has nothing in its inbox
	status, body := w.post("requests.json", good())
	validate(t, "json", body, "posted")
	var all []request
	if err := json.Unmarshal([]byte(body), &all); err != nil || status != http.StatusOK || len(all) != 1 || all[0].Token == "" || all[0].ID != "" {
		t.Fatalf("%d %s", status, body)
	}
	token := all[0].Token
	if poll := w.requests("tokens/" + token + ".json"); poll[0].ID != "" || poll[0].Token != token {
		t.Errorf("%+v", poll)
	}
	w.e.Server = server
	if err := w.e.readAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	poll := w.requests("tokens/" + token + ".json")
	if poll[0].ID == "" || poll[0].Token != token || w.requests("requests/" + poll[0].ID + ".json")[0].ID != poll[0].ID {
		t.Errorf("%+v", poll)
	}
}

// TestARequestOutlivesACrash: the program dies after the request was kept.
func TestARequestOutlivesACrash(t *testing.T) {
	w := newWorld(t)
	p := posted{Group: "Дороги", Topic: "Ямы и выбоины", Service: "Ямы и выбоины", Description: "Яма", Address: "ул. Гагарина"}
	token, _, err := w.e.take(t.Context(), "key", false, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"xml", "json"} {
		status, body := w.get("tokens/" + token + "." + format)
		if status != http.StatusOK || strings.Contains(body, "service_request_id") {
			t.Errorf("%d %s", status, body)
		}
	}
	w.now = w.now.Add(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { w.e.Run(ctx) })
	for end := time.Now().Add(10 * time.Second); len(w.appeals()) == 0 && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
	}
	cancel()
	running.Wait()
	all := w.requests("tokens/" + token + ".json")
	if len(all) != 1 || all[0].ID == "" || all[0].Token != token || len(w.appeals()) != 1 {
		t.Fatalf("%+v", all)
	}
	if start, _ := w.appeals()[0].Start(); !start.At.Equal(w.now.Add(-time.Hour)) {
		t.Errorf("the citizen wrote when the request came, not when it was read: %v", start)
	}
	for _, format := range []string{"xml", "json"} {
		_, body := w.get("tokens/" + token + "." + format)
		validate(t, format, body, "token")
	}
	if status, _ := w.get("tokens/nothing.xml"); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
}

func TestWhatTheJudgeRefusesIsSetAside(t *testing.T) {
	w := newWorld(t)
	token, id, err := w.e.take(t.Context(), "key", false, posted{Description: strings.Repeat("я", 1<<16)})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.e.readAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status, body := w.get("tokens/" + token + ".json"); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, body)
	}
	err = w.e.Storage.View(t.Context(), func(tx central.Reader) error {
		_, in, _ := tx.Item(shelfInbox, id)
		_, odd, err := tx.Item(shelfOdd, id)
		if in || !odd {
			return fmt.Errorf("in the inbox %v, set aside %v", in, odd)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestNothingPersonalIsPublic plants words in every field and looks for them in every
// answer, before and after the centre has worked on the appeal.
func TestNothingPersonalIsPublic(t *testing.T) {
	w := newWorld(t)
	planted := []string{
		"Пупкин", "Василий", "vasya@", "9001234567", "секретное", "сокровенное", "device-17", "account-17", "account_id", "device_id", "фото-дома",
		"кв. 42", "17А", "1234567", "2345678", "ответное", "заметка", "Исполнитель Пупкин",
	}
	fields := with(good(), "first_name", "Василий", "last_name", "Пупкин", "email", "vasya@example.com", "phone", "+79001234567",
		"description", "секретное сокровенное", "device_id", "device-17", "account_id", "account-17", "media_url", "https://example.com/фото-дома.jpg",
		"address_string", "Пупкин Василий, ул. Гагарина, д. 17А, кв. 42, сокровенное")
	number := w.handed(fields)
	w.handed(with(good(), "address_string", "ул. Ленина Пупкин", "description", "секретное"))
	a := w.appeals()[0]
	err := w.e.Server.Act(t.Context(), w.e.Actor, func(act *central.Acting) error {
		m := app.Amendment{Fields: app.Appeal{Executor: "Исполнитель Пупкин", Topic: "сокровенное", Municipality: "секретное", Status: app.StatusClosed}, Events: []app.Event{
			{ID: app.IDFrom("1"), Type: app.EventAnswered, At: w.now, Text: "ответное", Link: "https://vk.com/Пупкин"},
			{ID: app.IDFrom("2"), Type: app.EventNote, At: w.now, Text: "заметка"},
		}}
		_, err := act.Do(app.Op{ID: app.IDFrom("3"), Ent: a.ID, Kind: app.OpAmend, At: act.Now(), Payload: app.Encode(m)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"discovery", "services", "services/" + codeOf("Дороги", ""), "requests", "requests/" + number, "tokens/" + a.External}
	for _, path := range paths {
		for _, format := range []string{".xml", ".json"} {
			status, body := w.get(path + format)
			if status != http.StatusOK {
				t.Errorf("%s: %d", path, status)
			}
			for _, word := range planted {
				if strings.Contains(body, word) {
					t.Errorf("%s%s tells %q: %s", path, format, word, body)
				}
			}
		}
	}
	for _, wrong := range [][]string{{"service_code", "001"}, {"api_key", "guess"}, {"lat", "сокровенное"}, {"attribute[municipality]", "секретное"}, {"phone", strings.Repeat("9001234567", 60)}} {
		status, body := w.post("requests.xml", with(maps.Clone(fields), wrong...))
		if status == http.StatusOK {
			t.Errorf("%v: %d", wrong, status)
		}
		for _, word := range planted {
			if strings.Contains(body, word) {
				t.Errorf("%v tells %q: %s", wrong, word, body)
			}
		}
	}
	r := w.requests("requests/" + number + ".json")[0]
	if r.Address != "ул. Гагарина" || *r.Lat != 56.123 || *r.Long != 47.235 {
		t.Errorf("%+v", r)
	}
	var raw []map[string]json.RawMessage
	_, body := w.get("requests/" + number + ".json")
	if err := json.Unmarshal([]byte(body), &raw); err != nil || raw[0]["description"] != nil || raw[0]["media_url"] != nil {
		t.Errorf("%s %v", body, err)
	}
}

// TestNothingOfALoadedRequestIsPublic but its moments and its state: what another server
// tells everybody it may have asked its citizens about, this one has not.
func TestNothingOfALoadedRequestIsPublic(t *testing.T) {
	w := newWorld(t)
	planted := "сокровенное"
	row := map[string]any{"service_request_id": "7", "status": "closed", "requested_datetime": "2026-07-01T10:00:00Z", "updated_datetime": "2026-07-02T10:00:00Z"}
	for _, name := range []string{"title", "description", "service_name", "status_notes", "address", "detail", "name", "email", "media_url", "agency_responsible"} {
		row[name] = planted
	}
	row["url"] = "https://example.com/" + planted
	w.loads(source(row), 1, 0, 0)
	for _, format := range []string{"xml", "json"} {
		_, body := w.get("requests." + format)
		validate(t, format, body, "requests")
		if strings.Contains(body, planted) || strings.Contains(body, "example.com") {
			t.Errorf("%s", body)
		}
	}
}

// TestAClosedRequestWasLastChangedWhenItClosed: what people note on it later is none of
// its changes.
func TestAClosedRequestWasLastChangedWhenItClosed(t *testing.T) {
	w := newWorld(t)
	w.loads(source(map[string]any{
		"service_request_id": "7", "status": "closed", "requested_datetime": "2026-07-01T10:00:00Z", "updated_datetime": "2026-07-02T10:00:00Z",
	}), 1, 0, 0)
	id := w.appeals()[0].ID
	err := w.e.Server.Act(t.Context(), w.e.Actor, func(a *central.Acting) error {
		m := app.Amendment{Events: []app.Event{{ID: app.IDFrom("note"), Type: app.EventNote, At: w.now, Text: "заметка"}}}
		_, err := a.Do(app.Op{ID: app.IDFrom("op"), Ent: id, Kind: app.OpAmend, At: a.Now(), Payload: app.Encode(m)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := w.appeals()[0]; len(a.Events) != 3 {
		t.Fatalf("%+v", a.Events)
	}
	if r := w.requests("requests.json")[0]; r.Updated != "2026-07-02T13:00:00+03:00" {
		t.Errorf("%+v", r)
	}
}

func TestAnAddressIsPublicFromTheStreetOn(t *testing.T) {
	w := newWorld(t)
	m := municipalities(w.e.Region)[0]
	number := w.handed(with(good(), "attribute[municipality]", m.Key))
	if r := w.requests("requests/" + number + ".json")[0]; r.Address != "ул. Гагарина, "+m.Name {
		t.Errorf("%q", r.Address)
	}
}

func TestStreetsOfAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"ул. Ленина, д. 5":                  "ул. Ленина",
		"г. Чебоксары, улица Гагарина 17-3": "ул. Гагарина",
		"ул.Ленина д. 5 кв. 7":              "ул. Ленина",
		"ул. Большая Садовая, 3":            "ул. Большая Садовая",
		"пр-т Мира":                         "пр-т Мира",
		"ул. Ленина Пупкин":                 "",
		"Пупкин, кв. 5":                     "",
		"ул. 79001234567":                   "",
		"ул":                                "",
		"":                                  "",
	} {
		if got := publicStreet(address); got != want {
			t.Errorf("%q: %q", address, got)
		}
	}
}
