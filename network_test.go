package main

import (
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"otklik/app"
	"otklik/central"
	"otklik/central/embedded"
)

// secureServer is a central API with a certificate of its own.
type secureServer struct {
	*central.Server
	address string
	ca      string // file of its authority
}

func newSecureServer(t *testing.T) secureServer {
	t.Helper()
	dir := t.TempDir()
	storage, err := embedded.Open(filepath.Join(dir, "central.db"))
	if err != nil {
		t.Fatal(err)
	}
	server, err := central.New(storage, central.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewUnstartedServer(server.Handler())
	h.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are the point
	h.StartTLS()
	t.Cleanup(func() {
		server.Stop()
		h.Close()
		if err := storage.Close(); err != nil {
			t.Error(err)
		}
	})
	ca := filepath.Join(dir, "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return secureServer{server, h.URL, ca}
}

// code gives an enrolment code for one workstation.
func (s secureServer) code(t *testing.T) string {
	t.Helper()
	code, err := s.IssueCode(app.Identity{Name: "Оператор 2", Roles: []app.Role{app.RoleOperator}})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestWayToTheServerIsRemembered(t *testing.T) {
	server, data := newSecureServer(t), t.TempDir()
	address, ca, code := server.address, server.ca, server.code(t)
	_, said := command(t, 1, "sync", "--once", "--data", data, "--server", address, "--code", code)
	if !strings.Contains(said, "--ca") || strings.Count(said, "\n") != 1 {
		t.Errorf("an unknown authority: %q", said)
	}
	command(t, 0, "sync", "--once", "--data", data, "--server", address, "--code", code, "--ca", ca)
	if err := os.Remove(ca); err != nil {
		t.Fatal(err)
	}
	command(t, 0, "sync", "--once", "--data", data)
	command(t, 1, "sync", "--once", "--data", data, "--ca", "")
}

func TestWrongWayIsNotKept(t *testing.T) {
	server, data := newSecureServer(t), t.TempDir()
	address, ca, code := server.address, server.ca, server.code(t)
	for flag, value := range map[string]string{"--ca": os.Args[0], "--proxy": "no proxy"} {
		command(t, 1, "sync", "--once", "--data", data, "--server", address, "--code", code, flag, value)
	}
	command(t, 1, "sync", "--once", "--data", data, "--server", address, "--code", code, "--ca", filepath.Join(data, "absent.pem"))
	_, said := command(t, 1, "sync", "--once", "--data", data, "--server", "http://central.test", "--code", code)
	if !strings.Contains(said, "https://") {
		t.Errorf("plain HTTP: %q", said)
	}
	command(t, 0, "sync", "--once", "--data", data, "--server", address, "--code", code, "--ca", ca)
}
