package e2e

import (
	"bytes"
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
// Words in capitals stand for what each reader has of his own.
var guides = []string{"municipality", "manager"}

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
	return &reader{
		folder: folder,
		words:  strings.NewReplacer("АДРЕС", server.url(), "КОД", server.code("Оператор 2")),
	}
}

func (r *reader) run(t *testing.T, commands string) {
	t.Helper()
	shell := exec.Command("bash", "-euo", "pipefail", "-c", r.words.Replace(commands))
	shell.Dir = r.folder
	shell.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "HOME="+r.folder, "XDG_CONFIG_HOME="+r.folder,
		"LANG=C.UTF-8", "DISPLAY=", "WAYLAND_DISPLAY=")
	var out bytes.Buffer
	shell.Stdout, shell.Stderr = &out, &out
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what it leaves running ends with it
	err := shell.Run()
	_ = syscall.Kill(-shell.Process.Pid, syscall.SIGKILL)
	if err != nil {
		t.Errorf("%s%v\n%s", commands, err, out.String())
	}
}
