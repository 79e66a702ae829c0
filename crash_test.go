package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"otklik/assets"
)

// crashes are the ways a program ends badly, and what the file must tell of each.
var crashes = map[string]struct {
	end  func()
	tell string
}{
	"words": {func() {
		panic("Секретная, 5\ngoroutine 7 [running]:\nmain.secret(0x1)\n\t/Secret street.go:5 +0x1")
	}, "panic"},
	"error":     {func() { panic(errors.New("Секретная, 5")) }, "panic"},
	"goroutine": {func() { go panic("Секретная, 5"); select {} }, "panic"},
	"index": {func() {
		text := []string{"Секретная, 5"}
		_ = text[len(text)+1]
	}, "index out of range"},
	"map": {func() {
		m := map[string]string{}
		for range 8 {
			go func() {
				for {
					m["Секретная, 5"] = "Секретная, 5"
				}
			}()
		}
		select {}
	}, "maps.fatal"},
	"repanic": {func() {
		defer func() { panic(recover()) }()
		panic("Секретная, 5")
	}, "panic"},
}

// TestPlantedWordsInCrashes has the program itself end badly, and looks at what
// the next start makes of it.
func TestPlantedWordsInCrashes(t *testing.T) {
	if way := os.Getenv("OTKLIK_CRASH"); way != "" {
		if _, err := watchCrashes(os.Getenv("OTKLIK_CRASH_DATA")); err != nil {
			t.Fatal(err)
		}
		crashes[way].end()
		return
	}
	for way, want := range crashes {
		t.Run(way, func(t *testing.T) {
			data := t.TempDir()
			again := exec.Command(os.Args[0], "-test.run=^TestPlantedWordsInCrashes$")
			again.Env = append(os.Environ(), "OTKLIK_CRASH="+way, "OTKLIK_CRASH_DATA="+data, "GORACE=halt_on_error=0")
			if err := again.Run(); err == nil {
				t.Fatal("it ended well")
			}
			if raw, _ := os.ReadFile(filepath.Join(data, rawCrash)); len(raw) == 0 {
				t.Fatal("the runtime has written nothing")
			}
			report, err := watchCrashes(data)
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(report)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{"otklik " + assets.Version, "goroutine ", "crash_test.go:", want.tell} {
				if !strings.Contains(string(text), part) {
					t.Errorf("nothing of %q in\n%s", part, text)
				}
			}
			if low := strings.ToLower(string(text)); strings.Contains(low, "секрет") || strings.Contains(low, "secret") {
				t.Errorf("quotes the panic:\n%s", text)
			}
			if raw, err := os.ReadFile(filepath.Join(data, rawCrash)); err != nil || len(raw) > 0 {
				t.Errorf("%d bytes are left of what the runtime wrote, %v", len(raw), err)
			}
			if report, err := watchCrashes(data); report != "" || err != nil {
				t.Errorf("told twice: %q, %v", report, err)
			}
		})
	}
}

// TestPlantedWordsInCrashesOfCommands has a command that needs no window end badly in
// the middle of its work, and reads what the next command says of it.
func TestPlantedWordsInCrashesOfCommands(t *testing.T) {
	if data := os.Getenv("OTKLIK_CRASH_COMMAND"); data != "" {
		commands["fall"] = func(_ context.Context, in *invocation) error {
			if _, err := openStation(in); err != nil {
				return err
			}
			go panic("Секретная, 5")
			select {}
		}
		run([]string{"fall", "--data", data}, os.Stdout, os.Stderr)
		return
	}
	data := t.TempDir()
	again := exec.Command(os.Args[0], "-test.run=^TestPlantedWordsInCrashesOfCommands$")
	again.Env = append(os.Environ(), "OTKLIK_CRASH_COMMAND="+data)
	if err := again.Run(); err == nil {
		t.Fatal("it ended well")
	}
	// The other process had a key store of its own, so its database stays shut here.
	left := filepath.Join(data, rawCrash)
	data = t.TempDir()
	if err := os.Rename(left, filepath.Join(data, rawCrash)); err != nil {
		t.Fatal(err)
	}
	_, said := command(t, 0, "imports", "--data", data)
	found, err := filepath.Glob(filepath.Join(data, "crash-*.txt"))
	if err != nil || len(found) != 1 || !strings.Contains(said, found[0]) {
		t.Fatalf("files %q, %v; said %q", found, err, said)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "crash_test.go:") || strings.Contains(string(text), "Секрет") {
		t.Errorf("the file holds\n%s", text)
	}
	if _, said := command(t, 0, "imports", "--data", data); said != "" {
		t.Errorf("told twice: %q", said)
	}
}
