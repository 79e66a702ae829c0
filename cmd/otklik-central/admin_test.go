package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// command runs a command to its end and gives what it printed.
func command(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), args, &out, io.Discard, clock); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return out.String()
}

func (r *running) meta(t *testing.T) (m wire.Meta) {
	t.Helper()
	reply, err := http.Get("http://" + r.address + wire.PathMeta)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if err := json.NewDecoder(reply.Body).Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCommandsOnARunningServer(t *testing.T) {
	data := t.TempDir()
	r := start(t, data)
	if info, err := os.Stat(filepath.Join(data, adminFile)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	code := strings.TrimSpace(command(t, "enrol", "--data", data, "--name", "Оператор 2"))
	if !regexp.MustCompile(`^([0-9A-Z]{4}-){2}[0-9A-Z]{4}$`).MatchString(code) {
		t.Errorf("printed %q", code)
	}
	body := app.Encode(wire.EnrolRequest{Code: code, PublicKey: make([]byte, 32), DeviceName: "АРМ"})
	reply, err := http.Post("http://"+r.address+wire.PathEnrol, wire.TypeJSON, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var enrolled wire.EnrolReply
	if err := json.NewDecoder(reply.Body).Decode(&enrolled); err != nil {
		t.Fatal(err)
	}
	command(t, "scope", "--data", data, "--device", enrolled.Device, "--municipalities", "г. Канаш, г. Шумерля")
	command(t, "scope", "--data", data, "--device", enrolled.Device, "--municipalities", "all")
	for _, bad := range []string{"", "г. Канаш,", "г. Москва"} {
		args := []string{"scope", "--data", data, "--device", enrolled.Device, "--municipalities", bad}
		if err := run(t.Context(), args, io.Discard, io.Discard, clock); err == nil || !strings.Contains(err.Error(), "not a municipality") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	command(t, "revoke", "--data", data, "--device", enrolled.Device)
	err = run(t.Context(), []string{"revoke", "--data", data, "--device", "nobody"}, io.Discard, io.Discard, clock)
	if app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("revoked nobody: %v", err)
	}
	to := filepath.Join(t.TempDir(), "backup.db")
	if said := command(t, "backup", "--data", data, "--to", to); !strings.Contains(said, to) {
		t.Errorf("said %q", said)
	}
	if err := run(t.Context(), []string{"backup", "--data", data, "--to", to}, io.Discard, io.Discard, clock); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("a backup was written over: %v", err)
	}
	err = run(t.Context(), []string{"restore", "--data", data, "--from", to}, io.Discard, io.Discard, clock)
	if app.CodeOf(err) != app.CodeLocked {
		t.Errorf("restored under a running server: %v", err)
	}
	before := r.meta(t)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(data, adminFile)); !os.IsNotExist(err) {
		t.Errorf("the way in is left behind: %v", err)
	}
	command(t, "restore", "--data", data, "--from", to)
	m := start(t, data).meta(t)
	if m.Epoch == before.Epoch || len(m.Lineage) != 1 || m.Lineage[0].Epoch != before.Epoch {
		t.Errorf("%+v after %+v", m, before)
	}
}

func TestCommandsWithoutAServer(t *testing.T) {
	data, to := t.TempDir(), filepath.Join(t.TempDir(), "backup.db")
	command(t, "backup", "--data", data, "--to", to)
	command(t, "restore", "--data", filepath.Join(data, "new"), "--from", to)
}

func TestWithoutItsTokenTheDeskIsShut(t *testing.T) {
	data := t.TempDir()
	start(t, data)
	path := filepath.Join(data, adminFile)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var a admin
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	for _, file := range []any{admin{a.Address, "guessed"}, admin{"127.0.0.1:1", a.Token}, "nonsense"} {
		if err := writeJSON(path, file); err != nil {
			t.Fatal(err)
		}
		err := run(t.Context(), []string{"enrol", "--data", data, "--name", "Оператор 2"}, io.Discard, io.Discard, clock)
		if err == nil || !strings.Contains(sentence(err), "another process has") || strings.Contains(sentence(err), "\n") {
			t.Errorf("%v: %v", file, err)
		}
	}
}

// TestTake: the running server takes a file of unsent operations, once, and the
// command shows verdicts without a word of the appeals.
func TestTake(t *testing.T) {
	data := t.TempDir()
	r := start(t, data)
	code := strings.TrimSpace(command(t, "enrol", "--data", data, "--name", "Оператор 2"))
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	body := app.Encode(wire.EnrolRequest{Code: code, PublicKey: public, DeviceName: "АРМ"})
	reply, err := http.Post("http://"+r.address+wire.PathEnrol, wire.TypeJSON, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var enrolled wire.EnrolReply
	if err := json.NewDecoder(reply.Body).Decode(&enrolled); err != nil {
		t.Fatal(err)
	}
	id := app.IDFrom("carried")
	a := app.Appeal{
		ID: id, Kind: app.KindIncident, Source: app.SourceVK, Status: app.StatusNew, Text: "Яма на дороге",
		Events: []app.Event{{ID: app.IDFrom("event"), Type: app.EventDetected, At: clock()}},
	}
	op := app.Op{ID: id, Ent: id, N: 1, Inc: 1, Kind: app.OpCreate, At: clock(), Schema: app.Schema, Payload: app.Encode(a)}
	file, err := wire.WriteOutbox(wire.OutboxHead{Device: enrolled.Device, Made: clock()}, []wire.OutboxOp{{State: app.EntryWaiting, Op: op}}, private)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "outbox.jsonl")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "revoke", "--data", data, "--device", enrolled.Device)
	said := command(t, "take", path, "--data", data)
	if !strings.HasPrefix(said, id+"  appeal.create  applied") || !strings.HasSuffix(said, "(revoked), exported "+clock().Format(time.RFC3339)+": 1 applied\n") ||
		strings.Contains(said, "Яма") || strings.Contains(said, "Оператор") {
		t.Errorf("said %q", said)
	}
	if said = command(t, "take", path, "--data", data); !strings.HasSuffix(said, ": 1 duplicate\n") {
		t.Errorf("again said %q", said)
	}
	if err := os.WriteFile(path, bytes.Replace(file, []byte("Яма"), []byte("Дом"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	err = run(t.Context(), []string{"take", path, "--data", data}, io.Discard, io.Discard, clock)
	if err == nil || sentence(err) != "the file was changed after the workstation signed it, or another one did; nothing was taken from it" {
		t.Errorf("a changed file: %v", err)
	}
	if m := r.meta(t); m.Head != 1 {
		t.Errorf("the feed has %d changes", m.Head)
	}
	err = run(t.Context(), []string{"take", path + "x", "--data", data}, io.Discard, io.Discard, clock)
	if app.CodeOf(err) != app.CodeNoFile {
		t.Errorf("no file: %v", err)
	}
}
