package main

import (
	"io"
	"log"
	"os"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"
)

// openLog has what the toolkit complains of, and the little we note, written into the
// data folder as well, where a program started from a menu has no terminal: five
// megabytes, and five files of before. Codes of errors may go into it, and nothing
// anybody wrote.
func openLog(data string) io.Closer {
	file := &lumberjack.Logger{Filename: filepath.Join(data, "otklik.log"), MaxSize: 5, MaxBackups: 5}
	log.SetOutput(io.MultiWriter(os.Stderr, file))
	return logFile{file}
}

type logFile struct{ io.Closer }

// Close gives the log back to the terminal.
func (f logFile) Close() error {
	log.SetOutput(os.Stderr)
	return f.Closer.Close()
}
