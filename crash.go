package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"time"

	"otklik/app"
	"otklik/assets"
)

// rawCrash is where the runtime itself writes of a crash, whichever goroutine it
// happened in and whether or not a panic was the cause. It quotes what the panic
// said, which may be an appeal, so it is open to nobody else and is made into a
// crash-*.txt without those words at the next start.
const rawCrash = "otklik.crash"

// watchCrashes has the runtime tell of a crash in the data folder, and gives the
// path of what it has told of the program before, "" where that ended well.
func watchCrashes(data string) (report string, err error) {
	path := filepath.Join(data, rawCrash)
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", app.Fail(app.CodeNoFolder, data).Because(err)
	}
	if len(raw) > 0 {
		report = filepath.Join(data, "crash-"+time.Now().UTC().Format("20060102-150405")+".txt")
		text := fmt.Appendf(nil, "otklik %s\n%s", assets.Built(), withoutWords(raw))
		if err := os.WriteFile(report, text, 0o600); err != nil {
			return "", app.Fail(app.CodeNoFolder, data).Because(err)
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", app.Fail(app.CodeNoFolder, data).Because(err)
	}
	defer f.Close() // the runtime keeps a handle of its own
	return report, debug.SetCrashOutput(f, debug.CrashOptions{})
}

// traceLine is a line of a trace: what the runtime says by itself, never what a
// panic was given. The words of a panic begin in a line with «panic: », and the
// runtime indents the lines after it by a tab.
var traceLine = regexp.MustCompile(`^(goroutine \d+ .*\[[a-zA-Z ,.()\d]+\]:|` +
	`[\w./*()\[\]{}·~%-]+\([0-9a-fx, .{}_?+]*\)|created by [\w./*()\[\]·~%-]+( in goroutine \d+)?|` +
	`\t[^\t]*\.(go|s):\d+( \+0x[0-9a-f]+)?( fp=0x[0-9a-f]+ sp=0x[0-9a-f]+ pc=0x[0-9a-f]+)?|` +
	`\[signal [^\]]*\]|` +
	`(panic: |\tpanic: )?runtime error: (invalid memory address or nil pointer dereference|integer divide by zero|(index|slice bounds) out of range [\[\]\d:a-z ]+))( \[recovered(, repanicked)?\])?$`)

// header is the first line of a trace; before it stand the words of the panic.
var header = regexp.MustCompile(`^goroutine \d+ `)

// withoutWords leaves of what the runtime wrote the lines that are a trace.
func withoutWords(raw []byte) []byte {
	var out []byte
	traced := false
	for line := range bytes.Lines(raw) {
		line = bytes.TrimRight(line, "\r\n")
		traced = traced || header.Match(line)
		// A file and a line may stand in the words of a panic as well.
		indented := bytes.HasPrefix(line, []byte("\t"))
		if traceLine.Match(line) && (traced || !indented) {
			out = append(append(out, line...), '\n')
		} else if bytes.HasPrefix(line, []byte("panic: ")) {
			out = append(out, "panic\n"...)
		}
	}
	return out
}
