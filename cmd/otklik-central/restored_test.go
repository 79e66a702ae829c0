package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"otklik/central/postgrestest"
	"otklik/sync/wire"
)

func metaOf(t *testing.T, server string) (m wire.Meta) {
	t.Helper()
	reply, err := http.Get(server + wire.PathMeta)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if err := json.NewDecoder(reply.Body).Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestDatabaseIsToldOfItsRestore: it is dumped and loaded into another one with
// PostgreSQL's own tools; backup and restore say how.
func TestDatabaseIsToldOfItsRestore(t *testing.T) {
	for _, tool := range []string{"pg_dump", "psql"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	cluster := postgrestest.Start(t, "fsync=off")
	was, is := cluster.Database(t), cluster.Database(t)
	before := metaOf(t, serving(t, "--postgres", was, "--demo"))
	dump, err := exec.Command("pg_dump", "--dbname="+was).Output()
	if err != nil {
		t.Fatal(err)
	}
	load := exec.Command("psql", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname="+is)
	load.Stdin = bytes.NewReader(dump)
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if said := command(t, "restored", "--postgres", is); !strings.Contains(said, "a new epoch begins") {
		t.Errorf("said %q", said)
	}
	m := metaOf(t, serving(t, "--postgres", is))
	if m.Head != before.Head || m.Epoch == before.Epoch || len(m.Lineage) != 1 ||
		m.Lineage[0] != (wire.Descent{Epoch: before.Epoch, Upto: before.Head}) {
		t.Errorf("%+v after %+v", m, before)
	}
	for _, args := range [][]string{
		{"backup", "--postgres", was, "--to", "x"}, {"restore", "--postgres", was, "--from", "x"}, {"restored"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard, clock); err == nil || !strings.Contains(err.Error(), "postgres") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
