package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"otklik/central"
	"otklik/central/embedded"
	"otklik/central/postgres"
)

// fileName is the storage within the data folder.
const fileName = "central.db"

// envPostgres names the variable with the database's URL.
const envPostgres = "OTKLIK_POSTGRES"

// place is where the server's data is: in a folder or in a database.
type place struct{ data, postgres string }

// placeIn makes the flags that name the place.
func placeIn(f *flag.FlagSet) *place {
	p := &place{}
	f.StringVar(&p.data, "data", "", "data folder")
	// The variable is no default of the flag: help would print its password.
	f.StringVar(&p.postgres, "postgres", "", "URL of a PostgreSQL database, instead of a data folder; also from "+envPostgres)
	return p
}

// database says whether the data is in a database.
func (p *place) database() bool {
	return p.postgres != "" || p.data == "" && os.Getenv(envPostgres) != ""
}

// open opens the storage. What is said by a flag goes before the environment.
func (p place) open(ctx context.Context) (central.Storage, error) {
	if p.data != "" && p.postgres != "" {
		return nil, errors.New("name one of --data and --postgres")
	}
	if p.data == "" && p.postgres == "" {
		p.postgres = os.Getenv(envPostgres)
	}
	if p.postgres != "" {
		return postgres.Open(ctx, p.postgres)
	}
	if p.data == "" {
		return nil, errors.New("--data is missing: name the data folder, or --postgres and a database")
	}
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	return embedded.Open(filepath.Join(p.data, fileName))
}
