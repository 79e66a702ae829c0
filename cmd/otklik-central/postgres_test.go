package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"otklik/app"
	"otklik/central/postgrestest"
	"otklik/sync/wire"
)

// serving starts a server as a process would and gives its address; it ends
// with the test.
func serving(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	log, ended := make(logged, 100), make(chan error, 1)
	args = append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)
	go func() { ended <- run(ctx, args, io.Discard, log, clock) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stopped with %v", err)
		}
	})
	for {
		select {
		case l := <-log:
			var line struct{ Msg, Address string }
			if err := json.Unmarshal([]byte(l), &line); err != nil {
				t.Fatalf("%q: %v", l, err)
			}
			if line.Msg == "listening" {
				return "http://" + line.Address
			}
		case err := <-ended:
			ended <- err
			t.Fatal(err)
		}
	}
}

func enrolAt(t *testing.T, server, code string) (status int, device string) {
	t.Helper()
	body := app.Encode(wire.EnrolRequest{Code: code, PublicKey: make([]byte, 32), DeviceName: "АРМ"})
	reply, err := http.Post(server+wire.PathEnrol, wire.TypeJSON, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var enrolled wire.EnrolReply
	_ = json.NewDecoder(reply.Body).Decode(&enrolled) // a problem has no device
	return reply.StatusCode, enrolled.Device
}

// TestSeveralServersOverOneDatabase: they run at once, and enrol and revoke
// beside them.
func TestSeveralServersOverOneDatabase(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	t.Setenv(envPostgres, address)
	first, second := serving(t), serving(t, "--postgres", address)
	var out bytes.Buffer
	if err := run(t.Context(), []string{"enrol", "--name", "Оператор 2"}, &out, io.Discard, clock); err != nil {
		t.Fatal(err)
	}
	code := strings.TrimSpace(out.String())
	status, device := enrolAt(t, second, code)
	if status != http.StatusOK || device == "" {
		t.Fatalf("enrolment at the second server: %d", status)
	}
	if status, _ := enrolAt(t, first, code); status != http.StatusForbidden {
		t.Errorf("the code was taken at both servers: %d", status)
	}
	if err := run(t.Context(), []string{"revoke", "--device", device}, io.Discard, io.Discard, clock); err != nil {
		t.Error(err)
	}
	err := run(t.Context(), []string{"revoke", "--device", "nobody"}, io.Discard, io.Discard, clock)
	if err == nil || sentence(err) != "nobody is not known" {
		t.Errorf("%v", err)
	}
}
