package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

var moment = time.Date(2026, 7, 15, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return moment }

func TestEnrolPrintsACode(t *testing.T) {
	var out bytes.Buffer
	args := []string{"enrol", "--data", t.TempDir(), "--name", "Оператор 2", "--roles", "operator, curator"}
	if err := run(t.Context(), args, &out, io.Discard, clock); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^([0-9A-Z]{4}-){2}[0-9A-Z]{4}\n$`).MatchString(out.String()) {
		t.Errorf("printed %q", out.String())
	}
}

func TestFailuresAreOneClearLine(t *testing.T) {
	t.Setenv(envPostgres, "")
	folder := t.TempDir()
	storage, _, err := open(t.Context(), place{data: folder}, optionsFor(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer storage.Close()
	for say, args := range map[string][]string{
		"say what to do":      nil,
		"is not known":        {"dance"},
		"--data is missing":   {"enrol", "--name", "Оператор 2"},
		"name one of":         {"serve", "--data", folder, "--postgres", "postgres://"},
		"connect to the":      {"revoke", "--postgres", "postgres:///absent?host=" + folder},
		"a name is missing":   {"enrol", "--data", folder},
		"is not a role":       {"enrol", "--data", folder, "--name", "Оператор 2", "--roles", "king"},
		"another process has": {"serve", "--data", folder},
		"make the data":       {"serve", "--data", filepath.Join(folder, fileName, "below")},
	} {
		err := run(t.Context(), args, io.Discard, io.Discard, clock)
		if err == nil || !strings.Contains(sentence(err), say) || strings.Contains(sentence(err), "\n") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// logged passes every line of the log on.
type logged chan string

func (l logged) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}

func TestServeAnswersAndStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	log, ended := make(logged, 100), make(chan error, 1)
	args := []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--enrol-code", "ABCD-EFGH", "--enrol-name", "Оператор 2"}
	go func() { ended <- run(ctx, args, io.Discard, log, clock) }()
	var line struct{ Msg, Address string }
	for line.Msg != "listening" {
		select {
		case l := <-log:
			if err := json.Unmarshal([]byte(l), &line); err != nil {
				t.Fatalf("%q: %v", l, err)
			}
		case err := <-ended:
			t.Fatal(err)
		}
	}
	body := app.Encode(wire.EnrolRequest{Code: "abcdefgh", PublicKey: make([]byte, 32), DeviceName: "АРМ"})
	reply, err := http.Post("http://"+line.Address+wire.PathEnrol, wire.TypeJSON, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var enrolled wire.EnrolReply
	if err := json.NewDecoder(reply.Body).Decode(&enrolled); err != nil || enrolled.Identity.Name != "Оператор 2" {
		t.Errorf("%d %+v %v", reply.StatusCode, enrolled, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestSampleIsWrittenOnce(t *testing.T) {
	storage, _, err := open(t.Context(), place{data: t.TempDir()}, optionsFor(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer storage.Close()
	var log bytes.Buffer
	for range 2 {
		if err := seed(t.Context(), storage, moment, slog.New(slog.NewJSONHandler(&log, nil))); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(log.String(), "sample content"); n != 1 {
		t.Errorf("written %d times", n)
	}
}

func optionsFor(logs io.Writer) central.Options {
	return central.Options{Log: slog.New(slog.NewJSONHandler(logs, nil)), Now: clock}
}
