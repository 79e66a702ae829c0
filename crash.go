package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"otklik/assets"
)

// noteCrash is deferred where a goroutine begins: it leaves the stack in the
// data folder and lets the panic go on. The panic's own words are left out,
// since they may quote an appeal.
func noteCrash(dir string) {
	r := recover()
	if r == nil {
		return
	}
	name := filepath.Join(dir, "crash-"+time.Now().UTC().Format("20060102-150405")+".txt")
	text := fmt.Sprintf("otklik %s\n%T\n\n%s", assets.Built(), r, debug.Stack())
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	panic(r)
}
