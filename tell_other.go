//go:build !windows

package main

import (
	"os"
	"os/exec"

	"golang.org/x/term"
)

// tellPerson shows a sentence to somebody who has no terminal, where the desktop
// has a program for it.
func tellPerson(sentence string) {
	if term.IsTerminal(int(os.Stderr.Fd())) {
		return // it is there already
	}
	for _, say := range [][]string{{"zenity", "--error", "--no-markup", "--text", sentence}, {"xmessage", sentence}} {
		if path, err := exec.LookPath(say[0]); err == nil {
			_ = exec.Command(path, say[1:]...).Start() // it outlives us
			return
		}
	}
}
