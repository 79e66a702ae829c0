package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"otklik/app"
	"otklik/store"
)

// deviceIn gives what the workstation of the folder is to its server.
func deviceIn(t *testing.T, data string) (d store.Device) {
	t.Helper()
	withStation(t, data, func(st *station) {
		var err error
		if d, _, err = st.store.Device(); err != nil {
			t.Fatal(err)
		}
	})
	return d
}

// write has the workstation take appeals in.
func write(t *testing.T, data string, n int) {
	t.Helper()
	withStation(t, data, func(st *station) {
		for range n {
			_, err := st.desk.Create(app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма", Group: "Дороги"})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestRevokedWorkstation: it shuts appeals away, at once and after a start without
// a link; what is unsent goes to the server by hand, and by itself under a new
// code, and is there once.
func TestRevokedWorkstation(t *testing.T) {
	server, data := newSecureServer(t), t.TempDir()
	command(t, 0, "sync", "--once", "--data", data, "--server", server.address, "--code", server.code(t), "--ca", server.ca)
	write(t, data, 2)
	device := deviceIn(t, data)
	if err := server.Revoke(device.ID); err != nil {
		t.Fatal(err)
	}
	if _, said := command(t, 1, "sync", "--once", "--data", data); !strings.Contains(said, "отозван") || strings.Count(said, "\n") != 1 {
		t.Errorf("said %q", said)
	}
	withStation(t, data, func(st *station) {
		_, found := st.desk.Find(app.Query{})
		_, created := st.desk.Create(app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма"})
		_, entries := st.desk.Entries(10)
		for _, err := range []error{found, created, entries} {
			if app.CodeOf(err) != app.CodeRevoked {
				t.Errorf("an appeal was reached: %v", err)
			}
		}
	})
	if _, said := command(t, 1, "stats", "--data", data); !strings.Contains(said, "отозван") {
		t.Errorf("stats said %q", said)
	}
	command(t, 0, "check", "--data", data)

	file := filepath.Join(t.TempDir(), "outbox.jsonl")
	out, _ := command(t, 0, "outbox", "export", "--out", file, "--data", data)
	if !strings.HasPrefix(out, "Выгружено: 2 действия") || !strings.Contains(out, "тексты обращений") {
		t.Errorf("said %q", out)
	}
	if _, said := command(t, 1, "outbox", "export", "--out", file, "--data", data); !strings.Contains(said, "не заменяется") {
		t.Errorf("over a file said %q", said)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	taken, err := server.Take(t.Context(), raw)
	if err != nil || len(taken.Ops) != 2 || taken.Ops[0].Verdict != app.VerdictApplied || taken.Ops[1].Verdict != app.VerdictApplied {
		t.Fatalf("%+v %v", taken, err)
	}

	withStation(t, data, func(st *station) { // what nobody has exported
		st.desk.Unlock()
		if _, err := st.desk.Create(app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: "Люк"}); err != nil {
			t.Fatal(err)
		}
	})
	command(t, 0, "sync", "--once", "--data", data, "--code", server.code(t))
	now := deviceIn(t, data)
	if now.ID == device.ID || now.Revoked || now.Server != device.Server {
		t.Errorf("%+v after %+v", now, device)
	}
	withStation(t, data, func(st *station) {
		found, err := st.desk.Find(app.Query{})
		w, waiting := st.store.Waiting()
		if err != nil || waiting != nil || found.Total != 3 || w.Pending != 0 || w.Refused != 0 {
			t.Errorf("%d appeals, %+v, %v %v", found.Total, w, err, waiting)
		}
		entries, err := st.desk.Entries(10)
		exports := 0
		for _, e := range entries {
			if e.State == app.EntryExported {
				exports++
			}
		}
		if err != nil || exports != 1 {
			t.Errorf("%d exports in the journal, %v", exports, err)
		}
	})
	command(t, 0, "check", "--data", data)
	if _, said := command(t, 1, "outbox", "export", "--out", file+"2", "--data", data); !strings.Contains(said, "выгружать нечего") {
		t.Errorf("of nothing said %q", said)
	}
}

// TestExportHoldsWhatWasRefused, and a failure leaves no file behind.
func TestExportHoldsWhatWasRefused(t *testing.T) {
	server, data := newSecureServer(t), t.TempDir()
	command(t, 0, "sync", "--once", "--data", data, "--server", server.address, "--code", server.code(t), "--ca", server.ca)
	withStation(t, data, func(st *station) {
		op := app.Op{
			ID: app.IDFrom("op"), Ent: app.IDFrom("e"), Kind: app.OpCreate, At: st.desk.Now(), Schema: app.Schema + 1,
			Payload: app.Encode(app.Appeal{ID: app.IDFrom("e"), Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма", Status: app.StatusNew}),
		}
		if err := st.store.Perform([]app.Op{op}); err != nil {
			t.Fatal(err)
		}
	})
	command(t, 0, "sync", "--once", "--data", data)
	nowhere := filepath.Join(t.TempDir(), "nowhere", "outbox.jsonl")
	if _, said := command(t, 1, "outbox", "export", "--out", nowhere, "--data", data); !strings.Contains(said, "недоступна для записи") {
		t.Errorf("said %q", said)
	}
	file := filepath.Join(t.TempDir(), "outbox.jsonl")
	command(t, 0, "outbox", "export", "--out", file, "--data", data, "--json")
	raw, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(raw, []byte(`"state":"refused"`)) || !bytes.Contains(raw, []byte(`"reason":"upgrade_server"`)) {
		t.Errorf("%s %v", raw, err)
	}
}
