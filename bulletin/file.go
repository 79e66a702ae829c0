package bulletin

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"otklik/app"
	"otklik/disk"
	"otklik/report"
)

// WriteFile writes the document to the file, which is there whole or not at all; anyone
// may read it whom the folder lets in. A file that is there already is replaced where
// that is asked for. Errors: CodeFileExists, CodeNoFolder, CodeDiskFull.
func WriteFile(path string, d *report.Document, f Format, replace bool) error {
	var whole bytes.Buffer
	if err := Write(&whole, d, f); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil && !replace {
		return app.Fail(app.CodeFileExists, path)
	}
	return failure(path, disk.Publish(path, whole.Bytes()))
}

// failure says in words what stood in the way of writing the file.
func failure(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return app.Fail(app.CodeDiskFull, path).Because(err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return app.Fail(app.CodeReportFolder, filepath.Dir(path)).Because(err)
	}
	return app.Fail(app.CodeReportFile, path).Because(err)
}
