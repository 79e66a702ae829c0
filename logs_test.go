package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/sync/wire"
)

// TestNothingPlantedIsLogged lets a workstation with a log exchange what people wrote,
// import it, and fail with it, and looks for it in the log and on the terminal.
func TestNothingPlantedIsLogged(t *testing.T) {
	server, data := newSecureServer(t), t.TempDir()
	terminal, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	before := os.Stderr
	os.Stderr = terminal
	kept := openLog(data)
	defer func() {
		os.Stderr = before
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	}()

	table := filepath.Join(t.TempDir(), "a.csv")
	rows := "Номер;Дата;Текст;Автор;Телефон\n1;24.11.2026;" + planted + ";" + planted + ";" + planted + "\n2;" + planted + ";;;\n"
	if err := os.WriteFile(table, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	for _, args := range [][]string{
		{"sync", "--once", "--server", server.address, "--code", server.code(t), "--ca", server.ca},
		{"import", table},
		{"sync", "--once"},
	} {
		// A refusal is as good here: what it says is what is looked at.
		run(append(args, "--data", data), new(strings.Builder), &told)
	}
	withStation(t, data, func(st *station) {
		if _, err := st.desk.Create(app.Appeal{
			Kind: app.KindIncident, Source: app.SourceVK, Title: planted, Text: planted, Author: planted, Contact: planted, Group: "Дороги",
		}); err != nil {
			t.Fatal(err)
		}
		st.start(t.Context())
		awaitLog(t, func() bool { s := st.link.State(); return s.Pending == 0 && s.Link == app.LinkOnline })
		st.link.failed(errors.New(planted))
		st.link.failed(app.Fail(app.CodeServerAnswer, planted, planted))
	})

	// A server may put anybody's words into its refusals, also where a code belongs.
	lying := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", wire.TypeProblem)
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(wire.Problem{Code: app.Code(planted), Message: planted, Detail: planted})
	}))
	defer lying.Close()
	st, err := openStation(&invocation{
		data: t.TempDir(), server: lying.URL, code: "A", plainHTTP: true, text: assets.Load("ru"), out: &told, errOut: &told,
		given: map[string]bool{"insecure-http": true},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	st.start(ctx)
	awaitLog(t, func() bool { return st.link.State().Reason != "" })
	cancel()
	if err := st.close(); err != nil {
		t.Fatal(err)
	}

	for _, path := range []string{filepath.Join(data, "otklik.log"), terminal.Name()} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "exchange: "+string(app.CodeServerAnswer)) {
			t.Errorf("%s tells of no failure:\n%s", filepath.Base(path), text)
		}
		if strings.Contains(string(text), planted) {
			t.Errorf("%s quotes people:\n%s", filepath.Base(path), text)
		}
	}
	if strings.Contains(told.String(), planted) {
		t.Errorf("commands quote people on standard error:\n%s", told.String())
	}
}

// awaitLog waits for what the exchange does on its own goroutine.
func awaitLog(t *testing.T, there func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !there(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not come")
		}
	}
}
