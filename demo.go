package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/demo"
	"otklik/central/embedded"
)

// demoSeed makes every sample region of one moment the same.
const demoSeed = 1

// demoServer is the central API in this process, on loopback, over a sample
// region.
type demoServer struct {
	address string
	storage central.Storage
	server  *central.Server
	http    *http.Server
}

// startDemo starts it over the folder, making the sample region the first
// time.
func startDemo(ctx context.Context, dir string, desk *app.Desk) (*demoServer, error) {
	path := filepath.Join(dir, "central.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeDemo(ctx, path, desk.Now()); err != nil {
			return nil, err
		}
	}
	storage, err := embedded.Open(path)
	if err != nil {
		return nil, err
	}
	server, err := central.New(storage, central.Options{Region: desk.Region().Name})
	if err != nil {
		return nil, errors.Join(err, storage.Close())
	}
	// Loopback only: the sample region is nobody else's business.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, storage.Close())
	}
	d := &demoServer{
		address: "http://" + l.Addr().String(), storage: storage, server: server,
		http: &http.Server{Handler: server.Handler(), ReadHeaderTimeout: 10 * time.Second},
	}
	go func() { _ = d.http.Serve(l) }() // ends with close, which is all it could say
	return d, nil
}

// makeDemo generates the sample region into a file that takes its name only
// when it is whole, so that a start that was cut off leaves no half of one.
func makeDemo(ctx context.Context, path string, now time.Time) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return app.Fail(app.CodeNoFolder, filepath.Dir(path)).Because(err)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return app.Fail(app.CodeNoFolder, filepath.Dir(path)).Because(err)
	}
	region, terms, err := assets.Region()
	if err != nil {
		return err
	}
	storage, err := embedded.Open(part)
	if err != nil {
		return err
	}
	err = demo.Generate(ctx, demoSeed, now, region, terms, demo.Full, func(c []app.Change) error {
		return central.Seed(ctx, storage, c)
	}, nil)
	if err := errors.Join(err, storage.Close()); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// code gives an enrolment code for whoever sits at this workstation.
func (d *demoServer) code(name string) (string, error) {
	return d.server.IssueCode(app.Identity{
		Name:  name,
		Roles: []app.Role{app.RoleOperator, app.RoleCurator, app.RoleCoordinator, app.RoleApprover},
	})
}

func (d *demoServer) close() {
	d.server.Stop() // lets go of whoever waits for changes
	_ = d.http.Close()
	_ = d.storage.Close() // nothing is being written any more
}
