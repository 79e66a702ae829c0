package postgres

import (
	"testing"

	"otklik/central/postgrestest"
)

// TestCommitsWaitForTheDisk: whatever the server is set to, short of stricter.
func TestCommitsWaitForTheDisk(t *testing.T) {
	address := postgrestest.Start(t, "fsync=off").Database(t)
	for set, want := range map[string]string{"off": "on", "local": "on", "on": "on", "remote_apply": "remote_apply"} {
		s, err := Open(t.Context(), address+"&synchronous_commit="+set)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := s.(*storage).pool.QueryRow(t.Context(), `SHOW synchronous_commit`).Scan(&got); err != nil || got != want {
			t.Errorf("%s becomes %s, want %s; %v", set, got, want, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
