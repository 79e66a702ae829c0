package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"otklik/central/channel/open311"
)

// TestRequestsOfAnotherServerAreLoaded with the server stopped and running: the second
// time adds nothing, and a changed status updates.
func TestRequestsOfAnotherServerAreLoaded(t *testing.T) {
	folder, data := t.TempDir(), t.TempDir()
	path := filepath.Join(folder, "requests.json")
	put := func(status string) {
		t.Helper()
		file := `[{"service_request_id":1,"status":"` + status + `","description":"Секретная яма","requested_datetime":"2026-07-01T10:00:00Z"},
			{"service_request_id":"2","description":"Секретная яма","requested_datetime":"вчера"}]`
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	load := func(want string, more ...string) {
		t.Helper()
		said := command(t, append([]string{"open311", "load", path, "--data", data}, more...)...)
		if !strings.HasSuffix(said, want+", 1 skipped\n") || !strings.Contains(said, "request 2 is skipped: requested_datetime") || strings.Contains(said, "яма") {
			t.Errorf("%s", said)
		}
	}
	put("open")
	load("1 added, 0 updated, 0 unchanged")
	load("0 added, 0 updated, 1 unchanged")
	load("1 added, 0 updated, 0 unchanged", "--jurisdiction", "elsewhere")
	r := start(t, data)
	load("0 added, 0 updated, 1 unchanged")
	put("closed")
	load("0 added, 1 updated, 0 unchanged")
	var l open311.Loaded
	if err := json.Unmarshal([]byte(command(t, "open311", "load", path, "--data", data, "--json")), &l); err != nil || l.Unchanged != 1 || len(l.Skipped) != 1 {
		t.Errorf("%+v %v", l, err)
	}
	fails := func(say string, args ...string) {
		t.Helper()
		err := run(t.Context(), append([]string{"open311"}, args...), new(bytes.Buffer), new(bytes.Buffer), clock)
		if err == nil || !strings.Contains(sentence(err), say) || strings.Contains(sentence(err), "яма") {
			t.Errorf("%v: %v", args, err)
		}
	}
	fails("name the file")
	fails("name the file", "load", "--data", data)
	fails("is not there", "load", filepath.Join(folder, "absent"), "--data", data)
	if err := os.WriteFile(path, []byte(`["яма"]`), 0o600); err != nil {
		t.Fatal(err)
	}
	fails("not a list of requests", "load", path, "--data", data)
	var torn strings.Builder
	for i := range 150 {
		fmt.Fprintf(&torn, `%s{"service_request_id":"torn-%d","requested_datetime":"2026-07-01T10:00:00Z"}`, [2]string{"[", ","}[min(i, 1)], i)
	}
	if err := os.WriteFile(path, []byte(torn.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	fails("100 are added and 0 updated", "load", path, "--data", data)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	fails("not a list of requests", "load", path, "--data", data)
}

// TestRealRequestsAreLoadedTwice takes what a public server gave out on one day.
func TestRealRequestsAreLoadedTwice(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "open311", "georeport_2026-07-05.json")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the requests of shared/data/open311 are not here")
	}
	data := t.TempDir()
	for _, want := range []string{"3843 added, 0 updated, 0 unchanged, 0 skipped\n", "0 added, 0 updated, 3843 unchanged, 0 skipped\n"} {
		if said := command(t, "open311", "load", path, "--data", data); said != want {
			t.Errorf("%s", said)
		}
	}
}
