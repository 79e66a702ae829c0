package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"otklik/app"
	"otklik/assets"
	"otklik/store"
)

// TestMain keeps the tests out of the keyring and the settings of whoever runs
// them.
func TestMain(m *testing.M) {
	keyring.MockInit()
	dir, err := os.MkdirTemp("", "otklik")
	err = errors.Join(err, os.Setenv("XDG_CONFIG_HOME", dir), os.Setenv("DBUS_SESSION_BUS_ADDRESS", ""), os.Setenv("XDG_RUNTIME_DIR", ""))
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// withStation opens the data folder as the commands do.
func withStation(t *testing.T, data string, f func(*station)) {
	t.Helper()
	st, err := openStation(&invocation{data: data, text: assets.Load("ru"), out: io.Discard, errOut: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	f(st)
	if err := st.close(); err != nil {
		t.Fatal(err)
	}
}

// enrolled is a data folder whose workstation has exchanged once.
func enrolled(t *testing.T) (data string) {
	t.Helper()
	server := newSecureServer(t)
	data = t.TempDir()
	command(t, 0, "sync", "--once", "--data", data, "--server", server.address, "--code", server.code(t), "--ca", server.ca)
	return data
}

func TestKeyIsNotInTheDatabase(t *testing.T) {
	data := enrolled(t)
	withStation(t, data, func(st *station) {
		device, known, err := st.store.Device()
		if err != nil || !known || device.Key != nil {
			t.Errorf("%v %v", known, err)
		}
		key, err := st.key(device)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(st.store.Path())
		if err != nil || bytes.Contains(raw, []byte(base64.StdEncoding.EncodeToString(key))) || bytes.Contains(raw, key.Seed()) {
			t.Errorf("the key is in the file (%v)", err)
		}
	})
}

// TestKeyMovesOutOfAnEarlierFile: the file is as the first version left it, also
// when the move was cut off between its two steps.
func TestKeyMovesOutOfAnEarlierFile(t *testing.T) {
	for _, cutOff := range []bool{false, true} {
		data := enrolled(t)
		var earlier store.Device
		withStation(t, data, func(st *station) {
			device, _, err := st.store.Device()
			if err != nil {
				t.Fatal(err)
			}
			if device.Key, err = st.key(device); err != nil {
				t.Fatal(err)
			}
			earlier = device
			if err := st.store.SaveDevice(earlier); err != nil {
				t.Fatal(err)
			}
		})
		if !cutOff { // the keeper does not have it yet
			if err := os.Remove(filepath.Join(data, earlier.ID+".key")); err != nil {
				t.Fatal(err)
			}
		}
		command(t, 0, "sync", "--once", "--data", data)
		raw, err := os.ReadFile(filepath.Join(data, "otklik.db"))
		if err != nil || bytes.Contains(raw, []byte(base64.StdEncoding.EncodeToString(earlier.Key))) {
			t.Errorf("cut off %v: the key is still in the file (%v)", cutOff, err)
		}
		command(t, 0, "sync", "--once", "--data", data)
		command(t, 0, "check", "--data", data)
	}
}

func TestCopiedFolderIsToldToEnrolAgain(t *testing.T) {
	server, data := newSecureServer(t), t.TempDir()
	command(t, 0, "sync", "--once", "--data", data, "--server", server.address, "--code", server.code(t), "--ca", server.ca)
	passphrase := filepath.Join(t.TempDir(), "passphrase.txt")
	if err := os.WriteFile(passphrase, []byte("верный пароль"), 0o600); err != nil {
		t.Fatal(err)
	}
	withStation(t, data, func(st *station) {
		if err := st.vault.Change("", "верный пароль"); err != nil {
			t.Fatal(err)
		}
	})
	t.Setenv("XDG_CONFIG_HOME", t.TempDir()) // another computer
	opened := func(f func(*station)) {
		t.Helper()
		in := &invocation{data: data, passphraseFile: passphrase, text: assets.Load("ru"), out: io.Discard, errOut: io.Discard}
		st, err := openStation(in)
		if err != nil {
			t.Fatal(err)
		}
		f(st)
		if err := st.close(); err != nil {
			t.Fatal(err)
		}
	}
	pending := func() (n int) {
		opened(func(st *station) {
			w, err := st.store.Waiting()
			if err != nil {
				t.Fatal(err)
			}
			n = w.Pending
		})
		return n
	}
	opened(func(st *station) {
		_, err := st.desk.Create(app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: "Яма", Group: "Дороги", Municipality: "г. Чебоксары"})
		if err != nil {
			t.Fatal(err)
		}
	})
	_, said := command(t, 1, "sync", "--once", "--data", data, "--passphrase-file", passphrase)
	if !strings.Contains(said, "--code") || strings.Count(said, "\n") != 1 {
		t.Errorf("said %q", said)
	}
	if n := pending(); n != 1 {
		t.Errorf("%d operations wait, want 1", n)
	}
	command(t, 0, "sync", "--once", "--data", data, "--code", server.code(t), "--passphrase-file", passphrase)
	if n := pending(); n != 0 {
		t.Errorf("%d operations wait after enrolling again", n)
	}
}

// TestCopiedFolderAloneIsUnreadable: what the keyring wraps opens where it was made.
func TestCopiedFolderAloneIsUnreadable(t *testing.T) {
	data := t.TempDir()
	withStation(t, data, func(*station) {})
	t.Setenv("XDG_CONFIG_HOME", t.TempDir()) // another computer
	_, said := command(t, 1, "stats", "--data", data)
	if !strings.Contains(said, "только на той рабочей станции") || strings.Count(said, "\n") != 1 {
		t.Errorf("said %q", said)
	}
}

func TestHeadlessConnects(t *testing.T) {
	data := enrolled(t)
	withStation(t, data, func(st *station) {
		if _, err := st.connect(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
