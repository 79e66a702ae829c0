package main

import (
	"os"
	"path/filepath"

	"otklik/app"
)

// portableMark beside the program says that its data stays beside it, too.
const portableMark = "portable.txt"

// usualFolder is where data is kept when nobody names a folder: beside a portable
// program, otherwise in the user's configuration folder.
func usualFolder() (string, error) {
	if program, err := os.Executable(); err == nil {
		if folder, ok := besidePortable(program); ok {
			return folder, nil
		}
	}
	home, err := os.UserConfigDir()
	if err != nil {
		return "", app.Fail(app.CodeNoFolder, "~").Because(err)
	}
	return filepath.Join(home, "otklik"), nil
}

// besidePortable is the data folder of a portable program.
func besidePortable(program string) (folder string, ok bool) {
	dir := filepath.Dir(program)
	_, err := os.Stat(filepath.Join(dir, portableMark))
	return filepath.Join(dir, "data"), err == nil
}
