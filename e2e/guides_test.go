package e2e

import (
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// guides are the pages people work by. Their blocks marked sh are run as they stand,
// in order, in an empty folder: a command that is not as the program has it fails here.
// Words in capitals stand for what each reader has of his own. What make is asked for it
// only has to know how to do: CI does it.
var guides = []string{"municipality", "manager", "administrator", "developer"}

var block = regexp.MustCompile("(?ms)^\\s*```sh\n(.*?)```")

func TestTheCommandsOfTheGuidesRun(t *testing.T) {
	for _, name := range guides {
		t.Run(name, func(t *testing.T) {
			page, err := os.ReadFile(filepath.Join("..", "docs", name+".ru.md"))
			if err != nil {
				t.Fatal(err)
			}
			blocks := block.FindAllStringSubmatch(string(page), -1)
			if len(blocks) == 0 {
				t.Fatal("the page has no command")
			}
			reader := newReader(t)
			if name == "developer" { // who works where the source is
				reader.folder = ".."
			}
			for _, b := range blocks {
				reader.run(t, b[1])
			}
		})
	}
}

// reader is somebody who works by a guide: a home of his own with a table to import, and
// a server to reach.
type reader struct {
	folder string
	tools  string // found before those of the machine
	words  *strings.Replacer
}

func newReader(t *testing.T) *reader {
	t.Helper()
	server := newCentral(t)
	server.start()
	folder := filepath.Dir(table(t, 1, 3))
	if err := os.Rename(filepath.Join(folder, "appeals.csv"), filepath.Join(folder, "выгрузка.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "перечень.csv"), []byte("Служба первая\nСлужба вторая\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tools := t.TempDir()
	if err := os.WriteFile(filepath.Join(tools, "make"), []byte("#!/bin/sh\nexec /usr/bin/make --dry-run \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return &reader{
		folder: folder,
		tools:  tools,
		words: strings.NewReplacer(
			"АДРЕС-СЕРВЕРА", newCentral(t).address, "ПАПКА-СЕРВЕРА", t.TempDir(), "ПАПКА-МЕСТА", t.TempDir(), "ЛЮБОЕ-СЛОВО", rand.Text(),
			"АДРЕС", server.url(), "КОД", server.code("Оператор 2"),
		),
	}
}

func (r *reader) run(t *testing.T, commands string) {
	t.Helper()
	shell := exec.Command("bash", "-euo", "pipefail", "-c", r.words.Replace(commands))
	shell.Dir = r.folder
	shell.Env = append(os.Environ(), "PATH="+strings.Join([]string{r.tools, bin, os.Getenv("PATH")}, ":"), "XDG_CONFIG_HOME="+r.tools,
		"LANG=C.UTF-8", "DISPLAY=", "WAYLAND_DISPLAY=")
	out, err := os.Create(filepath.Join(t.TempDir(), "output")) // a file: nobody waits for what stays in the background
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	shell.Stdout, shell.Stderr = out, out
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what it leaves running ends with the page
	err = shell.Run()
	t.Cleanup(func() { _ = syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) })
	if err != nil {
		said, _ := os.ReadFile(out.Name())
		t.Errorf("%s%v\n%s", commands, err, said)
	}
}
