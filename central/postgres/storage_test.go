package postgres_test

import (
	"testing"

	"otklik/central"
	"otklik/central/postgres"
	"otklik/central/postgrestest"
	"otklik/central/storagetest"
)

func open(t *testing.T, address string) central.Storage {
	t.Helper()
	s, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStorage(t *testing.T) {
	cluster := postgrestest.Start(t, "fsync=off")
	addresses := map[string]string{}
	storagetest.Run(t, func(t *testing.T) central.Storage {
		if addresses[t.Name()] == "" {
			addresses[t.Name()] = cluster.Database(t)
		}
		return open(t, addresses[t.Name()])
	})
}

// TestMillion is the proof of a feed without gaps; the disk is waited for as in
// earnest, so that its figures mean something.
func TestMillion(t *testing.T) {
	s := open(t, postgrestest.Start(t).Database(t))
	defer s.Close()
	storagetest.Million(t, s)
}
